"""Keys and clicks that come faster than the screen is drawn."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.widgets import OptionList, Static

from sestui.tui.palette import Palette
from sestui.tui.screens.base import StepScreen

from .states import drawn


async def burst(pilot, *keys: str) -> None:
    """All of `keys` before anything is drawn."""
    for key in keys:
        pilot.app.simulate_key(key)
    await pilot.pause()


async def opened(pilot, until) -> None:
    """The first step is there; it comes a moment later than the app."""
    await until(pilot, lambda: isinstance(pilot.app.screen, StepScreen))
    await pilot.pause()


def press(app, x: int, y: int) -> None:
    mouse = (x, y, 0, 0, 1, False, False, False)
    app.post_message(events.MouseDown(None, *mouse, screen_x=x, screen_y=y))


@pytest.mark.parametrize("keys", [("pageup",), ("pagedown", "pageup"), ("x", "pagedown", "pageup")])
async def test_the_palette_and_a_page_in_one_burst(keys, until):
    app = drawn("account")
    async with app.run_test() as pilot:
        await opened(pilot, until)
        await burst(pilot, "ctrl+p", *keys)
        assert isinstance(app.screen, Palette)


async def test_a_list_that_has_just_come_and_a_page_in_one_burst(until):
    app = drawn("account")
    async with app.run_test() as pilot:
        await opened(pilot, until)
        choices = OptionList("one", "two")
        await app.screen.query_one("#body").mount(choices)
        choices.highlighted = 0
        choices.focus()
        await burst(pilot, "pagedown")
        await until(pilot, lambda: choices.scrollable_content_region)
        await pilot.press("pagedown")
        assert choices.highlighted == 1


async def test_two_clicks_beside_the_palette_close_it_and_nothing_else(until):
    app = drawn("account")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, until)
        await pilot.press("ctrl+p")
        palette = app.screen
        for _ in range(2):
            beside = (palette, 2, 39, 0, 0, 1, False, False, False)
            palette.post_message(events.Click(*beside, screen_x=2, screen_y=39))
        await until(pilot, lambda: app.screen is not palette)
        await asyncio.sleep(0)
        assert isinstance(app.screen, StepScreen)


async def test_a_press_on_what_has_just_gone(until):
    app = drawn("account")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, until)
        text = Static("here")
        await app.screen.query_one("#body").mount(text)
        await pilot.pause()
        where = text.region.offset
        with app.batch_update():  # so that it is still where the screen looks for it
            await text.remove()
            press(app, where.x, where.y)
            await asyncio.sleep(0.05)
        await pilot.pause()
        assert isinstance(app.screen, StepScreen)
