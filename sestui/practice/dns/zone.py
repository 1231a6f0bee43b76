"""One zone's data, and what it says about a name (RFC 1034 section 4.3.2, RFC 4592)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import dns.rdata
import dns.rdataset
import dns.rrset
from dns.name import Name
from dns.rdataclass import IN
from dns.rdatatype import CNAME, DS, NS, SOA, RdataType

Nodes = Mapping[Name, Mapping[RdataType, dns.rdataset.Rdataset]]

SOA_TTL = 900
NEGATIVE_TTL = 60
"""Seconds a missing name may be remembered; short, so that a lesson does not wait."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a zone says; exactly one of `referral`, `answer` or neither (no such type or name)."""

    exists: bool
    """False is NXDOMAIN."""
    answer: tuple[dns.rrset.RRset, ...] = ()
    referral: dns.rrset.RRset | None = None


class Zone:
    """An immutable zone. Names are absolute; a lookup never leaves the zone."""

    def __init__(self, origin: Name, nodes: Nodes) -> None:
        self.origin = origin
        self.nodes = nodes
        # Empty non-terminals exist too: `_domainkey` above a published token is NODATA.
        existing = {origin}
        for node in nodes:
            name = node
            while name not in existing and name.is_subdomain(origin):
                existing.add(name)
                name = name.parent()
        self._existing = existing

    def rrset(
        self, name: Name, rdtype: RdataType, at: Name | None = None
    ) -> dns.rrset.RRset | None:
        """The RRset of the node `at` (a wildcard, perhaps) with the owner `name`."""
        rdataset = self.nodes.get(at or name, {}).get(rdtype)
        if rdataset is None:
            return None
        return dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset))

    def soa(self) -> dns.rrset.RRset | None:
        """The SOA for the authority section, its TTL as RFC 2308 section 3 wants it."""
        rrset = self.rrset(self.origin, SOA)
        if rrset is not None:
            rrset.ttl = min(rrset.ttl, rrset[0].minimum)
        return rrset

    def find(self, name: Name, rdtype: RdataType) -> Found:
        """Look `name` up; a CNAME answers every type but its own, its target is not followed."""
        cut = self._delegation(name, rdtype)
        if cut is not None:
            return Found(exists=True, referral=cut)
        at = name if name in self._existing else self._wildcard(name)
        if at is None:
            return Found(exists=False)
        if rdtype == RdataType.ANY:
            types = list(self.nodes.get(at, {}))
        elif rdtype != CNAME and CNAME in self.nodes.get(at, {}):
            types = [CNAME]
        else:
            types = [rdtype]
        rrsets = (self.rrset(name, each, at) for each in types)
        return Found(exists=True, answer=tuple(r for r in rrsets if r is not None))

    def _delegation(self, name: Name, rdtype: RdataType) -> dns.rrset.RRset | None:
        """The NS RRset of the highest cut between the apex and `name`, if there is one."""
        depth = len(self.origin.labels)
        for count in range(depth + 1, len(name.labels) + 1):
            cut = Name(name.labels[-count:])
            if NS in self.nodes.get(cut, {}) and not (cut == name and rdtype == DS):
                return self.rrset(cut, NS)
        return None

    def _wildcard(self, name: Name) -> Name | None:
        """The source of synthesis at the closest encloser of a `name` that does not exist."""
        encloser = name.parent()
        while encloser not in self._existing:
            encloser = encloser.parent()
        wildcard = Name((b"*", *encloser.labels))
        return wildcard if wildcard in self.nodes else None


def build(origin: Name, records: Iterable[tuple[Name, int, dns.rdata.Rdata]]) -> Zone:
    """A zone from (owner, TTL, rdata); several rdata of one name and type form one RRset."""
    nodes: dict[Name, dict[RdataType, dns.rdataset.Rdataset]] = {}
    for name, ttl, rdata in records:
        node = nodes.setdefault(name, {})
        rdataset = node.get(rdata.rdtype)
        if rdataset is None:
            rdataset = node[rdata.rdtype] = dns.rdataset.Rdataset(IN, rdata.rdtype)
        rdataset.add(rdata, ttl)
    return Zone(origin, nodes)


def rdata(rdtype: str, text: str) -> dns.rdata.Rdata:
    """Rdata from its zone file form, for records that the code itself writes."""
    return dns.rdata.from_text("IN", rdtype, text, relativize=False)


def apex(
    origin: Name, primary: str, secondary: str, serial: int, admin: str = ""
) -> list[tuple[Name, int, dns.rdata.Rdata]]:
    """The SOA and NS records every zone begins with."""
    admin = admin or f"hostmaster.{origin.to_text()}"
    soa = f"{primary} {admin} {serial} 7200 900 1209600 {NEGATIVE_TTL}"
    return [
        (origin, SOA_TTL, rdata("SOA", soa)),
        (origin, SOA_TTL, rdata("NS", primary)),
        (origin, SOA_TTL, rdata("NS", secondary)),
    ]
