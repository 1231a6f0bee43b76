"""Events by destinations, as a table whose cells are switches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sestui.domain.configset.model import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    EventType,
)
from sestui.domain.i18n import _

if TYPE_CHECKING:
    from sestui.domain.configset.edit import SetDraft


class Cell(StrEnum):
    """The value is its glyph."""

    ON = "●"
    OFF = "·"
    UNSUPPORTED = "–"

    @property
    def word(self) -> str:
        return {
            Cell.ON: _("on"),
            Cell.OFF: _("off"),
            Cell.UNSUPPORTED: _("not possible"),
        }[self]


@dataclass(frozen=True, slots=True)
class Matrix:
    events: tuple[EventType, ...]
    destinations: tuple[Destination, ...]
    cells: tuple[tuple[Cell, ...], ...]
    """A row for each event, a cell for each destination."""

    def cell(self, event: EventType, destination: str) -> Cell:
        """Raises KeyError when there is no such destination."""
        row = dict(zip((d.name for d in self.destinations), self._row(event), strict=True))
        return row[destination]

    def _row(self, event: EventType) -> tuple[Cell, ...]:
        return self.cells[self.events.index(event)]


def supported(kind: DestinationKind, event: EventType) -> bool:
    """Pinpoint takes neither delays nor subscriptions (API v2)."""
    return kind is not DestinationKind.PINPOINT or event not in (
        EventType.DELIVERY_DELAY,
        EventType.SUBSCRIPTION,
    )


def matrix(configuration_set: ConfigurationSet | SetDraft) -> Matrix:
    destinations = configuration_set.destinations
    events = tuple(EventType)
    return Matrix(
        events,
        destinations,
        tuple(tuple(_cell(each, event) for each in destinations) for event in events),
    )


def _cell(destination: Destination, event: EventType) -> Cell:
    if destination.unknown or not supported(destination.kind, event):
        return Cell.UNSUPPORTED
    return Cell.ON if event in destination.events else Cell.OFF


def toggle(draft: SetDraft, event: EventType, destination: str) -> SetDraft:
    """With one cell switched over; as it was when that is not possible."""
    return replace(
        draft,
        destinations=tuple(
            replace(each, events=each.events ^ {event})
            if each.name == destination and _cell(each, event) is not Cell.UNSUPPORTED
            else each
            for each in draft.destinations
        ),
    )


def toggle_enabled(draft: SetDraft, destination: str) -> SetDraft:
    """With a destination switched on or off as a whole."""
    return replace(
        draft,
        destinations=tuple(
            replace(each, enabled=not each.enabled)
            if each.name == destination and not each.unknown
            else each
            for each in draft.destinations
        ),
    )
