"""A practice account for the tests of a module, and sestui's connection to it.

A plugin of pytest, loaded by `conftest.py`: the fixtures here are there in every folder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sestui.connect import PracticeAccess, World
from sestui.domain.account import Choice, Source
from sestui.gateways.ports import Cloud
from tests.account_process import RemoteAccount, practice_account


async def at_once(_seconds: float) -> None:
    """A `sleep` for retries and polls that are not to take any time."""
    await asyncio.sleep(0)


class NoRateLimit:
    """A clock for the limiter of 1 request/s on which waiting takes no time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def practice_world(account: RemoteAccount, folder: Path) -> World:
    """A run of sestui on the account, with its preferences and its journal in `folder`."""

    async def access() -> PracticeAccess:
        return PracticeAccess.of(account.environment())

    clock = NoRateLimit()
    return World(
        practice=access,
        state=folder,
        config=folder,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        queue_wait=0,
    )


async def connect(account: RemoteAccount, folder: Path) -> Cloud:
    return await practice_world(account, folder).connect(Choice(Source.PRACTICE))


@pytest.fixture(scope="module")
def account() -> Iterator[RemoteAccount]:
    """One account for the tests of a module, each with names of its own."""
    with practice_account() as account:
        yield account


@pytest.fixture
def world(account: RemoteAccount, tmp_path: Path) -> World:
    return practice_world(account, tmp_path)


@pytest.fixture
async def cloud(account: RemoteAccount, tmp_path: Path) -> Cloud:
    return await connect(account, tmp_path)


@pytest.fixture
def client(account: RemoteAccount) -> Callable[[str], Any]:
    """`client("sns")`: boto3 beside sestui, to prepare and to check."""
    return account.client
