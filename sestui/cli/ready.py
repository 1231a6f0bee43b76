"""`sestui ready DOMAIN`: the go-live review of the wizard's last step, with an exit code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from sestui.cli.options import EVERYTHING, identity, json_option, takes
from sestui.cli.output import ExitCode
from sestui.cli.session import Session, no_identity, outside, pass_session, run_async
from sestui.cli.show import show_review
from sestui.cli.words import Options
from sestui.domain.i18n import _
from sestui.domain.readiness import Review, State
from sestui.gateways.ports import Cloud
from sestui.workflows.review import Reviewed, look

SCHEMA = "sestui.ready/1"


@click.command(
    "ready",
    help=_(
        "Tell whether mail may go to strangers, and what is still open.\n\n"
        "DOMAIN is an identity of yours; a mail address that you verified will do as well."
    ),
    epilog=_("Exit codes: 0 ready, 3 something is open, 4 only waiting is left, 1 not found out."),
)
@click.argument("name", metavar="DOMAIN", callback=identity)
@json_option
@takes(*EVERYTHING)
@pass_session
def command(session: Session, name: str, as_json: bool, options: Options) -> ExitCode:
    cloud, seen = run_async(lambda: _look(session, options, name))
    place = cloud.connection
    if as_json:
        session.output.result.document(as_document(seen, place.region, place.caller.account))
    else:
        show_review(session.output.result, name, place.region, place.caller.account, seen.review)
    return exit_code(seen.review)


async def _look(session: Session, options: Options, name: str) -> tuple[Cloud, Reviewed]:
    cloud = await outside(session, options)
    seen = await look(cloud, name, (), lambda: datetime.now(UTC))
    if seen is None:
        raise await no_identity(cloud, name)
    return cloud, seen


def exit_code(review: Review) -> ExitCode:
    if review.ready:
        return ExitCode.OK
    if review.count(State.OPEN):
        return ExitCode.NOT_READY
    return ExitCode.WAITING if review.waiting else ExitCode.ERROR


def as_document(seen: Reviewed, region: str, account: str) -> dict[str, Any]:
    """`sestui.ready/1`."""
    status = {
        ExitCode.OK: "ready",
        ExitCode.NOT_READY: "not_ready",
        ExitCode.WAITING: "waiting",
        ExitCode.ERROR: "unknown",
    }[exit_code(seen.review)]
    return {
        "schema": SCHEMA,
        "identity": seen.identity.name,
        "region": region,
        "account": account,
        "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "status": status,
        "items": [
            {
                "code": item.code,
                "state": str(item.state),
                "text": item.text,
                "advice": item.advice,
                "step": item.step,
            }
            for item in seen.review.items
        ],
    }
