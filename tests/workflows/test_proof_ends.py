"""However a proof ends, nothing of it stays; of one that was killed, the next run finds it all."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sestui.domain.configset import EventType
from sestui.domain.errors import Problem, Trouble
from sestui.domain.prove import HopKind, Phase, Sort, State, removal_plan
from sestui.domain.prove.sieve import Sieve
from sestui.gateways.ports import GatewayError
from sestui.practice.ports import DEFAULT_REGION
from sestui.workflows import proof_queue
from sestui.workflows.leftover_proofs import leftover_proofs
from sestui.workflows.proof_queue import Catcher
from sestui.workflows.prospect import look
from sestui.workflows.prove import prove
from sestui.workflows.tail import plan_tail, tail
from tests.practice_cloud import connect

from .proving import DOMAIN, Clock, Scenery, proven, states


@pytest.fixture
def ses(account):
    return account.client("sesv2")


@pytest.fixture
def scenery(account, ses):
    account.ses.seed_identities(DEFAULT_REGION, [DOMAIN])
    scenery = Scenery(account, ses)
    yield scenery
    assert scenery.temporary() == []


class Interrupted:
    """`Changes` in which one call is where the proof is stopped, before or after it is made."""

    def __init__(self, changes, number: int, *, after: bool) -> None:
        self._changes = changes
        self._number = number
        self._after = after
        self.made: list[str] = []
        self.task: asyncio.Task | None = None

    async def make(self, call):
        self.made.append(call.operation)
        now = len(self.made) == self._number
        if now and not self._after:
            self.task.cancel()
            await asyncio.sleep(0)
        answer = await self._changes.make(call)
        if now and self._after:
            self.task.cancel()
        return answer

    async def history(self, read):
        return await self._changes.history(read)


@pytest.mark.parametrize("kind", ["topic", "bus"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_cancelled_at_each_call_in_turn(cloud, scenery, kind, after):
    (scenery.to_topic if kind == "topic" else scenery.to_bus)()
    calls = 4 if kind == "topic" else 6
    for number in range(1, calls + 1):
        changes = Interrupted(cloud.changes, number, after=after)
        stopped = replace(cloud, changes=changes)
        changes.task = asyncio.ensure_future(
            proven(stopped, scenery.question(nonce=f"{scenery.nonce}{number}{after:d}"))
        )
        with pytest.raises(asyncio.CancelledError):
            await changes.task
        assert scenery.temporary() == [], f"stopped at call {number}: {changes.made}"


async def test_closed_while_it_waits(cloud, scenery):
    scenery.to_topic()
    scenery.set_policy()  # nothing will come
    clock = Clock()
    prospect = await look(cloud, scenery.question())
    steps = prove(cloud, prospect, clock.sleep, clock.now)
    async with aclosing(steps):
        await anext(proof async for proof in steps if proof.phase is Phase.SENDING)
        made = scenery.temporary()
    assert len(made) == 2  # a queue and its subscription
    assert scenery.temporary() == []


async def test_where_nothing_was_made_nothing_is_said_to_be_removed(cloud, scenery):
    clock = Clock()
    prospect = await look(cloud, scenery.question(set_name="nosuch"))
    async with aclosing(prove(cloud, prospect, clock.sleep, clock.now)) as steps:
        phases = [proof.phase async for proof in steps]
    assert Phase.CLEANING not in phases
    assert phases[-1] is Phase.DONE


async def test_a_call_that_is_refused_is_told_and_the_rest_is_removed(cloud, scenery):
    scenery.to_topic()

    class Denied(Interrupted):
        async def make(self, call):
            if call.operation == "Subscribe":
                raise GatewayError(Problem("You may not subscribe.", "Ask.", Trouble.DENIED))
            return await self._changes.make(call)

    denied = replace(cloud, changes=Denied(cloud.changes, 0, after=False))
    proof = await proven(denied, scenery.question())
    assert proof.problem.what == "You may not subscribe."
    assert proof.mails == ()
    assert proof.state is State.UNKNOWN
    assert states(proof, HopKind.PUBLISHED) == [("green", "")]


async def test_what_cannot_be_removed_is_told(cloud, scenery):
    scenery.to_topic()

    class Denied(Interrupted):
        async def make(self, call):
            if call.operation == "DeleteQueue":
                raise GatewayError(Problem("You may not delete.", "Ask.", Trouble.DENIED))
            return await self._changes.make(call)

    denied = replace(cloud, changes=Denied(cloud.changes, 0, after=False))
    proof = await proven(denied, scenery.question())
    assert states(proof, HopKind.ARRIVED) == [("green", "")] * 3
    ((words, problem),) = proof.left
    assert "Delete the temporary queue" in words
    assert problem.what == "You may not delete."
    (left,) = await leftover_proofs(cloud)
    assert left.sort is Sort.QUEUE
    for call in removal_plan([left]):
        await cloud.changes.make(call)


# kill -9


async def killed(cloud, scenery) -> None:
    """Leave everything as a run does that is killed after its set-up."""
    prospect = await look(cloud, scenery.question())
    async for _route in Catcher(cloud, prospect.question, prospect.routes).set_up():
        pass
    proof_queue.running.clear()  # the process is gone


@pytest.mark.parametrize("kind", ["topic", "bus"])
async def test_the_next_run_finds_what_a_killed_one_has_left(
    account, cloud, scenery, kind, tmp_path
):
    (scenery.to_topic if kind == "topic" else scenery.to_bus)()
    await killed(cloud, scenery)
    name = f"sestui-prove-{scenery.nonce}"
    for other in (tmp_path, tmp_path / "another machine"):
        again = await connect(account, other)
        left = await leftover_proofs(again)
        way = Sort.SUBSCRIPTION if kind == "topic" else Sort.RULE
        assert [(each.sort, each.name) for each in left] == [(way, name), (Sort.QUEUE, name)]
        # By the journal of this machine, by the name alone on another one.
        assert [each.known for each in left] == [other is tmp_path] * 2
        now = datetime.now(UTC)
        assert left[-1].may_be_in_use(now)
        assert not left[-1].may_be_in_use(now + timedelta(minutes=11))
    for call in removal_plan(left):
        await again.changes.make(call)
    assert await leftover_proofs(again) == ()


async def test_a_proof_under_way_is_no_leftover(cloud, scenery):
    scenery.to_topic()
    prospect = await look(cloud, scenery.question())
    clock = Clock()
    steps = prove(cloud, prospect, clock.sleep, clock.now)
    async with aclosing(steps):
        await anext(proof async for proof in steps if proof.phase is Phase.WATCHING)
        assert len(scenery.temporary()) == 2  # a queue and its subscription
        assert await leftover_proofs(cloud) == ()


async def test_without_leave_to_list_the_journal_is_enough(cloud, scenery):
    scenery.to_topic()
    await killed(cloud, scenery)

    class Denied:
        async def denied(self, *_arguments):
            raise GatewayError(Problem("You may not list.", "", Trouble.DENIED))

        queues = rules = subscriptions = denied

    (left,) = await leftover_proofs(replace(cloud, proofs=Denied()))
    assert (left.sort, left.known) == (Sort.QUEUE, True)
    for call in removal_plan(await leftover_proofs(cloud)):
        await cloud.changes.make(call)


# Following


async def followed(cloud, plan, many: int, send, **more):
    """The first events of a tail; `send` is called when it listens."""
    clock, found, sent = Clock(), [], False

    async def sleep(seconds: float) -> None:
        nonlocal sent
        if not sent:
            sent = True
            send()
        await clock.sleep(seconds)

    async with asyncio.timeout(20), aclosing(tail(cloud, plan, sleep, **more)) as events:
        async for event in events:
            found.append(event)
            if len(found) == many:
                break
    return found


def sender(ses, scenery, *scenarios: str):
    def send() -> None:
        for scenario in scenarios:
            ses.send_email(
                FromEmailAddress=f"hello@{DOMAIN}",
                Destination={"ToAddresses": [f"{scenario}@simulator.amazonses.com"]},
                Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
                ConfigurationSetName=scenery.name,
                EmailTags=[{"Name": "campaign", "Value": "7"}],
            )

    return send


async def test_a_tail(cloud, scenery, ses):
    scenery.to_topic()
    plan = await plan_tail(cloud, scenery.question())
    assert [call.operation for call in plan.plan] == ["CreateQueue", "Subscribe"]
    found = await followed(cloud, plan, 4, sender(ses, scenery, "success", "bounce"))
    assert sorted(event.kind.value for event in found) == ["BOUNCE", "DELIVERY", "SEND", "SEND"]
    assert json.loads(found[0].raw)["mail"]["tags"]["ses:configuration-set"] == [scenery.name]


async def test_a_tail_of_two_destinations_tells_each_event_once(cloud, scenery, ses):
    scenery.to_topic()
    bus = f"arn:aws:events:{DEFAULT_REGION}:123456789012:event-bus/default"
    everything = ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT"]
    scenery.destination({"EventBridgeDestination": {"EventBusArn": bus}}, everything, "bus")
    plan = await plan_tail(cloud, scenery.question())
    send = sender(ses, scenery, "complaint", "bounce")
    found = await followed(cloud, plan, 5, send)
    assert len({event.key for event in found}) == 5


async def test_only_what_is_wanted(cloud, scenery, ses):
    scenery.to_topic()
    plan = await plan_tail(cloud, scenery.question())
    wanted = Sieve(frozenset({EventType.BOUNCE}), "bounce@", ("campaign", "7"), "permanent")
    (event,) = await followed(
        cloud, plan, 1, sender(ses, scenery, "success", "bounce"), wanted=wanted
    )
    assert event.kind is EventType.BOUNCE


async def test_a_tail_of_a_queue_of_the_persons_makes_nothing(cloud, scenery, ses, monkeypatch):
    monkeypatch.setattr("sestui.gateways.queue.HIDDEN", 1)  # else the second look waits 5 s
    scenery.to_topic()
    queue = scenery.subscribe_queue()
    plan = await plan_tail(cloud, scenery.question(queue=queue))
    assert (plan.plan, plan.removal) == ((), ())
    found = await followed(cloud, plan, 2, sender(ses, scenery, "bounce"))
    assert {event.kind.value for event in found} == {"SEND", "BOUNCE"}
    # It is all there again when it is looked at once more.
    again = await followed(cloud, plan, 2, lambda: None)
    assert [event.key for event in again] == [event.key for event in found]


async def test_nothing_to_follow(cloud, scenery):
    plan = await plan_tail(cloud, scenery.question())
    assert plan.routes == ()
    assert "no event destination" in plan.problem.what
    plan = await plan_tail(cloud, scenery.question(set_name="nowhere"))
    assert "There is no configuration set nowhere" in plan.problem.what
