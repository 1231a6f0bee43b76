"""Step 1: which account, which Region, and what is there already."""

from __future__ import annotations

from dataclasses import replace

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input

from sestui.domain.account import Choice
from sestui.domain.i18n import _
from sestui.domain.steps import Step, WizardState, first_open
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.account_card import account_card
from sestui.tui.widgets.connection_form import ConnectionForm
from sestui.tui.widgets.name_list import IdentityList
from sestui.tui.widgets.plain import Plain
from sestui.workflows.memory import choice_of, recall
from sestui.workflows.survey import Survey, open_identity, survey

MANY = 12
"""More identities than this deserve a filter."""


class AccountScreen(StepScreen):
    STEP = Step.ACCOUNT
    AUTO_FOCUS = None
    CSS_PATH = "account.tcss"
    BINDINGS = [
        Binding("e", "edit", _("Change connection"), tooltip=_("Another account or Region")),
        Binding("r", "refresh", _("Look again"), tooltip=_("Ask AWS again")),
        Binding("slash", "filter", _("Filter"), show=False),
    ]

    def lead(self) -> str:
        return _("SES keeps everything per account and per Region. This is where you are.")

    def compose_body(self) -> ComposeResult:
        yield Plain(id="busy")
        with Vertical(id="connect"):
            yield ConnectionForm(self.state.practice)
        with Vertical(id="connected"):
            yield Plain(id="card", classes="card")
            with Horizontal(classes="row", id="identities-head"):
                yield Plain(id="identities-title", classes="label")
                yield Button(_("New identity"), id="new")
            yield Input(placeholder=_("type to filter"), id="filter")
            yield IdentityList(id="identities")

    def on_mount(self) -> None:
        super().on_mount()
        if self.state.identities:
            self.query_one(IdentityList).focus()
        if self.state.connection is None:
            # After the first paint: what follows imports boto3.
            self.call_after_refresh(self.begin)

    # Connecting

    @work(exclusive=True, group="connect")
    async def begin(self) -> None:
        self.query_one(ConnectionForm).offer(await self.app.outside.sources())
        values = self.app.outside.preferences.load()
        choice = self.app.choice or (choice_of(values) if values.get("source") else None)
        if choice is None:
            self.show_form(True)
            return
        await self._connect(choice)

    @on(ConnectionForm.Submitted)
    def connect_as_typed(self, message: ConnectionForm.Submitted) -> None:
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
        self.show_problem(None)
        self.busy(
            _("Starting the practice account …") if self.state.practice else _("Connecting …")
        )
        try:
            cloud = await self.app.outside.connect(choice)
            self.busy(_("Reading the account …"))
            seen = await survey(cloud)
            self.app.cloud = cloud
            # A new connection: nothing that was read with another one may stay.
            blank = WizardState(practice=self.state.practice)
            remembered = recall(blank, self.app.outside.preferences.load())
            self.state = replace(remembered, connection=cloud.connection)
            self._take(seen)
            await self._continue(cloud)
        except GatewayError as error:
            self.busy("")
            self.show_problem(error.problem)
            self.show_form(self.state.connection is None)
            return False
        self.busy("")
        return True

    def _take(self, seen: Survey) -> None:
        self.update_state(account=seen.account, identities=seen.identities)
        self.show_problem(seen.problem)
        self.show_form(False)
        self.query_one("#identities" if seen.identities else "#new").focus()

    async def _continue(self, cloud: Cloud) -> None:
        """Open the identity of the last run, if it is still there, at its first open step."""
        values = self.app.outside.preferences.load()
        name = values.get("identity")
        if self.state.identity is not None or name not in {s.name for s in self.state.identities}:
            return
        self.busy(_("Continuing with {name} …").format(name=name))
        await self._open_identity(cloud, str(name), tested=values.get("tested") == name)

    async def _open_identity(self, cloud: Cloud, name: str, *, tested: bool) -> None:
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
        connected = state.connection is not None
        if connected:
            self.query_one("#card", Plain).update(account_card(state))
        self.query_one("#connected").display = connected
        self.show_identities(state)

    def show_identities(self, state: WizardState) -> None:
        wanted = self.query_one("#filter", Input).value.strip().lower()
        rows = tuple(row for row in state.identities if wanted in row.name.lower())
        title = (
            _("Identities in {region}: {n}").format(region=state.region, n=len(state.identities))
            if state.identities
            else _("No identities in {region} yet.").format(region=state.region)
        )
        self.query_one("#identities-title", Plain).update(title)
        self.query_one("#filter").display = len(state.identities) > MANY
        listed = self.query_one(IdentityList)
        listed.display = bool(state.identities)
        listed.show(rows)

    def busy(self, text: str) -> None:
        if not self.leaving:
            self.query_one("#busy", Plain).show(text)
            self.say_what_now(text or self.what_now(self.state))

    def show_form(self, shown: bool) -> None:
        self.query_one("#connect").display = shown
        if shown:
            self.query_one(ConnectionForm).focus_first()

    def what_now(self, state: WizardState) -> str:
        if state.connection is None:
            if self.state.practice:
                return _("One moment: an AWS account of your own starts on this machine.")
            return _("Choose where the credentials come from, then press Connect.")
        if state.identities:
            return _("Enter continues with the marked identity; Ctrl+N makes a new one.")
        return _("Ctrl+N: go on and make your first identity.")

    # Keys

    def action_edit(self) -> None:
        self.show_form(not self.query_one("#connect").display)

    def action_refresh(self) -> None:
        self.look_again()

    def action_filter(self) -> None:
        self.query_one("#filter").focus()

    @on(Input.Changed, "#filter")
    def _filter(self) -> None:
        self.show_identities(self.state)

    @on(Button.Pressed, "#new")
    def _new(self) -> None:
        self.action_next()

    @on(IdentityList.Chosen)
    def _chosen(self, message: IdentityList.Chosen) -> None:
        message.stop()
        self.continue_with(message.identity.name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "refresh":
            return self.state.connection is not None
        if action == "edit":
            return not self.state.practice
        return super().check_action(action, parameters)
