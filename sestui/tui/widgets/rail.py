"""Where the person is: the steps as a rail on wide terminals, as a bar on narrow ones."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from sestui.domain.i18n import _
from sestui.domain.steps import Mark, Step, WizardState, mark

COLOURS = {
    Mark.DONE: "$text-success",
    Mark.CURRENT: "bold $accent",
    Mark.OPEN: "$foreground",
    Mark.BLOCKED: "$quiet",
}
STEPS = tuple(Step)


class StepRail(Static, can_focus=True):
    """A line a step, with its mark; Enter or a click opens one.

    Not an OptionList: six lines need none, and the first frame comes 20 ms earlier.
    """

    BINDING_GROUP_TITLE = "Steps"
    BINDINGS = [
        Binding("up", "move(-1)", _("Up"), show=False),
        Binding("down", "move(1)", _("Down"), show=False),
        Binding("enter", "choose", _("Open step")),
    ]

    cursor: reactive[int] = reactive(0)

    class Chosen(Message):
        def __init__(self, step: Step) -> None:
            self.step = step
            super().__init__()

    def __init__(self, state: WizardState, current: Step) -> None:
        super().__init__(markup=False)
        self.current = current
        self.marks = marks(state, current)
        self.border_title = _("Steps")
        self.set_reactive(StepRail.cursor, STEPS.index(current))

    def show(self, state: WizardState) -> None:
        self.marks = marks(state, self.current)
        self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        lines = []
        for index, (step, sign) in enumerate(zip(STEPS, self.marks, strict=True)):
            style = COLOURS[sign]
            if index == self.cursor and self.has_focus:
                style += " on $block-cursor-background"
            elif step is self.current:
                style += " on $panel"
            lines.append(Content.styled(f"{sign} {step.number} {step.word}".ljust(width), style))
        return Content("\n").join(lines)

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(STEPS) - 1))

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_choose(self) -> None:
        self.post_message(self.Chosen(STEPS[self.cursor]))

    def on_click(self, event: events.Click) -> None:
        line = event.get_content_offset(self)
        if line is not None and line.y < len(STEPS):
            self.cursor = line.y
            self.action_choose()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()


class StepBar(Static):
    """The same in one line, for terminals below 100 columns."""

    def __init__(self, state: WizardState, current: Step) -> None:
        super().__init__(bar(state, current), markup=False)
        self.current = current

    def show(self, state: WizardState) -> None:
        self.update(bar(state, self.current))


def marks(state: WizardState, current: Step) -> tuple[Mark, ...]:
    return tuple(mark(state, step, current) for step in Step)


def bar(state: WizardState, current: Step) -> Content:
    """`✓1 Account  ●2 Identity …`, within 78 columns."""
    labels = [
        Content.styled(f"{sign}{step.number} {step.word}", COLOURS[sign])
        for step, sign in zip(Step, marks(state, current), strict=True)
    ]
    return Content("  ").join(labels)
