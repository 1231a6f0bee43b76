"""What is known before a send. What is not known is absent, and forecasts nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sestui.domain.identity import Identity, IdentityKind, IdentitySummary
from sestui.domain.mail.form import SIMULATOR, Format, Transport
from sestui.domain.mail.raw import read_head
from sestui.domain.names import InvalidName, parse_address
from sestui.domain.preflight.note import Action, ActionKind

if TYPE_CHECKING:
    from sestui.domain.account import Account
    from sestui.domain.configset import ConfigurationSet
    from sestui.domain.diagnosis.report import Report
    from sestui.domain.mail.message import Message
    from sestui.domain.steps import WizardState
    from sestui.domain.suppression import Suppressed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be found out, and why, both fit to show."""

    about: str
    why: str


@dataclass(frozen=True)  # without slots: an account may have 10,000 identities, and is typed at
class Facts:
    """Nothing of it is about one message alone, so it stays useful while a form is edited."""

    account: Account | None = None
    identities: tuple[IdentitySummary, ...] | None = None
    """All of this Region; None when they have not been listed."""
    details: Mapping[str, Identity | None] = field(default_factory=dict)
    """Identities that were read, by name; None for one that is not there."""
    sets: Mapping[str, ConfigurationSet | None] = field(default_factory=dict)
    """Configuration sets that were read, by name; None for one that does not exist."""
    suppressed: Mapping[str, Suppressed | None] = field(default_factory=dict)
    """Addresses that were looked up; None for one that is not on the suppression list."""
    report: Report | None = None
    """The last check of a domain's DNS."""
    region: str = ""
    transport: Transport = Transport.API
    quota_frees: datetime | None = None
    """When the first recipients of the last 24 hours no longer count, if that is known."""
    gaps: tuple[Gap, ...] = ()

    @cached_property
    def verified(self) -> frozenset[str]:
        """Names of the identities that may send."""
        names = {row.name for row in self.identities or () if row.sending_enabled}
        return frozenset(names | {i.name for i in self.details.values() if i and i.verified})

    @property
    def has_smtp(self) -> bool:
        """SES offers SMTP in the Region."""
        from sestui.domain.smtp import smtp_host

        return bool(smtp_host(self.region))

    def covering(self, address: str) -> tuple[IdentitySummary, ...]:
        """The identities that `address` belongs to, verified or not, the most specific first.

        `user+label@` belongs to `user@` too; a domain covers what is below it (Developer Guide,
        "Creating and verifying identities").
        """
        return tuple(self._rows[name] for name in _names(address) if name in self._rows)

    @cached_property
    def _rows(self) -> dict[str, IdentitySummary]:
        rows = {_plain(row.name): row for row in self.identities or ()}
        return rows | {_plain(i.name): _summary(i) for i in self.details.values() if i is not None}

    def acting(self, address: str) -> tuple[IdentitySummary, ...]:
        """Those of them that are verified: the first one's settings count."""
        return tuple(row for row in self.covering(address) if row.sending_enabled)

    def detail(self, address: str) -> Identity | None:
        """The identity that mail from `address` is sent with, where it was read."""
        acting = self.acting(address)
        return self.details.get(acting[0].name) if acting else None

    def set_name(self, message: Message) -> str:
        """The configuration set that applies; empty when there is none, or none is known.

        An address without a default set of its own takes its domain's.
        """
        if message.configuration_set:
            return message.configuration_set
        known = [self.details.get(row.name) for row in self.acting(message.sender)]
        return next((i.configuration_set for i in known if i and i.configuration_set), "")

    def set_of(self, message: Message) -> ConfigurationSet | None:
        """That configuration set, where it was read and exists."""
        return self.sets.get(self.set_name(message))

    def without(self, action: Action) -> Facts:
        """These facts without what `action` has changed, so that it is looked up again."""
        match action.kind:
            case ActionKind.UNSUPPRESS:
                return replace(self, suppressed=_left(self.suppressed, action.argument))
            case ActionKind.RESUME_SET | ActionKind.CREATE_SET:
                return replace(self, sets=_left(self.sets, action.argument))
            case ActionKind.RESUME_ACCOUNT:
                return replace(self, account=None)
            case _:
                return self


def known(state: WizardState, transport: Transport | None = None) -> Facts:
    """What the wizard knows without asking anybody."""
    identity = state.identity
    details = {identity.name: identity} if identity is not None else {}
    default = state.default_set
    return Facts(
        account=state.account,
        # Nothing listed may mean that listing was denied.
        identities=state.identities or None,
        details=details,
        sets={default.name: default} if default is not None else {},
        report=state.report,
        region=state.region,
        transport=transport or state.mail_form.transport,
    )


def senders(message: Message) -> Iterator[str]:
    """All addresses that have to be verified: From, and Sender and Return-Path of a raw mail."""
    found = [message.sender]
    if message.format is Format.RAW:
        for address in read_head(message.raw).addresses("sender", "return-path"):
            try:
                found.append(str(parse_address(address)))
            except InvalidName:
                continue  # SES would say so itself
    yield from dict.fromkeys(found)


def in_simulator(address: str) -> bool:
    return address.lower().endswith("@" + SIMULATOR)


def counted(message: Message) -> tuple[str, ...]:
    """The recipients that count for the quota; the simulator's do not."""
    return tuple(address for address in message.recipients if not in_simulator(address))


def _names(address: str) -> Iterator[str]:
    local, _at, domain = address.rpartition("@")
    yield address
    if "+" in local:
        yield f"{local.partition('+')[0]}@{domain}"
    labels = domain.lower().split(".")
    for start in range(len(labels)):
        yield ".".join(labels[start:])


def _plain(name: str) -> str:
    """Domains have no case; addresses do."""
    return name if "@" in name else name.lower()


def _summary(identity: Identity) -> IdentitySummary:
    kind = IdentityKind.DOMAIN if identity.is_domain else IdentityKind.EMAIL
    return IdentitySummary(identity.name, kind, identity.status, identity.verified)


def _left(mapping: Mapping[str, T], name: str) -> dict[str, T]:
    return {key: value for key, value in mapping.items() if key != name}
