"""`sestui check DOMAIN`: do the records in DNS match what SES needs, and what does SES say?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

import click

from sestui.cli.expected import NotRecords, read_records
from sestui.cli.options import EVERYTHING, domain, json_option, takes
from sestui.cli.output import ExitCode, Output
from sestui.cli.session import (
    Session,
    name_servers,
    need_identity,
    no_identity,
    outside,
    pass_session,
    run_async,
)
from sestui.cli.show import show_check
from sestui.cli.verdict import Checked, CheckStatus
from sestui.cli.words import Options
from sestui.domain.diagnosis import RecordCheck, Severity
from sestui.domain.i18n import _
from sestui.domain.records import RequiredRecord
from sestui.workflows.check import Target, check_domain
from sestui.workflows.verify import next_pause, watch


@click.command(
    "check",
    help=_(
        "Compare a domain's DNS records with what SES needs, and tell what SES says.\n\n"
        "The records come from the identity at AWS. With --expect they come from a file that "
        "`sestui records DOMAIN --format json` wrote, and AWS is not asked at all: for whoever "
        "owns the DNS and has no AWS account."
    ),
    epilog=_(
        "Exit codes: 0 all is well (DMARC may be missing: that is a warning), 3 a record is "
        "missing or wrong or SES has given up, 4 the records are right and SES has not seen them "
        "yet, 1 could not be found out."
    ),
)
@click.argument("name", metavar="DOMAIN", callback=domain)
@click.option(
    "--expect",
    metavar="FILE",
    type=click.File(encoding="utf-8"),
    help=_("Records to expect; - is stdin."),
)
@click.option("--wait", is_flag=True, help=_("Look again and again until all is well."))
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0.0),
    default=3600.0,
    show_default=True,
    help=_("With --wait: stop after this long."),
)
@json_option
@takes(*EVERYTHING)
@pass_session
def command(
    session: Session,
    *,
    name: str,
    expect: IO[str] | None,
    wait: bool,
    timeout: float,
    as_json: bool,
    options: Options,
) -> ExitCode:
    expected = None if expect is None else _expected(expect, name)
    limit = timeout if wait else None

    def looks() -> AsyncGenerator[Look]:
        return (
            _from_file(session, options, name, *expected)
            if expected
            else _from_aws(session, options, name)
        )

    checked = run_async(lambda: _last(session.output, looks(), limit))
    if as_json:
        session.output.result.document(checked.as_json())
    else:
        show_check(session.output.result, checked)
    return checked.status.code


def _expected(file: IO[str], name: str) -> tuple[str, tuple[RequiredRecord, ...]]:
    try:
        return read_records(file.read(), name)
    except (NotRecords, UnicodeDecodeError) as problem:
        text = str(problem) if isinstance(problem, NotRecords) else _("It is no UTF-8 text.")
        raise click.BadParameter(text, param_hint="--expect") from None


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """One complete look, and the seconds until the next."""

    checked: Checked
    pause: float


async def _from_aws(session: Session, options: Options, name: str) -> AsyncGenerator[Look]:
    cloud = await outside(session, options)
    identity = await need_identity(cloud, name)
    region = cloud.connection.region
    report = await check_domain(cloud.dns, Target.of(identity, region), now=_now)
    pause = next_pause(0.0, news=True)
    yield Look(Checked(region, report, identity), pause)
    sleep = session.front.sleep
    await sleep(pause)
    async for seen in watch(cloud, identity, report.checks, sleep=sleep, now=_now):
        if seen.identity is None or seen.report is None:
            raise await no_identity(cloud, name)
        yield Look(Checked(region, seen.report, seen.identity, seen.problem), seen.pause)


async def _from_file(
    session: Session,
    options: Options,
    name: str,
    region: str,
    records: tuple[RequiredRecord, ...],
) -> AsyncGenerator[Look]:
    dns = name_servers(options)
    target = Target(name, records)
    checks: tuple[RecordCheck, ...] = ()
    pause = 0.0
    while True:
        report = await check_domain(dns, target, checks, now=_now)
        news = [c.verdict for c in report.checks] != [c.verdict for c in checks]
        pause = next_pause(pause, news)
        checks = report.checks
        yield Look(Checked(region, report), pause)
        await session.front.sleep(pause)


async def _last(output: Output, looks: AsyncGenerator[Look], limit: float | None) -> Checked:
    """The first look; with a timeout, the one at which all is well or lost, or the last one."""
    async with aclosing(looks):
        look = await anext(looks)
        if limit is None:
            return look.checked
        end = asyncio.get_running_loop().time() + limit
        said = ""
        while not (look.checked.status is CheckStatus.OK or look.checked.hopeless):
            if (summary := summarise(look.checked)) != said:
                said = summary
                output.note(f"{look.checked.at.astimezone():%H:%M:%S}  {summary}")
            try:
                async with asyncio.timeout_at(end):
                    look = await anext(looks)
            except TimeoutError:
                output.note(_("The time is up."))
                break
        return look.checked


def summarise(checked: Checked) -> str:
    """How far it is, in one line."""
    good = sum(check.severity is Severity.OK for check in checked.checks)
    parts = [_("{good} of {all} records match").format(good=good, all=len(checked.checks))]
    parts += [
        check.cause for check in checked.checks if check.severity is not Severity.OK and check.cause
    ]
    parts += [f.text for f in checked.findings if f.code.startswith("ses_")]
    return " · ".join(parts)
