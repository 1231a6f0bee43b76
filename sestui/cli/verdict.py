"""What a check comes to: one status, one exit code, and `sestui.check/1`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sestui.cli.output import ExitCode
from sestui.domain.diagnosis import RecordCheck, Severity, Verdict
from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.identity import Identity, Status, why_pending

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
class Finding:
    """Something that is not about one record."""

    code: str
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One complete look at a domain."""

    domain: str
    region: str
    at: datetime
    checks: tuple[RecordCheck, ...]
    identity: Identity | None = None
    """None when the records came from a file and nobody asked AWS."""
    problem: Problem | None = None
    """Why SES could not be asked this time; `identity` is then what it said last."""

    @property
    def hopeless(self) -> bool:
        """SES has given up, so waiting brings nothing."""
        return self.identity is not None and Status.FAILED in _states(self.identity).values()

    @property
    def status(self) -> CheckStatus:
        """A missing or wrong record is a problem; good records that SES has not seen yet: waiting.

        Warnings (DMARC, which SES does not need) are told and do not fail a check.
        """
        severities = {check.severity for check in self.checks}
        if self.hopeless or Severity.ERROR in severities:
            return CheckStatus.PROBLEM
        if self.problem is not None or Severity.UNKNOWN in severities:
            return CheckStatus.UNKNOWN
        if self.identity is not None and not self.identity.complete:
            return CheckStatus.WAITING
        return CheckStatus.OK

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What SES itself says, where that is not simply yes."""
        found: list[Finding] = []
        if self.problem is not None:
            found.append(Finding("ses_not_asked", Severity.UNKNOWN, self.problem.what))
        if self.identity is None:
            return tuple(found)
        names = {"identity": _("identity"), "dkim": _("DKIM"), "mail_from": _("MAIL FROM")}
        for part, status in _states(self.identity).items():
            if status is Status.SUCCESS:
                continue
            text = _("SES says: {part} {status}.").format(part=names[part], status=status.word)
            if status is Status.FAILED:
                text += " " + _("It has stopped looking; start again in the wizard's Verify step.")
            severity = Severity.ERROR if status is Status.FAILED else Severity.WARNING
            found.append(Finding(f"ses_{part}_{status.value.lower()}", severity, text))
        if found and (why := why_pending(self.identity.verification.error_type)):
            code = "ses_saw_" + self.identity.verification.error_type.lower()
            found.append(Finding(code, Severity.WARNING, why))
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """`sestui.check/1`."""
        return {
            "schema": SCHEMA,
            "domain": self.domain,
            "region": self.region,
            "checked_at": self.at.astimezone(UTC).isoformat(timespec="seconds"),
            "status": str(self.status),
            "zone": {"apex": None, "nameservers": [], "provider": None},
            "records": [_record(check) for check in self.checks],
            "findings": [
                {"code": f.code, "severity": str(f.severity), "text": f.text} for f in self.findings
            ],
        }


def _states(identity: Identity) -> dict[str, Status]:
    states = {"identity": identity.status, "dkim": identity.dkim.status}
    if identity.mail_from.domain:
        states["mail_from"] = identity.mail_from.status
    return states


def _record(check: RecordCheck) -> dict[str, Any]:
    record, answer = check.record, check.answer
    outcome = ", ".join(answer.values) or str(answer.outcome)
    return {
        "purpose": str(record.purpose),
        "type": record.type,
        "name": record.name,
        "expected": record.value,
        "found": list(check.found),
        "verdict": str(check.verdict),
        "severity": str(check.severity),
        "cause": check.cause,
        "fix": fix(check),
        "evidence": [{"server": answer.server, "question": answer.question, "answer": outcome}],
    }


def fix(check: RecordCheck) -> dict[str, str | None] | None:
    """What to type where; None when there is nothing to mend, or nobody knows."""
    if check.severity in (Severity.OK, Severity.UNKNOWN):
        return None
    record = check.record
    if check.verdict is Verdict.MISSING:
        text = _("Add this {type} record.").format(type=record.type)
    elif record.type == "TXT":
        # What is there may say more than ours (a stricter DMARC, other senders in the SPF):
        # our value must not replace it.
        return {"text": check.cause, "name": record.name, "value": None}
    else:
        text = _("Change the record so that this is its only value.")
    return {"text": text, "name": record.name, "value": record.value}
