"""The practice mailbox: a folder of .eml files, one per message, and nothing beside them."""

from __future__ import annotations

import contextlib
import email.errors
import email.header
import email.parser
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import IO, Any

from sestui.practice import files

_ID = re.compile(r"\d{8}T\d{12}Z-[A-Za-z0-9_-]+")
_MOST_HEAD = 1 << 14
_STAMP = "%Y%m%dT%H%M%S%fZ"
_METHOD = re.compile(r"\b(dkim|spf|dmarc)=([a-z]+)")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a list shows of a message; texts are decoded but not made safe for a terminal."""

    id: str
    to: str
    """The recipient it was delivered to."""
    sender: str
    """The From header."""
    subject: str
    at: datetime
    """When it arrived, by the practice clock."""
    auth: str
    """The Authentication-Results header, in one line; "" when there is none."""
    dkim: str
    spf: str
    dmarc: str
    message_id: str
    size: int
    """Octets."""

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "to": self.to,
            "from": self.sender,
            "subject": self.subject,
            "at": self.at.isoformat(),
            "auth": {"header": self.auth, "dkim": self.dkim, "spf": self.spf, "dmarc": self.dmarc},
            "message_id": self.message_id,
            "size": self.size,
        }


class Mailbox:
    """Messages by id. Files that someone deletes are gone from it; thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made when it is not there. Raises OSError when it cannot be."""
        files.make_folder(folder)
        self.folder = folder
        self._seen: dict[str, Letter] = {}
        self._arrived = threading.Condition()

    def deliver(self, message: bytes, at: datetime, name: str) -> str:
        """Keep a message that arrived `at`; returns its id.

        `name` (letters, digits, - and _) tells messages of one moment apart: the same message
        delivered again, after a crash, takes the place of the first copy.

        Raises:
            OSError: it could not be written; nothing of it is there then.
        """
        letter_id = f"{at.astimezone(UTC):{_STAMP}}-{name}"
        files.write(self.path(letter_id), message)
        with self._arrived:
            self._seen.pop(letter_id, None)
            self._arrived.notify_all()
        return letter_id

    def letters(self) -> list[Letter]:
        """All messages, the newest first."""
        ids = sorted(p.stem for p in self.folder.glob("*.eml") if _ID.fullmatch(p.stem))
        found = (self._letter(letter_id) for letter_id in reversed(ids))
        return [letter for letter in found if letter is not None]

    def path(self, letter_id: str) -> Path:
        """Where a message is kept.

        Raises:
            KeyError: that is no id.
        """
        if not _ID.fullmatch(letter_id):
            raise KeyError(letter_id)
        return self.folder / f"{letter_id}.eml"

    def raw(self, letter_id: str) -> bytes:
        """A message as it arrived, with CRLF line ends.

        Raises:
            KeyError: there is no such message.
        """
        try:
            return self.path(letter_id).read_bytes()
        except FileNotFoundError:
            raise KeyError(letter_id) from None

    def wait(self, enough: Callable[[list[Letter]], bool], timeout: float) -> bool:
        """Wait until the messages are `enough`; False when `timeout` seconds were not."""
        with self._arrived:
            return self._arrived.wait_for(lambda: enough(self.letters()), timeout)

    def _letter(self, letter_id: str) -> Letter | None:
        letter = self._seen.get(letter_id)
        if letter is None:
            try:
                with self.path(letter_id).open("rb") as file:
                    head, size = _head(file), os.fstat(file.fileno()).st_size
            except (KeyError, OSError):
                return None
            letter = self._seen[letter_id] = _described(letter_id, head, size)
        return letter


def _head(file: IO[bytes]) -> bytes:
    """The headers of a message; its body may be large, and there may be thousands of them."""
    content = file.read(_MOST_HEAD)
    head, blank_line, _body = content.partition(b"\r\n\r\n")
    return head if blank_line else content + file.read()


def _described(letter_id: str, head: bytes, size: int) -> Letter:
    headers = email.parser.BytesHeaderParser().parsebytes(head)
    auth = header(headers, "Authentication-Results")
    # Several DKIM signatures: the best of them is what a reader wants to know.
    results: dict[str, str] = {}
    for method, result in _METHOD.findall(auth):
        if results.get(method) != "pass":
            results[method] = result
    at = datetime.strptime(letter_id.partition("-")[0], _STAMP).replace(tzinfo=UTC)
    return Letter(
        id=letter_id,
        to=header(headers, "Delivered-To") or header(headers, "To"),
        sender=header(headers, "From"),
        subject=header(headers, "Subject"),
        at=at,
        auth=auth,
        dkim=results.get("dkim", "none"),
        spf=results.get("spf", "none"),
        dmarc=results.get("dmarc", "none"),
        message_id=header(headers, "Message-ID"),
        size=size,
    )


def header(headers: Message, name: str) -> str:
    """A header in one line, its encoded words decoded; "" when it is not there."""
    value = str(headers.get(name, ""))
    # What cannot be decoded is shown as it is.
    with contextlib.suppress(LookupError, ValueError, email.errors.HeaderParseError):
        value = str(email.header.make_header(email.header.decode_header(value)))
    return " ".join(value.split())
