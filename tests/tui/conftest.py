"""The wizard under Pilot, on a real practice account in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from sestui.connect import PracticeAccess, World
from sestui.domain.account import Choice, Source
from sestui.domain.steps import WizardState
from sestui.practice.account import FAST, PracticeAccount
from sestui.tui.app import WizardApp


async def shortly(seconds: float) -> None:
    """The wizard's own pauses, which are for people."""
    await asyncio.sleep(min(seconds, 0.2))


class HurriedClock:
    """For the limiter: waiting takes no time, so 1 request/s does not slow the tests."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture(scope="module")
def account() -> Iterator[PracticeAccount]:
    with PracticeAccount(options=FAST) as practice:
        yield practice


@pytest.fixture
def wizard(account: PracticeAccount, tmp_path) -> Callable[..., WizardApp]:
    """A wizard on the account; each call is a new start with the same preferences."""

    async def access() -> PracticeAccess:
        return PracticeAccess.of(account.environment())

    hurried = HurriedClock()

    def start(**changes: object) -> WizardApp:
        world = World(
            practice=access,
            state=tmp_path,
            config=tmp_path,
            monotonic=hurried.monotonic,
            sleep=hurried.sleep,
        )
        state = replace(WizardState(practice=True), **changes)
        return WizardApp(world, state, choice=Choice(Source.PRACTICE), sleep=shortly)

    return start
