"""Start the wizard: on AWS, or on a practice account of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from sestui.cli.words import Options
from sestui.domain.account import Choice, Source
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.steps import WizardState
from sestui.domain.text import printable
from sestui.gateways.catalogue import choose
from sestui.gateways.preferences import FilePreferences, config_folder
from sestui.tui.app import WizardApp

if TYPE_CHECKING:
    from sestui.connect import PracticeAccess, World
    from sestui.domain.account import Sources
    from sestui.gateways.ports import (
        Clipboard,
        Cloud,
        Files,
        GatewayError,
        KeyStore,
        Practice,
        Preferences,
    )

PROMISED = "SESTUI_MAILBOX"
"""The last of the lines with which the practice account says where it listens."""
PATIENCE = 3.0
"""Seconds for the practice account to end by itself."""
ENDINGS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
    if hasattr(signal, name)
)
"""Signals that ask for the end. The wizard gives the terminal back and removes what is temporary;
its exit code is then 128 and the signal's number, as shells count it."""


def run_wizard(options: Options) -> int:
    """The wizard on AWS, or on whatever the environment's endpoints name; the exit code."""
    practice = bool(os.environ.get("SESTUI_PRACTICE"))
    world = Later(config_folder(), lambda world, _folder: world(options))
    said = options.profile or options.region or options.endpoint_url or practice
    choice = None
    if said:
        source = Source.PROFILE if options.profile else Source.DEFAULT
        choice = Choice(source, options.profile, options.region)
    state = WizardState(practice=practice)
    return _run(WizardApp(world, state, choice=choice, language=_language(options)))


def run_practice(options: Options) -> int:
    """The wizard on a practice account that starts after the first frame and ends with it."""
    with ExitStack() as stack:
        stack.enter_context(_ended_in_order())
        kept = options.data_dir
        own = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sestui-")))
        folder = own / "wizard"
        child = PracticeProcess(kept, options.region, folder / "practice.log")
        world = Later(
            folder,
            lambda world, own: world(
                options, practice=child.start, practice_ends=child.ended, state=own, config=own
            ),
        )
        app = WizardApp(
            world,
            WizardState(practice=True),
            choice=Choice(Source.PRACTICE),
            language=_language(options),
        )
        try:
            return _run(app)
        finally:
            child.end()


def _language(options: Options) -> str:
    return options.lang or choose([], os.environ)


def _run(app: WizardApp) -> int:
    # A key must not wait for a thread that reads an answer of AWS; the default is 5 ms a turn.
    sys.setswitchinterval(0.001)
    asyncio.run(_until_ended(app))
    gc.freeze()  # the interpreter's last collection would look through all of the SDK: 150 ms
    # Textual has no code for a wizard that ended without being asked to.
    return 1 if app.return_code is None else app.return_code


async def _until_ended(app: WizardApp) -> None:
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":
        for ending in filter(_heeded, ENDINGS):
            loop.add_signal_handler(ending, app.exit, None, 128 + ending)
    await app.run_async()


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a signal end this block by an exception, so that what was opened is closed."""

    def end(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = {ending: signal.signal(ending, end) for ending in ENDINGS if _heeded(ending)}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


def _heeded(ending: signal.Signals) -> bool:
    """False under nohup and the like, which have a signal ignored."""
    return signal.getsignal(ending) is not signal.SIG_IGN


class Later:
    """`Outside` that is put together when it is first needed, after the first frame.

    Only the preferences are there at once: the frame is drawn in the theme they name.
    """

    def __init__(self, folder: Path, make: Callable[[type[World], Path], World]) -> None:
        self._folder = folder
        self._make = make

    @cached_property
    def _world(self) -> World:
        from sestui.connect import World

        return self._make(World, self._folder)

    @cached_property
    def preferences(self) -> Preferences:
        return FilePreferences(self._folder)

    @property
    def clipboard(self) -> Clipboard:
        return self._world.clipboard

    @property
    def keyring(self) -> KeyStore:
        return self._world.keyring

    @property
    def files(self) -> Files:
        return self._world.files

    @property
    def practice(self) -> Practice | None:
        return self._world.practice

    async def sources(self) -> Sources:
        return await self._world.sources()

    async def read_document(self, url: str) -> bytes:
        return await self._world.read_document(url)

    async def show_page(self, html: str) -> tuple[str, bool]:
        return await self._world.show_page(html)

    async def connect(self, choice: Choice) -> Cloud:
        return await self._world.connect(choice)


class PracticeProcess:
    """`sestui practice --serve` as a child that ends when our end of its stdin closes.

    Also when we are killed: the system closes it then.
    """

    def __init__(self, data_dir: Path | None, region: str, log: Path) -> None:
        self._command = [sys.executable, "-m", "sestui.practice.serve", "--until-stdin-closes"]
        if data_dir is not None:
            self._command += ["--data-dir", str(data_dir)]
        if region:
            self._command += ["--region", region]
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self._end: Future[None] = Future()

    async def start(self) -> PracticeAccess:
        """Start it and wait until it says where it listens.

        Raises:
            GatewayError: it ended instead, with what it said.
        """
        from sestui.gateways.threads import in_thread

        return await in_thread(self._start)

    async def ended(self) -> GatewayError:
        """Wait until it ends without being told to; why, by what it said."""
        await asyncio.shield(asyncio.wrap_future(self._end))
        return self._failed()

    def _start(self) -> PracticeAccess:
        from sestui.connect import PracticeAccess
        from sestui.practice.files import make_folder, open_private
        from sestui.practice.serve import own_environment

        self.end()
        make_folder(self._log.parent)
        with open_private(self._log, "w") as log:
            process = subprocess.Popen(  # noqa: S603 - our own module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=own_environment(os.environ),
            )
        self._process, self._end = process, Future()
        values: dict[str, str] = {}
        assert process.stdout is not None  # noqa: S101 - PIPE
        while PROMISED not in values:
            line = process.stdout.readline()
            if not line:
                raise self._failed()
            for word in shlex.split(line):
                name, equals, value = word.partition("=")
                if equals:
                    values[name] = value
        Thread(target=self._watch, args=(process, self._end), daemon=True).start()
        return PracticeAccess.of(values)

    def _watch(self, process: subprocess.Popen[str], end: Future[None]) -> None:
        process.wait()
        if process is self._process:
            end.set_result(None)

    def end(self) -> None:
        """Close its stdin and wait for it; it ends by itself within a moment."""
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _failed(self) -> GatewayError:
        from sestui.gateways.ports import GatewayError
        from sestui.practice.serve import NEEDED, SAID

        said = ""
        with suppress(OSError):
            said = self._log.read_text("utf-8", "replace")
        lines = [line for line in said.splitlines() if line.strip() and NEEDED not in line]
        reason = printable(lines[-1]).removeprefix(SAID) if lines else _("it said nothing")
        advice = (
            _("Install or update it: pip install --upgrade 'sestui[practice]'")
            if NEEDED in said
            else _("Start it by itself to see more: sestui practice --serve")
        )
        what = _("The practice account cannot run: {reason}").format(reason=reason)
        return GatewayError(Problem(what, advice, Trouble.LOCAL))
