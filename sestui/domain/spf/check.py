"""check_host() of RFC 7208, complete."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from sestui.domain.dns import Outcome
from sestui.domain.i18n import _
from sestui.domain.spf.hosts import Address, Budget, Hosts, plain_address
from sestui.domain.spf.lookup import Cache, Lookup, decode, is_askable, is_domain
from sestui.domain.spf.macros import (
    BadMacro,
    Context,
    Macros,
    as_name,
    expand,
    letters_in,
    parse_macros,
)
from sestui.domain.spf.record import Record, read_strict
from sestui.domain.spf.result import Check, Result, Stop
from sestui.domain.spf.terms import Term
from sestui.domain.spf.tree import explore
from sestui.domain.spf.version import is_spf
from sestui.domain.text import quoted

_BY_SIGN = {
    "+": Result.PASS,
    "-": Result.FAIL,
    "~": Result.SOFTFAIL,
    "?": Result.NEUTRAL,
}


async def check_host(
    lookup: Lookup,
    ip: str | Address,
    sender: str,
    helo: str = "",
    *,
    receiver: str = "unknown",
    now: int = 0,
    ahead: bool = True,
) -> Check:
    """Whether `ip` may send mail with this envelope sender (RFC 7208 section 4).

    Args:
        lookup: a `Cache` is used as it is, and may be shared; anything else gets one.
        sender: an address, or a domain; empty for a bounce, which `helo` stands for (section 2.4).
        helo: what the host called itself; the sender's domain when empty.
        now: seconds since 1970, for the macro %{t}.
        ahead: look up what the record may need at once, level by level. The verdict is the same
            without: only what evaluation itself comes to is counted.

    There are at most 10 terms of at most 11 queries, and the PTR and exp ones; no time limit.

    Raises:
        ValueError: `ip` is no address.
    """
    local, _at, domain = sender.rpartition("@")
    domain = (domain or helo).removesuffix(".")
    context = Context(
        plain_address(ip),
        local or "postmaster",
        domain,
        (helo or domain).removesuffix("."),
        domain,
        receiver,
        now,
    )
    cache = lookup if isinstance(lookup, Cache) else Cache(lookup)
    scout = asyncio.ensure_future(explore(cache, domain, context)) if ahead else None
    try:
        return await _Evaluation(cache, context, Budget()).check()
    finally:
        if scout is not None:
            scout.cancel()
            await asyncio.gather(scout, return_exceptions=True)
        if cache is not lookup:
            await cache.close()


@dataclass(frozen=True, slots=True)
class _Match:
    result: Result
    path: tuple[str, ...]
    term: str = ""
    explanation: Term | None = None
    """The exp= of the record that the directive is in; of an included one it is not used."""
    explained_in: str = ""


@dataclass(slots=True)
class _Evaluation:
    cache: Cache
    context: Context
    budget: Budget

    @property
    def hosts(self) -> Hosts:
        return Hosts(self.cache, self.context.ip, self.budget)

    async def check(self) -> Check:
        try:
            match = await self.domain(self.context.domain)
        except Stop as stop:
            return Check(stop.result, stop.reason, terms=self.budget.terms, voids=self.budget.voids)
        explanation = ""
        if match.result is Result.FAIL and match.explanation is not None:
            # What is looked up from here on does not count (section 4.6.4).
            after = replace(self, budget=Budget(counting=False))
            explanation = await after.explanation(match.explanation, match.explained_in)
        return Check(
            match.result,
            "",
            explanation,
            self.budget.terms,
            self.budget.voids,
            match.path,
            match.term,
        )

    async def domain(self, domain: str) -> _Match:
        """Sections 4.3 to 4.7, for the domain itself or the target of include or redirect."""
        record = await self.record(domain)
        for term in record.mechanisms:
            if term.costs:
                self.budget.count_term()
            inner = await self.matches(term, domain)
            if inner is not None:
                return _Match(
                    _BY_SIGN[term.qualifier],
                    (domain, *inner.path),
                    inner.term or term.text,
                    record.modifier("exp"),
                    domain,
                )
        redirect = record.modifier("redirect")
        if redirect is None or redirect.target is None:
            return _Match(Result.NEUTRAL, (domain,))
        self.budget.count_term()
        target = await self.name(redirect.target, domain)
        match = await self.other(target, "redirect=")
        return replace(match, path=(domain, *match.path))

    async def record(self, domain: str) -> Record:
        """Sections 4.3 to 4.6."""
        if not is_domain(domain):
            reason = _("“{domain}” is no domain that could have a record.")
            raise Stop(Result.NONE, reason.format(domain=quoted(domain)))
        reply = await self.cache(domain, "TXT")
        if not reply.certain:
            raise Stop(
                Result.TEMPERROR,
                _("{name} {type}: {trouble}.").format(
                    name=quoted(domain), type="TXT", trouble=reply.detail or reply.outcome
                ),
            )
        texts = [text for text in map(decode, reply.texts) if is_spf(text)]
        if not texts:
            reason = _("{domain} has no SPF record.").format(domain=quoted(domain))
            raise Stop(Result.NONE, reason)
        if len(texts) > 1:
            reason = _("{domain} has {n} SPF records.").format(domain=quoted(domain), n=len(texts))
            raise Stop(Result.PERMERROR, reason)
        record = read_strict(texts[0])
        if not record.valid:
            reason = _("The SPF record of {domain} is no valid one.").format(domain=quoted(domain))
            raise Stop(Result.PERMERROR, reason)
        return record

    async def matches(self, term: Term, domain: str) -> _Match | None:
        """Sections 5.1 to 5.7: how the term matches; None when it does not."""
        if term.name == "all":
            return _Match(Result.PASS, ())
        if term.network is not None:
            here = self.context.ip.version == term.network.version
            return _Match(Result.PASS, ()) if here and self.context.ip in term.network else None
        name = domain if term.target is None else await self.name(term.target, domain)
        match term.name:
            case "include":
                match = await self.other(name, "include:")
                return match if match.result is Result.PASS else None
            case "a":
                matched = await self.hosts.a(term, name)
            case "mx":
                matched = await self.hosts.mx(term, name)
            case "ptr":
                matched = await self.hosts.ptr(name)
            case _:
                matched = await self.hosts.exists(name)
        return _Match(Result.PASS, ()) if matched else None

    async def other(self, target: str, how: str) -> _Match:
        """The record of another domain, which has to be there (sections 5.2 and 6.1)."""
        try:
            return await self.domain(target)
        except Stop as stop:
            if stop.result is Result.NONE:
                raise Stop(Result.PERMERROR, f"{how}{quoted(target)}: {stop.reason}") from None
            raise

    async def name(self, target: Macros, domain: str) -> str:
        return as_name(expand(target, await self.about(target, domain)))

    async def about(self, macros: Macros, domain: str) -> Context:
        context = replace(self.context, domain=domain)
        if "p" in letters_in(macros):
            context = replace(context, validated=await self.hosts.validated_name(domain))
        return context

    async def explanation(self, term: Term, domain: str) -> str:
        """Section 6.2: empty for anything that is not exactly one good text."""
        if term.target is None:
            return ""
        try:
            name = await self.name(term.target, domain)
            if not is_askable(name):
                return ""
            reply = await self.cache(name, "TXT")
            if reply.outcome is not Outcome.FOUND or len(reply.texts) != 1:
                return ""
            macros = parse_macros(decode(reply.texts[0]), explanation=True)
            return expand(macros, await self.about(macros, domain))
        except (BadMacro, Stop):
            return ""
