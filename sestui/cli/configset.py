"""`sestui configset list` and `sestui configset show NAME`: configuration sets for scripts."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sestui.cli.configset_json import Seen, list_document, show_document
from sestui.cli.options import ACCOUNT, json_option, takes
from sestui.cli.output import ExitCode, Output
from sestui.cli.session import Session, outside, pass_session, run_async
from sestui.cli.words import Options
from sestui.domain.configset import parse_set_name
from sestui.domain.configset.trouble import hearing
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.configset import default_sets, topic_states, topics_of

IDENTITIES = 10
"""How many are read to see which set is their default, when nothing else is said."""
MANY = 5
"""Sets from which on it is told how far the reading is: SES answers once a second."""


@click.group("configset", help=_("Show the configuration sets of this account and Region."))
def command() -> None:
    pass


def _set_name(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return parse_set_name(value)
    except InvalidName as problem:
        raise click.BadParameter(str(problem)) from None


_identities = click.option(
    "--identities",
    metavar="N",
    type=click.IntRange(min=0),
    help=_("Read up to N identities, one a second, to see which sets are their default."),
)


@command.command(
    "list",
    help=_(
        "List the configuration sets: sending, metrics, where their events go, and who hears of "
        "bounces and complaints."
    ),
    epilog=_("Exit codes: 0 listed, 1 not found out."),
)
@_identities
@json_option
@takes(*ACCOUNT)
@pass_session
def list_command(
    session: Session, identities: int | None, as_json: bool, options: Options
) -> ExitCode:
    seen = Seen()
    most = IDENTITIES if identities is None else identities
    cloud = run_async(lambda: _read_all(session, options, seen, most))
    if as_json:
        session.output.result.document(list_document(cloud.connection, seen))
    else:
        from sestui.cli.configset_show import show_list

        show_list(session.output, cloud.connection, seen.summaries, seen.defaults, seen.dangling)
    return ExitCode.OK


@command.command(
    "show",
    help=_("Show one configuration set: every option, its event destinations, what is amiss."),
    epilog=_("Exit codes: 0 fine, 3 something does not work, 1 not found out."),
)
@click.argument("name", metavar="NAME", callback=_set_name)
@_identities
@json_option
@takes(*ACCOUNT)
@pass_session
def show_command(
    session: Session, name: str, identities: int | None, as_json: bool, options: Options
) -> ExitCode:
    seen = Seen()
    cloud = run_async(lambda: _read_one(session, options, seen, name, identities or 0))
    found = seen.sets[name]
    warnings = hearing(found, seen.topics)
    if as_json:
        session.output.result.document(show_document(cloud.connection, seen, found, warnings))
    else:
        from sestui.cli.configset_show import show_set

        show_set(session.output.result, cloud.connection, found, warnings, seen.topics)
        if seen.defaults is not None:
            users = ", ".join(map(printable, seen.defaults.users(name))) or _("none")
            session.output.result.line(_("Default of: {identities}").format(identities=users))
            session.output.note(str(seen.defaults))
    broken = any(each.severity is Severity.ERROR for each in warnings)
    return ExitCode.NOT_READY if broken else ExitCode.OK


# Reading


async def _read_all(session: Session, options: Options, seen: Seen, most: int) -> Cloud:
    cloud = seen.cloud = seen.cloud or await outside(session, options)
    output = session.output
    seen.names = await cloud.ses.configuration_sets()
    left = [name for name in seen.names if name not in seen.sets]
    if len(left) >= MANY:
        text = _("Reading {n} configuration sets; SES answers once a second …")
        output.note(text.format(n=len(left)))
    for number, name in enumerate(left, 1):
        found = await cloud.ses.configuration_set(name)
        if found is not None:  # deleted a moment ago
            seen.sets[name] = found
        if len(left) >= MANY and (number % MANY == 0 or number == len(left)):
            output.note(f"{number}/{len(left)}")
    await _read_topics(cloud, seen)
    if most:
        await _read_defaults(cloud, seen, most, output)
    return cloud


async def _read_one(session: Session, options: Options, seen: Seen, name: str, most: int) -> Cloud:
    cloud = seen.cloud = seen.cloud or await outside(session, options)
    found = await cloud.ses.configuration_set(name)
    if found is None:
        raise _no_set(cloud, name, await cloud.ses.configuration_sets())
    seen.sets[name] = found
    await _read_topics(cloud, seen)
    if most:
        await _read_defaults(cloud, seen, most, session.output)
    return cloud


async def _read_topics(cloud: Cloud, seen: Seen) -> None:
    destinations = [each for found in seen.sets.values() for each in found.destinations]
    new = [arn for arn in topics_of(destinations) if arn not in seen.topics]
    seen.topics |= await topic_states(cloud, new)


async def _read_defaults(cloud: Cloud, seen: Seen, most: int, output: Output) -> None:
    """Nothing, when identities may not be read: the rest is worth showing without."""
    try:
        identities = await cloud.ses.identities()
        if min(most, len(identities)) >= MANY:
            text = _("Reading {n} identities, for their default sets …")
            output.note(text.format(n=min(most, len(identities))))
        seen.defaults = await default_sets(cloud, identities, most=most)
    except GatewayError as error:
        if error.trouble is not Trouble.DENIED:
            raise
        output.note(printable(error.problem.what))


def _no_set(cloud: Cloud, name: str, names: Sequence[str]) -> GatewayError:
    what = _("{name} is no configuration set in {region} of account {account}.").format(
        name=name, region=cloud.connection.region, account=cloud.connection.caller.account
    )
    if names:
        shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        advice = _("There are: {names}. Or is it in another Region (--region)?").format(names=shown)
    else:
        advice = _("There is none at all here. Is it in another Region (--region)?")
    return GatewayError(Problem(what, advice, Trouble.GONE))
