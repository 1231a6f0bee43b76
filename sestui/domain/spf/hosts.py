"""Mechanisms that ask DNS about hosts: a, mx, ptr, exists, and the name for %{p}."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from sestui.domain.i18n import _
from sestui.domain.spf.lookup import Lookup, Reply, is_askable
from sestui.domain.spf.result import Result, Stop
from sestui.domain.spf.terms import Term
from sestui.domain.text import quoted

MAX_TERMS = 10
MAX_VOIDS = 2
MAX_HOSTS = 10
"""MX or PTR records in one term (RFC 7208 section 4.6.4)."""

Address = IPv4Address | IPv6Address


@dataclass(slots=True)
class Budget:
    """What one check has used up (RFC 7208 section 4.6.4)."""

    terms: int = 0
    voids: int = 0
    counting: bool = True

    def count_term(self) -> None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise Stop(
                Result.PERMERROR,
                _("More than {n} terms need a DNS lookup.").format(n=MAX_TERMS),
            )

    def count(self, reply: Reply) -> None:
        """Each void lookup counts, also when a cache had the answer: the limit is one on terms."""
        if reply.void and self.counting:
            self.voids += 1
            if self.voids > MAX_VOIDS:
                raise Stop(
                    Result.PERMERROR,
                    _("More than {n} lookups found nothing.").format(n=MAX_VOIDS),
                )


def plain_address(text: str | Address) -> Address:
    """An address, an IPv4-mapped one as IPv4 (RFC 7208 section 5).

    Raises:
        ValueError: it is none.
    """
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@dataclass(frozen=True, slots=True)
class Hosts:
    """Looks hosts up for the check of one address."""

    lookup: Lookup
    ip: Address
    budget: Budget

    @property
    def kind(self) -> str:
        return "A" if self.ip.version == 4 else "AAAA"

    async def ask(self, name: str, kind: str) -> tuple[str, ...]:
        """The values at `name`; none for a name that DNS cannot be asked for."""
        if not is_askable(name):
            return ()
        reply = await self.lookup(name, kind)
        if not reply.certain:
            raise Stop(
                Result.TEMPERROR,
                _("{name} {type}: {trouble}.").format(
                    name=quoted(name), type=kind, trouble=reply.detail or reply.outcome
                ),
            )
        self.budget.count(reply)
        return reply.values

    async def a(self, term: Term, name: str) -> bool:
        """Section 5.3."""
        return self._any_near(await self.ask(name, self.kind), term)

    async def mx(self, term: Term, name: str) -> bool:
        """Section 5.4. No MX means no match; the name's own address is not looked at."""
        hosts = exchanges(await self.ask(name, "MX"))
        if len(hosts) > MAX_HOSTS:
            raise Stop(
                Result.PERMERROR,
                _("{name} has more than {n} MX records.").format(name=quoted(name), n=MAX_HOSTS),
            )
        await self._ahead(hosts)
        for host in hosts:
            if self._any_near(await self.ask(host, self.kind), term):
                return True
        return False

    async def exists(self, name: str) -> bool:
        """Section 5.7: an A record, also for mail that comes over IPv6."""
        return bool(await self.ask(name, "A"))

    async def ptr(self, name: str) -> bool:
        """Section 5.5. An error in DNS is no match."""
        ends = ("." + name).lower()
        return any(("." + host).lower().endswith(ends) for host in await self.validated())

    async def validated_name(self, domain: str) -> str:
        """The value of %{p} (section 7.3): the domain itself, one below it, any, or `unknown`."""
        names = await self.validated()
        own = domain.lower()
        same = [name for name in names if name.lower() == own]
        below = [name for name in names if name.lower().endswith("." + own)]
        return next(iter([*same, *below, *names]), "unknown")

    async def validated(self) -> list[str]:
        """The host's names by PTR that have its address; of more than ten, the first ten."""
        try:
            found = await self.ask(self.ip.reverse_pointer, "PTR")
        except Stop as stop:
            if stop.result is Result.TEMPERROR:
                return []
            raise
        names = [name.removesuffix(".") for name in found[:MAX_HOSTS]]
        await self._ahead(names)
        valid = []
        for name in names:
            try:
                addresses = await self.ask(name, self.kind)
            except Stop as stop:
                if stop.result is Result.TEMPERROR:
                    continue
                raise
            if self.ip in _addresses(addresses):
                valid.append(name)
        return valid

    async def _ahead(self, names: Iterable[str]) -> None:
        """Ask for all at once; what counts is read afterwards, one by one, from the cache."""
        await asyncio.gather(*(self.lookup(name, self.kind) for name in names if is_askable(name)))

    def _any_near(self, values: Iterable[str], term: Term) -> bool:
        bits = self.ip.max_prefixlen
        shift = bits - (term.prefix4 if bits == 32 else term.prefix6)
        return any(
            address.version == self.ip.version and int(address) >> shift == int(self.ip) >> shift
            for address in _addresses(values)
        )


def exchanges(values: Iterable[str]) -> list[str]:
    """Hosts of MX values, by preference. A null MX (RFC 7505) has none."""
    pairs = []
    for value in values:
        preference, _space, host = value.partition(" ")
        number = int(preference) if preference.isdecimal() and len(preference) < 6 else 0
        pairs.append((number, (host if _space else preference).strip().removesuffix(".")))
    return [host for _number, host in sorted(pairs) if host not in ("", "@")]


def _addresses(values: Iterable[str]) -> list[Address]:
    found = []
    for value in values:
        try:
            found.append(ip_address(value))
        except ValueError:
            continue  # a server can say anything
    return found
