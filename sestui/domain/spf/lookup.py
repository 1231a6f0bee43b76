"""How SPF asks DNS: the question as a Protocol, the reply as raw data, and a shared cache.

Replies are raw because `printable()` text is not enough here: a tab or an odd byte in a record
decides whether it is an SPF record at all. Whoever shows a reply makes it printable.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sestui.domain.dns import Answer, Outcome

Strings = tuple[bytes, ...]
"""The character-strings of one TXT record, as they are on the wire."""

MAX_NAME = 253
MAX_LABEL = 63

_ESCAPED = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}")
_TOP_LABEL = re.compile(r"[A-Za-z0-9-]*[A-Za-z-][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one question; aliases have been followed by whoever asked."""

    outcome: Outcome
    values: tuple[str, ...] = ()
    """Addresses; PTR targets; MX as `10 host`. Names with or without a final dot."""
    texts: tuple[Strings, ...] = ()
    """For TXT instead of `values`: each record as its strings, not joined, not decoded."""
    detail: str = ""

    @property
    def certain(self) -> bool:
        """True when the server said yes or no; a time-out or an error is neither."""
        return self.outcome not in (Outcome.BROKEN, Outcome.TIMED_OUT)

    @property
    def void(self) -> bool:
        """True for an answer with nothing in it: a void lookup (RFC 7208 section 4.6.4)."""
        return self.certain and not self.values and not self.texts


def from_answer(answer: Answer) -> Reply:
    r"""The reply in an `Answer` of the DNS gateway, whose values are printable.

    What was made printable as ``\x09`` or ``\u200b`` is made what it was again. The strings of a
    TXT record are one then, so where it was split is not known.
    """
    if answer.type != "TXT":
        return Reply(answer.outcome, answer.values, detail=answer.detail)
    texts = (_ESCAPED.sub(_unescaped, value).encode(errors="replace") for value in answer.values)
    return Reply(answer.outcome, texts=tuple((text,) for text in texts), detail=answer.detail)


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[0][2:], 16)
    return chr(code) if code <= 0x10FFFF else match[0]


class Lookup(Protocol):
    """Asks one question; `type` is A, AAAA, MX, PTR or TXT.

    Never raises: trouble is a Reply (BROKEN or TIMED_OUT). Names come without a final dot, with
    labels that fit into DNS; characters other than letters, digits and hyphens do occur.
    A limit on time is the asker's (RFC 7208 section 4.6.4 wants at least 20 s for all of it).
    """

    async def __call__(self, name: str, type: str, /) -> Reply: ...


class Cache:
    """A `Lookup` that asks each (name, type) once, also when it is asked twice at once.

    Share one among the checks of a domain. `close()` ends what is still under way.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._tasks: dict[tuple[str, str], asyncio.Task[Reply]] = {}

    @property
    def queries(self) -> int:
        """How many different questions were asked so far."""
        return len(self._tasks)

    async def __call__(self, name: str, type: str, /) -> Reply:
        key = (name.lower().rstrip("."), type)
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(*key))
            self._tasks[key] = task
        # Shielded: who waits may be cancelled, others may wait for the same answer.
        return await asyncio.shield(task)

    async def _ask(self, name: str, type: str) -> Reply:
        return await self._lookup(name, type)

    async def close(self) -> None:
        pending = [task for task in self._tasks.values() if not task.done()]
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


def with_record(lookup: Lookup, domain: str, record: str) -> Lookup:
    """`lookup`, but with `record` as the only TXT at `domain`: to try it before it is there."""

    async def answer(name: str, type: str, /) -> Reply:
        if type == "TXT" and name.lower().rstrip(".") == domain.lower().rstrip("."):
            return Reply(Outcome.FOUND, texts=((record.encode(),),))
        return await lookup(name, type)

    return answer


def decode(strings: Iterable[bytes]) -> str:
    """The text of one TXT record, its strings joined with nothing between (RFC 7208 section 3.3).

    UTF-8 where it is that, else Latin-1, so that each odd byte is one character with a place.
    Only ASCII is valid SPF (section 3.1); the rest is decoded to be named in a finding.
    """
    data = b"".join(strings)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def breaks(strings: Iterable[bytes]) -> tuple[int, ...]:
    """Where in the decoded text one string ends and the next begins; for ASCII text only."""
    places, place = [], 0
    for string in strings:
        place += len(string)
        places.append(place)
    return tuple(places[:-1])


def is_askable(name: str) -> bool:
    """True when DNS can be asked for `name`: labels of 1 to 63 bytes, 253 in all, ASCII.

    RFC 7208 section 4.8 leaves other names undefined; they are taken as names that do not exist,
    and non-ASCII ones (from a local part) as no match, as RFC 8616 section 4 says.
    """
    bare = name.removesuffix(".")
    return (
        len(bare) <= MAX_NAME
        and bare.isascii()
        and all(0 < len(label) <= MAX_LABEL for label in bare.split("."))
    )


def is_domain(name: str) -> bool:
    """True for a multi-label name that could be a mail domain (RFC 7208 section 4.3)."""
    labels = name.removesuffix(".").split(".")
    return is_askable(name) and len(labels) > 1 and bool(_TOP_LABEL.fullmatch(labels[-1]))
