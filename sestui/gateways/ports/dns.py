"""Asking name servers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sestui.domain.dns import Answer, Zone


class Dns(Protocol):
    """Asking name servers. Nothing here raises: a time-out is an answer of its own.

    Questions are (name, type); all of one call are under way at once, and the answers come in the
    same order. With servers given by the person (`--nameserver`), everything goes to those.
    """

    async def ask(self, questions: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
        """From one server responsible for each name; a resolver where all of them are silent."""
        ...

    async def ask_each(
        self, questions: Sequence[tuple[str, str]], hosts: Sequence[str] = ()
    ) -> tuple[tuple[Answer, ...], ...]:
        """From every server responsible for each name, or from `hosts` instead of those."""
        ...

    async def look_up(self, questions: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
        """Through this machine's resolvers: for names of others, that are not waited for."""
        ...

    async def compare(self, questions: Sequence[tuple[str, str]]) -> tuple[tuple[Answer, ...], ...]:
        """From each of some resolvers, well-known public ones among them.

        Only for names that the responsible servers have said yes to: whoever asks for a name too
        early fills the resolver's negative cache. Empty where servers were given.
        """
        ...

    async def zone(self, name: str) -> Zone:
        """The zone that `name` lies in."""
        ...
