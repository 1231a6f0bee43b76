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

from sestui.domain.configset.changes import dimensions_text
from sestui.domain.configset.edit import SetDraft
from sestui.domain.configset.matrix import Cell, Matrix, matrix
from sestui.domain.configset.model import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    EventType,
)
from sestui.domain.i18n import _, ngettext
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.tui.widgets.notes_list import GLYPHS

EVENTS = 19
"""Columns for the names of the events."""
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
            return _nothing(here=self.has_focus)
        total = self.content_size.width or 80
        width, count = self._columns(total)
        at = self.cursor[1]
        self._first = min(max(self._first, at - count + 1), at, max(0, len(there) - count))
        shown = range(self._first, self._first + count)
        lines = self._heads(shown, width)
        lines.append(self._rule(shown, EVENTS + width * count))
        lines += [self._row(row, shown, width) for row in range(len(self._matrix.events))]
        return Content("\n").join(lines)

    def _heads(self, shown: range, width: int) -> list[Content]:
        lines: list[list[Content]] = [[_cell(Content(), EVENTS)] for _line in range(3)]
        for number in shown:
            each = self._matrix.destinations[number]
            known = self._base.destination(each.name) if self._base else None
            mark = "+ " if known is None else "* " if _moved(known, each) else ""
            colour = "bold" if number == self.cursor[1] and self.has_focus else ""
            if number in self._wrong:
                mark, colour = "✗ ", "bold $text-error"
            name = Content.assemble((mark, "$accent"), (printable(each.name), colour))
            state = (
                (f"✓ {kind_word(each)}", "$text-success")
                if each.enabled
                else (f"○ {_('off')} {kind_word(each)}", "$text-warning")
            )
            back = "on $panel" if number == self.cursor[1] else ""
            rows = (name, Content.assemble(state), Content.styled(short_target(each), "$quiet"))
            for line, part in zip(lines, rows, strict=True):
                line.append(_cell(part, width, back))
        return [Content("").join(line) for line in lines]

    def _rule(self, shown: range, width: int) -> Content:
        left, right = shown.start, len(self._matrix.destinations) - shown.stop
        before = _("‹ {n} more ").format(n=left) if left else ""
        after = _(" {n} more ›").format(n=right) if right else ""
        line = "─" * max(0, width - len(before) - len(after))
        return Content.assemble((before, "$accent"), (line, "$border-blurred"), (after, "$accent"))

    def _row(self, row: int, shown: range, width: int) -> Content:
        event = self._matrix.events[row]
        here = row == self.cursor[0] and self.has_focus
        glyph, colour = GLYPHS.get(self._amiss.get(event, Severity.OK), ("", ""))
        glyph = glyph if event in self._amiss else " "
        label = Content.assemble((f"{glyph} ", colour), (event.word, "bold" if here else ""))
        parts = [label.truncate(EVENTS, pad=True).stylize_before("on $panel" if here else "")]
        for number in shown:
            content = self._switch(row, number)
            back = "on $panel" if here or number == self.cursor[1] else ""
            if here and number == self.cursor[1]:
                back = "bold $block-cursor-foreground on $block-cursor-background"
            parts.append(_cell(content, width, back))
        return Content("").join(parts)

    def _switch(self, row: int, number: int) -> Content:
        each, event = self._matrix.destinations[number], self._matrix.events[row]
        cell = self._matrix.cells[row][number]
        known = self._base.destination(each.name) if self._base else None
        changed = known is not None and (event in known.events) != (event in each.events)
        mark = (" *", "bold $accent") if changed else ("", "")
        match cell:
            case Cell.ON:
                colour = "$text-success" if each.enabled else "$quiet"
                return Content.assemble((f"{cell.value} {cell.word}", colour), mark)
            case Cell.OFF:
                return Content.assemble((cell.value, "$quiet"), mark)
            case Cell.UNSUPPORTED:
                return Content.styled(f"{cell.value}", "$quiet 50%")


def _cell(content: Content, width: int, back: str = "") -> Content:
    """`content` in its column."""
    cell = content.truncate(width - 1, ellipsis=True, pad=True).pad_left(1)
    return cell.stylize_before(back) if back else cell


def _moved(before: Destination, after: Destination) -> bool:
    """Something else than its events has been changed."""
    mine, theirs = (
        (each.kind, each.target, each.role, each.dimensions, each.enabled)
        for each in (before, after)
    )
    return mine != theirs


def _nothing(*, here: bool) -> Content:
    return Content.assemble(
        (_("No event destination yet."), "bold"),
        "\n",
        (_("Nobody hears of bounces and complaints."), "$text-warning"),
        "\n\n",
        ("a" if here else "F3 a", "bold $accent"),
        (_("  adds the first one"), "$accent"),
    )


def kind_word(destination: Destination) -> str:
    """The kind in one word, for a column."""
    if destination.unknown:
        return _("unknown")
    return {
        DestinationKind.SNS: "SNS",
        DestinationKind.EVENTBRIDGE: "EventBridge",
        DestinationKind.FIREHOSE: "Firehose",
        DestinationKind.CLOUDWATCH: "CloudWatch",
        DestinationKind.PINPOINT: "Pinpoint",
    }[destination.kind]


def short_target(destination: Destination) -> str:
    if destination.kind is DestinationKind.CLOUDWATCH:
        count = len(destination.dimensions)
        text = ngettext("{n} dimension", "{n} dimensions", count).format(n=count)
        return text if count != 1 else printable(dimensions_text(destination.dimensions))
    return printable(destination.target.rsplit(":", 1)[-1].rsplit("/", 1)[-1])
