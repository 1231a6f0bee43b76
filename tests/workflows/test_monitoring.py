"""A configuration set with each kind of destination, carried out against the practice account."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sestui.domain.configset import DestinationKind, EventType
from sestui.domain.monitoring import monitoring_plan
from sestui.domain.plan import Call
from sestui.domain.steps import MonitoringForm
from sestui.workflows.carry_out import carry_out
from sestui.workflows.monitoring import existing_for, place_of
from sestui.workflows.survey import open_identity
from tests.practice_cloud import at_once

NAME = "watched@example.org"


@pytest.fixture
async def cloud(cloud):
    """The account, with the address that is to be watched."""
    call = Call("sesv2", "CreateEmailIdentity", "", {"EmailIdentity": NAME})
    await cloud.changes.make(replace(call, tolerate=("AlreadyExistsException",)))
    return cloud


async def plan_for(cloud, form):
    identity, _set = await open_identity(cloud, NAME)
    existing = await existing_for(cloud, form, identity)
    return monitoring_plan(form, NAME, place_of(cloud), existing)


async def apply(cloud, form) -> list[str]:
    """Carry the plan out; the operations it took."""
    plan = await plan_for(cloud, form)
    async for _progress in carry_out(cloud.changes, plan, at_once):
        pass
    return [call.operation for call in plan]


def form(kind: DestinationKind, **changes) -> MonitoringForm:
    return replace(
        MonitoringForm(),
        set_name=f"set-{kind.value}",
        kind=kind,
        topic="topic",
        stream="stream",
        **changes,
    )


OFFERED = [kind for kind in DestinationKind if kind is not DestinationKind.PINPOINT]


@pytest.mark.parametrize("kind", OFFERED)
async def test_each_destination_is_made_read_back_and_never_made_twice(cloud, client, kind):
    if kind is DestinationKind.FIREHOSE:
        client("s3").create_bucket(
            Bucket="events", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        client("firehose").create_delivery_stream(
            DeliveryStreamName="stream",
            S3DestinationConfiguration={
                "RoleARN": "arn:aws:iam::123456789012:role/firehose",
                "BucketARN": "arn:aws:s3:::events",
            },
        )
    wanted = form(kind)
    assert "CreateConfigurationSet" in await apply(cloud, wanted)

    stored = await cloud.ses.configuration_set(wanted.set_name)
    assert stored.reputation_metrics
    assert stored.sending_enabled
    (destination,) = stored.destinations
    assert (destination.kind, destination.enabled) == (kind, True)
    assert destination.events == wanted.events
    identity, _set = await open_identity(cloud, NAME)
    assert identity.configuration_set == wanted.set_name

    assert await plan_for(cloud, wanted) == ()


async def test_only_what_changed_is_sent(cloud):
    first = form(DestinationKind.EVENTBRIDGE, destination_name="changing")
    first = replace(first, set_name="changing")
    await apply(cloud, first)
    fewer = replace(first, events=frozenset({EventType.BOUNCE}), reputation_metrics=False)
    assert await apply(cloud, fewer) == [
        "PutConfigurationSetReputationOptions",
        "UpdateConfigurationSetEventDestination",
    ]
    stored = await cloud.ses.configuration_set("changing")
    assert not stored.reputation_metrics
    assert stored.destinations[0].events == {EventType.BOUNCE}


async def test_the_policy_of_a_topic_that_exists_is_added_to_and_kept(cloud, client):
    sns = client("sns")
    arn = sns.create_topic(Name="shared")["TopicArn"]
    mine = {
        "Sid": "somebody",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
        "Action": "sns:Subscribe",
        "Resource": arn,
    }
    before = json.dumps({"Version": "2012-10-17", "Statement": [mine]})
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=before)

    wanted = replace(form(DestinationKind.SNS), set_name="sharing", topic="shared")
    assert "SetTopicAttributes" in await apply(cloud, wanted)

    policy = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    assert mine in policy["Statement"]
    assert len(policy["Statement"]) == 2


async def test_a_queue_that_subscribes_gets_what_is_published(cloud, client):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="short-form")["QueueUrl"]
    queue = "arn:aws:sqs:eu-west-1:123456789012:short-form"
    wanted = replace(
        form(DestinationKind.SNS), set_name="queued", topic="to-a-queue", subscriber=queue
    )
    made = await apply(cloud, wanted)
    assert made.index("SetQueueAttributes") < made.index("Subscribe")
    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
    (statement,) = json.loads(policy["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    (came,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)["Messages"]
    assert "Successfully validated SNS topic" in came["Body"]  # what SES publishes at first
    assert await plan_for(cloud, wanted) == ()
