"""Topics, their keys and their subscribers: what is refused, what is said, and what is planned."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sestui.domain.configset.policies import topic_statement
from sestui.domain.destinations.facts import Existing, Key, Queue, Subscription, Topic
from sestui.domain.destinations.form import DestinationForm, advise, judge, plan, policy_edits
from sestui.domain.destinations.keys import key_statement
from sestui.domain.destinations.place import Place
from sestui.domain.destinations.subscriptions import Subscriber, subscription_advice
from sestui.domain.destinations.topics import Encryption, TopicForm
from sestui.domain.resource_policy import SES

PLACE = Place("eu-west-1", "123456789012")
ARN = "arn:aws:sns:eu-west-1:123456789012:ses-events"
SET = "arn:aws:ses:eu-west-1:123456789012:configuration-set/mine"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:bounces"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"
MINE = {
    "Sid": "somebody",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
    "Action": "sns:Subscribe",
    "Resource": ARN,
}
POLICY = {"Version": "2012-10-17", "Id": "mine", "Statement": MINE}
OPEN = {
    "Version": "2012-10-17",
    "Statement": [topic_statement(ARN, PLACE.account, SET)],
}
OWNER = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    "Action": "kms:*",
    "Resource": "*",
}
CLOSED_KEY = Key(KEY, managed_by_aws=False, policy={"Id": "key", "Statement": [OWNER]})
OPEN_KEY = replace(CLOSED_KEY, policy={"Statement": [OWNER, key_statement()]})
AWS_KEY = Key("arn:aws:kms:eu-west-1:123456789012:key/aws", managed_by_aws=True)


def form(**topic) -> DestinationForm:
    return DestinationForm("mine", topic=TopicForm(**topic))


def operations(made, existing) -> list[str]:
    return [f"{call.service}:{call.operation}" for call in plan(made, PLACE, existing)]


# The topic


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("ses-events", ""),
        (ARN, ""),
        ("ses-events.fifo", "FIFO"),
        (ARN + ".fifo", "FIFO"),
        ("", "cannot be its name"),
        ("my topic", "cannot be its name"),
        (ARN.replace("eu-west-1", "us-east-1"), "arn:aws:sns:eu-west-1"),
        (QUEUE, "arn:aws:sns"),
    ],
)
def test_a_topic_as_typed(typed, problem):
    found = judge(form(topic=typed), PLACE)
    assert (problem in found["topic"]) if problem else "topic" not in found


def test_a_new_topic_is_made_open_and_as_sns_would_make_it():
    (call,) = plan(form(topic="new"), PLACE, Existing())
    assert (call.operation, call.parameters["Name"]) == ("CreateTopic", "new")
    policy = json.loads(call.parameters["Attributes"]["Policy"])
    assert [s["Sid"] for s in policy["Statement"]] == ["__default_statement_ID", "sestui-mine"]
    condition = policy["Statement"][1]["Condition"]["StringEquals"]
    assert condition == {"AWS:SourceAccount": PLACE.account, "AWS:SourceArn": SET}
    assert "KmsMasterKeyId" not in call.parameters["Attributes"]


def test_nothing_of_the_policy_is_lost_and_the_difference_can_be_seen():
    (edit,) = policy_edits(form(), PLACE, Existing(Topic(ARN, POLICY)))
    assert edit.after["Id"] == "mine"
    assert edit.after["Statement"][0] == MINE
    assert edit.before == POLICY
    assert json.loads(edit.call.parameters["AttributeValue"]) == edit.after
    added = "".join(line for mark, line in edit.lines if mark == "+")
    assert SES in added
    assert SET in added
    assert "210987654321" not in added


@pytest.mark.parametrize("arns", [SET, [SET, SET + "-2"], SET.replace("mine", "*")])
def test_a_topic_that_lets_ses_in_already_is_left_alone(arns):
    statement = topic_statement(ARN, PLACE.account, SET)
    operator = "StringLike" if "*" in arns else "StringEquals"
    statement["Condition"] = {operator: {"aws:SourceArn": arns}}
    assert operations(form(), Existing(Topic(ARN, {"Statement": statement}))) == []


def test_a_second_set_gets_a_statement_of_its_own():
    other = topic_statement(ARN, PLACE.account, SET.replace("mine", "other"))
    (edit,) = policy_edits(form(), PLACE, Existing(Topic(ARN, {"Statement": [other]})))
    assert edit.after["Statement"] == [other, topic_statement(ARN, PLACE.account, SET)]


def test_a_deny_is_told_since_no_statement_helps():
    deny = {**MINE, "Effect": "Deny", "Principal": "*", "Action": "sns:*"}
    existing = Existing(Topic(ARN, {"Statement": deny}))
    assert "outright" in advise(form(), PLACE, existing)["topic"]
    assert operations(form(), existing) == []


def test_a_topic_that_may_not_be_read_is_not_made_again():
    assert operations(form(), Existing(unread=("topic",))) == []
    assert "could not be read" in advise(form(), PLACE, Existing(unread=("topic",)))["topic"]


# The key


@pytest.mark.parametrize(
    ("kms_key", "key", "problem", "made"),
    [
        ("", None, "", []),
        ("alias/aws/sns", AWS_KEY, "alias/aws/sns", None),
        ("alias/aws/sns", None, "alias/aws/sns", None),
        ("alias/mine", None, "no key alias/mine", None),
        ("alias/mine", replace(CLOSED_KEY, enabled=False), "disabled", None),
        ("alias/mine", CLOSED_KEY, "", ["kms:PutKeyPolicy"]),
        ("alias/mine", OPEN_KEY, "", []),
        ("alias/mine", replace(OPEN_KEY, policy=None), "", []),
        ("alias/mine", replace(CLOSED_KEY, arn=KEY.replace("123456789012", "2")), "owner", None),
    ],
)
def test_the_key_a_topic_has(kms_key, key, problem, made):
    existing = Existing(Topic(ARN, OPEN, kms_key), key=key)
    found = judge(form(), PLACE, existing).get("encryption", "")
    assert (problem in found) if problem else not found
    if made is not None:
        assert operations(form(), existing) == made


def test_the_policy_of_a_key_is_added_to():
    (edit,) = policy_edits(form(), PLACE, Existing(Topic(ARN, OPEN, KEY), key=CLOSED_KEY))
    assert edit.after == {
        "Version": "2012-10-17",
        "Id": "key",
        "Statement": [OWNER, key_statement()],
    }
    assert edit.call.parameters["KeyId"] == KEY
    assert edit.call.parameters["PolicyName"] == "default"


def test_out_of_the_key_that_cannot_work():
    managed = Existing(Topic(ARN, OPEN, "alias/aws/sns"), key=AWS_KEY)
    assert judge(form(), PLACE, managed)
    # No key: the topic loses it.
    plain = form(encryption=Encryption.NONE)
    assert judge(plain, PLACE, replace(managed, key=None)) == {}
    (call,) = plan(plain, PLACE, replace(managed, key=None))
    assert call.parameters["AttributeName"] == "KmsMasterKeyId"
    assert call.parameters["AttributeValue"] == ""
    # A key of one's own: SES is let in first.
    own = form(encryption=Encryption.KEY, key="alias/mine")
    existing = replace(managed, key=CLOSED_KEY)
    assert judge(own, PLACE, existing) == {}
    assert operations(own, existing) == ["kms:PutKeyPolicy", "sns:SetTopicAttributes"]
    # Another topic, without any.
    assert judge(form(topic="other"), PLACE, Existing()) == {}


def test_a_new_topic_with_a_key():
    made = form(topic="new", encryption=Encryption.KEY, key=" alias/mine ")
    calls = plan(made, PLACE, Existing(key=OPEN_KEY))
    assert calls[0].parameters["Attributes"]["KmsMasterKeyId"] == "alias/mine"
    assert "key" in judge(form(encryption=Encryption.KEY), PLACE)
    assert (
        "alias/aws/sns"
        in judge(form(encryption=Encryption.KEY, key="alias/aws/sns"), PLACE, Existing())["key"]
    )


def test_what_a_key_that_may_not_be_read_must_have_is_said():
    existing = Existing(Topic(ARN, OPEN, "alias/mine"), unread=("key",))
    assert judge(form(), PLACE, existing) == {}
    assert "kms:GenerateDataKey*" in advise(form(), PLACE, existing)["encryption"]


# Subscribers


@pytest.mark.parametrize(
    ("subscriber", "field"),
    [
        (Subscriber("ops@example.com"), ""),
        (Subscriber("https://example.com/hook", raw=True), ""),
        (Subscriber(QUEUE, raw=True, filter_policy='{"eventType": ["Bounce"]}'), ""),
        (Subscriber("arn:aws:lambda:eu-west-1:123456789012:function:f"), ""),
        (Subscriber(""), "endpoint"),
        (Subscriber("nobody"), "endpoint"),
        (Subscriber("ftp://example.com"), "endpoint"),
        (Subscriber(QUEUE + ".fifo"), "endpoint"),
        (Subscriber("arn:aws:sqs:eu-west-1"), "endpoint"),
        (Subscriber("arn:aws:lambda:us-east-1:123456789012:function:f"), "endpoint"),
        (Subscriber("arn:aws:s3:::bucket"), "endpoint"),
        (Subscriber("ops@example.com", raw=True), "raw"),
        (Subscriber(QUEUE, filter_policy="{"), "filter_policy"),
        (Subscriber(QUEUE, filter_policy="[]"), "filter_policy"),
        (Subscriber(QUEUE, filter_policy='{"eventType": "Bounce"}'), "filter_policy"),
    ],
)
def test_a_subscriber_as_typed(subscriber, field):
    found = judge(form(add=(subscriber,)), PLACE)
    assert list(found) == ([f"add.0.{field}"] if field else [])


def test_a_queue_lets_the_topic_in_before_it_is_subscribed():
    theirs = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sqs:ReceiveMessage",
        "Resource": QUEUE,
    }
    queue = Queue(QUEUE, "https://sqs/q", {"Statement": [theirs]})
    made = form(add=(Subscriber(QUEUE, raw=True),))
    existing = Existing(Topic(ARN, OPEN), queues={QUEUE: queue})
    opened, subscribed = plan(made, PLACE, existing)
    assert opened.parameters["QueueUrl"] == "https://sqs/q"
    policy = json.loads(opened.parameters["Attributes"]["Policy"])
    assert policy["Statement"][0] == theirs
    assert policy["Statement"][1]["Condition"] == {"ArnEquals": {"aws:SourceArn": ARN}}
    assert subscribed.parameters["Attributes"] == {"RawMessageDelivery": "true"}
    # Once it does, nothing more.
    again = replace(existing, queues={QUEUE: replace(queue, policy=policy)})
    assert operations(made, again) == ["sns:Subscribe"]


@pytest.mark.parametrize(
    ("endpoint", "queues", "said"),
    [
        (QUEUE, {}, "no such queue"),
        (QUEUE.replace("123456789012", "2"), {}, "owner"),
        (QUEUE, {QUEUE: Queue(QUEUE, "u", kms_key="alias/aws/sqs")}, "alias/aws/sqs"),
        ("http://example.com", {}, "Unencrypted"),
    ],
)
def test_what_is_said_of_a_subscriber(endpoint, queues, said):
    made = form(add=(Subscriber(endpoint),))
    existing = Existing(Topic(ARN, OPEN), queues=queues)
    assert said in advise(made, PLACE, existing)["add.0.endpoint"]


def test_a_filter_looks_at_the_body_where_the_event_is():
    made = form(add=(Subscriber(QUEUE, filter_policy='{"eventType": ["Bounce"]}'),))
    (call,) = plan(made, PLACE, Existing(Topic(ARN, OPEN)))
    assert call.parameters["Attributes"] == {
        "FilterPolicyScope": "MessageBody",
        "FilterPolicy": '{"eventType": ["Bounce"]}',
    }


def test_a_function_is_told_who_may_call_it():
    function = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    allow, _subscribe = plan(form(add=(Subscriber(function),)), PLACE, Existing(Topic(ARN, OPEN)))
    assert (allow.service, allow.operation) == ("lambda", "AddPermission")
    assert allow.parameters["SourceArn"] == ARN


CONFIRMED = Subscription("sqs", QUEUE, ARN + ":1")
PENDING = Subscription("email", "ops@example.com")


def test_what_is_done_with_subscriptions_that_are_there():
    existing = Existing(Topic(ARN, OPEN), (CONFIRMED, PENDING))
    gone = plan(form(remove=(ARN + ":1", ARN + ":unknown")), PLACE, existing)
    assert [(c.operation, c.parameters) for c in gone] == [
        ("Unsubscribe", {"SubscriptionArn": ARN + ":1"})
    ]
    # To ask again is to subscribe again; who has confirmed is not asked.
    again = plan(form(again=("ops@example.com", QUEUE)), PLACE, existing)
    assert [c.parameters["Endpoint"] for c in again] == ["ops@example.com"]
    # Nobody is subscribed twice.
    assert operations(form(add=(Subscriber("ops@example.com"),)), existing) == []


BOUNCES = '{"eventType": ["Bounce"]}'


@pytest.mark.parametrize(
    ("there", "typed", "names"),
    [
        (CONFIRMED, Subscriber(QUEUE), []),
        (CONFIRMED, Subscriber(QUEUE, raw=True), ["RawMessageDelivery"]),
        (
            CONFIRMED,
            Subscriber(QUEUE, filter_policy=BOUNCES),
            ["FilterPolicyScope", "FilterPolicy"],
        ),
        (
            replace(CONFIRMED, filter_policy=BOUNCES),
            Subscriber(QUEUE, filter_policy=BOUNCES),
            ["FilterPolicy", "FilterPolicyScope", "FilterPolicy"],
        ),
        (
            replace(CONFIRMED, filter_policy=BOUNCES, filter_scope="MessageBody"),
            Subscriber(QUEUE, filter_policy='{ "eventType":["Bounce"] }'),
            [],
        ),
        (
            replace(CONFIRMED, filter_policy=BOUNCES, filter_scope="MessageBody"),
            Subscriber(QUEUE),
            ["FilterPolicy"],
        ),
    ],
)
def test_only_what_differs_in_a_subscription_is_sent(there, typed, names):
    calls = plan(form(change=((there.arn, typed),)), PLACE, Existing(Topic(ARN, OPEN), (there,)))
    assert [call.parameters["AttributeName"] for call in calls] == names


@pytest.mark.parametrize(
    ("subscription", "said"),
    [
        (CONFIRMED, ""),
        (PENDING, "link in the mail"),
        (replace(PENDING, protocol="https"), "SubscribeURL"),
        (replace(PENDING, protocol="sqs"), "owner"),
        (replace(CONFIRMED, filter_policy=BOUNCES), "nothing gets through"),
        (replace(CONFIRMED, filter_policy=BOUNCES, filter_scope="MessageBody"), ""),
    ],
)
def test_what_keeps_a_subscription_from_getting_events(subscription, said):
    found = subscription_advice(subscription)
    assert (said in found) if said else not found
