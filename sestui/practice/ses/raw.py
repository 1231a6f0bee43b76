"""Raw messages: read, checked and finished without rewriting what the sender wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import getaddresses

from sestui.practice.ses.errors import bad_request

MOST_LINE = 1000
MOST_PARTS = 500
_REPLACED = frozenset(("date", "message-id", "bcc", "return-path"))
_SINGLE = """
from sender reply-to to cc bcc message-id in-reply-to references subject date mime-version
content-type content-transfer-encoding list-unsubscribe list-unsubscribe-post
"""
_ONCE = frozenset(_SINGLE.split())


@dataclass(frozen=True, slots=True)
class RawMessage:
    """Header fields as they were written (name in lower case, whole field), and the body."""

    fields: tuple[tuple[str, bytes], ...]
    body: bytes
    values: Mapping[str, str]
    """Unfolded values by lower-case name, as they were written; of a repeated one the last."""

    def addresses(self, name: str) -> list[str]:
        """The bare addresses of a header."""
        pairs = getaddresses([self.values.get(name, "")])
        return [address for _, address in pairs if address]


def parse(data: bytes) -> RawMessage:
    """Read a message.

    Raises:
        ServiceError: BadRequestException for a header that is there twice, a line that is too
            long, too many parts, no From.
    """
    text = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if any(len(line) > MOST_LINE - 2 for line in text.split(b"\n")):
        # The limit is RFC 5321's; AWS's text is not known.
        raise bad_request(f"Lines may have at most {MOST_LINE} characters.")
    head, _, body = text.partition(b"\n\n")
    if sum(1 for _ in message_from_bytes(text).walk()) > MOST_PARTS:
        raise bad_request(f"A message may have at most {MOST_PARTS} MIME parts.")
    fields = _fields(head)
    names = [name for name, _ in fields]
    for name, _ in fields:
        if name in _ONCE and names.count(name) > 1:
            raise bad_request(f"Duplicate header '{name.title()}'.")
    values = {name: _unfolded(field) for name, field in fields}
    if not values.get("from"):
        raise bad_request("Missing required header 'From'.")
    return RawMessage(tuple(fields), body, values)


def finish(message: RawMessage, extra: Mapping[str, str]) -> bytes:
    """The message as it leaves SES, with CRLF line ends: Bcc and X-SES-… gone, `extra` added."""
    kept = [
        field
        for name, field in message.fields
        if name not in _REPLACED and not name.startswith("x-ses-")
    ]
    kept += [f"{name}: {value}".encode() for name, value in extra.items()]
    whole = b"\n".join(kept) + b"\n\n" + message.body
    return whole.replace(b"\n", b"\r\n")


def _unfolded(field: bytes) -> str:
    return field.partition(b":")[2].replace(b"\n", b"").decode("utf-8", "replace").strip()


def _fields(head: bytes) -> list[tuple[str, bytes]]:
    fields: list[tuple[str, bytes]] = []
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t") and fields:
            name, field = fields[-1]
            fields[-1] = (name, field + b"\n" + line)
        elif b":" in line:
            fields.append(
                (line.partition(b":")[0].strip().decode("ascii", "replace").lower(), line)
            )
    return fields
