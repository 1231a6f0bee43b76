"""SNS: topics and who is subscribed to them."""

from __future__ import annotations

from typing import Any

from sestui.domain.destinations.facts import BY_ATTRIBUTES, Subscription, Topic
from sestui.domain.i18n import _
from sestui.gateways.cleaning import cleaned
from sestui.gateways.neighbours.reader import Reader, policy_of

MOST_LOOKED_AT = 50
"""Subscriptions whose attributes are read, a call each."""


class Topics(Reader):
    async def topics(self) -> tuple[str, ...]:
        rows = await self._all("sns", "ListTopics", "Topics")
        arns = (cleaned(row.get("TopicArn") or "") for row in rows)
        return tuple(arn for arn in arns if arn and not arn.endswith(".fifo"))

    async def topic(self, arn: str) -> Topic | None:
        answer = await self._there("sns", "GetTopicAttributes", {"TopicArn": arn})
        if answer is None:
            return None
        attributes = answer.get("Attributes") or {}
        rows = await self._subscribed(arn)
        return Topic(
            arn=arn,
            policy=policy_of(
                attributes.get("Policy") or "{}",
                _("The policy of this topic cannot be read."),
                "GetTopicAttributes",
            ),
            kms_key=cleaned(attributes.get("KmsMasterKeyId") or ""),
            subscriptions=tuple((each.protocol, each.endpoint, each.confirmed) for each in rows),
        )

    async def subscriptions(self, arn: str) -> tuple[Subscription, ...]:
        rows = await self._subscribed(arn)
        return tuple(
            [
                await self._with_attributes(each) if number < MOST_LOOKED_AT else each
                for number, each in enumerate(rows)
            ]
        )

    async def _subscribed(self, arn: str) -> tuple[Subscription, ...]:
        rows = await self._all(
            "sns", "ListSubscriptionsByTopic", "Subscriptions", {"TopicArn": arn}
        )
        return tuple(_subscription(row) for row in rows if row.get("SubscriptionArn") != "Deleted")

    async def _with_attributes(self, each: Subscription) -> Subscription:
        if not each.confirmed:
            return each
        parameters = {"SubscriptionArn": each.arn}
        answer = await self._there("sns", "GetSubscriptionAttributes", parameters)
        attributes = (answer or {}).get("Attributes") or {}
        return Subscription(
            each.protocol,
            each.endpoint,
            each.arn,
            raw=attributes.get("RawMessageDelivery") == "true",
            filter_policy=_filter(attributes.get("FilterPolicy") or ""),
            filter_scope=cleaned(attributes.get("FilterPolicyScope") or BY_ATTRIBUTES),
        )


def _subscription(row: dict[str, Any]) -> Subscription:
    arn = str(row.get("SubscriptionArn") or "")
    return Subscription(
        cleaned(row.get("Protocol") or ""),
        cleaned(row.get("Endpoint") or ""),
        # Else it says PendingConfirmation.
        cleaned(arn) if arn.startswith("arn:") else "",
    )


def _filter(text: str) -> str:
    """Word for word, for it is written back; an empty one is none."""
    return "" if text.strip() in ("", "{}", "null") else text
