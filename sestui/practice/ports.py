"""What the parts of the practice account know of each other.

`ses` knows `Postmaster` and a name server's port; `mail` and `dns` know `SigningKeys` and
`Destinations`; `account` makes all of them and wires them together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "eu-west-1"


@dataclass(frozen=True, slots=True)
class Login:
    """Whose an access key is: ARN of the user or the role's session, and the secret access key."""

    caller: str
    secret: str = field(repr=False)


class Unready(Exception):
    """It cannot be said yet whose key it is: IAM is still loading."""


FindLogin = Callable[[str], Login | None]
"""Whose the access key with this id is; None for a key that is unknown. May wait for IAM."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key mail of a domain is signed with; `domain` is d=, `selector` is s=."""

    domain: str
    selector: str
    private_key_pem: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message SES has accepted: validated, with a message id, not yet on its way."""

    message_id: str
    region: str
    at: datetime
    source: str
    """The From address, as the identity was matched with it."""
    identity: str
    """The identity it was sent with: an address or a domain."""
    envelope_from: str
    """MAIL FROM: at the custom MAIL FROM domain when that is verified, else at amazonses.com."""
    recipients: tuple[str, ...]
    mime: bytes
    """The whole message with CRLF line ends; Bcc removed; Date and Message-ID set by SES."""
    configuration_set: str | None = None
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Message tags, the ses: auto-tags included, as they appear in events."""
    suppressed: frozenset[str] = frozenset()
    """Recipients on the suppression list that applies: accepted, never delivered."""
    rendering_failure: str = ""
    """Why the template could not be rendered; such mail yields a Rendering Failure event only."""
    template: str = ""
    rejected: bool = False
    """Content that SES's virus scan rejects (EICAR): a Send and a Reject event, no delivery."""


class Postmaster(Protocol):
    """Takes accepted mail and brings it where it goes. Returns at once; works in the background."""

    def accept(self, mail: Accepted) -> None: ...

    def verification_mail(self, address: str, region: str, link: str) -> None:
        """Put Amazon's verification mail, with its link, into the mailbox."""
        ...


class SigningKeys(Protocol):
    """What SES tells about DKIM; asked by the mail signer and by the name server."""

    def signing_key(self, region: str, identity: str) -> SigningKey | None:
        """The key for mail sent with `identity`, or None when it is not DKIM-signed (yet)."""
        ...

    def amazonses_key(self, region: str) -> SigningKey:
        """The key of the second signature, d=amazonses.com, that SES adds to all mail."""
        ...

    def public_keys(self) -> Mapping[str, str]:
        """TXT values under amazonses.com: {"token.dkim.amazonses.com": "p=MIIB…", …}.

        Lower-case names without a trailing dot. The two spare selectors of an Easy DKIM identity
        are there with an empty value, as in the real service.
        """
        ...


class Destinations(Protocol):
    """Where events of a configuration set go."""

    def event_destinations(self, region: str, configuration_set: str) -> list[dict[str, Any]]:
        """As GetConfigurationSetEventDestinations returns them, disabled ones included."""
        ...
