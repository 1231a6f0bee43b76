"""A message written in full: what SES would refuse of it, and where. Source: API v2, RawMessage."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from sestui.domain.i18n import _
from sestui.domain.mail.attachment import MAX_MESSAGE
from sestui.domain.mail.headers import HEADER_NAME
from sestui.domain.text import lines_of, quoted

MAX_LINE = 998
"""Bytes without the CR LF (RFC 5321 section 4.5.3.1.6)."""

RAW_EXAMPLE = """\
From: {sender}
To: {to}
Subject: Raw test mail from sestui
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

This message was written in full, headers and all.
"""

# SES refuses a message that has one of these twice (Developer Guide, "Header fields").
_SINGLE = """
from sender reply-to to cc bcc message-id in-reply-to references subject date mime-version
content-type content-transfer-encoding list-unsubscribe list-unsubscribe-post
"""
_ONCE = frozenset(_SINGLE.split())


@dataclass(frozen=True, slots=True)
class RawProblem:
    """What is wrong with a message, and in which line, counted from 1; 0 is all of it."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class RawHead:
    """The header fields of a raw message; names in lower case, values unfolded."""

    fields: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        """The value of the first field of that name; empty when there is none."""
        return next((value for known, value in self.fields if known == name), "")

    def addresses(self, *names: str) -> tuple[str, ...]:
        """The bare addresses in these fields, each once, as written."""
        from email.utils import getaddresses

        values = [value for known, value in self.fields if known in names]
        return tuple(dict.fromkeys(address for _name, address in getaddresses(values) if address))


def raw_bytes(raw: str) -> bytes:
    """`raw` as it goes out: UTF-8, every line ended by CR LF."""
    return b"".join(line.encode(errors="replace") + b"\r\n" for line in lines_of(raw))


def with_crlf(raw: bytes) -> bytes:
    """`raw` with every line ended by CR LF, and nothing else changed."""
    if not raw:
        return raw
    lines = re.split(rb"\r\n|[\r\n]", raw)
    if not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def read_head(raw: bytes) -> RawHead:
    """The header fields of `raw`, as far as they are ones."""
    fields: list[tuple[str, str]] = []
    for line in _head_lines(raw):
        text = line.decode("utf-8", "replace")
        if text[:1] in (" ", "\t"):
            if fields:
                name, value = fields[-1]
                fields[-1] = (name, f"{value} {text.strip()}".strip())
            continue
        name, colon, value = text.partition(":")
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return RawHead(tuple(fields))


def without(raw: bytes, names: Collection[str]) -> bytes:
    """`raw` without the header fields of these names, in lower case."""
    kept: list[bytes] = []
    dropping = False
    lines = _head_lines(raw)
    for line in lines:
        if line[:1] not in (b" ", b"\t"):
            name = line.partition(b":")[0].strip().lower()
            dropping = name.decode("ascii", "replace") in names
        if not dropping:
            kept.append(line)
    return b"\r\n".join(kept) + raw[len(b"\r\n".join(lines)) :]


def raw_problem(raw: bytes) -> RawProblem | None:
    """Why SES would refuse `raw`, whose lines end with CR LF; None when it would not."""
    if not raw.strip():
        return RawProblem(_("Write the whole message: headers, a blank line, the body."))
    lines = raw.split(b"\r\n")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            return RawProblem(
                _("Line {n} is over 998 bytes long. Break it, or use base64.").format(n=number),
                number,
            )
        if b"\0" in line:
            return RawProblem(_("Line {n} has a NUL byte in it.").format(n=number), number)
    if len(raw) > MAX_MESSAGE:
        return RawProblem(_("The message is larger than the 40 MB that SES takes."))
    if b"" not in lines[:-1]:
        return RawProblem(_("A blank line between headers and body is missing."), len(lines))
    return _head_problem(raw)


def _head_problem(raw: bytes) -> RawProblem | None:
    seen: dict[str, int] = {}
    name = ""
    for number, line in enumerate(_head_lines(raw), 1):
        text = line.decode("utf-8", "replace")
        if name and text.startswith((" ", "\t")):
            continue
        name, colon, _value = text.partition(":")
        name = name.rstrip().lower()
        if not (colon and HEADER_NAME.fullmatch(name)):
            return RawProblem(
                _("Line {n} is not a header: “{line}”. A blank line ends the headers.").format(
                    n=number, line=quoted(text)
                ),
                number,
            )
        if name in seen and name in _ONCE:
            return RawProblem(
                _("Line {n}: {name} is there twice; the first is in line {first}.").format(
                    n=number, name=quoted(name), first=seen[name]
                ),
                number,
            )
        seen.setdefault(name, number)
    if not read_head(raw)["from"]:
        return RawProblem(_("The header From: is missing."), seen.get("from", 1))
    return None


def _head_lines(raw: bytes) -> list[bytes]:
    head = b"" if raw.startswith(b"\r\n") else raw.partition(b"\r\n\r\n")[0]
    return head.split(b"\r\n") if head else []
