"""Step 1: which account, which Region, and what is there already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from sestui.domain.account import Choice, Sources
from sestui.domain.i18n import _
from sestui.domain.steps import Step, WizardState, first_open
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.plain import Plain

if TYPE_CHECKING:
    from textual.widgets import Button

    from sestui.tui.widgets.connection_form import ConnectionForm
    from sestui.tui.widgets.name_list import IdentityList
    from sestui.workflows.survey import Survey


class AccountScreen(StepScreen):
    STEP = Step.ACCOUNT
    AUTO_FOCUS = None
    CSS_PATH = "account.tcss"
    BINDINGS = [
        Binding("e", "edit", _("Connection"), tooltip=_("Another account or Region")),
        Binding("r", "refresh", _("Refresh"), tooltip=_("Ask AWS again")),
        Binding("slash", "filter", _("Filter"), show=False),
    ]

    def __init__(self, state: WizardState) -> None:
        super().__init__(state)
        self.sources = Sources()

    def lead(self) -> str:
        return _("SES keeps everything per account and per Region. This is where you are.")

    def compose_body(self) -> ComposeResult:
        yield Plain(id="busy")
        # The form and the account come when there is something to fill in or to show, which
        # keeps the first frame early.
        yield Vertical(id="connect")
        yield Vertical(id="connected")

    def on_mount(self) -> None:
        super().on_mount()
        if self.state.connection is None:
            # After the first paint: what follows imports boto3.
            self.call_after_refresh(self.begin)

    # Connecting

    @work(exclusive=True, group="connect")
    async def begin(self) -> None:
        from sestui.workflows.memory import choice_of

        self.sources = await self.app.outside.sources()
        values = self.app.outside.preferences.load()
        choice = self.app.choice or (choice_of(values) if values.get("source") else None)
        if choice is None:
            self.show_form(True)
            return
        await self._connect(choice)

    def on_connection_form_submitted(self, message: ConnectionForm.Submitted) -> None:
        message.stop()
        self.connect_with(message.choice, message.keep_as)

    @work(exclusive=True, group="connect")
    async def connect_with(self, choice: Choice, keep_as: str) -> None:
        if await self._connect(choice) and keep_as and choice.keys:
            try:
                await self.app.outside.keyring.keep(keep_as, choice.keys)
            except GatewayError as error:
                self.show_problem(error.problem)

    async def _connect(self, choice: Choice) -> bool:
        from sestui.workflows.memory import recall
        from sestui.workflows.survey import survey

        self.show_problem(None)
        self.busy(
            _("Starting the practice account …") if self.state.practice else _("Connecting …")
        )
        try:
            cloud = await self.app.outside.connect(choice)
            self.busy(_("Reading the account …"))
            seen = await survey(cloud)
            self.app.cloud = cloud
            self.app.smtp_login = None  # of the connection before
            # A new connection: nothing that was read with another one may stay.
            blank = WizardState(practice=self.state.practice)
            remembered = recall(blank, self.app.outside.preferences.load())
            self.state = replace(remembered, connection=cloud.connection)
            self._take(seen)
            await self._continue(cloud)
        except GatewayError as error:
            self.show_problem(error.problem)
            self.busy("")
            self.show_form(self.state.connection is None and not self.state.practice)
            return False
        self.busy("")
        return True

    @work(exclusive=True, group="warm")
    async def warm_up(self) -> None:
        """Load the diagnosis in a thread; the Verify step would stand still for it."""
        from importlib import import_module

        from sestui.gateways.threads import in_thread

        await in_thread(import_module, "sestui.workflows.verify")

    def _take(self, seen: Survey) -> None:
        self.warm_up()
        self.update_state(account=seen.account, identities=seen.identities)
        self.show_problem(seen.problem)
        self.show_form(False)

    async def _continue(self, cloud: Cloud) -> None:
        """Open the identity of the last run, if it is still there, at its first open step."""
        values = self.app.outside.preferences.load()
        name = values.get("identity")
        if self.state.identity is not None or name not in {s.name for s in self.state.identities}:
            return
        self.busy(_("Continuing with {name} …").format(name=name))
        await self._open_identity(cloud, str(name), tested=values.get("tested") == name)

    async def _open_identity(self, cloud: Cloud, name: str, *, tested: bool) -> None:
        from sestui.workflows.survey import open_identity, survey

        opened = await open_identity(cloud, name)
        if opened is None:
            self._take(await survey(cloud))
            text = _("{name} is gone meanwhile.").format(name=name)
            self.notify(text, severity="warning", markup=False)
            return
        identity, default_set = opened
        form = replace(self.state.identity_form, kind=identity.kind, name=identity.name)
        self.update_state(
            identity_form=form,
            identity=identity,
            default_set=default_set,
            checks=(),
            report=None,
            timeline=(),
            sent=(),
            tested=tested,
            review=None,
        )
        step = first_open(self.state)
        self.action_open(step.value)

    @work(exclusive=True, group="connect")
    async def continue_with(self, name: str) -> None:
        if self.cloud is None:
            return
        self.show_problem(None)
        self.busy(_("Opening {name} …").format(name=name))
        try:
            await self._open_identity(self.cloud, name, tested=False)
        except GatewayError as error:
            self.show_problem(error.problem)
        self.busy("")

    @work(exclusive=True, group="connect")
    async def look_again(self) -> None:
        from sestui.workflows.survey import survey

        if self.cloud is None:
            return
        self.show_problem(None)
        self.busy(_("Reading the account …"))
        try:
            self._take(await survey(self.cloud))
        except GatewayError as error:
            self.show_problem(error.problem)
        self.busy("")

    # Drawing

    def show(self, state: WizardState) -> None:
        holder = self.query_one("#connected")
        holder.display = state.connection is not None
        for view in holder.query("AccountView"):
            view.show(state)  # type: ignore[attr-defined]
        if state.connection is not None and not holder.children:
            from sestui.tui.widgets.account_view import AccountView

            holder.mount(AccountView(state))

    def busy(self, text: str) -> None:
        if not self.leaving:
            self.query_one("#busy", Plain).show(text)
            self.say_what_now(text or self.what_now(self.state))

    def show_form(self, shown: bool) -> None:
        holder = self.query_one("#connect")
        holder.display = shown
        if not shown:
            return
        from sestui.tui.widgets.connection_form import ConnectionForm

        if holder.children:
            holder.query_one(ConnectionForm).focus_first()
        else:
            holder.mount(ConnectionForm(self.state.practice, self.sources))

    def what_now(self, state: WizardState) -> str:
        if state.connection is None:
            failed = not self.leaving and self.problem_box.problem is not None
            if failed and self.app.choice is not None:
                return _("r tries again.")
            if self.state.practice:
                return _("One moment: an AWS account of your own starts on this machine.")
            return _("Choose where the credentials come from, then press Connect.")
        if state.identities:
            return _("Enter continues with the marked identity; Ctrl+N makes a new one.")
        if state.practice:
            return _("Ctrl+N: go on and make your first identity.")
        return _("Ctrl+N makes an identity. Missing one? It may be in another Region: e.")

    # Keys

    def action_edit(self) -> None:
        self.show_form(not self.query_one("#connect").display)

    def action_refresh(self) -> None:
        if self.state.connection is None:
            self.begin()
        else:
            self.look_again()

    def action_filter(self) -> None:
        for field in self.query("#filter"):
            field.focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "new":
            self.action_next()

    def on_identity_list_chosen(self, message: IdentityList.Chosen) -> None:
        message.stop()
        self.continue_with(message.identity.name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "edit":
            return not self.state.practice
        return super().check_action(action, parameters)
