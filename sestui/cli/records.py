"""`sestui records DOMAIN`: the DNS records SES needs, for a person, a program or a DNS panel."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import click

from sestui.cli.options import ACCOUNT, domain, takes
from sestui.cli.output import ExitCode, Paint, Stream
from sestui.cli.session import Session, need_identity, outside, pass_session, run_async
from sestui.cli.show import heading
from sestui.cli.words import Options
from sestui.domain.i18n import _
from sestui.domain.records import RequiredRecord, as_json, as_zone_file, required_records

Records = tuple[RequiredRecord, ...]


def as_csv(records: Records) -> str:
    """The columns of the SES console's own download."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("Type", "Name", "Value"))
    writer.writerows((record.type, record.name, record.value) for record in records)
    return text.getvalue()


def _json_text(name: str, region: str, records: Records) -> str:
    return json.dumps(as_json(name, region, records), ensure_ascii=False, indent=2) + "\n"


# A format that is added here is offered by --format and needs nothing else.
EXPORTS: dict[str, Callable[[str, str, Records], str]] = {
    "json": _json_text,
    "zone": lambda _name, _region, records: as_zone_file(records),
    "csv": lambda _name, _region, records: as_csv(records),
}


@click.command(
    "records",
    help=_(
        "Print the DNS records that SES needs for a domain.\n\n"
        "json can be checked elsewhere, by `sestui check DOMAIN --expect FILE`; zone can be "
        "imported by many DNS panels; csv has the columns of the SES console."
    ),
)
@click.argument("name", metavar="DOMAIN", callback=domain)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *EXPORTS]),
    default="table",
    show_default=True,
    help=_("How to write them."),
)
@takes(*ACCOUNT)
@pass_session
def command(session: Session, name: str, form: str, options: Options) -> ExitCode:
    region, records = run_async(lambda: _records(session, options, name))
    out = session.output.result
    if form == "table":
        _table(out, name, region, records)
    else:
        out.line(EXPORTS[form](name, region, records).removesuffix("\n"))
    return ExitCode.OK


async def _records(session: Session, options: Options, name: str) -> tuple[str, Records]:
    cloud = await outside(session, options)
    identity = await need_identity(cloud, name)
    return cloud.connection.region, required_records(identity, cloud.connection.region)


def _table(out: Stream, name: str, region: str, records: Records) -> None:
    """Blocks rather than columns: names and values are too long for one line of a terminal."""
    out.line(heading(out, name, region))
    last = None
    for record in records:
        if record.purpose is not last:
            last = record.purpose
            out.line()
            out.line(f"{out.paint(last.word, Paint.STRONG)}  {out.paint(last.why, Paint.FAINT)}")
        out.line(f"  {record.type:<5}  {record.name}")
        out.line(f"         {record.value}")
    out.line()
    panel = _("Where a panel shows .{domain} behind its Name box, leave that part out.")
    out.line(out.paint(panel.format(domain=name), Paint.FAINT))
