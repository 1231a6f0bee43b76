"""sestui without its pauses, for a practice account: no rate limit, and no rest between looks.

`python -m tests.cli.at_once` is `python -m sestui` like that.
"""

from __future__ import annotations

import asyncio
import itertools
import sys

from sestui.cli.session import Front
from sestui.cli.words import Options
from sestui.connect import World

OPENED = 77
"""The exit code where the wizard would have opened."""
SHORT = 0.02
"""Seconds that a pause takes, however long it should be."""


async def sleep(seconds: float) -> None:
    await asyncio.sleep(min(seconds, SHORT))


def world(options: Options | None = None) -> World:
    """Its clock is a minute further each time the limiter looks, so that nothing waits for it."""
    minutes = itertools.count(0.0, 60.0)
    return World(options, monotonic=lambda: next(minutes), sleep=sleep)


def wizard(_options: Options) -> int:
    """In the place of the wizard."""
    return OPENED


FRONT = Front(wizard=wizard, practice=wizard, world=world, sleep=sleep)

if __name__ == "__main__":
    from sestui.__main__ import main

    sys.exit(main(front=FRONT))
