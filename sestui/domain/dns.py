"""What a name server can answer, as five outcomes that are never mixed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    FOUND = "found"
    NO_SUCH_NAME = "no such name"
    NO_SUCH_TYPE = "no such type"
    BROKEN = "broken"
    """SERVFAIL, REFUSED, a lame server: the answer exists, this server does not give it."""
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, with where it came from: the evidence of a verdict."""

    name: str
    type: str
    outcome: Outcome
    values: tuple[str, ...] = ()
    """CNAME targets and MX (`10 host`) without a final dot; TXT with its strings joined."""
    server: str = ""
    detail: str = ""
    """What a person needs to know beside the outcome, such as `SERVFAIL` or `no answer in 3 s`."""
    at: datetime | None = None

    @property
    def question(self) -> str:
        return f"{self.name} {self.type}"

    @property
    def certain(self) -> bool:
        """True when the server said yes or no; a time-out or an error is neither."""
        return self.outcome not in (Outcome.BROKEN, Outcome.TIMED_OUT)
