"""Read the suppression list, page by page, and look one address up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sestui.domain.errors import Trouble
from sestui.domain.suppression import Suppressed, SuppressionPage, Wanted
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.carry_out import Sleep

PAGES_AT_ONCE = 10
"""Of up to 1,000 addresses, one a second; then the person says whether to go on."""
PATIENCE = 5.0
"""Seconds after which a page that was refused for the rate is asked for again."""
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Read:
    """What has been read of the list so far, by this reading and those before it."""

    entries: tuple[Suppressed, ...]
    token: str = ""
    """Where it goes on; empty when all has been read."""
    reading: bool = False
    """The next page is on its way."""


async def read_list(
    cloud: Cloud, wanted: Wanted, sleep: Sleep, so_far: Read | None = None
) -> AsyncIterator[Read]:
    """Read up to PAGES_AT_ONCE pages, after what has been read before.

    Yields:
        All that is known, after each page.

    Raises:
        GatewayError: a page could not be read; those before it were yielded.
    """
    entries = list(so_far.entries) if so_far else []
    token = so_far.token if so_far else ""
    for number in range(PAGES_AT_ONCE):
        page = await _patiently(cloud, wanted, token, sleep)
        entries += page.entries
        token = page.token
        more = bool(token) and number + 1 < PAGES_AT_ONCE
        yield Read(tuple(entries), token, more)
        if not token:
            return


async def _patiently(cloud: Cloud, wanted: Wanted, token: str, sleep: Sleep) -> SuppressionPage:
    """A long list is not given up because someone else has used up the rate."""
    for _number in range(_TRIES - 1):
        try:
            return await cloud.ses.suppression_page(wanted, token)
        except GatewayError as error:
            if error.trouble is not Trouble.THROTTLED:
                raise
        await sleep(PATIENCE)
    return await cloud.ses.suppression_page(wanted, token)
