"""What the screens look like, in both sizes and both themes; see `--update-screens`."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from sestui.domain.monitoring import monitoring_plan
from sestui.domain.steps import Step
from sestui.tui.modals.guide import GuideModal, guide_text
from sestui.tui.modals.plan import PlanModal
from sestui.tui.modals.production import ProductionModal
from sestui.tui.theme import LIGHT

from .sizes import both_sizes
from .states import BASE, CONNECTION, STATES, VERIFIED, drawn


async def settle(pilot) -> None:
    await pilot.pause()
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@both_sizes
@pytest.mark.parametrize("name", STATES)
async def test_a_step(name, size, same_screen):
    app = drawn(name)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        same_screen(app)


async def test_the_light_theme(same_screen):
    app = drawn("verify-mixed")
    async with app.run_test(size=(120, 40)) as pilot:
        app.theme = LIGHT.name
        await settle(pilot)
        same_screen(app)


@both_sizes
async def test_a_plan(size, same_screen):
    from sestui.domain.monitoring import Existing, Place
    from sestui.domain.steps import MonitoringForm

    place = Place("eu-west-1", "123456789012")
    plan = monitoring_plan(MonitoringForm(), VERIFIED.name, place, Existing())
    app = drawn("monitoring-first")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.push_screen(PlanModal(plan, CONNECTION))
        await settle(pilot)
        same_screen(app)


async def test_the_consent_before_production(same_screen):
    app = drawn("live")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(ProductionModal("example.com"))
        await settle(pilot)
        same_screen(app)


async def test_below_the_smallest_size_it_says_so(same_screen):
    app = drawn("account")
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        same_screen(app)


@pytest.mark.parametrize("step", Step)
async def test_every_step_has_a_guide(step, until):
    assert guide_text(step, "vi").startswith("# ")
    app = drawn("account")
    async with app.run_test() as pilot:
        app.push_screen(GuideModal(step, "en"))
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, GuideModal))


def test_the_states_are_of_one_account():
    assert {state.connection for _step, state in STATES.values()} == {None, BASE.connection}
