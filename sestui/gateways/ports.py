"""The outside, as Protocols: what workflows and the wizard may ask of it.

All methods are coroutines where they may take long; a blocking call runs in a daemon thread
inside the gateway, so that a quit never waits for it. All text they return is `printable()`,
except bodies of mail and secrets. Every failure is a `GatewayError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sestui.domain.errors import Problem, Trouble

if TYPE_CHECKING:
    # The first frame needs none of these, only the Protocols' names.
    from sestui.domain.account import Account, Caller, Choice, Connection, Keys, Sources
    from sestui.domain.configset import ConfigurationSet
    from sestui.domain.dns import Answer, Zone
    from sestui.domain.identity import Identity, IdentitySummary
    from sestui.domain.mail.message import Message, Sent
    from sestui.domain.mail.template import Template
    from sestui.domain.plan import Call


class GatewayError(Exception):
    """A call to the outside failed; `problem` is fit to show."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem

    @property
    def trouble(self) -> Trouble:
        return self.problem.trouble


class Ses(Protocol):
    """Reading SES in one account and Region, and sending. Control plane: 1 request/s, shared."""

    async def account(self) -> Account: ...

    async def identities(self) -> tuple[IdentitySummary, ...]:
        """All of them, every page."""
        ...

    async def identity(self, name: str) -> Identity | None:
        """None when there is no such identity in this Region."""
        ...

    async def configuration_sets(self) -> tuple[str, ...]: ...

    async def configuration_set(self, name: str) -> ConfigurationSet | None:
        """With its event destinations; None when it does not exist."""
        ...

    async def templates(self) -> tuple[str, ...]: ...

    async def template(self, name: str) -> Template | None: ...

    async def render(self, template: str, data: str) -> str:
        """The MIME message SES would make; a missing variable is a GatewayError (REFUSED)."""
        ...

    async def suppressed(self, address: str) -> str:
        """Why `address` is on the suppression list (BOUNCE, COMPLAINT); empty when it is not."""
        ...

    async def send(self, message: Message) -> Sent:
        """One attempt only: SendEmail is not idempotent.

        Raises:
            GatewayError: with MAYBE_DONE when the request went out and no answer came.
        """
        ...


class Changes(Protocol):
    """The only way to change anything at AWS."""

    async def make(self, call: Call) -> Mapping[str, Any]:
        """Make one call, journal it before and after, and return the answer (plain text cleaned).

        An error code in `call.tolerate` yields an empty answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Topic:
    arn: str
    policy: Mapping[str, Any]
    kms_key: str = ""
    subscriptions: tuple[tuple[str, str, bool], ...] = ()
    """Protocol, endpoint, confirmed."""


class Neighbours(Protocol):
    """Reading the services that SES events go to."""

    async def topics(self) -> tuple[str, ...]:
        """ARNs of all topics, FIFO ones left out: SES cannot publish to them."""
        ...

    async def topic(self, arn: str) -> Topic | None: ...

    async def streams(self) -> tuple[str, ...]:
        """ARNs of Firehose streams."""
        ...

    async def role(self, name: str) -> str:
        """The role's ARN; empty when there is none."""
        ...


class Dns(Protocol):
    """Asking name servers. Nothing here raises: a time-out is an answer of its own.

    Questions are (name, type); all of one call are under way at once, and the answers come in the
    same order. With servers given by the person (`--nameserver`), everything goes to those.
    """

    async def ask(self, questions: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
        """From one server responsible for each name; a resolver where all of them are silent."""
        ...

    async def ask_each(
        self, questions: Sequence[tuple[str, str]], hosts: Sequence[str] = ()
    ) -> tuple[tuple[Answer, ...], ...]:
        """From every server responsible for each name, or from `hosts` instead of those."""
        ...

    async def look_up(self, questions: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
        """Through this machine's resolvers: for names of others, that are not waited for."""
        ...

    async def compare(self, questions: Sequence[tuple[str, str]]) -> tuple[tuple[Answer, ...], ...]:
        """From each of some resolvers, well-known public ones among them.

        Only for names that the responsible servers have said yes to: whoever asks for a name too
        early fills the resolver's negative cache. Empty where servers were given.
        """
        ...

    async def zone(self, name: str) -> Zone:
        """The zone that `name` lies in."""
        ...


@dataclass(frozen=True, slots=True)
class Cloud:
    """One connection with all that hangs on it."""

    connection: Connection
    ses: Ses
    changes: Changes
    neighbours: Neighbours
    dns: Dns


class Clipboard(Protocol):
    async def copy(self, text: str) -> bool:
        """True when a program of this machine took the text; OSC 52 is the front end's own way."""
        ...


class KeyStore(Protocol):
    """Access keys in the OS keyring, only when the person asked for it."""

    async def keep(self, name: str, keys: Keys) -> None: ...

    async def keys(self, name: str) -> Keys | None: ...

    async def forget(self, name: str) -> None: ...


class Preferences(Protocol):
    """Small things that make the next start pleasant; no secrets."""

    def load(self) -> dict[str, Any]:
        """Empty when there is nothing, or nothing readable."""
        ...

    def save(self, values: Mapping[str, Any]) -> None: ...


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

    async def publish(self, records: Sequence[tuple[str, str, str]]) -> None:
        """Type (name, type, value) records into the provider's panel."""
        ...

    async def hurry(self, hours: float) -> None: ...


class Outside(Protocol):
    """All of the outside, for one run of sestui."""

    @property
    def clipboard(self) -> Clipboard: ...

    @property
    def keyring(self) -> KeyStore: ...

    @property
    def preferences(self) -> Preferences: ...

    @property
    def practice(self) -> Practice | None: ...

    async def sources(self) -> Sources:
        """What this machine offers; quick, no network."""
        ...

    async def read_document(self, url: str) -> bytes:
        """A small document over HTTPS, of someone who is not AWS: only when the person agreed."""
        ...

    async def connect(self, choice: Choice) -> Cloud:
        """Credentials that answered sts:GetCallerIdentity, in a Region.

        Raises:
            GatewayError: CREDENTIALS, NETWORK …, with what to do.
        """
        ...


__all__ = [
    "Caller",
    "Changes",
    "Clipboard",
    "Cloud",
    "Dns",
    "GatewayError",
    "KeyStore",
    "Neighbours",
    "Outside",
    "Practice",
    "PracticeMail",
    "Preferences",
    "Ses",
    "Topic",
]
