"""The matrix of events by destinations: every key, and what is said of what is chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sestui.domain.configset.edit import draft_of
from sestui.domain.configset.model import EventType
from sestui.tui.modals.destination import DestinationModal
from tests.domain.configset.samples import bus, metrics, topic

from .set_editing import (
    SET,
    TEN,
    ByHand,
    at,
    by_hand,
    destination,
    draft,
    editor,
    in_events,
    over_the_account,
    ready,
)
from .sizes import both_sizes
from .test_screens import settle
from .walking import showing

ALARMS = "bounces-and-complaints"


@pytest.mark.parametrize("key", ["space", "enter"])
async def test_a_cell_is_switched_and_marked_and_switched_back(key):
    async with by_hand() as (pilot, _answers):
        await in_events(pilot)
        await at(pilot, EventType.REJECT, ALARMS)
        assert "*" not in row(pilot, "Reject")
        await pilot.press(key)
        await pilot.pause()
        assert EventType.REJECT in destination(pilot, ALARMS).events
        assert "● on *" in row(pilot, "Reject")
        assert "One change" in showing(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert draft(pilot) == draft_of(SET)
        assert "Nothing is changed yet" in showing(pilot)


def row(pilot, word: str) -> str:
    return next(line for line in showing(pilot).split("\n") if word in line)


async def test_what_a_destination_cannot_get_is_not_switched():
    async with by_hand(TEN) as (pilot, _answers):
        await in_events(pilot)
        await at(pilot, EventType.DELIVERY_DELAY, "pinpoint")
        await pilot.press("space")
        await pilot.pause()
        assert draft(pilot) == draft_of(TEN)
        assert "This destination cannot get that event." in showing(pilot)


async def test_a_destination_is_paused_as_a_whole():
    async with by_hand() as (pilot, _answers):
        await in_events(pilot)
        await pilot.press("o")
        await pilot.pause()
        assert not destination(pilot, ALARMS).enabled
        shown = showing(pilot)
        assert "○ off SNS" in shown
        assert f"{ALARMS} is switched off and gets nothing." in shown.replace("│\n", "")
        await pilot.press("o")
        await pilot.pause()
        assert destination(pilot, ALARMS).enabled


@pytest.mark.parametrize("key", ["delete", "d"])
async def test_a_removed_destination_comes_back_by_undo(key):
    async with by_hand() as (pilot, _answers):
        await in_events(pilot)
        await at(pilot, EventType.SEND, "app")
        await pilot.press("space", key)
        await pilot.pause()
        assert [each.name for each in draft(pilot).destinations] == [ALARMS, "metrics"]
        assert "app is removed. Ctrl+Z brings it back." in showing(pilot)
        await pilot.press("ctrl+z")
        await ready(pilot)
        assert destination(pilot, "app").events == SET.destination("app").events - {EventType.SEND}
        assert "Undone: app removed. Ctrl+Y does it again." in showing(pilot)
        await pilot.press("ctrl+z")
        await ready(pilot)
        assert draft(pilot) == draft_of(SET)
        await pilot.press("ctrl+y", "ctrl+y")
        await ready(pilot)
        assert [each.name for each in draft(pilot).destinations] == [ALARMS, "metrics"]
        await pilot.press("ctrl+y")  # nothing more
        assert [each.name for each in draft(pilot).destinations] == [ALARMS, "metrics"]


async def test_ten_destinations_scroll_sideways_and_the_events_stay():
    async with by_hand(TEN, size=(80, 24)) as (pilot, _answers):
        await in_events(pilot)
        assert "bounces-and" in showing(pilot)
        assert "6 more ›" in showing(pilot)
        await pilot.press("end")
        await pilot.pause()
        shown = showing(pilot)
        assert "topic-10" in shown
        assert "bounces-and" not in shown
        assert "‹ 6 more" in shown
        assert "Rendering failure" in shown
        await pilot.press("space", "home")
        await pilot.pause()
        assert EventType.SEND in destination(pilot, "topic-10").events
        assert "bounces-and" in showing(pilot)


async def test_a_click_switches_the_cell_under_it():
    async with by_hand() as (pilot, _answers):
        matrix = await in_events(pilot)
        assert await pilot.click(matrix, offset=(21, 4))
        await pilot.pause()
        assert EventType.SEND in destination(pilot, ALARMS).events
        assert await pilot.click(matrix, offset=(21 + 14, 0))  # a head is only gone to
        await pilot.pause()
        assert matrix.destination.name == "app"
        assert destination(pilot, "app") == SET.destination("app")
        assert await pilot.click(matrix, offset=(3, 5))
        await pilot.pause()
        assert destination(pilot, "app") == SET.destination("app")


@pytest.mark.parametrize(
    ("event", "does"),
    [
        (EventType.OPEN, "An invisible picture is put into every HTML mail"),
        (EventType.CLICK, "Every link in the mail of this set is replaced"),
    ],
)
async def test_what_does_something_to_the_mail_says_so_before_it_is_chosen(event, does):
    async with by_hand() as (pilot, _answers):
        await in_events(pilot)
        assert does not in showing(pilot)
        await at(pilot, event, "app")
        assert does in showing(pilot)


async def test_an_event_that_nobody_hears_of_is_a_warning():
    alone = replace(SET, destinations=(bus("app"), metrics()))
    async with by_hand(alone, size=(80, 24)) as (pilot, _answers):
        await in_events(pilot)
        assert "! Complaint" not in showing(pilot)
        await at(pilot, EventType.COMPLAINT, "app")
        await pilot.press("space")
        await pilot.pause()
        assert "! Complaint: counted in CloudWatch, but nobody learns" in showing(pilot)
        await at(pilot, EventType.BOUNCE, "app")
        await pilot.press("space", "right", "space")
        await pilot.pause()
        assert "! Bounce: no destination that anybody receives." in showing(pilot)


@pytest.mark.parametrize(
    ("confirmed", "said"),
    [(False, "The subscription of events is not confirmed"), (True, "")],
)
async def test_subscriptions_that_are_not_confirmed_are_found_out(confirmed, said, until):
    base = replace(SET, destinations=(topic("one"), topic("two")))
    there = ByHand(base)
    there.subscribed = (("email", "a@example.com", confirmed),)
    async with by_hand(base, there=there) as (pilot, _answers):
        await until(pilot, lambda: there.asked)
        await pilot.pause()
        shown = showing(pilot)
        # Both destinations go to one topic: it is said once.
        assert shown.count("not confirmed") == bool(said)
        assert said in shown.replace("│\n", " ")


async def test_the_first_destination_is_one_key_away(until):
    async with by_hand(None) as (pilot, _answers):
        assert "Nobody hears of bounces and complaints." in showing(pilot)
        await in_events(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DestinationModal))
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is editor(pilot))
        assert draft(pilot).destinations == ()


async def test_what_is_amiss_is_read_with_the_keyboard_where_there_is_little_room(until):
    async with by_hand(TEN, size=(80, 24)) as (pilot, _answers):
        await in_events(pilot)
        await until(pilot, lambda: "not confirmed" in showing(pilot))
        assert "which has ended" not in showing(pilot)
        await pilot.press("tab", "end")
        await until(pilot, lambda: "which has ended" in showing(pilot))
        await pilot.press("f3")
        await pilot.pause()
        assert "Longest delivery" in showing(pilot)


@both_sizes
@pytest.mark.parametrize("kind", ["changed", "ten", "none"])
async def test_what_it_looks_like(kind, size, same_screen):
    base = {"changed": SET, "ten": TEN, "none": None}[kind]
    async with by_hand(base, size=size, behind=over_the_account) as (pilot, _answers):
        await in_events(pilot)
        if kind == "changed":
            await at(pilot, EventType.COMPLAINT, "app")
            await pilot.press("space", "down", "space", "pagedown", "space")
        elif kind == "ten":
            await at(pilot, EventType.DELIVERY, "topic-7")
        await settle(pilot)
        same_screen(pilot.app)
