"""The watch: pauses, the time since when, what changed when, and how it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from sestui.domain.diagnosis import Verdict
from sestui.domain.errors import Problem
from sestui.domain.identity import Identity, Status
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.verify import LONGEST_PAUSE, Snapshot, watch
from tests.gateways.servers import NameServer
from tests.workflows.looking import asking
from tests.workflows.zones import AMAZONSES, identity, records

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PENDING = identity(status=Status.PENDING, verified=False)


@dataclass
class Ses:
    """Says one thing after another, the last for ever."""

    says: list[Identity | GatewayError | None]

    async def identity(self, name: str) -> Identity | None:
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if isinstance(said, GatewayError):
            raise said
        return said


@dataclass
class Clock:
    at: datetime = START
    pauses: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def server(name_server: NameServer) -> NameServer:
    for line in [*records().values(), *AMAZONSES.splitlines()[1:]]:
        name, rest = line.split(" ", 1)
        name_server.add(f"{name} 300 IN {rest}")
    name_server.add("example.com. 300 IN SOA ns1. host. 1 2 3 4 5")
    return name_server


@pytest.fixture
def name_server() -> Any:
    server = NameServer()
    yield server
    server.stop()


def watching(
    server: NameServer, clock: Clock, *says: Identity | GatewayError | None, **more: Any
) -> AsyncIterator[Snapshot]:
    connection = cast(Any, type("Connection", (), {"region": "eu-west-1"})())
    cloud = Cloud(connection, cast(Any, Ses(list(says))), cast(Any, None), cast(Any, None),
                  asking(server.place))  # fmt: skip
    return watch(cloud, PENDING, (), sleep=clock.sleep, now=clock.now, **more)


async def some(rounds: AsyncIterator[Snapshot], most: int = 50) -> list[Snapshot]:
    seen: list[Snapshot] = []
    async with aclosing(cast(Any, rounds)) as snapshots:
        async for snapshot in snapshots:
            seen.append(snapshot)
            if len(seen) == most:
                break
    return seen


async def test_it_ends_when_all_is_well(server: NameServer) -> None:
    clock = Clock()
    seen = await some(watching(server, clock, PENDING, PENDING, identity()))
    assert [snapshot.pause for snapshot in seen] == [15, 22.5, 0]
    assert clock.pauses == [15, 22.5]
    last = seen[-1]
    assert last.report is not None
    assert last.report.well
    assert {check.since for check in last.checks} == {START}
    texts = [event.text for event in last.timeline if event.record is None]
    assert texts == [
        "SES: identity pending", "SES: DKIM verified", "SES: MAIL FROM verified",
        "SES: identity verified",
    ]  # fmt: skip
    assert last.timeline[-1].at == START + timedelta(seconds=37.5)


async def test_pauses_grow_to_a_minute_and_news_makes_them_short(server: NameServer) -> None:
    clock = Clock()
    rounds = watching(server, clock, PENDING)
    seen = []
    async with aclosing(cast(Any, rounds)) as snapshots:
        async for snapshot in snapshots:
            seen.append(snapshot)
            if len(seen) == 6:
                del server.records["_dmarc.example.com", "TXT"]
            if len(seen) == 8:
                break
    assert [snapshot.pause for snapshot in seen][:6][-1] == LONGEST_PAUSE
    assert seen[6].pause == 15
    (event,) = [e for e in seen[-1].timeline if e.at > START]
    assert event.text == "TXT _dmarc.example.com: absent"
    assert event.at == seen[6].at
    (dmarc,) = [c for c in seen[-1].checks if c.record.purpose == "dmarc"]
    assert (dmarc.verdict, dmarc.since) == (Verdict.MISSING, seen[6].at)


async def test_a_lost_network_is_told_and_the_watch_goes_on(server: NameServer) -> None:
    lost = GatewayError(Problem("no network"))
    seen = await some(watching(server, Clock(), PENDING, lost, identity()))
    assert [snapshot.problem is not None for snapshot in seen] == [False, True, False]
    assert seen[1].identity == PENDING


async def test_a_deleted_identity_ends_it(server: NameServer) -> None:
    seen = await some(watching(server, Clock(), PENDING, None))
    assert seen[-1].identity is None
    assert len(seen) == 2


async def test_a_timeline_is_gone_on_with(server: NameServer) -> None:
    first = await some(watching(server, Clock(), PENDING), most=1)
    done = replace(PENDING, status=Status.SUCCESS, verified=True)
    again = await some(watching(server, Clock(), done, timeline=first[0].timeline), most=1)
    assert again[0].timeline[: len(first[0].timeline)] == first[0].timeline
