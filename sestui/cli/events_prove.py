"""`sestui events prove`: three mails to the simulator, and every hop of their events."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import click

from sestui.cli.events import agreed, need_consent, run_to_the_end, takes_set
from sestui.cli.options import ACCOUNT, json_option, takes
from sestui.cli.output import ExitCode, Output, Paint, Stream
from sestui.cli.session import Session, outside, pass_session, run_async
from sestui.cli.words import Options
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_address
from sestui.domain.prove import Hop, HopKind, Leftover, Phase, Proof, Question, State, removal_plan
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud
from sestui.workflows.carry_out import carry_out
from sestui.workflows.leftover_proofs import leftover_proofs
from sestui.workflows.prospect import Prospect, look
from sestui.workflows.prove import PATIENCE, prove

SCHEMA = "sestui.prove/1"
PAINTS = {
    State.WAITING: Paint.WARNING,
    State.GREEN: Paint.GOOD,
    State.AMBER: Paint.WARNING,
    State.RED: Paint.BAD,
    State.UNKNOWN: Paint.UNSURE,
}


def _sender(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not value:
        return ""
    try:
        return str(parse_address(value))
    except InvalidName as problem:
        raise click.BadParameter(str(problem)) from None


@click.command(
    "prove",
    help=_(
        "Prove that the events of SET arrive.\n\n"
        "Three mails go to the mailbox simulator, which is billed like any mail and touches "
        "neither quota nor reputation. Their events are caught in a temporary SQS queue, or in "
        "one of yours; each hop of their way is shown, with what to do where it is broken."
    ),
    epilog=_(
        "Exit codes: 0 the events arrive, 3 a hop is broken, 1 not done or not known, "
        "130 interrupted."
    ),
)
@takes_set
@click.option(
    "--from",
    "sender",
    metavar="ADDRESS",
    default="",
    callback=_sender,
    help=_("A verified sender; otherwise one of an identity that uses the set."),
)
@click.option(
    "--raw/--enveloped",
    default=None,
    help=_("What the receiver expects: the event alone, or SNS's envelope around it."),
)
@click.option(
    "--named",
    is_flag=True,
    help=_("The application names the set in each mail; it need not be a default."),
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=PATIENCE,
    show_default=True,
    help=_("Seconds to wait for events."),
)
@json_option
@takes(*ACCOUNT)
@pass_session
def command(
    session: Session,
    *,
    name: str,
    sender: str,
    queue: str,
    raw: bool | None,
    named: bool,
    yes: bool,
    timeout: float,
    as_json: bool,
    options: Options,
) -> ExitCode:
    need_consent(yes, as_json)
    output = session.output
    question = Question(name, token_hex(4), sender, queue, raw, named)
    cloud, prospect, left = run_async(lambda: _look(session, options, question))
    _offer_removal(session, cloud, left, yes=yes)
    place = cloud.connection
    if prospect.plan and not agreed(
        output,
        prospect.plan,
        prospect.removal,
        region=place.region,
        profile=options.profile,
        yes=yes,
    ):
        output.note(_("Nothing was done."))
        return ExitCode.ERROR
    proof = run_to_the_end(lambda: _prove(session, cloud, prospect, timeout))
    if isinstance(proof, ExitCode):
        return proof
    if as_json:
        output.result.document(as_document(cloud, proof))
    else:
        show_proof(output.result, proof, place.region)
    _tell_what_is_left(output, proof)
    return exit_code(proof)


async def _look(
    session: Session, options: Options, question: Question
) -> tuple[Cloud, Prospect, tuple[Leftover, ...]]:
    cloud = await outside(session, options)
    left = await leftover_proofs(cloud)
    return cloud, await look(cloud, question), left


def _offer_removal(
    session: Session, cloud: Cloud, left: tuple[Leftover, ...], *, yes: bool
) -> None:
    """What an interrupted run has left; it is removed when somebody says so."""
    output = session.output
    now = datetime.now(UTC)
    busy = tuple(each for each in left if each.may_be_in_use(now))
    if yes:
        # Nobody looks: what a run elsewhere may be using stays.
        left = tuple(each for each in left if not each.may_be_in_use(now) and each.known)
        for each in busy:
            text = _("{kind} {name} is of another run, maybe one under way; it stays.")
            output.note(text.format(kind=each.sort.word, name=printable(each.name)))
    if not left:
        return
    if not yes:
        out = output.messages
        out.line(out.paint(_("An interrupted run has left things behind"), Paint.STRONG))
        for each in left:
            age = f"  {each.made.astimezone():%Y-%m-%d %H:%M}" if each.made else ""
            out.line(f"  {each.sort.word}  {printable(each.name)}{out.paint(age, Paint.FAINT)}")
        if busy:
            out.line(_("  Is a proof under way elsewhere at this moment? Then leave them."))
        if not click.confirm(_("Remove them?"), default=not busy, err=True):
            return
    run_async(lambda: _remove(session, cloud, left))


async def _remove(session: Session, cloud: Cloud, left: tuple[Leftover, ...]) -> None:
    async for step in carry_out(cloud.changes, removal_plan(left), session.front.sleep):
        if step.answer is not None:
            session.output.note(printable(step.call.words))


async def _prove(session: Session, cloud: Cloud, prospect: Prospect, patience: float) -> Proof:
    words = {
        Phase.SENDING: _("Sending three mails to the simulator …"),
        Phase.WATCHING: _("Waiting for their events …"),
        Phase.CLEANING: _("Removing what was made …"),
    }
    phase = None
    sleep = session.front.sleep
    steps = prove(cloud, prospect, sleep, lambda: datetime.now(UTC), patience=patience)
    async with aclosing(steps):
        async for proof in steps:
            if proof.phase is not phase and proof.phase in words:
                session.output.note(words[proof.phase])
            phase = proof.phase
    return proof


def _tell_what_is_left(output: Output, proof: Proof) -> None:
    for words, problem in proof.left:
        text = _("Not done: {words}: {why}").format(words=words, why=problem.what)
        output.messages.line(printable(text))
    if proof.left and not output.as_json:
        output.messages.line(_("sestui cleanup --delete removes it."))


def exit_code(proof: Proof) -> ExitCode:
    if proof.problem is not None or proof.left:
        return ExitCode.ERROR
    match proof.state:
        case State.GREEN | State.AMBER:
            return ExitCode.OK
        case State.RED:
            return ExitCode.NOT_READY
    return ExitCode.ERROR


# For people


def show_proof(out: Stream, proof: Proof, region: str) -> None:
    """Each hop with its glyph, and what to do about those that are not green."""
    width = max(len(hop.kind.word) for hop in proof.hops)
    route = ""
    for hop in proof.hops:
        if hop.route != route:
            route = hop.route
            out.line(out.paint(f"── {printable(route)}", Paint.STRONG))
        glyph = out.paint(hop.state.glyph, PAINTS[hop.state])
        out.line(f"{glyph} {hop.kind.word:<{width}}  {printable(hop.text)}")
        if hop.state is not State.GREEN and hop.fix is not None and hop.fix.advice:
            out.line(" " * (width + 4) + "→ " + printable(hop.fix.advice))
        if hop.state is State.RED and hop.fix is not None and hop.kind is not HopKind.ARRIVED:
            _show_fix(out, hop, region)
    out.line()
    out.line(out.paint(*_verdict(proof)))


def _show_fix(out: Stream, hop: Hop, region: str) -> None:
    fix = hop.fix
    for line in fix.text.splitlines() if fix else ():
        out.line("    " + out.paint(printable(line), Paint.FAINT))
    for call in fix.plan if fix else ():
        out.line("    " + out.paint("$ " + printable(call.command(region)), Paint.FAINT))


def _verdict(proof: Proof) -> tuple[str, Paint, Paint]:
    words = {
        State.GREEN: _("Proven: the events arrive."),
        State.AMBER: _("Proven: the events arrive. See what is marked above."),
        State.RED: _("Broken: see the first red hop."),
        State.WAITING: _("Not finished."),
        State.UNKNOWN: _("Not proven: nothing could be seen to arrive."),
    }
    text = proof.problem.what if proof.problem else words[proof.state]
    return f"{proof.state.glyph} {printable(text)}", PAINTS[proof.state], Paint.STRONG


# For programs


def as_document(cloud: Cloud, proof: Proof) -> dict[str, Any]:
    """`sestui.prove/1`."""
    place = cloud.connection
    return {
        "schema": SCHEMA,
        "account": place.caller.account,
        "region": place.region,
        "configuration_set": proof.question.set_name,
        "nonce": proof.question.nonce,
        "status": str(proof.state),
        "hops": [_hop(hop, place.region) for hop in proof.hops],
        "mails": [
            {
                "scenario": str(mail.scenario),
                "to": mail.address,
                "message_id": mail.message_id,
                "sent_at": mail.sent.isoformat() if mail.sent else None,
            }
            for mail in proof.mails
        ],
        "problem": proof.problem.what if proof.problem else "",
        "not_removed": [words for words, _problem in proof.left],
    }


def _hop(hop: Hop, region: str) -> dict[str, Any]:
    fix = hop.fix
    return {
        "hop": str(hop.kind),
        "state": str(hop.state),
        "code": hop.code,
        "text": printable(hop.text),
        "destination": hop.route,
        "about": hop.about,
        "since": hop.since.isoformat() if hop.since else None,
        "advice": printable(fix.advice) if fix else "",
        "json": fix.text if fix else "",
        "commands": [call.command(region) for call in fix.plan] if fix else [],
    }
