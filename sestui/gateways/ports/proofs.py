"""What a proof that events arrive looks at, and what it may have left behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sestui.domain.prove.plan import Leftover


class Proofs(Protocol):
    """Found by the name that all of them have; each service may be denied by itself."""

    async def queues(self) -> tuple[Leftover, ...]: ...

    async def rules(self) -> tuple[Leftover, ...]: ...

    async def subscriptions(self, topic: str = "") -> tuple[Leftover, ...]:
        """Those of temporary queues: to a topic (its ARN), or to all topics of the account."""
        ...

    async def counted(
        self, metric: str, dimensions: Mapping[str, str], since: datetime, until: datetime
    ) -> float:
        """The sum of a metric of AWS/SES, in whole minutes."""
        ...
