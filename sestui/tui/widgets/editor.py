"""Boxes for text from outside, which is changed and goes back there."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import TextArea

from sestui.tui.widgets.harmless import Harmless


class Editor(TextArea):
    """What a terminal would act on is drawn as � and stays in the text, which is saved again."""

    def __init__(self, text: str = "", *, id: str) -> None:
        super().__init__(text, id=id, tab_behavior="focus", compact=True)
        self._given = text, self.text

    @property
    def typed(self) -> str:
        """The text; untouched it is what was given, with line ends that a TextArea makes one."""
        given, drawn = self._given
        return given if self.text == drawn else self.text

    def put(self, text: str) -> None:
        self.text = text
        self._given = text, self.text

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor there; both are counted from 1."""
        self.focus()
        if line:
            self.move_cursor((line - 1, max(0, column - 1)))

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        Harmless().highlight(line)
        return line
