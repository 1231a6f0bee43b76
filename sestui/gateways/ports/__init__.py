"""The outside, as Protocols: what workflows and the wizard may ask of it.

All methods are coroutines where they may take long; a blocking call runs in a daemon thread
inside the gateway, so that a quit never waits for it. All text they return is `printable()`,
except bodies of mail and secrets. Every failure is a `GatewayError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sestui.gateways.ports.aws import Changes, Metrics, Neighbours, Queues
from sestui.gateways.ports.dns import Dns
from sestui.gateways.ports.failure import GatewayError
from sestui.gateways.ports.machine import Clipboard, Files, KeyStore, Preferences
from sestui.gateways.ports.mail import Ses, Smtp
from sestui.gateways.ports.practice import Practice, PracticeMail
from sestui.gateways.ports.proofs import Proofs

if TYPE_CHECKING:
    from sestui.domain.account import Choice, Connection, Sources


@dataclass(frozen=True, slots=True)
class Cloud:
    """One connection with all that hangs on it."""

    connection: Connection
    ses: Ses
    changes: Changes
    neighbours: Neighbours
    dns: Dns
    queues: Queues | None = None
    smtp: Smtp | None = None
    metrics: Metrics | None = None
    proofs: Proofs | None = None


class Outside(Protocol):
    """All of the outside, for one run of sestui."""

    @property
    def clipboard(self) -> Clipboard: ...

    @property
    def keyring(self) -> KeyStore: ...

    @property
    def preferences(self) -> Preferences: ...

    @property
    def files(self) -> Files: ...

    @property
    def practice(self) -> Practice | None: ...

    async def sources(self) -> Sources:
        """What this machine offers; quick, no network."""
        ...

    async def read_document(self, url: str) -> bytes:
        """A small document over HTTPS, of someone who is not AWS: only when the person agreed."""
        ...

    async def show_page(self, html: str) -> tuple[str, bool]:
        """Open a page in the browser: the file it is in, and whether there is a browser."""
        ...

    async def connect(self, choice: Choice) -> Cloud:
        """Credentials that answered sts:GetCallerIdentity, in a Region.

        Raises:
            GatewayError: CREDENTIALS, NETWORK …, with what to do.
        """
        ...


__all__ = [
    "Changes",
    "Clipboard",
    "Cloud",
    "Dns",
    "Files",
    "GatewayError",
    "KeyStore",
    "Metrics",
    "Neighbours",
    "Outside",
    "Practice",
    "PracticeMail",
    "Preferences",
    "Proofs",
    "Queues",
    "Ses",
    "Smtp",
]
