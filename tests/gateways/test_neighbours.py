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
    return xml("GetTopicAttributes", f"<Attributes>{entry}{key}</Attributes>")


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
        "<CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>"
    )
    http.replies = [xml("GetRole", role)]
    assert await neighbours.role("x") == "arn:aws:iam::123456789012:role/x"
