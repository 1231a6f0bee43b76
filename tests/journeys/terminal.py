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
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from tests.journeys.screen import Screen

SIZE = (80, 24)
PATIENCE = 60.0
"""Seconds to wait for something on the screen; much longer than it takes, on a busy machine too."""

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
        self._close_master()
        for descriptor in (self._ended, self._end):
            os.close(descriptor)

    def close_window(self) -> None:
        """Take the terminal away, as closing its window does."""
        os.write(self._end, b".")
        self._reader.join(PATIENCE)
        self._close_master()

    def _close_master(self) -> None:
        if self._master >= 0:
            os.close(self._master)
        self._master = -1

    @property
    def screen(self) -> str:
        with self._drawn:
            return self._screen.text

    @property
    def settings(self) -> list[Any]:
        """Of the line: echo, signals and the like; to be compared."""
        return termios.tcgetattr(self._master)

    @property
    def modes(self) -> set[int]:
        """The private modes that are on: 1049 is the alternate screen, 1000 the mouse."""
        with self._drawn:
            return {*self._screen.modes}

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

    def type(self, text: str | bytes) -> None:
        os.write(self._master, text.encode() if isinstance(text, str) else text)

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

    def scroll_to(self, text: str) -> None:
        """Turn the mouse wheel, in the middle of the screen, until `text` is there."""
        column, row = self._screen.columns // 2, self._screen.rows // 2
        while text not in self.words:
            before = self.screen
            self.type(f"\x1b[<65;{column};{row}M")
            self.wait_until(lambda before=before: self._screen.text != before)

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
