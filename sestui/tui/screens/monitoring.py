"""Step 5: a configuration set, and events that reach somebody."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input

from sestui.domain.i18n import _
from sestui.domain.monitoring import Place, destination_of, monitoring_plan
from sestui.domain.names import InvalidName
from sestui.domain.steps import Step, WizardState
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.monitoring_form import MonitoringFormView
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.set_card import set_card
from sestui.workflows.monitoring import existing_for
from sestui.workflows.survey import open_identity


class MonitoringScreen(StepScreen):
    STEP = Step.MONITORING
    CSS_PATH = "monitoring.tcss"
    AUTO_FOCUS = "#set-name"
    BINDINGS = [
        Binding("ctrl+s", "apply", _("Review"), tooltip=_("Show the calls"), priority=True),
    ]

    def lead(self) -> str:
        return _("A configuration set tells you what became of each mail, bounces first of all.")

    @property
    def place(self) -> Place:
        """Where the step works; an empty one before there is a connection."""
        connection = self.state.connection
        return Place(connection.region, connection.caller.account) if connection else Place("", "")

    def compose_body(self) -> ComposeResult:
        yield Plain(id="set", classes="card")
        yield MonitoringFormView(self.state.monitoring_form, self.place)
        with Horizontal(id="actions"):
            yield Button(_("Review  ^s"), id="apply", variant="primary")
            yield Plain(id="busy")

    def on_mount(self) -> None:
        super().on_mount()
        self.load()

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """What the account has now: someone else may have changed it."""
        identity = self.state.identity
        if self.cloud is None or identity is None:
            return
        try:
            opened = await open_identity(self.cloud, identity.name)
            if opened is not None:
                self.update_state(identity=opened[0], default_set=opened[1])
            form = self.query_one(MonitoringFormView)
            form.offer(await self.cloud.neighbours.topics(), await self.cloud.neighbours.streams())
        except GatewayError as error:
            self.show_problem(error.problem)

    # Drawing

    def show(self, state: WizardState) -> None:
        card = self.query_one("#set", Plain)
        card.border_title = _("Now")
        if state.identity is not None:
            card.show(set_card(state.identity, state.default_set))
        self.query_one(MonitoringFormView).show(state.monitoring_form)

    def what_now(self, state: WizardState) -> str:
        if state.default_set is not None and state.default_set.destinations:
            return _("Events go out. Ctrl+N: the go-live review. Or add a destination here.")
        return _("The workshop's values are filled in. Ctrl+S shows what it does.")

    def busy(self, text: str) -> None:
        if not self.leaving:
            self.query_one("#busy", Plain).show(Content.styled(printable(text), "$accent"))
            self.query_one("#apply", Button).disabled = bool(text)

    @on(MonitoringFormView.Edited)
    def _edited(self, message: MonitoringFormView.Edited) -> None:
        message.stop()
        self.update_state(monitoring_form=message.form)

    # Changing

    @on(Button.Pressed, "#apply")
    @on(Input.Submitted)
    def action_apply(self) -> None:
        form = self.query_one(MonitoringFormView)
        # Ctrl+S overtakes the messages of the keys before it.
        self.update_state(monitoring_form=form.read())
        if form.check():
            self.apply()

    @work(exclusive=True, group="apply")
    async def apply(self) -> None:
        """Plan from what is there, show it, do it, and read everything back."""
        identity, form = self.state.identity, self.state.monitoring_form
        if self.cloud is None or identity is None:
            return
        self.show_problem(None)
        try:
            self.busy(_("Looking at what is there …"))
            existing = await existing_for(self.cloud, form, identity)
            plan = monitoring_plan(form, identity.name, self.place, existing)
            self.busy("")
            if not plan:
                self.notify(_("All of it is there already."), markup=False)
            elif not await self.make(plan, self.busy):
                return
            self.busy(_("Reading it back …"))
            opened = await open_identity(self.cloud, identity.name)
            if opened is not None:
                self.update_state(identity=opened[0], default_set=opened[1], review=None)
            if plan:
                name = destination_of(form, self.place).name
                self.notify(_("Events go to {name} now.").format(name=name), markup=False)
        except InvalidName as problem:
            self.notify(printable(str(problem)), severity="error", markup=False)
        except GatewayError as error:
            self.show_problem(error.problem)
        finally:
            self.busy("")
