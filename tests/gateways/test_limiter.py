from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sestui.gateways.limiter import Limiter, Limiters


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def times(limiter: Limiter, clock: Clock, count: int) -> list[float]:
    """When each of `count` requests in a row goes out, in seconds from now."""
    start, found = clock.now, []
    for _ in range(count):
        await limiter.wait()
        found.append(clock.now - start)
    return found


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [0, 0, 1, 2, 3]),  # what AWS allows: one a second, and two at once
        ({"rate": 4.0}, [0, 0, 0.25, 0.5, 0.75]),
        ({"rate": 0.5, "burst": 1}, [0, 2, 4, 6, 8]),
        ({"rate": 2.0, "burst": 3}, [0, 0, 0, 0.5, 1.0]),
    ],
)
async def test_a_burst_and_then_one_by_one(settings: dict[str, Any], expected: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(**settings, monotonic=clock, sleep=clock.sleep)
    assert await times(limiter, clock, 5) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (0.25, [0.25, 0.75, 1.25]),  # half a token is there; the other half is waited for
        (0.5, [0, 0.5, 1.0]),
        (1.0, [0, 0, 0.5]),
        (3600.0, [0, 0, 0.5]),  # no more than the burst
    ],
)
async def test_a_rest_saves_up(rest: float, expected: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(rate=2.0, burst=2, monotonic=clock, sleep=clock.sleep)
    await times(limiter, clock, 2)
    clock.now += rest
    assert await times(limiter, clock, 3) == pytest.approx(expected)


async def test_first_come_first_served() -> None:
    clock = Clock()
    limiter = Limiter(monotonic=clock, sleep=clock.sleep)
    served: list[int] = []

    async def ask(number: int) -> None:
        await limiter.wait()
        served.append(number)

    await asyncio.gather(*(ask(number) for number in range(6)))
    assert served == [0, 1, 2, 3, 4, 5]
    assert clock.now - 100 == pytest.approx(4)


async def test_who_is_cancelled_takes_no_token() -> None:
    clock = Clock()
    stuck = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await stuck.wait()
        clock.now += seconds

    limiter = Limiter(monotonic=clock, sleep=sleep)
    await limiter.wait()
    await limiter.wait()
    waiting = asyncio.ensure_future(limiter.wait())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    stuck.set()
    await limiter.wait()
    assert clock.now - 100 == pytest.approx(1)


@pytest.mark.parametrize("rest", [0.0, 3600.0])
async def test_draining_takes_what_was_saved_up(rest: float) -> None:
    clock = Clock()
    limiter = Limiter(monotonic=clock, sleep=clock.sleep)
    await times(limiter, clock, 2)
    clock.now += rest
    limiter.drain()
    assert await times(limiter, clock, 2) == pytest.approx([1, 2])


async def test_draining_lets_off_nobody_who_waits() -> None:
    """Who asked before has a place already, so the next comes after them all."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    limiter = Limiter(burst=1, monotonic=Clock(), sleep=sleep)
    for _ in range(3):
        await limiter.wait()
    limiter.drain()
    await limiter.wait()
    assert slept == pytest.approx([1, 2, 3])


def test_several_event_loops_in_turn() -> None:
    """A command may run one loop after another; what the first has used up counts in the second."""
    clock = Clock()
    limiter = Limiter(monotonic=clock, sleep=clock.sleep)

    async def crowd() -> None:
        await asyncio.gather(*(limiter.wait() for _ in range(20)))

    for seconds in (18, 38):
        asyncio.run(crowd())
        assert clock.now - 100 == pytest.approx(seconds)


async def test_one_limiter_for_each_account_and_region() -> None:
    clock = Clock()
    limiters = Limiters(monotonic=clock, sleep=clock.sleep)
    assert limiters.of("1", "eu-west-1") is limiters.of("1", "eu-west-1")
    assert limiters.of("1", "eu-west-1") is not limiters.of("1", "us-east-1")
    assert limiters.of("1", "eu-west-1") is not limiters.of("2", "eu-west-1")
    assert await times(limiters.of("1", "eu-west-1"), clock, 3) == pytest.approx([0, 0, 1])
