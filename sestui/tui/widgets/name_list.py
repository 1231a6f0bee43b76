"""A list of identities that scrolls the same with 10 and with 10,000."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from sestui.domain.i18n import _
from sestui.domain.identity import IdentityKind, IdentitySummary, Status

GLYPHS = {
    Status.SUCCESS: ("✓", "text-success"),
    Status.PENDING: ("…", "text-warning"),
    Status.FAILED: ("✗", "text-error"),
    Status.TEMPORARY_FAILURE: ("!", "text-error"),
    Status.NOT_STARTED: ("○", "quiet"),
}


class IdentityList(ScrollView, can_focus=True):
    """Draws only the lines in sight; Enter or a click on the marked line chooses it."""

    BINDINGS = [
        Binding("up", "move(-1)", _("Up"), show=False),
        Binding("down", "move(1)", _("Down"), show=False),
        Binding("pageup", "page(-1)", _("Page up"), show=False),
        Binding("pagedown", "page(1)", _("Page down"), show=False),
        Binding("home", "move(-1000000)", _("First"), show=False),
        Binding("end", "move(1000000)", _("Last"), show=False),
        Binding("enter", "choose", _("Continue")),
    ]

    cursor: reactive[int] = reactive(0)

    class Chosen(Message):
        def __init__(self, identity: IdentitySummary) -> None:
            self.identity = identity
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: tuple[IdentitySummary, ...] = ()

    def show(self, rows: tuple[IdentitySummary, ...]) -> None:
        """Replace the rows; the cursor stays on the same identity when it is still there."""
        if rows == self.rows:
            return
        before = self.rows[self.cursor].name if self.rows else ""
        self.rows = rows
        self.virtual_size = Size(self.size.width, len(rows))
        names = [row.name for row in rows]
        self.cursor = names.index(before) if before in names else 0
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.size.width
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row = self.rows[index]
        selected = index == self.cursor
        colours = self.app.theme_variables
        style = self.rich_style
        if selected:
            name = "block-cursor" if self.has_focus else "block-cursor-blurred"
            from rich.style import Style

            background = colours.get(f"{name}-background", colours["panel"])
            style += Style(bgcolor=_hex(background))
        glyph, colour = GLYPHS[row.status]
        from rich.style import Style

        kind = _("domain") if row.kind is IdentityKind.DOMAIN else _("address")
        name_width = max(12, width - 30)
        text = row.name if len(row.name) <= name_width else row.name[: name_width - 1] + "…"
        segments = [
            Segment(f" {glyph} ", style + Style(color=_hex(colours[colour]))),
            Segment(f"{text:<{name_width}} ", style + Style(bold=selected)),
            Segment(f"{kind:<8} ", style),
            Segment(row.status.word, style + Style(color=_hex(colours[colour]))),
        ]
        return Strip(segments).adjust_cell_length(width, style)

    def watch_cursor(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.rows) - 1))

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, direction: int) -> None:
        self.cursor += direction * max(1, self.size.height - 1)

    def action_choose(self) -> None:
        if self.rows:
            self.post_message(self.Chosen(self.rows[self.cursor]))

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
    from textual.color import Color

    return Color.parse(colour.split(" ", maxsplit=1)[0]).hex6
