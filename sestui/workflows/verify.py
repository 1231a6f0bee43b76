"""Check an identity: what SES says and what DNS says, once or again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sestui.domain.diagnosis import RecordCheck, Verdict, diagnose, keep_since
from sestui.domain.errors import Problem
from sestui.domain.identity import Identity
from sestui.domain.records import RequiredRecord, required_records
from sestui.gateways.ports import Cloud, Dns, GatewayError

Sleep = Callable[[float], Awaitable[None]]
Now = Callable[[], datetime]

FIRST_PAUSE = 10.0
LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One round of looking. `identity` is None when it has been deleted meanwhile."""

    identity: Identity | None
    checks: tuple[RecordCheck, ...]
    at: datetime
    pause: float
    """Seconds until the next round; 0 when all is well and nothing is left to wait for."""
    problem: Problem | None = None
    """Why SES could not be asked this time; `identity` is then what it said last."""


async def check_records(
    dns: Dns,
    records: tuple[RequiredRecord, ...],
    before: tuple[RecordCheck, ...],
    now: Now,
) -> tuple[RecordCheck, ...]:
    """A verdict on each record, with the time since when it stands."""
    answers = await dns.ask([(record.name, record.type) for record in records])
    known = {check.record: check for check in before}
    return tuple(
        keep_since(diagnose(record, answer), known.get(record), now())
        for record, answer in zip(records, answers, strict=True)
    )


def settled(identity: Identity, checks: tuple[RecordCheck, ...]) -> bool:
    """Nothing is left to wait for."""
    return identity.complete and all(check.verdict is Verdict.OK for check in checks)


async def watch(
    cloud: Cloud,
    identity: Identity,
    before: tuple[RecordCheck, ...],
    *,
    sleep: Sleep,
    now: Now,
) -> AsyncIterator[Snapshot]:
    """Look until all is well: SES at most every 10 s, slower as time passes without news.

    A lost network or a throttled call is told in the snapshot, and the watch goes on; it ends when
    the identity is complete or gone.
    """
    pause = 0.0
    checks = before
    while True:
        problem: Problem | None = None
        try:
            fresh = await cloud.ses.identity(identity.name)
        except GatewayError as error:
            problem = error.problem
            fresh = identity
        if fresh is None:
            yield Snapshot(None, checks, now(), 0.0)
            return
        records = required_records(fresh, cloud.connection.region)
        seen = await check_records(cloud.dns, records, checks, now)
        done = problem is None and settled(fresh, seen)
        news = fresh != identity or [c.verdict for c in seen] != [c.verdict for c in checks]
        first = news or not pause
        pause = FIRST_PAUSE if first else min(pause * 1.5, LONGEST_PAUSE)
        identity, checks = fresh, seen
        yield Snapshot(identity, checks, now(), 0.0 if done else pause, problem)
        if done:
            return
        await sleep(pause)
