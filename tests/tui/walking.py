"""What several tests of the wizard do: wait for a step, fill in a field, agree to a plan."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot
from textual.widgets import Input, OptionList, RadioButton, Select

from sestui.domain.steps import Step
from sestui.tui.modals.plan import PlanModal
from sestui.tui.screens.base import StepScreen
from sestui.workflows.survey import open_identity


def at(pilot: Pilot, step: Step) -> bool:
    screen = pilot.app.screen
    return isinstance(screen, StepScreen) and screen.STEP is step and screen.is_mounted


def fill(pilot: Pilot, field: str, text: str) -> None:
    pilot.app.screen.query_one(f"#{field}", Input).value = text


def showing(pilot: Pilot) -> str:
    """All that is drawn now, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def notices(pilot: Pilot) -> list[str]:
    """What the app says in passing, the last one last."""
    return [str(toast.render()) for toast in pilot.app.screen.query("Toast")]


def offered(select: Select) -> list[str]:
    """What can be chosen, in the words that are shown."""
    options = select.query_one("SelectOverlay", OptionList).options
    return [str(option.prompt) for option in options]


def choose(select: Select, words: str) -> None:
    """Choose the first one that has these words."""
    overlay = select.query_one("SelectOverlay", OptionList)
    overlay.highlighted = next(i for i, text in enumerate(offered(select)) if words in text)
    overlay.action_select()


async def connected(pilot: Pilot, until) -> None:
    await until(pilot, lambda: pilot.app.state.account is not None, 60)
    await pilot.pause()


async def open_step(pilot: Pilot, until, step: Step, name: str, **state: object) -> None:
    """The wizard at a step, with an identity that is in the account."""
    app = pilot.app
    await connected(pilot, until)
    opened = await open_identity(app.cloud, name)
    assert opened is not None
    app.state = replace(app.state, identity=opened[0], default_set=opened[1], **state)
    app.switch_screen(app.screen_for(step))
    await until(pilot, lambda: at(pilot, step))


async def agree(pilot: Pilot, until) -> None:
    """Wait for the plan and carry it out."""
    await until(pilot, lambda: isinstance(pilot.app.screen, PlanModal))
    await pilot.pause()
    await pilot.press("enter")


async def adopt(pilot: Pilot, until, name: str) -> None:
    """From step 1 or 2 to step 3, with `name` created."""
    await pilot.press("ctrl+n")
    await until(pilot, lambda: at(pilot, Step.IDENTITY))
    await pilot.pause()
    if "@" not in name:
        _address, domain = pilot.app.screen.query("#kind RadioButton").results(RadioButton)
        domain.value = True
        await pilot.pause()
    fill(pilot, "name", name)
    await pilot.pause()
    await pilot.press("enter")
    await agree(pilot, until)
    await until(pilot, lambda: at(pilot, Step.VERIFY))
    await pilot.pause()
