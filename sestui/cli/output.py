"""stdout, stderr, colour and exit codes: all of them are decided here.

stdout is the result and nothing else. Everything said to a person goes to stderr; with `--json` an
error is one JSON object there.
"""

from __future__ import annotations

import json
import os
import sys
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, TextIO

from sestui.domain.text import printable

if TYPE_CHECKING:
    from sestui.domain.errors import Problem

PROGRAM = "sestui"


class ExitCode(IntEnum):
    """What a script can tell from a run; the README lists them."""

    OK = 0
    ERROR = 1
    """Could not be done, or could not be found out."""
    USAGE = 2
    NOT_READY = 3
    """Something is wrong or open, and a person has to act."""
    WAITING = 4
    """Nothing to do but wait for DNS or AWS."""
    INTERRUPTED = 130


class Paint(StrEnum):
    """Colours and weights, as SGR codes; each is beside a glyph and a word that say the same."""

    GOOD = "32"
    WARNING = "33"
    BAD = "31"
    UNSURE = "35"
    STRONG = "1"
    FAINT = "2"


class Stream:
    """One of the process's streams, with colour where a person looks at it."""

    def __init__(self, stream: TextIO | None) -> None:
        # A shell can start a program with a stream closed (`>&-`); Python then has None there.
        self._stream = stream
        self.colourful = (
            self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    @property
    def terminal(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def paint(self, text: str, *paints: Paint) -> str:
        """`text` in colour, or as it is."""
        if not self.colourful or not text:
            return text
        return f"\x1b[{';'.join(paints)}m{text}\x1b[0m"

    def line(self, text: str = "") -> None:
        """Write one line; a character the terminal's encoding lacks becomes a question mark."""
        if self._stream is None:
            return
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        self._stream.flush()

    def document(self, document: dict[str, Any]) -> None:
        """Write JSON; in an encoding that lacks a character, with escapes instead."""
        if self._stream is None:
            return
        text = json.dumps(document, ensure_ascii=False, indent=2)
        try:
            text.encode(self._stream.encoding or "utf-8")
        except UnicodeEncodeError:
            text = json.dumps(document, indent=2)
        self._stream.write(text + "\n")
        self._stream.flush()


class Output:
    """Both streams of one run."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self.result = Stream(sys.stdout)
        self.messages = Stream(sys.stderr)

    def note(self, text: str) -> None:
        """Tell a person something that is not the result; with `--json`, nobody."""
        if self.as_json:
            return
        self.messages.line(self.messages.paint(text, Paint.FAINT))

    def error(self, kind: str, what: str, advice: str = "", **more: str) -> None:
        """Say what went wrong and what to do; as `sestui.error/1` with `--json`."""
        if self.as_json:
            self.messages.document(
                {"schema": "sestui.error/1", "kind": kind, "what": what, "advice": advice, **more}
            )
            return
        name = self.messages.paint(f"{PROGRAM}:", Paint.BAD, Paint.STRONG)
        self.messages.line(f"{name} {printable(what)}")
        for line in (advice, *more.values()):
            if line:
                self.messages.line(f"  {printable(line)}")

    def problem(self, problem: Problem) -> None:
        """The same for a call to the outside that failed."""
        more = {"reference": problem.reference} if problem.reference else {}
        if problem.policy:
            more["policy"] = problem.policy
        self.error(str(problem.trouble), problem.what, problem.advice, **more)


def hush() -> None:
    """Let nobody complain about a closed pipe any more, the interpreter at its exit included."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                os.dup2(nowhere, stream.fileno())
            except (OSError, ValueError):
                continue
