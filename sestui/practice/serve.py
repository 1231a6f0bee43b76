"""The practice account as a process: `sestui practice --serve`, and the wizard's child.

stdout gets `export NAME=value` lines and nothing else. Everything said to people goes to stderr.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import queue
import re
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sestui.practice.ports import DEFAULT_REGION

if TYPE_CHECKING:
    from sestui.practice.ses.world import Options

_PATIENCE = 10.0
"""Seconds; it takes a tenth of one."""

_FOREIGN = re.compile(r"AWS_.*|BOTO.*|MOTO_.*|SESTUI_.*|.*_PROXY", re.IGNORECASE)
"""Variables that are about real accounts, other endpoints and the way to them, and moto's own
switches: one of those writes what it hears into a file."""
SAID = "sestui practice: "
"""Before each line on stderr that says what is the matter."""
NEEDED = "Install or update it: pip install --upgrade 'sestui[practice]'"

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
    with _signals(stop, ignore_interrupt=until == "stdin"), _alone():
        # After the signals are in hand: these take a while to load.
        try:
            from sestui.practice.account import PracticeAccount
            from sestui.practice.lock import InUse
        except ImportError as error:
            return _failed(str(error))
        try:
            with _stdout_spared():
                account = PracticeAccount(
                    data_dir, region=region, options=options, told=_say, failed=stop.fail
                )
                account.start()
                if until == "signals":
                    # A script goes on with the next line, and may want the certificate at once.
                    account.smtp.wait(_PATIENCE)
        except InUse as error:
            return _failed(str(error))
        except OSError as error:
            of_a_port = error.strerror and error.filename is None
            words = f"no port can be opened on 127.0.0.1: {error.strerror}"
            return _failed(words if of_a_port else str(error))
        try:
            if not stop.asked:
                _announce(account, announce)
                # The wizard asks for itself; its terminal is no place to talk into.
                watch = _tell_ready if until == "signals" else _watch_stdin
                threading.Thread(
                    target=watch, args=(account, stop), name="watch", daemon=True
                ).start()
                with _stdout_spared():
                    stop.wait()
        except BrokenPipeError:
            pass  # whoever read the lines is gone
        finally:
            account.stop()
    return _failed(stop.problem) if stop.problem else 0


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without keys and settings of real accounts: there is no AWS here."""
    kept = {name: each for name, each in environment.items() if not _FOREIGN.fullmatch(name)}
    files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    return {**kept, **files, "AWS_EC2_METADATA_DISABLED": "true"}


@contextmanager
def _alone() -> Iterator[None]:
    before = dict(os.environ)
    _replace_environment(own_environment(before))
    try:
        yield
    finally:
        _replace_environment(before)


def _replace_environment(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _announce(account: Any, announce: Callable[[str], None]) -> None:
    for name, value in account.environment().items():
        announce(f"export {name}={shlex.quote(value)}")


def _failed(problem: str) -> int:
    """Say why, and what to do where that can be told; the exit status."""
    _say(problem)
    if "No module named" in problem or "cannot import name" in problem:
        sys.stderr.write(f"  {NEEDED}\n")
    return 1


class _Stop:
    """Told to stop. A signal handler may ask for it at any moment, so there is no lock in it:
    `threading.Event.set` deadlocks when its handler runs inside the same event's `wait`."""

    def __init__(self) -> None:
        self.asked = False
        self.problem = ""
        """Why, where that was not asked for."""
        self._queue: queue.SimpleQueue[None] = queue.SimpleQueue()

    def set(self) -> None:
        self.asked = True
        self._queue.put(None)

    def fail(self, problem: str) -> None:
        if not self.asked:
            self.problem = problem
            self.set()

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
    sys.stderr.write(f"{SAID}{text}\n")
    sys.stderr.flush()


def _tell_ready(account: Any, stop: _Stop) -> None:
    if account.neighbours.wait(600) and not stop.asked:
        _say("all is ready")


def _watch_stdin(_account: Any, stop: _Stop) -> None:
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
