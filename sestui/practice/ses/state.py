"""Everything the service remembers, per Region. Times are epoch seconds of the practice clock."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, Literal, Self, TypeVar, get_args, get_origin, get_type_hints

_Part = TypeVar("_Part")
Section = Literal["account", "identities", "keys", "sets", "templates", "suppression", "sending"]
SECTIONS: tuple[Section, ...] = (
    "account",
    "identities",
    "keys",
    "sets",
    "templates",
    "suppression",
    "sending",
)

Tags = list[dict[str, str]]


def _fields(part: Any) -> dict[str, Any]:
    """The fields of a dataclass with slots; `asdict` would copy all they hold, which takes long."""
    return {name: getattr(part, name) for name in part.__slots__}


@dataclass(slots=True)
class Dkim:
    """DKIM of a domain identity.

    `tokens` are the three Easy DKIM selectors; `active` is the index of the one that has the key.
    Private keys are kept apart, in `Region.keys` by selector, since they are made only when asked
    for. For BYODKIM, `selector` and `private_key` (base64 DER, as it was given) are set instead.
    """

    origin: str = "AWS_SES"
    signing_enabled: bool = True
    status: str = "NOT_STARTED"
    tokens: list[str] = field(default_factory=list)
    active: int = 0
    zone: str = ""
    selector: str = ""
    private_key: str = ""
    next_length: str = "RSA_2048_BIT"
    current_length: str = "RSA_2048_BIT"
    key_made: float | None = None
    switched: float | None = None
    shortened_once: bool = False
    since: float = 0.0
    """When the present status began; 72 h are counted from it."""


@dataclass(slots=True)
class MailFrom:
    domain: str = ""
    status: str = ""
    behavior: str = "USE_DEFAULT_VALUE"
    since: float = 0.0


@dataclass(slots=True)
class Identity:
    """An e-mail address or a domain. `generation` changes with every change by a caller."""

    name: str
    created: float
    status: str = "PENDING"
    since: float = 0.0
    verified: bool = False
    """VerifiedForSendingStatus."""
    feedback_forwarding: bool = True
    configuration_set: str = ""
    tags: Tags = field(default_factory=list)
    policies: dict[str, str] = field(default_factory=dict)
    links: dict[str, float] = field(default_factory=dict)
    """Tokens of verification links that were mailed, and when."""
    dkim: Dkim = field(default_factory=Dkim)
    mail_from: MailFrom = field(default_factory=MailFrom)
    error: str = ""
    checked: float | None = None
    succeeded: float | None = None
    soa: dict[str, Any] | None = None
    generation: int = 0

    @property
    def is_address(self) -> bool:
        return "@" in self.name

    @property
    def domain(self) -> str:
        """The identity's own domain, lower case."""
        return self.name.rpartition("@")[2].lower()

    def to_json(self) -> dict[str, Any]:
        nested = {"dkim": _fields(self.dkim), "mail_from": _fields(self.mail_from)}
        return _fields(self) | nested

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        nested = {
            "dkim": _read(Dkim, data["dkim"]),
            "mail_from": _read(MailFrom, data["mail_from"]),
        }
        return _read(cls, {**data, **nested})


@dataclass(slots=True)
class ConfigurationSet:
    """Options are kept in the form the API takes and returns them."""

    name: str
    created: float
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By group: TrackingOptions, DeliveryOptions, …"""
    destinations: list[dict[str, Any]] = field(default_factory=list)
    """As GetConfigurationSetEventDestinations returns them."""
    tags: Tags = field(default_factory=list)


@dataclass(slots=True)
class Template:
    name: str
    created: float
    content: dict[str, str] = field(default_factory=dict)
    tags: Tags = field(default_factory=list)


@dataclass(slots=True)
class Suppressed:
    address: str
    reason: str
    updated: float
    message_id: str = ""
    feedback_id: str = ""


@dataclass(slots=True)
class Account:
    sending_enabled: bool = True
    enforcement: str = "HEALTHY"
    suppressed_reasons: list[str] = field(default_factory=lambda: ["BOUNCE", "COMPLAINT"])
    validation: dict[str, Any] | None = None
    vdm: dict[str, Any] | None = None
    details: dict[str, Any] | None = None
    review: str = ""
    """ReviewDetails.Status as last decided; PENDING turns to GRANTED by itself."""
    review_since: float = 0.0
    case_id: str = ""
    production: bool = False


@dataclass(slots=True)
class Sending:
    """What the quota is counted from: (time, recipients) of the last 24 hours."""

    sent: list[tuple[float, int]] = field(default_factory=list)


@dataclass(slots=True)
class Keys:
    """Private keys in PEM by selector."""

    pem: dict[str, str] = field(default_factory=dict)
    amazonses_selector: str = ""


@dataclass(slots=True)
class Region:
    """One Region of the account. Guarded by the service's lock."""

    name: str
    account: Account = field(default_factory=Account)
    identities: dict[str, Identity] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    sets: dict[str, ConfigurationSet] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    suppression: dict[str, Suppressed] = field(default_factory=dict)
    sending: Sending = field(default_factory=Sending)

    def section(self, section: Section) -> Any:
        """One section as JSON; it shares lists with the state, so write it out at once."""
        match section:
            case "account":
                return _fields(self.account)
            case "keys":
                return _fields(self.keys)
            case "sending":
                return _fields(self.sending)
            case "identities":
                return [identity.to_json() for identity in self.identities.values()]
            case "sets":
                return [_fields(each) for each in self.sets.values()]
            case "templates":
                return [_fields(template) for template in self.templates.values()]
            case "suppression":
                return [_fields(entry) for entry in self.suppression.values()]

    def restore(self, section: Section, data: Any) -> list[str]:
        """Take one section back from JSON; the names of what in it is damaged and left out."""
        damaged: list[str] = []
        match section:
            case "account":
                self.account = _whole(Account, data, damaged)
            case "keys":
                self.keys = _whole(Keys, data, damaged)
            case "sending":
                try:
                    self.sending = Sending([(float(at), int(count)) for at, count in data["sent"]])
                except (KeyError, ValueError, TypeError):
                    damaged.append("sent")
            case "identities":
                identities = _each(Identity.from_json, data, damaged)
                self.identities = {identity.name: identity for identity in identities}
            case "sets":
                sets = _each(functools.partial(_read, ConfigurationSet), data, damaged)
                self.sets = {each.name: each for each in sets}
            case "templates":
                templates = _each(functools.partial(_read, Template), data, damaged)
                self.templates = {template.name: template for template in templates}
            case "suppression":
                entries = _each(functools.partial(_read, Suppressed), data, damaged)
                self.suppression = {entry.address: entry for entry in entries}
        return damaged


def _whole(kind: type[_Part], data: Any, damaged: list[str]) -> _Part:
    """A part, or a new one where it is damaged."""
    try:
        return _read(kind, data)
    except TypeError as error:
        damaged.append(str(error))
        return kind()


def _each(read: Callable[[Any], _Part], data: list[Any], damaged: list[str]) -> list[_Part]:
    """The parts of a list that are not damaged."""
    good: list[_Part] = []
    for position, each in enumerate(data):
        try:
            good.append(read(each))
        except (TypeError, KeyError):
            name = each.get("name", each.get("address")) if isinstance(each, dict) else None
            damaged.append(str(name or f"number {position + 1}"))
    return good


def _read(kind: type[_Part], data: Any) -> _Part:
    """A part from its JSON.

    Raises:
        TypeError: a member is missing, unknown or of another type.
    """
    if not isinstance(data, dict):
        raise TypeError(f"{kind.__name__} is not an object")
    for name, types in _TYPES[kind].items():
        if name in data and not isinstance(data[name], types):
            raise TypeError(f"{name} is of another type")
    return kind(**data)


def _types(kind: type) -> dict[str, tuple[type, ...]]:
    """What the members of a part are in JSON."""
    found: dict[str, tuple[type, ...]] = {}
    for name, hint in get_type_hints(kind).items():
        kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        plain = tuple(get_origin(each) or each for each in kinds)
        found[name] = (*plain, int) if float in plain else plain
    return found


_PARTS = (
    Dkim, MailFrom, Identity, ConfigurationSet, Template, Suppressed, Account, Keys,
)  # fmt: skip
_TYPES: dict[type, dict[str, tuple[type, ...]]] = {kind: _types(kind) for kind in _PARTS}
