from __future__ import annotations

import asyncio

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


async def test_a_burst_of_two_and_then_one_a_second() -> None:
    clock = Clock()
    limiter = Limiter(monotonic=clock, sleep=clock.sleep)
    times = []
    for _ in range(5):
        await limiter.wait()
        times.append(clock.now - 100.0)
    assert times == pytest.approx([0, 0, 1, 2, 3])


@pytest.mark.parametrize("rate", [0.5, 1.0, 4.0])
async def test_the_pace_is_that_of_the_rate(rate: float) -> None:
    clock = Clock()
    limiter = Limiter(rate, 1, monotonic=clock, sleep=clock.sleep)
    times = []
    for _ in range(4):
        await limiter.wait()
        times.append(clock.now - 100.0)
    assert times == pytest.approx([0, 1 / rate, 2 / rate, 3 / rate])


async def test_a_rest_saves_up_no_more_than_the_burst() -> None:
    clock = Clock()
    limiter = Limiter(monotonic=clock, sleep=clock.sleep)
    clock.now += 3600
    for _ in range(3):
        await limiter.wait()
    assert clock.now - 3700 == pytest.approx(1)


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


async def test_draining_takes_what_was_saved_up() -> None:
    clock = Clock()
    limiter = Limiter(monotonic=clock, sleep=clock.sleep)
    limiter.drain()
    await limiter.wait()
    assert clock.now - 100 == pytest.approx(1)


def test_the_rate_holds_over_several_event_loops_in_turn() -> None:
    clock = Clock()
    limiter = Limiter(monotonic=clock, sleep=clock.sleep)

    async def crowd() -> None:
        await asyncio.gather(*(limiter.wait() for _ in range(3)))

    for _ in range(2):
        asyncio.run(crowd())
    assert clock.now - 100 == pytest.approx(4)


def test_one_limiter_for_each_account_and_region() -> None:
    limiters = Limiters()
    assert limiters.of("1", "eu-west-1") is limiters.of("1", "eu-west-1")
    assert limiters.of("1", "eu-west-1") is not limiters.of("1", "us-east-1")
    assert limiters.of("1", "eu-west-1") is not limiters.of("2", "eu-west-1")
