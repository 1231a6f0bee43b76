"""sestui's commands run in this process, or in one of their own."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from sestui.__main__ import main
from sestui.cli.session import Front
from sestui.gateways.catalogue import choose
from tests.cli.at_once import FRONT

PATIENCE = 60.0
"""Seconds without a word, or without what is waited for, after which a test fails."""
TERMINAL = ("stdin", "stdout", "stderr")
HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Ran:
    """What came of one run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        return json.loads(self.err)


class Stored(io.BytesIO):
    """The bytes of a standard stream."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def run_here(
    *arguments: str,
    typed: str = "",
    terminal: Collection[str] = (),
    encoding: str = "utf-8",
    front: Front = FRONT,
    **environment: str,
) -> Ran:
    """Run `sestui ARGUMENTS` in this process, as `python -m sestui` would; its pauses are short.

    Args:
        typed: what stands in stdin.
        terminal: which of the streams pass for a terminal; see `TERMINAL`.
        encoding: of the streams, as PYTHONIOENCODING would choose it.
        front: what the front door hands to the commands.
        environment: variables that are different during the run.
    """
    errors = {"stdin": "strict", "stdout": "strict", "stderr": "backslashreplace"}
    stored = {name: Stored(terminal=name in terminal) for name in errors}
    stored["stdin"].write(typed.encode(encoding))
    stored["stdin"].seek(0)
    streams = {
        name: io.TextIOWrapper(stored[name], encoding, rule, write_through=True)
        for name, rule in errors.items()
    }
    with pytest.MonkeyPatch.context() as patch, _signals_restored():
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        for name, value in environment.items():
            patch.setenv(name, value)
        # Modules look up texts when they are imported, and these stay imported.
        assert not choose(arguments, os.environ), "another language needs a process of its own"
        try:
            code: Any = main(list(arguments), front)
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int), code
    out, err = (stored[name].getvalue().decode(encoding) for name in ("stdout", "stderr"))
    return Ran(code, out, err)


def until(condition: Callable[[], object]) -> None:
    """Wait until something holds that a command does meanwhile."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def _signals_restored() -> Iterator[None]:
    """asyncio leaves SIG_DFL where it has handled a signal."""
    before = {number: signal.getsignal(number) for number in HANDLED}
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:  # None: one that is not Python's
                signal.signal(number, handler)


class Process:
    """`python -m MODULE ARGUMENTS`, started; `end` ends it.

    Args:
        module: what is run.
        terminal: its standard streams are a pseudo-terminal; else stdin is empty, stdout a file
            and stderr a pipe.
        reader: False: its stdout is a pipe that nobody reads any more.
        environment: variables that are different for it.
    """

    def __init__(
        self,
        *arguments: str,
        module: str,
        terminal: bool = False,
        reader: bool = True,
        **environment: str,
    ) -> None:
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._terminal = terminal
        if terminal:
            self._reading, theirs = pty.openpty()
            stdin = stdout = theirs
        else:
            self._reading, theirs = os.pipe()
            stdin, stdout = subprocess.DEVNULL, self._out.fileno()
        if not reader:
            closed, stdout = os.pipe()
            os.close(closed)
        with _signals_restored():
            # A shell starts what runs in the background with SIGINT ignored, and that is inherited.
            for number in HANDLED:
                if signal.getsignal(number) is signal.SIG_IGN:
                    signal.signal(number, signal.SIG_DFL)
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=stdin,
                stdout=stdout,
                stderr=theirs,
                env={**os.environ, **environment},
            )
        os.close(theirs)
        if not reader:
            os.close(stdout)
        self._said = b""

    def until(self, word: str) -> None:
        """Read what it says to a person (stderr, or the terminal) until `word` is in it."""
        while word.encode() not in self._said:
            if not self._read():
                pytest.fail(f"it ended without “{word}”: {self._said!r}")

    def type(self, text: str) -> None:
        """Type at its terminal."""
        os.write(self._reading, text.encode())

    def end(self, number: int | None = None) -> Ran:
        """Wait until it has ended, after this signal. A terminal's text counts as stdout."""
        if number is not None:
            self.process.send_signal(number)
        while self._read():
            pass
        code, said = self.process.wait(PATIENCE), self._said.decode()
        self._out.seek(0)
        return Ran(code, said, "") if self._terminal else Ran(code, self._out.read().decode(), said)

    def close(self) -> None:
        """Kill it if it still runs."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self._out.close()
        os.close(self._reading)

    def _read(self) -> bool:
        """Read some of what it says; False when that was all."""
        if not select.select([self._reading], [], [], PATIENCE)[0]:
            pytest.fail(f"it hangs; it said: {self._said!r}")
        try:
            chunk = os.read(self._reading, 4096)
        except OSError:  # how the end of a pseudo-terminal is told
            return False
        self._said += chunk
        return bool(chunk)
