"""Blocking calls from the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(func: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `func` in a daemon thread of its own and wait for it.

    Unlike `asyncio.to_thread`, a call that still runs cannot hold up the exit of the program, and
    any number can run at once. After a cancellation the call goes on and its result is dropped.

    Raises:
        Exception: whatever `func` raised.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: BaseException | None) -> None:
        if future.done():  # the caller was cancelled
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def run() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = func(*args, **kwargs)
        except Exception as caught:
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop has closed; nobody is waiting
            loop.call_soon_threadsafe(finish, result, error)

    threading.Thread(target=run, name=f"call-{_name(func)}", daemon=True).start()
    return await future


def _name(func: Callable[..., object]) -> str:
    return getattr(func, "__name__", type(func).__name__)
