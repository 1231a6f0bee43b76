"""Whom to ask about a name; and the servers that a person gave, for whom everything goes to them.

`authorities.Authorities` is the other directory: the servers that are responsible for each name.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sestui.domain.dns import Outcome
from sestui.domain.i18n import _
from sestui.gateways.dnswire import Unanswered
from sestui.gateways.nameserver import Server, is_address
from sestui.gateways.threads import in_thread

if TYPE_CHECKING:
    import dns.message
    import dns.name
    import dns.rrset


@dataclass(frozen=True, slots=True)
class Located:
    """Where a name lives."""

    servers: tuple[Server, ...]
    """All addresses of all name servers; several of one host have its `name`."""
    apex: dns.name.Name | None = None
    """None where nobody has looked: the servers were given."""
    delegation: tuple[str, ...] = ()
    """The NS set the parent's servers named, where they were on the way."""
    bogus: str = ""
    """What a validating resolver said of the zone's DNSSEC, where that is broken."""


class Directory(Protocol):
    """Knows whom to ask. Raises `Unanswered` when it cannot find out."""

    @property
    def recurse(self) -> bool:
        """Whether the servers are to be asked for recursion (RD)."""
        ...

    async def located(self, name: dns.name.Name) -> Located: ...

    async def delegated(
        self, response: dns.message.Message, rrset: dns.rrset.RRset
    ) -> Sequence[Server]:
        """The servers that a referral names."""
        ...

    async def resolvers(self) -> Sequence[Server]:
        """Who follows aliases and answers for zones of others."""
        ...

    async def delegation(self, located: Located) -> tuple[str, ...]:
        """The NS set that the parent zone has for it; empty when that cannot be found out."""
        ...

    async def hosts(self, names: Sequence[str]) -> Sequence[Server]:
        """Name servers by their names."""
        ...


class Given:
    """Everything goes to the servers that were given, authoritative or recursive."""

    recurse = True

    def __init__(self, hosts: Sequence[tuple[str, int]]) -> None:
        """`hosts`: addresses or host names, and ports."""
        self._hosts = tuple(hosts)
        self._servers: Sequence[Server] = ()

    async def resolvers(self) -> Sequence[Server]:
        if not self._servers:
            if all(is_address(host) for host, _port in self._hosts):
                self._servers = [Server(host, port) for host, port in self._hosts]
            else:
                self._servers = await in_thread(_looked_up, self._hosts)
        return self._servers

    async def located(self, name: dns.name.Name) -> Located:
        return Located(tuple(await self.resolvers()))

    async def delegated(
        self, response: dns.message.Message, rrset: dns.rrset.RRset
    ) -> Sequence[Server]:
        return ()

    async def delegation(self, located: Located) -> tuple[str, ...]:
        return ()

    async def hosts(self, names: Sequence[str]) -> Sequence[Server]:
        return ()


def _looked_up(hosts: Sequence[tuple[str, int]]) -> Sequence[Server]:
    found: list[Server] = []
    for host, port in hosts:
        if is_address(host):
            found.append(Server(host, port))
            continue
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except OSError:  # another of them may be there
            continue
        found += reachable_first([Server(str(row[4][0]), port, host) for row in rows])
    if not found:
        names = ", ".join(host for host, _port in hosts)
        raise Unanswered(Outcome.BROKEN, _("{name} has no address").format(name=names))
    return found


def reachable_first(servers: Sequence[Server]) -> list[Server]:
    """IPv4 first: many machines have an IPv6 address and no way out with it."""
    return sorted(servers, key=lambda server: ":" in server.address)


def by_host(servers: Sequence[Server]) -> list[list[Server]]:
    """The addresses of each host together, in the order the hosts come in."""
    hosts: dict[str, list[Server]] = {}
    for server in servers:
        hosts.setdefault(server.name or str(server), []).append(server)
    return list(hosts.values())
