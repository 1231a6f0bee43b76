"""What every command is given: the way out (output), the way in (launchers), the way to AWS."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sestui.cli.output import Output
from sestui.cli.words import Options
from sestui.domain.i18n import _

if TYPE_CHECKING:
    from sestui.connect import World
    from sestui.domain.identity import Identity
    from sestui.gateways.ports import Cloud, Dns, GatewayError, Outside

Result = TypeVar("Result")
Launcher = Callable[[Options], int]


def open_world(options: Options) -> World:
    """The gateways, as `options` and the environment say. Raises GatewayError."""
    from sestui.connect import World

    return World(options)


async def sleep(seconds: float) -> None:
    """Wait; asyncio is imported only then, which help does without."""
    import asyncio

    await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Front:
    """What the front door hands to the commands.

    Attributes:
        wizard, practice: start the wizard; commands may not import Textual.
        world: makes the gateways.
        sleep: waits so many seconds.
    """

    wizard: Launcher
    practice: Launcher
    world: Callable[[Options], World] = open_world
    sleep: Callable[[float], Awaitable[None]] = sleep


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the command line; click carries it as `obj`."""

    output: Output
    front: Front


def has_terminal() -> bool:
    """Both ways: a wizard that cannot be seen or typed into would only hang."""
    return all(s is not None and s.isatty() for s in (sys.stdin, sys.stdout))


pass_session = click.make_pass_decorator(Session)


THROTTLED_TRIES = 5
THROTTLED_PAUSE = 2.0


def run_async(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a command's work to its end; once more when AWS says that it is too much at once.

    SES allows one request a second in an account, and a script's commands come one after another,
    each knowing nothing of the one before. `work` must be fit to be done twice.
    """
    import asyncio

    from sestui.domain.errors import Trouble
    from sestui.gateways.ports import GatewayError

    async def patiently() -> Result:
        for _number in range(THROTTLED_TRIES - 1):
            try:
                return await work()
            except GatewayError as error:
                if error.trouble is not Trouble.THROTTLED:
                    raise
            await asyncio.sleep(THROTTLED_PAUSE)
        return await work()

    return asyncio.run(patiently())


async def outside(session: Session, options: Options) -> Cloud:
    """The account that `options` and the environment lead to. Raises GatewayError."""
    return await connect(session, session.front.world(options), options)


async def connect(session: Session, world: Outside, options: Options) -> Cloud:
    """The same through a `world` that is there already. Raises GatewayError."""
    from sestui.domain.account import Choice, RegionSource, Source

    source = Source.PROFILE if options.profile else Source.DEFAULT
    cloud = await world.connect(Choice(source, options.profile, options.region))
    if cloud.connection.region_source is RegionSource.FALLBACK:
        session.output.note(
            _("No Region was named; this is {region}. Name one by --region.").format(
                region=cloud.connection.region
            )
        )
    return cloud


def name_servers(options: Options) -> Dns:
    """DNS alone, without any account: `--nameserver`, else SESTUI_NAMESERVER, else the world's.

    Raises:
        UsageError: the variable names no server.
    """
    from sestui.gateways.dns import DnsPython
    from sestui.gateways.nameserver import parse_nameservers

    given = " ".join(options.nameservers) or os.environ.get("SESTUI_NAMESERVER", "")
    try:
        return DnsPython(parse_nameservers(given))
    except ValueError as problem:
        raise click.UsageError(f"SESTUI_NAMESERVER: {problem}") from None


async def need_identity(cloud: Cloud, name: str) -> Identity:
    """The identity `name`. Raises GatewayError, also when there is none."""
    identity = await cloud.ses.identity(name)
    if identity is None:
        raise await no_identity(cloud, name)
    return identity


async def no_identity(cloud: Cloud, name: str) -> GatewayError:
    """What to say when `name` is no identity here: Regions and parents are what people mix up."""
    from sestui.domain.errors import Problem, Trouble
    from sestui.domain.names import is_below
    from sestui.gateways.ports import GatewayError

    what = _("{name} is no identity in {region} of account {account}.").format(
        name=name, region=cloud.connection.region, account=cloud.connection.caller.account
    )
    here = [row.name for row in await cloud.ses.identities()]
    host = name.rpartition("@")[2]
    if parents := [other for other in here if other != name and is_below(host, other)]:
        advice = _("It is covered by the identity {parent}; ask for that one.").format(
            parent=parents[0]
        )
    elif here:
        shown = ", ".join(here[:5]) + (" …" if len(here) > 5 else "")
        advice = _("There are: {names}. Or is it in another Region (--region)?").format(names=shown)
    else:
        advice = _("There is none at all here. Is it in another Region (--region)?")
    return GatewayError(Problem(what, advice, Trouble.GONE))
