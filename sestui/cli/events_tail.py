"""`sestui events tail`: the events of a configuration set as they arrive."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from secrets import token_hex
from typing import Any

import click

from sestui.cli.events import agreed, need_consent, run_to_the_end, takes_set
from sestui.cli.options import ACCOUNT, json_option, takes
from sestui.cli.output import ExitCode, Paint, Stream
from sestui.cli.session import Session, outside, pass_session, run_async
from sestui.cli.words import Options
from sestui.domain.configset import EventType
from sestui.domain.errors import Problem
from sestui.domain.events import MailEvent, describe
from sestui.domain.i18n import _
from sestui.domain.prove import Question
from sestui.domain.prove.sieve import Sieve
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.tail import TailPlan, plan_tail, tail

SCHEMA = "sestui.event/1"
KINDS = {kind.value.lower().replace("_", "-"): kind for kind in EventType}
PAINTS = {
    Severity.OK: Paint.GOOD,
    Severity.WARNING: Paint.WARNING,
    Severity.ERROR: Paint.BAD,
    Severity.UNKNOWN: Paint.UNSURE,
}


@click.command(
    "tail",
    help=_(
        "Print the events of SET as they arrive, until Ctrl-C.\n\n"
        "They are caught in a temporary SQS queue, or looked at in one of yours. With --json each "
        "is one line."
    ),
)
@takes_set
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(list(KINDS), case_sensitive=False),
    multiple=True,
    help=_("Only events of this kind; can be repeated."),
)
@click.option("--to", "recipient", metavar="TEXT", default="", help=_("Part of the recipient."))
@click.option("--tag", metavar="NAME[=VALUE]", default="", help=_("Only mail with this tag."))
@click.option("--text", metavar="WORDS", default="", help=_("Words anywhere in the event."))
@click.option(
    "--count", type=click.IntRange(min=1), metavar="N", help=_("End after so many events.")
)
@click.option(
    "--timeout", type=click.FloatRange(min=1), metavar="SECONDS", help=_("End after this time.")
)
@json_option
@takes(*ACCOUNT)
@pass_session
def command(
    session: Session,
    *,
    name: str,
    queue: str,
    yes: bool,
    kinds: tuple[str, ...],
    recipient: str,
    tag: str,
    text: str,
    count: int | None,
    timeout: float | None,
    as_json: bool,
    options: Options,
) -> ExitCode:
    if not queue:  # a queue of one's own is only looked into
        need_consent(yes, as_json)
    output = session.output
    question = Question(name, token_hex(4), queue=queue)
    cloud, plan = run_async(lambda: _plan(session, options, question))
    place = cloud.connection
    if plan.plan and not agreed(
        output, plan.plan, plan.removal, region=place.region, profile=options.profile, yes=yes
    ):
        output.note(_("Nothing was done."))
        return ExitCode.ERROR
    for hop in plan.broken:
        output.note(f"✗ {hop.route}: {printable(hop.text)}")
    key, _equals, value = tag.partition("=")
    wanted = Sieve(frozenset(KINDS[kind.lower()] for kind in kinds), recipient, (key, value), text)
    follow = _Follow(session, wanted, count, timeout)
    ended = run_to_the_end(lambda: follow.run(cloud, plan))
    return ended if isinstance(ended, ExitCode) else ExitCode.OK


async def _plan(session: Session, options: Options, question: Question) -> tuple[Cloud, TailPlan]:
    cloud = await outside(session, options)
    plan = await plan_tail(cloud, question)
    if plan.problem is not None:
        raise GatewayError(plan.problem)
    return cloud, plan


class _Follow:
    """Prints what comes."""

    def __init__(
        self, session: Session, wanted: Sieve, count: int | None, timeout: float | None
    ) -> None:
        self._output = session.output
        self._sleep = session.front.sleep
        self._wanted = wanted
        self._count = count
        self._timeout = timeout
        self._told: Problem | None = None

    async def run(self, cloud: Cloud, plan: TailPlan) -> None:
        # Not around the removal at the end, which takes the time it needs.
        events = tail(cloud, plan, self._sleep, wanted=self._wanted, on_trouble=self._trouble)
        self._output.note(_("Waiting for events. Ctrl-C ends it."))
        async with aclosing(events):
            try:
                async with asyncio.timeout(self._timeout):
                    await self._print(events)
            except TimeoutError:
                return

    async def _print(self, events: Any) -> None:
        printed = 0
        async for event in events:
            show_event(self._output.result, event, as_json=self._output.as_json)
            printed += 1
            if printed == self._count:
                return

    def _trouble(self, problem: Problem | None) -> None:
        if problem is not None and problem != self._told:
            self._output.note(printable(problem.what))
        self._told = problem


def show_event(out: Stream, event: MailEvent, *, as_json: bool) -> None:
    if as_json:
        out.line(json.dumps(as_document(event), ensure_ascii=False))
        return
    said = describe(event)
    when = out.paint(f"{event.at.astimezone():%H:%M:%S}", Paint.FAINT)
    word = out.paint(f"{said.glyph} {said.word:<12}", PAINTS[said.severity])
    out.line(f"{when}  {word}  {', '.join(event.recipients)}")
    out.line(f"            {said.sentence}")
    if said.advice:
        out.line("            " + out.paint(f"→ {said.advice}", Paint.FAINT))


def as_document(event: MailEvent) -> dict[str, Any]:
    """`sestui.event/1`: what sestui makes of it, and the event as SES publishes it."""
    said = describe(event)
    return {
        "schema": SCHEMA,
        "at": event.at.isoformat(),
        "kind": event.kind.value,
        "message_id": event.message_id,
        "recipients": list(event.recipients),
        "severity": str(said.severity),
        "sentence": said.sentence,
        "advice": said.advice,
        "event": _raw(event),
    }


def _raw(event: MailEvent) -> Any:
    try:
        return json.loads(event.raw)
    except ValueError:
        return None
