"""Watch an identity: what SES says and what DNS says, again and again, until all is well."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sestui.domain.diagnosis import RecordCheck, Severity
from sestui.domain.diagnosis.report import Report
from sestui.domain.diagnosis.timeline import Event, add_events, add_states
from sestui.domain.errors import Problem
from sestui.domain.identity import Identity
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.check import Target, check_domain

Sleep = Callable[[float], Awaitable[None]]
Now = Callable[[], datetime]

FIRST_PAUSE = 15.0
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
    report: Report | None = None
    """All that the look has found out; None when the identity is gone."""
    timeline: tuple[Event, ...] = ()
    """What changed when, the oldest first."""


def settled(identity: Identity, checks: tuple[RecordCheck, ...]) -> bool:
    """Nothing is left to wait for."""
    return identity.complete and all(check.severity is Severity.OK for check in checks)


def next_pause(pause: float, news: bool) -> float:
    """Soon after something has changed, then slower and slower."""
    return FIRST_PAUSE if news or not pause else min(pause * 1.5, LONGEST_PAUSE)


async def watch(
    cloud: Cloud,
    identity: Identity,
    before: tuple[RecordCheck, ...],
    *,
    sleep: Sleep,
    now: Now,
    timeline: tuple[Event, ...] = (),
) -> AsyncIterator[Snapshot]:
    """Look until all is well: at first every 15 s, slower as time passes without news.

    A lost network or a throttled call is told in the snapshot, and the watch goes on; it ends when
    the identity is complete or gone.

    Args:
        before: the checks of an earlier look, if there was one.
        timeline: the events so far, which the watch goes on with.
    """
    pause = 0.0
    checks = before
    known = identity if timeline else None
    while True:
        problem: Problem | None = None
        try:
            fresh = await cloud.ses.identity(identity.name)
        except GatewayError as error:
            problem = error.problem
            fresh = identity
        if fresh is None:
            yield Snapshot(None, checks, now(), 0.0, timeline=timeline)
            return
        target = Target.of(fresh, cloud.connection.region)
        report = await check_domain(cloud.dns, target, checks, now=now)
        done = problem is None and settled(fresh, report.checks)
        news = fresh != identity or _verdicts(report.checks) != _verdicts(checks)
        pause = next_pause(pause, news)
        timeline = add_states(timeline, fresh, known, report.at)
        timeline = add_events(timeline, report.checks, checks if known else (), report.at)
        identity = known = fresh
        checks = report.checks
        yield Snapshot(
            identity, checks, report.at, 0.0 if done else pause, problem, report, timeline
        )
        if done:
            return
        await sleep(pause)


def _verdicts(checks: tuple[RecordCheck, ...]) -> list[str]:
    return [check.verdict for check in checks]
