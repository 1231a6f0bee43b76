"""The outside, put together: what the wizard and the headless commands are handed.

Knows every gateway and no front end. The gateways are imported where they are first needed, so that
the first frame does not wait for them; boto3, dnspython and keyring come later still.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sestui.domain.account import Choice, Keys, Secret, Source, Sources
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.clipboard import SystemClipboard
from sestui.gateways.keyring import OsKeyring
from sestui.gateways.limiter import Limiters
from sestui.gateways.nameserver import named_servers, parse_nameserver
from sestui.gateways.ports import Cloud, Dns, GatewayError, Practice
from sestui.gateways.practice import PracticeAccess, PracticeHttp, loopback_port
from sestui.gateways.preferences import FilePreferences, config_folder
from sestui.gateways.threads import in_thread

if TYPE_CHECKING:
    from sestui.gateways.files import DiskFiles
    from sestui.gateways.journal import Journal
    from sestui.gateways.way import Way

_GOING = 1.0
"""Seconds within which a practice account that breaks a connection has ended."""
_Done = TypeVar("_Done")

__all__ = ["PracticeAccess", "Settings", "World", "name_servers", "parse_nameserver"]


class Settings(Protocol):
    """What the command line says about where and as whom; empty is "not said"."""

    @property
    def profile(self) -> str: ...

    @property
    def region(self) -> str: ...

    @property
    def endpoint_url(self) -> str:
        """For every AWS service, like AWS_ENDPOINT_URL."""
        ...

    @property
    def nameservers(self) -> Sequence[str]:
        """`HOST` or `HOST:PORT` each."""
        ...


@dataclass(frozen=True, slots=True)
class _NothingSaid:
    profile: str = ""
    region: str = ""
    endpoint_url: str = ""
    nameservers: tuple[str, ...] = ()


class World:
    """`Outside`, for one run of sestui.

    Args:
        options: of the command line.
        practice: starts the practice account, or waits for it; called once, at the first need.
        practice_ends: waits until an account that was started ends by itself; why.
        environment: of the process.
        state: folder of the journal; `config`: of the preferences. None: where this machine keeps
            such things, apart for practice and for AWS.
        monotonic: a clock in seconds, `sleep` waits them; for the limiter.
        queue_wait: seconds that a look into an SQS queue waits for a message.

    Raises:
        GatewayError: a name server in `options` or SESTUI_NAMESERVER is none.
    """

    def __init__(
        self,
        options: Settings | None = None,
        *,
        practice: Callable[[], Awaitable[PracticeAccess]] | None = None,
        practice_ends: Callable[[], Awaitable[GatewayError]] | None = None,
        environment: Mapping[str, str] = os.environ,
        state: Path | None = None,
        config: Path | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        queue_wait: int = 1,
    ) -> None:
        self._options: Settings = options or _NothingSaid()
        self._environment = environment
        self._start_practice = practice
        self._practice_ends = practice_ends
        self._is_new = True
        self._state = state
        self._config = config
        self._limiters = Limiters(monotonic=monotonic, sleep=sleep)
        self._queue_wait = queue_wait
        self._dns: Dns | None = None
        self._opening: asyncio.Task[PracticeAccess] | None = None
        self._nameservers = named_servers(self._options.nameservers, environment)
        self._practice = self._practice_interface()
        self.clipboard = SystemClipboard(environment)
        self.keyring = OsKeyring()

    @cached_property
    def preferences(self) -> FilePreferences:
        return FilePreferences(self._own_folder(self._config, config_folder))

    @cached_property
    def files(self) -> DiskFiles:
        from sestui.gateways.files import DiskFiles

        return DiskFiles()

    @cached_property
    def journal(self) -> Journal:
        """What was changed; for undo and clean-up."""
        from sestui.gateways.journal import Journal, state_folder

        return Journal(self._own_folder(self._state, state_folder))

    @property
    def practice(self) -> Practice | None:
        return self._practice

    async def sources(self) -> Sources:
        if self._is_new:  # later ones are of this run
            self._is_new = False
            await in_thread(self._forget_page)
        if self._start_practice is not None:
            # The profiles and keys of real accounts have no business there.
            return Sources(region=self._options.region)
        from sestui.gateways.region import find_region

        (names, regions), (keyring, kept) = await asyncio.gather(
            self._profiles(), self.keyring.look()
        )
        default = self._options.profile or self._environment.get("AWS_PROFILE", "")
        region, source = find_region(
            self._environment,
            option=self._options.region,
            profile=regions.get(default or "default", ""),
        )
        return Sources(
            profiles=tuple(printable(name) for name in names),
            kept_keys=kept,
            keyring=keyring,
            region=region,
            region_source=source,
            default_profile=default,
        )

    async def read_document(self, url: str) -> bytes:
        from sestui.gateways.web import read_document

        return await read_document(url)

    async def show_page(self, html: str) -> tuple[str, bool]:
        from sestui.gateways.browser import show_page
        from sestui.gateways.journal import state_folder

        path, opened = await show_page(html, self._own_folder(self._state, state_folder))
        return printable(str(path)), opened

    def _forget_page(self) -> None:
        from sestui.gateways.browser import remove_page
        from sestui.gateways.journal import state_folder

        remove_page(self._own_folder(self._state, state_folder))

    async def connect(self, choice: Choice) -> Cloud:
        from sestui.gateways.changes import BotoChanges
        from sestui.gateways.metrics import BotoMetrics
        from sestui.gateways.neighbours import BotoNeighbours
        from sestui.gateways.proofs import BotoProofs
        from sestui.gateways.queue import BotoQueues
        from sestui.gateways.ses import BotoSes
        from sestui.gateways.smtp import smtp_of
        from sestui.gateways.way import open_connection

        way = await self._way(choice)
        aws, connection = await self._unless_practice_ends(in_thread(open_connection, way))
        account = connection.caller.account
        access = await self.practice_access() if self._start_practice is not None else None
        aws.known_as(connection.caller, self._limiters.of(account, connection.region))
        return Cloud(
            connection=connection,
            ses=BotoSes(aws),
            changes=BotoChanges(aws, self.journal, account),
            neighbours=BotoNeighbours(aws, account),
            dns=await self._names(),
            queues=BotoQueues(aws, account, wait=self._queue_wait),
            smtp=smtp_of(aws, connection, self._environment, access),
            metrics=BotoMetrics(aws),
            proofs=BotoProofs(aws),
        )

    async def practice_access(self) -> PracticeAccess:
        """The practice account's, started when it is not.

        Raises:
            GatewayError: it could not be started.
        """
        if self._start_practice is None:
            raise _no_practice()
        if self._opening is None or (self._opening.done() and self._opening.exception()):
            self._opening = asyncio.ensure_future(_awaited(self._start_practice))
        # A cancelled connect must not end the start that the next one waits for.
        return await asyncio.shield(self._opening)

    async def _unless_practice_ends(self, work: Coroutine[Any, Any, _Done]) -> _Done:
        """The result of `work`, which does not wait for an account that is gone.

        Raises:
            GatewayError: of `work`; or why the account has ended.
        """
        if self._practice_ends is None:
            return await work
        task = asyncio.ensure_future(work)
        end = asyncio.ensure_future(self._practice_ends())
        try:
            await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and task.exception():
                # Its connections break a moment before the process is gone.
                await asyncio.wait({end}, timeout=_GOING)
            if end.done():
                self._opening = None  # the next connection starts it again
                raise end.result()
            return await task
        finally:
            task.cancel()
            end.cancel()

    async def _way(self, choice: Choice) -> Way:
        from sestui.gateways.aws import Endpoints
        from sestui.gateways.failures import Where
        from sestui.gateways.way import Way

        if self._start_practice is not None:
            access = await self.practice_access()
            return Way(
                choice=choice,
                endpoints=Endpoints(ses=access.ses, others=access.neighbours),
                keys=choice.keys or access.keys,
                option=self._options.region or access.region,
                alone=True,
            )
        if choice.source is Source.PRACTICE:
            raise _no_practice()
        if choice.source is Source.DEFAULT and self._options.profile:
            choice = replace(choice, source=Source.PROFILE, profile=self._options.profile)
        named = choice.source is Source.PROFILE
        url = self._options.endpoint_url
        profile = choice.profile if named else self._environment.get("AWS_PROFILE", "")
        return Way(
            choice=choice,
            endpoints=Endpoints(ses=url, others=url),
            keys=await self._keys(choice),
            option=self._options.region,
            environment=self._environment,
            where=Where(profile=profile),
        )

    async def _keys(self, choice: Choice) -> Keys | None:
        match choice.source:
            case Source.TYPED:
                keys = choice.keys
                what = _("No access key was typed.")
            case Source.KEYRING:
                keys = await self.keyring.keys(choice.profile)
                what = _("The keyring holds no keys called {name}.").format(name=choice.profile)
            case _:
                return None
        if keys is None:
            raise GatewayError(
                Problem(what, _("Type the access key, or choose a profile."), Trouble.CREDENTIALS)
            )
        return keys

    async def _names(self) -> Dns:
        """One for the whole run, with what it has found out."""
        if self._dns is None:
            practice = self._start_practice is not None
            servers = (
                ((await self.practice_access()).nameserver,) if practice else self._nameservers
            )
            from sestui.gateways.dns import DnsPython

            self._dns = DnsPython(servers)
        return self._dns

    async def _profiles(self) -> tuple[tuple[str, ...], Mapping[str, str]]:
        from sestui.gateways.session import profiles

        try:
            return await in_thread(profiles)
        except GatewayError:  # said when somebody connects with it
            return (), {}

    def _own_folder(self, given: Path | None, find: Callable[[], Path]) -> Path:
        if given is not None:
            return given
        return find() / "practice" if self._start_practice is not None else find()

    def _practice_interface(self) -> PracticeHttp | None:
        if self._start_practice is not None:
            return PracticeHttp(self._control)
        url = self._environment.get("SESTUI_PRACTICE", "").rstrip("/")
        if loopback_port(url) is None:
            return None

        token = Secret(self._environment.get("SESTUI_PRACTICE_TOKEN", ""))

        async def given() -> tuple[str, Secret]:
            return url, token

        return PracticeHttp(given)

    async def _control(self) -> tuple[str, Secret]:
        access = await self.practice_access()
        return access.control, access.token


async def _awaited(start: Callable[[], Awaitable[PracticeAccess]]) -> PracticeAccess:
    return await start()


def name_servers(nameservers: Sequence[str] = ()) -> Dns:
    """DNS alone, without any account; `nameservers` as on the command line.

    Raises:
        GatewayError: one of them is no name server.
    """
    from sestui.gateways.dns import DnsPython

    return DnsPython(named_servers(nameservers, {}))


def _no_practice() -> GatewayError:
    return GatewayError(
        Problem(
            _("There is no practice account in this run."),
            _("Start one with `sestui practice`."),
            Trouble.LOCAL,
        )
    )
