"""Events on their way to SNS, EventBridge, Firehose and CloudWatch, all of them moto's."""

import contextlib
import json

import pytest
from botocore.exceptions import ClientError

from tests.practice.conftest import letter_to, simple, verified_domain

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ALL = ["SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "RENDERING_FAILURE"]


@pytest.fixture(scope="module", autouse=True)
def identity(account, ses):
    verified_domain(account, ses, "events.example")


def set_arn(name):
    return f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{name}"


def topic_policy(topic, name, **condition):
    wanted = {"AWS:SourceAccount": ACCOUNT, "AWS:SourceArn": set_arn(name)} | condition
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"StringEquals": wanted},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def queue_for(account, name):
    """A queue; returns a function that takes the next message's body from it."""
    sqs = account.neighbours.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]

    def take():
        found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10).get("Messages", [])
        assert found, account.events.problems
        sqs.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
        return json.loads(found[0]["Body"])

    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", take


def send(ses, name, to, **more):
    return ses.send_email(
        FromEmailAddress="hello@events.example",
        Destination={"ToAddresses": [to]},
        Content=simple(),
        ConfigurationSetName=name,
        **more,
    )["MessageId"]


def test_a_bounce_reaches_a_queue_by_way_of_the_topic(account, ses):
    sns = account.neighbours.client("sns")
    topic = sns.create_topic(Name="ses-events")["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=topic_policy(topic, "production-emails"),
    )
    arn, take = queue_for(account, "ses-events")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    ses.create_configuration_set(ConfigurationSetName="production-emails")
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="production-emails",
        EventDestinationName="topic",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE"],
            "SnsDestination": {"TopicArn": topic},
        },
    )
    assert take()["Message"] == (
        "Successfully validated SNS topic for Amazon SES event publishing."
    )
    message_id = send(ses, "production-emails", "bounce@simulator.amazonses.com")
    notification = take()
    assert notification["Subject"] == "Amazon SES Email Event Notification"
    event = json.loads(notification["Message"])
    assert event["eventType"] == "Bounce"
    assert event["mail"]["messageId"] == message_id
    assert event["mail"]["tags"]["ses:configuration-set"] == ["production-emails"]
    assert event["bounce"]["bouncedRecipients"][0]["emailAddress"].startswith("bounce@")


@pytest.mark.parametrize(
    "policy",
    [
        lambda topic: topic_policy(topic, "another-set"),
        lambda topic: topic_policy(topic, "refused", **{"AWS:SourceAccount": "999999999999"}),
        lambda topic: topic_policy(topic + "x", "refused"),
        lambda topic: topic_policy(topic, "refused").replace("ses.amazonaws", "s3.amazonaws"),
    ],
)
def test_a_topic_that_does_not_let_ses_in_is_refused(account, ses, policy):
    sns = account.neighbours.client("sns")
    topic = sns.create_topic(Name="closed")["TopicArn"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy(topic))
    refused(ses, topic)


def test_a_topic_that_is_not_there_is_refused(ses):
    refused(ses, f"arn:aws:sns:{REGION}:{ACCOUNT}:nowhere")


def refused(ses, topic):
    with contextlib.suppress(ses.exceptions.AlreadyExistsException):
        ses.create_configuration_set(ConfigurationSetName="refused")
    with pytest.raises(ClientError, match="Could not publish to SNS topic") as caught:
        ses.create_configuration_set_event_destination(
            ConfigurationSetName="refused",
            EventDestinationName="topic",
            EventDestination={
                "Enabled": True,
                "MatchingEventTypes": ["BOUNCE"],
                "SnsDestination": {"TopicArn": topic},
            },
        )
    assert caught.value.response["Error"]["Code"] == "BadRequestException"


def test_the_default_policy_of_a_topic_is_enough_and_disabled_is_silent(account, ses):
    topic = account.neighbours.client("sns").create_topic(Name="plain")["TopicArn"]
    arn, take = queue_for(account, "plain")
    account.neighbours.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    ses.create_configuration_set(ConfigurationSetName="plain")
    destination = {
        "Enabled": False,
        "MatchingEventTypes": ALL,
        "SnsDestination": {"TopicArn": topic},
    }
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="plain",
        EventDestinationName="topic",
        EventDestination=destination,
    )
    take()  # the validation
    send(ses, "plain", "bounce@simulator.amazonses.com")
    send(ses, "plain", "done@events.example")
    letter_to(account, "done@events.example")  # one after another: the bounce is over
    ses.update_configuration_set_event_destination(
        ConfigurationSetName="plain",
        EventDestinationName="topic",
        EventDestination=destination | {"Enabled": True},
    )
    message_id = send(ses, "plain", "complaint@simulator.amazonses.com")
    events = [json.loads(body["Message"]) for body in until(take, "Complaint")]
    # A queue may give them in another order, and one twice.
    assert {event["eventType"] for event in events} == {"Send", "Delivery", "Complaint"}
    assert {event["mail"]["messageId"] for event in events} == {message_id}


def until(take, last):
    """Notifications up to the event of type `last`; a validation message is left out."""
    bodies = []
    while not bodies or json.loads(bodies[-1]["Message"])["eventType"] != last:
        body = take()
        if body["Message"].startswith("{"):
            bodies.append(body)
    return bodies


def test_event_bridge(account, ses):
    arn, take = queue_for(account, "bridge")
    events = account.neighbours.client("events")
    pattern = {"source": ["aws.ses"], "detail-type": ["Email Bounced"]}
    events.put_rule(Name="bounces", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="bounces", Targets=[{"Id": "1", "Arn": arn}])
    ses.create_configuration_set(ConfigurationSetName="bridge")
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="bridge",
        EventDestinationName="bus",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ALL,
            "EventBridgeDestination": {
                "EventBusArn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
            },
        },
    )
    send(ses, "bridge", "bounce@simulator.amazonses.com")
    event = take()
    assert event["source"] == "aws.ses"
    assert event["detail-type"] == "Email Bounced"
    assert event["detail"]["eventType"] == "Bounce"


def test_firehose(account, ses):
    iam, firehose = account.neighbours.client("iam"), account.neighbours.client("firehose")
    trust = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ses.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"AWS:SourceArn": set_arn("stream")}},
            }
        ]
    }
    role = iam.create_role(RoleName="to-stream", AssumeRolePolicyDocument=json.dumps(trust))
    s3 = account.neighbours.client("s3")
    s3.create_bucket(Bucket="mail-events", CreateBucketConfiguration={"LocationConstraint": REGION})
    stream = firehose.create_delivery_stream(
        DeliveryStreamName="mail-events",
        S3DestinationConfiguration={
            "RoleARN": role["Role"]["Arn"],
            "BucketARN": "arn:aws:s3:::mail-events",
        },
    )["DeliveryStreamARN"]
    ses.create_configuration_set(ConfigurationSetName="stream")
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="stream",
        EventDestinationName="stream",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE"],
            "KinesisFirehoseDestination": {
                "IamRoleArn": role["Role"]["Arn"],
                "DeliveryStreamArn": stream,
            },
        },
    )
    send(ses, "stream", "bounce@simulator.amazonses.com")
    send(ses, "stream", "first@events.example")
    letter_to(account, "first@events.example")
    assert "no firehose:PutRecordBatch" in account.events.problems[-1]
    permission = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["firehose:PutRecordBatch"], "Resource": [stream]}
        ],
    }
    iam.put_role_policy(
        RoleName="to-stream", PolicyName="put", PolicyDocument=json.dumps(permission)
    )
    send(ses, "stream", "bounce@simulator.amazonses.com")
    send(ses, "stream", "second@events.example")
    letter_to(account, "second@events.example")
    (kept,) = s3.list_objects_v2(Bucket="mail-events")["Contents"]
    body = s3.get_object(Bucket="mail-events", Key=kept["Key"])["Body"].read()
    assert json.loads(body)["eventType"] == "Bounce"


def test_cloudwatch_and_the_reputation_metrics(account, ses):
    ses.create_configuration_set(ConfigurationSetName="metrics")
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="metrics",
        EventDestinationName="numbers",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ALL,
            "CloudWatchDestination": {
                "DimensionConfigurations": [
                    {
                        "DimensionName": "campaign",
                        "DimensionValueSource": "MESSAGE_TAG",
                        "DefaultDimensionValue": "none",
                    }
                ]
            },
        },
    )
    send(
        ses,
        "metrics",
        "metrics@events.example",
        EmailTags=[{"Name": "campaign", "Value": "spring"}],
    )
    send(ses, "metrics", "metrics2@events.example")
    send(ses, "metrics", "metrics3@events.example")
    letter_to(account, "metrics3@events.example")
    metrics = account.neighbours.client("cloudwatch").list_metrics(Namespace="AWS/SES")
    names = {
        (m["MetricName"], *(f"{d['Name']}={d['Value']}" for d in m["Dimensions"]))
        for m in metrics["Metrics"]
    }
    assert {
        ("Send", "campaign=spring"),
        ("Delivery", "campaign=spring"),
        ("Send", "campaign=none"),
        ("Reputation.BounceRate",),
        ("Reputation.ComplaintRate",),
        ("Reputation.BounceRate", "ses:configuration-set=metrics"),
    } <= names
