"""Carry out a plan, call by call, telling how far it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sestui.domain.errors import Trouble
from sestui.domain.plan import Call, Plan
from sestui.gateways.ports import Changes, GatewayError

Sleep = Callable[[float], Awaitable[None]]

SETTLE_PAUSE = 3.0


@dataclass(frozen=True, slots=True)
class Progress:
    """One call of a plan: about to be made (`answer` is None) or made."""

    call: Call
    number: int
    of: int
    answer: Mapping[str, Any] | None = None


async def carry_out(changes: Changes, plan: Plan, sleep: Sleep) -> AsyncIterator[Progress]:
    """Make the calls of `plan` one after another.

    Raises:
        GatewayError: a call failed. Those before it are done; a plan made anew holds the rest.
    """
    for number, call in enumerate(plan, 1):
        yield Progress(call, number, len(plan))
        yield Progress(call, number, len(plan), await _patiently(changes, call, sleep))


async def _patiently(changes: Changes, call: Call, sleep: Sleep) -> Mapping[str, Any]:
    left = call.settles
    while True:
        try:
            return await changes.make(call)
        except GatewayError as error:
            if left <= 0 or error.trouble is not Trouble.REFUSED:
                raise
        await sleep(SETTLE_PAUSE)
        left -= SETTLE_PAUSE
