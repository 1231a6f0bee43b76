from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from sestui.gateways.threads import in_thread


async def test_gives_the_result_and_the_exception() -> None:
    assert await in_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await in_thread(divmod, 7, 0)


async def test_the_loop_runs_on_meanwhile() -> None:
    go = threading.Event()
    waiting = asyncio.ensure_future(in_thread(go.wait, 5))
    await asyncio.sleep(0)
    go.set()
    assert await waiting is True


async def test_more_calls_at_once_than_the_default_executor_has_threads() -> None:
    barrier = threading.Barrier(50)
    places = await asyncio.gather(*(in_thread(barrier.wait, 60) for _ in range(50)))
    assert sorted(places) == [*range(50)]


async def test_a_cancelled_call_drops_its_result() -> None:
    go, done = threading.Event(), threading.Event()

    def slow() -> str:
        go.wait(5)
        done.set()
        return "late"

    waiting = asyncio.ensure_future(in_thread(slow))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go.set()
    assert await in_thread(done.wait, 5)


def test_a_call_that_still_runs_does_not_hold_up_the_exit() -> None:
    program = """
import asyncio, threading
from sestui.gateways.threads import in_thread
async def main():
    asyncio.ensure_future(in_thread(threading.Event().wait, 60))
    await asyncio.sleep(0)
asyncio.run(main())
"""
    ran = subprocess.run([sys.executable, "-c", program], timeout=20, capture_output=True)
    assert (ran.returncode, ran.stderr) == (0, b"")
