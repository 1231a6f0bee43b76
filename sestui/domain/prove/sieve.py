"""Which events of a stream a person wants to see."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.configset import EventType
from sestui.domain.events import MailEvent

_NAMES = {kind.value.replace("_", "").lower(): kind for kind in EventType}


@dataclass(frozen=True, slots=True)
class Sieve:
    """All that is given has to hold; nothing given lets everything through."""

    kinds: frozenset[EventType] = frozenset()
    recipient: str = ""
    """Part of an address."""
    tag: tuple[str, str] = ("", "")
    """Name and value; without a value, the name alone."""
    text: str = ""
    """Anywhere in the JSON, upper or lower case."""

    def lets(self, event: MailEvent) -> bool:
        if self.kinds and event.kind not in self.kinds:
            return False
        who = (*event.recipients, *event.destination)
        if self.recipient and not any(self.recipient.lower() in each.lower() for each in who):
            return False
        name, value = self.tag
        if name and not (value in event.tag(name) if value else event.tag(name)):
            return False
        return all(word in event.raw.lower() for word in self.text.lower().split())


def kind_of(text: str) -> EventType | None:
    """`bounce`, `delivery-delay`, `DELIVERY_DELAY` …"""
    return _NAMES.get(text.strip().lower().replace("-", "").replace("_", "").replace(" ", ""))


def parse_sieve(typed: str) -> Sieve:
    """From one line: `bounce to:anna tag:campaign=7 words`; a word that is a kind means that."""
    kinds: set[EventType] = set()
    recipient, tag, words = "", ("", ""), []
    for word in typed.split():
        name, colon, value = word.partition(":")
        if colon and value and name.lower() == "to":
            recipient = value
        elif colon and value and name.lower() == "tag":
            key, _equals, wanted = value.partition("=")
            tag = (key, wanted)
        elif (kind := kind_of(word)) is not None:
            kinds.add(kind)
        else:
            words.append(word)
    return Sieve(frozenset(kinds), recipient, tag, " ".join(words))
