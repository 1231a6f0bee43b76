"""What SES makes of a template and its data: a MIME message, taken apart to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class Rendered:
    """Hostile until `printable`, as all mail is."""

    headers: tuple[tuple[str, str], ...]
    """Decoded."""
    text: str = ""
    html: str = ""


def read_rendered(mime: str) -> Rendered:
    """The headers and both parts; what cannot be taken apart is all text."""
    from email import message_from_string, policy
    from email.message import EmailMessage

    try:
        message = message_from_string(mime, _class=EmailMessage, policy=policy.default)
        headers = tuple((name, " ".join(str(value).split())) for name, value in message.items())
        return Rendered(headers, _part(message, "plain"), _part(message, "html"))
    except Exception:  # the email package raises nearly anything for a broken header
        return Rendered((), mime)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    encoding = str(part.get("content-transfer-encoding", "7bit")).lower()
    # What is not encoded is text already; to decode it would spoil all that is not ASCII.
    as_it_is = encoding in ("7bit", "8bit", "binary")
    return str(part.get_payload() if as_it_is else part.get_content())
