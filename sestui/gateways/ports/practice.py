"""What only the practice account has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PracticeMail:
    """A mail in the practice mailbox."""

    id: str
    at: datetime
    sender: str
    recipient: str
    subject: str
    results: str = ""
    """The Authentication-Results header."""
    message_id: str = ""
    """As SendEmail returned it."""


class Practice(Protocol):
    """What only the practice account has: a mailbox, a DNS panel, a clock that can be hurried."""

    async def mailbox(self) -> tuple[PracticeMail, ...]:
        """Newest first."""
        ...

    async def read(self, mail_id: str) -> bytes:
        """The whole message; hostile text, to be cleaned before it is shown."""
        ...

    async def open_link(self, url: str) -> str:
        """Follow a verification link as a browser would; the page's text."""
        ...

    async def events(
        self, message_id: str = "", tag: tuple[str, str] = ("", "")
    ) -> tuple[str, ...]:
        """What became of a message, found by its id, or of all with this tag: JSON of each event,
        the oldest first; hostile text."""
        ...

    async def publish(self, records: Sequence[tuple[str, str, str]]) -> None:
        """Type (name, type, value) records into the provider's panel."""
        ...

    async def hurry(self, hours: float) -> None: ...
