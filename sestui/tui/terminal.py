"""The terminal that the wizard draws on: what Textual's driver for Unix lacks.

Bytes that are not UTF-8 (a key of a Latin-1 terminal, an old mouse report) do not end the wizard, a
terminal that is gone neither blocks nor spins it, and redirected messages do not take the screen
with them.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import selectors
import signal
import sys
from typing import TYPE_CHECKING, Any, TextIO

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

OLD_MOUSE_REPORT = re.compile(rb"\x1b\[M[\x20-\xff]{3}")
"""Of a terminal that knows no newer kind: three bytes, which read as text would be keys."""
SEQUENCE = re.compile("(?=\x1b)")
"""Where a control sequence begins."""
LOOK = 0.1
"""Seconds between two looks whether the wizard has ended."""
MOST_BYTES = 4096


class TerminalDriver(LinuxDriver):
    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        # Textual draws on stderr; with `2>file` nothing of the wizard would be seen.
        screen = sys.__stderr__
        if screen is None or not screen.isatty():
            screen = sys.__stdout__
        assert screen is not None  # noqa: S101 - the front door has looked
        stream: Any = _Screen(screen)  # all of it that Textual uses
        self._file = stream

    def run_input_thread(self) -> None:
        """Turn what is typed into events, until the wizard ends or the terminal is gone."""
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(LOOK):
                    typed = _read(self.fileno)
                    if not typed:
                        self._app.call_later(self._app.exit, return_code=128 + signal.SIGHUP)
                        return
                    parser = self._feed(parser, decode(OLD_MOUSE_REPORT.sub(b"", typed)))
                for event in parser.tick():
                    self.process_message(event)

    def _feed(self, parser: XTermParser, text: str) -> XTermParser:
        """Post the events in `text`; the parser that is to read on.

        A report that no terminal should send leaves a parser that cannot go on; the report is
        dropped, and a new parser takes over.
        """
        for part in filter(None, SEQUENCE.split(text)):  # to a parser, no text is the end
            try:
                for event in parser.feed(part):
                    self.process_message(event)
            except (ValueError, LookupError, OverflowError):
                parser = XTermParser(self._debug)
        return parser


class _Screen:
    """A stream that takes what is written after its terminal is gone, and drops it.

    Textual writes in a thread of its own, which an error would end; the wizard would wait for it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _read(descriptor: int) -> bytes:
    """What was typed; nothing when the terminal is gone."""
    try:
        return os.read(descriptor, MOST_BYTES)
    except OSError:
        return b""
