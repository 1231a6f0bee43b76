"""What became of a message, as the dialog shows it."""

from __future__ import annotations

import asyncio
import json

from textual.widgets import OptionList

from sestui.domain.errors import Problem, Trouble
from sestui.domain.events import parse_event
from sestui.gateways.ports import GatewayError
from sestui.tui.modals.fate import FateModal
from sestui.tui.modals.text import TextModal
from sestui.workflows.event_sources import Ways
from tests.domain.events.samples import MESSAGE_ID, bounce, delivery, event

from .sizes import both_sizes
from .states import NOW, drawn
from .test_screens import settle
from .walking import showing

ANNA = "anna@example.net"
BEN = "ben@shop.example"
TAG = ("sestui-test", "k7f3c2")


class Source:
    """Gives what it is told to, one thing a look; the last one for ever."""

    after = every = 0.0

    def __init__(self, *looks, name: str = "queue ses-events") -> None:
        self.name = name
        self.looks = list(looks)

    async def look(self, wanted):
        now = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(now, Exception):
            raise now
        return tuple(parse_event(json.dumps(content)) for content in now)


def both(content):
    """The event, of a mail to two people."""
    content["mail"]["destination"] = [ANNA, BEN]
    return content


SENT = both(event("Send"))
DELIVERED = both(delivery(ANNA))
BOUNCED = both(
    bounce("Permanent", "General", BEN, status="5.1.1", diagnosticCode="smtp; 550 no such user")
)


class Pauses:
    """A `sleep` that ends when the test says so."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._go = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await self._go.wait()
        self._go.clear()

    def end(self) -> None:
        self._go.set()


def modal(*sources, message_id=MESSAGE_ID, problems=(), sleep=None, recipients=(ANNA, BEN)):
    async def ways() -> Ways:
        return Ways(sources, problems)

    return FateModal(message_id, TAG, recipients, ways, sleep=sleep or Pauses(), now=lambda: NOW)


async def test_events_come_one_by_one_until_all_is_known(until):
    sleep = Pauses()
    source = Source([], [SENT], [SENT, DELIVERED], [SENT, DELIVERED, BOUNCED])
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(modal(source, sleep=sleep))
        await until(pilot, lambda: "watching, every 1 s: queue ses-events" in showing(pilot))
        assert f"{ANNA}  … nothing known yet" in showing(pilot)
        sleep.end()
        await until(pilot, lambda: "→ Accepted" in showing(pilot))
        assert f"{BEN}  … on its way" in showing(pilot)
        sleep.end()
        await until(pilot, lambda: f"{ANNA}  ✓ delivered" in showing(pilot))
        sleep.end()
        await until(pilot, lambda: f"{BEN}  ✗ not delivered" in showing(pilot))
        assert "“550 no such user”" in showing(pilot)
        sleep.end()
        await until(pilot, lambda: "All is known" in showing(pilot))


async def test_the_json_and_the_id_are_a_key_away(until):
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(modal(Source([SENT, DELIVERED])))
        await until(pilot, lambda: "Delivered" in showing(pilot))
        await pilot.press("c")
        assert app.clipboard == MESSAGE_ID
        await pilot.press("j")
        await until(pilot, lambda: isinstance(app.screen, TextModal))
        await until(pilot, lambda: '"eventType": "Delivery"' in showing(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, FateModal))
        await pilot.press("up", "enter")
        await until(pilot, lambda: '"eventType": "Send"' in showing(pilot))


async def test_with_only_a_tag_the_id_is_found(until):
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        sleep = Pauses()
        app.push_screen(modal(Source([], [SENT]), message_id="", sleep=sleep))
        await until(pilot, lambda: "Id      not known" in showing(pilot))
        await pilot.press("c")  # nothing to copy, nothing breaks
        assert "sestui-test=k7f3c2" in showing(pilot)
        sleep.end()
        await until(pilot, lambda: f"Id      {MESSAGE_ID}" in showing(pilot))


async def test_without_any_source_it_says_what_to_do(until):
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        denied = Problem("You may not do sns:ListTopics.", "Add this statement.", Trouble.DENIED)
        app.push_screen(modal(problems=(denied,)))
        await until(pilot, lambda: "subscribe an SQS queue" in showing(pilot))
        assert "You may not do sns:ListTopics." in showing(pilot)
        assert "watching" not in showing(pilot)


async def test_a_source_that_fails_is_named_and_the_others_go_on(until):
    app = drawn("account")
    trouble = GatewayError(Problem("No answer came in time.", "Check the network."))
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(modal(Source(trouble, name="practice account"), Source([SENT])))
        await until(pilot, lambda: "! practice account: No answer came" in showing(pilot))
        assert "→ Accepted" in showing(pilot)


async def test_closing_it_stops_the_watch_and_tells_what_was_known(until):
    app = drawn("account")
    results: list[object] = []
    async with app.run_test(size=(80, 24)) as pilot:
        screen = modal(Source([SENT]))
        app.push_screen(screen, results.append)
        await until(pilot, lambda: "Accepted" in showing(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: results)
        assert results[0].events[0].event.message_id == MESSAGE_ID
        await until(pilot, lambda: not any(w.is_running for w in app.workers if w.group == "fate"))


async def test_whoever_reads_an_older_event_stays_there(until):
    sleep = Pauses()
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(modal(Source([SENT, DELIVERED], [SENT, DELIVERED, BOUNCED]), sleep=sleep))
        await until(pilot, lambda: "Delivered" in showing(pilot))
        events = app.screen.query_one("#events", OptionList)
        assert events.highlighted == 1
        await pilot.press("up")
        sleep.end()
        await until(pilot, lambda: events.option_count == 3)
        assert events.highlighted == 0


async def test_looking_again_keeps_what_was_known(until):
    # A queue hides a message for some seconds after it was looked at.
    source = Source([SENT, DELIVERED], [])
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        sleep = Pauses()
        app.push_screen(modal(source, sleep=sleep))
        await until(pilot, lambda: sleep.seconds)
        await pilot.press("r")
        await until(pilot, lambda: len(sleep.seconds) == 2)
        assert "Delivered" in showing(pilot)


async def test_hostile_events_draw_nothing_of_their_own(until):
    hostile = "[@click=app.quit]x[/]\x1b]0;T\x07\u202e"
    content = bounce("Permanent", "General", hostile, diagnosticCode=hostile)
    app = drawn("account")
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(modal(Source([content]), recipients=(hostile,)))
        await until(pilot, lambda: "Bounced" in showing(pilot))
        assert "[@click=app.quit]x[/]\\x1b]0;T\\x07\\u202e" in showing(pilot)
        await pilot.press("j")
        await until(pilot, lambda: isinstance(app.screen, TextModal))
        assert "\x1b" not in showing(pilot)


@both_sizes
async def test_what_it_looks_like(size, same_screen):
    app = drawn("live")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.push_screen(modal(Source([SENT, DELIVERED, BOUNCED]), sleep=asyncio.sleep))
        await settle(pilot)
        same_screen(app)
