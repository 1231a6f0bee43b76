"""Text from outside in a box where it is typed: drawn safely, and kept as it is."""

from __future__ import annotations

from rich.highlighter import Highlighter
from rich.text import Text

from sestui.domain.text import printable


class Harmless(Highlighter):
    """The highlighter of an Input: draws what a terminal would act on as �."""

    def highlight(self, text: Text) -> None:
        if not text.plain.isprintable():
            text.plain = "".join(map(_harmless, text.plain))


def _harmless(char: str) -> str:
    return char if char == "\t" or printable(char) == char else "\ufffd"
