"""An event loop that tells when it is at rest: nothing is left to do but to wait for others.

It knows by itself: it then goes to sleep. Processor time and pauses, which are the usual way to
guess it, take long and go wrong beside a busy machine.
"""

from __future__ import annotations

import asyncio
import selectors

SOON = 0.02
"""Seconds. What is due by then is waited for: a screen draws its changes 60 times a second."""


class RestSelector(selectors.DefaultSelector):
    """Tells those who wait for it when the event loop would go to sleep for longer than SOON."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[asyncio.Future[None]] = []

    def tell(self, waiter: asyncio.Future[None]) -> None:
        self._waiting.append(waiter)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self._waiting or (timeout is not None and timeout <= SOON):
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            for waiter in self._waiting:
                if not waiter.done():
                    waiter.set_result(None)
            self._waiting.clear()
        return ready


class RestingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._rest = RestSelector()
        super().__init__(self._rest)

    async def rest(self, most: float | None = None) -> None:
        """Wait until it is at rest, for `most` seconds where there may always be something."""
        waiter: asyncio.Future[None] = self.create_future()
        self._rest.tell(waiter)
        await asyncio.wait([waiter], timeout=most)


async def at_rest(most: float | None = None) -> None:
    """Wait until the running loop, a `RestingLoop`, is at rest."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, RestingLoop)
    await loop.rest(most)
