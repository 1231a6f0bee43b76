"""Whether the metrics of a CloudWatch destination have grown since the mails went out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sestui.domain.configset import Destination, DestinationKind
from sestui.domain.mail.message import FIND_TAG
from sestui.domain.prove import arrival
from sestui.domain.prove.common import proving, watchable
from sestui.domain.prove.model import Hop
from sestui.domain.prove.scene import Scene
from sestui.gateways.ports import Cloud, GatewayError, Proofs

EVERY = 5.0
"""Seconds between two looks."""


@dataclass(slots=True)
class Counter:
    """The metrics of one destination."""

    route: str
    dimensions: Mapping[str, str]
    began: datetime
    proofs: Proofs
    before: dict[str, float] = field(default_factory=dict)
    """What they came to before anything was sent."""
    looked: datetime | None = None

    async def look(self, waiting: tuple[Hop, ...], at: datetime) -> tuple[Hop, ...]:
        """The hops among `waiting` that have been counted."""
        mine = [hop for hop in waiting if hop.route == self.route]
        late = self.looked is None or (at - self.looked).total_seconds() >= EVERY
        if not mine or not late:
            return ()
        self.looked = at
        found: list[Hop] = []
        for hop in mine:
            metric = arrival.wanted_event(hop).value.capitalize()
            now = await self.sum(metric, at)
            if now is not None and now > self.before.get(metric, 0.0):
                seconds = (at - self.began).total_seconds()
                found.append(arrival.counted(hop, metric, seconds))
        return tuple(found)

    async def sum(self, metric: str, at: datetime) -> float | None:
        try:
            return await self.proofs.counted(metric, self.dimensions, self.began, at)
        except GatewayError:
            return None


async def counters(cloud: Cloud, scene: Scene, now: datetime) -> tuple[Counter, ...]:
    """One for each CloudWatch destination whose dimensions can be foretold."""
    found: list[Counter] = []
    destinations = scene.configuration_set.destinations if scene.configuration_set else ()
    for each in destinations:
        if each.kind is not DestinationKind.CLOUDWATCH or not watchable(each):
            continue
        dimensions = expected_dimensions(scene, each)
        if dimensions is None or cloud.proofs is None:
            continue
        counter = Counter(each.name, dimensions, now, cloud.proofs)
        for event in proving(each):
            metric = event.value.capitalize()
            counter.before[metric] = await counter.sum(metric, now) or 0.0
        found.append(counter)
    return tuple(found)


def expected_dimensions(scene: Scene, destination: Destination) -> dict[str, str] | None:
    """The dimensions that the metrics of this proof's mails have; None: cannot be foretold."""
    known = {
        "ses:configuration-set": scene.set_name,
        "ses:from-domain": scene.sender.rpartition("@")[2],
    }
    found: dict[str, str] = {}
    for each in destination.dimensions:
        if each.name in known:
            found[each.name] = known[each.name]
        elif each.name.startswith("ses:") or each.name == FIND_TAG or _is_header(each.source):
            return None
        else:
            found[each.name] = each.default
    return found


def _is_header(source: str) -> bool:
    return source == "EMAIL_HEADER"
