"""Looking into an SQS queue: messages are received for a moment, and not deleted.

Only out of a queue that sestui has made for itself they are taken.
"""

from __future__ import annotations

from typing import Any

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.prove.plan import is_temporary
from sestui.domain.text import printable
from sestui.gateways.aws import Aws
from sestui.gateways.cleaning import cleaned
from sestui.gateways.embedded import embedded_object
from sestui.gateways.ports import GatewayError

HIDDEN = 5
"""Seconds for which a message that was looked at is hidden from the queue's real readers; long
enough for one look to come to an end, or it would see the same messages again."""
MOST_ROUNDS = 20
"""Of ten messages each. A queue that nobody empties is not read through again and again."""
_BATCH = 10


class BotoQueues:
    """`Queues`, over boto3.

    Args:
        account: whose queues these are, where an ARN names another one it is asked for there.
        wait: seconds to wait for a message. With 0, SQS asks only some of its servers.
    """

    def __init__(self, aws: Aws, account: str, *, wait: int) -> None:
        self._aws = aws
        self._account = account
        self._wait = wait
        self._checked: set[str] = set()

    async def url(self, arn: str) -> str:
        parts = arn.split(":")
        if len(parts) != 6 or parts[2] != "sqs":
            return ""
        region, owner, name = parts[3:]
        if region != self._aws.region:
            raise GatewayError(
                Problem(
                    _("The queue {name} is in {region}.").format(
                        name=printable(name), region=printable(region)
                    ),
                    _("Choose that Region in step 1, or subscribe a queue of this one."),
                    Trouble.REFUSED,
                    operation="GetQueueUrl",
                )
            )
        parameters = {"QueueName": name}
        if owner != self._account:
            parameters["QueueOwnerAWSAccountId"] = owner
        try:
            answer = await self._aws.call("sqs", "GetQueueUrl", parameters)
        except GatewayError as error:
            if error.trouble is Trouble.GONE or "NonExistentQueue" in error.problem.code:
                return ""
            raise
        return str(cleaned(answer.get("QueueUrl") or ""))

    async def peek(self, url: str) -> tuple[str, ...]:
        if url not in self._checked:
            await self._check(url)
            self._checked.add(url)
        found: dict[str, str] = {}
        for _round in range(MOST_ROUNDS):
            messages = await self._receive(url, self._wait if not found else 0)
            before = len(found)
            found |= {each["MessageId"]: each.get("Body") or "" for each in messages}
            if len(found) == before:  # empty, or those seen at first are visible again
                break
        return tuple(found.values())

    async def take(self, url: str) -> tuple[str, ...]:
        name = url.rsplit("/", 1)[-1]
        if not is_temporary(name):
            raise GatewayError(
                Problem(
                    _("The queue {name} is not sestui's: nothing is taken out of it.").format(
                        name=printable(name)
                    ),
                    trouble=Trouble.REFUSED,
                    operation="DeleteMessage",
                )
            )
        found: list[str] = []
        for _round in range(MOST_ROUNDS):
            messages = await self._receive(url, self._wait if not found else 0)
            if not messages:
                break
            found += [each.get("Body") or "" for each in messages]
            receipts = [
                {"Id": str(number), "ReceiptHandle": each["ReceiptHandle"]}
                for number, each in enumerate(messages)
            ]
            await self._aws.call(
                "sqs", "DeleteMessageBatch", {"QueueUrl": url, "Entries": receipts}
            )
        return tuple(found)

    async def _receive(self, url: str, wait: int) -> list[dict[str, Any]]:
        answer = await self._aws.call(
            "sqs",
            "ReceiveMessage",
            {
                "QueueUrl": url,
                "MaxNumberOfMessages": _BATCH,
                "VisibilityTimeout": HIDDEN,
                "WaitTimeSeconds": wait,
            },
        )
        found: list[dict[str, Any]] = answer.get("Messages") or []
        return found

    async def _check(self, url: str) -> None:
        """Refuse a queue in which looking is counted, and in the end moves messages away."""
        answer = await self._aws.call(
            "sqs",
            "GetQueueAttributes",
            {"QueueUrl": url, "AttributeNames": ["QueueArn", "RedrivePolicy"]},
        )
        policy = (answer.get("Attributes") or {}).get("RedrivePolicy")
        if not policy:
            return
        most = (embedded_object(policy) or {}).get("maxReceiveCount")
        raise GatewayError(
            Problem(
                _("The queue {name} moves a message away after {n} looks at it.").format(
                    name=printable(url.rsplit("/", 1)[-1]), n=printable(str(most or "?"))
                ),
                _(
                    "sestui does not look into it. Subscribe another queue, one without a redrive "
                    "policy."
                ),
                Trouble.REFUSED,
                operation="GetQueueAttributes",
            )
        )
