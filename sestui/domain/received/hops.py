"""The way a mail took: its Received headers, bottom up (RFC 5321 section 4.4, RFC 3848)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from sestui.domain.i18n import _
from sestui.domain.received.source import Source

MOST_HOPS = 40
# RFC 3848 and the IANA registry of mail transmission types: an S before the final A means TLS.
_WITH_TLS = re.compile(r"(?:UTF8)?(?:ESMTP|SMTP|LMTP|HTTP)SA?")
_WITHOUT = re.compile(r"(?:UTF8)?E?SMTPA?")
_VERSION = re.compile(r"\b(?:TLS|SSL)[ _]?v?([123])(?:[._]([0-3]))?\b", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{3,45})\]", re.IGNORECASE)
_PART = re.compile(r"\b(from|by|with|via|id|for) +(\S+)", re.IGNORECASE)


class Encryption(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """The server does not tell, or the mail did not leave the machine."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One server that took the mail over."""

    sender: str
    """What the server calls the one it came from; empty inside a system."""
    by: str
    protocol: str = ""
    """As the server calls it, such as ESMTPS."""
    tls: str = ""
    """The version, such as 1.3; empty when it is not told."""
    encrypted: Encryption = Encryption.UNKNOWN
    at: datetime | None = None
    delay: float | None = None
    """Seconds since the hop before, or since the Date for the first; below zero where two clocks
    differ; None when a time is missing."""
    ses: bool = False
    """It came from Amazon SES."""

    @property
    def word(self) -> str:
        """Whether the way to this server was encrypted."""
        match self.encrypted:
            case Encryption.YES:
                return f"TLS {self.tls}" if self.tls else _("encrypted")
            case Encryption.NO:
                return _("not encrypted")
            case _:
                return _("not told")


def hops_of(source: Source) -> tuple[Hop, ...]:
    """The hops in the order the mail went, each with its delay."""
    values = source.all("received")[:MOST_HOPS]
    before = read_date(source.first("date"))
    hops = []
    for value in reversed(values):
        hop = read_hop(value)
        if hop.at is not None:
            delay = (hop.at - before).total_seconds() if before is not None else None
            hop, before = replace(hop, delay=delay), hop.at
        hops.append(hop)
    return tuple(hops)


def total_seconds(source: Source, hops: tuple[Hop, ...]) -> float | None:
    """From the Date of the mail, else from the first hop, to the last one by its clock."""
    times = [hop.at for hop in hops if hop.at is not None]
    start = read_date(source.first("date")) or (times[0] if times else None)
    return (max(times) - start).total_seconds() if times and start is not None else None


def read_hop(value: str) -> Hop:
    """Read the value of one Received header. Never raises."""
    text, semicolon, date = value.rpartition(";")
    if not semicolon:
        text, date = value, ""
    bare = _without_comments(text)
    parts: dict[str, str] = {}
    for name, found in _PART.findall(bare):
        parts.setdefault(name.lower(), found.rstrip(",;"))
    sender, protocol = parts.get("from", ""), parts.get("with", "")
    if protocol.lower() == "microsoft":
        protocol = "SMTP"  # "with Microsoft SMTP Server (version=TLS1_2, …)"
        told = False
    else:
        told = True
    version = _VERSION.search(text)
    tls = f"{version.group(1)}.{version.group(2) or '0'}" if version else ""
    if version or _WITH_TLS.fullmatch(protocol.upper()):
        encrypted = Encryption.YES
    elif told and sender and _WITHOUT.fullmatch(protocol.upper()) and not _inside(text):
        encrypted = Encryption.NO
    else:
        encrypted = Encryption.UNKNOWN
    ses = re.search(r"\.smtp-out\.(?:[a-z0-9-]+\.)?amazonses\.com\b", text.lower()) is not None
    return Hop(
        sender=sender,
        by=parts.get("by", ""),
        protocol=protocol,
        tls=tls,
        encrypted=encrypted,
        at=read_date(date),
        ses=ses,
    )


def read_date(text: str) -> datetime | None:
    """A date of RFC 5322 with its zone; None when it is none."""
    from email.utils import parsedate_to_datetime

    text = text.strip()
    if not text or len(text) > 100:
        return None
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)  # -0000: UTC, of whatever zone
        return at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _without_comments(text: str) -> str:
    for _depth in range(4):
        shorter = _COMMENT.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return text


def _inside(text: str) -> bool:
    """True when it came from a machine of the receiver's own network."""
    if re.search(r"from (?:localhost|userid)\b", text, re.IGNORECASE):
        return True
    found = _ADDRESS.search(text)
    if found is None:
        return False
    try:
        return not ipaddress.ip_address(found.group(1)).is_global
    except ValueError:
        return False
