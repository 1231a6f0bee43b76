from __future__ import annotations

import json
from xml.sax.saxutils import escape

import pytest

from sestui.domain.errors import Trouble
from sestui.gateways.neighbours import BotoNeighbours
from sestui.gateways.ports import GatewayError
from tests.gateways.conftest import Connect
from tests.gateways.servers import ScriptedHttp

TOPIC = "arn:aws:sns:eu-west-1:123456789012:events"
POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "\u200bmine"}]}


def xml(operation: str, inner: str) -> tuple[int, bytes]:
    text = (
        f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>"
    )
    return 200, text.encode()


def failure(status: int, code: str) -> tuple[int, bytes]:
    text = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
    return status, text.encode()


def topics(*names: str, token: str = "") -> tuple[int, bytes]:
    members = "".join(f"<member><TopicArn>{name}</TopicArn></member>" for name in names)
    more = f"<NextToken>{token}</NextToken>" if token else ""
    return xml("ListTopics", f"<Topics>{members}</Topics>{more}")


def attributes(policy: str) -> tuple[int, bytes]:
    entry = f"<entry><key>Policy</key><value>{escape(policy)}</value></entry>"
    key = "<entry><key>KmsMasterKeyId</key><value>alias/aws/sns</value></entry>"
    arn = f"<entry><key>TopicArn</key><value>{TOPIC}</value></entry>"
    return xml("GetTopicAttributes", f"<Attributes>{entry}{key}{arn}</Attributes>")


@pytest.fixture
def neighbours(http: ScriptedHttp, connect: Connect) -> BotoNeighbours:
    return BotoNeighbours(connect(http.url), "123456789012")


async def test_topics_of_all_pages_without_fifo(
    neighbours: BotoNeighbours, http: ScriptedHttp
) -> None:
    http.replies = [topics(TOPIC, TOPIC + ".fifo", token="2"), topics(TOPIC + "2")]
    assert await neighbours.topics() == (TOPIC, TOPIC + "2")


async def test_a_topic_with_its_policy_word_for_word(
    neighbours: BotoNeighbours, http: ScriptedHttp
) -> None:
    rows = "".join(
        f"<member><Protocol>email</Protocol><Endpoint>{end}</Endpoint>"
        f"<SubscriptionArn>{arn}</SubscriptionArn></member>"
        for end, arn in (
            ("a@example.com", TOPIC + ":1"),
            ("b@example.com", "PendingConfirmation"),
            ("c@example.com", "Deleted"),
        )
    )
    listed = xml("ListSubscriptionsByTopic", f"<Subscriptions>{rows}</Subscriptions>")
    http.replies = [attributes(json.dumps(POLICY)), listed]
    topic = await neighbours.topic(TOPIC)
    assert topic is not None
    assert topic.policy == POLICY
    assert topic.kms_key == "alias/aws/sns"
    assert topic.subscriptions == (
        ("email", "a@example.com", True),
        ("email", "b@example.com", False),
    )


async def test_a_policy_that_cannot_be_read_stops_who_would_write_it(
    neighbours: BotoNeighbours, http: ScriptedHttp
) -> None:
    http.replies = [attributes("{"), xml("ListSubscriptionsByTopic", "<Subscriptions/>")]
    with pytest.raises(GatewayError) as failed:
        await neighbours.topic(TOPIC)
    assert failed.value.trouble is Trouble.REFUSED


async def test_what_is_not_there(neighbours: BotoNeighbours, http: ScriptedHttp) -> None:
    http.replies = [failure(404, "NotFound")]
    assert await neighbours.topic(TOPIC) is None
    http.replies = [failure(404, "NoSuchEntity")]
    assert await neighbours.role("ses-firehose") == ""
    http.replies = [failure(403, "AuthorizationError")]
    with pytest.raises(GatewayError) as failed:
        await neighbours.topics()
    assert failed.value.trouble is Trouble.DENIED
    assert json.loads(failed.value.problem.policy)["Action"] == "sns:ListTopics"


async def test_streams_of_all_pages(neighbours: BotoNeighbours, http: ScriptedHttp) -> None:
    def page(names: list[str], more: bool) -> tuple[int, bytes]:
        found = {"DeliveryStreamNames": names, "HasMoreDeliveryStreams": more}
        return 200, json.dumps(found).encode()

    http.replies = [page(["a", "b"], True), page(["c"], False)]
    prefix = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/"
    assert await neighbours.streams() == (prefix + "a", prefix + "b", prefix + "c")
    assert json.loads(http.requests[1][2]) == {"ExclusiveStartDeliveryStreamName": "b"}


async def test_a_role(neighbours: BotoNeighbours, http: ScriptedHttp) -> None:
    role = (
        "<Role><Path>/</Path><RoleName>x</RoleName><RoleId>R</RoleId>"
        "<Arn>arn:aws:iam::123456789012:role/x</Arn>"
        "<AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument>"
        "<CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>"
    )
    http.replies = [xml("GetRole", role)]
    assert await neighbours.role("x") == "arn:aws:iam::123456789012:role/x"


async def test_subscriptions_with_their_attributes_word_for_word(
    neighbours: BotoNeighbours, http: ScriptedHttp
) -> None:
    rows = "".join(
        f"<member><Protocol>sqs</Protocol><Endpoint>{end}</Endpoint>"
        f"<SubscriptionArn>{arn}</SubscriptionArn></member>"
        for end, arn in (("a\u200b", TOPIC + ":1"), ("b", "PendingConfirmation"), ("c", "Deleted"))
    )
    filtered = '{"eventType": ["\u200bBounce"]}'
    entries = "".join(
        f"<entry><key>{key}</key><value>{escape(value)}</value></entry>"
        for key, value in (
            ("SubscriptionArn", TOPIC + ":1"),
            ("RawMessageDelivery", "true"),
            ("FilterPolicy", filtered),
        )
    )
    http.replies = [
        xml("ListSubscriptionsByTopic", f"<Subscriptions>{rows}</Subscriptions>"),
        xml("GetSubscriptionAttributes", f"<Attributes>{entries}</Attributes>"),
    ]
    confirmed, pending = await neighbours.subscriptions(TOPIC)
    # What is drawn is made safe; what is written back is not touched.
    assert (confirmed.endpoint, confirmed.raw) == ("a\\u200b", True)
    assert (confirmed.filter_policy, confirmed.filter_scope) == (filtered, "MessageAttributes")
    assert not pending.confirmed
    assert len(http.requests) == 2


def key(manager: str) -> tuple[int, bytes]:
    metadata = {"KeyId": "k", "Arn": "arn:k", "KeyManager": manager, "Enabled": True}
    return 200, json.dumps({"KeyMetadata": metadata}).encode()


async def test_the_policy_of_a_key(neighbours: BotoNeighbours, http: ScriptedHttp) -> None:
    http.replies = [key("CUSTOMER"), (200, json.dumps({"Policy": json.dumps(POLICY)}).encode())]
    found = await neighbours.key("alias/mine")
    assert found is not None
    assert (found.arn, found.managed_by_aws, found.policy) == ("arn:k", False, POLICY)
    # That of an AWS-managed key is not even asked for.
    http.replies = [key("AWS")]
    found = await neighbours.key("alias/aws/sns")
    assert found is not None
    assert (found.managed_by_aws, found.policy) == (True, None)
    # One that may not be read is not taken for an empty one.
    denied = json.dumps({"__type": "AccessDeniedException", "message": "no"}).encode()
    http.replies = [key("CUSTOMER"), (400, denied)]
    found = await neighbours.key("arn:k")
    assert found is not None
    assert found.policy is None
    gone = json.dumps({"__type": "NotFoundException", "message": "no"}).encode()
    http.replies = [(400, gone)]
    assert await neighbours.key("alias/gone") is None


async def test_only_rules_that_ask_for_events_of_ses(
    neighbours: BotoNeighbours, http: ScriptedHttp
) -> None:
    patterns = {
        "mail": '{"source": ["aws.ses"]}',
        "machines": '{"source": ["aws.ec2"]}',
        "broken": "{",
        "hourly": "",
    }
    rows = [
        {"Name": name, "Arn": f"arn:{name}", "State": "ENABLED", "EventPattern": text}
        for name, text in patterns.items()
    ]
    targets = {"Targets": [{"Id": "1", "Arn": "arn:aws:sqs:eu-west-1:123456789012:q"}]}
    http.replies = [
        (200, json.dumps({"Rules": rows}).encode()),
        (200, json.dumps(targets).encode()),
    ]
    (rule,) = await neighbours.rules()
    assert rule.name == "mail"
    assert rule.targets == (("1", "arn:aws:sqs:eu-west-1:123456789012:q"),)


async def test_queues_by_their_addresses(neighbours: BotoNeighbours, http: ScriptedHttp) -> None:
    urls = ["https://sqs/1/bounces", "https://sqs/1/in-order.fifo"]
    http.replies = [(200, json.dumps({"QueueUrls": urls}).encode())]
    assert await neighbours.queues() == ("arn:aws:sqs:eu-west-1:123456789012:bounces",)


async def test_the_state_of_a_stream(neighbours: BotoNeighbours, http: ScriptedHttp) -> None:
    arn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/a"
    description = {"DeliveryStreamName": "a", "DeliveryStreamStatus": "CREATING\u001b"}
    http.replies = [(200, json.dumps({"DeliveryStreamDescription": description}).encode())]
    found = await neighbours.stream(arn)
    assert found is not None
    assert found.status == "CREATING\\x1b"
    gone = json.dumps({"__type": "ResourceNotFoundException", "message": "no"}).encode()
    http.replies = [(400, gone)]
    assert await neighbours.stream(arn) is None


async def test_a_role_whose_policies_may_not_be_read(
    neighbours: BotoNeighbours, http: ScriptedHttp
) -> None:
    trust = '{"Statement": []}'
    role = (
        "<Role><Path>/</Path><RoleName>x</RoleName><RoleId>R</RoleId>"
        "<Arn>arn:aws:iam::123456789012:role/x</Arn>"
        f"<AssumeRolePolicyDocument>{escape(trust)}</AssumeRolePolicyDocument>"
        "<CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>"
    )
    http.replies = [xml("GetRole", role), failure(403, "AccessDenied")]
    found = await neighbours.role_with_policies("x")
    assert found is not None
    assert found.trust == {"Statement": []}
    assert (found.inline, found.attached) == (None, None)
