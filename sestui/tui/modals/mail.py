"""One mail as it arrived, headers and all."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from sestui.domain.i18n import _
from sestui.domain.received import body_text, verification_link
from sestui.domain.text import printable, printable_lines
from sestui.gateways.ports import GatewayError, Practice
from sestui.tui.widgets.plain import Plain

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp

SHOWN = ("From", "To", "Subject", "Date", "Return-Path", "Authentication-Results")


class MailModal(ModalScreen[bool]):
    """True when a link in the mail was followed."""

    CSS_PATH = "mailbox.tcss"
    AUTO_FOCUS = ".dialog"
    BINDINGS = [
        Binding("escape,q", "close", _("Close")),
        Binding("o", "open_link", _("Open the link")),
        Binding("h", "headers", _("All headers")),
        Binding("v", "verdict", _("Verdict")),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    def __init__(self, practice: Practice, mail_id: str) -> None:
        super().__init__()
        self.practice = practice
        self.mail_id = mail_id
        self.content = b""
        self.message = EmailMessage()
        self.link = ""
        self.all_headers = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = _("Mail")
            yield Plain(_("Opening …"), id="mail-headers")
            yield Plain(id="mail-body")

    def on_mount(self) -> None:
        self.read()

    @work(exclusive=True, group="mail")
    async def read(self) -> None:
        try:
            content = await self.practice.read(self.mail_id)
        except GatewayError as error:
            self.query_one("#mail-headers", Plain).show(error.problem.what)
            return
        self.content = content
        self.message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        body = body_text(self.message)
        self.link = verification_link(body)
        dialog = self.query_one(".dialog")
        dialog.border_subtitle = (
            _("o opens the link · v verdict · esc closes")
            if self.link
            else _("v verdict · h all headers · esc closes")
        )
        self.draw()
        self.query_one("#mail-body", Plain).show("\n" + printable_lines(body))
        self.refresh_bindings()

    def draw(self) -> None:
        if self.all_headers:
            shown = [(name, str(value)) for name, value in self.message.items()]
        else:
            shown = [(name, str(self.message[name])) for name in SHOWN if name in self.message]
        lines = [
            Content.assemble(
                (f"{printable(name)}: ", "$quiet"),
                (printable(" ".join(value.split())), _style(name, value)),
            )
            for name, value in shown
        ]
        self.query_one("#mail-headers", Plain).show(Content("\n").join(lines))

    def action_headers(self) -> None:
        self.all_headers = not self.all_headers
        self.draw()

    @work(exclusive=True, group="link")
    async def action_open_link(self) -> None:
        try:
            answer = await self.practice.open_link(self.link)
        except GatewayError as error:
            self.notify(error.problem.what, severity="error", markup=False)
            return
        self.notify(printable(" ".join(answer.split()))[:200], markup=False)
        self.dismiss(True)

    def action_verdict(self) -> None:
        """What the mail tells of its way, judged as one that was received anywhere."""
        from sestui.tui.modals.received import ReceivedModal

        dns = self.app.cloud.dns if self.app.cloud else None
        self.app.push_screen(ReceivedModal(dns, content=self.content))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "open_link":
                return bool(self.link)
            case "verdict":
                return bool(self.content)
        return True

    def action_close(self) -> None:
        self.dismiss(False)


def _style(name: str, value: str) -> str:
    if name == "Authentication-Results":
        return "$text-error" if "fail" in value else "$text-success"
    return "bold" if name == "Subject" else ""
