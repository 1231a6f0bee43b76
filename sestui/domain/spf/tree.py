"""The tree of includes: what each term costs, found level by level with all questions at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sestui.domain.spf.hosts import MAX_HOSTS, exchanges
from sestui.domain.spf.lookup import Cache, Lookup, Reply, decode, is_askable, is_domain
from sestui.domain.spf.macros import Context, Macros, as_name, expand, letters_in
from sestui.domain.spf.record import Record, read_strict
from sestui.domain.spf.terms import Term
from sestui.domain.spf.version import is_spf

MOST_QUERIES = 120
"""Far beyond what any valid record needs; a hostile one could ask for thousands."""
DEEPEST = 11
"""The root and ten includes one in another; evaluation never gets further."""


class Status(StrEnum):
    OK = "ok"
    NO_RECORD = "no record"
    SEVERAL = "several records"
    INVALID = "invalid"
    LOOP = "loop"
    TOO_MANY_HOSTS = "too many hosts"
    UNKNOWN = "could not find out"
    DEPENDS = "depends on the mail"
    """A macro in its name; what it is differs from mail to mail."""
    CUT = "not followed"
    """The limits here were reached; the record is beyond all limits of SPF long before."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One term that needs DNS, or the record itself at the root, with what it leads to."""

    domain: str
    """What was asked for; for a term with macros as it is written."""
    status: Status
    term: Term | None = None
    """None at the root."""
    record: Record | None = None
    branches: tuple[Branch, ...] = ()
    own_voids: int = 0
    detail: str = ""

    @property
    def cost(self) -> int:
        """Terms with DNS lookups in it when nothing matches: the worst case."""
        return (self.term is not None) + sum(branch.cost for branch in self.branches)

    @property
    def voids(self) -> int:
        return self.own_voids + sum(branch.voids for branch in self.branches)

    def walk(self, path: tuple[Branch, ...] = ()) -> Iterator[tuple[Branch, ...]]:
        """All branches with the way to them, in the order of evaluation; the root first."""
        here = (*path, self)
        yield here
        for branch in self.branches:
            yield from branch.walk(here)


async def explore(lookup: Lookup, domain: str, context: Context | None = None) -> Branch:
    """The tree below the record of `domain`, as if nothing matched.

    With a `context`, macros are expanded for that mail; this is how `check_host` looks ahead.
    Without, such a term is a leaf, and hosts are looked up as for mail over IPv4.
    """
    cache = lookup if isinstance(lookup, Cache) else Cache(lookup)
    try:
        return await _Explorer(cache, context).record(domain, None, (), domain.lower())
    finally:
        if cache is not lookup:
            await cache.close()


@dataclass(slots=True)
class _Explorer:
    lookup: Lookup
    context: Context | None
    left: int = field(default=MOST_QUERIES)

    async def ask(self, name: str, kind: str) -> Reply | None:
        """None when there were too many questions already."""
        if self.left <= 0:
            return None
        self.left -= 1
        return await self.lookup(name, kind)

    async def record(
        self, domain: str, term: Term | None, above: tuple[str, ...], name: str
    ) -> Branch:
        if name in above:
            return Branch(domain, Status.LOOP, term)
        if not is_domain(name):
            return Branch(domain, Status.NO_RECORD, term)
        if len(above) >= DEEPEST or (reply := await self.ask(name, "TXT")) is None:
            return Branch(domain, Status.CUT, term)
        if not reply.certain:
            return Branch(domain, Status.UNKNOWN, term, detail=reply.detail or reply.outcome)
        texts = [text for text in map(decode, reply.texts) if is_spf(text)]
        if len(texts) != 1:
            return Branch(domain, Status.SEVERAL if texts else Status.NO_RECORD, term)
        record = read_strict(texts[0])
        if not record.valid:
            return Branch(domain, Status.INVALID, term, record)
        branches = await asyncio.gather(
            *(self.term(each, domain, (*above, name)) for each in costly_terms(record))
        )
        return Branch(domain, Status.OK, term, record, tuple(branches))

    async def term(self, term: Term, domain: str, above: tuple[str, ...]) -> Branch:
        if term.name == "ptr":
            # Its questions are about the host that sends, not about the domain.
            if self.context is not None:
                await self.ask(self.context.reverse_name, "PTR")
            return Branch(term.argument or domain, Status.DEPENDS, term)
        target = domain if term.target is None else self.expanded(term.target, domain)
        if target is None:
            return Branch(term.argument, Status.DEPENDS, term)
        if term.name in ("include", "redirect"):
            return await self.record(target, term, above, target.lower())
        if not is_askable(target):
            return Branch(target, Status.OK, term)
        if term.name == "mx":
            return await self.mx(term, target)
        kind = "A" if term.name == "exists" else self.kind
        return _leaf(term, target, await self.ask(target, kind))

    async def mx(self, term: Term, target: str) -> Branch:
        reply = await self.ask(target, "MX")
        branch = _leaf(term, target, reply)
        if branch.status is not Status.OK or reply is None:
            return branch
        hosts = exchanges(reply.values)
        if len(hosts) > MAX_HOSTS:
            return Branch(target, Status.TOO_MANY_HOSTS, term, own_voids=branch.own_voids)
        replies = await asyncio.gather(
            *(self.ask(host, self.kind) for host in hosts if is_askable(host))
        )
        leaves = [branch, *(_leaf(term, target, each) for each in replies)]
        worst = next((leaf for leaf in leaves if leaf.status is not Status.OK), branch)
        voids = sum(leaf.own_voids for leaf in leaves)
        return Branch(target, worst.status, term, own_voids=voids, detail=worst.detail)

    @property
    def kind(self) -> str:
        return "AAAA" if self.context is not None and self.context.ip.version == 6 else "A"

    def expanded(self, target: Macros, domain: str) -> str | None:
        """None when it takes a mail, or a lookup of the host's name, to know."""
        letters = letters_in(target)
        context = self.context
        if "p" in letters or (context is None and letters - {"d"}):
            return None
        if context is not None:
            return as_name(expand(target, replace(context, domain=domain)))
        parts = (part.expand(domain) if part.letter else part.text for part in target)
        return as_name("".join(parts))


def _leaf(term: Term, target: str, reply: Reply | None) -> Branch:
    if reply is None:
        return Branch(target, Status.CUT, term)
    if not reply.certain:
        return Branch(target, Status.UNKNOWN, term, detail=reply.detail or reply.outcome)
    return Branch(target, Status.OK, term, own_voids=int(reply.void))


def costly_terms(record: Record) -> tuple[Term, ...]:
    """The terms that need DNS and can be reached: none after `all`, no redirect beside one."""
    found: list[Term] = []
    for term in record.mechanisms:
        if term.name == "all":
            return tuple(found)
        if term.costs:
            found.append(term)
    redirect = record.modifier("redirect")
    return (*found, redirect) if redirect else tuple(found)
