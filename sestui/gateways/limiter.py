"""SES allows 1 request/s on everything but sending (Developer Guide, "Service quotas")."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

RATE = 1.0
"""Requests per second and account and Region; not adjustable at AWS."""
BURST = 2
"""How many may go out at once after a rest, so that a person's first screen is quick."""


class Limiter:
    """A token bucket that serves in the order of asking.

    Args:
        rate: tokens per second.
        burst: how many tokens a rest saves up.
        monotonic: a clock in seconds.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        rate: float = RATE,
        burst: int = BURST,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._monotonic = monotonic
        self._sleep = sleep
        self._tokens = float(burst)
        self._at = monotonic()

    async def wait(self) -> None:
        """Return when the next request may go out; a cancelled wait gives its token back.

        Each takes its place at once, by owing a token, so there is no lock, and nothing that would
        belong to one event loop: a command may run several, one after another.
        """
        self._refill()
        self._tokens -= 1.0
        if self._tokens >= 0.0:
            return
        try:
            await self._sleep(-self._tokens / self._rate)
        except asyncio.CancelledError:
            self._tokens += 1.0
            raise

    def drain(self) -> None:
        """Forget what a rest has saved up: AWS has just said that it was too much."""
        self._refill()
        self._tokens = min(self._tokens, 0.0)

    def _refill(self) -> None:
        now = self._monotonic()
        gained = (now - self._at) * self._rate
        self._at = now
        self._tokens = min(float(self._burst), self._tokens + gained)


class Limiters:
    """One limiter for each account and Region, shared by all that call there."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._limiters: dict[tuple[str, str], Limiter] = {}

    def of(self, account: str, region: str) -> Limiter:
        """The limiter that all control-plane calls to `account` in `region` wait for."""
        key = (account, region)
        if key not in self._limiters:
            self._limiters[key] = Limiter(monotonic=self._monotonic, sleep=self._sleep)
        return self._limiters[key]
