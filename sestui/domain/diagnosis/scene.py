"""All that is known around a record when it is judged, and the words the judges share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sestui.domain.diagnosis.verdicts import Verdict
from sestui.domain.dns import Answer, Outcome, Zone
from sestui.domain.providers import Provider
from sestui.domain.records import RequiredRecord

if TYPE_CHECKING:
    from sestui.domain.spf.authority import Authorisation

Question = tuple[str, str]
RANDOM_LABEL = "sestui-4f9c1e7a-no-such-name"
"""A label nobody has: what answers to it is a wildcard."""


def plain(name: str) -> str:
    """A name to compare with: DNS names have no case, and the final dot is a way of writing."""
    return name.lower().rstrip(".")


def key(name: str, kind: str) -> Question:
    return plain(name), kind


@dataclass(frozen=True, slots=True)
class Scene:
    """The answers to all questions so far, by name and type; and what is known of the zone."""

    domain: str = ""
    """The identity."""
    zone: Zone = field(default_factory=Zone)
    records: tuple[RequiredRecord, ...] = ()
    """All that the identity needs, for comparing one with another."""
    book: Mapping[Question, Answer] = field(default_factory=dict)
    spf: Mapping[str, Authorisation] = field(default_factory=dict)
    """Whether SES may send, by MAIL FROM domain."""
    elsewhere: Mapping[Question, tuple[Answer, ...]] = field(default_factory=dict)
    """Of name servers that the world is not sent to, but where someone may be typing."""
    resolvers: Mapping[Question, tuple[Answer, ...]] = field(default_factory=dict)
    """Of caches, for names that the authoritative servers said yes to."""
    provider: Provider | None = None
    """Whose panel the records are typed into."""

    def answer(self, name: str, kind: str) -> Answer | None:
        return self.book.get(key(name, kind))

    def found(self, name: str, kind: str) -> tuple[str, ...]:
        """The values; empty when there are none, or nobody asked."""
        answer = self.answer(name, kind)
        return answer.values if answer is not None and answer.outcome is Outcome.FOUND else ()

    @property
    def apex(self) -> str:
        """The zone's name; the identity's until that is known."""
        return plain(self.zone.apex or self.domain)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one answer is worth."""

    verdict: Verdict
    cause: str = ""
    value: str | None = None
    """What the record should be instead, where that is not the required value; empty: unknown."""
    notes: tuple[str, ...] = ()
    todo: str = ""
    """What to do, where the verdict alone does not say it."""


FINE = Judged(Verdict.OK)

# In a name dnspython writes odd bytes as \DDD and special characters with a backslash.
_BLANKS = re.compile(
    r"\\032|\\009|\\010|\\013|\\194\\160"  # space, tab, line ends, no-break space
    r"|\\226\\128\\1(?:3[0-9]|4[0-3]|68|69|75)|\\239\\187\\191|[ \t\r\n]"  # zero width, BOM
)
_QUOTES = re.compile(r"\\?[\"'`]|\\226\\128\\15[2-9]")
_SCHEME = re.compile(r"^https?:\\?/\\?/", re.IGNORECASE)


def without_blanks(name: str) -> str:
    return _BLANKS.sub("", name)


def without_quotes(name: str) -> str:
    return _QUOTES.sub("", name)


def without_scheme(name: str) -> str:
    return _SCHEME.sub("", name)


def without_zone(name: str, scene: Scene) -> str:
    """`name` with the zone taken off its end, if that is how it ends; else empty."""
    for suffix in dict.fromkeys((plain(scene.domain), scene.apex)):
        if suffix and name.endswith("." + suffix):
            return name[: -len(suffix) - 1]
    return ""


def near(one: str, other: str, most: int = 2) -> bool:
    """Whether at most `most` letters differ, are missing or are too many."""
    if abs(len(one) - len(other)) > most or max(len(one), len(other)) > 64:
        return False
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (left != right))
    return row[-1] <= most
