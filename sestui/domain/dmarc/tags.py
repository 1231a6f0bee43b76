"""Tag lists, `name=value; name=value`: DKIM's (RFC 6376 section 3.2), which DMARC borrowed."""

from __future__ import annotations

import re
from dataclasses import dataclass

# `printable()` shows a tab in a TXT value as \x09, four characters; both are one blank here.
BLANK = r"(?:[ \t\r\n]|\\x09|\\x0a|\\x0d)"
_LEADING = re.compile(rf"{BLANK}*")
# For the end, text and pattern are turned round: `{BLANK}+$` takes n² steps for n blanks.
_TRAILING = re.compile(r"(?:[ \t\r\n]|90x\\|a0x\\|d0x\\)*")


@dataclass(frozen=True, slots=True)
class Tag:
    """One piece between semicolons; `name` is empty when it has no equals sign."""

    name: str
    """In lower case, so that it can be looked up; `written` has it as it is."""
    value: str
    start: int
    end: int
    written: str = ""

    @property
    def at(self) -> tuple[int, int]:
        return self.start, self.end


def split_tags(text: str) -> tuple[Tag, ...]:
    """The pieces of `text` with their places; empty ones are left out (a final `;` is usual)."""
    tags = []
    place = 0
    for piece in text.split(";"):
        trimmed = trim(piece)
        if trimmed:
            start = place + leading(piece)
            written, equals, value = trimmed.partition("=")
            written = trim(written)
            tags.append(
                Tag(written.lower(), trim(value), start, start + len(trimmed), written)
                if equals
                else Tag("", trimmed, start, start + len(trimmed))
            )
        place += len(piece) + 1
    return tuple(tags)


def trim(text: str) -> str:
    """`text` without blanks at both ends."""
    return text[leading(text) : len(text) - _end(_TRAILING, text[::-1])]


def leading(text: str) -> int:
    """How many characters of blank `text` begins with."""
    return _end(_LEADING, text)


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0


def without_blanks(text: str) -> str:
    """`text` with no blank at all: how the base64 of a key is read (RFC 6376 section 3.2)."""
    return re.sub(BLANK, "", text)
