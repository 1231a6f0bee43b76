"""Proofs on the practice account, with events through moto: the good way and each bad one."""

from __future__ import annotations

import json

import pytest

from sestui.domain.prove import HopKind, State
from sestui.practice.ports import ACCOUNT_ID, DEFAULT_REGION
from sestui.practice.ses.faults import Fault
from sestui.workflows.prospect import look

from .proving import DOMAIN, Scenery, leading_to, lets_sns, proven, states


@pytest.fixture
def scenery(account):
    account.ses.seed_identities(DEFAULT_REGION, [DOMAIN])
    return Scenery(account, account.client("sesv2"))


async def test_all_is_well(cloud, scenery):
    scenery.to_topic().make_default()
    prospect = await look(cloud, scenery.question(named=False, sender=""))
    assert [call.operation for call in prospect.plan] == [
        "CreateQueue",
        "Subscribe",
        "SendEmail",
        "SendEmail",
        "SendEmail",
    ]
    assert prospect.scene.sender == f"hello@{DOMAIN}"
    assert "ConfigurationSetName" not in prospect.plan[-1].parameters  # by default, so it is proven
    proof = await proven(cloud, scenery.question(named=False, sender=""))
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 3
    assert proof.broken == ()
    assert scenery.temporary() == []


# The topic


async def test_mail_that_was_too_fast_for_the_sandbox_is_sent_a_moment_later(
    account, cloud, scenery
):
    scenery.to_topic()
    account.ses.faults.add(Fault(operation="SendEmail", kind="throttle", count=2))
    before = len(account.ses.calls)
    proof = await proven(cloud, scenery.question())
    assert states(proof, HopKind.ACCEPTED) == [("green", "")]
    sends = [call for call in account.ses.calls[before:] if call.operation == "SendEmail"]
    assert len(sends) == 5  # two of them were refused


async def test_the_policy_has_no_statement_for_ses(cloud, scenery):
    scenery.to_topic()
    scenery.set_policy()
    proof = await proven(cloud, scenery.question())
    (published,) = [hop for hop in proof.hops if hop.kind is HopKind.PUBLISHED]
    assert published.code == "topic_policy"
    assert "does not let SES publish" in published.text
    assert json.loads(published.fix.text)["Principal"] == {"Service": "ses.amazonaws.com"}
    assert states(proof, HopKind.ARRIVED) == [("red", "not_arrived")] * 3
    assert scenery.temporary() == []
    # The fix mends it: what it writes keeps what was there, and the next proof is green.
    for call in published.fix.plan:
        await cloud.changes.make(call)
    again = await proven(cloud, scenery.question(nonce="again1"))
    assert states(again, HopKind.PUBLISHED) == [("green", "")]
    assert states(again, HopKind.ARRIVED) == [("green", "")] * 3


async def test_the_policy_is_for_another_set(cloud, scenery):
    scenery.to_topic()
    scenery.set_policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "ses.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": scenery.topic,
            "Condition": {"StringEquals": {"AWS:SourceArn": f"{scenery.set_arn}-old"}},
        }
    )
    proof = await proven(cloud, scenery.question())
    (published,) = [hop for hop in proof.hops if hop.kind is HopKind.PUBLISHED]
    assert published.code == "topic_policy"
    assert f"lets SES publish for {scenery.name}-old, not for {scenery.name}" in published.text
    assert states(proof, HopKind.ARRIVED) == [("red", "not_arrived")] * 3


async def test_a_statement_forbids_it(cloud, scenery):
    scenery.to_topic()
    allow = {"Effect": "Allow", "Principal": "*", "Action": "SNS:*", "Resource": "*"}
    deny = {"Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": "sns:Publish"}
    scenery.set_policy(allow, {**deny, "Resource": scenery.topic})
    proof = await proven(cloud, scenery.question())
    (published,) = [hop for hop in proof.hops if hop.kind is HopKind.PUBLISHED]
    assert published.code == "topic_denied"
    assert "Closed" in published.text
    assert published.fix.plan == ()
    assert states(proof, HopKind.ARRIVED) == [("red", "not_arrived")] * 3


async def test_the_key_that_aws_manages(cloud, scenery):
    scenery.to_topic()
    scenery.sns.set_topic_attributes(
        TopicArn=scenery.topic, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns"
    )
    proof = await proven(cloud, scenery.question())
    (published,) = [hop for hop in proof.hops if hop.kind is HopKind.PUBLISHED]
    assert published.code == "kms_managed"
    assert "AWS manages" in published.text
    assert states(proof, HopKind.ARRIVED) == [("red", "not_arrived")] * 3


async def test_a_key_whose_policy_lacks_the_statement(cloud, scenery):
    scenery.to_topic()
    kms = scenery.account.neighbours.client("kms")
    own = {
        "Sid": "Own",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [own]})
    key = kms.create_key(Policy=policy)["KeyMetadata"]["KeyId"]
    scenery.sns.set_topic_attributes(
        TopicArn=scenery.topic, AttributeName="KmsMasterKeyId", AttributeValue=key
    )
    proof = await proven(cloud, scenery.question())
    (published,) = [hop for hop in proof.hops if hop.kind is HopKind.PUBLISHED]
    assert published.code == "kms_policy"
    assert "kms:GenerateDataKey, kms:Decrypt" in published.text
    assert states(proof, HopKind.ARRIVED) == [("red", "not_arrived")] * 3
    for call in published.fix.plan:
        await cloud.changes.make(call)
    stored = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    assert stored["Statement"][0] == own
    again = await proven(cloud, scenery.question(nonce="again2"))
    assert states(again, HopKind.PUBLISHED) == [("green", "")]
    assert states(again, HopKind.ARRIVED) == [("green", "")] * 3


@pytest.mark.parametrize(
    ("arn", "code", "said"),
    [
        ("arn:aws:sns:us-east-1:123456789012:far", "topic_region", "is in us-east-1"),
        ("arn:aws:sns:eu-west-1:123456789012:t.fifo", "topic_fifo", "FIFO"),
        ("arn:aws:sns:eu-west-1:123456789012:gone", "topic_gone", "does not exist"),
    ],
)
async def test_a_topic_that_ses_cannot_publish_to(cloud, scenery, arn, code, said):
    scenery.to_topic()
    sends = len(scenery.account.ses.calls)
    proof = await proven(leading_to(cloud, arn), scenery.question())
    (published,) = [hop for hop in proof.hops if hop.kind is HopKind.PUBLISHED]
    assert published.code == code
    assert said in published.text
    assert states(proof, HopKind.ARRIVED) == [("unknown", "not_tried")] * 3
    called = [call.operation for call in scenery.account.ses.calls[sends:]]
    assert "SendEmail" not in called


# The subscriptions


async def test_an_endpoint_that_never_confirmed(cloud, scenery):
    scenery.to_topic()
    scenery.sns.subscribe(
        TopicArn=scenery.topic, Protocol="https", Endpoint="https://localhost/ses"
    )
    proof = await proven(cloud, scenery.question())
    mine = [hop for hop in proof.hops if hop.kind is HopKind.SUBSCRIBED and hop.about]
    assert [(hop.state, hop.code) for hop in mine] == [(State.RED, "unconfirmed")]
    assert "SubscribeURL" in mine[0].fix.advice
    # The temporary queue shows that all before it works.
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 3
    assert proof.state is State.RED


@pytest.mark.parametrize("scope", ["MessageAttributes", "MessageBody"])
async def test_a_filter_policy_that_lets_nothing_through(cloud, scenery, scope):
    scenery.to_topic()
    policy = json.dumps({"eventType": ["Bounce"]})
    queue = scenery.subscribe_queue(FilterPolicy=policy, FilterPolicyScope=scope)
    proof = await proven(cloud, scenery.question(queue=queue))
    (receiver,) = [hop for hop in proof.hops if hop.kind is HopKind.SUBSCRIBED]
    bounces = ("green", "") if scope == "MessageBody" else ("red", "not_arrived")
    assert states(proof, HopKind.ARRIVED) == [
        ("red", "not_arrived"),
        bounces,
        ("red", "not_arrived"),
    ]
    assert receiver.code == "filter_blocks"
    said = "holds back: Delivery, Complaint" if scope == "MessageBody" else "SES sets none"
    assert said in receiver.text
    for call in receiver.fix.plan:
        await cloud.changes.make(call)
    again = await proven(cloud, scenery.question(queue=queue, nonce="again3"))
    assert states(again, HopKind.ARRIVED) == [("green", "")] * 3


@pytest.mark.parametrize("wanted", [True, False])
async def test_raw_delivery_that_the_receiver_does_not_expect(cloud, scenery, wanted):
    scenery.to_topic()
    queue = scenery.subscribe_queue(RawMessageDelivery=str(not wanted).lower())
    proof = await proven(cloud, scenery.question(queue=queue, raw=wanted))
    assert states(proof, HopKind.SUBSCRIBED) == [("red", "raw_mismatch")]
    assert states(proof, HopKind.ARRIVED) == [("red", "raw_mismatch")] * 3
    (receiver,) = [hop for hop in proof.hops if hop.kind is HopKind.SUBSCRIBED]
    for call in receiver.fix.plan:
        await cloud.changes.make(call)
    again = await proven(cloud, scenery.question(queue=queue, raw=wanted, nonce="again4"))
    assert states(again, HopKind.ARRIVED) == [("green", "")] * 3


async def test_raw_delivery_to_the_temporary_queue(cloud, scenery):
    scenery.to_topic()
    proof = await proven(cloud, scenery.question(raw=True))
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 3
    told = [hop.text for hop in proof.hops if hop.kind is HopKind.ARRIVED]
    assert ["raw" in text for text in told] == [True] * 3


async def test_a_queue_that_is_not_subscribed(cloud, scenery):
    scenery.to_topic()
    queue = f"arn:aws:sqs:{DEFAULT_REGION}:{ACCOUNT_ID}:lonely-{scenery.name}"
    scenery.sqs.create_queue(QueueName=f"lonely-{scenery.name}")
    proof = await proven(cloud, scenery.question(queue=queue))
    assert states(proof, HopKind.SUBSCRIBED) == [("red", "no_subscription")]
    assert states(proof, HopKind.ARRIVED) == [("red", "not_arrived")] * 3


async def test_a_queue_that_does_not_let_the_topic_in(cloud, scenery):
    scenery.to_topic()
    queue = scenery.subscribe_queue()
    url = scenery.sqs.get_queue_url(QueueName=queue.rsplit(":", 1)[-1])["QueueUrl"]
    other = lets_sns(queue, f"{scenery.topic}-other")
    scenery.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(other)})
    proof = await proven(cloud, scenery.question(queue=queue))
    assert states(proof, HopKind.SUBSCRIBED) == [("red", "queue_policy")]
    assert states(proof, HopKind.ARRIVED) == [("red", "not_arrived")] * 3
    (receiver,) = [hop for hop in proof.hops if hop.kind is HopKind.SUBSCRIBED]
    for call in receiver.fix.plan:
        await cloud.changes.make(call)
    again = await proven(cloud, scenery.question(queue=queue, nonce="again5"))
    assert states(again, HopKind.ARRIVED) == [("green", "")] * 3


async def test_what_arrives_counts_more_than_what_a_policy_says(cloud, scenery):
    scenery.to_topic()
    queue = scenery.subscribe_queue()
    url = scenery.sqs.get_queue_url(QueueName=queue.rsplit(":", 1)[-1])["QueueUrl"]
    scenery.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    prospect = await look(cloud, scenery.question(queue=queue))
    assert [hop.code for hop in prospect.hops if hop.state is State.RED] == ["queue_policy"]
    proof = await proven(cloud, scenery.question(queue=queue))
    (receiver,) = [hop for hop in proof.hops if hop.kind is HopKind.SUBSCRIBED]
    assert receiver.state is State.GREEN
    assert "one came" in receiver.text


async def test_nothing_is_taken_out_of_a_queue_of_the_persons(cloud, scenery):
    scenery.to_topic()
    queue = scenery.subscribe_queue()
    proof = await proven(cloud, scenery.question(queue=queue))
    assert states(proof, HopKind.SUBSCRIBED) == [("green", "")]
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 3
    url = scenery.sqs.get_queue_url(QueueName=queue.rsplit(":", 1)[-1])["QueueUrl"]
    found = scenery.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    assert sum(int(found[name]) for name in names) >= 7


# The set


async def test_the_identity_does_not_use_the_set(cloud, scenery):
    scenery.to_topic()
    proof = await proven(cloud, scenery.question(named=False))
    (identity,) = [hop for hop in proof.hops if hop.kind is HopKind.IDENTITY]
    assert (identity.state, identity.code) == (State.RED, "set_not_used")
    # The rest of the way is proven all the same, with the set named in each mail.
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 3
    for call in identity.fix.plan:
        await cloud.changes.make(call)
    again = await proven(cloud, scenery.question(named=False, nonce="again6"))
    assert again.broken == ()


async def test_a_destination_that_is_switched_off(cloud, scenery):
    scenery.to_topic()
    scenery.switch_off()
    proof = await proven(cloud, scenery.question())
    assert states(proof, HopKind.CHOSEN) == [("red", "destination_disabled")]
    assert states(proof, HopKind.ACCEPTED) == [("unknown", "not_tried")]
    (chosen,) = [hop for hop in proof.hops if hop.kind is HopKind.CHOSEN]
    for call in chosen.fix.plan:
        await cloud.changes.make(call)
    again = await proven(cloud, scenery.question())
    assert states(again, HopKind.ARRIVED) == [("green", "")] * 3


async def test_an_event_that_was_not_chosen(cloud, scenery):
    scenery.to_topic(events=["DELIVERY", "BOUNCE"])
    proof = await proven(cloud, scenery.question())
    (chosen,) = [hop for hop in proof.hops if hop.kind is HopKind.CHOSEN]
    assert (chosen.state, chosen.code) == (State.RED, "event_not_chosen")
    assert "Complaint" in chosen.text
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 2
    for call in chosen.fix.plan:
        await cloud.changes.make(call)
    again = await proven(cloud, scenery.question(nonce="again7"))
    assert states(again, HopKind.ARRIVED) == [("green", "")] * 3


async def test_a_set_that_is_paused(cloud, scenery):
    scenery.to_topic()
    scenery.ses.put_configuration_set_sending_options(
        ConfigurationSetName=scenery.name, SendingEnabled=False
    )
    proof = await proven(cloud, scenery.question())
    assert states(proof, HopKind.SET) == [("red", "set_paused")]
    assert proof.mails == ()
    (hop,) = proof.broken
    for call in hop.fix.plan:
        await cloud.changes.make(call)
    again = await proven(cloud, scenery.question())
    assert states(again, HopKind.ARRIVED) == [("green", "")] * 3


async def test_a_set_that_is_not_there(cloud, scenery):
    proof = await proven(cloud, scenery.question(set_name="nowhere"))
    assert states(proof, HopKind.SET) == [("red", "set_missing")]


async def test_a_set_without_destination(cloud, scenery):
    proof = await proven(cloud, scenery.question())
    assert states(proof, HopKind.CHOSEN) == [("red", "no_destination")]


async def test_a_sender_that_nobody_has_verified(cloud, scenery):
    scenery.to_topic()
    proof = await proven(cloud, scenery.question(sender="anna@nowhere.test"))
    assert states(proof, HopKind.IDENTITY) == [("red", "no_sender")]
    assert proof.mails == ()


async def test_a_mail_that_ses_refuses(account, cloud, scenery):
    scenery.to_topic()
    account.ses.faults.add(Fault(operation="SendEmail", kind="paused"))
    try:
        proof = await proven(cloud, scenery.question())
    finally:
        account.ses.faults.clear()
    assert states(proof, HopKind.ACCEPTED) == [("red", "send_refused")]
    assert states(proof, HopKind.ARRIVED) == [("unknown", "not_sent")] * 3
    assert scenery.temporary() == []


# Other destinations


async def test_eventbridge(cloud, scenery):
    scenery.to_bus()
    prospect = await look(cloud, scenery.question())
    assert [call.operation for call in prospect.setup] == ["CreateQueue", "PutRule", "PutTargets"]
    proof = await proven(cloud, scenery.question())
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 3
    told = [hop.text for hop in proof.hops if hop.kind is HopKind.ARRIVED]
    assert ["by EventBridge" in text for text in told] == [True] * 3
    assert scenery.temporary() == []


async def test_each_destination_has_a_queue_of_its_own(cloud, scenery):
    scenery.to_topic(events=["BOUNCE"])
    bus = f"arn:aws:events:{DEFAULT_REGION}:{ACCOUNT_ID}:event-bus/default"
    scenery.destination(
        {"EventBridgeDestination": {"EventBusArn": bus}}, ["COMPLAINT", "DELIVERY"], "bus"
    )
    proof = await proven(cloud, scenery.question())
    arrived = [(h.route, h.about, h.state) for h in proof.hops if h.kind is HopKind.ARRIVED]
    assert arrived == [
        ("events", "bounce", State.GREEN),
        ("bus", "success", State.GREEN),
        ("bus", "complaint", State.GREEN),
    ]
    # Neither is blamed for what the other one gets.
    assert states(proof, HopKind.CHOSEN) == [("green", "")] * 2


async def test_cloudwatch_counts(cloud, scenery):
    dimension = {
        "DimensionName": "ses:configuration-set",
        "DimensionValueSource": "MESSAGE_TAG",
        "DefaultDimensionValue": scenery.name,
    }
    scenery.destination({"CloudWatchDestination": {"DimensionConfigurations": [dimension]}})
    proof = await proven(cloud, scenery.question())
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 3
    assert "The metric Bounce has grown" in next(h for h in proof.hops if h.about == "bounce").text


async def test_firehose_is_judged_and_says_what_cannot_be_seen(cloud, scenery):
    hose, iam = (scenery.account.neighbours.client(name) for name in ("firehose", "iam"))
    stream = hose.create_delivery_stream(
        DeliveryStreamName=scenery.name,
        ExtendedS3DestinationConfiguration={
            "RoleARN": f"arn:aws:iam::{ACCOUNT_ID}:role/s3",
            "BucketARN": "arn:aws:s3:::events",
        },
    )["DeliveryStreamARN"]
    nobody = {"Version": "2012-10-17", "Statement": []}
    role = iam.create_role(RoleName=scenery.name, AssumeRolePolicyDocument=json.dumps(nobody))
    target = {"DeliveryStreamArn": stream, "IamRoleArn": role["Role"]["Arn"]}
    scenery.destination({"KinesisFirehoseDestination": target})
    codes = []
    for _mended in range(3):
        prospect = await look(cloud, scenery.question())
        assert prospect.blocked
        (hop,) = [hop for hop in prospect.hops if hop.kind is HopKind.PUBLISHED]
        codes.append(hop.code)
        for call in hop.fix.plan if hop.fix else ():
            await cloud.changes.make(call)
    assert codes == ["role_trust", "role_permission", ""]
    assert states(await proven(cloud, scenery.question()), HopKind.ARRIVED) == [
        ("unknown", "unseen")
    ]
