"""What several tests of the wizard do: wait for a step, fill in a field, agree to a plan."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input, RadioSet

from sestui.domain.steps import Step
from sestui.tui.modals.plan import PlanModal
from sestui.tui.screens.base import StepScreen


def at(pilot: Pilot, step: Step) -> bool:
    screen = pilot.app.screen
    return isinstance(screen, StepScreen) and screen.STEP is step and screen.is_mounted


def fill(pilot: Pilot, field: str, text: str) -> None:
    pilot.app.screen.query_one(f"#{field}", Input).value = text


def showing(pilot: Pilot) -> str:
    """All that is drawn now, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def connected(pilot: Pilot, until) -> None:
    await until(pilot, lambda: pilot.app.state.account is not None, 60)
    await pilot.pause()


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
        pilot.app.screen.query_one("#kind", RadioSet)._nodes[1].value = True
        await pilot.pause()
    fill(pilot, "name", name)
    await pilot.pause()
    await pilot.press("enter")
    await agree(pilot, until)
    await until(pilot, lambda: at(pilot, Step.VERIFY))
    await pilot.pause()
