"""What all steps share: the frame, the keys, and how state travels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer

from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.steps import Step, WizardState, blocked_by, following, preceding, reachable
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.widgets.context_bar import ContextBar
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.tui.widgets.rail import StepBar, StepRail

if TYPE_CHECKING:
    from sestui.domain.plan import Plan
    from sestui.tui.app import WizardApp

SMALLEST = (80, 24)
WIDE = 100


class StepScreen(Screen[None]):
    """One step: the rail on the left, the body of the step on the right, what to do below."""

    STEP: ClassVar[Step]
    BINDINGS = [
        Binding("ctrl+n", "next", _("Next"), tooltip=_("Open the next step"), id="next"),
        Binding("ctrl+b", "back", _("Back"), tooltip=_("Open the step before"), id="back"),
        Binding("f2", "guide", _("Guide"), tooltip=_("The workshop's explanation"), id="guide"),
        Binding("f4", "copy_policy", _("Copy policy"), tooltip=_("What allows it"), id="policy"),
        *(
            Binding(str(step.number), f"open('{step.value}')", step.word, show=False)
            for step in Step
        ),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]

    class StateChanged(Message):
        """The screen knows more than before."""

        def __init__(self, state: WizardState) -> None:
            self.state = state
            super().__init__()

    class Open(Message):
        """Another step, please."""

        def __init__(self, step: Step) -> None:
            self.step = step
            super().__init__()

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    rail = getters.query_one(StepRail)
    problem_box = getters.query_one("#problem", ProblemBox)

    state: reactive[WizardState] = reactive(WizardState, init=False)

    def __init__(self, state: WizardState) -> None:
        super().__init__()
        self.set_reactive(StepScreen.state, state)
        self._keys: dict[str, bool] = {}

    # The frame

    def compose(self) -> ComposeResult:
        # Textual sets it after the first layout, and the screen would jump.
        self.add_class("-wide" if self.app.size.width >= WIDE else "-narrow", update=False)
        yield ContextBar(self.state)
        yield StepBar(self.state, self.STEP)
        with Horizontal(id="frame"):
            yield StepRail(self.state, self.STEP)
            with VerticalScroll(id="body", can_focus=False):
                yield Plain(self.heading(), id="title")
                yield Plain(self.lead(), id="lead")
                yield ProblemBox(id="problem")
                yield from self.compose_body()
        yield Plain(id="what-now")
        yield Footer(compact=True, show_command_palette=False)
        yield Plain(_("sestui needs a terminal of at least 80 × 24."), id="too-small")

    def compose_body(self) -> ComposeResult:
        raise NotImplementedError

    def heading(self) -> str:
        return f"{self.STEP.number}  {self.STEP.word}"

    def lead(self) -> str:
        """What the step is for, in a sentence or two."""
        return ""

    def what_now(self, state: WizardState) -> str:
        """The next thing to do, with the key for it."""
        return ""

    def on_mount(self) -> None:
        if self.focused is self.rail and not self.rail.display:
            self.set_focus(None)  # Textual's AUTO_FOCUS takes what is not shown, too
        self.draw(self.state)
        # Cells of tables hold colours, not their names.
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.draw(self.state))

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-too-small")

    # State: replaced here, drawn by watch_state, told upwards

    def watch_state(self, state: WizardState) -> None:
        self.post_message(self.StateChanged(state))
        self.draw(state)

    @property
    def leaving(self) -> bool:
        """The widgets are gone already; a worker that comes late has nothing to draw on."""
        return not self.query("#what-now")

    def draw(self, state: WizardState) -> None:
        if self.leaving:
            return
        self.query_one(ContextBar).show(state)
        self.query_one(StepBar).show(state)
        self.rail.show(state)
        self.show(state)
        self.say_what_now(self.what_now(state))
        self.refresh_keys()

    def say_what_now(self, text: str) -> None:
        if self.leaving:
            return
        line = Content.assemble(("▸ ", "bold $accent"), printable(text)) if text else Content()
        self.query_one("#what-now", Plain).show(line)

    def show(self, state: WizardState) -> None:
        """Draw what changed in the body."""

    # Doing things

    @property
    def cloud(self) -> Cloud | None:
        return self.app.cloud

    async def make(self, plan: Plan, busy: Callable[[str], None]) -> bool:
        """Show a plan, and carry it out when the person agrees. True when all of it is done."""
        try:
            return await self.carry_out(plan, busy)
        except GatewayError as error:
            self.show_problem(error.problem)
            return False

    async def carry_out(self, plan: Plan, busy: Callable[[str], None]) -> bool:
        """As `make`, for a dialog that shows the problem itself. Raises GatewayError."""
        from sestui.tui.modals.plan import PlanModal
        from sestui.workflows.carry_out import carry_out

        if self.cloud is None or self.state.connection is None:
            return False
        if not await self.app.push_screen_wait(PlanModal(plan, self.state.connection)):
            return False
        self.show_problem(None)
        made = 0
        try:
            async for progress in carry_out(self.cloud.changes, plan, self.app.sleep):
                busy(f"{progress.number}/{progress.of}  {progress.call.words} …")
                made += progress.answer is not None
        except GatewayError as error:
            raise GatewayError(_in_a_plan(error.problem, made, len(plan))) from None
        finally:
            busy("")
        return True

    def show_problem(self, problem: Problem | None) -> None:
        if self.leaving:
            return
        self.problem_box.show(problem)
        if problem is not None:
            # Only the next layout knows where it is.
            self.call_after_refresh(self.problem_box.scroll_visible, animate=False)
        self.refresh_keys()

    async def copy(self, text: str, what: str) -> None:
        """Put `text` on the clipboard, by a program of this machine and by OSC 52, and say so."""
        self.app.copy_to_clipboard(printable(text) if "\n" not in text else text)
        await self.app.outside.clipboard.copy(text)
        self.notify(what, markup=False, timeout=3)

    @property
    def under_way(self) -> str:
        """What a person would miss who leaves the program now; empty when that is nothing."""
        return ""

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "next":
                step = following(self.STEP)
                return step is not None and (reachable(self.state, step) or None)
            case "back":
                return preceding(self.STEP) is not None
            case "copy_policy":
                problem = None if self.leaving else self.problem_box.problem
                return problem is not None and bool(problem.policy)
            case _:
                return True

    def refresh_keys(self) -> None:
        """Tell the footer, which is made anew each time, when other keys work than before."""
        keys = {key: active.enabled for key, active in self.active_bindings.items()}
        if keys != self._keys:
            self._keys = keys
            self.refresh_bindings()

    def action_next(self) -> None:
        if step := following(self.STEP):
            self.action_open(step.value)

    def action_back(self) -> None:
        if step := preceding(self.STEP):
            self.action_open(step.value)

    def action_open(self, name: str) -> None:
        step = Step(name)
        if step is self.STEP:
            return
        if need := blocked_by(self.state, step):
            text = _("“{step}” opens when “{need}” is done.")
            self.notify(
                text.format(step=step.word, need=need.word), severity="warning", markup=False
            )
            return
        self.post_message(self.Open(step))

    def on_step_rail_chosen(self, message: StepRail.Chosen) -> None:
        message.stop()
        self.action_open(message.step.value)

    def action_guide(self) -> None:
        from sestui.tui.modals.guide import GuideModal

        self.app.push_screen(GuideModal(self.STEP, self.app.language))

    async def action_copy_policy(self) -> None:
        problem = self.problem_box.problem
        if problem is not None:
            await self.copy(problem.policy, _("Copied the policy statement."))

    def update_state(self, **changes: object) -> None:
        """`self.state = replace(self.state, …)`."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]


def _in_a_plan(problem: Problem, made: int, of: int) -> Problem:
    """`problem` of one call, for the person who agreed to several."""
    if not made:
        return problem
    text = _("{made} of {of} changes are made and stay. When the cause is gone, do it again:")
    advice = f"{text.format(made=made, of=of)} {_('only what is left will be planned.')}"
    return replace(problem, advice=advice)
