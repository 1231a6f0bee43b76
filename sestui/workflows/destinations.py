"""What is around an event destination: look at it, and plan what is missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sestui.domain.configset import DestinationKind
from sestui.domain.configset.policies import set_arn
from sestui.domain.destinations.bus import BusForm, target_arn
from sestui.domain.destinations.edits import PolicyEdit
from sestui.domain.destinations.facts import Existing, Queue, Role, Rule, Stream
from sestui.domain.destinations.firehose import role_arn, trusts_ses
from sestui.domain.destinations.form import DestinationForm, plan, policy_edits
from sestui.domain.destinations.place import Place, last
from sestui.domain.destinations.subscriptions import queues_named
from sestui.domain.destinations.topics import TopicForm, wanted_key
from sestui.domain.errors import Problem, Trouble
from sestui.domain.names import InvalidName
from sestui.domain.plan import Call
from sestui.gateways.ports import Cloud, GatewayError

MOST_STREAMS = 20
"""Streams whose state is asked, a call each."""

Found = TypeVar("Found")


class _Look:
    """Asks one thing after another; what may not be read is noted, and the rest goes on."""

    def __init__(self) -> None:
        self.unread: dict[str, None] = {}

    async def at(self, what: str, question: Awaitable[Found], otherwise: Found) -> Found:
        """Raises GatewayError: anything but a missing permission."""
        try:
            return await question
        except GatewayError as error:
            if error.trouble is not Trouble.DENIED:
                raise
            self.unread[what] = None
            return otherwise


def place_of(cloud: Cloud) -> Place:
    return Place(cloud.connection.region, cloud.connection.caller.account)


async def existing_for(cloud: Cloud, form: DestinationForm) -> Existing:
    """What there is of what `form` names. Names that cannot be are not looked for.

    Raises:
        GatewayError: anything but a missing permission, which is noted in `unread`.
    """
    look = _Look()
    match form.kind:
        case DestinationKind.SNS:
            found = await _topic(cloud, form.topic, look)
        case DestinationKind.EVENTBRIDGE:
            found = await _bus(cloud, form.bus, look)
        case DestinationKind.FIREHOSE:
            found = await _firehose(cloud, form, look)
        case _nothing_around:
            found = Existing()
    return replace(found, unread=tuple(look.unread))


async def _topic(cloud: Cloud, form: TopicForm, look: _Look) -> Existing:
    place, neighbours = place_of(cloud), cloud.neighbours
    arn = _or_nothing(place.topic, form.topic)
    topic = await look.at("topic", neighbours.topic(arn), None) if arn else None
    found = Existing(topic)
    if topic is not None and topic.subscriptions:
        rows = await look.at("subscriptions", neighbours.subscriptions(arn), ())
        found = replace(found, subscriptions=rows)
    if key := wanted_key(form, topic):
        found = replace(found, key=await look.at("key", neighbours.key(key), None))
    return replace(found, queues=await _queues(cloud, queues_named(form.add, place), look))


async def _queues(cloud: Cloud, arns: Iterable[str], look: _Look) -> dict[str, Queue]:
    found = {arn: await look.at("queues", cloud.neighbours.queue(arn), None) for arn in arns}
    return {arn: queue for arn, queue in found.items() if queue is not None}


async def _bus(cloud: Cloud, form: BusForm, look: _Look) -> Existing:
    place, neighbours = place_of(cloud), cloud.neighbours
    found = Existing()
    if name := form.rule.strip():
        found = replace(found, rule=await look.at("rule", neighbours.rule(name), None))
    old = [await look.at("old_rules", neighbours.rule(each), None) for each in form.remove]
    found = replace(found, old_rules=tuple(each for each in old if each is not None))
    target = _or_nothing(lambda typed: target_arn(typed, place), form.target)
    if ":sqs:" in target and place.here(target):
        found = replace(found, queues=await _queues(cloud, [target], look))
    elif ":sns:" in target:
        topic = await look.at("target_topic", neighbours.topic(target), None)
        found = replace(found, target_topic=topic)
    return found


async def _firehose(cloud: Cloud, form: DestinationForm, look: _Look) -> Existing:
    place, neighbours = place_of(cloud), cloud.neighbours
    stream = _or_nothing(place.stream, form.firehose.stream)
    role = _or_nothing(lambda name: role_arn(form.firehose, name, place), form.set_name)
    return Existing(
        stream=await look.at("stream", neighbours.stream(stream), None) if stream else None,
        role=await look.at("role", neighbours.role_with_policies(last(role)), None)
        if role
        else None,
    )


def _or_nothing(parse: Callable[[str], str], typed: str) -> str:
    try:
        return parse(typed) if typed.strip() else ""
    except InvalidName:
        return ""


@dataclass(frozen=True, slots=True)
class DestinationPlan:
    """All that comes before the destination itself, and what it was planned from."""

    calls: tuple[Call, ...]
    policies: tuple[PolicyEdit, ...]
    existing: Existing


async def destination_plan(cloud: Cloud, form: DestinationForm) -> DestinationPlan:
    """Look at what is there now, and plan what must be there before SES takes the destination.

    Raises:
        InvalidName: the form cannot be used as it is; `judge` says so of the field.
        GatewayError: something could not be read.
    """
    existing = await existing_for(cloud, form)
    place = place_of(cloud)
    return DestinationPlan(
        plan(form, place, existing), policy_edits(form, place, existing), existing
    )


@dataclass(frozen=True, slots=True)
class Offers:
    """What the account has to choose from, for one kind of destination."""

    topics: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    streams: tuple[Stream, ...] = ()
    roles: tuple[Role, ...] = ()
    """Those that trust SES for the set."""
    rules: tuple[Rule, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    """Lists that could not be read; one can still type what one knows."""


async def offers(cloud: Cloud, kind: DestinationKind, set_name: str) -> Offers:
    """The lists that the form of this kind offers. What may not be listed is left out."""
    problems: list[Problem] = []

    async def listed(question: Awaitable[tuple[Found, ...]]) -> tuple[Found, ...]:
        try:
            return await question
        except GatewayError as error:
            problems.append(error.problem)
            return ()

    neighbours = cloud.neighbours
    found = Offers()
    match kind:
        case DestinationKind.SNS:
            found = Offers(
                topics=await listed(neighbours.topics()),
                keys=await listed(neighbours.keys()),
                queues=await listed(neighbours.queues()),
            )
        case DestinationKind.EVENTBRIDGE:
            found = Offers(
                rules=await listed(neighbours.rules()),
                queues=await listed(neighbours.queues()),
                topics=await listed(neighbours.topics()),
            )
        case DestinationKind.FIREHOSE:
            place = place_of(cloud)
            arn = set_arn(place.region, place.account, set_name)
            found = Offers(
                streams=await listed(_streams(cloud)),
                roles=tuple(
                    role
                    for role in await listed(neighbours.roles())
                    if trusts_ses(role, arn, place)
                ),
            )
        case _nothing_to_choose:
            pass
    return replace(found, problems=tuple(problems))


async def _streams(cloud: Cloud) -> tuple[Stream, ...]:
    arns = await cloud.neighbours.streams()
    found: list[Stream] = []
    for number, arn in enumerate(arns):
        stream = await cloud.neighbours.stream(arn) if number < MOST_STREAMS else Stream(arn)
        if stream is not None:
            found.append(stream)
    return tuple(found)
