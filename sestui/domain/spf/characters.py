"""Characters that have no place in SPF: what was meant by them, and where they were."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from sestui.domain.i18n import _
from sestui.domain.spf.findings import Code, Edit
from sestui.domain.spf.terms import Span
from sestui.domain.text import quoted

# Latin-1 0x96 and 0x97 are the dashes of Windows-1252, 0x91-0x94 its quotation marks.
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\x96\x97"
_TILDES = "\u02dc\u223c\uff5e\u301c\x98"
_QUOTES = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\x91\x92\x93\x94"
_SPACES = "\t\r\n\v\f\x85"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A token as it was probably meant, with the place of each of its characters."""

    text: str
    places: tuple[int, ...]
    """One more than there are characters: the last is the end."""
    edits: tuple[tuple[Code, Edit], ...] = ()


def cleaned(token: str, offset: int) -> Cleaned:
    """`token`, which lies at `offset` of its record, in ASCII as far as that can be guessed."""
    text: list[str] = []
    places: list[int] = []
    edits: list[tuple[Code, Edit]] = []
    opened = _quotes_around(token)
    for place, char in enumerate(token):
        code, meant = (None, char) if " " < char < "\x7f" else _meant(char)
        if place in opened:
            code, meant = Code.STRAY_QUOTE, ""
        if code is not None and meant is not None:
            edits.append((code, Edit(Span(offset + place, 1), meant)))
        elif code is not None:
            edits.append((code, Edit(Span(offset + place, 1), char)))
        for each in char if meant is None else meant:
            text.append(each)
            places.append(offset + place)
    return Cleaned("".join(text), (*places, offset + len(token)), tuple(edits))


def _meant(char: str) -> tuple[Code | None, str | None]:
    """What kind of stranger it is, and the ASCII that was meant; None when nobody can tell."""
    if char in _DASHES:
        return Code.SMART_DASH, "-"
    if char in _TILDES:
        return Code.LOOKALIKE, "~"
    if char in _QUOTES:
        return Code.STRAY_QUOTE, ""
    if char in _SPACES or unicodedata.category(char) in ("Zs", "Zl", "Zp"):
        return Code.WRONG_SPACE, " "
    if unicodedata.category(char) in ("Cc", "Cf"):
        return Code.INVISIBLE, ""
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and " " < plain < "\x7f":
        return Code.LOOKALIKE, plain
    return Code.NON_ASCII, None


def _quotes_around(token: str) -> set[int]:
    """Places of straight quotation marks at the ends of a token, where none can belong."""
    start = len(token) - len(token.lstrip("\"'"))
    end = len(token.rstrip("\"'"))
    return {*range(start), *range(end, len(token))}


def explained(code: Code, char: str) -> str:
    """The sentence for a character that is not what it looks like."""
    match code:
        case Code.WRONG_SPACE:
            return _("A tab or a special space stands where a plain space belongs.")
        case Code.SMART_DASH:
            return _("A typographic dash ({char}) stands where a plain hyphen (-) belongs.").format(
                char=quoted(char)
            )
        case Code.LOOKALIKE:
            return _("The character {char} only looks like the plain one.").format(
                char=quoted(char)
            )
        case Code.INVISIBLE:
            return _("There is an invisible character in it.")
        case Code.STRAY_QUOTE:
            return _("There is a quotation mark in it; SPF has none.")
        case _:
            return _("The character {char} is not ASCII, and SPF allows nothing else.").format(
                char=quoted(char)
            )


def by_code(cleaning: Cleaned) -> Iterator[tuple[Code, list[Edit]]]:
    """The edits of each kind, in the order in which the kinds first appear."""
    kinds: dict[Code, list[Edit]] = {}
    for code, edit in cleaning.edits:
        kinds.setdefault(code, []).append(edit)
    yield from kinds.items()
