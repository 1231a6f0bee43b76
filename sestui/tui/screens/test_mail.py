"""Step 4: send a test mail in one of four formats, and see it arrive."""

from __future__ import annotations

from dataclasses import replace

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Button, Input

from sestui.domain.changes import template_plan
from sestui.domain.i18n import _
from sestui.domain.mail.build import build
from sestui.domain.mail.form import FieldProblem, Format
from sestui.domain.mail.message import Message
from sestui.domain.preflight import Note, forecast
from sestui.domain.steps import Step, WizardState
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.mail_form import MailFormView, first_form
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.sent_card import sent_card
from sestui.workflows.arrival import wait_for_arrival


class TestMailScreen(StepScreen):
    __test__ = False  # not a test of pytest's
    STEP = Step.TEST
    CSS_PATH = "test_mail.tcss"
    AUTO_FOCUS = "#format"
    BINDINGS = [
        Binding("ctrl+s", "send", _("Send"), tooltip=_("Send the mail"), priority=True),
        Binding("f5", "preview", _("Preview"), tooltip=_("The template with its data")),
        Binding("f6", "mailbox", _("Mailbox"), tooltip=_("The practice mailbox")),
    ]

    def __init__(self, state: WizardState) -> None:
        super().__init__(replace(state, mail_form=first_form(state)))
        self.arrived: dict[str, str] = {}
        """Authentication-Results by message id, as the practice mailbox shows them."""

    def lead(self) -> str:
        return _("See for yourself that mail goes out, and what the sandbox lets through.")

    def compose_body(self) -> ComposeResult:
        yield MailFormView(self.state.mail_form, self.state.default_set)
        yield Plain(id="forecast")
        yield Button(_("Send  ^s"), id="send", variant="primary")
        yield Plain(id="sent", classes="card")

    def on_mount(self) -> None:
        super().on_mount()
        self.load()
        for mail in self.state.sent[-3:]:  # those on the card; another screen has seen them arrive
            self.follow(mail.message_id)

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """The choices that only the account knows."""
        if self.cloud is None:
            return
        try:
            sets = await self.cloud.ses.configuration_sets()
            self.query_one(MailFormView).offer_sets(sets)
            if self.state.mail_form.format is Format.TEMPLATED:
                self.query_one(MailFormView).offer_templates(await self.cloud.ses.templates())
        except GatewayError as error:
            self.show_problem(error.problem)

    # What is typed

    @on(MailFormView.Edited)
    def _edited(self, message: MailFormView.Edited) -> None:
        message.stop()
        before = self.state.mail_form
        self.update_state(mail_form=message.form)
        if message.form.format is not before.format:
            self.query_one(MailFormView).show_problems(())
            if message.form.format is Format.TEMPLATED:
                self.load()

    @property
    def message(self) -> Message | tuple[FieldProblem, ...]:
        """The form as a message, without a default set: SES adds the identity's by itself."""
        return build(self.state.mail_form)

    # Drawing

    def show(self, state: WizardState) -> None:
        self.query_one(MailFormView).show_format(state.mail_form.format)
        message = self.message
        notes: tuple[Note, ...] = ()
        if isinstance(message, Message) and state.account is not None:
            notes = forecast(message, state.account, state.verified_names)
        lines = [
            Content.assemble((f"! {note.text}", "$text-warning"), f" {note.advice}")
            for note in notes
        ]
        self.query_one("#forecast", Plain).show(Content("\n").join(lines))
        card = self.query_one("#sent", Plain)
        card.border_title = _("Sent")
        card.show(sent_card(state.sent, self.arrived, state.practice))

    def what_now(self, state: WizardState) -> str:
        if state.sent:
            return (
                _("F6 reads the mail as it arrived. Ctrl+N: monitor what you send.")
                if state.practice
                else _("Look into the inbox. Ctrl+N: monitor what you send.")
            )
        if state.identity is not None and not state.identity.verified:
            return _("SES refuses mail until the identity is verified: Ctrl+B.")
        return _("Ctrl+S sends. The simulator's addresses always work.")

    # Sending

    @on(Button.Pressed, "#send")
    @on(Input.Submitted)
    def action_send(self) -> None:
        form = self.query_one(MailFormView)
        # Ctrl+S overtakes the messages of the keys before it.
        self.update_state(mail_form=form.read())
        message = self.message
        if not isinstance(message, Message):
            form.show_problems(message)
            return
        form.show_problems(())
        self.send(message)

    @work(exclusive=True, group="send")
    async def send(self, message: Message) -> None:
        if self.cloud is None:
            return
        button = self.query_one("#send", Button)
        self.show_problem(None)
        button.disabled = True
        self.say_what_now(_("Sending …"))
        try:
            if message.format is Format.TEMPLATED:
                # SES accepts a message whose variable is missing, and then drops it.
                await self.cloud.ses.render(message.template, message.template_data)
            sent = await self.cloud.ses.send(message)
        except GatewayError as error:
            self.show_problem(error.problem)
        else:
            self.update_state(sent=(*self.state.sent, sent), tested=True)
            self.notify(_("SES has accepted the mail."), markup=False)
            self.query_one("#sent").scroll_visible(animate=False)
            self.follow(sent.message_id)
        finally:
            button.disabled = False
            self.say_what_now(self.what_now(self.state))

    @work(group="follow")
    async def follow(self, message_id: str) -> None:
        """In practice: wait until the mail is in the mailbox, and show how it was judged."""
        if self.app.outside.practice is None:
            return
        try:
            mail = await wait_for_arrival(
                self.app.outside.practice, message_id, sleep=self.app.sleep
            )
        except GatewayError as error:
            self.show_problem(error.problem)
            return
        if mail is not None:
            self.arrived[message_id] = mail.results
            self.show(self.state)

    @work(exclusive=True, group="template")
    async def action_preview(self) -> None:
        from sestui.tui.modals.text import TextModal

        form = self.state.mail_form
        if self.cloud is None or not form.template:
            return
        try:
            text = await self.cloud.ses.render(form.template, form.template_data)
        except GatewayError as error:
            self.show_problem(error.problem)
        else:
            self.app.push_screen(TextModal(form.template, text))

    @on(Button.Pressed, "#create-template")
    @work(exclusive=True, group="template")
    async def _create_template(self) -> None:
        if await self.make(template_plan(), self.say_what_now):
            self.load()

    @work(exclusive=True, group="practice")
    async def action_mailbox(self) -> None:
        from sestui.tui.modals.mailbox import MailboxModal

        if self.app.outside.practice:
            await self.app.push_screen_wait(MailboxModal(self.app.outside.practice))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "preview":
                return self.state.mail_form.format is Format.TEMPLATED
            case "mailbox":
                return self.state.practice
            case _:
                return super().check_action(action, parameters)
