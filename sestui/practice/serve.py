"""The practice account as a process: `sestui practice --serve`, and the wizard's child.

stdout gets `export NAME=value` lines and nothing else. Everything said to people goes to stderr.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gc
import queue
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sestui.practice.ports import DEFAULT_REGION

if TYPE_CHECKING:
    from sestui.practice.ses.world import Options

_PATIENCE = 10.0
"""Seconds; it takes a tenth of one."""

Until = Literal["signals", "stdin"]


def run(
    data_dir: Path | None,
    *,
    region: str = DEFAULT_REGION,
    announce: Callable[[str], None] | None = None,
    until: Until = "signals",
    options: Options | None = None,
) -> int:
    """Serve a practice account until told to end; returns the exit status.

    Args:
        data_dir: where the state is kept; a temporary folder, removed at the end, when None.
        region: the Region to announce.
        announce: gets each `export` line; prints it to stdout when None.
        until: "signals" ends at Ctrl-C, SIGTERM or SIGHUP; "stdin" at SIGTERM, SIGHUP or when stdin
            is closed, as it is when the parent process is gone, however it went.
        options: the pace of SES.
    """
    announce = announce or _print
    stop = _Stop()
    with _signals(stop, ignore_interrupt=until == "stdin"):
        # After the signals are in hand: these take a while to load.
        from sestui.practice.account import PracticeAccount
        from sestui.practice.lock import InUse

        try:
            with _stdout_spared():
                account = PracticeAccount(data_dir, region=region, options=options)
                account.start()
                if until == "signals":
                    # A script goes on with the next line, and may want the certificate at once.
                    account.smtp.wait(_PATIENCE)
        except (InUse, OSError, ValueError) as error:
            _say(str(error))
            return 1
        try:
            for name, value in account.environment().items():
                announce(f"export {name}={shlex.quote(value)}")
            watch: Callable[[], None] = functools.partial(_tell_ready, account, stop)
            if until == "stdin":
                # The wizard asks for itself; its terminal is no place to talk into.
                watch = functools.partial(_watch_stdin, stop)
            threading.Thread(target=watch, name="watch", daemon=True).start()
            with _stdout_spared():
                stop.wait()
        except BrokenPipeError:
            pass  # whoever read the lines is gone
        finally:
            account.stop()
    return 0


class _Stop:
    """Told to stop. A signal handler may ask for it at any moment, so there is no lock in it:
    `threading.Event.set` deadlocks when its handler runs inside the same event's `wait`."""

    def __init__(self) -> None:
        self.asked = False
        self._queue: queue.SimpleQueue[None] = queue.SimpleQueue()

    def set(self) -> None:
        self.asked = True
        self._queue.put(None)

    def wait(self) -> None:
        while not self.asked:
            # With a time-out, since Windows delivers Ctrl-C only between two waits.
            with contextlib.suppress(queue.Empty):
                self._queue.get(timeout=0.5)


def _stdout_spared() -> AbstractContextManager[Any]:
    """moto prints at times; our stdout is for whoever evaluates it."""
    return redirect_stdout(sys.stderr)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"sestui practice: {text}\n")
    sys.stderr.flush()


def _tell_ready(account: Any, stop: _Stop) -> None:
    ready = account.neighbours.wait(600)
    if not stop.asked:
        _say("all is ready" if ready else f"no neighbours: {account.neighbours.problem}")


def _watch_stdin(stop: _Stop) -> None:
    try:
        while sys.stdin.buffer.read(4096):
            pass
    except (OSError, ValueError):
        pass  # closed under our hands, which is the same thing
    stop.set()


@contextmanager
def _signals(stop: _Stop, *, ignore_interrupt: bool) -> Iterator[None]:
    """Let SIGINT and SIGTERM set `stop`; only the main thread may, others go without."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: Any) -> None:
        stop.set()

    # A child shares the terminal's Ctrl-C with the wizard, which decides what it means.
    wanted: dict[int, Any] = {
        signal.SIGINT: signal.SIG_IGN if ignore_interrupt else end,
        signal.SIGTERM: end,
    }
    if sys.platform != "win32":
        wanted[signal.SIGHUP] = end  # the terminal was closed
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(arguments: list[str] | None = None) -> int:
    """`python -m sestui.practice.serve`."""
    parser = argparse.ArgumentParser(prog="sestui practice --serve", description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="keep the account here between runs")
    parser.add_argument("--region", default=DEFAULT_REGION)
    parser.add_argument("--until-stdin-closes", action="store_true")
    given = parser.parse_args(arguments)
    until: Until = "stdin" if given.until_stdin_closes else "signals"
    status = run(given.data_dir, region=given.region, until=until)
    gc.freeze()  # the interpreter's last collection would look through all of moto: 130 ms
    return status


if __name__ == "__main__":
    sys.exit(main())
