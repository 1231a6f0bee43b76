"""A clock that can be hurried, so that 72 hours pass in a lesson."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Wall time plus an offset that only grows."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset
        self._changed = threading.Condition()

    @property
    def offset(self) -> timedelta:
        return self._offset

    def now(self) -> datetime:
        """The practice account's time, in UTC."""
        return datetime.now(UTC) + self._offset

    def hurry(self, by: timedelta) -> None:
        """Let `by` pass at once and wake whoever waits.

        Raises:
            ValueError: `by` is negative; the clock never goes back.
        """
        if by < timedelta():
            raise ValueError("the clock cannot go back")
        with self._changed:
            self._offset += by
            self._changed.notify_all()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until `seconds` of this clock have passed; False when `stop` was set.

        Whoever sets `stop` calls `wake()` after it.
        """
        until = self.now() + timedelta(seconds=seconds)
        with self._changed:
            while not stop.is_set():
                left = (until - self.now()).total_seconds()
                if left <= 0:
                    return True
                self._changed.wait(min(left, 3600.0))
        return False

    def wake(self) -> None:
        """Let every waiter look again."""
        with self._changed:
            self._changed.notify_all()


def monotonic() -> float:
    """Seconds for measuring rates; hurrying the clock does not refill a rate limit."""
    return time.monotonic()
