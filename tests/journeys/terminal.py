"""A command in a real pseudo-terminal, with its screen to read and its keys to press."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Self

SIZE = (80, 24)
PATIENCE = 20.0
"""Seconds to wait for something on the screen; much longer than it takes."""

_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?P<params>[0-?]*)(?P<inter>[ -/]*)(?P<final>[@-~])"
    r"|\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|[PX^_][^\x1b]*\x1b\\"
    r"|[()*+\-./#% ][0-~]"
    r"|[0-OQ-WYZ\\`-~]"
    r")"
)
_KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
}
# The program as leader of a session whose terminal is its stdin.
_LOGIN = "import os, sys; os.login_tty(0); os.execvpe(sys.argv[1], sys.argv[1:], os.environ)"


class Screen:
    """What a terminal shows: characters, a cursor, and with which pen each was drawn. As much of it
    as Textual and a traceback need; what it does not know it leaves out."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.x = self.y = 0
        self.copied: list[str] = []
        """What went to the clipboard by OSC 52, still in base 64."""
        self.replies: list[str] = []
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


class Terminal:
    """Runs `command` until the `with` block ends; a thread reads what it draws.

    Args:
        size: columns and rows.
        env: the whole environment; that of the tests when None.
        cwd: the folder it runs in.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = SIZE,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
    ) -> None:
        self._screen = Screen(*size)
        self._drawn = threading.Condition()
        self._over = False
        environment = {**(os.environ if env is None else env), "COLORTERM": "truecolor"}
        for name in ("COLUMNS", "LINES", "TMUX", "STY", "TERM_PROGRAM"):
            environment.pop(name, None)
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-IS", "-c", _LOGIN, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=cwd,
        )
        os.close(slave)
        self._ended, self._end = os.pipe()
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.kill()
        os.write(self._end, b".")
        self._reader.join(PATIENCE)
        for descriptor in (self._master, self._ended, self._end):
            os.close(descriptor)

    @property
    def screen(self) -> str:
        with self._drawn:
            return self._screen.text

    @property
    def words(self) -> str:
        """The screen without frames and line breaks, for texts that wrap."""
        return words(self.screen)

    @property
    def copied(self) -> list[str]:
        """What went to the clipboard by OSC 52, in base 64."""
        with self._drawn:
            return [*self._screen.copied]

    def pen(self, text: str) -> str:
        """How `text` is drawn: the sequences that set its colours and style."""
        with self._drawn:
            return self._screen.pen(text)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def press(self, *keys: str) -> None:
        for key in keys:
            if key.startswith("ctrl+"):
                self.type(chr(ord(key[-1].upper()) - 64))
            else:
                self.type(_KEYS.get(key, key))

    def focus(self, key: str, text: str) -> None:
        """Press `key`, and wait until `text` looks different: the focus has come to it, or gone.

        Textual hands a key to whoever has the focus when it comes, so a key that moves the focus
        has to have done so before the next one is pressed.
        """
        before = self.pen(text)
        self.press(key)
        self.wait_until(lambda: self.pen(text) != before)

    def click(self, text: str) -> None:
        """Click on where `text` begins, and wait until it looks different."""
        with self._drawn:
            found, before = self._screen.find(text), self._screen.pen(text)
        assert found is not None, f"{text!r} is not on the screen:\n{self.screen}"
        column, row = found
        for end in "Mm":
            self.type(f"\x1b[<0;{column + 1};{row + 1}{end}")
        self.wait_until(lambda: self.pen(text) != before)

    def wait_for(self, *texts: str, seconds: float = PATIENCE) -> None:
        """Until all of `texts` are on the screen, wherever their lines break."""
        self.wait_until(lambda: all(text in words(self._screen.text) for text in texts), seconds)

    def wait_gone(self, text: str, seconds: float = PATIENCE) -> None:
        self.wait_until(lambda: text not in words(self._screen.text), seconds)

    def wait_until(self, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Until `condition` holds; it is looked at each time that something is drawn."""
        __tracebackhide__ = True
        screen = self._screen

        def there() -> bool:
            return not screen.drawing and bool(condition())

        with self._drawn:
            self._drawn.wait_for(lambda: there() or self._over, seconds)
            if not there():
                why = "the program has ended" if self._over else f"not so within {seconds:g} s"
                raise AssertionError(f"{why}; the screen:\n{screen.text.rstrip()}")

    def end(self, seconds: float = PATIENCE) -> int:
        """Wait until the program has ended; its exit status."""
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End the program and all that it has started in this terminal, as kill -9 does."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            ready, _, _ = select.select([self._master, self._ended], [], [])
            try:
                data = os.read(self._master, 65536) if self._master in ready else b""
            except OSError:  # no program has the terminal open any more
                data = b""
            if not data:
                break
            with self._drawn:
                self._screen.feed(decoder.decode(data))
                replies, self._screen.replies = "".join(self._screen.replies), []
                self._drawn.notify_all()
            if replies:
                self.type(replies)
        with self._drawn:
            self._over = True
            self._drawn.notify_all()


def words(screen: str) -> str:
    """`screen` as a single line, without what only frames it."""
    return " ".join(re.sub(r"[─│╭╮╰╯▔▁▌▐▂▃▄▅▆▇█]", " ", screen).split())
