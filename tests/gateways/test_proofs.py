"""What proofs leave behind, as it is found; queues of sestui's own, out of which is taken."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sestui.domain.errors import Trouble
from sestui.domain.prove import Sort
from sestui.gateways.ports import GatewayError
from sestui.gateways.proofs import BotoProofs
from sestui.gateways.queue import BotoQueues
from sestui.practice.ports import ACCOUNT_ID
from tests.account_process import RemoteAccount
from tests.gateways.conftest import REGION, Connect, answer
from tests.gateways.servers import ScriptedHttp


@pytest.fixture
def aws(account: RemoteAccount, connect: Connect) -> Any:
    return connect(account.neighbours.endpoint, owner=account.owner)


@pytest.fixture
def scripted(http: ScriptedHttp, connect: Connect) -> BotoProofs:
    return BotoProofs(connect(http.url))


async def test_what_has_the_name_is_found_and_nothing_else(
    aws: Any, account: RemoteAccount
) -> None:
    sqs, sns, events = (account.neighbours.client(name) for name in ("sqs", "sns", "events"))
    topic = sns.create_topic(Name="t")["TopicArn"]
    names = {"sestui-prove-1", "mine", "sestui"}
    for name in names:
        sqs.create_queue(QueueName=name)
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{name}"
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        events.put_rule(Name=name, EventPattern='{"source": ["aws.ses"]}')
    proofs = BotoProofs(aws)
    queues = {each.name: each for each in await proofs.queues()}
    assert queues.keys() & names == {"sestui-prove-1"}
    queue = queues["sestui-prove-1"]
    assert queue.sort is Sort.QUEUE
    assert queue.made is not None
    assert abs(datetime.now(UTC) - queue.made) < timedelta(minutes=1)
    assert [(each.sort, each.id) for each in await proofs.rules()] == [
        (Sort.RULE, "sestui-prove-1")
    ]
    for found in (await proofs.subscriptions(), await proofs.subscriptions(topic)):
        assert [(each.name, each.within) for each in found] == [("sestui-prove-1", topic)]
    assert await proofs.subscriptions(f"{topic}-gone") == ()


async def test_a_metric_is_summed(aws: Any, account: RemoteAccount) -> None:
    watch = account.neighbours.client("cloudwatch")
    dimensions = [{"Name": "ses:configuration-set", "Value": "a"}]
    data = {"MetricName": "Bounce", "Value": 1.0, "Dimensions": dimensions}
    since = datetime.now(UTC)
    proofs = BotoProofs(aws)
    wanted = {"ses:configuration-set": "a"}
    assert await proofs.counted("Bounce", wanted, since, datetime.now(UTC)) == 0
    for _mail in range(2):
        watch.put_metric_data(Namespace="AWS/SES", MetricData=[data])
    assert await proofs.counted("Bounce", wanted, since, datetime.now(UTC)) == 2
    other = {"ses:configuration-set": "b"}
    assert await proofs.counted("Bounce", other, since, datetime.now(UTC)) == 0


async def test_a_queue_that_is_deleted_meanwhile_is_named_all_the_same(
    scripted: BotoProofs, http: ScriptedHttp
) -> None:
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/sestui-prove-\x1b1"
    gone = b'{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no"}'
    http.replies = [answer(QueueUrls=[url]), (400, gone)]
    (queue,) = await scripted.queues()
    assert queue.made is None
    assert queue.name == "sestui-prove-\\x1b1"


async def test_what_is_not_allowed_shows_the_statement(
    scripted: BotoProofs, http: ScriptedHttp
) -> None:
    http.replies = [(403, b'{"__type": "AccessDeniedException", "message": "no"}')]
    with pytest.raises(GatewayError) as failed:
        await scripted.rules()
    assert failed.value.trouble is Trouble.DENIED
    assert json.loads(failed.value.problem.policy)["Action"] == "events:ListRules"


async def test_messages_are_taken_out_of_a_queue_of_sestuis_own_only(
    aws: Any, account: RemoteAccount
) -> None:
    sqs = account.neighbours.client("sqs")
    queues = BotoQueues(aws, ACCOUNT_ID, wait=0)
    own = sqs.create_queue(QueueName="sestui-prove-take")["QueueUrl"]
    theirs = sqs.create_queue(QueueName="theirs")["QueueUrl"]
    bodies = {f"événement {number}" for number in range(23)}
    for url in (own, theirs):
        for body in bodies:
            sqs.send_message(QueueUrl=url, MessageBody=body)
    assert set(await queues.take(own)) == bodies
    assert await queues.take(own) == ()
    with pytest.raises(GatewayError) as failed:
        await queues.take(theirs)
    assert failed.value.trouble is Trouble.REFUSED
    left = sqs.get_queue_attributes(QueueUrl=theirs, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == "23"
