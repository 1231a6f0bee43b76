"""Events by destinations, as a table whose cells are switches; the events stay while it scrolls."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from sestui.domain.configset.edit import SetDraft
from sestui.domain.configset.matrix import Matrix, matrix
from sestui.domain.configset.model import (
    ConfigurationSet,
    Destination,
    EventType,
)
from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.tui.widgets.event_picture import EVENTS, Picture, nothing

NARROWEST, WIDEST = 14, 24
"""Columns for a destination."""
HEAD = 4
"""Lines above the first event."""


class EventMatrix(Widget, can_focus=True):
    """The cursor is a cell. What is done to a cell or a destination is told; nothing changes here
    until the draft is shown again."""

    BINDINGS = [
        Binding(
            "space,enter",
            "flip",
            _("On/off"),
            key_display="⏎",
            tooltip=_("This event, to this destination"),
        ),
        Binding("a", "add", _("Add"), tooltip=_("Another event destination")),
        Binding("e", "edit", _("Edit"), tooltip=_("The destination of this column")),
        Binding("o", "switch", _("Pause"), tooltip=_("The destination as a whole, on or off")),
        Binding(
            "delete,d",
            "remove",
            _("Remove"),
            key_display="del",
            tooltip=_("The destination; ^z brings it back"),
        ),
        Binding("left", "move(0, -1)", _("Left"), show=False),
        Binding("right", "move(0, 1)", _("Right"), show=False),
        Binding("up", "move(-1, 0)", _("Up"), show=False),
        Binding("down", "move(1, 0)", _("Down"), show=False),
        Binding("home", "move(0, -99)", _("First destination"), show=False),
        Binding("end", "move(0, 99)", _("Last destination"), show=False),
        Binding("pageup", "move(-99, 0)", _("First event"), show=False),
        Binding("pagedown", "move(99, 0)", _("Last event"), show=False),
    ]

    cursor: reactive[tuple[int, int]] = reactive((0, 0))
    """Number of the event, number of the destination."""

    class Told(Message):
        """What the person did to the cell or the destination at the cursor."""

        def __init__(self, deed: str, destination: str, event: EventType | None = None) -> None:
            super().__init__()
            self.deed = deed
            """moved, toggle, add, edit, switch, remove."""
            self.destination = destination
            """Its name; empty where there is none."""
            self.event = event

    def __init__(self, draft: SetDraft, base: ConfigurationSet | None) -> None:
        super().__init__(id="matrix")
        self._base = base
        self._matrix: Matrix = matrix(draft)
        self._wrong: frozenset[int] = frozenset()
        self._amiss: Mapping[EventType, Severity] = {}
        self._first = 0
        """Number of the leftmost destination that is drawn."""

    def show(
        self,
        draft: SetDraft,
        base: ConfigurationSet | None,
        wrong: Collection[int] = (),
        amiss: Mapping[EventType, Severity] | None = None,
    ) -> None:
        """Draw `draft`.

        Args:
            base: what it was made from, to mark what has been changed.
            wrong: numbers of the destinations that SES would not take.
            amiss: how bad it is with an event.
        """
        before = len(self._matrix.destinations)
        self._base, self._matrix = base, matrix(draft)
        self._wrong, self._amiss = frozenset(wrong), amiss or {}
        row, column = self.cursor
        self.cursor = row, min(column, max(0, len(self._matrix.destinations) - 1))
        # Another size only where there was nothing before.
        self.refresh(layout=bool(before) != bool(self._matrix.destinations))

    @property
    def destination(self) -> Destination | None:
        """At the cursor."""
        there = self._matrix.destinations
        return there[self.cursor[1]] if there else None

    @property
    def event(self) -> EventType:
        return self._matrix.events[self.cursor[0]]

    def go_to(self, destination: str) -> None:
        for number, each in enumerate(self._matrix.destinations):
            if each.name == destination:
                self.cursor = self.cursor[0], number

    # Keys

    def _tell(self, deed: str) -> None:
        here = self.destination
        if here is not None or deed in ("add", "moved"):
            self.post_message(self.Told(deed, here.name if here else "", self.event))

    def watch_cursor(self) -> None:
        self._tell("moved")
        if isinstance(self.parent, Widget):
            top = 0 if self.cursor[0] == 0 else HEAD + self.cursor[0]
            self.parent.scroll_to_region(Region(0, top, 1, 1), animate=False)

    def action_move(self, down: int, right: int) -> None:
        row, column = self.cursor
        last = max(0, len(self._matrix.destinations) - 1)
        self.cursor = (
            min(max(row + down, 0), len(self._matrix.events) - 1),
            min(max(column + right, 0), last),
        )

    def action_flip(self) -> None:
        # Where there is nothing to switch, Enter does what there is to do.
        self._tell("toggle" if self._matrix.destinations else "add")

    def action_add(self) -> None:
        self._tell("add")

    def action_edit(self) -> None:
        self._tell("edit")

    def action_switch(self) -> None:
        self._tell("switch")

    def action_remove(self) -> None:
        self._tell("remove")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("edit", "switch", "remove"):
            return bool(self._matrix.destinations)
        return True

    def on_click(self, event: events.Click) -> None:
        width, count = self._columns(self.content_size.width)
        column = self._first + (event.x - EVENTS) // width
        row = event.y - HEAD
        if event.x < EVENTS or not self._first <= column < self._first + count:
            return
        if 0 <= row < len(self._matrix.events):
            self.cursor = row, column
            self._tell("toggle")
        elif row < 0:
            self.cursor = self.cursor[0], column

    # Drawing

    def _columns(self, width: int) -> tuple[int, int]:
        """How wide a destination is, and how many are drawn."""
        room = max(NARROWEST, width - EVENTS)
        count = max(1, min(len(self._matrix.destinations), room // NARROWEST))
        return min(WIDEST, room // count), count

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return HEAD + len(self._matrix.events) if self._matrix.destinations else 4

    def render(self) -> Content:
        there = self._matrix.destinations
        if not there:
            return nothing(here=self.has_focus)
        total = self.content_size.width or 80
        width, count = self._columns(total)
        at = self.cursor[1]
        self._first = min(max(self._first, at - count + 1), at, max(0, len(there) - count))
        shown = range(self._first, self._first + count)
        picture = Picture(
            self._matrix, self._base, self._wrong, self._amiss, self.cursor, self.has_focus
        )
        return picture.drawn(shown, width)
