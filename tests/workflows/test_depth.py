"""How many round trips one after another: counted, not timed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from sestui.domain.diagnosis import Verdict
from sestui.gateways.dns import DnsPython
from sestui.gateways.dnswire import Wire, load_dnspython
from tests.dnsserver import Internet
from tests.resting import RestingLoop, at_rest
from tests.workflows.looking import NOW, QUICK, look
from tests.workflows.zones import GOOD1, T1, Fixture

INCLUDES = 'example.com. TXT "v=spf1 include:a.example.com ~all"\n'
ROOT = INCLUDES + 'a.example.com. TXT "v=spf1 -all"\n'
WELL = Fixture("well", Verdict.OK, plus=ROOT)
DOUBLED = Fixture(
    "all wrong",
    Verdict.MISSING,
    plus=f"{ROOT}{T1}._domainkey.example.com.example.com. CNAME {GOOD1}\n",
    without=("dkim1", "dkim2", "dkim3", "mx", "spf", "dmarc"),
)


class CountingWire(Wire):
    """Asks only when nothing else is left to do, all at once, and counts these moments."""

    def __init__(self) -> None:
        super().__init__(timeout=QUICK)
        self.depth = 0
        self._asking = 0
        self._answered = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._opener: asyncio.Task[None] | None = None

    async def ask(self, *arguments: Any, **more: Any) -> Any:
        gate = asyncio.get_running_loop().create_future()
        self._waiting.append(gate)
        if self._opener is None:
            self._opener = asyncio.create_task(self._open())
        await gate
        self._asking += 1
        try:
            return await super().ask(*arguments, **more)
        finally:
            self._asking -= 1
            self._answered.set()

    async def _open(self) -> None:
        await at_rest()
        while self._asking:
            self._answered.clear()
            await self._answered.wait()
            await at_rest()
        self.depth += 1
        self._opener = None
        gates, self._waiting = self._waiting, []
        for gate in gates:
            gate.set_result(None)


def depth(fixture: Fixture) -> int:
    async def checked(port: int) -> int:
        await load_dnspython()  # in a thread, while the loop is at rest
        wire = CountingWire()
        dns = DnsPython([("127.0.0.1", port)], wire=wire, now=lambda: NOW)
        await look(fixture, dns)
        return wire.depth

    with (
        Internet({"127.0.0.1": {"zones": fixture.zones}}) as internet,
        asyncio.Runner(loop_factory=RestingLoop) as runner,
    ):
        return runner.run(checked(internet.port))


# The bars are 4 and 8.


def test_when_all_is_well() -> None:
    assert depth(WELL) == 2


def test_with_every_probe() -> None:
    assert depth(DOUBLED) == 2


def test_what_is_found_out_from_an_answer_takes_one_more() -> None:
    chain = "".join(
        f'{name}.example.com. TXT "v=spf1 include:{after}.example.com -all"\n'
        for name, after in ("ab", "bc", "cd")
    )
    assert depth(replace(WELL, plus=INCLUDES + chain)) == 5
