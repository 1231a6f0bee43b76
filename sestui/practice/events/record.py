"""What became of each message: every event, also where no destination asked for it.

Real events exist only where a configuration set publishes them; in practice a learner may always
look. One JSON line an event, so that a kill leaves all but the last of them whole.
"""

from __future__ import annotations

import collections
import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

from sestui.practice import files
from sestui.practice.events.build import Event

MOST = 1000
"""Events that are kept, the newest."""


class Record:
    """The last `MOST` events, also of earlier runs. Thread-safe."""

    def __init__(self, path: Path) -> None:
        """Use `path`, which is there after the first event."""
        self._path = path
        self._lock = threading.Lock()
        content = b""
        with contextlib.suppress(OSError):
            content = path.read_bytes()
        earlier = list(_events(content))
        self._events: collections.deque[Event] = collections.deque(earlier, maxlen=MOST)
        self._lines = len(earlier)
        # A kill may have left half a line, which must not become half of the next one.
        self._torn = bool(content) and not content.endswith(b"\n")

    def add(self, event: Event) -> None:
        """Keep `event`; where the disk refuses it, until the end of this run only."""
        line = _line(event)
        with self._lock, contextlib.suppress(OSError):
            self._events.append(event)
            self._lines += 1
            if self._torn or self._lines > 2 * MOST:
                files.write(self._path, b"".join(map(_line, self._events)))
                self._lines, self._torn = len(self._events), False
                return
            with self._path.open("ab") as file:
                file.write(line)

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


def _events(content: bytes) -> Iterator[Event]:
    """A line that makes no sense is left out."""
    for line in content.splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            event = json.loads(line)
            mail = event["mail"]
            if isinstance(mail["messageId"], str) and isinstance(mail["tags"], dict):
                yield event
