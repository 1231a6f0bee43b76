"""Where moto's SNS is not like the real one: who gets what is published to a topic."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from sestui.practice.events import policy

SNS = "sns.amazonaws.com"
PENDING = "PendingConfirmation"
_MENDED = "sestui_mended"


def mend_sns(told: Callable[[str], None] = lambda _reason: None) -> None:
    """Hand a message on as SNS does.

    - An HTTPS endpoint has to confirm its subscription. None can here, for nobody has a certificate
      for this machine, so it waits for ever and gets nothing.
    - A queue that has a policy gets what that lets in. One without any is let off: at AWS it would
      get nothing, but a lesson would fail by it long before it is about policies.
    - Raw delivery that is switched off again is off; moto takes the word "false" for a yes.

    Args:
        told: why a subscriber got nothing.
    """
    from moto.sns.models import SNSBackend, Subscription
    from moto.sns.responses import SNSResponse

    publish: Any = Subscription.publish
    if getattr(publish, _MENDED, False):
        return

    def published(self: Any, *arguments: Any, **more: Any) -> None:
        if is_pending(self):
            told(f"{self.endpoint} has not confirmed its subscription")
        elif self.protocol == "sqs" and not _let_in(self):
            told(f"the policy of {self.endpoint} does not let {self.topic.arn} in")
        else:
            publish(self, *arguments, **more)

    setattr(published, _MENDED, True)
    setattr(Subscription, "publish", published)  # noqa: B010 - mypy minds

    set_attributes: Any = SNSBackend.set_subscription_attributes

    def attributes_set(self: Any, arn: str, name: str, value: Any) -> None:
        if name == "RawMessageDelivery":
            value = str(value).lower() == "true"
        set_attributes(self, arn, name, value)

    setattr(SNSBackend, "set_subscription_attributes", attributes_set)  # noqa: B010 - likewise
    for name in ("list_subscriptions", "list_subscriptions_by_topic"):
        setattr(SNSResponse, name, _with_pending(getattr(SNSResponse, name)))


def is_pending(subscription: Any) -> bool:
    return bool(subscription.protocol == "https")


def _with_pending(listing: Any) -> Any:
    """A list in which those that wait have a word in the place of their ARN."""

    def listed(self: Any) -> Any:
        answer = listing(self)
        rows = answer.result["Subscriptions"]
        answer.result["Subscriptions"] = [_shown(row) if is_pending(row) else row for row in rows]
        return answer

    return listed


def _shown(subscription: Any) -> Any:
    row = copy.copy(subscription)
    row.arn = PENDING
    return row


def _let_in(subscription: Any) -> bool:
    from moto.sqs.exceptions import QueueDoesNotExist
    from moto.sqs.models import sqs_backends

    _arn, _aws, _sqs, region, account, name = subscription.endpoint.split(":")
    try:
        queue = sqs_backends[account][region].get_queue(name)
    except QueueDoesNotExist:
        return False
    if not queue.policy:
        return True
    topic = subscription.topic.arn
    context = {
        "aws:sourcearn": topic,
        "aws:sourceaccount": topic.split(":")[4],
        "aws:securetransport": "true",
    }
    return policy.allows(
        queue.policy,
        service=SNS,
        action="sqs:SendMessage",
        resource=queue.queue_arn,
        context=context,
    )
