"""Where events are read: SQS queues, GetMessageInsights, the practice account's own interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sestui.domain.configset import EventType
from sestui.domain.errors import Trouble
from sestui.gateways.ports import GatewayError
from sestui.gateways.practice import PracticeHttp
from sestui.gateways.queue import MOST_ROUNDS, BotoQueues
from sestui.gateways.ses import BotoSes
from sestui.practice.ports import ACCOUNT_ID
from tests.account_process import RemoteAccount
from tests.gateways.conftest import REGION, Connect, answer
from tests.gateways.servers import ScriptedHttp

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/events"


def arn(name: str, region: str = REGION, account: str = ACCOUNT_ID) -> str:
    return f"arn:aws:sqs:{region}:{account}:{name}"


# Queues, of moto


@pytest.fixture
def queues(account: RemoteAccount, connect: Connect) -> BotoQueues:
    return BotoQueues(connect(account.neighbours.endpoint, owner=account.owner), ACCOUNT_ID, wait=0)


@pytest.fixture
def sqs(account: RemoteAccount) -> Any:
    return account.neighbours.client("sqs")


async def test_all_of_a_queue_is_seen_and_stays_in_it(queues: BotoQueues, sqs: Any) -> None:
    made = sqs.create_queue(QueueName="many")["QueueUrl"]
    bodies = {f"événement {number}" for number in range(23)}
    for body in bodies:
        sqs.send_message(QueueUrl=made, MessageBody=body)
    assert set(await queues.peek(await queues.url(arn("many")))) == bodies
    found = sqs.get_queue_attributes(QueueUrl=made, AttributeNames=["All"])["Attributes"]
    there = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    assert sum(int(found[name]) for name in there) == 23


async def test_an_empty_queue(queues: BotoQueues, sqs: Any) -> None:
    sqs.create_queue(QueueName="empty")
    assert await queues.peek(await queues.url(arn("empty"))) == ()


async def test_a_queue_that_is_not_there(queues: BotoQueues) -> None:
    assert await queues.url(arn("nowhere")) == ""
    assert await queues.url("arn:aws:lambda:eu-west-1:123456789012:function:f") == ""
    assert await queues.url("not an arn") == ""


async def test_one_of_another_region_cannot_be_looked_into(queues: BotoQueues) -> None:
    with pytest.raises(GatewayError) as failed:
        await queues.url(arn("far", region="us-east-1"))
    assert failed.value.trouble is Trouble.REFUSED
    assert "us-east-1" in failed.value.problem.what


async def test_looking_never_moves_a_message_into_the_dead_letters(
    queues: BotoQueues, sqs: Any
) -> None:
    sqs.create_queue(QueueName="dead")
    policy = {"deadLetterTargetArn": arn("dead"), "maxReceiveCount": "3"}
    made = sqs.create_queue(QueueName="counting", Attributes={"RedrivePolicy": json.dumps(policy)})[
        "QueueUrl"
    ]
    sqs.send_message(QueueUrl=made, MessageBody="x")
    for _look in range(5):
        with pytest.raises(GatewayError) as failed:
            await queues.peek(made)
    assert "after 3 looks" in failed.value.problem.what
    received = sqs.receive_message(QueueUrl=made, AttributeNames=["ApproximateReceiveCount"])
    assert received["Messages"][0]["Attributes"]["ApproximateReceiveCount"] == "1"


# Queues, by a script


@pytest.fixture
def scripted(http: ScriptedHttp, connect: Connect) -> BotoQueues:
    return BotoQueues(connect(http.url), ACCOUNT_ID, wait=0)


def operations(http: ScriptedHttp) -> list[str]:
    return [head["X-Amz-Target"].rpartition(".")[2] for head in http.headers]


async def test_a_queue_that_nobody_empties_is_not_read_to_its_end(
    scripted: BotoQueues, http: ScriptedHttp
) -> None:
    def page(number: int) -> tuple[int, bytes]:
        return answer(Messages=[{"MessageId": str(number), "Body": "x", "ReceiptHandle": "r"}])

    arn = {"QueueArn": "arn:aws:sqs:eu-west-1:1:q"}
    http.replies = [answer(Attributes=arn), *(page(number) for number in range(100))]
    assert len(await scripted.peek(URL)) == MOST_ROUNDS
    assert operations(http) == ["GetQueueAttributes"] + ["ReceiveMessage"] * MOST_ROUNDS
    asked = json.loads(http.requests[1][2])
    assert asked["VisibilityTimeout"] == 5
    # The policy is asked for once.
    await scripted.peek(URL)
    assert operations(http).count("GetQueueAttributes") == 1


async def test_a_redrive_policy_that_makes_no_sense_stops_it_too(
    scripted: BotoQueues, http: ScriptedHttp
) -> None:
    http.replies = [answer(Attributes={"QueueArn": "arn:q", "RedrivePolicy": "{"})]
    with pytest.raises(GatewayError, match="moves a message away"):
        await scripted.peek(URL)
    assert operations(http) == ["GetQueueAttributes"]


async def test_a_queue_of_another_account_is_asked_for_there(
    scripted: BotoQueues, http: ScriptedHttp
) -> None:
    http.replies = [answer(QueueUrl=URL)]
    assert await scripted.url(arn("events", account="210987654321")) == URL
    assert json.loads(http.requests[0][2]) == {
        "QueueName": "events",
        "QueueOwnerAWSAccountId": "210987654321",
    }


async def test_what_is_not_allowed_shows_the_statement(
    scripted: BotoQueues, http: ScriptedHttp
) -> None:
    http.replies = [(403, b'{"__type": "AccessDeniedException", "message": "no"}')]
    with pytest.raises(GatewayError) as failed:
        await scripted.peek(URL)
    assert failed.value.trouble is Trouble.DENIED
    assert json.loads(failed.value.problem.policy)["Action"] == "sqs:GetQueueAttributes"


# GetMessageInsights


async def test_insights(http: ScriptedHttp, connect: Connect) -> None:
    ses = BotoSes(connect(http.url))
    event = {"Timestamp": 1795512600, "Type": "DELIVERY"}
    http.replies = [
        answer(
            MessageId="m", Insights=[{"Destination": "a\x1b@example.net", "Events": [event, {}]}]
        )
    ]
    (found,) = await ses.insights("m/..")
    assert found.kind is EventType.DELIVERY
    assert found.recipients == ("a\\x1b@example.net",)
    assert http.requests[0][1] == "/v2/email/insights/m%2F../"


async def test_a_message_that_is_not_in_the_insights_yet(
    http: ScriptedHttp, connect: Connect
) -> None:
    http.replies = [(404, b'{"__type": "NotFoundException", "message": "no"}')]
    assert await BotoSes(connect(http.url)).insights("m") == ()


# The practice account's own interface


@pytest.mark.parametrize(
    ("ask", "target"),
    [
        (lambda practice: practice.events("0102-&"), "message_id=0102-%26"),
        (lambda practice: practice.events("", ("sestui-test", "k7")), "tag=sestui-test%3Ak7"),
    ],
)
async def test_what_the_practice_account_knows(
    practice: PracticeHttp, http: ScriptedHttp, ask: Callable[..., Any], target: str
) -> None:
    http.replies = [(200, b'[{"eventType": "Send"}, {"eventType": "Delivery"}]')]
    found = await ask(practice)
    assert [json.loads(text)["eventType"] for text in found] == ["Send", "Delivery"]
    assert http.requests[0][1] == f"/_practice/events?{target}"
