"""The screen of a terminal, emulated."""

from __future__ import annotations

import re
import unicodedata

_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?P<params>[0-?]*)(?P<inter>[ -/]*)(?P<final>[@-~])"
    r"|\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|[PX^_][^\x1b]*\x1b\\"
    r"|[()*+\-./#% ][0-~]"
    r"|[0-OQ-WYZ\\`-~]"
    r")"
)


class Screen:
    """What a terminal shows: characters, a cursor, and with which pen each was drawn. As much of it
    as Textual and a traceback need; what it does not know it leaves out."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.x = self.y = 0
        self.copied: list[str] = []
        """What went to the clipboard by OSC 52, still in base 64."""
        self.replies: list[str] = []
        self.modes: set[int] = set()
        """The private modes that are on: 1049 is the alternate screen, 25 the cursor."""
        self.drawing = False
        """Amid a frame, which a terminal shows when it is whole (mode 2026)."""
        self._pen = self._unread = ""
        self._clear()

    @property
    def text(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self._cells)

    def find(self, text: str) -> tuple[int, int] | None:
        """Column and row at which `text` begins; None when it is not on the screen."""
        for row, line in enumerate(self._cells):
            before, found, _after = "".join(cell or "\0" for cell in line).partition(text)
            if found:
                return len(before), row
        return None

    def pen(self, text: str) -> str:
        """Colours and style of where `text` begins, as the sequences that set them; empty when
        it is not there."""
        if (found := self.find(text)) is None:
            return ""
        return self._pens[found[1]][found[0]]

    def feed(self, data: str) -> None:
        data = self._unread + data
        self._unread = ""
        at = 0
        while at < len(data):
            if data[at] != "\x1b":
                self._character(data[at])
                at += 1
            elif match := _SEQUENCE.match(data, at):
                self._sequence(match)
                at = match.end()
            else:  # cut in two by a read
                self._unread = data[at:]
                return

    def _clear(self) -> None:
        self._cells = [[" "] * self.columns for _row in range(self.rows)]
        self._pens = [[""] * self.columns for _row in range(self.rows)]

    def _move(self, x: int, y: int) -> None:
        self.x = min(max(x, 0), self.columns - 1)
        self.y = min(max(y, 0), self.rows - 1)

    def _character(self, char: str) -> None:
        match char:
            case "\r":
                self.x = 0
            case "\b":
                self._move(self.x - 1, self.y)
            case "\n":
                self._line_feed()
            case _ if char >= " " and char != "\x7f":
                self._put(char)

    def _put(self, char: str) -> None:
        if unicodedata.combining(char) or char in "\u200b\u200c\u200d\ufe0e\ufe0f":
            return
        width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if self.x + width > self.columns:
            self.x = 0
            self._line_feed()
        self._cells[self.y][self.x : self.x + width] = [char, ""][:width]
        self._pens[self.y][self.x : self.x + width] = [self._pen] * width
        self.x += width

    def _line_feed(self) -> None:
        if self.y < self.rows - 1:
            self.y += 1
        else:
            self._cells = [*self._cells[1:], [" "] * self.columns]
            self._pens = [*self._pens[1:], [""] * self.columns]

    def _sequence(self, match: re.Match[str]) -> None:
        if (osc := match["osc"]) is not None:
            if osc.startswith("52;"):
                self.copied.append(osc.rpartition(";")[2])
            return
        if not match["final"]:
            return
        sign = match["params"][:1] if match["params"][:1] in ("?", ">", "<", "=") else ""
        given = re.split("[;:]", match["params"].removeprefix(sign))
        numbers = [int(each) if each.isdigit() else 0 for each in given]
        if match["final"] == "m" and not sign:
            self._pen = (self._pen if numbers[0] else "") + match[0]
        elif sign or match["inter"]:
            self._private(sign + match["inter"] + match["final"], numbers)
        else:
            self._control(match["final"], numbers)

    def _control(self, final: str, numbers: list[int]) -> None:
        first, count = numbers[0], numbers[0] or 1
        match final:
            case "H" | "f":
                column = numbers[1] if len(numbers) > 1 else 1
                self._move((column or 1) - 1, count - 1)
            case "A" | "B":
                self._move(self.x, self.y + (count if final == "B" else -count))
            case "C" | "D":
                self._move(self.x + (count if final == "C" else -count), self.y)
            case "G":
                self._move(count - 1, self.y)
            case "d":
                self._move(self.x, count - 1)
            case "J" if first >= 2:
                self._clear()
            case "J" | "K" | "X":
                self._erase(final, first)
            case "n" if first == 6:
                self.replies.append(f"\x1b[{self.y + 1};{self.x + 1}R")
            case "c":
                self.replies.append("\x1b[?62;22c")

    def _erase(self, final: str, first: int) -> None:
        cells = [(row, column) for row in range(self.rows) for column in range(self.columns)]
        here = (self.y, self.x)
        for row, column in cells:
            if final != "J" and row != self.y:
                continue
            if final == "X":
                gone = self.x <= column < self.x + (first or 1)
            else:
                gone = first == 2 or ((row, column) <= here if first else (row, column) >= here)
            if gone:
                self._cells[row][column] = " "

    def _private(self, what: str, numbers: list[int]) -> None:
        if what == "?h":
            self.modes.update(numbers)
        elif what == "?l":
            self.modes.difference_update(numbers)
        match what:
            case "?h" | "?l" if 1049 in numbers:
                self._clear()
                self._move(0, 0)
            case "?h" | "?l" if 2026 in numbers:
                self.drawing = what == "?h"
            case "?$p":  # synchronised output is known, in-band resizes are not
                self.replies.append(f"\x1b[?{numbers[0]};{2 if numbers[0] == 2026 else 0}$y")
            case "?u":
                self.replies.append("\x1b[?0u")
