"""The SMTP interface of SES: where it is, who may come in, and what a port that was tried says."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto

from sestui.domain.account import Keys, Secret
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.regions import REGIONS, partition
from sestui.domain.text import quoted

_VERSION = b"\x04"

# AWS General Reference, "Amazon Simple Email Service endpoints": Regions with the API only.
_NO_SMTP = {
    "af-south-1", "ap-south-2", "ap-southeast-3", "ap-southeast-5", "ca-west-1", "eu-south-1",
    "eu-central-2", "il-central-1", "me-south-1", "me-central-1",
}  # fmt: skip
_FIPS = {
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "us-gov-east-1",
    "us-gov-west-1",
}  # fmt: skip
_SUFFIX = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}
SMTP_REGIONS = tuple(region for region in REGIONS if region not in _NO_SMTP)


class Security(StrEnum):
    """How a port comes to TLS; SES takes nothing without it (Developer Guide, "smtp-connect")."""

    STARTTLS = "STARTTLS"
    TLS = "TLS"
    HTTPS = "HTTPS"
    """Not SMTP: the API, to compare with."""
    NONE = "-"
    """Nor that: the API of an account on this machine."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    host: str
    port: int
    security: Security

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


# In the order to be tried: what AWS's examples use, what is seldom blocked, and 25, which EC2
# throttles and most networks block, last.
_PORTS = (
    (587, Security.STARTTLS),
    (465, Security.TLS),
    (2587, Security.STARTTLS),
    (2465, Security.TLS),
    (25, Security.STARTTLS),
)


def smtp_host(region: str, *, fips: bool = False) -> str:
    """The SMTP endpoint of `region`; empty where SES has none."""
    if region in _NO_SMTP:
        return ""
    name = "email-smtp-fips" if fips and region in _FIPS else "email-smtp"
    return f"{name}.{region}.{_SUFFIX.get(partition(region), 'amazonaws.com')}"


def smtp_endpoints(region: str, *, fips: bool = False) -> tuple[Endpoint, ...]:
    """In the order to be tried; empty in a Region without SMTP."""
    host = smtp_host(region, fips=fips)
    return tuple(Endpoint(host, port, security) for port, security in _PORTS) if host else ()


def smtp_password(secret: str, region: str) -> str:
    """The SMTP password that belongs to a secret access key, in one Region.

    Source: SES developer guide, "Obtaining Amazon SES SMTP credentials". The date, the terminal and
    the message are constants there; only the key and the Region differ.
    """
    # A key that cannot be encoded is none; an error would show it.
    key = ("AWS4" + secret).encode(errors="replace")
    for step in ("11111111", region, "ses", "aws4_request", "SendRawEmail"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return base64.b64encode(_VERSION + key).decode()


@dataclass(frozen=True, slots=True)
class Credentials:
    """For AUTH. The password is in no repr, and so in no traceback."""

    user: str
    password: Secret = field(repr=False)


def derive(keys: Keys, region: str) -> Credentials:
    """The SMTP credentials that long-lived access keys are in `region`."""
    return Credentials(keys.access_key_id, Secret(smtp_password(keys.secret.reveal(), region)))


class PasswordKind(StrEnum):
    """What something typed as the password is, by its form."""

    SMTP = auto()
    """33 bytes as base64, the first of them 4."""
    OLD = auto()
    """The same with a 2: of before 10 January 2019, when they were of no Region."""
    SECRET_KEY = auto()
    """A secret access key, of which a password can be made."""
    OTHER = auto()


def kind_of(password: Secret) -> PasswordKind:
    """By form alone; spaces around it do not count."""
    if re.fullmatch(r"[A-Za-z0-9/+]{40}", password.reveal().strip()):
        return PasswordKind.SECRET_KEY
    return {b"\x04": PasswordKind.SMTP, b"\x02": PasswordKind.OLD}.get(
        _first_byte(password), PasswordKind.OTHER
    )


def _first_byte(password: Secret) -> bytes:
    """Of the 33 that an SMTP password decodes to; empty for anything else."""
    try:
        decoded = base64.b64decode(password.reveal().strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return decoded[:1] if len(decoded) == 33 else b""


def credentials_of(user: str, typed: Secret, region: str) -> Credentials:
    """What is typed as credentials; a secret access key becomes the password of `region`."""
    if kind_of(typed) is PasswordKind.SECRET_KEY:
        return derive(Keys(user.strip(), Secret(typed.reveal().strip())), region)
    return Credentials(user.strip(), Secret(typed.reveal().strip()))


# Prefixes of what IAM hands out (IAM User Guide, "Unique identifiers").
_IAM_IDS = ("AIDA", "AROA", "AGPA", "AIPA", "ANPA", "ANVA", "ASCA", "APKA", "ACCA", "ABIA")


def judge_user(text: str) -> None:
    """Whether `text` can be an SMTP user name: the ID of a long-lived access key.

    Raises:
        InvalidName: it cannot; why, and what to do.
    """
    if not text.strip():
        raise InvalidName(_("Type the SMTP user name: an access key ID, as AKIA…"))
    if re.search(r"\s", text):
        raise InvalidName(_("There is a space in the user name, or before or after it."))
    if text.upper().startswith("ASIA"):
        raise InvalidName(
            _(
                "ASIA… is a temporary key, and SES takes no temporary keys over SMTP. Use the "
                "long-lived key (AKIA…) of an IAM user."
            )
        )
    if re.fullmatch(r"AKIA[A-Z0-9]{16}", text):
        return
    raise InvalidName(_no_user(text))


def _no_user(text: str) -> str:
    if re.fullmatch(r"AKIA[A-Z0-9]{16}", text.upper()):
        return _("The user name is in capital letters: SES tells them from small ones.")
    if text.startswith("AKIA"):
        return _("An access key ID has 20 letters and digits; this one has {n}.").format(
            n=len(text)
        )
    if text.startswith(_IAM_IDS):
        return _("That is the ID of something else in IAM. The user name is a key ID, AKIA…")
    if "@" in text:
        return _("That is a mail address. The user name is an access key ID, AKIA…")
    return _(
        "“{text}” looks like the IAM user's name. The SMTP user name is the ID of that user's "
        "access key, AKIA…"
    ).format(text=quoted(text, 24))


def judge_password(text: str, *, secret_key: bool = False) -> None:
    """Whether `text` can be an SMTP password, as far as its form tells. Never repeats it.

    Args:
        secret_key: a secret access key will do as well, since it can be converted.

    Raises:
        InvalidName: it cannot; why, and what to do.
    """
    if not text.strip():
        raise InvalidName(_("Paste the SMTP password."))
    if re.search(r"\s", text):
        raise InvalidName(
            _("There is a space or a line break in the password, or before or after it.")
        )
    match kind_of(Secret(text)):
        case PasswordKind.SECRET_KEY if not secret_key:
            raise InvalidName(
                _(
                    "That is a secret access key. The SMTP password is another one, which is made "
                    "of it for each Region."
                )
            )
        case PasswordKind.OTHER:
            raise InvalidName(
                _("An SMTP password of SES has 44 letters, digits, + and /; this has {n}.").format(
                    n=len(text)
                )
                if len(text) != 44
                else _("An SMTP password of SES begins with B; this is something else.")
            )


def lint(credentials: Credentials) -> str:
    """Why these cannot be right, found without asking anybody; empty when they may be."""
    try:
        judge_user(credentials.user)
        judge_password(credentials.password.reveal())
    except InvalidName as problem:
        return str(problem)
    return ""


def regions_of(
    credentials: Credentials, secret: Secret, regions: Sequence[str] = SMTP_REGIONS
) -> tuple[str, ...]:
    """The Regions whose password this is, when it was made of `secret`."""
    return tuple(
        region
        for region in regions
        if Secret(smtp_password(secret.reveal(), region)) == credentials.password
    )
