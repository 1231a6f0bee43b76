"""The beginning of a record: `v=spf1` and a space, or what stands in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.spf.draft import Hint
from sestui.domain.spf.findings import Code, Edit, Effect
from sestui.domain.spf.terms import Span

_VERSION = re.compile(r"v=spf1(?= |\Z)", re.I)
_JUNK = re.compile(r"[\s\"'\u2018-\u201f\u00ab\u00bb\x91-\x94\u200b-\u200f\u2060\ufeff]*")
# What people write for v=spf1. `v=spf10` and Sender ID's `spf2.0/pra` are other things.
_NEAR = re.compile(
    r"(?:v\s{0,3}[=:]?\s{0,3}|=)?s(?:pf|fp)\s?[-v]?(?:1(?:\.0)?|l|2)?(?![\w/.-])"
    r"|v=spf1(?=(?:include|ip4|ip6|exists|a|mx|ptr):|redirect=|[+?~-])",
    re.I,
)
_FIRST_TERM = re.compile(
    r"[+?~-]?(?:include|ip4|ip6|exists|redirect|a|mx|ptr)[:=]\S|[+?~-]?(?:a|mx|include)\s", re.I
)
_TYPICAL = re.compile(r"(?:^|\s)(?:(?:include|ip4|ip6):|redirect=|[+?~-]all(?:\W|$))", re.I)
_AFTER = re.compile(r"[,;:.]+")
_QUOTES = "\"'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\x91\x92\x93\x94"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where the terms are, and what is wrong with what comes before them."""

    start: int
    end: int
    seen: bool = True
    """True when receivers take it for an SPF record (RFC 7208 section 4.5)."""
    hints: tuple[Hint, ...] = ()


def is_spf(text: str) -> bool:
    """True for a TXT record that receivers take for SPF (RFC 7208 section 4.5)."""
    return _VERSION.match(text) is not None


def resembles_spf(text: str) -> bool:
    """True for a TXT record that was meant as SPF, whether or not receivers see it as such."""
    if is_spf(text):
        return True
    rest = text[_end_of_junk(text) :]
    near = _NEAR.match(rest)
    if near and (near[0].lower().startswith("v") or _TYPICAL.search(rest[:2048], near.end())):
        return True
    return bool(_FIRST_TERM.match(rest) and _TYPICAL.search(rest[:2048]))


def beginning(text: str) -> Beginning:
    if match := _VERSION.match(text):
        return Beginning(match.end(), len(text))
    hints: list[Hint] = []
    junk = _end_of_junk(text)
    end = len(text)
    if junk:
        end = len(text.rstrip(_QUOTES)) if set(text[:junk]) & set(_QUOTES) else end
        hints.append(_junk(text, junk, max(end, junk)))
    near = _NEAR.match(text, junk)
    if near is None:
        said = _("It does not begin with v=spf1, so receivers do not see it.")
        # After junk whose removal alone makes a record, the version is there.
        hints.append(_unseen(Code.VERSION_MISSING, said, Span(junk, 0), "v=spf1 "))
        return Beginning(junk, max(end, junk), False, tuple(hints))
    start = near.end()
    if near[0].lower() == "v=spf1":
        after = _AFTER.match(text, start)
        if after is not None:
            start = after.end()
            said = _("After v=spf1 comes a space, nothing else.")
            hints.append(
                _unseen(Code.VERSION_WRONG, said, Span(near.end(), start - near.end()), " ")
            )
        elif start < end and text[start].isspace() and text[start] != " ":
            last = start
            while last < end and text[last].isspace():
                last += 1
            said = _("A tab or a special space follows v=spf1; only a plain space makes it SPF.")
            span = Span(start, last - start)
            hints.append(_unseen(Code.VERSION_SPACE, said, span, " ", grey=True))
            start = last
        elif start < end and text[start] != " ":
            said = _("The space after v=spf1 is missing.")
            hints.append(_unseen(Code.VERSION_WRONG, said, Span(start, 0), " "))
    else:
        said = _("It must begin with v=spf1 exactly.")
        span = Span(near.start(), len(near[0]))
        hints.append(_unseen(Code.VERSION_WRONG, said, span, "v=spf1"))
        if after := _AFTER.match(text, start):
            start = after.end()
    return Beginning(start, max(end, start), False, tuple(hints))


def _end_of_junk(text: str) -> int:
    match = _JUNK.match(text)
    return match.end() if match else 0


def _junk(text: str, junk: int, end: int) -> Hint:
    edits = [Edit(Span(0, junk), "")]
    if set(text[:junk]) & set(_QUOTES):
        said = _("The quotation marks became part of the record; type it without them.")
        if end < len(text):
            edits.append(Edit(Span(end, len(text) - end), ""))
        return _hint(Code.QUOTED, said, Span(0, junk), tuple(edits))
    if text[:junk].isspace():
        said = _("There is a space before v=spf1, so most receivers do not see it.")
        return _hint(Code.LEADING_SPACE, said, Span(0, junk), tuple(edits), grey=True)
    said = _("There is an invisible character before v=spf1, so receivers do not see it.")
    return _hint(Code.INVISIBLE, said, Span(0, junk), tuple(edits))


def _unseen(code: Code, said: str, span: Span, meant: str, *, grey: bool = False) -> Hint:
    return _hint(code, said, span, (Edit(span, meant),), grey=grey)


def _hint(
    code: Code, said: str, span: Span, edits: tuple[Edit, ...], *, grey: bool = False
) -> Hint:
    return Hint(code, Severity.ERROR, Effect.NOT_SPF, said, span, edits, grey)
