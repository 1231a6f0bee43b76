"""Two editors on one set: both changes are kept, and where they contradict, the person decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from sestui.domain.configset.changes import (
    SCALARS,
    Change,
    changes,
    described,
    dimensions_text,
    events_text,
    where_text,
)
from sestui.domain.configset.model import ConfigurationSet, Destination, DestinationKind
from sestui.domain.configset.texts import about, shown
from sestui.domain.i18n import _

T = TypeVar("T")

_TRACKING = ("redirect_domain", "https_policy")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both have changed, each to something else."""

    field: str
    """As `Change.field`."""
    label: str
    base: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Merged:
    result: ConfigurationSet
    """With their value where there is a conflict: nothing of theirs is overwritten unasked."""
    conflicts: tuple[Conflict, ...] = ()
    taken_over: tuple[Change, ...] = ()
    """What the result has that is not in mine: their changes."""


Sides = tuple[T, T, T]
"""The value in base, theirs and mine."""


@dataclass(slots=True)
class _Choice:
    """Who wins where both have changed a thing, and what was undecided."""

    mine_wins: frozenset[str]
    theirs_wins: frozenset[str]
    conflicts: dict[str, Conflict] = field(default_factory=dict)

    def pick(self, key: str, label: str, sides: Sides[T], text: Callable[[T], str]) -> T:
        base, theirs, mine = sides
        if mine in (base, theirs):
            return theirs
        return mine if theirs == base else self.contradict(key, label, sides, text)

    def contradict(self, key: str, label: str, sides: Sides[T], text: Callable[[T], str]) -> T:
        """Their value, unless mine was chosen; an open question when nothing was."""
        _base, theirs, mine = sides
        if key in self.mine_wins:
            return mine
        if key not in self.theirs_wins:
            self.conflicts.setdefault(key, Conflict(key, label, *map(text, sides)))
        return theirs


def merge(
    base: ConfigurationSet,
    theirs: ConfigurationSet,
    mine: ConfigurationSet,
    mine_wins: Iterable[str] = (),
    theirs_wins: Iterable[str] = (),
) -> Merged:
    """Three-way, field by field; tags by key, destinations by name, their events one by one.

    Args:
        base: what `mine` was made from.
        theirs: what is at SES now.
        mine_wins: fields of conflicts that the person has decided; so for `theirs_wins`.
    """
    choice = _Choice(frozenset(mine_wins), frozenset(theirs_wins))
    sides = (base, theirs, mine)
    result = replace(
        theirs,
        **_scalars(sides, choice),
        tags=_tags(sides, choice),
        destinations=tuple(_destinations(sides, choice)),
    )
    return Merged(result, tuple(choice.conflicts.values()), changes(mine, result))


def _scalars(sides: Sides[ConfigurationSet], choice: _Choice) -> dict[str, Any]:
    base, theirs, mine = sides
    picked: dict[str, Any] = {}
    for each in SCALARS:
        values = (getattr(base, each), getattr(theirs, each), getattr(mine, each))
        if each not in _TRACKING or (theirs.redirect_domain and mine.redirect_domain):
            picked[each] = choice.pick(each, about(each).label, values, partial(_text, base, each))
    if _TRACKING[0] not in picked:
        # Without a domain there is no policy, so where one has taken it away they go together.
        label = about(_TRACKING[0]).label
        pair = choice.pick(_TRACKING[0], label, _map(_tracking, sides), _tracking_text)
        picked |= {each: getattr(pair, each) for each in _TRACKING}
    return picked


def _tracking(each: ConfigurationSet) -> ConfigurationSet:
    """Only what the links go through."""
    return ConfigurationSet(
        "", redirect_domain=each.redirect_domain, https_policy=each.https_policy
    )


def _tracking_text(each: ConfigurationSet) -> str:
    domain = shown(each, "redirect_domain")
    return f"{domain}, {shown(each, 'https_policy')}" if each.redirect_domain else domain


def _text(base: ConfigurationSet, field_name: str, value: Any) -> str:
    return shown(replace(base, **{field_name: value}), field_name)


def _tags(sides: Sides[ConfigurationSet], choice: _Choice) -> tuple[tuple[str, str], ...]:
    base, theirs, mine = (dict(side.tags) for side in sides)
    found: list[tuple[str, str]] = []
    for key in sorted(base.keys() | theirs.keys() | mine.keys()):
        values = (base.get(key), theirs.get(key), mine.get(key))
        value = choice.pick(f"tags.{key}", key, values, _tag_text)
        if value is not None:
            found.append((key, value))
    return tuple(found)


def _tag_text(value: str | None) -> str:
    return _("no tag") if value is None else value or _("(empty)")


def _destinations(sides: Sides[ConfigurationSet], choice: _Choice) -> Iterator[Destination]:
    base, theirs, mine = ({each.name: each for each in side.destinations} for side in sides)
    for name in dict.fromkeys((*theirs, *mine, *base)):
        key = f"destinations.{name}"
        old, other, own = base.get(name), theirs.get(name), mine.get(name)
        if old is not None and other is not None and own is not None:
            yield _destination(key, (old, other, own), choice)
        elif kept := choice.pick(key, name, (old, other, own), _whole):
            yield kept


def _whole(destination: Destination | None) -> str:
    return _("not there") if destination is None else described(destination)


def _destination(key: str, sides: Sides[Destination], choice: _Choice) -> Destination:
    old, theirs, mine = sides
    # The dimensions belong to the kind: they are mixed only where that is the same for all.
    whole = len({each.kind for each in sides}) > 1
    goes = choice.pick(
        f"{key}.target", theirs.name, _map(partial(_goal, whole=whole), sides), where_text
    )
    dimensions = goes.dimensions
    if not whole:
        label = f"{theirs.name}: {about('dimensions').label}"
        texts = (old.dimensions, theirs.dimensions, mine.dimensions)
        dimensions = choice.pick(f"{key}.dimensions", label, texts, dimensions_text)
    # Each event is on or off, so both can only have changed it to the same.
    events = (theirs.events | (mine.events - old.events)) - (old.events - mine.events)
    if not events and not theirs.other_events and theirs.events and mine.events:
        lists = (old.events, theirs.events, mine.events)
        events = choice.contradict(f"{key}.events", theirs.name, lists, events_text)
    return replace(
        goes,
        name=theirs.name,
        dimensions=dimensions,
        enabled=theirs.enabled if mine.enabled == old.enabled else mine.enabled,
        events=events,
        other_events=theirs.other_events,
    )


def _map(function: Callable[[T], T], sides: Sides[T]) -> Sides[T]:
    return function(sides[0]), function(sides[1]), function(sides[2])


def _goal(destination: Destination, *, whole: bool) -> Destination:
    """Where it leads to, and nothing else of it; dimensions only where they are the goal."""
    watch = whole and destination.kind is DestinationKind.CLOUDWATCH
    return replace(
        destination,
        name="",
        events=frozenset(),
        other_events=(),
        enabled=True,
        dimensions=destination.dimensions if watch else (),
    )
