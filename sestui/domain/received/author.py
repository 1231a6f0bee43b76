"""Who the mail is from, as people see it and as bounces do, and what is aligned with that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sestui.domain.dmarc.align import Aligned, Mechanism, Row, align
from sestui.domain.dmarc.organization import estimated_org
from sestui.domain.dmarc.policy import Rfc
from sestui.domain.dmarc.walk import Discovery, Found, Tree, discover
from sestui.domain.names import InvalidName, parse_domain
from sestui.domain.received.results import Result, Results
from sestui.domain.received.source import Source
from sestui.domain.text import printable

MOST_CHARACTERS = 2000
"""Of a From that are looked at."""
_BARE = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()@]+")
# Providers of mailboxes, whose domains nobody else can sign for.
_FREE = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
        "aol.com", "icloud.com", "me.com", "mac.com", "ymail.com", "rocketmail.com", "proton.me",
        "protonmail.com", "pm.me", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "qq.com",
        "163.com", "126.com", "sina.com", "naver.com", "daum.net", "zoho.com", "web.de", "gmx.de",
        "gmx.net", "gmx.com", "t-online.de", "orange.fr", "wanadoo.fr", "libero.it",
        "fastmail.com", "tutanota.com", "hey.com",
    }
)  # fmt: skip
_FREE_NAMES = frozenset(("yahoo", "hotmail", "live", "outlook"))
"""Of providers with one domain a country, such as yahoo.co.uk."""


@dataclass(frozen=True, slots=True)
class Author:
    """The domain of From with all that alignment depends on."""

    domain: str
    found: Discovery
    """The DMARC record that applies; an estimate where DNS was not asked."""
    tree: Tree

    @classmethod
    def of(cls, domain: str, tree: Tree | None) -> Author:
        """`tree`: the DMARC records of all domains concerned, or None when nobody asked."""
        if tree is not None and domain:
            found = discover(domain, tree)
            if found.found is Found.RECORD:
                return cls(domain, found, tree)
        org = estimated_org(domain)
        state = Found.UNKNOWN if tree is None else discover(domain, tree).found
        return cls(domain, Discovery(Rfc.RFC7489, domain, state, org=org), {})

    @property
    def asked(self) -> bool:
        """The record that applies is known, so that strict alignment is too."""
        return self.found.found is Found.RECORD

    @property
    def strict(self) -> bool:
        record = self.found.record
        return record is not None and (record.strict_dkim or record.strict_spf)

    def align(self, mechanism: Mechanism, domain: str) -> Row:
        if not self.domain:
            return Row(mechanism, domain, False, Aligned.UNKNOWN, "")
        return align(mechanism, domain, self.found, self.tree, org_of=estimated_org)


def senders(source: Source) -> tuple[str, ...]:
    """The addresses in From, each once; of several headers all of them."""
    from email.utils import getaddresses

    found: list[str] = []
    for value in (each[:MOST_CHARACTERS] for each in source.all("from")[:5]):
        try:
            addresses = [address for _name, address in getaddresses([value]) if "@" in address]
        except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
            addresses = []
        found += addresses or _BARE.findall(value)
    return tuple(dict.fromkeys(printable(address) for address in found))


def domain_of(address: str) -> str:
    """The domain of an address (or the text itself without an @), in lower case, as A-labels."""
    domain = address.rpartition("@")[2].strip().strip("<>").rstrip(".")
    try:
        return parse_domain(domain)
    except InvalidName:
        return domain.lower()


def author_domain(source: Source, results: Results) -> str:
    """The domain of From; of results pasted alone, what they say it is. Empty when nobody says."""
    for address in senders(source):
        return domain_of(address)
    told = [result.get("header.from") for result in results.of("dmarc")]
    return next((domain_of(each) for each in told if each), "")


def envelope_of(source: Source, spf: Result | None) -> str:
    """Where bounces go: Return-Path, else what the receiver says of the envelope."""
    path = source.first("return-path").strip()
    if "@" in path:
        return path.strip("<> ")
    return spf.get("smtp.mailfrom", "smtp.mail", "smtp.envelope-from") if spf else ""


def is_free_mail(domain: str) -> bool:
    """True for a domain of a mailbox provider, which SES cannot sign for."""
    if domain in _FREE:
        return True
    name = estimated_org(domain).partition(".")[0]
    return name in _FREE_NAMES and estimated_org(domain) == domain
