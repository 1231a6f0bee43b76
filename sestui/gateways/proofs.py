"""What a proof that events arrive looks at beside the queue, and what it may have left behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sestui.domain.errors import Trouble
from sestui.domain.prove.plan import PREFIX, Leftover, Sort, is_temporary
from sestui.gateways.aws import Aws
from sestui.gateways.cleaning import cleaned
from sestui.gateways.ports import GatewayError

MOST_PAGES = 20
"""Of all subscriptions of an account, a hundred each, that are looked through."""
_MINUTE = timedelta(minutes=1)


class BotoProofs:
    """`Proofs`, over boto3."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    async def queues(self) -> tuple[Leftover, ...]:
        answer = await self._aws.call("sqs", "ListQueues", {"QueueNamePrefix": PREFIX})
        urls = [str(cleaned(url)) for url in answer.get("QueueUrls") or []]
        return tuple([await self._queue(url) for url in urls])

    async def _queue(self, url: str) -> Leftover:
        parameters = {"QueueUrl": url, "AttributeNames": ["QueueArn", "CreatedTimestamp"]}
        made = None
        try:
            answer = await self._aws.call("sqs", "GetQueueAttributes", parameters)
        except GatewayError as error:  # deleted a moment ago, or not to be read: known all the same
            if error.problem.passes:
                raise
        else:
            made = _time((answer.get("Attributes") or {}).get("CreatedTimestamp"))
        return Leftover(Sort.QUEUE, url.rsplit("/", 1)[-1], url, made=made)

    async def rules(self) -> tuple[Leftover, ...]:
        answer = await self._aws.call("events", "ListRules", {"NamePrefix": PREFIX})
        names = [str(cleaned(each.get("Name") or "")) for each in answer.get("Rules") or []]
        return tuple(Leftover(Sort.RULE, name, name) for name in names)

    async def subscriptions(self, topic: str = "") -> tuple[Leftover, ...]:
        operation = "ListSubscriptionsByTopic" if topic else "ListSubscriptions"
        where = {"TopicArn": topic} if topic else {}
        try:
            rows = await self._rows(operation, where)
        except GatewayError as error:
            if topic and error.trouble is Trouble.GONE:
                return ()
            raise
        return tuple(
            Leftover(
                Sort.SUBSCRIPTION,
                cleaned(str(row["Endpoint"])).rsplit(":", 1)[-1],
                cleaned(str(row["SubscriptionArn"])),
                cleaned(str(row.get("TopicArn") or topic)),
            )
            for row in rows
            if row.get("Protocol") == "sqs"
            and is_temporary(str(row.get("Endpoint")))
            and str(row.get("SubscriptionArn")).startswith("arn:")
        )

    async def _rows(self, operation: str, where: Mapping[str, str]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        token = ""
        for _page in range(MOST_PAGES):
            page = {**where, **({"NextToken": token} if token else {})}
            answer = await self._aws.call("sns", operation, page)
            rows += answer.get("Subscriptions") or []
            token = answer.get("NextToken") or ""
            if not token:
                break
        return rows

    async def counted(
        self, metric: str, dimensions: Mapping[str, str], since: datetime, until: datetime
    ) -> float:
        answer = await self._aws.call(
            "cloudwatch",
            "GetMetricStatistics",
            {
                "Namespace": "AWS/SES",
                "MetricName": metric,
                "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
                "StartTime": since.replace(second=0, microsecond=0),
                "EndTime": until.replace(second=0, microsecond=0) + 2 * _MINUTE,
                "Period": 60,
                "Statistics": ["Sum"],
            },
        )
        return sum(float(each.get("Sum") or 0) for each in answer.get("Datapoints") or [])


def _time(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
