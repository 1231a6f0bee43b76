"""DNS in memory: zones as the RFC 7208 suite and the tests here write them."""

from __future__ import annotations

import asyncio
from collections import Counter

from sestui.domain.dns import Outcome
from sestui.domain.spf import Reply

TIMEOUT = "TIMEOUT"
BROKEN = "BROKEN"


class Zone:
    """A `Lookup` over `{name: [(type, value), ...]}`; TIMEOUT or BROKEN stand for all other types.

    A TXT value is bytes, a str (Latin-1: one character, one byte), or a sequence of them.
    """

    def __init__(self, names, delay=False):
        self.names = {name.lower().rstrip("."): list(found) for name, found in names.items()}
        self.asked = Counter()
        self.delay = delay
        self.rounds = 0
        self._waiting = None

    async def __call__(self, name, type):
        assert name == name.lower()
        assert not name.endswith(".")
        assert all(0 < len(label) < 64 for label in name.split("."))
        assert len(name) <= 253
        self.asked[name, type] += 1
        if self.delay:
            await self._next_round()
        return self.reply(name, type)

    async def _next_round(self):
        """All questions that are asked before anything is answered are one round."""
        if self._waiting is None:
            self.rounds += 1
            self._waiting = asyncio.Event()
            asyncio.get_running_loop().call_later(0.002, self._end_round)
        await self._waiting.wait()

    def _end_round(self):
        waiting, self._waiting = self._waiting, None
        waiting.set()

    def reply(self, name, type, depth=0):
        found = self.names.get(name.lower())
        if found is None:
            return Reply(Outcome.NO_SUCH_NAME)
        values = [value for kind, value in found if kind == type]
        if values and type == "TXT":
            return Reply(Outcome.FOUND, texts=tuple(map(strings, values)))
        if values:
            return Reply(Outcome.FOUND, tuple(values))
        for kind, value in found:
            if kind == "CNAME":
                if depth > 8:
                    return Reply(Outcome.BROKEN, detail="alias loop")
                return self.reply(value.lower().rstrip("."), type, depth + 1)
            if kind == TIMEOUT:
                return Reply(Outcome.TIMED_OUT, detail="no answer in 3 s")
            if kind == BROKEN:
                return Reply(Outcome.BROKEN, detail="SERVFAIL")
        return Reply(Outcome.NO_SUCH_TYPE)


def strings(value):
    if isinstance(value, bytes):
        return (value,)
    if isinstance(value, str):
        return (value.encode("latin-1", "replace"),)
    return tuple(part for each in value for part in strings(each))


def spf(**records):
    """A zone of TXT records: `spf(example_com="v=spf1 -all")`; `_` stands for a dot."""
    return Zone({name.replace("_", "."): [("TXT", text)] for name, text in records.items()})


AMAZONSES = (
    "v=spf1 ip4:199.255.192.0/22 ip4:199.127.232.0/22 ip4:54.240.0.0/18 ip4:69.169.224.0/20 "
    "ip4:23.249.208.0/20 ip4:23.251.224.0/19 ip4:76.223.176.0/20 ip4:54.240.64.0/18 "
    "ip4:76.223.128.0/19 ip4:216.221.160.0/19 ip4:206.55.144.0/20 -all"
)


def with_ses(names):
    """The zone `names` (TXT texts, or lists of records) with `amazonses.com` in it."""
    full = {"amazonses.com": [("TXT", AMAZONSES)]}
    for name, found in names.items():
        full[name] = [("TXT", found)] if isinstance(found, str) else found
    return Zone(full)
