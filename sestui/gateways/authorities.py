"""The authoritative servers of each name: found, and remembered for a while.

The system's resolvers are used for the way there only. What they have cached must not become a
verdict, and a name that does not exist yet must not get into their negative cache by our asking:
they are asked about the last two labels of a name and about name servers, which do exist. From
there the authoritative servers themselves refer to those of a zone further down.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from sestui.domain.dns import Outcome
from sestui.domain.i18n import _
from sestui.gateways.directory import Located, reachable_first
from sestui.gateways.dnsread import glue, names_of, plain_name, question_name, referral, zone_of
from sestui.gateways.dnswire import Unanswered, Wire
from sestui.gateways.nameserver import DNS_PORT, Server
from sestui.gateways.threads import in_thread

if TYPE_CHECKING:
    import dns.message
    import dns.name
    import dns.rrset

REMEMBERED = 300.0
"""Seconds that a zone's servers are remembered; delegations change rarely."""
MAX_CUTS = 4
"""Delegations that are followed one after another."""


class Authorities:
    """`Directory` of the world.

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

    async def resolvers(self) -> Sequence[Server]:
        return await self._resolvers()

    async def located(self, name: dns.name.Name) -> Located:
        base = _without_underscores(name)
        found: Located = await self._remembered("located", base, self._locate)
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
        return reachable_first(with_glue) or await self._addresses(hosts, plain_name(rrset.name))

    async def hosts(self, names: Sequence[str]) -> Sequence[Server]:
        try:
            return await self._addresses([question_name(name) for name in names], ", ".join(names))
        except (Unanswered, ValueError):
            return ()

    async def delegation(self, located: Located) -> tuple[str, ...]:
        if located.delegation or located.apex is None or len(located.apex.labels) <= 1:
            return located.delegation
        found: tuple[str, ...] = await self._remembered("parent", located.apex, self._parent)
        return found

    async def _parent(self, apex: dns.name.Name) -> tuple[str, ...]:
        """What the servers of the zone above say: a registry's, most of the time."""
        try:
            start = await self._remembered("start", apex.parent(), self._start)
            _server, response = await self._wire.ask_any(start.servers, apex, "NS", recurse=False)
        except Unanswered:
            return ()
        rrset = referral(response, apex)
        return names_of(rrset) if rrset is not None and rrset.name == apex else ()

    async def _locate(self, base: dns.name.Name) -> Located:
        """From the last two labels down, as far as the servers refer."""
        import dns.name

        start = dns.name.Name(base.labels[-3:])
        at: Located = await self._remembered("start", start, self._start)
        if base == start:
            return at
        for _cut in range(MAX_CUTS):
            _server, response = await self._wire.ask_any(at.servers, base, "SOA", recurse=False)
            cut = referral(response, base)
            if cut is None:
                return await self._hosted_here(at, zone_of(response, base))
            at = Located(
                tuple(await self.delegated(response, cut)), cut.name, names_of(cut), at.bogus
            )
        return at

    async def _hosted_here(self, at: Located, apex: dns.name.Name | None) -> Located:
        """A zone below, on the same servers: then they do not refer, and its NS set is its own."""
        if apex is None or apex == at.apex:
            return at
        try:
            _server, response = await self._wire.ask_any(at.servers, apex, "NS", recurse=False)
            rrset = next((each for each in response.answer if each.name == apex), None)
            if rrset is None:
                return Located(at.servers, apex, (), at.bogus)
            servers = await self.delegated(response, rrset)
        except Unanswered:
            servers = at.servers
        return Located(tuple(servers), apex, (), at.bogus)

    async def _start(self, name: dns.name.Name) -> Located:
        """The zone `name` is in, through the resolvers: its apex, then its servers."""
        import dns.name

        current = name
        while True:
            server, response, bogus = await self._ask(current, "SOA")
            apex = zone_of(response, current)
            if apex is not None:
                return Located(tuple(await self._zone_servers(apex)), apex, (), bogus)
            if current == dns.name.root:
                detail = _("the zone of {name} cannot be found").format(name=plain_name(name))
                raise Unanswered(Outcome.BROKEN, detail, str(server))
            current = current.parent()

    async def _zone_servers(self, zone: dns.name.Name) -> Sequence[Server]:
        import dns.rdatatype

        _server, response, _bogus = await self._ask(zone, "NS")
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
        found = reachable_first([server for servers in lists for server in servers])
        if not found:
            detail = _("no name server of {zone} can be found").format(zone=zone)
            raise Unanswered(Outcome.BROKEN, detail)
        return found

    async def _address(self, host: dns.name.Name, kind: str) -> list[Server]:
        import dns.rdatatype

        try:
            _server, response, _bogus = await self._ask(host, kind)
        except Unanswered:  # another server, or the other kind of address, may do
            return []
        wanted = dns.rdatatype.from_text(kind)
        return [
            Server(rdata.address, self._port, plain_name(host))
            for rrset in response.answer
            if rrset.rdtype == wanted
            for rdata in rrset
        ]

    async def _ask(self, name: dns.name.Name, kind: str) -> tuple[Server, dns.message.Message, str]:
        """Of the resolvers. Broken DNSSEC must not bar the way to who can say what is wrong."""
        servers = await self._resolvers()
        try:
            server, response = await self._wire.ask_any(servers, name, kind, recurse=True)
        except Unanswered as trouble:
            if trouble.unchecked is None:
                raise
            return servers[0], trouble.unchecked, f"{trouble.server}: {trouble.detail}"
        return server, response, ""

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
        loop = asyncio.get_running_loop()
        # A command may run several event loops in turn; a task of an old one is of no use.
        if task is None or self._monotonic() >= until or task.get_loop() is not loop:
            task = loop.create_task(find(name))
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
