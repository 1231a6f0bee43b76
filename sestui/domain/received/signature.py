"""DKIM signatures: what they say (RFC 6376 section 3.5), and what came of a check of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.i18n import _
from sestui.domain.names import is_below
from sestui.domain.received.source import Source
from sestui.domain.severity import Severity

AMAZON = "amazonses.com"
MOST_SIGNATURES = 8
"""That are checked; a mail has two or three."""
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")


@dataclass(frozen=True, slots=True)
class Signature:
    """What a DKIM-Signature header says of itself. All is as the mail has it, and printable."""

    domain: str
    """`d=`, in lower case; empty when it says none."""
    selector: str = ""
    algorithm: str = ""
    identity: str = ""
    """`i=`."""
    signed: tuple[str, ...] = ()
    """The headers it covers (`h=`), in lower case."""
    mark: str = ""
    """The first characters of `b=`, which tell signatures of one domain apart."""
    partial: bool = False
    """It covers only the beginning of the body (`l=`)."""

    @property
    def amazon(self) -> bool:
        """Amazon's own, which SES adds to every mail."""
        return is_below(self.domain, AMAZON)

    @property
    def key_name(self) -> str:
        """Where its key is in DNS; empty when that cannot be a name."""
        name = f"{self.selector}._domainkey.{self.domain}".lower()
        return name if len(name) <= 253 and _NAME.fullmatch(name) else ""


class Check(StrEnum):
    """What came of checking a signature here, with the key that is in DNS now."""

    NOT_DONE = "not_checked"
    VALID = "valid"
    BODY_ALTERED = "body_altered"
    BROKEN = "broken"
    KEY_MISSING = "key_missing"
    KEY_UNUSABLE = "key_unusable"
    KEY_UNKNOWN = "key_unknown"
    """No answer: neither there nor missing."""
    EXPIRED = "expired"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"

    @property
    def word(self) -> str:
        return {
            Check.NOT_DONE: _("not checked"),
            Check.VALID: _("valid"),
            Check.BODY_ALTERED: _("the body was altered"),
            Check.BROKEN: _("the signature is broken"),
            Check.KEY_MISSING: _("the key is missing"),
            Check.KEY_UNUSABLE: _("the key cannot be used"),
            Check.KEY_UNKNOWN: _("could not find out the key"),
            Check.EXPIRED: _("expired"),
            Check.UNREADABLE: _("not a signature"),
            Check.UNSUPPORTED: _("of a kind that is not checked here"),
        }[self]

    @property
    def severity(self) -> Severity:
        if self is Check.VALID:
            return Severity.OK
        if self in (Check.NOT_DONE, Check.KEY_UNKNOWN, Check.UNSUPPORTED):
            return Severity.UNKNOWN
        return Severity.ERROR


@dataclass(frozen=True, slots=True)
class Checked:
    """The check of one signature."""

    check: Check
    detail: str = ""
    """What is to be known beside it; printable."""


NOT_DONE = Checked(Check.NOT_DONE)


def read_signature(value: str) -> Signature:
    """Read the value of one DKIM-Signature. Never raises."""
    tags: dict[str, str] = {}
    for part in value.split(";"):
        name, sign, text = part.partition("=")
        if sign:
            tags.setdefault(name.strip().lower(), "".join(text.split()))
    return Signature(
        domain=tags.get("d", "").lower().rstrip("."),
        selector=tags.get("s", ""),
        algorithm=tags.get("a", "").lower(),
        identity=tags.get("i", ""),
        signed=tuple(filter(None, tags.get("h", "").lower().split(":"))),
        mark=tags.get("b", "")[:16],
        partial="l" in tags,
    )


def signatures_of(source: Source) -> tuple[Signature, ...]:
    """The signatures of a mail, the topmost first."""
    return tuple(read_signature(value) for value in source.all("dkim-signature")[:MOST_SIGNATURES])
