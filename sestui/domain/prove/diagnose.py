"""All hops of a set, from what was read before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

from sestui.domain.configset import Destination, DestinationKind
from sestui.domain.i18n import _
from sestui.domain.prove.common import (
    accepted_hop,
    arrived_hops,
    chosen_hop,
    identity_hop,
    no_destination_hop,
    set_hop,
    watchable,
)
from sestui.domain.prove.model import Hop, HopKind, Question, Route, State
from sestui.domain.prove.plan import PREFIX, queue_arn
from sestui.domain.prove.scene import Scene, TopicView
from sestui.domain.prove.sns import published_hop, region_of
from sestui.domain.prove.streams import (
    bus_hop,
    metrics_hop,
    pinpoint_hop,
    stream_hop,
    unseen_hop,
)
from sestui.domain.prove.subscribed import subscribed_hops

CATCHABLE = (DestinationKind.SNS, DestinationKind.EVENTBRIDGE)
"""Their events can be led into a queue."""


def diagnose(scene: Scene, question: Question) -> tuple[Hop, ...]:
    """Every hop, in the order of the way; what only a mail can show is waiting."""
    found = [set_hop(scene), identity_hop(scene, question), accepted_hop()]
    if scene.configuration_set is not None:
        if not scene.configuration_set.destinations:
            found.append(no_destination_hop())
        for destination in scene.configuration_set.destinations:
            found += _of_destination(scene, question, destination)
    return tuple(found)


def _of_destination(scene: Scene, question: Question, destination: Destination) -> Iterator[Hop]:
    chosen = chosen_hop(scene, destination)
    yield chosen
    if destination.unknown or not destination.enabled:
        return
    match destination.kind:
        case DestinationKind.SNS:
            yield published_hop(scene, destination.name, destination.target)
            yield from subscribed_hops(scene, question, destination)
        case DestinationKind.EVENTBRIDGE:
            yield bus_hop(scene, destination)
            yield _rule_hop(question, destination)
        case DestinationKind.FIREHOSE:
            yield stream_hop(scene, destination)
        case DestinationKind.CLOUDWATCH:
            yield metrics_hop(destination)
        case DestinationKind.PINPOINT:
            yield pinpoint_hop(destination)
            return
    if watchable(destination):
        yield from arrived_hops(destination)
    elif destination.kind is DestinationKind.FIREHOSE:
        yield unseen_hop(destination)


def _rule_hop(question: Question, destination: Destination) -> Hop:
    if question.queue:
        text = _("Whether a rule of yours leads to this queue, what arrives will tell.")
        return Hop(HopKind.SUBSCRIBED, State.UNKNOWN, text, "rule_unseen", destination.name)
    text = _("A temporary rule will lead the events to a temporary queue.")
    return Hop(HopKind.SUBSCRIBED, State.WAITING, text, route=destination.name)


def routes(scene: Scene, question: Question, *, every: bool = False) -> tuple[Route, ...]:
    """The destinations whose events a queue can catch; each temporary queue catches for one.

    Args:
        every: also those that get none of the events a proof brings about.
    """
    found: list[Route] = []
    if scene.configuration_set is None:
        return ()
    for destination in scene.configuration_set.destinations:
        live = destination.enabled and not destination.unknown
        if destination.kind not in CATCHABLE or not (live if every else watchable(destination)):
            continue
        sns = destination.kind is DestinationKind.SNS
        if sns and not _can_be_subscribed(scene, destination):
            continue
        number = f"-{len(found) + 1}" if found else ""
        name = f"{PREFIX}{question.nonce}{number}"
        found.append(
            Route(
                destination.name,
                destination.kind,
                destination.target,
                destination.events,
                question.queue or queue_arn(scene.region, scene.account, name),
                rule="" if sns else name,
                topic=destination.target if sns else "",
            )
        )
    return tuple(found)


def _can_be_subscribed(scene: Scene, destination: Destination) -> bool:
    here = region_of(destination.target) == scene.region
    standard = not destination.target.endswith(".fifo")
    return here and standard and isinstance(scene.topics.get(destination.target), TopicView)
