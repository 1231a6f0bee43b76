"""What is around a destination of each kind: made in the practice account, read back with boto3,
changed and removed. SES itself takes the destination only when all of it is there."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.request
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from sestui.domain.configset import DestinationKind, Dimension, EventType
from sestui.domain.configset.plan_destinations import (
    add_destination,
    change_destination,
    remove_destination,
)
from sestui.domain.destinations.bus import BusForm
from sestui.domain.destinations.firehose import FirehoseForm
from sestui.domain.destinations.form import DestinationForm, destination_of, form_of, judge
from sestui.domain.destinations.subscriptions import Subscriber
from sestui.domain.destinations.topics import Encryption, TopicForm
from sestui.domain.errors import Problem, Trouble
from sestui.gateways.ports import GatewayError
from sestui.workflows.carry_out import carry_out
from sestui.workflows.destinations import destination_plan, existing_for, offers, place_of
from tests.practice_cloud import at_once

BOUNCE = frozenset({EventType.BOUNCE})


@pytest.fixture
def new_set(client):
    def make(name: str) -> str:
        client("sesv2").create_configuration_set(ConfigurationSetName=name)
        return name

    return make


def stored(client, set_name: str) -> list[dict]:
    found = client("sesv2").get_configuration_set_event_destinations(ConfigurationSetName=set_name)
    return found["EventDestinations"]


async def carry(cloud, *calls) -> list[str]:
    async for _progress in carry_out(cloud.changes, calls, at_once):
        pass
    return [call.operation for call in calls]


async def around(cloud, form: DestinationForm) -> list[str]:
    """Carry out what must be there before SES takes the destination."""
    assert judge(form, place_of(cloud), await existing_for(cloud, form)) == {}
    return await carry(cloud, *(await destination_plan(cloud, form)).calls)


async def make(cloud, form: DestinationForm) -> list[str]:
    done = await around(cloud, form)
    await carry(cloud, add_destination(form.set_name, destination_of(form, place_of(cloud))))
    return done


# SNS


async def test_a_topic_from_beginning_to_end(cloud, client, new_set):
    name, sns, sqs = new_set("topics"), client("sns"), client("sqs")
    url = sqs.create_queue(QueueName="of-topic")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    form = DestinationForm(
        name,
        events=BOUNCE,
        topic=TopicForm(
            "of-topics",
            add=(
                Subscriber("ops@example.com"),
                Subscriber(queue, raw=True, filter_policy='{"eventType": ["Bounce"]}'),
            ),
        ),
    )
    # A new one first: the queue lets it in, and both are subscribed.
    operations = ["CreateTopic", "SetQueueAttributes", "Subscribe", "Subscribe"]
    assert await make(cloud, form) == operations
    (destination,) = stored(client, name)
    topic = destination["SnsDestination"]["TopicArn"]
    rows = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert {row["Endpoint"] for row in rows} == {"ops@example.com", queue}
    (arn,) = (row["SubscriptionArn"] for row in rows if row["Endpoint"] == queue)
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["RawMessageDelivery"] == "true"
    assert attributes["FilterPolicyScope"] == "MessageBody"
    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
    (statement,) = json.loads(policy["Policy"])["Statement"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": topic}}

    # Nothing is made twice.
    assert await around(cloud, form) == []

    # One subscription is changed, the other goes.
    existing = await existing_for(cloud, form)
    mail = next(each for each in existing.subscriptions if each.protocol == "email")
    edited = replace(
        form,
        topic=TopicForm("of-topics", change=((arn, Subscriber(queue)),), remove=(mail.arn,)),
    )
    assert await around(cloud, edited) == [
        "Unsubscribe",
        "SetSubscriptionAttributes",
        "SetSubscriptionAttributes",
    ]
    (left,) = (await existing_for(cloud, edited)).subscriptions
    assert (left.endpoint, left.raw, left.filter_policy) == (queue, False, "")

    # The destination goes, the topic stays.
    await carry(cloud, remove_destination(name, form.name))
    assert stored(client, name) == []
    assert sns.get_topic_attributes(TopicArn=topic)


async def test_events_reach_a_queue_through_all_of_it(cloud, account, client, new_set):
    """The event arrives, since policy, subscription and filter fit each other."""
    name, sqs = new_set("arriving"), client("sqs")
    url = sqs.create_queue(QueueName="arriving")["QueueUrl"]
    queue = "arn:aws:sqs:eu-west-1:123456789012:arriving"
    only = '{"eventType": ["Bounce"]}'
    subscriber = Subscriber(queue, raw=True, filter_policy=only)
    form = DestinationForm(name, topic=TopicForm("arriving", add=(subscriber,)))
    await make(cloud, form)
    address = "sender@arriving.example"
    ses = client("sesv2")
    ses.create_email_identity(EmailIdentity=address)
    await follow_link(account, address)
    ses.send_email(
        FromEmailAddress=address,
        Destination={"ToAddresses": ["bounce@simulator.amazonses.com"]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
        ConfigurationSetName=name,
    )
    found = []
    for _round in range(20):
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        found += [json.loads(each["Body"])["eventType"] for each in answer.get("Messages", ())]
        if found:
            break
    assert found == ["Bounce"]


async def follow_link(account, address: str) -> None:
    def there(letters) -> bool:
        return any(letter.to == address for letter in letters)

    assert account.mailbox.wait(there, 10)
    letter = next(each for each in account.mailbox.letters() if each.to == address)
    raw = account.mailbox.raw(letter.id).replace(b"=\r\n", b"").replace(b"=3D", b"=")
    (link,) = re.findall(rb"http://127\.0\.0\.1[^\s<>\"]+", raw)[:1]

    def follow() -> None:
        with urllib.request.urlopen(link.decode()) as answer:
            answer.read()

    await asyncio.to_thread(follow)


async def test_a_topic_of_somebody_keeps_its_policy_and_a_second_set_gets_in(
    cloud, client, new_set
):
    sns = client("sns")
    arn = sns.create_topic(Name="of-somebody")["TopicArn"]
    mine = {
        "Sid": "somebody",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
        "Action": "sns:Subscribe",
        "Resource": arn,
    }
    before = json.dumps({"Version": "2012-10-17", "Id": "theirs", "Statement": [mine]})
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=before)
    for name in ("first", "second"):
        form = DestinationForm(new_set(name), topic=TopicForm("of-somebody"))
        assert await make(cloud, form) == ["SetTopicAttributes"]
        assert len(stored(client, name)) == 1
    policy = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    assert policy["Id"] == "theirs"
    assert policy["Statement"][0] == mine
    assert len(policy["Statement"]) == 3


async def test_a_fifo_topic_is_refused_here_and_by_ses(cloud, client, new_set):
    name = new_set("fifo")
    sns = client("sns")
    arn = sns.create_topic(Name="in-order.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    form = DestinationForm(name, topic=TopicForm(arn))
    assert "FIFO" in judge(form, place_of(cloud))["topic"]
    assert arn not in (await offers(cloud, DestinationKind.SNS, name)).topics
    with pytest.raises(ClientError):
        client("sesv2").create_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName="fifo",
            EventDestination={
                "Enabled": True,
                "MatchingEventTypes": ["BOUNCE"],
                "SnsDestination": {"TopicArn": arn},
            },
        )


async def test_the_aws_managed_key_cannot_work_and_one_of_ones_own_can(cloud, client, new_set):
    name, sns, kms = new_set("encrypted"), client("sns"), client("kms")
    arn = sns.create_topic(Name="encrypted", Attributes={"KmsMasterKeyId": "alias/aws/sns"})[
        "TopicArn"
    ]
    form = DestinationForm(name, topic=TopicForm("encrypted"))
    found = judge(form, place_of(cloud), await existing_for(cloud, form))
    assert "alias/aws/sns" in found["encryption"]

    root = {
        "Sid": "root",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [root]})
    key = kms.create_key(Policy=policy)["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/topics", TargetKeyId=key)
    assert "alias/topics" in (await offers(cloud, DestinationKind.SNS, name)).keys
    own = replace(form, topic=TopicForm("encrypted", encryption=Encryption.KEY, key="alias/topics"))
    assert await make(cloud, own) == ["PutKeyPolicy", "SetTopicAttributes", "SetTopicAttributes"]
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert attributes["KmsMasterKeyId"] == "alias/topics"
    text = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    assert json.loads(text)["Statement"][0] == root
    assert len(json.loads(text)["Statement"]) == 2
    assert await around(cloud, form) == []


# EventBridge


async def test_a_rule_from_beginning_to_end(cloud, client, new_set):
    name, events, sqs = new_set("ruled"), client("events"), client("sqs")
    url = sqs.create_queue(QueueName="ruled")["QueueUrl"]
    queue = "arn:aws:sqs:eu-west-1:123456789012:ruled"
    form = DestinationForm(
        name,
        kind=DestinationKind.EVENTBRIDGE,
        events=BOUNCE,
        bus=BusForm(rule="ruled", target=queue),
    )
    assert await make(cloud, form) == ["PutRule", "SetQueueAttributes", "PutTargets"]
    (destination,) = stored(client, name)
    bus = destination["EventBridgeDestination"]["EventBusArn"]
    assert bus == "arn:aws:events:eu-west-1:123456789012:event-bus/default"
    rule = events.describe_rule(Name="ruled")
    assert json.loads(rule["EventPattern"])["detail-type"] == ["Email Bounced"]
    (target,) = events.list_targets_by_rule(Rule="ruled")["Targets"]
    assert target["Arn"] == queue
    assert await around(cloud, form) == []

    # More events, and a log group beside the queue.
    events_now = BOUNCE | {EventType.COMPLAINT}
    more = replace(form, events=events_now, bus=BusForm(rule="ruled", target="/aws/events/ses"))
    assert await around(cloud, more) == [
        "PutRule",
        "CreateLogGroup",
        "PutResourcePolicy",
        "PutTargets",
    ]
    await carry(
        cloud,
        change_destination(
            name, destination_of(form, place_of(cloud)), destination_of(more, place_of(cloud))
        ),
    )
    assert len(events.list_targets_by_rule(Rule="ruled")["Targets"]) == 2
    assert stored(client, name)[0]["MatchingEventTypes"] == ["BOUNCE", "COMPLAINT"]
    found = (await offers(cloud, DestinationKind.EVENTBRIDGE, name)).rules
    assert [(each.name, len(each.targets)) for each in found] == [("ruled", 2)]

    # All of it goes, but for the queue.
    gone = replace(form, bus=BusForm(remove=("ruled",)))
    assert await around(cloud, gone) == ["RemoveTargets", "DeleteRule"]
    await carry(cloud, remove_destination(name, form.name))
    assert events.list_rules()["Rules"] == []
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])


async def test_a_rule_sends_on_to_each_of_its_targets(cloud, client, new_set):
    """A queue, a topic with a queue behind it, and a log group: all of them were opened."""
    name, sqs = new_set("sent-on"), client("sqs")
    urls = [sqs.create_queue(QueueName=f"sent-on-{n}")["QueueUrl"] for n in range(2)]
    queues = [f"arn:aws:sqs:eu-west-1:123456789012:sent-on-{n}" for n in range(2)]
    topic = client("sns").create_topic(Name="sent-on")["TopicArn"]
    form = DestinationForm(name, topic=TopicForm("sent-on", add=(Subscriber(queues[1], raw=True),)))
    await around(cloud, form)
    form = replace(form, kind=DestinationKind.EVENTBRIDGE)
    for target in (queues[0], topic, "/aws/events/sent-on"):
        await around(cloud, replace(form, bus=BusForm(rule="sent-on", target=target)))
    detail = {"mail": {"tags": {"ses:configuration-set": [name]}}}
    entry = {"Source": "aws.ses", "DetailType": "Email Bounced", "Detail": json.dumps(detail)}
    other = {**entry, "Detail": json.dumps({"mail": {"tags": {"ses:configuration-set": ["x"]}}})}
    assert client("events").put_events(Entries=[entry, other])["FailedEntryCount"] == 0
    for url in urls:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ())
        assert [json.loads(each["Body"])["detail"] for each in found] == [detail]
    logged = client("logs").filter_log_events(logGroupName="/aws/events/sent-on")["events"]
    assert len(logged) == 1
    await around(cloud, replace(form, bus=BusForm(remove=("sent-on",))))


async def test_a_rule_for_something_else_is_not_replaced(cloud, client):
    pattern = json.dumps({"source": ["aws.ec2"]})
    client("events").put_rule(Name="machines", EventPattern=pattern)
    form = DestinationForm(
        "set",
        kind=DestinationKind.EVENTBRIDGE,
        bus=BusForm(rule="machines", target="/aws/events/ses"),
    )
    found = judge(form, place_of(cloud), await existing_for(cloud, form))
    assert "something else" in found["rule"]
    client("events").delete_rule(Name="machines")


# Firehose


@pytest.fixture(scope="module")
def stream(account) -> str:
    account.client("s3").create_bucket(
        Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    account.client("firehose").create_delivery_stream(
        DeliveryStreamName="kept",
        S3DestinationConfiguration={
            "RoleARN": "arn:aws:iam::123456789012:role/firehose",
            "BucketARN": "arn:aws:s3:::kept",
        },
    )
    return "kept"


async def test_a_stream_from_beginning_to_end(cloud, client, new_set, stream):
    name, iam = new_set("streamed"), client("iam")
    form = DestinationForm(
        name, kind=DestinationKind.FIREHOSE, events=BOUNCE, firehose=FirehoseForm(stream)
    )
    assert await make(cloud, form) == ["CreateRole", "PutRolePolicy"]
    (destination,) = stored(client, name)
    hose = destination["KinesisFirehoseDestination"]
    role = hose["IamRoleArn"].rsplit("/", 1)[-1]
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0]["Principal"] == {"Service": "ses.amazonaws.com"}
    policy = iam.get_role_policy(RoleName=role, PolicyName="ses-events")["PolicyDocument"]
    assert policy["Statement"][0]["Resource"] == [hose["DeliveryStreamArn"]]
    assert await around(cloud, form) == []
    found = await offers(cloud, DestinationKind.FIREHOSE, name)
    assert [each.status for each in found.streams] == ["ACTIVE"]
    assert [each.name for each in found.roles] == [role]


async def test_a_role_of_something_else_is_told_and_opened_when_chosen(
    cloud, client, new_set, stream
):
    name, iam = new_set("opened"), client("iam")
    lambdas = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    iam.create_role(
        RoleName="worker",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [lambdas]}),
    )
    form = DestinationForm(
        name, kind=DestinationKind.FIREHOSE, firehose=FirehoseForm(stream, "worker")
    )
    found = judge(form, place_of(cloud), await existing_for(cloud, form))
    assert "does not trust SES" in found["role"]
    opened = replace(form, firehose=FirehoseForm(stream, "worker", open_role=True))
    assert await make(cloud, opened) == ["UpdateAssumeRolePolicy", "PutRolePolicy"]
    trust = iam.get_role(RoleName="worker")["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0] == lambdas
    assert len(trust["Statement"]) == 2
    assert await around(cloud, form) == []


# CloudWatch


async def test_dimensions_from_beginning_to_end(cloud, client, new_set):
    name = new_set("counted")
    form = replace(form_of(None, name), kind=DestinationKind.CLOUDWATCH, events=BOUNCE)
    assert await make(cloud, form) == []
    (destination,) = stored(client, name)
    rows = destination["CloudWatchDestination"]["DimensionConfigurations"]
    assert rows == [
        {
            "DimensionName": "ses:configuration-set",
            "DimensionValueSource": "MESSAGE_TAG",
            "DefaultDimensionValue": name,
        }
    ]
    before = destination_of(form, place_of(cloud))
    more = replace(form, dimensions=(*form.dimensions, Dimension("To-Whom", "EMAIL_HEADER", "-")))
    assert judge(more, place_of(cloud)) == {}
    await carry(cloud, change_destination(name, before, destination_of(more, place_of(cloud))))
    (destination,) = stored(client, name)
    assert len(destination["CloudWatchDestination"]["DimensionConfigurations"]) == 2
    await carry(cloud, remove_destination(name, form.name))
    assert stored(client, name) == []


async def test_ses_refuses_two_destinations_in_one_which_are_never_sent(client, new_set):
    name = new_set("two")
    with pytest.raises(ClientError, match="only one destination"):
        client("sesv2").create_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName="two",
            EventDestination={
                "Enabled": True,
                "MatchingEventTypes": ["BOUNCE"],
                "EventBridgeDestination": {
                    "EventBusArn": "arn:aws:events:eu-west-1:123456789012:event-bus/default"
                },
                "CloudWatchDestination": {
                    "DimensionConfigurations": [
                        {
                            "DimensionName": "a",
                            "DimensionValueSource": "MESSAGE_TAG",
                            "DefaultDimensionValue": "b",
                        }
                    ]
                },
            },
        )


# What may not be read


async def test_what_may_not_be_read_is_noted_and_the_rest_goes_on(cloud, client):
    client("sns").create_topic(Name="half-read", Attributes={"KmsMasterKeyId": "alias/mine"})

    class Denied:
        """As the account, for someone without KMS."""

        def __getattr__(self, name: str):
            if name in ("key", "keys"):
                return self._no
            return getattr(cloud.neighbours, name)

        async def _no(self, *_arguments):
            raise GatewayError(Problem("no", trouble=Trouble.DENIED))

    less = replace(cloud, neighbours=Denied())
    form = DestinationForm("set", topic=TopicForm("half-read"))
    existing = await existing_for(less, form)
    assert existing.topic is not None
    assert existing.unread == ("key",)
    assert judge(form, place_of(cloud), existing) == {}
    found = await offers(less, DestinationKind.SNS, "set")
    assert found.topics
    assert len(found.problems) == 1
