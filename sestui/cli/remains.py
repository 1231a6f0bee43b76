"""Which of the things sestui made are still there, and which of them must stay all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sestui.cli.leftovers import (
    Kind,
    Made,
    Thing,
    deletions,
    of_a_proof,
    statements,
    subscriptions_of,
)
from sestui.domain.destinations.facts import Topic
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.prove.plan import is_temporary
from sestui.gateways.ports import Cloud
from sestui.workflows.leftover_proofs import leftover_proofs


@dataclass(frozen=True, slots=True)
class Remains:
    """What there is to delete, how, and what is left alone and why."""

    things: tuple[Thing, ...]
    plan: tuple[Call, ...]
    kept: tuple[tuple[Thing, str], ...]


async def look_for(cloud: Cloud, made: Made, keep: frozenset[str]) -> Remains:
    """Ask AWS for everything in `made`; only the services that are in it. Raises GatewayError."""
    return await _Search(cloud, made, keep).run()


class _Search:
    """One search; each kind in the order of `Kind`, sets and topics before what is in them."""

    def __init__(self, cloud: Cloud, made: Made, keep: frozenset[str]) -> None:
        self._cloud = cloud
        self._made = made
        self._keep = keep
        self._found: list[Thing] = []
        self._kept: list[tuple[Thing, str]] = []
        self._topics: dict[str, Topic | None] = {}
        self._identities: frozenset[str] = frozenset()

    async def run(self) -> Remains:
        await self._plain_things()
        await self._sets()
        await self._topics_and_what_is_in_them()
        await self._defaults()
        for left in await leftover_proofs(self._cloud):
            foreign = left.may_be_in_use(datetime.now(UTC)) and not left.known
            self._add(of_a_proof(left), _("a proof elsewhere may be using it") if foreign else "")
        order = list(Kind)
        self._found.sort(key=lambda thing: (order.index(thing.kind), thing.name))
        plan = deletions(self._found, self._policy)
        return Remains(tuple(self._found), tuple(plan), tuple(self._kept))

    def _of(self, kind: Kind) -> list[Thing]:
        return [thing for thing in self._made.things if thing.kind is kind]

    def _add(self, thing: Thing, reason: str = "") -> None:
        """Count `thing` among what is deleted, or among what stays for `reason`."""
        if thing.name in self._keep:
            reason = _("you said so")
        if reason:
            self._kept.append((thing, reason))
        else:
            self._found.append(thing)

    def _going(self, kind: Kind, name: str) -> bool:
        return any(thing.kind is kind and thing.name == name for thing in self._found)

    async def _plain_things(self) -> None:
        if self._of(Kind.IDENTITY) or self._of(Kind.DEFAULT_SET):
            self._identities = frozenset(row.name for row in await self._cloud.ses.identities())
        for thing in self._of(Kind.IDENTITY):
            if thing.name in self._identities:
                self._add(thing)
        if templates := self._of(Kind.TEMPLATE):
            there = await self._cloud.ses.templates()
            for thing in templates:
                if thing.name in there:
                    self._add(thing)
        for thing in self._of(Kind.ROLE):
            if await self._cloud.neighbours.role(thing.name):
                self._add(thing)
        for thing in self._made.unsure:
            self._kept.append((thing, _("nobody wrote down whether sestui made it")))

    async def _sets(self) -> None:
        """A set takes its destinations along, so it stays when one of them is someone else's."""
        destinations = self._of(Kind.DESTINATION)
        ours = {thing.name: thing for thing in self._of(Kind.CONFIGURATION_SET)}
        for name in {*ours, *(thing.within for thing in destinations)}:
            there = await self._cloud.ses.configuration_set(name)
            if there is None:
                continue
            mine = [d for d in destinations if d.within == name]
            here = {destination.name for destination in there.destinations}
            foreign = sorted(here - {d.name for d in mine})
            if name in ours:
                reason = _("it has an event destination of yours: {names}")
                self._add(ours[name], reason.format(names=", ".join(foreign)) if foreign else "")
            if not self._going(Kind.CONFIGURATION_SET, name):
                for destination in mine:
                    if destination.name in here:
                        self._add(destination)

    async def _topics_and_what_is_in_them(self) -> None:
        for thing in self._of(Kind.TOPIC):
            topic = await self._topic(str(thing.detail.get("arn", "")))
            if topic is None:
                continue
            ours = subscriptions_of(self._made.things, topic.arn)
            endpoints = {endpoint for _p, endpoint, _c in topic.subscriptions}
            others = sorted(each for each in endpoints - ours if not is_temporary(each))
            reason = _("{names} is subscribed to it too").format(names=", ".join(others))
            self._add(thing, reason if others else "")
        going = {str(t.detail["arn"]) for t in self._found if t.kind is Kind.TOPIC}
        for thing in self._of(Kind.SUBSCRIPTION):
            topic = None if thing.within in going else await self._topic(thing.within)
            endpoints = {endpoint for _p, endpoint, _c in topic.subscriptions} if topic else set()
            if thing.name in endpoints:
                known = str(thing.detail.get("arn", "")).startswith("arn:")
                self._add(thing, "" if known else _("only its owner can end it, by its mails"))
        for thing in self._of(Kind.STATEMENT):
            topic = None if thing.within in going else await self._topic(thing.within)
            if topic and thing.detail["statement"] in statements(topic.policy):
                self._add(thing)

    async def _defaults(self) -> None:
        """An identity that stays must not keep a default set that goes: every send would fail."""
        for thing in self._of(Kind.DEFAULT_SET):
            stays = thing.name in self._identities and not self._going(Kind.IDENTITY, thing.name)
            if not stays or not self._going(Kind.CONFIGURATION_SET, thing.within):
                continue
            identity = await self._cloud.ses.identity(thing.name)
            if identity is not None and identity.configuration_set == thing.within:
                self._found.append(thing)

    async def _topic(self, arn: str) -> Topic | None:
        if arn and arn not in self._topics:
            self._topics[arn] = await self._cloud.neighbours.topic(arn)
        return self._topics.get(arn)

    def _policy(self, thing: Thing) -> Mapping[str, Any] | None:
        topic = self._topics.get(thing.within) if thing.kind is Kind.STATEMENT else None
        return topic.policy if topic else None
