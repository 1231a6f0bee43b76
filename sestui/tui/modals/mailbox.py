"""The mailbox of the practice account."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError, Practice, PracticeMail
from sestui.tui.widgets.plain import Plain


class MailboxModal(ModalScreen[None]):
    """The newest mail first; Enter opens one."""

    CSS_PATH = "mailbox.tcss"
    AUTO_FOCUS = "#mails"
    BINDINGS = [
        Binding("escape,q", "close", _("Close")),
        Binding("r", "refresh", _("Look again")),
    ]

    def __init__(self, practice: Practice, open_id: str = "") -> None:
        super().__init__()
        self.practice = practice
        self.open_id = open_id
        self.mails: tuple[PracticeMail, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Mailbox of the practice account")
            dialog.border_subtitle = _("enter opens · r looks again · esc closes")
            yield Plain(id="mailbox-note")
            yield OptionList(id="mails", markup=False)

    def on_mount(self) -> None:
        self.action_refresh()

    @work(exclusive=True, group="mailbox")
    async def action_refresh(self) -> None:
        note = self.query_one("#mailbox-note", Plain)
        try:
            self.mails = await self.practice.mailbox()
        except GatewayError as error:
            note.show(Content.styled(f"✗ {error.problem.what}", "$text-error"))
            return
        note.show("" if self.mails else _("Nothing has arrived yet."))
        mails = self.query_one("#mails", OptionList)
        mails.set_options(Option(_row(mail), id=mail.id) for mail in self.mails)
        if self.mails and mails.highlighted is None:
            mails.highlighted = 0

    @on(OptionList.OptionSelected)
    @work(exclusive=True, group="mail")
    async def _open(self, event: OptionList.OptionSelected) -> None:
        from sestui.tui.modals.mail import MailModal

        if await self.app.push_screen_wait(MailModal(self.practice, event.option_id or "")):
            self.dismiss()

    def action_close(self) -> None:
        self.dismiss()


def _row(mail: PracticeMail) -> Content:
    results = printable(mail.results)
    return Content.assemble(
        (mail.at.strftime("%H:%M:%S  "), "$quiet"),
        (printable(mail.subject), "bold"),
        "\n          ",
        *(_sign(name, results) for name in ("dkim", "spf", "dmarc")),
        (f"{printable(mail.sender)} → {printable(mail.recipient)}", "$quiet"),
    )


def _sign(method: str, results: str) -> Content:
    """`✓ dkim ` when it passed, nothing when it was not judged."""
    if f"{method}=pass" in results:
        return Content.styled(f"✓ {method} ", "$text-success")
    if f"{method}=" not in results or f"{method}=none" in results:
        return Content()
    return Content.styled(f"✗ {method} ", "$text-error")
