"""Findings about SES's own view, joined to ours: what it says, and whether it sees the same zone.

Source: API v2 GetEmailIdentity, `VerificationInfo`; Developer Guide, "Creating identities".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sestui.domain.diagnosis.findings import Finding
from sestui.domain.diagnosis.verdicts import RecordCheck
from sestui.domain.dns import Zone
from sestui.domain.i18n import _
from sestui.domain.identity import Identity, Status, why_pending
from sestui.domain.records import Purpose
from sestui.domain.severity import Severity


def states(identity: Identity) -> dict[str, Status]:
    """The state machines that a domain identity has, the custom MAIL FROM only if there is one."""
    found = {"identity": identity.status, "dkim": identity.dkim.status}
    if identity.mail_from.domain:
        found["mail_from"] = identity.mail_from.status
    return found


def ses_findings(
    identity: Identity, checks: Iterable[RecordCheck], zone: Zone
) -> tuple[Finding, ...]:
    """What SES says, where that is not simply yes."""
    checks = tuple(checks)
    found: list[Finding] = []
    names = {"identity": _("identity"), "dkim": _("DKIM"), "mail_from": _("MAIL FROM")}
    for part, status in states(identity).items():
        if status is Status.SUCCESS:
            continue
        text = _("SES says: {part} {status}.").format(part=names[part], status=status.word)
        action = ""
        if status is Status.FAILED:
            text += " " + _failed(part, checks)
            action = "restart"
        elif status is Status.TEMPORARY_FAILURE:
            text += " " + _("Put the record back; SES looks again by itself, for 72 hours.")
        severity = Severity.ERROR if status is Status.FAILED else Severity.WARNING
        found.append(Finding(f"ses_{part}_{status.value.lower()}", severity, text, action))
    if not found:
        return ()
    if why := why_pending(identity.verification.error_type):
        code = "ses_saw_" + identity.verification.error_type.lower()
        found.append(Finding(code, Severity.WARNING, why))
    found += _other_zone(identity, zone)
    return tuple(found)


def _failed(part: str, checks: tuple[RecordCheck, ...]) -> str:
    """Terminal: re-reading never clears it."""
    mine = [c for c in checks if (c.record.purpose is Purpose.MAIL_FROM) == (part == "mail_from")]
    mine = [check for check in mine if check.record.purpose is not Purpose.DMARC]
    if mine and all(check.severity is Severity.OK for check in mine):
        return _("It has stopped looking. The records are right now: start again (Verify step).")
    return _("It has stopped looking. Mend the records, then start again (Verify step).")


def _other_zone(identity: Identity, zone: Zone) -> Iterator[Finding]:
    """Whether SES looks at the same zone as the world does."""
    seen = identity.verification.soa
    if seen is None or not seen.primary or not zone.primary:
        return
    ours, theirs = zone.primary.lower().rstrip("."), seen.primary.lower().rstrip(".")
    if ours != theirs:
        text = _(
            "SES saw a zone kept by {theirs}; the world's servers have one kept by {ours}. Perhaps "
            "the name servers were changed, and SES looked before that."
        ).format(theirs=theirs, ours=ours)
        yield Finding("ses_sees_other_zone", Severity.WARNING, text)
    elif zone.serial is not None and seen.serial != zone.serial:
        text = _(
            "SES saw version {theirs} of the zone; now it is {ours}. SES has not seen the last "
            "change yet."
        ).format(theirs=seen.serial, ours=zone.serial)
        yield Finding("ses_saw_older_zone", Severity.OK, text)
