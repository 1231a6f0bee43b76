"""What will become of the test mail, said while it is written, and done about it."""

from __future__ import annotations

from dataclasses import replace

from textual import on, work
from textual.widgets import Input, Select

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.identity import IdentityKind
from sestui.domain.mail.form import Transport
from sestui.domain.mail.message import Message
from sestui.domain.preflight import Action, ActionKind, Note, action_plan, forecast, known
from sestui.domain.preflight.refused import actions_after
from sestui.domain.severity import Severity
from sestui.domain.steps import Step, WizardState
from sestui.tui.screens.mail_form import MailFormScreen
from sestui.tui.widgets.mail_form import MailFormView
from sestui.tui.widgets.notes_list import NotesList

LOOK_AFTER = 0.6
"""Seconds without a key after which the account is asked about what is typed."""


class MailForecastScreen(MailFormScreen):
    """The form with the pre-flight; sending is for the class below."""

    def __init__(self, state: WizardState) -> None:
        super().__init__(state)
        self.facts = known(state)
        self.refused: Note | None = None
        """What can be done after the last send, which failed."""
        self.unsure: Message | None = None
        """What that was, when SES may have taken it."""

    @on(MailFormView.Edited)
    def _look_later(self) -> None:
        self.refused = None
        self.look()

    def explain(self, problem: Problem, message: Message) -> None:
        """Show why the send failed, and what can be done about it."""
        self.show_problem(problem)
        actions = actions_after(problem, message, self.facts)
        if problem.trouble is Trouble.MAYBE_DONE:
            self.unsure = message
            text = _("No answer came. What you can do:")
            self.refused = Note("not-known", Severity.WARNING, text, actions=actions)
            self.show_notes()
        elif actions:
            text = _("It was refused. What you can do:")
            self.refused = Note("refused", Severity.ERROR, text, actions=actions)
            self.show_notes()

    def look_for(self, message: Message) -> None:
        """Find out what became of a mail that may have been sent."""
        raise NotImplementedError

    @work(exclusive=True, group="look")
    async def look(self) -> None:
        """Ask what only the account knows of this sender and these recipients."""
        from sestui.workflows.preflight import look

        if self.cloud is None:
            return
        await self.app.sleep(LOOK_AFTER)
        message = self.message
        if not isinstance(message, Message):
            return
        async for facts in look(self.cloud, message, self.facts, now=self.app.now):
            self.facts = facts
            if self.leaving:
                return
            self.show_notes()

    def show_notes(self) -> None:
        message = self.message
        facts = replace(self.facts, transport=self.state.mail_form.transport)
        notes = forecast(message, facts) if isinstance(message, Message) else ()
        self.query_one(NotesList).show((self.refused, *notes) if self.refused else notes)

    @on(NotesList.Chosen)
    def _do(self, message: NotesList.Chosen) -> None:
        self.do(message.action)

    @work(exclusive=True, group="do")
    async def do(self, action: Action) -> None:
        """What a note advises."""
        if plan := action_plan(action):
            if await self.make(plan, self.say_what_now):
                self.facts = self.facts.without(action)
                self.look()
            return
        match action.kind:
            case ActionKind.VERIFY_ADDRESS:
                typed = replace(
                    self.state.identity_form, kind=IdentityKind.EMAIL, name=action.argument
                )
                self.update_state(identity_form=typed)
                self.action_open(Step.IDENTITY)
            case ActionKind.OPEN_VERIFY:
                self.action_open(Step.VERIFY)
            case ActionKind.CREATE_SET:
                typed_set = replace(self.state.monitoring_form, set_name=action.argument)
                self.update_state(monitoring_form=typed_set)
                self.action_open(Step.MONITORING)
            case ActionKind.REQUEST_PRODUCTION:
                self.action_open(Step.LIVE)
            case ActionKind.OPEN_GUIDE:
                self.action_guide()
            case ActionKind.USE_ADDRESS:
                self.query_one("#sender", Input).value = action.argument
            case ActionKind.USE_SIMULATOR:
                self.query_one("#to", Input).value = action.argument
            case ActionKind.LEAVE_OUT:
                self.form_view.leave_out(action.argument)
            case ActionKind.CHOOSE_TEMPLATE:
                self.action_templates()
            case ActionKind.CHOOSE_SET:
                self.query_one("#set").focus()
            case ActionKind.USE_API:
                self.query_one("#transport", Select).value = str(Transport.API)
            case ActionKind.ADD_UNSUBSCRIBE:
                self.action_unsubscribe()
            case ActionKind.LOOK_FOR if self.unsure is not None:
                self.look_for(self.unsure)
            case _:
                pass
