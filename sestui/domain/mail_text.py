"""The long fields of the mail form: headers, a raw message, template data; what SES refuses."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.text import lines_of, quoted

MAX_HEADERS = 15
MAX_TEMPLATE_DATA = 262_144
# Developer Guide, "Header fields": these are set by other parameters or by SES itself.
FORBIDDEN_HEADERS = frozenset(
    {
        "bcc", "cc", "content-disposition", "content-type", "date", "from", "message-id",
        "mime-version", "reply-to", "return-path", "subject", "to",
    }
)  # fmt: skip
_HEADER_NAME = re.compile(r"[!-9;-@A-~]{1,126}")
_HEADER_VALUE = re.compile(r"[ -~]{1,995}")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def parse_headers(text: str) -> tuple[tuple[str, str], ...]:
    """The `Name: value` lines of `text`.

    Raises:
        InvalidName: a line SES would refuse; the message names it (API v2 MessageHeader).
    """
    headers: list[tuple[str, str]] = []
    for line in lines_of(text):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        name, value = name.strip(), value.strip()
        if not colon or not value:
            raise InvalidName(
                _("“{line}” is not of the form Name: value.").format(line=quoted(line))
            )
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidName(_("“{name}” cannot be a header's name.").format(name=quoted(name)))
        if name.lower() in FORBIDDEN_HEADERS:
            raise InvalidName(_("{name} is set by SES or by a field above.").format(name=name))
        if not _HEADER_VALUE.fullmatch(value) or len(name) + len(value) > 996:
            raise InvalidName(
                _("The value of {name} must be plain ASCII, 995 characters at most.").format(
                    name=name
                )
            )
        headers.append((name, value))
    if len(headers) > MAX_HEADERS:
        raise InvalidName(_("SES takes at most 15 headers of your own."))
    return tuple(headers)


def raw_problem(raw: str) -> str:
    """Why SES would refuse `raw` as a message (API v2 RawMessage); empty when it is fine."""
    if not raw.strip():
        return _("Write the whole message: headers, a blank line, the body.")
    for number, octets in enumerate(_octets(raw), 1):
        if len(octets) > 998:
            return _("Line {n} is over 998 bytes long.").format(n=number)
    lines = lines_of(raw)
    if "" not in lines:
        return _("A blank line between headers and body is missing.")
    headers: dict[str, str] = {}
    name = ""
    for number, line in enumerate(lines[: lines.index("")], 1):
        if name and line.startswith((" ", "\t")):
            headers[name] += line
            continue
        name, colon, value = line.partition(":")
        name = name.rstrip().lower()
        if not (colon and _HEADER_NAME.fullmatch(name)):
            return _("Line {n} is not a header.").format(n=number)
        headers[name] = value
    return "" if headers.get("from", "").strip() else _("The header From: is missing.")


def raw_bytes(raw: str) -> bytes:
    """`raw` as it goes out: UTF-8, every line ended by CR LF."""
    return b"".join(octets + b"\r\n" for octets in _octets(raw))


def _octets(raw: str) -> list[bytes]:
    return [line.encode(errors="replace") for line in lines_of(raw)]


def data_problem(text: str) -> str:
    """Why `text` cannot be a template's data; empty when it can."""
    if len(text) > MAX_TEMPLATE_DATA:
        return _("SES takes at most 262,144 characters of data.")
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        return _("This is no JSON (at {where}).").format(where=where)
    except (ValueError, RecursionError):
        return _("This is no JSON that SES would take.")
    return "" if isinstance(data, dict) else _("The data is an object: {…}.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which json.loads takes and JSON does not have
