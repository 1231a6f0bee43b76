"""The journal: what was changed, when, with what answer; for undo, clean-up and scripts.

One JSON object a line, `sestui.journal/1`, appended and never rewritten. Where platformdirs puts
state; nobody else may read it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.gateways.failures import file_problem
from sestui.gateways.ports import GatewayError

SCHEMA = "sestui.journal/1"
# An HTTPS endpoint of a topic may carry a password.
_USER_IN_URL = re.compile(r"(?<=://)[^/@\s]+@")
_TEXTS = ("account", "region", "service", "operation", "event", "at", "note")
_OBJECTS = ("parameters", "answer", "problem")
_SECRET_NAMES = ("secret", "password", "privatekey", "sessiontoken")


def _now() -> datetime:
    return datetime.now(UTC)


def state_folder() -> Path:
    """Where this machine keeps the state of programs."""
    import platformdirs

    return platformdirs.user_state_path("sestui")


class Journal:
    """Appends lines; each is on the disk when the method returns. Thread-safe.

    Args:
        folder: made at the first line, for this person only.
        now: the time, with its zone.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime] = _now) -> None:
        self.path = folder / "journal.jsonl"
        self._now = now
        self._lock = threading.Lock()
        self._told = False

    def begun(
        self, account: str, region: str, service: str, operation: str, parameters: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Say that a call is about to go out; the entry, for `done` or `failed`.

        Raises:
            GatewayError: LOCAL, the first time the file cannot be written. A person who goes on
                all the same works without a journal.
        """
        entry = {
            "id": uuid4().hex,
            "account": account,
            "region": region,
            "service": service,
            "operation": operation,
            "parameters": plain(parameters),
        }
        try:
            self._append({**entry, "event": "begun"})
        except OSError as error:
            if not self._told:
                self._told = True
                raise self._unwritable(error) from error
        return entry

    def done(self, entry: Mapping[str, Any], answer: Mapping[str, Any], note: str = "") -> None:
        """The call was made. Never raises: what is done is done."""
        extra = {"note": note} if note else {}
        self._try({**entry, "event": "done", "answer": plain(answer), **extra})

    def failed(self, entry: Mapping[str, Any], problem: Problem) -> None:
        """The call failed, or nobody knows. Never raises."""
        self._try(
            {
                **entry,
                "event": "failed",
                "problem": {
                    "trouble": str(problem.trouble),
                    "code": problem.code,
                    "what": problem.what,
                    "request_id": problem.request_id,
                },
            }
        )

    def entries(self) -> Iterator[dict[str, Any]]:
        """All lines that can be read, oldest first, one at a time: the journal only grows.

        A half-written line, and one that is not an entry, is left out.
        """
        try:
            file = self.path.open("rb")
        except OSError:
            return
        with file:
            for line in file:
                with contextlib.suppress(ValueError, RecursionError):
                    entry = json.loads(line)
                    if _is_entry(entry):
                        yield entry

    def _try(self, entry: Mapping[str, Any]) -> None:
        try:
            self._append(entry)
        except OSError:
            self._told = False  # the next change says so before it is made

    def _append(self, entry: Mapping[str, Any]) -> None:
        line = json.dumps({"schema": SCHEMA, "at": self._now().isoformat(), **entry}) + "\n"
        with self._lock:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
            handle = os.open(self.path, flags, 0o600)
            try:
                os.write(handle, _after_torn_line(handle) + line.encode())
                os.fsync(handle)
            finally:
                os.close(handle)

    def _unwritable(self, error: OSError) -> GatewayError:
        return GatewayError(
            file_problem(
                error,
                _("The journal cannot be written: {reason}. Nothing was changed."),
                _("Make {path} writable, or go on without a journal.").format(path=self.path),
            )
        )


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and entry.get("schema") == SCHEMA
        and all(isinstance(entry.get(name, ""), str) for name in _TEXTS)
        and all(isinstance(entry.get(name, {}), dict) for name in _OBJECTS)
    )


def _after_torn_line(handle: int) -> bytes:
    """A line end, if a crash has left the last line without one."""
    size = os.lseek(handle, 0, os.SEEK_END)
    if size == 0:
        return b""
    os.lseek(handle, size - 1, os.SEEK_SET)
    return b"" if os.read(handle, 1) == b"\n" else b"\n"


def plain(value: Any, name: str = "") -> Any:
    """`value` as JSON can hold it, without any secret. `name`: of the member it is the value of."""
    if any(word in name.lower() for word in _SECRET_NAMES):
        return "(secret)"
    match value:
        case Mapping():
            return {
                str(key): plain(item, str(key))
                for key, item in value.items()
                if key != "ResponseMetadata"
            }
        case list() | tuple() | set() | frozenset():
            return [plain(item, name) for item in value]
        case bytes():
            return f"({len(value)} bytes)"
        case datetime():
            return value.isoformat()
        case str():
            return _USER_IN_URL.sub("(secret)@", value)
        case int() | float() | None:
            return value
    return str(value)
