"""All the zones of the practice Internet, in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping

import dns.name
from dns.name import Name

from sestui.practice.dns.amazonses import ORIGIN as AMAZONSES
from sestui.practice.dns.amazonses import AmazonSes
from sestui.practice.dns.apex import PROVIDER, apex_of, empty_zone
from sestui.practice.dns.panel import Panel
from sestui.practice.dns.zone import Zone, apex, build, rdata
from sestui.practice.ports import SigningKeys
from sestui.practice.store import Store

_PROVIDER_ZONE = dns.name.from_text("practice-dns.example.")
_ROUTE53_SERVER = re.compile(r"ns-\d+\.awsdns-\d+\.(com|net|org|co\.uk)\.", re.IGNORECASE)
_LOOPBACK = "127.0.0.1"


class World:
    """Zones in order of who wins: Amazon's, Route 53's, the panel's, else an empty one.

    Every domain exists, as if the learner had registered it, with an empty zone at the practice DNS
    provider; except below `invalid`. A Route 53 hosted zone wins over the panel's zone of the same
    name: the domain is delegated to Route 53 from the moment that the hosted zone is there.
    """

    def __init__(self, keys: SigningKeys, store: Store | None = None) -> None:
        self._amazonses = AmazonSes(keys)
        self.route53: Mapping[Name, Zone] = {}
        """The hosted zones of the neighbour; replaced whole when they change."""
        self.panel = Panel(store, elsewhere=self._elsewhere)
        self._provider = _provider_zone()

    def zone_for(self, name: Name) -> Zone | None:
        """The closest zone at or above `name`; never None here, the root is ours too."""
        if name.is_subdomain(AMAZONSES):
            return self._amazonses.zone_for(name)
        for depth in range(len(name.labels), 1, -1):
            origin = Name(name.labels[-depth:])
            zone = self.route53.get(origin) or self.panel.zones.get(origin)
            if zone is not None:
                return zone
        if name.is_subdomain(_PROVIDER_ZONE):
            return self._provider
        if _ROUTE53_SERVER.fullmatch(name.to_text()):
            return _route53_server_zone(name)
        return empty_zone(apex_of(name))

    def _elsewhere(self, name: Name) -> str | None:
        """Who serves `name`, when the panel does not."""
        if name.is_subdomain(AMAZONSES):
            return "Amazon SES"
        if any(name.is_subdomain(origin) for origin in self.route53):
            return "a Route 53 hosted zone"
        return None


def _provider_zone() -> Zone:
    records = apex(_PROVIDER_ZONE, *PROVIDER, serial=1)
    records += [(dns.name.from_text(each), 3600, rdata("A", _LOOPBACK)) for each in PROVIDER]
    return build(_PROVIDER_ZONE, records)


def _route53_server_zone(name: Name) -> Zone:
    """The zone of a Route 53 name server: inside practice, every authority is this one."""
    origin = name.parent()
    records = apex(origin, name.to_text(), name.to_text(), serial=1)
    return build(origin, [*records, (name, 172800, rdata("A", _LOOPBACK))])
