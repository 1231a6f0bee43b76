"""Answers as a name server would give them, from a small zone in a test."""

from __future__ import annotations

from collections.abc import Mapping

from sestui.domain.dmarc import Published, questions, read_tree
from sestui.domain.dns import Answer, Outcome

Texts = str | tuple[str, ...] | Outcome


def txt(name: str, texts: Texts = Outcome.NO_SUCH_NAME, **more) -> Answer:
    """The answer to TXT at `name`: values, or another outcome."""
    match texts:
        case Outcome():
            return Answer(name, "TXT", texts, **more)
        case str():
            return Answer(name, "TXT", Outcome.FOUND, (texts,), **more)
    return Answer(name, "TXT", Outcome.FOUND, texts, **more)


def tree(zone: Mapping[str, Texts], *domains: str) -> dict[str, Published]:
    """The records of `zone`, by domain, as the walks of `domains` see them."""
    names = [name for name, _type in questions(*domains)]
    return read_tree(
        txt(name, zone.get(name.removeprefix("_dmarc."), Outcome.NO_SUCH_NAME)) for name in names
    )
