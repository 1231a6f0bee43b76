"""Reading SNS, Firehose and IAM: where SES events go."""

from __future__ import annotations

import json
from typing import Any

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.regions import partition
from sestui.gateways.aws import Aws
from sestui.gateways.cleaning import cleaned
from sestui.gateways.ports import GatewayError, Topic


class BotoNeighbours:
    """`Neighbours`, over boto3.

    Args:
        account: the streams' ARNs are made with it; ListDeliveryStreams gives names only.
    """

    def __init__(self, aws: Aws, account: str) -> None:
        self._aws = aws
        self._account = account

    async def topics(self) -> tuple[str, ...]:
        rows = await self._all("sns", "ListTopics", "Topics")
        arns = (cleaned(row.get("TopicArn") or "") for row in rows)
        return tuple(arn for arn in arns if arn and not arn.endswith(".fifo"))

    async def topic(self, arn: str) -> Topic | None:
        try:
            answer = await self._aws.call("sns", "GetTopicAttributes", {"TopicArn": arn})
        except GatewayError as error:
            if error.trouble is Trouble.GONE:
                return None
            raise
        attributes = answer.get("Attributes") or {}
        rows = await self._all(
            "sns", "ListSubscriptionsByTopic", "Subscriptions", {"TopicArn": arn}
        )
        subscriptions = [
            (
                cleaned(row.get("Protocol") or ""),
                cleaned(row.get("Endpoint") or ""),
                # Else it says PendingConfirmation, or Deleted.
                str(row.get("SubscriptionArn", "")).startswith("arn:"),
            )
            for row in rows
            if row.get("SubscriptionArn") != "Deleted"
        ]
        return Topic(
            arn=arn,
            policy=_policy(attributes.get("Policy") or "{}"),
            kms_key=cleaned(attributes.get("KmsMasterKeyId") or ""),
            subscriptions=tuple(subscriptions),
        )

    async def streams(self) -> tuple[str, ...]:
        names: list[str] = []
        while True:
            parameters = {"ExclusiveStartDeliveryStreamName": names[-1]} if names else {}
            answer = await self._aws.call("firehose", "ListDeliveryStreams", parameters)
            page = answer.get("DeliveryStreamNames") or []
            names += page
            if not page or not answer.get("HasMoreDeliveryStreams"):
                break
        region = self._aws.region
        prefix = f"arn:{partition(region)}:firehose:{region}:{self._account}:deliverystream/"
        return tuple(prefix + cleaned(name) for name in names)

    async def role(self, name: str) -> str:
        try:
            answer = await self._aws.call("iam", "GetRole", {"RoleName": name})
        except GatewayError as error:
            if error.trouble is Trouble.GONE:
                return ""
            raise
        return str(cleaned((answer.get("Role") or {}).get("Arn") or ""))

    async def _all(
        self, service: str, operation: str, member: str, parameters: dict[str, str] | None = None
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        token, seen = "", set[str]()
        while True:
            page = {**(parameters or {}), **({"NextToken": token} if token else {})}
            answer = await self._aws.call(service, operation, page)
            rows += answer.get(member) or []
            token = answer.get("NextToken") or ""
            if not token or token in seen:
                return rows
            seen.add(token)


def _policy(text: str) -> dict[str, Any]:
    """The policy word for word, not cleaned: it is written back with a statement added.

    One that cannot be read stops whatever is planned with it; it would be overwritten.
    """
    try:
        policy = json.loads(text)
    except ValueError:
        policy = None
    if isinstance(policy, dict):
        return policy
    raise GatewayError(
        Problem(
            _("The policy of this topic cannot be read."),
            _("Look at it in the SNS console, or choose another topic. Nothing was changed."),
            Trouble.REFUSED,
            operation="GetTopicAttributes",
        )
    )
