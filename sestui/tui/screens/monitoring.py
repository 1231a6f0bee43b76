"""Step 5: configuration sets, and events that reach somebody."""

from __future__ import annotations

from collections.abc import Awaitable

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input

from sestui.domain.configset.plans import repair_default_plan
from sestui.domain.configset.trouble import Reach
from sestui.domain.errors import Trouble
from sestui.domain.i18n import _
from sestui.domain.monitoring import destination_of, monitoring_plan
from sestui.domain.names import InvalidName
from sestui.domain.plan import Plan
from sestui.domain.steps import WizardState
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.monitoring_sets import MonitoringSetsScreen
from sestui.tui.widgets.monitoring_form import MonitoringFormView
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.set_card import set_card
from sestui.tui.widgets.sets_list import SetsList
from sestui.tui.widgets.todo_list import Todo, TodoList
from sestui.workflows.configset import arn_of
from sestui.workflows.monitoring import existing_for
from sestui.workflows.survey import open_identity


class MonitoringScreen(MonitoringSetsScreen):
    BINDINGS = [
        Binding("ctrl+s", "apply", _("Review"), tooltip=_("Show the calls"), priority=True),
        Binding(
            "f3",
            "quick",
            _("Set up"),
            tooltip=_("A set with one destination, in one go"),
            show=False,
        ),
    ]

    def __init__(self, state: WizardState) -> None:
        super().__init__(state)
        self.quick: bool | None = None
        """The short form is shown; None: as long as it is what is needed."""
        self.leftovers: Plan = ()
        """Removes what an interrupted proof has left."""

    def lead(self) -> str:
        return _("A configuration set tells you what became of each mail, bounces first of all.")

    def compose_body(self) -> ComposeResult:
        yield Plain(id="set", classes="card")
        yield TodoList(id="todo")
        yield SetsList(id="sets")
        with Vertical(id="quick"):
            yield MonitoringFormView(self.state.monitoring_form, self.place)
            with Horizontal(id="actions"):
                yield Button(_("Review  ^s"), id="apply", variant="primary")
                yield Plain(id="busy")
        yield Plain(id="quick-note")

    def on_mount(self) -> None:
        super().on_mount()
        self.load()
        self.look_over()
        self.look_for_leftovers()
        if not self.shows_form:
            self.query_one(SetsList).focus()

    @property
    def shows_form(self) -> bool:
        if self.quick is not None:
            return self.quick
        default = self.state.default_set
        return default is None or not default.destinations

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """What the account has now: someone else may have changed it."""
        if self.cloud is None or self.state.identity is None:
            return
        try:
            await self.read_identity()
            topics = await _listed(self.cloud.neighbours.topics())
            streams = await _listed(self.cloud.neighbours.streams())
        except GatewayError as error:
            self.show_problem(error.problem)
            return
        if not self.leaving:
            self.query_one(MonitoringFormView).offer(topics, streams)

    async def read_identity(self) -> None:
        """Raises GatewayError."""
        identity = self.state.identity
        if self.cloud is None or identity is None:
            return
        opened = await open_identity(self.cloud, identity.name)
        if opened is not None:
            self.update_state(identity=opened[0], default_set=opened[1], review=None)

    @work(exclusive=True, group="leftovers")
    async def look_for_leftovers(self) -> None:
        from sestui.domain.prove.plan import removal_plan
        from sestui.workflows.leftover_proofs import leftover_proofs

        if self.cloud is None:
            return
        try:
            self.leftovers = removal_plan(await leftover_proofs(self.cloud))
        except GatewayError:
            return  # what belongs to the step itself has said so already
        self.show(self.state)

    # Drawing

    def show(self, state: WizardState) -> None:
        if self.leaving:
            return
        super().show(state)
        card = self.query_one("#set", Plain)
        card.border_title = _("Now")
        if state.identity is not None:
            card.show(set_card(state.identity, state.default_set))
        self.query_one(TodoList).show(tuple(self.todos(state)))
        self.query_one(MonitoringFormView).show(state.monitoring_form)
        quick, sets = self.query_one("#quick"), self.query_one(SetsList)
        quick.display = self.shows_form
        self.set_class(self.shows_form, "-quick")  # which leaves room for it
        if not quick.display and sets.display and self._cursor_in(quick):
            sets.focus()
        note = (
            ""
            if self.shows_form
            else _("F3 sets up another set in one go. F9 shows who is on the suppression list.")
        )
        self.query_one("#quick-note", Plain).show(Content.styled(note, "$quiet"))

    def _cursor_in(self, quick: Widget) -> bool:
        """Or it was, before the form went out of sight."""
        return self.focused is None or quick in self.focused.ancestors

    def todos(self, state: WizardState) -> list[Todo]:
        """What is broken and can be repaired at once."""
        todos: list[Todo] = []
        identity = state.identity
        if identity is not None and identity.configuration_set and state.default_set is None:
            name = printable(identity.configuration_set)
            todos.append(Todo("recreate", _("Create {name} again, empty").format(name=name)))
            todos.append(Todo("clear", _("Do without a default configuration set")))
        if self.leftovers:
            text = _("Remove what an interrupted proof has left in the account")
            todos.append(Todo("leftovers", text))
        return todos

    def what_now(self, state: WizardState) -> str:
        if state.default_set is not None and state.default_set.destinations:
            seen = self.seen.summary(state.default_set.name)
            if seen is not None and seen.alarms is Reach.NOBODY:
                return _("Nobody hears of bounces yet. Enter on the set, then F3, shows why.")
            return _("Events go out. F5 proves that they arrive. Ctrl+N: the go-live review.")
        if not self.shows_form:
            return _("Enter opens the marked set; m makes it the default. F3: the short form.")
        return _("The workshop's values are filled in. Ctrl+S shows what it does.")

    def busy(self, text: str) -> None:
        if not self.leaving:
            self.query_one("#busy", Plain).show(Content.styled(printable(text), "$accent"))
            self.query_one("#apply", Button).disabled = bool(text)

    @on(MonitoringFormView.Edited)
    def _edited(self, message: MonitoringFormView.Edited) -> None:
        message.stop()
        self.update_state(monitoring_form=message.form)

    def action_quick(self) -> None:
        self.quick = not self.shows_form
        self.draw(self.state)
        if self.quick:
            self.query_one("#set-name").focus()

    @on(TodoList.Chosen)
    @work(exclusive=True, group="apply")
    async def _repair(self, message: TodoList.Chosen) -> None:
        identity = self.state.identity
        if self.cloud is None or identity is None:
            return
        if message.todo.name == "leftovers":
            plan = self.leftovers
        else:
            missing = identity.configuration_set
            plan = repair_default_plan(
                identity.name,
                missing,
                arn_of(self.cloud, missing),
                recreate=message.todo.name == "recreate",
            )
        if await self.make(plan, self.say_progress):
            self.leftovers = ()
            self.load()
            self.look_over()
            self.look_for_leftovers()

    # The short form

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
            await self.read_identity()
            if plan:
                name = destination_of(form, self.place).name
                self.notify(_("Events go to {name} now.").format(name=name), markup=False)
                self.look_over(form.set_name.strip())
        except InvalidName as problem:
            self.notify(printable(str(problem)), severity="error", markup=False)
        except GatewayError as error:
            self.show_problem(error.problem)
        finally:
            self.busy("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "apply":
            return self.shows_form
        return super().check_action(action, parameters)


async def _listed(names: Awaitable[tuple[str, ...]]) -> tuple[str, ...]:
    """They only complete what is typed; without leave to list them one can still type."""
    try:
        return await names
    except GatewayError as error:
        if error.trouble is not Trouble.DENIED:
            raise
        return ()
