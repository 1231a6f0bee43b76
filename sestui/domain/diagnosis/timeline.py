"""What changed when: the verdicts on the records and the states at SES, as they come in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sestui.domain.diagnosis.of_ses import states
from sestui.domain.diagnosis.verdicts import RecordCheck
from sestui.domain.i18n import _
from sestui.domain.identity import Identity, Status
from sestui.domain.records import RequiredRecord
from sestui.domain.severity import Severity

MOST = 200
"""Events kept; a watch may go on for days."""


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    text: str
    severity: Severity
    record: RequiredRecord | None = None
    """None for a state at SES."""


def add_events(
    timeline: tuple[Event, ...],
    checks: Iterable[RecordCheck],
    before: Iterable[RecordCheck],
    now: datetime,
) -> tuple[Event, ...]:
    """`timeline` with what is new about the records. A first look is news as well."""
    known = {check.record: check.verdict for check in before}
    new = [
        Event(now, f"{check.record.key}: {check.verdict.word}", check.severity, check.record)
        for check in checks
        if known.get(check.record) is not check.verdict
    ]
    return (*timeline, *new)[-MOST:]


def add_states(
    timeline: tuple[Event, ...], identity: Identity, before: Identity | None, now: datetime
) -> tuple[Event, ...]:
    """`timeline` with what is new at SES."""
    old = states(before) if before is not None else {}
    names = {"identity": _("identity"), "dkim": _("DKIM"), "mail_from": _("MAIL FROM")}
    new = [
        Event(
            now,
            _("SES: {part} {status}").format(part=names[part], status=status.word),
            _how(status),
        )
        for part, status in states(identity).items()
        if old.get(part) is not status
    ]
    return (*timeline, *new)[-MOST:]


def _how(status: Status) -> Severity:
    if status is Status.SUCCESS:
        return Severity.OK
    return Severity.ERROR if status is Status.FAILED else Severity.WARNING
