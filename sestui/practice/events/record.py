"""What became of each message: every event, also where no destination asked for it.

Real events exist only where a configuration set publishes them; in practice a learner may always
look. One JSON line an event, so that a kill leaves all but the last of them whole.
"""

from __future__ import annotations

import collections
import contextlib
import json
import threading
from pathlib import Path

from sestui.practice import files
from sestui.practice.events.build import Event

MOST = 1000
"""Events that are kept, the newest."""


class Record:
    """The last `MOST` events, also of earlier runs. Thread-safe."""

    def __init__(self, path: Path, told: files.Told = lambda _text: None) -> None:
        """Use `path`, which is there after the first event; `told` hears of damaged lines.

        Raises:
            OSError: it is there and cannot be read.
        """
        self._path = path
        self._lock = threading.Lock()
        self._events: collections.deque[Event] = collections.deque(maxlen=MOST)
        self._lines = 0
        # No more than what makes the next event write the file anew, however long it has become.
        if not files.JsonLines(path, told).read(self._take, most=2 * MOST):
            self._write()

    def _take(self, event: Event) -> None:
        mail = event["mail"]
        if not isinstance(mail["messageId"], str) or not isinstance(mail["tags"], dict):
            raise TypeError("not an event")
        self._events.append(event)
        self._lines += 1

    def add(self, event: Event) -> None:
        """Keep `event`; where the disk refuses it, until the end of this run only."""
        with self._lock, contextlib.suppress(OSError):
            self._events.append(event)
            self._lines += 1
            if self._lines > 2 * MOST:
                self._write()
                return
            with files.open_private(self._path, "ab") as file:
                file.write(_line(event))

    def _write(self) -> None:
        files.write(self._path, b"".join(map(_line, self._events)))
        self._lines = len(self._events)

    def of_message(self, message_id: str) -> list[Event]:
        """The events of one message, the oldest first."""
        with self._lock:
            return [each for each in self._events if each["mail"]["messageId"] == message_id]

    def of_tag(self, name: str, value: str) -> list[Event]:
        """The events of all mail with this message tag, the oldest first."""
        with self._lock:
            return [each for each in self._events if value in each["mail"]["tags"].get(name, ())]


def _line(event: Event) -> bytes:
    return json.dumps(event).encode() + b"\n"
