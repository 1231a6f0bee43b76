"""Whether a record lets SES send, by whatever way, and what that costs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network

from sestui.domain.i18n import _
from sestui.domain.spf.advice import SES
from sestui.domain.spf.budget import about_tree
from sestui.domain.spf.check import check_host
from sestui.domain.spf.findings import Finding
from sestui.domain.spf.hosts import Address
from sestui.domain.spf.lookup import Cache, Lookup, with_record
from sestui.domain.spf.result import Check, Result
from sestui.domain.spf.tree import Branch, Status, explore
from sestui.domain.text import quoted

MOST_NETWORKS = 16
"""amazonses.com has fewer; of a longer list the first ones are enough."""


class Permission(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    """Some of the servers only, as with a copied list of addresses that is out of date."""
    NO = "no"
    UNKNOWN = "could not find out"


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Whether mail that `target` sends passes SPF of `domain`."""

    domain: str
    target: str
    answer: Permission
    tree: Branch
    """The record and what it includes."""
    checks: tuple[tuple[Address, Check], ...] = ()
    """An address of each network of `target`, and what SPF says about it."""
    reason: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The domains whose records lead to the target, without the domain itself."""
        passed = (check.path[1:] for _ip, check in self.checks if check.result is Result.PASS)
        return next(passed, ())

    @property
    def wrapper(self) -> str:
        """The domain in between, such as GoDaddy's `_spfm`; empty when it is included directly."""
        path = self.path
        return path[0] if len(path) > 1 and path[0].lower() != self.target.lower() else ""

    @property
    def evaluated(self) -> int:
        """Terms with DNS lookups evaluated until mail from the target is decided."""
        return max((check.terms for _ip, check in self.checks), default=0)

    @property
    def worst(self) -> int:
        """The same for mail that nothing in the record matches."""
        return self.tree.cost

    @property
    def voids(self) -> int:
        """Lookups that find nothing, in the worst case."""
        return self.tree.voids

    @property
    def findings(self) -> tuple[Finding, ...]:
        return about_tree(self.tree)

    @property
    def text(self) -> str:
        names = {"domain": quoted(self.domain), "target": quoted(self.target), "n": self.evaluated}
        match self.answer:
            case Permission.YES if self.wrapper:
                return _("{target} may send, through {wrapper} ({n} of 10 lookups).").format(
                    **names, wrapper=quoted(self.wrapper)
                )
            case Permission.YES:
                return _("{target} may send ({n} of 10 lookups).").format(**names)
            case Permission.PARTLY:
                return _(
                    "Only some servers of {target} may send; the record has a copy of their "
                    "addresses instead of include:{target}."
                ).format(**names)
            case Permission.NO:
                said = _("SPF of {domain} does not let {target} send.").format(**names)
                return f"{said} {self.reason}".rstrip()
            case Permission.UNKNOWN:
                said = _("Could not find out whether {target} may send.").format(**names)
                return f"{said} {self.reason}".rstrip()


async def authorises(
    lookup: Lookup, domain: str, target: str = SES, *, record: str = ""
) -> Authorisation:
    """Whether the SPF record of `domain` lets the servers of `target` send.

    The addresses come from the target's own record, so a wrapper, a redirect or a copied list
    counts as much as a plain include, and what only looks like one does not.

    Args:
        record: try this one instead of what is published at `domain`.
    """
    cache = (
        lookup
        if isinstance(lookup, Cache) and not record
        else Cache(with_record(lookup, domain, record) if record else lookup)
    )
    try:
        tree, servers = await asyncio.gather(explore(cache, domain), explore(cache, target))
        addresses = _samples(networks(servers))
        checks = await asyncio.gather(
            *(check_host(cache, ip, domain, domain, ahead=False) for ip in addresses)
        )
    finally:
        if cache is not lookup:
            await cache.close()
    pairs = tuple(zip(addresses, checks, strict=True))
    answer = _answer([check.result for check in checks], tree)
    reason = next((check.reason for check in checks if check.reason), "")
    if not checks:
        reason = _("{target} gave no list of servers.").format(target=quoted(target))
    return Authorisation(domain, target, answer, tree, pairs, reason)


def _answer(results: list[Result], tree: Branch) -> Permission:
    if tree.status is Status.NO_RECORD:
        return Permission.NO
    if not results or Result.TEMPERROR in results:
        return Permission.UNKNOWN
    if all(result is Result.PASS for result in results):
        return Permission.YES
    return Permission.PARTLY if Result.PASS in results else Permission.NO


def networks(tree: Branch) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that a record and its includes allow, in order and each once."""
    found: dict[IPv4Network | IPv6Network, None] = {}
    for path in tree.walk():
        allowed = all(branch.term is None or branch.term.qualifier in "+" for branch in path)
        record = path[-1].record
        if record is not None and record.valid and allowed:
            for term in record.mechanisms:
                if term.name == "all":
                    break
                if term.network is not None and term.qualifier == "+":
                    found[term.network] = None
    return tuple(found)


def _samples(found: Iterable[IPv4Network | IPv6Network]) -> list[Address]:
    """Two addresses of each network, so that a copy of a smaller one shows."""
    samples: dict[Address, None] = {}
    for network in list(found)[:MOST_NETWORKS]:
        samples[network[0]] = None
        samples[network[-1]] = None
    return list(samples)
