"""The proof and the tail as the dialogs show them, over a practice account."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import Input, OptionList

from sestui.domain.configset import DestinationKind
from sestui.domain.destinations.facts import Subscription, Topic
from sestui.domain.errors import Problem, Trouble
from sestui.domain.prove import Hop, HopKind, Phase, Proof, Question, State
from sestui.domain.prove.diagnose import diagnose
from sestui.domain.prove.model import stamped
from sestui.domain.prove.scene import Scene, TopicView
from sestui.gateways.ports import GatewayError
from sestui.practice.ports import DEFAULT_REGION
from sestui.tui.modals.catching import Stage
from sestui.tui.modals.prove import ProveModal
from sestui.tui.modals.tail import TailModal
from sestui.tui.modals.text import TextModal
from tests.workflows.proving import DOMAIN, Clock, Scenery

from .sizes import both_sizes
from .states import CONNECTION, NOW, SET, VERIFIED, drawn
from .test_screens import settle
from .walking import showing

SIZE = (80, 24)


@pytest.fixture
def ses(account):
    return account.client("sesv2")


@pytest.fixture
def scenery(account, ses):
    account.ses.seed_identities(DEFAULT_REGION, [DOMAIN])
    scenery = Scenery(account, ses).to_topic()
    yield scenery
    assert scenery.temporary() == []


def proving(cloud, scenery, carry_out=None, **more):
    clock = Clock()

    async def straight(plan, busy):
        for call in plan:
            busy(call.words)
            await cloud.changes.make(call)
        return True

    return ProveModal(
        cloud,
        scenery.question(**more),
        nonce=lambda: f"{scenery.nonce}again",
        carry_out=carry_out or straight,
        sleep=clock.sleep,
        now=clock.now,
    )


async def test_it_asks_then_shows_each_hop_and_leaves_nothing(cloud, scenery, until):
    results: list[Proof | None] = []
    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = proving(cloud, scenery)
        app.push_screen(modal, results.append)
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await pilot.pause()
        assert f"1  Create the temporary queue sestui-prove-{scenery.nonce}" in showing(pilot)
        assert "Removed again at the end" in showing(pilot)
        assert scenery.temporary() == []  # nothing is done before somebody agrees
        await pilot.press("c")
        assert "aws sqs create-queue" in app.clipboard
        await pilot.press("enter")
        await until(pilot, lambda: modal.stage is Stage.ENDED)
        await until(pilot, lambda: "Proven: the events arrive." in showing(pilot))
        assert "✓ Arrived     Bounce came after" in showing(pilot)
        await pilot.press("end", "j")
        await until(pilot, lambda: isinstance(app.screen, TextModal))
        await until(pilot, lambda: '"eventType": "Complaint"' in showing(pilot))
        await pilot.press("escape", "escape")
        await until(pilot, lambda: results)
        assert results[0].state is State.AMBER  # nobody but the queue was subscribed


async def test_a_broken_hop_is_shown_copied_and_mended(cloud, scenery, until):
    scenery.set_policy()
    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = proving(cloud, scenery)
        app.push_screen(modal)
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await until(pilot, lambda: "One hop is broken already" in showing(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: modal.stage is Stage.ENDED)
        await until(pilot, lambda: "Add this statement to its policy" in showing(pilot))
        assert "✗ Published   The policy of" in showing(pilot)
        await pilot.press("c")
        assert json.loads(app.clipboard)["Action"] == "sns:Publish"
        await pilot.press("x")
        # Mended: it looks anew, and asks before it sends again.
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await pilot.pause()
        assert "broken" not in showing(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: modal.stage is Stage.ENDED)
        await until(pilot, lambda: "Proven" in showing(pilot))


async def test_a_fix_that_is_refused_is_told(cloud, scenery, until):
    scenery.set_policy()

    async def denied(plan, busy):
        raise GatewayError(Problem("You may not do that.", "Ask someone.", Trouble.DENIED))

    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = proving(cloud, scenery, denied)
        app.push_screen(modal)
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await pilot.press("enter")
        await until(pilot, lambda: modal.stage is Stage.ENDED)
        await pilot.press("x")
        await until(pilot, lambda: "You may not do that." in showing(pilot))
        assert modal.stage is Stage.ENDED


async def test_esc_while_it_is_mended_leaves_nothing_half_done(cloud, scenery, until):
    scenery.set_policy()
    go_on, done = asyncio.Event(), []

    async def slowly(plan, busy):
        busy("1/1  mending …")
        await go_on.wait()
        done.append(plan)
        return True

    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = proving(cloud, scenery, slowly)
        app.push_screen(modal)
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await pilot.press("enter")
        await until(pilot, lambda: modal.stage is Stage.ENDED)
        await pilot.press("x")
        await until(pilot, lambda: "mending" in showing(pilot))
        await pilot.press("escape", "r", "x")
        await pilot.pause()
        assert modal.is_current
        go_on.set()
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        assert len(done) == 1


async def test_esc_while_it_waits_removes_everything_first(cloud, scenery, until):
    scenery.set_policy()
    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = proving(cloud, scenery)
        modal.sleep = asyncio.sleep  # in real time, so that it does wait
        app.push_screen(modal)
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await pilot.press("enter")
        await until(pilot, lambda: modal.proof and modal.proof.phase is Phase.WATCHING, 30)
        assert scenery.temporary()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not modal)
        assert scenery.temporary() == []


async def test_quitting_the_wizard_removes_everything(cloud, scenery, until):
    scenery.set_policy()
    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = proving(cloud, scenery)
        modal.sleep = asyncio.sleep
        app.push_screen(modal)
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await pilot.press("enter")
        await until(pilot, lambda: modal.proof and modal.proof.phase is Phase.WATCHING, 30)
        await pilot.press("ctrl+q")
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait(others, timeout=20)
    assert scenery.temporary() == []


async def test_a_set_that_is_not_there_is_said_at_once(cloud, scenery, until):
    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = proving(cloud, scenery, set_name="nowhere")
        app.push_screen(modal)
        await until(pilot, lambda: modal.stage is Stage.ENDED)
        await until(pilot, lambda: "✗ Set         There is no configuration set" in showing(pilot))


async def test_declining_makes_nothing(cloud, scenery, until):
    app = drawn("live")
    results: list[object] = []
    async with app.run_test(size=SIZE) as pilot:
        modal = proving(cloud, scenery)
        app.push_screen(modal, results.append)
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await pilot.press("escape")
        await until(pilot, lambda: results)
    assert results == [None]


# The tail


def tailing(cloud, scenery, **more):
    clock = Clock()
    return TailModal(cloud, scenery.question(**more), sleep=clock.sleep, now=clock.now)


def send(ses, scenery, scenario: str) -> None:
    ses.send_email(
        FromEmailAddress=f"hello@{DOMAIN}",
        Destination={"ToAddresses": [f"{scenario}@simulator.amazonses.com"]},
        Content={"Simple": {"Subject": {"Data": "Invoice"}, "Body": {"Text": {"Data": "x"}}}},
        ConfigurationSetName=scenery.name,
    )


async def test_the_tail_follows_filters_pauses_and_ends(cloud, scenery, ses, until):
    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = tailing(cloud, scenery)
        app.push_screen(modal)
        await until(pilot, lambda: modal.stage is Stage.ASKING)
        await pilot.press("enter")
        await until(pilot, lambda: "Nothing has come yet" in showing(pilot))
        await until(pilot, lambda: len(scenery.temporary()) == 2)
        send(ses, scenery, "bounce")
        await until(pilot, lambda: len(modal.events) == 2)
        await until(pilot, lambda: "✗ Bounced" in showing(pilot))
        await pilot.press("j")
        await until(pilot, lambda: isinstance(app.screen, TextModal))
        await pilot.press("escape")
        await pilot.press("slash", *"bounce")
        await until(pilot, lambda: "2 events, 1 shown" in showing(pilot))
        assert "Accepted" not in showing(pilot)
        await pilot.press("escape")  # out of the filter, which stays
        assert modal.query_one("#tail-filter", Input).value == "bounce"
        await pilot.press("space")
        send(ses, scenery, "bounce")
        await until(pilot, lambda: "2 new ones" in showing(pilot))
        assert modal.query_one("#tail-events", OptionList).option_count == 1
        await pilot.press("space")
        await until(pilot, lambda: "4 events, 2 shown" in showing(pilot))
        await pilot.press("c")
        assert app.clipboard == modal.shown[-1].message_id
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not modal)
        assert scenery.temporary() == []


async def test_a_queue_of_ones_own_needs_no_question(cloud, scenery, ses, until):
    queue = scenery.subscribe_queue()
    send(ses, scenery, "complaint")
    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        modal = tailing(cloud, scenery, queue=queue)
        app.push_screen(modal)
        await until(pilot, lambda: "✗ Complaint" in showing(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not modal)


async def test_nothing_to_follow_is_said(cloud, scenery, until):
    scenery.switch_off()
    app = drawn("live")
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(tailing(cloud, scenery))
        await until(pilot, lambda: "The destination is switched off" in showing(pilot))


# What it looks like


def finished() -> Proof:
    """A proof with a hop of each kind, made by hand."""
    question = Question(SET.name, "k7f3c2", "hello@example.com")
    (destination,) = SET.destinations
    assert destination.kind is DestinationKind.SNS
    topic = Topic(destination.target, {"Statement": []})
    subscriptions = (
        Subscription("email", "ops@example.com"),
        Subscription("sqs", "arn:aws:sqs:eu-west-1:123456789012:bounces", "arn:x", raw=True),
    )
    scene = Scene(
        "eu-west-1",
        "123456789012",
        SET.name,
        SET,
        "hello@example.com",
        VERIFIED,
        default_set=SET.name,
        topics={topic.arn: TopicView(topic, None, subscriptions)},
    )
    hops: list[Hop] = []
    for hop in diagnose(scene, question):
        if hop.kind is HopKind.ARRIVED:
            hop = replace(hop, state=State.RED, text="It did not come within 60 s.", code="x")
        elif hop.state is State.WAITING:
            hop = replace(hop, state=State.GREEN)
        hops.append(hop)
    began = NOW - timedelta(seconds=64)
    return Proof(question, stamped((), hops, NOW), Phase.DONE, NOW, began=began)


@both_sizes
async def test_what_a_proof_looks_like(size, same_screen):
    async def never(plan, busy):
        return False

    class Nothing:
        connection = CONNECTION

    modal = ProveModal(
        Nothing(),
        Question(SET.name, "k7f3c2"),
        nonce=lambda: "x",
        carry_out=never,
        sleep=asyncio.sleep,
        now=lambda: NOW,
    )

    async def nothing_to_ask() -> bool:
        return False

    async def proven_already() -> None:
        modal.proof = finished()

    modal.prepare, modal.carry_on = nothing_to_ask, proven_already
    app = drawn("live")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.push_screen(modal)
        await settle(pilot)
        same_screen(app)
