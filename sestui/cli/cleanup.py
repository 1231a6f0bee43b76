"""`sestui cleanup`: what sestui made in this account and Region, listed; deleted when told to."""

from __future__ import annotations

from typing import Any

import click

from sestui.cli.leftovers import Kind, Thing, made
from sestui.cli.options import ACCOUNT, json_option, takes
from sestui.cli.output import ExitCode, Output, Paint
from sestui.cli.remains import Remains, look_for
from sestui.cli.session import Session, connect, has_terminal, pass_session, run_async
from sestui.cli.show import heading
from sestui.cli.words import Options
from sestui.domain.i18n import _, ngettext
from sestui.domain.plan import Call
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud
from sestui.workflows.carry_out import carry_out

SCHEMA = "sestui.cleanup/1"


@click.command(
    "cleanup",
    help=_(
        "List what sestui made in this account and Region and is still there.\n\n"
        "With --delete it is deleted, after a question; with --yes without one. What was there "
        "before sestui, what others use too, and DNS records are never touched."
    ),
)
@click.option("--delete", is_flag=True, help=_("Delete what is listed, after a question."))
@click.option("--yes", is_flag=True, help=_("Delete what is listed, without a question."))
@click.option(
    "--keep", metavar="NAME", multiple=True, help=_("Leave this one alone; can be repeated.")
)
@json_option
@takes(*ACCOUNT)
@pass_session
def command(
    session: Session,
    *,
    delete: bool,
    yes: bool,
    keep: tuple[str, ...],
    as_json: bool,
    options: Options,
) -> ExitCode:
    if delete and not yes and (as_json or not has_terminal()):
        raise click.UsageError(_("Nobody can be asked here. Say --yes to delete."))
    output = session.output
    cloud, remains = run_async(lambda: _look(session, options, frozenset(keep)))
    if not as_json:
        _list(output, cloud, remains, options)
    # Asked between two runs of the event loop: inside one, Ctrl-C would not end the question.
    wanted = bool(remains.plan) and (yes or (delete and _agree(len(remains.things))))
    if wanted:
        # What is gone already is tolerated, so doing it twice does no harm.
        run_async(lambda: _delete(session, cloud, remains.plan))
        _remind(output, remains)
    elif remains.plan and not as_json and not delete:
        output.note(_("Nothing was deleted. To do it: sestui cleanup --delete"))
    if as_json:
        output.result.document(_document(cloud, remains, options, deleted=wanted))
    return ExitCode.OK


async def _look(session: Session, options: Options, keep: frozenset[str]) -> tuple[Cloud, Remains]:
    world = session.front.world(options)
    cloud = await connect(session, world, options)
    place = cloud.connection
    known = made(world.journal.entries(), place.caller.account, place.region)
    return cloud, await look_for(cloud, known, keep)


def _agree(number: int) -> bool:
    question = ngettext("Delete this {n} thing?", "Delete these {n} things?", number)
    return click.confirm(question.format(n=number), default=False, err=True)


async def _delete(session: Session, cloud: Cloud, plan: tuple[Call, ...]) -> None:
    async for step in carry_out(cloud.changes, plan, session.front.sleep):
        if step.answer is not None:
            session.output.note(f"{step.number}/{step.of}  {printable(step.call.words)}")


def _remind(output: Output, remains: Remains) -> None:
    domains = [t.name for t in remains.things if t.kind is Kind.IDENTITY and "@" not in t.name]
    for domain in domains:
        output.note(
            _("Now remove the DNS records of {domain} too: names that lead nowhere are a risk.")
            .format(domain=printable(domain))
        )  # fmt: skip


def _list(output: Output, cloud: Cloud, remains: Remains, options: Options) -> None:
    out = output.result
    place = cloud.connection
    out.line(heading(out, _("Made by sestui"), place.region, place.caller.account))
    if not remains.things:
        out.line(_("Nothing is left."))
    width = max((len(t.kind.word) for t in remains.things), default=0)
    for thing in remains.things:
        when = f"  {thing.made.astimezone():%Y-%m-%d %H:%M}" if thing.made else ""
        out.line(f"  {thing.kind.word:<{width}}  {_name(thing)}{out.paint(when, Paint.FAINT)}")
    if remains.kept:
        out.line()
        out.line(out.paint(_("Left alone"), Paint.STRONG))
        for thing, reason in remains.kept:
            out.line(f"  {thing.kind.word}  {_name(thing)}: {printable(reason)}")
    if remains.plan:
        out.line()
        out.line(out.paint(_("What deletes it, in this order"), Paint.STRONG))
        for call in remains.plan:
            out.line(f"  {printable(call.words)}")
            text = printable(call.command(place.region, options.profile))
            out.line("    " + out.paint(text, Paint.FAINT))


def _name(thing: Thing) -> str:
    within = f" ({thing.within.rsplit(':', 1)[-1]})" if thing.within else ""
    return printable(thing.name + within)


def _document(cloud: Cloud, remains: Remains, options: Options, *, deleted: bool) -> dict[str, Any]:
    """`sestui.cleanup/1`."""
    place = cloud.connection
    return {
        "schema": SCHEMA,
        "account": place.caller.account,
        "region": place.region,
        "deleted": deleted,
        "things": [
            {
                "kind": str(thing.kind),
                "name": thing.name,
                "within": thing.within,
                "made_at": thing.made.isoformat() if thing.made else None,
            }
            for thing in remains.things
        ],
        "kept": [
            {"kind": str(thing.kind), "name": thing.name, "reason": reason}
            for thing, reason in remains.kept
        ],
        "commands": [call.command(place.region, options.profile) for call in remains.plan],
    }
