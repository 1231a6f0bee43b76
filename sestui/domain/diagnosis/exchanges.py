"""The MX of a custom MAIL FROM domain: exactly one, to SES's feedback host.

Source: Developer Guide, "Using a custom MAIL FROM domain"; Regions, "MAIL FROM".
"""

from __future__ import annotations

import re

from sestui.domain.diagnosis.scene import FINE, Judged, Scene, plain, without_blanks
from sestui.domain.diagnosis.targets import absent, judge_target
from sestui.domain.diagnosis.verdicts import Verdict
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.records import RequiredRecord
from sestui.domain.text import quoted

FEEDBACK = re.compile(r"feedback-smtp\.([a-z0-9-]+)\.amazonses\.com")
_WRONG_END = re.compile(r"feedback-smtp\.([a-z0-9-]+)\.amazonaws\.com")
_OTHER_SERVICE = re.compile(r"(?:inbound|email)-smtp\.[a-z0-9-]+\.amazonaws\.com")


def judge_mx(record: RequiredRecord, answer: Answer, scene: Scene) -> Judged:
    """An MX answer. The preference is free; the number of records is not."""
    wanted = _host_of(record.value)
    alias = answer.chain or scene.found(record.name, "CNAME")
    hosts = [_host_of(value) for value in answer.values]
    if hosts == [wanted]:
        return FINE
    if alias:
        return conflict(record, alias[0])
    if answer.outcome is not Outcome.FOUND:
        return absent(record, answer)
    return _several(hosts, wanted) if len(hosts) > 1 else _host(hosts[0], wanted, scene)


def _host_of(value: str) -> str:
    return plain(value.rpartition(" ")[2])


def _shown(text: str) -> str:
    return quoted(text, 60)


def conflict(record: RequiredRecord, target: str) -> Judged:
    """Nothing else can be at a name with a CNAME (RFC 1034 section 3.6.2)."""
    cause = _("{name} is a CNAME to {target}; no {type} can be beside it.").format(
        name=record.name, target=_shown(target), type=record.type
    )
    todo = _(
        "Choose another MAIL FROM label, such as “bounce”, or delete the CNAME if nobody needs it."
    )
    return Judged(Verdict.CONFLICTS_WITH_CNAME, cause, todo=todo)


def _several(hosts: list[str], wanted: str) -> Judged:
    if wanted in hosts or all(FEEDBACK.fullmatch(host) for host in hosts):
        cause = _("SES wants exactly one MX here; there are {n}.").format(n=len(hosts))
        todo = _("Delete the others, or choose a MAIL FROM label that is not in use.")
        return Judged(Verdict.EXTRA_VALUES, cause, todo=todo)
    cause = _("The name receives mail at {found}; a MAIL FROM domain must not.").format(
        found=_shown(", ".join(hosts))
    )
    return Judged(Verdict.EXTRA_VALUES, cause, value="", todo=_other_label())


def _other_label() -> str:
    return _("Leave that MX alone, and choose a MAIL FROM label that is not in use.")


def _host(found: str, wanted: str, scene: Scene) -> Judged:
    if match := FEEDBACK.fullmatch(found):
        note = _("The MX is SES's, of another Region ({region}). SES takes it too.")
        return Judged(Verdict.OK, notes=(note.format(region=match[1]),))
    if _WRONG_END.fullmatch(found):
        cause = _("The value ends with amazonaws.com; it must be amazonses.com.")
        return Judged(Verdict.VALUE_WRONG_SUFFIX, cause)
    if written := judge_target(found, wanted, scene):
        return written
    bare = re.sub(r"^\d+\.?", "", without_blanks(found))
    if bare == wanted:
        cause = _("The priority is in the host: “{found}”. It has a box of its own.")
        return Judged(Verdict.VALUE_WHITESPACE, cause.format(found=_shown(found)))
    if found.startswith("feedback-smtp."):
        cause = _("{found} is no host of SES.").format(found=_shown(found))
        return Judged(Verdict.VALUE_WRONG_SUFFIX, cause)
    if _OTHER_SERVICE.fullmatch(found):
        cause = _("{found} is for sending or receiving mail; bounces go to {wanted}.")
        return Judged(Verdict.DIFFERENT, cause.format(found=found, wanted=wanted))
    cause = _("The MX points elsewhere, to {found}: the name receives mail.").format(
        found=_shown(found)
    )
    return Judged(Verdict.DIFFERENT, cause, value="", todo=_other_label())
