"""Identities: what SES knows of a domain or an address. Source: API v2 GetEmailIdentity."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sestui.domain.i18n import _


class IdentityKind(StrEnum):
    EMAIL = "EMAIL_ADDRESS"
    DOMAIN = "DOMAIN"


class Status(StrEnum):
    """Verification, DKIM and MAIL FROM share these states."""

    NOT_STARTED = "NOT_STARTED"
    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    TEMPORARY_FAILURE = "TEMPORARY_FAILURE"

    @classmethod
    def parse(cls, text: str | None) -> Status:
        """A status SES may add later counts as pending: asked again, never shown as an error."""
        if not text:
            return cls.NOT_STARTED
        return cls(text) if text in cls.__members__ else cls.PENDING

    @property
    def word(self) -> str:
        return {
            Status.NOT_STARTED: _("not started"),
            Status.PENDING: _("pending"),
            Status.SUCCESS: _("verified"),
            Status.FAILED: _("failed"),
            Status.TEMPORARY_FAILURE: _("lost, being rechecked"),
        }[self]


class OnMxFailure(StrEnum):
    """What SES does while the custom MAIL FROM's MX is missing."""

    DEFAULT = "USE_DEFAULT_VALUE"
    REJECT = "REJECT_MESSAGE"


@dataclass(frozen=True, slots=True)
class IdentitySummary:
    """A row of ListEmailIdentities."""

    name: str
    kind: IdentityKind
    status: Status
    sending_enabled: bool = False


@dataclass(frozen=True, slots=True)
class Soa:
    """The SOA record SES itself saw: tells whether SES looks at the same zone as the world."""

    primary: str
    admin: str
    serial: int


@dataclass(frozen=True, slots=True)
class Verification:
    """VerificationInfo: why it is still pending, in SES's words."""

    error_type: str = ""
    last_checked: datetime | None = None
    last_success: datetime | None = None
    soa: Soa | None = None


@dataclass(frozen=True, slots=True)
class Dkim:
    status: Status = Status.NOT_STARTED
    signing_enabled: bool = False
    origin: str = "AWS_SES"
    """AWS_SES: Easy DKIM; EXTERNAL: BYODKIM; AWS_SES_<REGION>: deterministic Easy DKIM."""
    tokens: tuple[str, ...] = ()
    hosted_zone: str = ""
    """SigningHostedZone; empty on old SDKs."""
    key_length: str = ""

    @property
    def own_key(self) -> bool:
        return self.origin == "EXTERNAL"

    @property
    def parent_region(self) -> str:
        """Of deterministic Easy DKIM: the Region whose tokens and zone it has; else empty."""
        return self.origin.partition("AWS_SES_")[2].lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class MailFrom:
    """The custom MAIL FROM domain; an empty `domain` means the default at amazonses.com."""

    domain: str = ""
    status: Status = Status.NOT_STARTED
    on_mx_failure: OnMxFailure = OnMxFailure.DEFAULT


@dataclass(frozen=True, slots=True)
class Identity:
    """All of GetEmailIdentity that the wizard uses."""

    name: str
    kind: IdentityKind
    status: Status
    verified: bool
    """VerifiedForSendingStatus: the one thing SES needs to send."""
    verification: Verification = field(default_factory=Verification)
    dkim: Dkim = field(default_factory=Dkim)
    mail_from: MailFrom = field(default_factory=MailFrom)
    configuration_set: str = ""
    feedback_forwarding: bool = True

    @property
    def is_domain(self) -> bool:
        return self.kind is IdentityKind.DOMAIN

    @property
    def complete(self) -> bool:
        """Set up as AWS means it: verified, DKIM and, where there is one, MAIL FROM."""
        if not self.is_domain:
            return self.verified
        mail_from = not self.mail_from.domain or self.mail_from.status is Status.SUCCESS
        return self.verified and self.dkim.status is Status.SUCCESS and mail_from


def refreshed(
    summaries: tuple[IdentitySummary, ...], identity: Identity
) -> tuple[IdentitySummary, ...]:
    """`summaries` with what is known of `identity` now, without asking for the list again."""
    new = IdentitySummary(identity.name, identity.kind, identity.status, identity.verified)
    return tuple(new if summary.name == identity.name else summary for summary in summaries)


def why_pending(error_type: str) -> str:
    """SES's `VerificationInfo.ErrorType` in a sentence that says what to do; empty for none."""
    return {
        "": "",
        "INVALID_VALUE": _("SES found a record with another value. Compare it with the one below."),
        "TYPE_NOT_FOUND": _("SES found the name, but no record of this type at it."),
        "HOST_NOT_FOUND": _("SES found no such name. It is not published yet, or elsewhere."),
        "DNS_SERVER_ERROR": _("Your name servers gave SES an error. They may need a look."),
        "SERVICE_ERROR": _("SES had a fault of its own. It tries again by itself."),
        "REPLICATION_ACCESS_DENIED": _(
            "SES may not copy the key: the parent has to allow "
            "ses:ReplicateEmailIdentityDkimSigningKey."
        ),
        "REPLICATION_PRIMARY_NOT_FOUND": _("The parent identity is not in that Region."),
        "REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED": _(
            "The parent identity has a key of its own (BYODKIM); a replica needs Easy DKIM there."
        ),
        "REPLICATION_REPLICA_AS_PRIMARY_NOT_SUPPORTED": _(
            "The parent is itself a replica; choose the original."
        ),
        "REPLICATION_PRIMARY_INVALID_REGION": _("The parent's Region does not fit; pick another."),
    }.get(error_type, error_type)
