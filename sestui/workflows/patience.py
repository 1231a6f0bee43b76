"""Questions that SES refuses for the rate are asked again: it takes one a second of everybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sestui.domain.errors import Trouble
from sestui.gateways.ports import GatewayError
from sestui.workflows.carry_out import Sleep

PATIENCE = 5.0
"""Seconds until the next try."""
TRIES = 4

Answer = TypeVar("Answer")


async def patiently(ask: Callable[[], Awaitable[Answer]], sleep: Sleep) -> Answer:
    """What `ask` answers, though somebody else may have used up the rate for a while.

    Only for what may be asked twice.

    Raises:
        GatewayError: what `ask` raises, when the patience is at its end.
    """
    for _number in range(TRIES - 1):
        try:
            return await ask()
        except GatewayError as error:
            if error.trouble is not Trouble.THROTTLED:
                raise
        await sleep(PATIENCE)
    return await ask()
