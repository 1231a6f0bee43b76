"""What a check of SPF comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """RFC 7208 section 2.6."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class Check:
    """The result of `check_host`, with how it came about."""

    result: Result
    reason: str = ""
    """For an error or none: why, in a sentence."""
    explanation: str = ""
    """What the domain says about a fail (`exp=`): a stranger's ASCII text, spaces in it.

    Whoever shows it makes it `printable()` and says whose words they are (section 6.2).
    """
    terms: int = 0
    """Terms with DNS lookups evaluated, of the ten allowed (section 4.6.4)."""
    voids: int = 0
    """Lookups without an answer, of the two allowed."""
    path: tuple[str, ...] = ()
    """The domains whose records led to the match, the one asked about first."""
    matched: str = ""
    """The term that matched in the last of them."""


class Stop(Exception):
    """The evaluation ends here with an error or none."""

    def __init__(self, result: Result, reason: str) -> None:
        super().__init__(reason)
        self.result = result
        self.reason = reason
