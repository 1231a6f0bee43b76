"""A zone as a whole: its apex, its name servers by the parent and by itself, the SOA of each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sestui.domain.dns import Outcome, Zone, ZoneServer
from sestui.domain.i18n import _
from sestui.gateways.directory import Directory, Located, by_host
from sestui.gateways.dnsread import binding, names_of, plain_name, zone_of
from sestui.gateways.dnswire import Unanswered, Wire
from sestui.gateways.nameserver import Server

if TYPE_CHECKING:
    import dns.message
    import dns.name
    import dns.rrset


@dataclass(frozen=True, slots=True)
class _Said:
    """What one server says when it is asked for an SOA."""

    server: Server
    response: dns.message.Message | None
    trouble: Unanswered | None = None

    @property
    def binding(self) -> bool:
        return self.response is not None and binding(self.response, recursed=True)


async def look_at(name: dns.name.Name, directory: Directory, wire: Wire) -> Zone:
    """The zone that `name` lies in.

    Raises:
        Unanswered: nobody says what zone that is.
    """
    located = await directory.located(name)
    if located.apex is None:
        return await _of_given(name, located, directory, wire)
    said, nameservers, delegation = await asyncio.gather(
        _ask_all(wire, located, located.apex, recurse=False),
        _nameservers(wire, located.servers, located.apex, recurse=False),
        directory.delegation(located),
    )
    return _zone(located.apex, said, nameservers, delegation, located.bogus)


async def _of_given(
    name: dns.name.Name, located: Located, directory: Directory, wire: Wire
) -> Zone:
    """By the servers a person gave; nobody else is asked, so the parent's view is not known."""

    current = name
    nameservers: tuple[str, ...] = ()
    while True:
        # The NS set too, in case this is the apex: that saves a round trip most of the time.
        said, nameservers = await asyncio.gather(
            _ask_all(wire, located, current, recurse=directory.recurse),
            _nameservers(wire, located.servers, current, recurse=directory.recurse),
        )
        apexes = [zone_of(each.response, current) for each in said if each.response is not None]
        apex = next((each for each in apexes if each is not None), None)
        if apex is not None or not apexes or len(current.labels) <= 2:
            break
        current = current.parent()
    bogus = next((_why(each) for each in said if each.trouble and each.trouble.unchecked), "")
    if apex is None:
        trouble = next((each.trouble for each in said if each.trouble is not None), None)
        detail = _("the zone of {name} cannot be found").format(name=plain_name(name))
        raise trouble or Unanswered(Outcome.BROKEN, detail)
    if apex != current:
        nameservers = await _nameservers(wire, located.servers, apex, recurse=directory.recurse)
    return _zone(apex, said, nameservers, (), bogus)


async def _ask_all(
    wire: Wire, located: Located, name: dns.name.Name, *, recurse: bool
) -> list[_Said]:
    """The SOA (or the no with the SOA in it) of each server."""

    async def one(addresses: Sequence[Server]) -> _Said:
        try:
            server, response = await wire.ask_any(addresses, name, "SOA", recurse=recurse)
        except Unanswered as trouble:
            return _Said(addresses[0], trouble.unchecked, trouble)
        return _Said(server, response)

    return list(await asyncio.gather(*(one(host) for host in by_host(located.servers))))


async def _nameservers(
    wire: Wire, servers: Sequence[Server], name: dns.name.Name, *, recurse: bool
) -> tuple[str, ...]:
    import dns.rdatatype

    one_each = [host[0] for host in by_host(servers)]
    some = one_each if len(one_each) > 1 else servers
    try:
        _server, response = await wire.ask_any(some, name, "NS", recurse=recurse)
    except Unanswered as trouble:
        if trouble.unchecked is None:
            return ()
        response = trouble.unchecked
    wanted = dns.rdatatype.NS
    rrset = next((r for r in response.answer if r.rdtype == wanted and r.name == name), None)
    return names_of(rrset) if rrset is not None else ()


def _zone(
    apex: dns.name.Name,
    said: Sequence[_Said],
    nameservers: tuple[str, ...],
    delegation: tuple[str, ...],
    bogus: str,
) -> Zone:
    servers = tuple(_server(each, apex) for each in said)
    soa = next((found for each in said if (found := _soa(each, apex)) is not None), None)
    zone = Zone(plain_name(apex), nameservers, delegation, servers, bogus=bogus)
    if soa is None:
        return zone
    return Zone(
        zone.apex,
        nameservers,
        delegation,
        servers,
        primary=plain_name(soa[0].mname),
        admin=plain_name(soa[0].rname),
        serial=int(soa[0].serial),
        negative_ttl=min(int(soa.ttl), int(soa[0].minimum)),
        bogus=bogus,
    )


def _server(said: _Said, apex: dns.name.Name) -> ZoneServer:
    place, name = str(said.server), said.server.name
    if said.trouble is not None:
        return ZoneServer(place, name, said.trouble.outcome, detail=said.trouble.detail)
    soa = _soa(said, apex)
    if not said.binding or soa is None:
        detail = _("lame: not responsible for this zone")
        return ZoneServer(place, name, Outcome.BROKEN, detail=detail)
    return ZoneServer(place, name, serial=int(soa[0].serial))


def _soa(said: _Said, apex: dns.name.Name) -> dns.rrset.RRset | None:
    import dns.rdatatype

    if said.response is None:
        return None
    return next(
        (
            rrset
            for rrset in [*said.response.answer, *said.response.authority]
            if rrset.rdtype == dns.rdatatype.SOA and rrset.name == apex and len(rrset)
        ),
        None,
    )


def _why(said: _Said) -> str:
    return f"{said.trouble.server}: {said.trouble.detail}" if said.trouble else ""
