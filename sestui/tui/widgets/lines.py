"""A list of one-line rows that scrolls the same with 10 and with 100,000."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.color import Color
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from sestui.domain.i18n import _

RowT = TypeVar("RowT")
Cell = tuple[str, str]
"""Text, and the theme variable of its colour; empty for the list's own."""


class Lines(ScrollView, Generic[RowT], can_focus=True):
    """Draws only the rows in sight. A subclass says what is in a row; all of it must be printable.

    Messages carry the row itself.
    """

    BINDINGS = [
        Binding("up,k", "move(-1)", _("Up"), show=False),
        Binding("down,j", "move(1)", _("Down"), show=False),
        Binding("pageup", "page(-1)", _("Page up"), show=False),
        Binding("pagedown", "page(1)", _("Page down"), show=False),
        Binding("home", "move(-1000000000)", _("First"), show=False),
        Binding("end", "move(1000000000)", _("Last"), show=False),
        Binding("enter", "choose", _("Details")),
    ]

    DEFAULT_CSS = """
    Lines { overflow-x: hidden; }
    """

    cursor: reactive[int] = reactive(0)

    class Chosen(Message):
        """Enter, or a click on the marked row."""

    class Marked(Message):
        """The cursor is on another row."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[RowT] = ()

    def cells(self, row: RowT, width: int) -> list[Cell]:
        """What is drawn from left to right; what goes over `width` is cut off."""
        raise NotImplementedError

    def same(self, one: RowT, other: RowT) -> bool:
        """Both are of the same thing; the cursor stays on it when the rows change."""
        return one == other

    @property
    def current(self) -> RowT | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[RowT], at: RowT | None = None) -> None:
        """Replace the rows; the cursor goes to `at`, or stays on the same thing."""
        target = at if at is not None else self.current
        # More of the same is the usual case, and needs no search through all of it.
        stays = at is None and self.cursor < len(rows) and target is rows[self.cursor]
        self.rows = rows
        self.virtual_size = Size(self.size.width, len(rows))
        if not stays:
            found = (
                index
                for index, row in enumerate(rows)
                if target is not None and self.same(row, target)
            )
            self.cursor = next(found, 0)
            self.post_message(self.Marked())
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.size.width
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        style = self.rich_style
        colours = self.app.theme_variables
        selected = index == self.cursor
        if selected:
            name = "block-cursor" if self.has_focus else "block-cursor-blurred"
            background = colours.get(f"{name}-background", colours["panel"])
            style += Style(bgcolor=_hex(background), bold=True)
        segments = [
            Segment(text, style + Style(color=_hex(colours[colour])) if colour else style)
            for text, colour in self.cells(self.rows[index], width)
        ]
        return Strip(segments).adjust_cell_length(width, style)

    def watch_cursor(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)
        self.refresh()
        self.post_message(self.Marked())

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.rows) - 1))

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, direction: int) -> None:
        self.cursor += direction * max(1, self.size.height - 1)

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index == self.cursor:
            self.action_choose()
        elif index < len(self.rows):
            self.cursor = index

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.rows))


def _hex(colour: str) -> str:
    """A theme variable as a colour Rich understands: `#rrggbb`, without an alpha."""
    return Color.parse(colour.split(" ", maxsplit=1)[0]).hex6


def fitted(text: str, width: int) -> str:
    """`text` in exactly `width` cells, with … for what does not fit."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) > width:
        return set_cell_size(text, max(0, width - 1)) + "…"[:width]
    return set_cell_size(text, width)
