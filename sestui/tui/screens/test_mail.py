"""Step 4: send a test mail in one of four formats, and see it arrive."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Button, Input

from sestui.domain.i18n import _
from sestui.domain.mail.first import first_form
from sestui.domain.mail.form import Format, Transport
from sestui.domain.mail.message import FIND_TAG, Message
from sestui.domain.steps import WizardState
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.mail_proof import MailProofScreen
from sestui.tui.widgets.notes_list import NotesList
from sestui.tui.widgets.sent_list import SentList

TWO_COLUMNS = 116
"""Columns of the terminal from which what becomes of the mail stands beside the form."""


class TestMailScreen(MailProofScreen):
    __test__ = False  # not a test of pytest's
    BINDINGS = [
        Binding("ctrl+s", "send", _("Send"), tooltip=_("Send the mail"), priority=True),
        Binding("f6", "mailbox", _("Inbox"), tooltip=_("The practice mailbox")),
        Binding(
            "ctrl+r", "received", _("Received"), tooltip=_("Judge a mail that arrived"), show=False
        ),
    ]

    def __init__(self, state: WizardState) -> None:
        super().__init__(replace(state, mail_form=first_form(state)))
        self.sending = False
        self.tag = ""
        """By which the events of the mail under way are found."""

    def lead(self) -> str:
        return _("See for yourself that mail goes out, and what the sandbox lets through.")

    def compose_body(self) -> ComposeResult:
        # As Textual sets it after the first layout, the screen would jump.
        with Vertical(id="columns", classes=self._columns(self.app.size.width) or None):
            yield from super().compose_body()
            with Vertical(id="after"):
                yield NotesList(id="forecast")
                yield Button(_("Send  ^s"), id="send", variant="primary")
                yield SentList(id="sent")

    def _columns(self, width: int) -> str:
        """A raw message needs all of the width."""
        raw = self.state.mail_form.format is Format.RAW
        return "-two" if width >= TWO_COLUMNS and not raw else ""

    def on_resize(self, event: events.Resize) -> None:
        self.query_one("#columns").set_classes(self._columns(event.size.width))

    def on_mount(self) -> None:
        super().on_mount()
        self.load()
        self.look()
        for mail in self.state.sent[-3:]:  # another screen has seen them arrive
            self.follow(mail.message_id)

    # Drawing

    def show(self, state: WizardState) -> None:
        form = state.mail_form
        self.form_view.show_format(form.format)
        self.query_one("#columns").set_classes(self._columns(self.app.size.width))
        self.query_one(SentList).show(state.sent, self.arrived, state.practice)
        self.show_notes()

    def what_now(self, state: WizardState) -> str:
        if state.sent:
            return (
                _("F6 reads the mail as it arrived. Ctrl+N: monitor what you send.")
                if state.practice
                else _("Look into the inbox. Ctrl+R judges what you received. Ctrl+N goes on.")
            )
        if state.identity is not None and not state.identity.verified:
            return _("SES refuses mail until the identity is verified: Ctrl+B.")
        return _("Ctrl+S sends. The simulator's addresses always work.")

    # Sending

    @on(Input.Submitted)
    def _entered(self) -> None:
        """On to the next field: a mail cannot be called back, so no Enter by habit sends one."""
        self.focus_next()

    @on(Button.Pressed, "#send")
    def action_send(self) -> None:
        if self.sending:  # one more would be a second mail
            return
        # Ctrl+S overtakes the messages of the keys before it.
        self.update_state(mail_form=self.form_view.read())
        message = self.message
        self.form_view.show_problems(() if isinstance(message, Message) else message)
        if isinstance(message, Message):
            self.sending = True
            self.send()

    @work(group="send")  # not exclusive: that would end the one before, whose mail may be out
    async def send(self) -> None:
        try:
            await self._send()
        finally:
            self.sending = False

    async def _send(self) -> None:
        from sestui.workflows.send import prepare, send_test, tagged

        if self.cloud is None:
            return
        self.show_problem(None)
        message = await prepare(self.state.mail_form, self.app.outside.files)
        self.form_view.show_problems(() if isinstance(message, Message) else message)
        if not isinstance(message, Message):
            return
        way = self.state.mail_form.transport
        if way is Transport.SMTP and not await self.log_in():
            return
        message = tagged(message, lambda: token_hex(6))  # here, to be found if no answer comes
        self.tag = message.find_tag
        credentials, port = self.app.smtp_login or (None, None)
        self.busy(_("Sending …"))
        try:
            sent = await send_test(
                self.cloud,
                message,
                nonce=lambda: token_hex(6),
                transport=way,
                credentials=credentials,
                port=port,
                facts=self.facts,
            )
        except GatewayError as error:
            self.app.smtp_login = None  # which may be what is wrong
            self.explain(error.problem, message)
        else:
            self.update_state(sent=(*self.state.sent, sent), tested=True)
            self.notify(_("SES has accepted the mail."), markup=False)
            # Only the next layout knows how high it is now.
            self.call_after_refresh(self.query_one("#sent").scroll_visible, animate=False)
            self.follow(sent.message_id)
        finally:
            self.busy("")

    def action_open(self, name: str) -> None:
        if self.sending:  # who leaves would not learn whether the mail is out
            self.notify(_("Wait for the answer: the mail is on its way to SES."), markup=False)
        else:
            super().action_open(name)

    @property
    def under_way(self) -> str:
        if not self.sending:
            return ""
        text = _("A mail is on its way to SES, which may have taken it. Its tag is {tag}.")
        return text.format(tag=f"{FIND_TAG}={self.tag}")

    async def log_in(self) -> bool:
        """Ask once a run what to tell the SMTP server; False when the person leaves it."""
        from sestui.tui.modals.smtp import SmtpModal

        if self.app.smtp_login is None and self.cloud is not None and self.cloud.smtp is not None:
            outside = self.app.outside
            kept = () if self.state.practice else (await outside.sources()).kept_keys
            modal = SmtpModal(self.cloud.smtp, outside.keyring, kept, practice=self.state.practice)
            self.app.smtp_login = await self.app.push_screen_wait(modal)
        return self.app.smtp_login is not None

    def busy(self, text: str) -> None:
        if not self.leaving:
            self.query_one("#send", Button).disabled = bool(text)
            self.say_what_now(text or self.what_now(self.state))
