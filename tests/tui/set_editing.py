"""An editor of configuration sets to test with: on sets that are made by hand, or on a real one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace

from textual.app import App

from sestui.domain.configset.edit import SetDraft, draft_of
from sestui.domain.configset.judge import Around
from sestui.domain.configset.model import ConfigurationSet, Destination, EventType
from sestui.domain.destinations.facts import Topic
from sestui.domain.dns import Answer, Outcome
from sestui.tui.modals.set_editor import SetEditor
from sestui.tui.widgets.event_matrix import EventMatrix
from sestui.tui.widgets.set_form import SetForm
from tests.domain.configset.samples import FULL, bus, metrics, pinpoint, stream, topic
from tests.practice_cloud import at_once

from .host import Host
from .states import CONNECTION, drawn

QUIET = frozenset(EventType) - {EventType.OPEN, EventType.CLICK, EventType.SUBSCRIPTION}
SET = replace(
    FULL,
    name="production-emails",
    sending_enabled=True,
    suppressed_reasons=None,
    destinations=(topic("bounces-and-complaints"), bus("app", QUIET), metrics()),
)
TEN = replace(
    SET,
    destinations=(
        *SET.destinations,
        stream("archive", enabled=False),
        pinpoint(),
        *(topic(f"topic-{number}") for number in range(6, 11)),
    ),
)
AROUND = Around(
    "eu-west-1", "123456789012", frozenset({SET.name}), frozenset({"track.example.com"}), vdm=True
)


class ByHand:
    """SES, its neighbours and DNS for an editor that is only looked at."""

    def __init__(self, there: ConfigurationSet | None) -> None:
        self.there = there
        self.subscribed = (("email", "ops@example.com", False),)
        self.asked: list[str] = []
        """Topics whose subscriptions were looked at."""

    async def configuration_set(self, name: str) -> ConfigurationSet | None:
        return self.there

    async def topic(self, arn: str) -> Topic | None:
        self.asked.append(arn)
        return Topic(arn, {}, "", self.subscribed)

    async def nothing(self) -> tuple[()]:
        return ()

    topics = keys = queues = nothing

    async def subscriptions(self, arn: str) -> tuple[()]:
        return ()

    async def ask(self, questions):
        return [
            Answer(name, type_, Outcome.FOUND, ("r.eu-west-1.awstrack.me",))
            for name, type_ in questions
        ]


@asynccontextmanager
async def by_hand(
    base: ConfigurationSet | None = SET,
    draft: SetDraft | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    there: ByHand | None = None,
    behind: Callable[[], App[None]] = Host,
):
    """An editor on no network; with it, what it answers. `behind` makes what it is over."""
    there = there or ByHand(base)
    cloud = SimpleNamespace(ses=there, neighbours=there, dns=there, connection=CONNECTION)
    draft = draft or (draft_of(base) if base else SetDraft())
    around = AROUND if base else replace(AROUND, taken=frozenset())
    async with opened(cloud, base, draft, around, size=size, behind=behind) as found:
        yield found


@asynccontextmanager
async def opened(
    cloud,
    base: ConfigurationSet | None,
    draft: SetDraft | None = None,
    around: Around = AROUND,
    *,
    size: tuple[int, int] = (120, 40),
    behind: Callable[[], App[None]] = Host,
):
    """An editor on `cloud`: the pilot, and a list that its answer comes into."""
    app, answers = behind(), []
    draft = draft or draft_of(base)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        editor = SetEditor(cloud, base, draft, around, cloud.connection, sleep=at_once)
        app.push_screen(editor, answers.append)
        await ready(pilot)
        yield pilot, answers


def over_the_account() -> App[None]:
    """The first step, for pictures."""
    return drawn("account")


async def ready(pilot) -> None:
    for _turn in range(3):
        await pilot.pause()


def editor(pilot) -> SetEditor:
    return next(each for each in pilot.app.screen_stack if isinstance(each, SetEditor))


def draft(pilot) -> SetDraft:
    return editor(pilot).draft


def destination(pilot, name: str) -> Destination:
    return next(each for each in draft(pilot).destinations if each.name == name)


async def in_events(pilot) -> EventMatrix:
    """The cursor into the matrix."""
    await pilot.press("f3")
    await pilot.pause()
    assert isinstance(pilot.app.focused, EventMatrix)
    return pilot.app.focused


async def at(pilot, event: EventType, name: str) -> None:
    """The cursor to a cell, by the arrow keys."""
    matrix = editor(pilot).query_one(EventMatrix)
    down = list(EventType).index(event) - matrix.cursor[0]
    names = [each.name for each in draft(pilot).destinations]
    right = names.index(name) - matrix.cursor[1]
    await pilot.press(*["down" if down > 0 else "up"] * abs(down))
    await pilot.press(*["right" if right > 0 else "left"] * abs(right))
    await pilot.pause()


async def focus(pilot, field: str) -> None:
    editor(pilot).query_one(SetForm).focus_field(field)
    await pilot.pause()
