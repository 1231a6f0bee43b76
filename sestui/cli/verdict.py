"""What a check comes to: one status, one exit code, and `sestui.check/1`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sestui.cli.output import ExitCode
from sestui.domain.diagnosis import Fix, RecordCheck, Severity, Verdict
from sestui.domain.diagnosis.findings import Finding
from sestui.domain.diagnosis.of_ses import states
from sestui.domain.diagnosis.report import Report
from sestui.domain.dns import Answer, Zone
from sestui.domain.errors import Problem
from sestui.domain.identity import Identity, Status
from sestui.domain.text import printable

SCHEMA = "sestui.check/1"


class CheckStatus(StrEnum):
    OK = "ok"
    PROBLEM = "problem"
    WAITING = "waiting"
    UNKNOWN = "unknown"

    @property
    def code(self) -> ExitCode:
        return {
            CheckStatus.OK: ExitCode.OK,
            CheckStatus.PROBLEM: ExitCode.NOT_READY,
            CheckStatus.WAITING: ExitCode.WAITING,
            CheckStatus.UNKNOWN: ExitCode.ERROR,
        }[self]


@dataclass(frozen=True, slots=True)
class Checked:
    """One complete look at a domain."""

    region: str
    report: Report
    identity: Identity | None = None
    """None when the records came from a file and nobody asked AWS."""
    problem: Problem | None = None
    """Why SES could not be asked this time; `identity` is then what it said last."""

    @property
    def domain(self) -> str:
        return self.report.domain

    @property
    def at(self) -> datetime:
        return self.report.at

    @property
    def checks(self) -> tuple[RecordCheck, ...]:
        return self.report.checks

    @property
    def hopeless(self) -> bool:
        """SES has given up, so waiting brings nothing."""
        return self.identity is not None and Status.FAILED in states(self.identity).values()

    @property
    def status(self) -> CheckStatus:
        """A missing or wrong record is a problem; good records that SES or a cache has not seen
        yet: waiting.

        Warnings (DMARC, which SES does not need) are told and do not fail a check; of the findings
        beside the records only errors do.
        """
        severities = {check.severity for check in self.checks}
        severities |= {f.severity for f in self.findings if f.severity is Severity.ERROR}
        if self.hopeless or Severity.ERROR in severities:
            return CheckStatus.PROBLEM
        if self.problem is not None or Severity.UNKNOWN in severities:
            return CheckStatus.UNKNOWN
        if self.identity is not None and self.identity.complete:
            return CheckStatus.OK  # what a cache somewhere remembers does not matter any more
        cached = any(check.verdict is Verdict.CACHED_NEGATIVE for check in self.checks)
        if self.identity is not None or cached:
            return CheckStatus.WAITING
        return CheckStatus.OK

    @property
    def findings(self) -> tuple[Finding, ...]:
        if self.problem is None:
            return self.report.findings
        lost = Finding("ses_not_asked", Severity.UNKNOWN, self.problem.what)
        return (lost, *self.report.findings)

    def as_json(self) -> dict[str, Any]:
        """`sestui.check/1`."""
        return {
            "schema": SCHEMA,
            "domain": self.domain,
            "region": self.region,
            "checked_at": self.at.astimezone(UTC).isoformat(timespec="seconds"),
            "status": str(self.status),
            "zone": _zone(self.report.zone, self.report),
            "records": [_record(check) for check in self.checks],
            "findings": [
                {"code": f.code, "severity": str(f.severity), "text": printable(f.text)}
                for f in self.findings
            ],
        }


def _zone(zone: Zone, report: Report) -> dict[str, Any]:
    return {
        "apex": zone.apex or None,
        "nameservers": list(zone.parent_nameservers or zone.nameservers),
        "provider": report.provider.name if report.provider else None,
    }


def _record(check: RecordCheck) -> dict[str, Any]:
    record = check.record
    return {
        "purpose": str(record.purpose),
        "type": record.type,
        "name": record.name,
        "expected": record.value,
        "found": list(check.found),
        "verdict": str(check.verdict),
        "severity": str(check.severity),
        "cause": printable(check.cause),
        "fix": _fix(check.fix),
        "evidence": [
            {"server": each.server, "question": each.question, "answer": said(each)}
            for each in check.evidence or (check.answer,)
        ],
    }


def said(answer: Answer) -> str:
    """The answer itself, or which no it was, with what is to be known beside it."""
    if answer.values and not answer.bogus:
        return ", ".join(answer.values)
    detail = f" ({answer.detail})" if answer.detail else ""
    return f"{answer.outcome}{detail}"


def _fix(fix: Fix | None) -> dict[str, str | None] | None:
    """None when there is nothing to mend, or nobody knows."""
    if fix is None:
        return None
    return {
        "text": printable(fix.text),
        "name": fix.name_full,
        "value": printable(fix.value) or None,
        "name_box": fix.name_box,
        "value_box": printable(fix.value_box) or None,
        "priority": fix.priority or None,
        "panel_url": fix.panel_url or None,
    }
