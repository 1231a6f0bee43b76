"""`sestui send`: one test mail, with what will become of it said before it goes out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sestui.cli.letter import form_of, refuse
from sestui.cli.options import EVERYTHING, json_option, takes
from sestui.cli.output import ExitCode, Paint, Stream
from sestui.cli.session import Session, outside, pass_session
from sestui.cli.words import Options
from sestui.domain.i18n import _
from sestui.domain.mail.form import MailForm, Scenario, Transport
from sestui.domain.mail.message import FIND_TAG, Message, Sent
from sestui.domain.mail.raw import with_crlf
from sestui.domain.preflight import Facts, Note, forecast
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.gateways.files import DiskFiles
from sestui.workflows.preflight import look
from sestui.workflows.send import prepare, send_test, tagged

if TYPE_CHECKING:
    from sestui.domain.smtp import Credentials
    from sestui.gateways.ports import Cloud

SCHEMA = "sestui.send/1"
SEVERITIES = {
    Severity.OK: ("·", Paint.FAINT),
    Severity.WARNING: ("!", Paint.WARNING),
    Severity.ERROR: ("✗", Paint.BAD),
    Severity.UNKNOWN: ("?", Paint.UNSURE),
}
_MOST_BLOB = 2000
"""Characters of base64 in the command that --dry-run prints."""


Command = TypeVar("Command", bound=Callable[..., Any])


def _address(flag: str, name: str, text: str) -> Callable[[Command], Command]:
    return click.option(flag, name, metavar="ADDRESS", multiple=True, help=text)


@click.command(
    "send",
    help=_(
        "Send one test mail, after saying what will become of it.\n\n"
        "It is sent in one attempt and never repeated by itself. Addresses may be repeated, or "
        "separated by commas. Credentials for SMTP are in SESTUI_SMTP_USER and "
        "SESTUI_SMTP_PASSWORD; without these they are made of the access keys."
    ),
    epilog=_(
        "Exit codes: 0 SES accepted the mail (or would, with --dry-run), 3 with --dry-run: SES "
        "would refuse it, 1 not sent or not known, 2 something of the mail is wrong."
    ),
)
@click.option("--from", "sender", metavar="ADDRESS", default="", help=_("A verified sender."))
@_address("--to", "to", _("Recipients."))
@_address("--cc", "cc", _("Recipients of a copy."))
@_address("--bcc", "bcc", _("Recipients nobody else sees."))
@_address("--reply-to", "reply_to", _("Where answers go."))
@click.option(
    "--scenario",
    type=click.Choice([str(scenario) for scenario in Scenario]),
    help=_("Send to the mailbox simulator."),
)
@click.option("--name", metavar="TEXT", default="", help=_("The sender's name as people see it."))
@click.option("--subject", metavar="TEXT", default="", help=_("The subject."))
@click.option("--text", metavar="TEXT", default="", help=_("The body as text."))
@click.option("--html", metavar="TEXT", default="", help=_("The body as HTML."))
@click.option(
    "--text-file",
    metavar="FILE",
    type=click.File(encoding="utf-8"),
    help=_("The body as text, from a file; - is stdin."),
)
@click.option(
    "--html-file",
    metavar="FILE",
    type=click.File(encoding="utf-8"),
    help=_("The body as HTML, from a file."),
)
@click.option(
    "--header",
    "headers",
    metavar="'NAME: VALUE'",
    multiple=True,
    help=_("A header of your own; can be repeated."),
)
@click.option("--attach", metavar="FILE", multiple=True, help=_("A file to go with it."))
@click.option(
    "--raw",
    metavar="FILE",
    type=click.File("rb"),
    help=_("A whole message (.eml), byte for byte; - is stdin."),
)
@click.option("--template", metavar="NAME", default="", help=_("A template stored at SES."))
@click.option("--data", metavar="JSON|@FILE", default="", help=_("The data of the template."))
@click.option("--tag", "tags", metavar="NAME=VALUE", multiple=True, help=_("A message tag."))
@click.option(
    "--configuration-set", metavar="NAME", default="", help=_("Otherwise the identity's default.")
)
@click.option("--smtp", is_flag=True, help=_("Through SMTP instead of the API."))
@click.option("--port", type=click.IntRange(1, 65535), help=_("Port of SMTP."))
@click.option("--dry-run", is_flag=True, help=_("Only say what would become of it."))
@json_option
@takes(*EVERYTHING)
@pass_session
def command(
    session: Session, /, *, dry_run: bool, as_json: bool, options: Options, **said: Any
) -> ExitCode:
    form = form_of(said)
    raw = with_crlf(said["raw"].read()) if said["raw"] is not None else None
    run = _Run(session, options, form, raw, said["port"], as_json)
    # Not `run_async`, which does the work again when AWS is busy: a mail goes out once.
    return asyncio.run(run.rehearse() if dry_run else run.send())


@dataclass(frozen=True, slots=True)
class _Run:
    session: Session
    options: Options
    form: MailForm
    raw: bytes | None
    port: int | None
    as_json: bool

    async def look(self) -> tuple[Cloud, Message, Facts]:
        """The mail, and what will become of it.

        Raises:
            UsageError: something of the mail is wrong. GatewayError: no connection.
        """
        message = await prepare(self.form, DiskFiles(), self.raw)
        if not isinstance(message, Message):
            raise refuse(message)
        cloud = await outside(self.session, self.options)
        facts = Facts(transport=self.form.transport)
        async for found in look(cloud, message, facts, now=lambda: datetime.now(UTC)):
            facts = found
        return cloud, message, facts

    async def rehearse(self) -> ExitCode:
        cloud, message, facts = await self.look()
        notes = forecast(message, facts)
        stops = any(note.stops for note in notes)
        api = self.form.transport is Transport.API
        command = api_command(cloud, message) if api else ""
        out = self.session.output.result
        if self.as_json:
            document = as_document(cloud, message, facts, notes)
            status = "would_refuse" if stops else "would_send"
            out.document(document | {"status": status, "command": command})
        else:
            show_notes(out, notes)
            _show_rehearsal(out, stops, command)
        return ExitCode.NOT_READY if stops else ExitCode.OK

    async def send(self) -> ExitCode:
        cloud, message, facts = await self.look()
        notes = forecast(message, facts)
        if not self.as_json:
            show_notes(self.session.output.messages, notes)
        message = tagged(message, lambda: token_hex(6))
        sent = await self._sent(cloud, message, facts)
        out = self.session.output.result
        if self.as_json:
            out.document(as_document(cloud, message, facts, notes) | _accepted(sent))
        else:
            _show_sent(out, sent)
        return ExitCode.OK

    async def _sent(self, cloud: Cloud, message: Message, facts: Facts) -> Sent:
        try:
            return await send_test(
                cloud,
                message,
                nonce=lambda: token_hex(6),
                transport=self.form.transport,
                credentials=_credentials(facts.region),
                port=self.port,
                facts=facts,
            )
        except asyncio.CancelledError:  # Ctrl+C
            text = _("Interrupted: the mail may have been sent. Its events have the tag {tag}.")
            self.session.output.note(text.format(tag=f"{FIND_TAG}={message.find_tag}"))
            raise


def _credentials(region: str) -> Credentials | None:
    """Never from the command line, which other users of the machine can read."""
    user = os.environ.get("SESTUI_SMTP_USER", "")
    password = os.environ.get("SESTUI_SMTP_PASSWORD", "")
    if not (user or password):
        return None
    from sestui.domain.account import Secret
    from sestui.domain.smtp import credentials_of

    return credentials_of(user, Secret(password), region)


def as_document(
    cloud: Cloud, message: Message, facts: Facts, notes: Sequence[Note]
) -> dict[str, Any]:
    """`sestui.send/1`, without what came of it."""
    place = cloud.connection
    return {
        "schema": SCHEMA,
        "region": place.region,
        "account": place.caller.account,
        "transport": str(facts.transport),
        "format": str(message.format),
        "from": message.sender,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "configuration_set": facts.set_name(message),
        "notes": [
            {
                "code": note.code,
                "severity": str(note.severity),
                "text": printable(note.text),
                "advice": printable(note.advice),
                "stops": note.stops,
                "actions": [
                    {"kind": str(action.kind), "argument": action.argument}
                    for action in note.actions
                ],
            }
            for note in notes
        ],
    }


def _accepted(sent: Sent) -> dict[str, Any]:
    return {
        "status": "accepted",
        "message_id": sent.message_id,
        "request_id": sent.request_id,
        "tag": {"name": FIND_TAG, "value": sent.message.find_tag},
    }


def api_command(cloud: Cloud, message: Message) -> str:
    """What the AWS CLI would do the same with; long contents are left out."""
    from sestui.domain.plan import Call
    from sestui.gateways.send import send_parameters

    call = Call("sesv2", "SendEmail", "", _plain(send_parameters(message)))
    return call.command(cloud.connection.region, cloud.connection.choice.profile)


def _plain(value: Any) -> Any:
    """With bytes as the AWS CLI takes them in JSON."""
    match value:
        case bytes():
            from base64 import b64encode

            text = b64encode(value).decode()
            return text if len(text) <= _MOST_BLOB else f"…{len(text)} characters of base64…"
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
    return value


def show_notes(out: Stream, notes: Sequence[Note]) -> None:
    for note in notes:
        glyph, paint = SEVERITIES[note.severity]
        text = printable(note.text)
        if note.severity is Severity.OK:
            out.line(out.paint(f"{glyph} {text}", paint))
            continue
        out.line(f"{out.paint(glyph, paint)} {text}")
        if note.advice:
            out.line(f"  {out.paint(printable(note.advice), Paint.FAINT)}")


def _show_rehearsal(out: Stream, stops: bool, command: str) -> None:
    out.line()
    if stops:
        out.line(out.paint(f"✗ {_('SES would refuse this mail.')}", Paint.BAD, Paint.STRONG))
    else:
        text = _("SES would accept this mail. Nothing was sent.")
        out.line(out.paint(f"✓ {text}", Paint.GOOD, Paint.STRONG))
    if command:
        out.line()
        out.line(printable(command))


def _show_sent(out: Stream, sent: Sent) -> None:
    text = _("SES accepted the mail: message id {id}").format(id=sent.message_id)
    out.line(out.paint(f"✓ {text}", Paint.GOOD, Paint.STRONG))
    tag = f"{FIND_TAG}={sent.message.find_tag}"
    out.line(_("  Its events have the tag {tag}. Accepted is not delivered yet.").format(tag=tag))
