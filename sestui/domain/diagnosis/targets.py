"""Where a DKIM CNAME points, and what stands in its place."""

from __future__ import annotations

import re

from sestui.domain.diagnosis.scene import (
    FINE,
    Judged,
    Scene,
    near,
    plain,
    without_blanks,
    without_quotes,
    without_scheme,
    without_zone,
)
from sestui.domain.diagnosis.verdicts import Verdict
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.records import RequiredRecord
from sestui.domain.text import quoted

_SES = re.compile(r"(?:[\w-]+\.)*(?:amazonses|amazonaws)\.com")


def judge_cname(record: RequiredRecord, answer: Answer, scene: Scene) -> Judged:
    """A CNAME answer; what lies behind it is SES's business, empty rotation keys included."""
    if answer.outcome is not Outcome.FOUND:
        return _instead(record, answer, scene)
    wanted = plain(record.value)
    if len(answer.values) > 1:
        cause = _("A name can have one CNAME only; here there are {n}.")
        return Judged(Verdict.EXTRA_VALUES, cause.format(n=len(answer.values)))
    found = plain(answer.values[0])
    if found == wanted or _leads_there(record, scene):
        return FINE
    return judge_target(found, wanted, scene) or _token(found, wanted, scene)


def _leads_there(record: RequiredRecord, scene: Scene) -> bool:
    """An alias of one's own in between does the same: whoever looks for the key comes there."""
    behind = scene.answer(record.name, "TXT")
    return behind is not None and plain(record.value) in map(plain, behind.chain)


def judge_target(found: str, wanted: str, scene: Scene) -> Judged | None:
    """What is wrong with the way a host name is written; None when it is another name."""
    if plain(without_zone(found, scene)) == wanted:
        cause = _("The panel has put {zone} after the value: {found}.")
        todo = _("End the value with a dot, so that nothing is put after it.")
        said = cause.format(zone=scene.apex, found=found)
        return Judged(Verdict.VALUE_ZONE_APPENDED, said, value=f"{wanted}.", todo=todo)
    if plain(without_blanks(found)) == wanted:
        return Judged(
            Verdict.VALUE_WHITESPACE,
            _("There is a blank in the value: it is invisible in most panels."),
        )
    if plain(without_quotes(without_blanks(found))) == wanted:
        return Judged(Verdict.VALUE_QUOTED, _("The value has quotes, which became a part of it."))
    if plain(without_scheme(found)) == wanted:
        return Judged(Verdict.DIFFERENT, _("The value begins with http://; it is a name, no link."))
    return None


def _token(found: str, wanted: str, scene: Scene) -> Judged:
    token, _dot, suffix = wanted.partition(".")
    here, _dot, end = found.partition(".")
    if here == token and _SES.fullmatch(end):
        cause = _("The value ends with {end}; here it must be {suffix}.")
        return Judged(Verdict.VALUE_WRONG_SUFFIX, cause.format(end=end, suffix=suffix))
    if end == suffix:
        tokens = {plain(r.value).partition(".")[0] for r in scene.records}
        if here in tokens:
            cause = _("This is the value of another one of the records: two are swapped.")
        elif near(here, token):
            cause = _("There is a slip in the token: {found} instead of {wanted}.")
        else:
            cause = _(
                "The value is for another token, {found}: of another identity, Region or account, "
                "or of an earlier try."
            )
        return Judged(Verdict.VALUE_WRONG_TOKEN, cause.format(found=quoted(here), wanted=token))
    if "_domainkey" in found:
        return Judged(Verdict.DIFFERENT, _("A name stands where the value belongs."))
    return Judged(Verdict.DIFFERENT, _("It points to {found}.").format(found=quoted(found, 80)))


def _instead(record: RequiredRecord, answer: Answer, scene: Scene) -> Judged:
    """There is no CNAME. What is there tells why."""
    text = scene.answer(record.name, "TXT")
    if text is not None and text.outcome is Outcome.FOUND and not text.chain:
        return _text(record, text, scene)
    addresses = [*scene.found(record.name, "A"), *scene.found(record.name, "AAAA")]
    if answer.outcome is Outcome.NO_SUCH_TYPE and addresses:
        cause = _(
            "The name has addresses ({found}) in place of the CNAME: the record is proxied by the "
            "DNS host, as with Cloudflare's orange cloud."
        )
        todo = _("Switch the proxy off for this record (“DNS only”).")
        said = cause.format(found=", ".join(addresses[:2]))
        return Judged(Verdict.PROXIED, said, todo=todo)
    return absent(record, answer)


def _text(record: RequiredRecord, text: Answer, scene: Scene) -> Judged:
    """A TXT record where a CNAME belongs."""
    values = [plain(without_quotes(value).strip()) for value in text.values]
    if plain(record.value) in values:
        cause = _("It is a TXT record; it must be a CNAME with the same value.")
        return Judged(Verdict.WRONG_TYPE, cause, todo=_("Delete the TXT record, add the CNAME."))
    if any(_is_key(value) for value in text.values):
        behind = scene.answer(record.value, "TXT")
        # Where SES's own key could not be seen, nobody can say that this one is another.
        same = behind is not None and (not behind.certain or set(behind.values) == set(text.values))
        if same:
            note = _(
                "The DNS host gives the key itself in place of the CNAME (it flattens CNAMEs). "
                "That works."
            )
            return Judged(Verdict.OK, notes=(note,))
        cause = _("A key was copied here in place of the CNAME; it is not the one SES has now.")
        return Judged(Verdict.WRONG_TYPE, cause, todo=_("Delete the TXT record, add the CNAME."))
    cause = _("It is a TXT record, “{found}”; it must be a CNAME.")
    said = cause.format(found=quoted(", ".join(text.values), 60))
    return Judged(Verdict.WRONG_TYPE, said, todo=_("Delete the TXT record, add the CNAME."))


def _is_key(text: str) -> bool:
    """A key, empty or not (RFC 6376 section 3.6.1)."""
    return re.search(r"(?:^|;)\s*p\s*=", text) is not None


def absent(record: RequiredRecord, answer: Answer) -> Judged:
    """A plain no."""
    if answer.outcome is Outcome.NO_SUCH_NAME:
        cause = _("There is no such name yet. Add the record, or wait until it is published.")
        return Judged(Verdict.MISSING, cause)
    cause = _("The name is there, but it has no {type} record.").format(type=record.type)
    return Judged(Verdict.MISSING, cause)
