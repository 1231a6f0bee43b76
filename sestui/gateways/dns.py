"""Asking DNS, so that yes, no, broken and silent stay apart.

`directory` and `authorities` say whom to ask, `dnswire` asks one server, `dnsread` and `dnsanswer`
read what it said, `dnszone` looks at a zone as a whole; here is which servers a question goes to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sestui.domain.dns import Answer, Outcome, Zone
from sestui.domain.i18n import _
from sestui.gateways.authorities import Authorities, system_resolvers
from sestui.gateways.directory import Directory, Given, by_host
from sestui.gateways.dnsanswer import MAX_ALIASES, Reply, answered, to_answer, unreadable
from sestui.gateways.dnsread import binding, question_name, question_type, referral
from sestui.gateways.dnswire import Unanswered, Wire, load_dnspython
from sestui.gateways.dnszone import look_at
from sestui.gateways.nameserver import Server

if TYPE_CHECKING:
    import dns.name

MAX_REFERRALS = 4
MOST_RESOLVERS = 2
"""Of those this machine has; they stand in for each other."""
PUBLIC = (
    Server("1.1.1.1", name="Cloudflare"),
    Server("8.8.8.8", name="Google"),
    Server("9.9.9.9", name="Quad9"),
)
COMPARE_TIMEOUT = 1.5
"""Seconds for a comparison, which is nice to have."""


def _now() -> datetime:
    return datetime.now(UTC)


class DnsPython:
    """`Dns`, over dnspython, which is loaded at the first question.

    Args:
        servers: host and port of name servers that everything goes to; none: the authoritative
            servers of each name.
        wire: how to ask, and how long to wait.
        directory: whom to ask, instead of what `servers` says.
        public: resolvers to compare with, beside those of this machine.
        now: the time, with its zone.
    """

    def __init__(
        self,
        servers: Sequence[tuple[str, int]] = (),
        *,
        wire: Wire | None = None,
        directory: Directory | None = None,
        public: Sequence[Server] = PUBLIC,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._wire = wire or Wire()
        self._compare_wire = Wire(min(COMPARE_TIMEOUT, self._wire.timeout))
        self._now = now
        self._public = tuple(public)
        self._directory: Directory = directory or (
            Given(servers) if servers else Authorities(self._wire, system_resolvers)
        )

    async def ask(self, questions: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
        await load_dnspython()
        asked = (answered(text, kind, self._one, self._now) for text, kind in questions)
        return tuple(await asyncio.gather(*asked))

    async def look_up(self, questions: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
        await load_dnspython()
        asked = (answered(text, kind, self._looked_up, self._now) for text, kind in questions)
        return tuple(await asyncio.gather(*asked))

    async def ask_each(
        self, questions: Sequence[tuple[str, str]], hosts: Sequence[str] = ()
    ) -> tuple[tuple[Answer, ...], ...]:
        await load_dnspython()
        others = tuple(await self._directory.hosts(hosts)) if hosts else None
        return tuple(await asyncio.gather(*(self._each(*each, others) for each in questions)))

    async def compare(self, questions: Sequence[tuple[str, str]]) -> tuple[tuple[Answer, ...], ...]:
        if self._directory.recurse:  # everything goes to the servers given, so nothing goes here
            return ((),) * len(questions)
        await load_dnspython()
        every = [*await self._system(), *self._public]
        servers = [server for server in every if not self._compare_wire.is_silent(server)]
        return tuple(await asyncio.gather(*(self._from_all(*each, servers) for each in questions)))

    async def zone(self, name: str) -> Zone:
        await load_dnspython()
        try:
            return await look_at(question_name(name), self._directory, self._wire)
        except Unanswered as trouble:
            return Zone(trouble=" ".join(filter(None, (trouble.server, trouble.detail))))
        except ValueError as error:
            return Zone(trouble=str(error))
        except Exception as error:  # hostile bytes must not end a poll
            return Zone(trouble=unreadable(error))

    # The servers responsible for a name, or those given

    async def _one(self, name: dns.name.Name, kind: str) -> Answer:
        """From one of them, or from a second one."""
        servers = await self._located(name)
        try:
            for _hop in range(MAX_REFERRALS):
                hosts = by_host(servers)
                some = [host[0] for host in hosts] if len(hosts) > 1 else servers
                reply = await self._wire.ask_any(some, name, kind, recurse=self._directory.recurse)
                if binding(reply[1], self._directory.recurse):
                    return await to_answer(name, kind, reply, self._onward)
                servers = await self._referred(reply, name)
            raise _lame(reply[0])
        except Unanswered as trouble:
            if self._directory.recurse or trouble.outcome is not Outcome.TIMED_OUT:
                raise
            instead = await self._second_hand(name, kind)
            if not instead:
                raise
            return instead[0]

    async def _each(
        self, text: str, kind: str, others: Sequence[Server] | None
    ) -> tuple[Answer, ...]:
        """The answer of every server; of those further down where a server refers to them."""
        try:
            name, kind = question_name(text), question_type(kind)
            located = others if others is not None else (await self._located(name))
        except (ValueError, Unanswered):
            return (await answered(text, kind, self._one, self._now),)
        servers: Sequence[Server] = located
        found: list[Answer] = []
        seen: set[str] = set()
        for _hop in range(MAX_REFERRALS):
            hosts = [host for host in by_host(servers) if str(host[0]) not in seen]
            seen |= {str(host[0]) for host in hosts}
            pairs = await asyncio.gather(*(self._host(text, kind, at) for at in hosts))
            found += [answer for answer, below in pairs if not below]
            servers = [server for _answer, below in pairs for server in below]
            if not servers:
                break
        if self._directory.recurse or others is not None:
            return tuple(found)
        if all(answer.outcome is Outcome.TIMED_OUT for answer in found):
            instead = await self._second_hand(name, kind)
            found = [replace(each, name=text, at=self._now()) for each in instead] + found
        return tuple(found)

    async def _host(
        self, text: str, kind: str, addresses: Sequence[Server]
    ) -> tuple[Answer, Sequence[Server]]:
        """What one server says; and where it refers to others, those."""
        below: list[Server] = []

        async def from_it(name: dns.name.Name, kind: str) -> Answer:
            reply = await self._wire.ask_any(addresses, name, kind, recurse=self._directory.recurse)
            if not binding(reply[1], self._directory.recurse):
                below.extend(await self._referred(reply, name))
            return await to_answer(name, kind, reply, self._onward)

        return await answered(text, kind, from_it, self._now), below

    async def _located(self, name: dns.name.Name) -> Sequence[Server]:
        return (await self._directory.located(name)).servers

    async def _referred(self, reply: Reply, name: dns.name.Name) -> Sequence[Server]:
        """The servers further down. Raises Unanswered when there are none: the server is lame."""
        delegation = referral(reply[1], name)
        servers = await self._directory.delegated(reply[1], delegation) if delegation else ()
        if not servers:
            raise _lame(reply[0])
        return servers

    # Resolvers

    async def _looked_up(self, name: dns.name.Name, kind: str) -> Answer:
        return await to_answer(name, kind, await self._onward(name, kind), self._onward)

    async def _onward(self, name: dns.name.Name, kind: str) -> Reply:
        """Where an alias leads is somebody's who has published it, so a resolver may be asked."""
        servers = await self._directory.resolvers()
        return await self._wire.ask_any(servers, name, kind, recurse=True)

    async def _second_hand(self, name: dns.name.Name, kind: str) -> list[Answer]:
        """What resolvers say where no responsible server can be reached (port 53 is blocked)."""
        text = name.to_text()
        answers = await self._from_all(text, kind, await self._system())
        return [replace(each, second_hand=True) for each in answers if each.certain or each.bogus]

    async def _from_all(
        self, text: str, kind: str, servers: Sequence[Server]
    ) -> tuple[Answer, ...]:
        async def one(server: Server) -> Answer:
            async def from_it(name: dns.name.Name, kind: str) -> Answer:
                response = await self._compare_wire.ask(server, name, kind, recurse=True)
                return await to_answer(name, kind, (server, response), self._onward)

            return await answered(text, kind, from_it, self._now)

        return tuple(await asyncio.gather(*(one(server) for server in servers)))

    async def _system(self) -> list[Server]:
        try:
            return list(await self._directory.resolvers())[:MOST_RESOLVERS]
        except Unanswered:
            return []


def _lame(server: Server) -> Unanswered:
    return Unanswered(Outcome.BROKEN, _("lame: not responsible for this name"), str(server))


__all__ = ["MAX_ALIASES", "DnsPython"]
