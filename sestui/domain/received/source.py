"""The bytes of a message, or of its headers alone, however they were saved or pasted.

RFC 5322 section 2.2 for header fields and their folding. A paste may have lost the blanks in front
of folded lines, have a blank line after each line, or the page of the mail program above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sestui.domain.i18n import _
from sestui.domain.text import printable

MOST_BYTES = 60_000_000
"""SES takes 40 MB, which base64 makes longer."""
MOST_LINES = 3000
"""Of the headers; what comes below is not looked at."""
MOST_CHARACTERS = 20_000
"""Of one header."""
_LINE = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9_.-]{0,99})[ \t]*:(?!//)")
_TRACE = frozenset(
    b"received return-path delivered-to authentication-results arc-authentication-results "
    b"arc-seal received-spf dkim-signature x-received x-ses-outgoing".split()
)
"""What servers write above a mail."""
_KNOWN = _TRACE | frozenset(
    b"from to cc subject date message-id reply-to sender mime-version content-type".split()
)


Line = tuple[int, bytes]
"""Where it begins, and the line itself."""
MOST_ABOVE = 5
"""Blocks of text above the headers that are passed over."""


class NoMail(ValueError):
    """What was given is no mail; the message says why, for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Header:
    """One header; `name` in lower case, `value` in one line and `printable`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Source:
    """A message, read."""

    headers: tuple[Header, ...]
    """The topmost first."""
    message: bytes = field(repr=False)
    """The same with CR LF, as a check of its signatures wants it; hostile."""
    has_body: bool = False
    rewrapped: bool = False
    """Lines were not as a mail has them: the paste changed them, and they were put together."""

    def all(self, name: str) -> tuple[str, ...]:
        """The values of all headers called `name`, the topmost first."""
        return tuple(header.value for header in self.headers if header.name == name)

    def first(self, name: str) -> str:
        return next((header.value for header in self.headers if header.name == name), "")


def read_source(content: bytes) -> Source:
    """Read a message or its headers.

    Raises:
        NoMail: there are no headers, or it is the file of another program.
    """
    if len(content) > MOST_BYTES:
        raise NoMail(_("This is too long for a mail."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NoMail(
            _("This is an Outlook .msg file. Save the mail as .eml, or paste its headers.")
        )
    content = _as_bytes(content)
    lines = _lines(content)
    blocks = _blocks(lines)
    number = _first_block(lines, blocks)
    if number is None:
        raise NoMail(
            _("This is no mail: no headers. Copy all of “Show original” or “View source”.")
        )
    fields, last, rewrapped = _fields(lines, blocks[number:])
    headers = tuple(_header(field) for field in fields)
    # The line behind the headers is blank; the body begins below it.
    body = content[lines[last + 1][0] :] if last + 1 < len(lines) else b""
    message = b"\r\n".join(line for field in fields for line in field) + b"\r\n\r\n" + body
    return Source(headers, message, bool(body.strip()), rewrapped)


def _as_bytes(content: bytes) -> bytes:
    """Without a byte order mark; UTF-16, as some shells write it, as UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    return content.removeprefix(b"\xef\xbb\xbf")


def _lines(content: bytes) -> list[Line]:
    lines, start = [], 0
    for end in _LINE.finditer(content):
        lines.append((start, content[start : end.start()]))
        start = end.end()
        if len(lines) == MOST_LINES:
            return lines
    return [*lines, (start, content[start:])]


def _blocks(lines: list[Line]) -> list[range]:
    """The runs of lines between blank ones, by their numbers."""
    blocks, first = [], 0
    for number, (_start, line) in enumerate(lines):
        if not line.strip():
            if first < number:
                blocks.append(range(first, number))
            first = number + 1
    return [*blocks, range(first, len(lines))] if first < len(lines) else blocks


def _first_block(lines: list[Line], blocks: list[range]) -> int | None:
    """The one with the headers; above it there may be what a mail program shows of the mail."""
    for number, block in enumerate(blocks[:MOST_ABOVE]):
        names = {_name(lines[at][1]) for at in block}
        if names & _TRACE:
            return number
        if names & _KNOWN:
            below = blocks[number + 1] if number + 1 < len(blocks) else range(0)
            return number + 1 if below and _name(lines[below[0]][1]) in _TRACE else number
    return None


def _fields(lines: list[Line], blocks: list[range]) -> tuple[list[list[bytes]], int, bool]:
    """The lines of each header, the number of the last one, and whether they were put together."""
    fields: list[list[bytes]] = []
    rewrapped = False
    last = blocks[0][0]
    for number, block in enumerate(blocks):
        if number and not (len(blocks[number - 1]) == 1 and _goes_on(lines[block[0]][1])):
            break
        rewrapped = rewrapped or number > 0
        for at in block:
            last, line = at, lines[at][1]
            if _name(line):
                fields.append([line])
            elif not fields:
                continue  # the "From " line of a mailbox file, or a heading
            else:
                folded = line[:1] in (b" ", b"\t")
                rewrapped = rewrapped or not folded
                fields[-1].append(line if folded else b" " + line)
    return fields, last + 1, rewrapped


def _name(line: bytes) -> bytes:
    """The name of the header that begins on this line; empty when none does."""
    found = _FIELD.match(line)
    return found.group(1).lower() if found else b""


def _goes_on(line: bytes) -> bool:
    """Whether headers go on after a blank line, where each one has one behind it."""
    name = _name(line)
    folded = not name and line[:1] in (b" ", b"\t")
    return folded or name in _KNOWN or name.startswith((b"x-", b"arc-"))


def _header(lines: list[bytes]) -> Header:
    text = b" ".join(line.strip() for line in lines)[:MOST_CHARACTERS].decode("utf-8", "replace")
    name, _colon, value = text.partition(":")
    return Header(name.strip().lower(), printable(" ".join(value.split())))
