"""The wizard under Pilot, on a practice account in a process beside the tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sestui.domain.account import Choice, Source
from sestui.domain.steps import WizardState
from sestui.tui.app import WizardApp
from tests.account_process import RemoteAccount
from tests.practice_cloud import practice_world
from tests.resting import RestingLoop, at_rest


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"resting": RestingLoop}


async def wait_for_idle(_min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """In place of Textual's own, which takes 40 ms a key at least and goes by processor time."""
    await at_rest(max_sleep)


@pytest.fixture(autouse=True)
def pilot_goes_on_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.app.wait_for_idle", wait_for_idle)
    monkeypatch.setattr("textual.pilot.wait_for_idle", wait_for_idle)


@pytest.fixture(autouse=True)
def one_app_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wizard freezes what it has loaded; here that would be the garbage of many wizards."""
    monkeypatch.setattr("sestui.tui.app.FREEZE_AFTER", 3600.0)


@pytest.fixture
def until() -> Callable[..., Awaitable[None]]:
    """`await until(pilot, condition)`: let the app run until the condition holds, then to its rest.

    The time is counted in looks, of which a busy machine makes fewer.
    """

    async def wait(
        pilot: Pilot[object], condition: Callable[[], object], seconds: float = 10.0
    ) -> None:
        step = 0.02
        for _ in range(int(seconds / step)):
            if condition():
                return await at_rest(1.0)
            await asyncio.sleep(step)
        pytest.fail(f"still not so after {seconds} s, on {pilot.app.screen}")

    return wait


async def shortly(seconds: float) -> None:
    """The wizard's own pauses, which are for people."""
    await asyncio.sleep(min(seconds, 0.2))


@pytest.fixture
def wizard(account: RemoteAccount, tmp_path: Path) -> Callable[..., WizardApp]:
    """A wizard on the account; each call is a new start with the same preferences."""

    def start(**changes: object) -> WizardApp:
        state = replace(WizardState(practice=True), **changes)
        world = practice_world(account, tmp_path)
        return WizardApp(world, state, choice=Choice(Source.PRACTICE), sleep=shortly)

    return start
