"""The hops from what was read: each thing that can be wrong, and what is said of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sestui.domain.configset import (
    DEFAULT_EVENTS,
    ConfigurationSet,
    Destination,
    DestinationKind,
    EventType,
    set_arn,
    topic_statement,
)
from sestui.domain.destinations.facts import Key, Queue, Stream, Subscription, Topic
from sestui.domain.destinations.keys import key_statement
from sestui.domain.errors import Problem, Trouble
from sestui.domain.identity import Identity, IdentityKind, Status
from sestui.domain.mail.form import Scenario
from sestui.domain.prove import (
    Hop,
    HopKind,
    Leftover,
    Phase,
    Proof,
    ProofMail,
    Question,
    Sort,
    State,
    arrival,
    removal_plan,
)
from sestui.domain.prove.diagnose import diagnose, routes
from sestui.domain.prove.model import stamped
from sestui.domain.prove.plan import is_temporary, setup_plan
from sestui.domain.prove.scene import Scene, TopicView
from tests.domain.events.samples import bounce

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
REGION, ACCOUNT = "eu-west-1", "123456789012"
NAME = "production-emails"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:ses-events"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:mine"
LETS_SES = topic_statement(TOPIC, ACCOUNT, set_arn(REGION, ACCOUNT, NAME))
DENIED = Problem("You may not read this.", "Add the statement.", Trouble.DENIED, policy="{}")
DESTINATION = Destination("events", DestinationKind.SNS, DEFAULT_EVENTS, TOPIC)
IDENTITY = Identity("example.com", IdentityKind.DOMAIN, Status.SUCCESS, True)
QUESTION = Question(NAME, "k7f3c2", "hello@example.com")
MINE = Subscription("sqs", QUEUE, f"{TOPIC}:1")


def scene(*destinations: Destination, topic: TopicView | Problem | None = None, **more) -> Scene:
    found = ConfigurationSet(NAME, destinations=destinations or (DESTINATION,))
    plain = {
        "region": REGION,
        "account": ACCOUNT,
        "set_name": NAME,
        "configuration_set": found,
        "sender": "hello@example.com",
        "identity": IDENTITY,
        "default_set": NAME,
        "topics": {TOPIC: topic},
    }
    return Scene(**{**plain, **more})


def view(*subscriptions: Subscription, statements=(LETS_SES,), kms_key="", key=None) -> TopicView:
    topic = Topic(TOPIC, {"Statement": list(statements)}, kms_key)
    return TopicView(topic, key, subscriptions or (MINE,))


def hops(found: Scene, kind: HopKind, question: Question = QUESTION) -> list[Hop]:
    return [hop for hop in diagnose(found, question) if hop.kind is kind]


def only(found: Scene, kind: HopKind, question: Question = QUESTION) -> Hop:
    (hop,) = hops(found, kind, question)
    return hop


# The set and the identity


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("", {}),
        ("no_sender", {"identity": None}),
        ("not_verified", {"identity": replace(IDENTITY, verified=False)}),
        ("set_not_used", {"default_set": ""}),
        ("set_not_used", {"default_set": "other"}),
        ("unread", {"identity_problem": DENIED}),
    ],
)
def test_the_identity(code, changes):
    hop = only(scene(**changes), HopKind.IDENTITY)
    assert hop.code == code
    assert (hop.state is State.GREEN) is (code == "")
    assert hop.state is not State.RED or hop.fix.advice


def test_an_application_that_names_the_set_needs_no_default():
    question = replace(QUESTION, named=True)
    assert only(scene(default_set="other"), HopKind.IDENTITY, question).state is State.GREEN


def test_another_default_is_named():
    assert "goes through other instead" in only(scene(default_set="other"), HopKind.IDENTITY).text


# Chosen


def test_what_another_destination_gets_is_not_missed():
    first = replace(DESTINATION, events=frozenset({EventType.BOUNCE}))
    second = replace(DESTINATION, name="more", events=frozenset({EventType.COMPLAINT}))
    assert [hop.code for hop in hops(scene(first, second), HopKind.CHOSEN)] == ["", ""]
    off = replace(second, enabled=False)
    codes = [hop.code for hop in hops(scene(first, off), HopKind.CHOSEN)]
    assert codes == ["event_not_chosen", "destination_disabled"]


def test_switching_it_on_sends_all_of_it():
    hop = only(scene(replace(DESTINATION, enabled=False)), HopKind.CHOSEN)
    (call,) = hop.fix.plan
    sent = call.parameters["EventDestination"]
    assert sent["Enabled"] is True
    assert set(sent["MatchingEventTypes"]) == {str(event) for event in DEFAULT_EVENTS}
    assert sent["SnsDestination"] == {"TopicArn": TOPIC}


def test_a_kind_of_the_future_is_left_alone():
    found = scene(replace(DESTINATION, unknown=True))
    assert only(found, HopKind.CHOSEN).state is State.UNKNOWN
    assert hops(found, HopKind.PUBLISHED) == []
    assert routes(found, QUESTION, every=True) == ()


# Published

LETS_KEY = {"Statement": [key_statement()]}
OWN_KEY = Key("arn:aws:kms:eu-west-1:1:key/k", False, policy=LETS_KEY)


@pytest.mark.parametrize(
    ("state", "code", "topic"),
    [
        (State.GREEN, "", view()),
        (State.RED, "topic_gone", None),
        (State.UNKNOWN, "unread", DENIED),
        (State.RED, "topic_policy", view(statements=())),
        (State.RED, "topic_denied", view(statements=(LETS_SES, {**LETS_SES, "Effect": "Deny"}))),
        (
            State.UNKNOWN,
            "topic_unsure",
            view(
                statements=(
                    {**LETS_SES, "Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}}},
                )
            ),
        ),
        (State.RED, "kms_managed", view(kms_key="alias/aws/sns")),
        (State.RED, "kms_managed", view(kms_key="k", key=Key("k", True))),
        (State.RED, "kms_gone", view(kms_key="k")),
        (State.UNKNOWN, "kms_unread", view(kms_key="k", key=DENIED)),
        (State.UNKNOWN, "kms_unread", view(kms_key="k", key=Key("k", False))),
        (State.RED, "kms_disabled", view(kms_key="k", key=replace(OWN_KEY, enabled=False))),
        (State.RED, "kms_policy", view(kms_key="k", key=replace(OWN_KEY, policy={}))),
        (State.GREEN, "", view(kms_key="k", key=OWN_KEY)),
    ],
)
def test_the_topic(state, code, topic):
    hop = only(scene(topic=topic), HopKind.PUBLISHED)
    assert (hop.state, hop.code) == (state, code)


def test_a_key_that_lets_half_of_it():
    half = {**key_statement(), "Sid": "Half", "Action": "kms:Decrypt"}
    key = replace(OWN_KEY, policy={"Statement": [half]})
    hop = only(scene(topic=view(kms_key="k", key=key)), HopKind.PUBLISHED)
    assert hop.text.endswith("does not let SES: kms:GenerateDataKey.")
    (call,) = hop.fix.plan
    written = json.loads(call.parameters["Policy"])["Statement"]
    assert written == [half, key_statement()]


# Subscribed


@pytest.mark.parametrize(
    ("codes", "subscriptions"),
    [
        (["", ""], [MINE]),
        (["", "unconfirmed"], [Subscription("email", "ops@example.com")]),
        (["", "unconfirmed"], [Subscription("https", "https://example.com/x")]),
        (["", "unconfirmed"], [Subscription("sqs", QUEUE)]),
        (["", "filter_blocks"], [replace(MINE, filter_policy='{"a": ["b"]}')]),
        (
            ["", "filter_blocks"],
            [replace(MINE, filter_policy='{"eventType": ["Send"]}', filter_scope="MessageBody")],
        ),
        (
            ["", "filter_unsure"],
            [replace(MINE, filter_policy='{"bounce": {"x": [1]}}', filter_scope="MessageBody")],
        ),
        # Of an earlier proof: not the person's.
        (["", "no_subscriber"], [Subscription("sqs", f"{QUEUE[:-4]}sestui-prove-1", "arn:1")]),
    ],
)
def test_who_is_subscribed(codes, subscriptions):
    found = scene(topic=view(*subscriptions))
    assert [hop.code for hop in hops(found, HopKind.SUBSCRIBED)] == codes


def test_one_that_waits_is_no_alarm_while_another_one_gets_them():
    waits = Subscription("email", "ops@example.com")
    alone = hops(scene(topic=view(waits)), HopKind.SUBSCRIBED)[-1]
    beside = hops(scene(topic=view(waits, MINE)), HopKind.SUBSCRIBED)[1]
    assert (alone.state, beside.state) == (State.RED, State.AMBER)
    assert "never clicked" in alone.text


@pytest.mark.parametrize("wanted", [True, False])
def test_raw_delivery_is_compared_with_what_the_receiver_expects(wanted):
    question = replace(QUESTION, raw=wanted)
    found = scene(
        topic=view(replace(MINE, raw=not wanted), Subscription("email", "a@b.c", "arn:2"))
    )
    codes = [hop.code for hop in hops(found, HopKind.SUBSCRIBED, question)]
    assert codes == ["", "raw_mismatch", ""]  # mail to people has no such thing


LETS_SNS = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
            "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}},
        }
    ]
}


@pytest.mark.parametrize(
    ("code", "queue", "subscriptions"),
    [
        ("", Queue(QUEUE, "u", LETS_SNS), [MINE]),
        ("queue_gone", None, [MINE]),
        ("unread", DENIED, [MINE]),
        ("no_subscription", Queue(QUEUE, "u", LETS_SNS), [Subscription("email", "a@b.c", "arn:2")]),
        ("queue_policy", Queue(QUEUE, "u"), [MINE]),
        ("queue_kms", Queue(QUEUE, "u", LETS_SNS, "alias/aws/sqs"), [MINE]),
        ("unconfirmed", Queue(QUEUE, "u", LETS_SNS), [Subscription("sqs", QUEUE)]),
    ],
)
def test_a_queue_of_ones_own(code, queue, subscriptions):
    question = replace(QUESTION, queue=QUEUE)
    found = scene(topic=view(*subscriptions), queue=queue)
    receiver = hops(found, HopKind.SUBSCRIBED, question)[0]
    assert receiver.code == code


def test_a_queue_of_another_region_cannot_be_looked_into():
    question = replace(QUESTION, queue=QUEUE.replace(REGION, "us-east-1"))
    receiver = hops(scene(topic=view()), HopKind.SUBSCRIBED, question)[0]
    assert (receiver.state, receiver.code) == (State.UNKNOWN, "queue_region")


def test_subscriptions_that_may_not_be_listed_are_not_known():
    found = scene(topic=replace(view(), subscriptions=DENIED))
    assert [hop.state for hop in hops(found, HopKind.SUBSCRIBED)] == [State.WAITING, State.UNKNOWN]


# Others


@pytest.mark.parametrize(
    ("code", "destination", "more"),
    [
        (
            "bus_not_default",
            Destination("d", DestinationKind.EVENTBRIDGE, DEFAULT_EVENTS, "arn:x:event-bus/own"),
            {},
        ),
        (
            "stream_gone",
            Destination(
                "d",
                DestinationKind.FIREHOSE,
                DEFAULT_EVENTS,
                f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/s",
            ),
            {},
        ),
        (
            "stream_region",
            Destination(
                "d",
                DestinationKind.FIREHOSE,
                DEFAULT_EVENTS,
                f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/s",
            ),
            {},
        ),
        (
            "stream_inactive",
            Destination("d", DestinationKind.FIREHOSE, DEFAULT_EVENTS, "a:b:c:eu-west-1:e:f/s"),
            {"streams": {"a:b:c:eu-west-1:e:f/s": Stream("a", "CREATING")}},
        ),
        (
            "role_gone",
            Destination("d", DestinationKind.FIREHOSE, DEFAULT_EVENTS, "a:b:c:eu-west-1:e:f/s"),
            {"streams": {"a:b:c:eu-west-1:e:f/s": Stream("a", "ACTIVE")}},
        ),
        ("pinpoint", Destination("d", DestinationKind.PINPOINT, DEFAULT_EVENTS, "arn:p"), {}),
    ],
)
def test_other_destinations(code, destination, more):
    assert only(scene(destination, **more), HopKind.PUBLISHED).code == code


# What arrives

MAIL = ProofMail(Scenario.BOUNCE, "bounce+k7f3c2@simulator.amazonses.com", "m", NOW)
WAITING = Hop(HopKind.ARRIVED, State.WAITING, "", route="events", about="bounce")


def event(**changes):
    content = bounce("Permanent", "General", MAIL.address)
    content["mail"]["tags"] = {"ses:configuration-set": [NAME]}
    return {**content, **changes}


def enveloped(content) -> str:
    return json.dumps({"Type": "Notification", "TopicArn": TOPIC, "Message": json.dumps(content)})


@pytest.mark.parametrize(
    ("code", "said", "body", "raw"),
    [
        ("", "in SNS's envelope; its JSON is right", enveloped(event()), None),
        ("", "raw; its JSON is right", json.dumps(event()), None),
        ("", "raw; its JSON is right", json.dumps(event()), True),
        (
            "",
            "by EventBridge",
            json.dumps({"detail-type": "Email Bounced", "detail": event()}),
            True,
        ),
        ("raw_mismatch", "expects the event alone", enveloped(event()), True),
        ("raw_mismatch", "expects SNS's envelope", json.dumps(event()), False),
        ("not_json", "no event of SES", f"hello {MAIL.address}", None),
        (
            "other_set",
            "through another set, other",
            json.dumps(
                event(mail={**event()["mail"], "tags": {"ses:configuration-set": ["other"]}})
            ),
            None,
        ),
    ],
)
def test_what_arrives(code, said, body, raw):
    question = replace(QUESTION, raw=raw)
    parcel = arrival.opened(body)
    assert arrival.belongs(parcel, question)
    at = NOW + timedelta(seconds=2.1)
    hop = arrival.arrived(WAITING, [parcel], question, MAIL, at)
    assert hop.code == code
    assert said in hop.text
    assert (hop.state is State.GREEN) is (code == "")
    assert code or "after 2.1 s" in hop.text


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(bounce("Permanent", "General", "bounce+other@simulator.amazonses.com")),
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "[" * 100_000,
        "",
    ],
)
def test_what_is_not_about_the_proof(body):
    parcel = arrival.opened(body)
    assert not arrival.belongs(parcel, QUESTION)
    assert arrival.arrived(WAITING, [parcel], QUESTION, MAIL, NOW) is None


def test_hostile_text_is_made_printable():
    parcel = arrival.opened(f"\x1b]0;x\x07{MAIL.address}")
    hop = arrival.arrived(WAITING, [parcel], QUESTION, MAIL, NOW)
    assert "\x1b" not in hop.fix.text


# The plan


def test_each_thing_has_the_name_by_which_it_is_found():
    bus = Destination("bus", DestinationKind.EVENTBRIDGE, DEFAULT_EVENTS, "arn")
    found = routes(scene(DESTINATION, bus, topic=view()), QUESTION)
    assert [route.queue.rsplit(":", 1)[-1] for route in found] == [
        "sestui-prove-k7f3c2",
        "sestui-prove-k7f3c2-2",
    ]
    assert all(is_temporary(route.queue) for route in found)
    assert found[1].rule == "sestui-prove-k7f3c2-2"
    (create, *_rest) = setup_plan(found[0], NAME)
    assert create.parameters["tags"] == {"sestui": "temporary"}
    policy = json.loads(create.parameters["Attributes"]["Policy"])
    (let_in,) = policy["Statement"]
    assert let_in["Resource"] == found[0].queue
    assert let_in["Condition"] == {"ArnEquals": {"aws:SourceArn": TOPIC}}


def test_what_refers_to_another_thing_is_removed_first():
    things = [
        Leftover(Sort.QUEUE, "q", "url"),
        Leftover(Sort.RULE, "r", "r"),
        Leftover(Sort.SUBSCRIPTION, "q", "arn"),
    ]
    assert [call.operation for call in removal_plan(things)] == [
        "Unsubscribe",
        "RemoveTargets",
        "DeleteRule",
        "DeleteQueue",
    ]


# All of it


def proof(*found: Hop, phase=Phase.DONE, problem=None) -> Proof:
    return Proof(QUESTION, found, phase, NOW, problem=problem)


GREEN = replace(WAITING, state=State.GREEN)


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (State.GREEN, proof(GREEN)),
        (State.AMBER, proof(GREEN, replace(WAITING, state=State.AMBER))),
        (State.RED, proof(GREEN, replace(WAITING, state=State.RED))),
        (State.GREEN, proof(GREEN, replace(WAITING, state=State.UNKNOWN))),
        (State.UNKNOWN, proof(replace(WAITING, state=State.UNKNOWN))),
        (State.UNKNOWN, proof(GREEN, problem=DENIED)),
        (State.WAITING, proof(GREEN, phase=Phase.WATCHING)),
        (State.UNKNOWN, proof()),
    ],
)
def test_the_state_of_all(state, found):
    assert found.state is state


def test_since_when_a_hop_is_as_it_is():
    later = NOW + timedelta(seconds=5)
    first = stamped((), (WAITING, replace(GREEN, about="success")), NOW)
    assert [hop.since for hop in first] == [NOW, NOW]
    assert stamped(first, first, later) == first
    again = stamped(first, (replace(first[0], text="news"), first[1]), later)
    assert [hop.since for hop in again] == [later, NOW]
