"""Bad days that can be switched on, for teaching and for tests."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from sestui.practice.ses.errors import PAUSED_BY_AWS, ServiceError, too_many_requests

Kind = Literal[
    "throttle",
    "access_denied",
    "expired_token",
    "invalid_token",
    "timeout",
    "timeout_after",
    "reset",
    "server_error",
    "paused",
    "suspended",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble for one operation.

    Attributes:
        operation: its name, or "*" for every one.
        kind: `timeout` never answers and does nothing; `timeout_after` does the work and then does
            not answer; `reset` breaks the connection before doing anything.
        count: how many calls it befalls, None for all until it is cleared.
    """

    operation: str
    kind: Kind
    count: int | None = None


class Faults:
    """The faults that are on. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Switch a fault on.

        Raises:
            ValueError: the kind is not known, or the count is not positive.
        """
        if fault.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {fault.kind!r}; known: {', '.join(KINDS)}")
        if fault.count is not None and fault.count < 1:
            raise ValueError("count must be at least 1")
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, operation: str) -> Kind | None:
        """The trouble a call of `operation` meets, if any; counts it."""
        with self._lock:
            for position, fault in enumerate(self._faults):
                if fault.operation not in ("*", operation):
                    continue
                if fault.count == 1:
                    del self._faults[position]
                elif fault.count is not None:
                    left = Fault(fault.operation, fault.kind, fault.count - 1)
                    self._faults[position] = left
                return fault.kind
        return None

    def to_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def load_json(self, data: Any) -> None:
        """Replace all faults by a list as `to_json` gives it.

        Raises:
            ValueError: `data` is not such a list; the faults are then as before.
        """
        try:
            faults = [Fault(**each) for each in data]
        except TypeError as error:
            raise ValueError(f"not a list of faults: {error}") from None
        checked = Faults()
        for fault in faults:
            checked.add(fault)
        with self._lock:
            self._faults = faults


def error_of(kind: Kind, operation: str) -> ServiceError:
    """What a fault answers with, for those whose answer is the same for every request."""
    if kind == "throttle" and operation != "SendEmail":
        return too_many_requests()
    code, message, status = _ANSWERS[kind]
    return ServiceError(code, message, status)


_ANSWERS: dict[Kind, tuple[str, str | None, int]] = {
    "throttle": ("ThrottlingException", "Maximum sending rate exceeded.", 400),
    "expired_token": (
        "ExpiredTokenException",
        "The security token included in the request is expired",
        403,
    ),
    "invalid_token": (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        403,
    ),
    # No message: the real service gives none for its own failures.
    "server_error": ("InternalServiceErrorException", None, 500),
    "paused": ("SendingPausedException", PAUSED_BY_AWS, 400),
    "suspended": (
        "AccountSuspendedException",
        "The account has been permanently restricted from sending email.",
        400,
    ),
}
