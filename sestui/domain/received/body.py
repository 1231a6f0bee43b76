"""What a person wants to read of a mail that arrived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage

_LINK = re.compile(r"https?://[^\s<>\"]+")


def body_text(message: EmailMessage) -> str:
    """The text of a message, its HTML when there is no text; not cleaned for a terminal."""
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        return str(part.get_content()) if part is not None else ""
    except (KeyError, LookupError, ValueError, AttributeError):
        # An unknown charset or a broken part: what is there, as bytes that can be read.
        payload = message.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def verification_link(text: str) -> str:
    """The link of Amazon's verification mail, or empty."""
    for link in _LINK.findall(text):
        if "confirm" in link or "email-verification" in link or "awstrack.me" in link:
            return str(link)
    return ""
