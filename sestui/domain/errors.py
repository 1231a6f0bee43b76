"""What went wrong outside, said so that a person knows what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto


class Trouble(StrEnum):
    """What kind of trouble, for whoever decides what to do about it."""

    CREDENTIALS = auto()
    """None, wrong, or expired: connect again."""
    DENIED = auto()
    """This call is not allowed to these credentials; others may be."""
    THROTTLED = auto()
    NETWORK = auto()
    """Nobody answered; it passes, so a poll goes on."""
    GONE = auto()
    """The thing is not there (any more)."""
    EXISTS = auto()
    REFUSED = auto()
    """The service understood and said no."""
    MAYBE_DONE = auto()
    """The request went out and no answer came: it may have happened."""
    BAD_ANSWER = auto()
    """An answer came that is not whole, or not what the service sends: nothing is known by it."""
    CHANGED = auto()
    """What a change was planned from is not so any more: nothing was written."""
    LOCAL = auto()
    """Of this machine: a file, the keyring, the clipboard."""
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Problem:
    """One failed call: what happened, what to do, and what support will ask for."""

    what: str
    advice: str = ""
    trouble: Trouble = Trouble.OTHER
    code: str = ""
    operation: str = ""
    request_id: str = ""
    policy: str = ""
    """For DENIED: the IAM statement that would allow it, as JSON."""
    said: str = ""
    """The service's own words, for whoever can make more of them."""

    @property
    def passes(self) -> bool:
        """Worth asking again by itself."""
        return self.trouble in (Trouble.NETWORK, Trouble.THROTTLED, Trouble.BAD_ANSWER)

    @property
    def reference(self) -> str:
        """Operation, code and request id in one line; empty when there is none of them."""
        return " · ".join(part for part in (self.operation, self.code, self.request_id) if part)
