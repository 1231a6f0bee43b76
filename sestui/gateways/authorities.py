"""Who is to be asked about a name: servers given, or the authoritative ones, found and remembered.

The system's resolvers are used for the way there only. What they have cached must not become a
verdict, and a name that does not exist yet must not get into their negative cache by our asking.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sestui.domain.dns import Outcome
from sestui.domain.i18n import _
from sestui.gateways.dnsread import glue, plain_name, zone_of
from sestui.gateways.dnswire import Unanswered, Wire
from sestui.gateways.nameserver import DNS_PORT, Server, is_address
from sestui.gateways.threads import in_thread

if TYPE_CHECKING:
    import dns.message
    import dns.name
    import dns.rrset

REMEMBERED = 300.0
"""Seconds that a zone's servers are remembered; delegations change rarely."""


class Directory(Protocol):
    """Knows whom to ask. Raises `Unanswered` when it cannot find out."""

    @property
    def recurse(self) -> bool:
        """Whether the servers are to be asked for recursion (RD)."""
        ...

    async def servers(self, name: dns.name.Name) -> Sequence[Server]: ...

    async def delegated(
        self, response: dns.message.Message, rrset: dns.rrset.RRset
    ) -> Sequence[Server]:
        """The servers that a referral names."""
        ...


class Given:
    """Everything goes to the servers that were given, authoritative or recursive."""

    recurse = True

    def __init__(self, hosts: Sequence[tuple[str, int]]) -> None:
        """`hosts`: addresses or host names, and ports."""
        self._hosts = tuple(hosts)
        self._servers: Sequence[Server] = ()

    async def servers(self, name: dns.name.Name) -> Sequence[Server]:
        if not self._servers:
            if all(is_address(host) for host, _port in self._hosts):
                self._servers = [Server(host, port) for host, port in self._hosts]
            else:
                self._servers = await in_thread(_looked_up, self._hosts)
        return self._servers

    async def delegated(
        self,
        response: dns.message.Message,
        rrset: dns.rrset.RRset,
    ) -> Sequence[Server]:
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
        found += _reachable_first([Server(str(row[4][0]), port, host) for row in rows])
    if not found:
        names = ", ".join(host for host, _port in hosts)
        raise Unanswered(Outcome.BROKEN, _("{name} has no address").format(name=names))
    return found


class Authorities:
    """The authoritative servers of each name's zone.

    Args:
        wire: how to ask.
        resolvers: the recursive servers of this machine.
        port: of the authoritative servers.
        monotonic: a clock in seconds.
    """

    recurse = False

    def __init__(
        self,
        wire: Wire,
        resolvers: Callable[[], Awaitable[Sequence[Server]]],
        *,
        port: int = DNS_PORT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire = wire
        self._resolvers = resolvers
        self._port = port
        self._monotonic = monotonic
        self._known: dict[tuple[str, dns.name.Name], tuple[float, asyncio.Task[Any]]] = {}

    async def servers(self, name: dns.name.Name) -> Sequence[Server]:
        start = _without_underscores(name)
        zone = await self._remembered("zone", start, self._zone)
        found: Sequence[Server] = await self._remembered("servers", zone, self._zone_servers)
        return found

    async def delegated(
        self, response: dns.message.Message, rrset: dns.rrset.RRset
    ) -> Sequence[Server]:
        hosts = sorted(rdata.target for rdata in rrset)
        with_glue = [
            Server(address, self._port, plain_name(host))
            for host in hosts
            for address in glue(response, host)
        ]
        return _reachable_first(with_glue) or await self._addresses(hosts, plain_name(rrset.name))

    async def _zone(self, name: dns.name.Name) -> dns.name.Name:
        """The apex of the zone `name` is in; one query when the resolver says it at once."""
        import dns.name

        current = name
        while True:
            server, response = await self._ask(current, "SOA")
            apex = zone_of(response, current)
            if apex is not None:
                return apex
            if current == dns.name.root:
                detail = _("the zone of {name} cannot be found").format(name=plain_name(name))
                raise Unanswered(Outcome.BROKEN, detail, str(server))
            current = current.parent()

    async def _zone_servers(self, zone: dns.name.Name) -> Sequence[Server]:
        import dns.rdatatype

        _server, response = await self._ask(zone, "NS")
        hosts = sorted(
            rdata.target
            for rrset in response.answer
            if rrset.rdtype == dns.rdatatype.NS and rrset.name == zone
            for rdata in rrset
        )
        return await self._addresses(hosts, plain_name(zone))

    async def _addresses(self, hosts: Sequence[dns.name.Name], zone: str) -> Sequence[Server]:
        lists = await asyncio.gather(
            *(self._address(host, kind) for host in hosts for kind in ("A", "AAAA"))
        )
        found = _reachable_first([server for servers in lists for server in servers])
        if not found:
            detail = _("no name server of {zone} can be found").format(zone=zone)
            raise Unanswered(Outcome.BROKEN, detail)
        return found

    async def _address(self, host: dns.name.Name, kind: str) -> list[Server]:
        import dns.rdatatype

        try:
            _server, response = await self._ask(host, kind)
        except Unanswered:  # another server, or the other kind of address, may do
            return []
        wanted = dns.rdatatype.from_text(kind)
        return [
            Server(rdata.address, self._port, plain_name(host))
            for rrset in response.answer
            if rrset.rdtype == wanted
            for rdata in rrset
        ]

    async def _ask(self, name: dns.name.Name, kind: str) -> tuple[Server, dns.message.Message]:
        return await self._wire.ask_any(await self._resolvers(), name, kind, recurse=True)

    async def _remembered(
        self,
        what: str,
        name: dns.name.Name,
        find: Callable[[dns.name.Name], Coroutine[Any, Any, Any]],
    ) -> Any:
        """`find(name)`, once for all who ask at the same time, and for some while after.

        A failure is forgotten at once.
        """
        key = (what, name)
        until, task = self._known.get(key, (0.0, None))
        if task is None or self._monotonic() >= until:
            task = asyncio.get_running_loop().create_task(find(name))
            task.add_done_callback(lambda done: self._forget_failed(key, done))
            self._known[key] = (self._monotonic() + REMEMBERED, task)
        # Whoever is cancelled must not take the answer from the others.
        return await asyncio.shield(task)

    def _forget_failed(self, key: tuple[str, dns.name.Name], done: asyncio.Task[Any]) -> None:
        if done.cancelled() or done.exception() is not None:
            self._known.pop(key, None)


async def system_resolvers() -> Sequence[Server]:
    """The recursive servers this machine is set up with.

    Raises:
        Unanswered: there are none.
    """
    return await in_thread(_system_resolvers)


def _system_resolvers() -> Sequence[Server]:
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver()
    except (dns.resolver.NoResolverConfiguration, OSError):
        raise Unanswered(Outcome.BROKEN, _("this machine has no resolver set up")) from None
    return [Server(each, resolver.port) for each in resolver.nameservers if isinstance(each, str)]


def _reachable_first(servers: Sequence[Server]) -> list[Server]:
    """IPv4 first: many machines have an IPv6 address and no way out with it."""
    return sorted(servers, key=lambda server: ":" in server.address)


def _without_underscores(name: dns.name.Name) -> dns.name.Name:
    """`name` from behind its last underscore label, which hosts and zones do not have.

    So `_dmarc` or a DKIM token that is not there yet is never asked of a resolver. Where such a
    label is delegated all the same, the parent's servers refer to the right ones.
    """
    import dns.name

    for position in range(len(name.labels) - 1, -1, -1):
        if name.labels[position].startswith(b"_"):
            return dns.name.Name(name.labels[position + 1 :])
    return name
