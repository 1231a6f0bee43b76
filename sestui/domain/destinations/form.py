"""One event destination as it is typed, of any kind: judged, planned, and made a `Destination`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count

from sestui.domain.configset.judge_destination import destination_problems
from sestui.domain.configset.model import (
    DEFAULT_EVENTS,
    WORKSHOP_SET,
    Destination,
    DestinationKind,
    Dimension,
    EventType,
    parse_set_name,
)
from sestui.domain.configset.policies import default_bus, set_arn
from sestui.domain.destinations.bus import BusForm, Step, advise_bus, bus_steps, judge_bus
from sestui.domain.destinations.dimensions import advise_dimensions, judge_dimensions, proposed
from sestui.domain.destinations.edits import PolicyEdit
from sestui.domain.destinations.facts import Existing
from sestui.domain.destinations.firehose import (
    FirehoseForm,
    advise_firehose,
    firehose_steps,
    judge_firehose,
    role_arn,
)
from sestui.domain.destinations.place import Place
from sestui.domain.destinations.topics import TopicForm, advise_topic, judge_topic, topic_steps
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.plan import Call


@dataclass(frozen=True, slots=True)
class DestinationForm:
    """The parts of the kinds that are not chosen keep what was typed in them."""

    set_name: str = WORKSHOP_SET
    name: str = "bounces-and-complaints"
    kind: DestinationKind = DestinationKind.SNS
    events: frozenset[EventType] = DEFAULT_EVENTS
    enabled: bool = True
    topic: TopicForm = field(default_factory=TopicForm)
    bus: BusForm = field(default_factory=BusForm)
    firehose: FirehoseForm = field(default_factory=FirehoseForm)
    dimensions: tuple[Dimension, ...] = ()
    other_events: tuple[str, ...] = ()
    """Of a destination that is there: events this version does not know."""
    before: Destination | None = None
    """As it is at SES; None for a new one."""
    removed: bool = False
    """It shall go."""


def form_of(
    destination: Destination | None, set_name: str, taken: Collection[str] = ()
) -> DestinationForm:
    """What the form shows at first; None: a new destination, of a name that is not `taken`."""
    if destination is None:
        form = DestinationForm(set_name, dimensions=proposed(set_name))
        return replace(form, name=_free(form.name, taken))
    form = DestinationForm(
        set_name,
        destination.name,
        destination.kind,
        destination.events,
        destination.enabled,
        dimensions=destination.dimensions or proposed(set_name),
        other_events=destination.other_events,
        before=destination,
    )
    match destination.kind:
        case DestinationKind.SNS:
            return replace(form, topic=TopicForm(destination.target))
        case DestinationKind.FIREHOSE:
            return replace(form, firehose=FirehoseForm(destination.target, destination.role))
        case DestinationKind.EVENTBRIDGE:
            return replace(form, bus=BusForm(destination.target))
        case _other:
            return form


def _free(name: str, taken: Collection[str]) -> str:
    numbered = (f"{name}-{number}" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in taken)


def judge(
    form: DestinationForm,
    place: Place,
    existing: Existing | None = None,
    taken: Iterable[str] = (),
) -> dict[str, str]:
    """What is wrong by field; nothing when it can be planned.

    Args:
        existing: what was found; without it only what is typed is judged.
        taken: names of the set's other destinations.
    """
    found: dict[str, str] = {}
    for field_name, text in _problems(form, place, existing or Existing(), frozenset(taken)):
        found.setdefault(field_name, text)
    return found


def _problems(
    form: DestinationForm, place: Place, existing: Existing, taken: frozenset[str]
) -> Iterator[tuple[str, str]]:
    try:
        if parse_set_name(form.name) in taken:
            yield "name", _("There is a destination of this name already.")
    except InvalidName as error:
        yield "name", str(error)
    match form.kind:
        case DestinationKind.SNS:
            yield from judge_topic(form.topic, place, existing)
        case DestinationKind.EVENTBRIDGE:
            yield from judge_bus(form.bus, place, existing)
        case DestinationKind.FIREHOSE:
            yield from judge_firehose(form.firehose, arn_of(form, place), place, existing)
        case DestinationKind.CLOUDWATCH:
            yield from judge_dimensions(form.dimensions)
        case DestinationKind.PINPOINT:
            yield "kind", _("Amazon Pinpoint ended on 2026-10-30; this can only be removed.")
            return
    try:
        made = destination_of(form, place)
    except InvalidName:
        return
    for field_name, text in destination_problems(made, place.region, place.account, form.before):
        if field_name == "events":
            yield field_name, text


def advise(form: DestinationForm, place: Place, existing: Existing) -> dict[str, str]:
    """What is worth knowing, by field: what will be created or changed, what may fail."""
    found: dict[str, str] = {}
    match form.kind:
        case DestinationKind.SNS:
            notes = advise_topic(form.topic, arn_of(form, place), place, existing)
        case DestinationKind.EVENTBRIDGE:
            notes = advise_bus(form.bus, form.set_name, form.events, place, existing)
        case DestinationKind.FIREHOSE:
            notes = advise_firehose(form.firehose, arn_of(form, place), place, existing)
        case DestinationKind.CLOUDWATCH:
            notes = advise_dimensions(form.dimensions)
        case _pinpoint:
            notes = iter(())
    for field_name, text in notes:
        found.setdefault(field_name, text)
    return found


def destination_of(form: DestinationForm, place: Place) -> Destination:
    """The destination as SES takes it: one target, never two.

    Raises:
        InvalidName: `judge` says so of the field.
    """
    made = Destination(
        parse_set_name(form.name),
        form.kind,
        form.events,
        enabled=form.enabled,
        other_events=form.other_events,
    )
    match form.kind:
        case DestinationKind.SNS:
            return replace(made, target=place.topic(form.topic.topic))
        case DestinationKind.EVENTBRIDGE:
            return replace(made, target=default_bus(place.region, place.account))
        case DestinationKind.FIREHOSE:
            role = role_arn(form.firehose, form.set_name, place)
            return replace(made, target=place.stream(form.firehose.stream), role=role)
        case DestinationKind.CLOUDWATCH:
            rows = tuple(
                Dimension(each.name.strip(), each.source, each.default.strip())
                for each in form.dimensions
            )
            return replace(made, dimensions=rows)
        case DestinationKind.PINPOINT:
            return replace(made, target=form.before.target if form.before else "")


def arn_of(form: DestinationForm, place: Place) -> str:
    return set_arn(place.region, place.account, form.set_name.strip())


def plan(form: DestinationForm, place: Place, existing: Existing) -> tuple[Call, ...]:
    """What must be there around SES before it takes the destination; not the destination itself.

    Raises:
        InvalidName: `judge` says so of the field.
    """
    return tuple(
        step.call if isinstance(step, PolicyEdit) else step
        for step in _steps(form, place, existing)
    )


def policy_edits(form: DestinationForm, place: Place, existing: Existing) -> tuple[PolicyEdit, ...]:
    """The policies among the steps of `plan`, with what they were. Raises InvalidName."""
    return tuple(step for step in _steps(form, place, existing) if isinstance(step, PolicyEdit))


def _steps(form: DestinationForm, place: Place, existing: Existing) -> Iterator[Step]:
    match form.kind:
        case DestinationKind.SNS:
            return topic_steps(form.topic, arn_of(form, place), place, existing)
        case DestinationKind.EVENTBRIDGE:
            return bus_steps(form.bus, form.set_name.strip(), form.events, place, existing)
        case DestinationKind.FIREHOSE:
            return firehose_steps(form.firehose, arn_of(form, place), place, existing)
        case _nothing_around:
            return iter(())
