"""Read the suppression list, page by page, and look one address up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from sestui.domain.suppression import Suppressed, Wanted
from sestui.gateways.ports import Cloud
from sestui.workflows.carry_out import Sleep
from sestui.workflows.patience import patiently

PAGES_AT_ONCE = 10
"""Of up to 1,000 addresses, one a second; then the person says whether to go on."""


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
        # A long list is not given up because someone else has used up the rate.
        page = await patiently(partial(cloud.ses.suppression_page, wanted, token), sleep)
        entries += page.entries
        token = page.token
        more = bool(token) and number + 1 < PAGES_AT_ONCE
        yield Read(tuple(entries), token, more)
        if not token:
            return
