"""Bad days of a name server that can be switched on, for teaching and for tests."""

from __future__ import annotations

import itertools
import threading
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import dns.rdatatype

Kind = Literal["servfail", "refused", "drop", "delay", "lame"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(slots=True)
class Fault:
    """What to do instead of, or before, the right answer."""

    id: int
    name: str
    """Lower-case, without the last dot; `*.example.com` is every name below, `*` every name."""
    kind: str
    rdtype: str = ""
    """A record type, or empty for all."""
    count: int | None = None
    """How many queries still meet it; None is all, until it is switched off."""
    ms: int = 0
    """Milliseconds of a `delay`."""

    def meets(self, name: str, rdtype: str) -> bool:
        if self.rdtype and self.rdtype != rdtype:
            return False
        if self.name in ("*", name):
            return True
        return self.name.startswith("*.") and name.endswith(self.name[1:])


class DnsFaults:
    """The faults that are switched on; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[int, Fault] = {}
        self._ids = itertools.count(1)

    def add(
        self, name: str, kind: str, *, rdtype: str = "", count: int | None = None, ms: int = 0
    ) -> int:
        """Switch a fault on and return its id.

        Raises:
            ValueError: the kind, type, count or delay makes no sense.
        """
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        if rdtype:
            try:
                dns.rdatatype.from_text(rdtype)
            except dns.rdatatype.UnknownRdatatype:
                raise ValueError(f"no such record type: {rdtype}") from None
        if count is not None and count < 1:
            raise ValueError("count is 1 or more")
        if not 0 <= ms <= 60_000:
            raise ValueError("ms is 0 to 60000")
        with self._lock:
            number = next(self._ids)
            name = name.lower().rstrip(".") or "*"
            self._faults[number] = Fault(number, name, kind, rdtype.upper(), count, ms)
            return number

    def remove(self, number: int) -> bool:
        """Switch one off; False when it is off already."""
        with self._lock:
            return self._faults.pop(number, None) is not None

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def listing(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults.values()]

    def take(self, name: str, rdtype: str) -> Fault | None:
        """The fault this query meets, if any; counts it."""
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults.values():
                if fault.meets(name, rdtype):
                    if fault.count is not None:
                        fault.count -= 1
                        if not fault.count:
                            del self._faults[fault.id]
                    return fault
        return None
