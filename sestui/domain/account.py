"""The AWS account as SES sees it, and how we got in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto


class Source(StrEnum):
    """Where credentials come from."""

    PRACTICE = auto()
    DEFAULT = auto()
    """boto3's chain: environment, default profile, container or instance role."""
    PROFILE = auto()
    KEYRING = auto()
    TYPED = auto()


class RegionSource(StrEnum):
    """Where the Region comes from; people work in a wrong one more often than they think."""

    CHOSEN = auto()
    OPTION = auto()
    AWS_REGION = auto()
    AWS_DEFAULT_REGION = auto()
    PROFILE = auto()
    FALLBACK = auto()


@dataclass(frozen=True, slots=True)
class Keys:
    """Typed access keys; the secret stays out of every repr, and so of tracebacks."""

    access_key_id: str
    secret: Secret
    session_token: Secret | None = None

    @property
    def temporary(self) -> bool:
        """ASIA… keys end; AKIA… keys stay."""
        return self.access_key_id.startswith("ASIA") or self.session_token is not None


class Secret:
    """A text that shows itself to nobody who does not ask by `reveal()`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __bool__(self) -> bool:
        return bool(self._text)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to connect with: a source of credentials and a Region."""

    source: Source = Source.DEFAULT
    profile: str = ""
    """The profile's name (PROFILE), or the name the keys were kept under (KEYRING)."""
    region: str = ""
    """Empty: whatever environment and profile say."""
    keys: Keys | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What this machine offers to connect with."""

    profiles: tuple[str, ...] = ()
    kept_keys: tuple[str, ...] = ()
    """Names of access keys in the OS keyring."""
    keyring: str = ""
    """The keyring's name; empty when this machine has none that can keep a secret."""
    region: str = ""
    region_source: RegionSource = RegionSource.FALLBACK
    default_profile: str = ""
    """AWS_PROFILE, if set."""


@dataclass(frozen=True, slots=True)
class Caller:
    """sts:GetCallerIdentity."""

    account: str
    arn: str

    @property
    def name(self) -> str:
        """The last part of the ARN, as `user/anna` or `assumed-role/Admin/anna`."""
        return self.arn.split(":", 5)[-1]


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection that answered: who, where, and where both came from."""

    choice: Choice
    caller: Caller
    region: str
    region_source: RegionSource
    credentials: str
    """What boto3 calls the provider of the credentials: env, shared-credentials-file, sso …"""
    endpoint: str = ""
    """AWS_ENDPOINT_URL_SESV2 or the like, when not AWS's own."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Sending quota; recipients count, not messages. `max_24_hours` of -1 means unlimited."""

    max_24_hours: float
    per_second: float
    sent_24_hours: float

    @property
    def left(self) -> float | None:
        """Recipients left in the rolling 24 hours; None when unlimited."""
        if self.max_24_hours < 0:
            return None
        return max(0.0, self.max_24_hours - self.sent_24_hours)


@dataclass(frozen=True, slots=True)
class Account:
    """sesv2:GetAccount in one Region."""

    production: bool
    sending_enabled: bool
    enforcement: str
    """HEALTHY, PROBATION or SHUTDOWN."""
    quota: Quota
    suppressed_reasons: tuple[str, ...] = ()
    review_status: str = ""
    """Of the request for production access: PENDING, GRANTED, DENIED, FAILED; empty: never made."""
    review_case: str = ""
    mail_type: str = ""
    website: str = ""
    vdm: bool = False
    """Virtual Deliverability Manager is on, so that GetMessageInsights tells of single messages."""

    @property
    def sandbox(self) -> bool:
        """`ProductionAccessEnabled` alone lifts the sandbox."""
        return not self.production

    @property
    def can_send(self) -> bool:
        return self.sending_enabled and self.enforcement != "SHUTDOWN"
