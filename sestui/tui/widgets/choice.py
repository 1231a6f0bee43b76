"""A choice among a few words, all of them in sight: left and right choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from sestui.domain.i18n import _
from sestui.domain.text import printable

_GAP = 2


class Option(NamedTuple):
    value: str
    word: str
    danger: bool = False
    """It is drawn as something to think about when it is chosen."""


class Choice(Widget, can_focus=True):
    """`● when possible  ○ required`, in as many lines as it takes.

    A value that is none of the options is shown as one more, so that what AWS has newly added can
    stay as it is; an empty one then means that nothing is chosen yet.
    """

    BINDINGS = [
        Binding("left", "move(-1)", _("Before"), show=False),
        Binding("right", "move(1)", _("After"), show=False),
        Binding("space", "cycle", _("Next"), show=False),
    ]

    value: reactive[str] = reactive("", layout=True)

    class Changed(Message):
        def __init__(self, choice: Choice, value: str) -> None:
            super().__init__()
            self.choice = choice
            self.value = value

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(self, options: Sequence[Option], value: str, *, id: str) -> None:
        super().__init__(id=id)
        known = any(each.value == value for each in options)
        extra = () if known or not value else (Option(value, printable(value)),)
        self.options = (*options, *extra)
        self.set_reactive(Choice.value, value)

    def put(self, value: str) -> None:
        """Another value, not chosen here."""
        if value and all(each.value != value for each in self.options):
            self.options = (*self.options, Option(value, printable(value)))
        with self.prevent(Choice.Changed):
            self.value = value

    def watch_value(self, value: str) -> None:
        self.post_message(self.Changed(self, value))

    @property
    def _at(self) -> int | None:
        return next((n for n, each in enumerate(self.options) if each.value == self.value), None)

    def action_move(self, by: int) -> None:
        at = self._at
        if at is None:
            at = -1 if by > 0 else 1
        self.value = self.options[min(max(at + by, 0), len(self.options) - 1)].value

    def action_cycle(self) -> None:
        at = -1 if self._at is None else self._at
        self.value = self.options[(at + 1) % len(self.options)].value

    # Drawing

    def _lines(self, width: int) -> list[list[int]]:
        """Numbers of the options of each line."""
        lines: list[list[int]] = [[]]
        used = 0
        for number, each in enumerate(self.options):
            need = Content(each.word).cell_length + 2
            if lines[-1] and used + _GAP + need > width:
                lines.append([])
                used = 0
            used += need + (_GAP if lines[-1] else 0)
            lines[-1].append(number)
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def render(self) -> Content:
        gap = " " * _GAP
        lines = self._lines(self.content_size.width or 1_000)
        drawn = [Content(gap).join(self._drawn(number) for number in line) for line in lines]
        return Content("\n").join(drawn)

    def _drawn(self, number: int) -> Content:
        option = self.options[number]
        if option.value != self.value:
            return Content.assemble(("○ ", "$quiet"), (option.word, "$quiet"))
        colour = "bold $text-error" if option.danger else "bold $foreground"
        if self.has_focus:
            colour += " on $error 25%" if option.danger else " on $primary 30%"
        glyph = "$text-error" if option.danger else "$primary"
        return Content.assemble((f"● {option.word}", colour)).stylize(glyph, 0, 1)

    def on_click(self, event: events.Click) -> None:
        lines = self._lines(self.content_size.width or 1_000)
        if event.y >= len(lines):
            return
        left = 0
        for number in lines[event.y]:
            right = left + Content(self.options[number].word).cell_length + 2
            if left <= event.x < right:
                self.value = self.options[number].value
            left = right + _GAP
