"""Who gets what is published to a topic, where moto is not like SNS."""

from __future__ import annotations

import json

import pytest

from sestui.practice.neighbours import Neighbours
from sestui.practice.ports import ACCOUNT_ID, DEFAULT_REGION


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory):
    found = Neighbours(tmp_path_factory.mktemp("sns") / "journal", lambda _zones: None)
    found.start(0)
    assert found.wait(60), found.problem
    yield found
    found.stop()


@pytest.fixture(scope="module")
def sns(neighbours):
    return neighbours.client("sns")


@pytest.fixture(scope="module")
def sqs(neighbours):
    return neighbours.client("sqs")


def arn(name: str) -> str:
    return f"arn:aws:sqs:{DEFAULT_REGION}:{ACCOUNT_ID}:{name}"


def lets(queue: str, source: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def published(sns, sqs, topic: str, name: str) -> list[str]:
    sns.publish(TopicArn=topic, Message="hello")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    return [each["Body"] for each in sqs.receive_message(QueueUrl=url).get("Messages", [])]


@pytest.mark.parametrize(
    ("policy", "comes"),
    [
        ("", True),  # let off, so that a first lesson is not about policies
        ("its topic", True),
        ("another topic", False),
    ],
)
def test_a_queue_gets_what_its_policy_lets_in(sns, sqs, policy, comes):
    name = f"queue-{policy.replace(' ', '-')}"
    topic = sns.create_topic(Name=name)["TopicArn"]
    source = {"": "", "its topic": topic, "another topic": f"{topic}-2"}[policy]
    attributes = {"Policy": lets(arn(name), source)} if policy else {}
    sqs.create_queue(QueueName=name, Attributes=attributes)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn(name))
    assert bool(published(sns, sqs, topic, name)) is comes


def test_an_https_endpoint_waits_and_gets_nothing(sns):
    topic = sns.create_topic(Name="https")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://localhost:9/x")
    for rows in (sns.list_subscriptions_by_topic(TopicArn=topic), sns.list_subscriptions()):
        found = [each for each in rows["Subscriptions"] if each["Protocol"] == "https"]
        assert [each["SubscriptionArn"] for each in found] == ["PendingConfirmation"]
    sns.publish(TopicArn=topic, Message="hello")  # else moto would post it, and fail


def test_raw_delivery_can_be_switched_off_again(sns, sqs):
    topic = sns.create_topic(Name="raw")["TopicArn"]
    sqs.create_queue(QueueName="raw")
    made = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn("raw"),
        Attributes={"RawMessageDelivery": "true"},
    )["SubscriptionArn"]
    assert published(sns, sqs, topic, "raw") == ["hello"]
    sns.set_subscription_attributes(
        SubscriptionArn=made, AttributeName="RawMessageDelivery", AttributeValue="false"
    )
    told = sns.get_subscription_attributes(SubscriptionArn=made)["Attributes"]
    assert told["RawMessageDelivery"] == "false"
    bodies = published(sns, sqs, topic, "raw")
    assert json.loads(bodies[-1])["Type"] == "Notification"
