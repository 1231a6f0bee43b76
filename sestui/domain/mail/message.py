"""A message SES will accept the form of, and what SES answered to it."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.mail.attachment import Attachment
from sestui.domain.mail.form import Format

FIND_TAG = "sestui-test"
"""Name of the tag that every mail of sestui carries, so that it can be found by its events."""


@dataclass(frozen=True, slots=True)
class Message:
    """Addresses are bare, their domains A-labels; nothing in it has a line break but the bodies."""

    format: Format
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    display_name: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    raw: bytes = b""
    template: str = ""
    template_data: str = "{}"
    configuration_set: str = ""
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def recipients(self) -> tuple[str, ...]:
        """Of all kinds, each once."""
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.bcc)))

    @property
    def find_tag(self) -> str:
        """The value of the tag by which its events are found; empty when it has none."""
        return dict(self.tags).get(FIND_TAG, "")


@dataclass(frozen=True, slots=True)
class Sent:
    """SES said yes: accepted, which is not yet delivered."""

    message: Message
    message_id: str
    request_id: str = ""
