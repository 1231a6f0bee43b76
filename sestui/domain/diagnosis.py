"""From what a name server answered to what a person should think of it. The one place for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import takewhile

from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.records import Purpose, RequiredRecord


class Severity(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    OK = "ok"
    MISSING = "missing"
    DIFFERENT = "different"
    UNKNOWN = "unknown"

    @property
    def word(self) -> str:
        return {
            Verdict.OK: _("matches"),
            Verdict.MISSING: _("absent"),
            Verdict.DIFFERENT: _("different"),
            Verdict.UNKNOWN: _("could not find out"),
        }[self]


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """The verdict on one record, with its evidence."""

    record: RequiredRecord
    verdict: Verdict
    answer: Answer
    cause: str = ""
    """One sentence; empty when all is well."""
    since: datetime | None = None
    """When this verdict was first seen."""

    @property
    def found(self) -> tuple[str, ...]:
        return self.answer.values

    @property
    def severity(self) -> Severity:
        if self.verdict is Verdict.OK:
            return Severity.OK
        if self.verdict is Verdict.UNKNOWN:
            return Severity.UNKNOWN
        # SES verifies and sends without DMARC; receivers are the ones who ask for it.
        optional = self.record.purpose is Purpose.DMARC
        return Severity.WARNING if optional else Severity.ERROR


def diagnose(record: RequiredRecord, answer: Answer) -> RecordCheck:
    """Judge one record by the answer to the question for it."""
    match answer.outcome:
        case Outcome.TIMED_OUT:
            cause = _("No answer from {server}. The record may well be there.").format(
                server=answer.server or _("the name server")
            )
            return RecordCheck(record, Verdict.UNKNOWN, answer, cause)
        case Outcome.BROKEN:
            cause = _("{server} answered with an error ({detail}), not with yes or no.").format(
                server=answer.server or _("The name server"),
                detail=answer.detail or answer.outcome,
            )
            return RecordCheck(record, Verdict.UNKNOWN, answer, cause)
        case Outcome.NO_SUCH_NAME:
            cause = _("There is no such name yet. Add the record, or wait until it is published.")
            return RecordCheck(record, Verdict.MISSING, answer, cause)
        case Outcome.NO_SUCH_TYPE:
            cause = _("The name is there, but it has no {type} record.").format(type=record.type)
            return RecordCheck(record, Verdict.MISSING, answer, cause)
        case Outcome.FOUND:
            return _judge_values(record, answer)


def _judge_values(record: RequiredRecord, answer: Answer) -> RecordCheck:
    match record.type, record.purpose:
        case "MX", _unused:
            good = [_same(record.value, value) for value in answer.values] == [True]
            cause = (
                _("SES wants exactly one MX here; there are {n}.").format(n=len(answer.values))
                if len(answer.values) > 1
                else _("The MX points elsewhere.")
            )
        case "TXT", Purpose.DMARC:
            policies = [v for v in answer.values if _is_dmarc(v)]
            if not policies:
                return _absent_among_others(record, answer, "v=DMARC1")
            good = len(policies) == 1 and _has_policy(policies[0])
            cause = (
                _("There are {n} DMARC records, so receivers ignore all. Keep one.").format(
                    n=len(policies)
                )
                if len(policies) > 1
                else _("The DMARC record has no valid policy (p=none, quarantine or reject).")
            )
        case "TXT", Purpose.MAIL_FROM:
            policies = [v for v in answer.values if v.lower().split(" ")[0] == "v=spf1"]
            if not policies:
                return _absent_among_others(record, answer, "v=spf1")
            good = len(policies) == 1 and _includes_ses(policies[0])
            cause = (
                _(
                    "There are {n} SPF records, which counts as an error. Merge them into one."
                ).format(n=len(policies))
                if len(policies) > 1
                else _("The SPF record has no include:amazonses.com before its “all”.")
            )
        case "TXT", _unused:
            good = any(_tags(value).get("p") for value in answer.values)
            cause = _("The TXT record has no public key (p=).")
        case _type, _unused:
            good = len(answer.values) == 1 and _same(record.value, answer.values[0])
            cause = _("It points to {found}.").format(found=", ".join(answer.values))
    return RecordCheck(
        record, Verdict.OK if good else Verdict.DIFFERENT, answer, "" if good else cause
    )


def _absent_among_others(record: RequiredRecord, answer: Answer, start: str) -> RecordCheck:
    cause = _("There are TXT records at this name, but none that starts with {start}.").format(
        start=start
    )
    return RecordCheck(record, Verdict.MISSING, answer, cause)


def _tags(text: str) -> dict[str, str]:
    """The tags of a DKIM or DMARC record (RFC 6376 section 3.2)."""
    pairs = (tag.partition("=") for tag in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}


def _is_dmarc(text: str) -> bool:
    """`v` is first, and its value has a case (RFC 9989 section 4.7)."""
    return re.match(r"v[ \t]*=[ \t]*DMARC1[ \t]*(;|$)", text) is not None


def _has_policy(text: str) -> bool:
    """Without a valid `p`, an address for reports makes it `p=none` (RFC 9989 section 4.10.1)."""
    tags = _tags(text)
    reported = tags.get("rua", "").lower().startswith("mailto:")
    return reported or tags.get("p", "").lower() in ("none", "quarantine", "reject")


def _includes_ses(text: str) -> bool:
    """What comes after `all` is never looked at (RFC 7208 section 5.1)."""
    terms = takewhile(lambda term: term.lstrip("+-~?") != "all", text.lower().split())
    return any(term.removeprefix("+") == "include:amazonses.com" for term in terms)


def _same(expected: str, found: str) -> bool:
    """DNS names have no case; an MX may have any preference."""
    if " " in expected:
        expected, found = expected.split(" ", 1)[1], found.split(" ", 1)[-1]
    return expected.rstrip(".").lower() == found.rstrip(".").lower()


def keep_since(new: RecordCheck, before: RecordCheck | None, now: datetime) -> RecordCheck:
    """`new` with the time its verdict was first seen, which survives equal verdicts."""
    if before is not None and before.verdict is new.verdict and before.since is not None:
        return replace(new, since=before.since)
    return replace(new, since=now)
