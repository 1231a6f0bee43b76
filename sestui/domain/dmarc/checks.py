"""What is wrong with the text of a DMARC record, tag by tag (RFC 9989 sections 4.7 and 4.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from sestui.domain.dmarc.findings import Code, Finding
from sestui.domain.dmarc.policy import Policy
from sestui.domain.dmarc.tags import BLANK, Tag, split_tags
from sestui.domain.dmarc.uris import report_uris, uri_findings
from sestui.domain.dmarc.version import (
    RECORD,
    cleaned,
    is_intended,
    version_findings,
    writing_findings,
)
from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.text import quoted

KNOWN = ("v", "p", "sp", "np", "psd", "t", "adkim", "aspf", "fo", "rua", "ruf")
REMOVED = ("pct", "rf", "ri")
POLICIES = ("p", "sp", "np")
REPORTS = ("rua", "ruf")
# A tag in the value of another: what was between them is no semicolon.
SWALLOWED = re.compile(
    rf"(?:{BLANK}|,)+((?:{'|'.join(KNOWN + REMOVED)}){BLANK}{{0,9}}=)", re.IGNORECASE
)
_VALUES = {
    "adkim": (re.compile(r"[rs]", re.IGNORECASE), "r"),
    "aspf": (re.compile(r"[rs]", re.IGNORECASE), "r"),
    "psd": (re.compile(r"[ynu]", re.IGNORECASE), "u"),
    "t": (re.compile(r"[yn]", re.IGNORECASE), "n"),
    # Each of d and s at most once, 0 and 1 not both (RFC 9989 section 4.8).
    "fo": (re.compile(r"(?!.*0.*1|.*1.*0|.*d.*d|.*s.*s)[01ds](:[01ds])*", re.IGNORECASE), "0"),
}


@dataclass(frozen=True, slots=True)
class Examined:
    recognised: bool
    intended: bool
    findings: tuple[Finding, ...]


def examine(text: str) -> Examined:
    """Whether `text` is a DMARC record or meant to be one, and all remarks about it."""
    if not is_intended(text):
        return Examined(recognised=False, intended=False, findings=())
    recognised = RECORD.match(text) is not None
    tags = split_tags(text)
    found = [*writing_findings(text)]
    if not recognised:
        found += version_findings(text)
    for tag in tags:
        found += _tag_findings(tag, first=tag is tags[0])
    if recognised:
        found += _whole(tags)
    return Examined(recognised, intended=True, findings=tuple(found))


def _tag_findings(tag: Tag, *, first: bool) -> Iterator[Finding]:
    if tag.name == "v":
        return  # the version is `version_findings`' business
    if not tag.name:
        if re.match("mailto:", tag.value, re.IGNORECASE):
            text = _("Addresses for reports are separated by commas: a semicolon ends the tag.")
            yield Finding(Code.URI_SEPARATOR, Severity.ERROR, text, tag.at)
        elif not first:
            text = _("“{text}” has no “=”, so it is ignored.").format(text=quoted(tag.value))
            yield Finding(Code.TAG_NO_EQUALS, Severity.WARNING, text, tag.at)
        return
    yield from _name_findings(tag)
    swallowed = SWALLOWED.search(tag.value)
    if swallowed:
        place = tag.end - len(tag.value)
        at = (place + swallowed.start(), place + swallowed.end())
        comma = "," in swallowed[0]
        what = _("a comma") if comma else _("a space")
        text = _(
            "Before “{tag}” there is {what} where a semicolon must be, so “{before}” takes it in."
        ).format(tag=quoted(swallowed[1]), what=what, before=quoted(tag.written))
        yield Finding(
            Code.SEPARATOR_COMMA if comma else Code.SEPARATOR_MISSING, Severity.ERROR, text, at
        )
        return  # its value is no value, and that is said
    value = cleaned(tag.value)
    if value != tag.value and (tag.name in POLICIES or tag.name in _VALUES):
        return  # quotes and the like make it invalid, and are said
    if tag.name in POLICIES and Policy.parse(tag.value) is None:
        text = _("{tag}={value} is no policy; there are none, quarantine and reject.").format(
            tag=tag.name, value=quoted(tag.value)
        )
        yield Finding(Code.POLICY_INVALID, Severity.ERROR, text, tag.at)
    elif tag.name in _VALUES and not _VALUES[tag.name][0].fullmatch(tag.value):
        text = _("{tag}={value} is not valid; receivers take {default} instead.").format(
            tag=tag.name, value=quoted(tag.value), default=_VALUES[tag.name][1]
        )
        yield Finding(Code.VALUE_INVALID, Severity.WARNING, text, tag.at)
    elif tag.name in REPORTS:
        for uri in report_uris(tag):
            yield from uri_findings(uri)
        if not tag.value:
            text = _("{tag} is empty, so nobody gets reports.").format(tag=tag.name)
            yield Finding(Code.URI_INVALID, Severity.WARNING, text, tag.at)


def _name_findings(tag: Tag) -> Iterator[Finding]:
    if tag.name in REMOVED:
        yield _removed(tag)
    elif tag.name not in KNOWN:
        if cleaned(tag.name) in KNOWN:
            return  # an invisible character, and that is said
        close = get_close_matches(tag.name[:20], KNOWN, 1, 0.65)
        text = _("There is no tag “{tag}”, so it is ignored.").format(tag=quoted(tag.written))
        if close:
            text += " " + _("Did you mean {tag}?").format(tag=close[0])
        severity = Severity.WARNING if close else Severity.OK
        yield Finding(Code.TAG_UNKNOWN, severity, text, tag.at)
    elif tag.written != tag.name:
        text = _("Some receivers know “{tag}” only in small letters.").format(tag=tag.name)
        yield Finding(Code.TAG_CASE, Severity.WARNING, text, tag.at)


def _removed(tag: Tag) -> Finding:
    if tag.name != "pct" or tag.value == "100":
        text = _("{tag} is gone from RFC 9989; it does no harm.").format(tag=tag.name)
        return Finding(Code.TAG_REMOVED, Severity.OK, text, tag.at)
    text = _(
        "pct={value} is gone from RFC 9989: newer receivers apply the policy to all mail, older "
        "ones to that share. To try a policy out, there is t=y."
    ).format(value=quoted(tag.value))
    return Finding(Code.TAG_REMOVED, Severity.WARNING, text, tag.at)


def _whole(tags: tuple[Tag, ...]) -> Iterator[Finding]:
    first: dict[str, Tag] = {}
    for tag in tags:
        if tag.name in first:
            text = _(
                "There are two “{tag}”. Receivers differ: some ignore the whole record, "
                "some take the first, some the last."
            ).format(tag=quoted(tag.name))
            yield Finding(Code.TAG_DUPLICATE, Severity.ERROR, text, tag.at)
        elif tag.name:
            first[tag.name] = tag
    if "p" not in first:
        yield _policy_missing(first)
    elif first["p"] is not tags[1]:
        text = _("p should come right after v: receivers that follow RFC 7489 want it there.")
        yield Finding(Code.POLICY_NOT_SECOND, Severity.WARNING, text, first["p"].at)
    asked = first["p"].value.lower() if "p" in first else ""
    if asked == "none" and "rua" not in first:
        text = _("p=none only watches, and without rua nobody is told what it sees.")
        yield Finding(Code.NO_REPORTS, Severity.OK, text)
    if "fo" in first and "ruf" not in first:
        text = _("fo has no effect without ruf.")
        yield Finding(Code.FO_WITHOUT_RUF, Severity.OK, text, first["fo"].at)
    if "t" in first and first["t"].value.lower() == "y":
        text = _("Test mode: receivers apply the policy one step weaker.")
        yield Finding(Code.TEST_MODE, Severity.OK, text, first["t"].at)
    match first["psd"].value.lower() if "psd" in first else "":
        case "y":
            text = _(
                "psd=y says that this domain is a public suffix like .com: each subdomain then is "
                "an organization of its own, and mail signed for this domain does not align."
            )
            yield Finding(Code.PSD_YES, Severity.WARNING, text, first["psd"].at)
        case "n":
            text = _("psd=n: this domain is the organizational domain; nothing above it counts.")
            yield Finding(Code.PSD_NO, Severity.OK, text, first["psd"].at)


def _policy_missing(first: dict[str, Tag]) -> Finding:
    reported = "rua" in first and any(uri.valid for uri in report_uris(first["rua"]))
    if reported:
        text = _("There is no p. Newer receivers take p=none; older ones may ignore the record.")
        return Finding(Code.POLICY_MISSING, Severity.WARNING, text)
    text = _("There is neither p nor an address for reports, so the record has no effect at all.")
    return Finding(Code.POLICY_MISSING, Severity.ERROR, text)
