"""Changing things at AWS, and reading the services that SES events go to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from sestui.domain.destinations.facts import (
        Key,
        Queue,
        Role,
        Rule,
        Stream,
        Subscription,
        Topic,
    )
    from sestui.domain.plan import Call
    from sestui.domain.reputation import Rates

_Read = TypeVar("_Read")


class Changes(Protocol):
    """The only way to change anything at AWS."""

    async def make(self, call: Call) -> Mapping[str, Any]:
        """Make one call, journal it before and after, and return the answer (plain text cleaned).

        An error code in `call.tolerate` yields an empty answer.

        Raises:
            GatewayError: CHANGED, when `call.expected` is not so any more: nothing was written.
                Or whatever else keeps the call from being made.
        """
        ...

    async def history(self, read: Callable[[Iterable[Mapping[str, Any]]], _Read]) -> _Read:
        """What `read` makes of the journal's lines of this account and Region, oldest first.

        It is called in a thread, and given one line at a time.
        """
        ...


class Neighbours(Protocol):
    """Reading the services that SES events go to."""

    async def topics(self) -> tuple[str, ...]:
        """ARNs of all topics, FIFO ones left out: SES cannot publish to them."""
        ...

    async def topic(self, arn: str) -> Topic | None: ...

    async def streams(self) -> tuple[str, ...]:
        """ARNs of Firehose streams."""
        ...

    async def role(self, name: str) -> str:
        """The role's ARN; empty when there is none."""
        ...

    async def subscriptions(self, arn: str) -> tuple[Subscription, ...]:
        """Of the topic, those that wait to be confirmed too."""
        ...

    async def keys(self) -> tuple[str, ...]:
        """Aliases of the account's own KMS keys."""
        ...

    async def key(self, key_id: str) -> Key | None:
        """`key_id`: an id, an ARN or an alias."""
        ...

    async def queues(self) -> tuple[str, ...]:
        """ARNs of the standard queues."""
        ...

    async def queue(self, arn: str) -> Queue | None: ...

    async def stream(self, arn: str) -> Stream | None: ...

    async def roles(self) -> tuple[Role, ...]:
        """With whom they trust, without their policies."""
        ...

    async def role_with_policies(self, name: str) -> Role | None: ...

    async def rules(self) -> tuple[Rule, ...]:
        """The rules of the default bus that ask for events of SES."""
        ...

    async def rule(self, name: str) -> Rule | None:
        """A rule of the default bus, whatever it is for."""
        ...


class Queues(Protocol):
    """Looking into SQS queues without taking anything out of them."""

    async def url(self, arn: str) -> str:
        """Where the queue is; empty when there is none such.

        Raises:
            GatewayError: it is in another Region, or may not be looked for.
        """
        ...

    async def peek(self, url: str) -> tuple[str, ...]:
        """The bodies of the messages that lie there; hostile text. Nothing is deleted.

        Raises:
            GatewayError: not allowed, or looking would move messages away (redrive policy).
        """
        ...

    async def take(self, url: str) -> tuple[str, ...]:
        """Like `peek`, and they are gone then: from a temporary queue of sestui's own only.

        Raises:
            GatewayError: not allowed, or the queue is somebody's.
        """
        ...


class Metrics(Protocol):
    """What SES publishes of itself in CloudWatch."""

    async def rates(self, since: datetime, until: datetime, set_name: str = "") -> Rates:
        """Bounce and complaint rate, a point an hour where there is one: of the account, or of a
        configuration set that has reputation metrics on.

        Raises:
            GatewayError: DENIED without cloudwatch:GetMetricData.
        """
        ...
