"""Rate limits."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sestui.practice.clock import monotonic


class TokenBucket:
    """Allows `rate` requests a second, and `burst` at once after a rest. Thread-safe."""

    def __init__(self, rate: float, burst: float, now: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._now = now
        self._tokens = burst
        self._at = now()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take one token; False when there is none."""
        with self._lock:
            now = self._now()
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
            self._at = now
            if self._tokens < 1.0:
                return False
            self._tokens -= 1.0
            return True
