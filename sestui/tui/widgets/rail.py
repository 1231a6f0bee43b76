"""Where the person is: the steps as a rail on wide terminals, as a bar on narrow ones."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from sestui.domain.i18n import _
from sestui.domain.steps import Mark, Step, WizardState, mark, reachable

COLOURS = {
    Mark.DONE: "$text-success",
    Mark.CURRENT: "bold $accent",
    Mark.OPEN: "$foreground",
    Mark.BLOCKED: "$quiet",
}


class StepRail(OptionList):
    """One option a step, with its mark; Enter opens one."""

    BINDING_GROUP_TITLE = "Steps"

    class Chosen(Message):
        def __init__(self, step: Step) -> None:
            self.step = step
            super().__init__()

    def __init__(self, state: WizardState, current: Step) -> None:
        super().__init__(*options_for(state, current), markup=False)
        self.current = current
        self.marks = marks(state, current)
        self.border_title = _("Steps")

    def on_mount(self) -> None:
        self.highlighted = self.current.number - 1

    def show(self, state: WizardState) -> None:
        if (now := marks(state, self.current)) == self.marks:
            return
        self.marks = now
        highlighted = self.highlighted
        self.set_options(options_for(state, self.current))
        self.highlighted = highlighted

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(Step(event.option_id or "")))


class StepBar(Static):
    """The same in one line, for terminals below 100 columns."""

    def __init__(self, state: WizardState, current: Step) -> None:
        super().__init__(bar(state, current), markup=False)
        self.current = current

    def show(self, state: WizardState) -> None:
        self.update(bar(state, self.current))


def marks(state: WizardState, current: Step) -> tuple[Mark, ...]:
    return tuple(mark(state, step, current) for step in Step)


def options_for(state: WizardState, current: Step) -> list[Option]:
    return [
        Option(
            Content.styled(f"{sign} {step.number} {step.word}", COLOURS[sign]),
            id=step.value,
            disabled=not reachable(state, step),
        )
        for step, sign in zip(Step, marks(state, current), strict=True)
    ]


def bar(state: WizardState, current: Step) -> Content:
    """`✓1 Account  ●2 Identity …`, within 78 columns."""
    labels = [
        Content.styled(f"{sign}{step.number} {step.word}", COLOURS[sign])
        for step, sign in zip(Step, marks(state, current), strict=True)
    ]
    return Content("  ").join(labels)
