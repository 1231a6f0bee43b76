"""How many round trips one after another: counted, not timed."""

from __future__ import annotations

import asyncio

from sestui.domain.diagnosis import Verdict
from sestui.gateways.ports import Dns
from tests.dnsserver import Internet
from tests.workflows.looking import asking, look
from tests.workflows.zones import GOOD1, T1, Fixture

ROOT = 'example.com. TXT "v=spf1 include:a.example.com ~all"\na.example.com. TXT "v=spf1 -all"\n'
WELL = Fixture("well", Verdict.OK, plus=ROOT)
DOUBLED = Fixture(
    "all wrong",
    Verdict.MISSING,
    plus=f"{ROOT}{T1}._domainkey.example.com.example.com. CNAME {GOOD1}\n",
    without=("dkim1", "dkim2", "dkim3", "mx", "spf", "dmarc"),
)


class Counting:
    """Answers each call only when nothing else is left to do, and counts these moments."""

    def __init__(self, dns: Dns) -> None:
        self._dns = dns
        self.depth = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._opener: asyncio.Task[None] | None = None

    def __getattr__(self, name: str):
        async def call(*arguments):
            if name != "compare" and arguments[0]:
                gate = asyncio.get_running_loop().create_future()
                self._waiting.append(gate)
                if self._opener is None:
                    self._opener = asyncio.create_task(self._open())
                await gate
            return await getattr(self._dns, name)(*arguments)

        return call

    async def _open(self) -> None:
        await asyncio.sleep(0.25)
        self.depth += 1
        self._opener = None
        gates, self._waiting = self._waiting, []
        for gate in gates:
            gate.set_result(None)


async def depth(fixture: Fixture) -> int:
    with Internet({"127.0.0.1": {"zones": fixture.zones}}) as internet:
        dns = Counting(asking(("127.0.0.1", internet.port)))
        await look(fixture, dns)
    return dns.depth


async def test_when_all_is_well() -> None:
    assert await depth(WELL) <= 4


async def test_with_every_probe() -> None:
    assert await depth(DOUBLED) <= 8
