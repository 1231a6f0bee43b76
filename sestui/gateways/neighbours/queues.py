"""SQS: queues and their policies. Their messages are another gateway's."""

from __future__ import annotations

from sestui.domain.destinations.facts import Queue
from sestui.domain.i18n import _
from sestui.gateways.cleaning import cleaned
from sestui.gateways.neighbours.reader import Reader, policy_of


class QueuePolicies(Reader):
    async def queues(self) -> tuple[str, ...]:
        # Without a limit SQS gives a thousand and says nothing of the rest.
        rows = await self._all("sqs", "ListQueues", "QueueUrls", {"MaxResults": 1000})
        names = (cleaned(url.rstrip("/").rsplit("/", 1)[-1]) for url in rows)
        return tuple(self._arn("sqs", name) for name in names if not name.endswith(".fifo"))

    async def queue(self, arn: str) -> Queue | None:
        *_start, account, name = arn.split(":")
        parameters = {"QueueName": name}
        if account != self._account:
            parameters["QueueOwnerAWSAccountId"] = account
        answer = await self._there("sqs", "GetQueueUrl", parameters)
        url = (answer or {}).get("QueueUrl") or ""
        if not url:
            return None
        wanted = {"QueueUrl": url, "AttributeNames": ["QueueArn", "Policy", "KmsMasterKeyId"]}
        answer = await self._there("sqs", "GetQueueAttributes", wanted)
        if answer is None:
            return None
        attributes = answer.get("Attributes") or {}
        words = _("The policy of this queue cannot be read.")
        return Queue(
            arn,
            url,
            policy_of(attributes.get("Policy") or "{}", words, "GetQueueAttributes"),
            cleaned(attributes.get("KmsMasterKeyId") or ""),
        )
