"""Editing a set while others do the same; whom it is the default of; who hears of its events."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sestui.domain.configset import ConfigurationSet, EventType, set_arn
from sestui.domain.configset.options import duplicate
from sestui.domain.configset.plans import create_plan, delete_plan, edit_plan, make_default_plan
from sestui.domain.configset.trouble import TopicState
from sestui.domain.errors import Trouble
from sestui.gateways.ports import GatewayError
from sestui.practice.ses.faults import Fault
from sestui.workflows.configset import (
    Applied,
    SetConflict,
    SetExists,
    SetGone,
    apply_create,
    apply_edit,
    default_sets,
    look_at_tracking,
    topic_states,
    used_by,
)
from tests.domain.configset.samples import bus, metrics, topic
from tests.practice_cloud import at_once

REGION, ACCOUNT = "eu-west-1", "123456789012"
BASE = ConfigurationSet("set", reputation_metrics=True, destinations=(bus(),))


@pytest.fixture
async def cloud(cloud):
    """The account, with the set as it was before somebody edits it."""
    await make(cloud, delete_plan(BASE.name))
    await make(cloud, create_plan(BASE, arn()))
    return cloud


def arn(name: str = "set") -> str:
    return set_arn(REGION, ACCOUNT, name)


async def make(cloud, plan) -> None:
    for call in plan:
        await cloud.changes.make(call)


async def someone_else(cloud, **changes) -> ConfigurationSet:
    """Changes the set behind our back."""
    before = await cloud.ses.configuration_set("set")
    after = replace(before, **changes)
    await make(cloud, edit_plan(before, after, arn()))
    return after


async def run(steps) -> tuple[list[str], Applied]:
    """The operations that were made, and how it ended."""
    made: list[str] = []
    async for step in steps:
        if isinstance(step, Applied):
            return made, step
        if step.answer is not None:
            made.append(step.call.operation)
    raise AssertionError("it never ended")


async def test_an_edit_sends_what_changed_and_says_what_is_there_now(cloud):
    mine = replace(BASE, tls_policy="REQUIRE", tags=(("a", "b"),))
    made, applied = await run(apply_edit(cloud, BASE, mine, at_once))
    assert made == ["PutConfigurationSetDeliveryOptions", "TagResource"]
    assert (applied.result, applied.taken_over, applied.missed) == (mine, (), ())
    assert await cloud.ses.configuration_set("set") == mine


async def test_two_editors_lose_nothing_of_each_other(cloud):
    theirs = await someone_else(
        cloud,
        max_delivery_seconds=600,
        destinations=(bus(events=bus().events | {EventType.SEND}), metrics()),
        tags=(("theirs", "1"),),
    )
    mine = replace(
        BASE,
        tls_policy="REQUIRE",
        destinations=(bus(events=bus().events | {EventType.REJECT}),),
        tags=(("mine", "1"),),
    )
    made, applied = await run(apply_edit(cloud, BASE, mine, at_once))
    assert made == [
        "PutConfigurationSetDeliveryOptions",
        "UpdateConfigurationSetEventDestination",
        "TagResource",
    ]
    assert applied.result == replace(
        theirs,
        tls_policy="REQUIRE",
        destinations=(
            bus(events=bus().events | {EventType.SEND, EventType.REJECT}),
            metrics(),
        ),
        tags=(("mine", "1"), ("theirs", "1")),
    )
    assert {each.field for each in applied.taken_over} == {
        "max_delivery_seconds",
        "destinations.bus.events.SEND",
        "destinations.metrics",
        "tags.theirs",
    }
    assert applied.missed == ()


async def test_a_contradiction_is_shown_before_anything_is_sent(cloud):
    theirs = await someone_else(cloud, max_delivery_seconds=600)
    mine = replace(BASE, max_delivery_seconds=300, tls_policy="REQUIRE")
    with pytest.raises(SetConflict) as failed:
        await run(apply_edit(cloud, BASE, mine, at_once))
    (conflict,) = failed.value.merged.conflicts
    assert (conflict.theirs, conflict.mine) == ("10 min", "5 min")
    assert await cloud.ses.configuration_set("set") == theirs

    _made, applied = await run(apply_edit(cloud, BASE, mine, at_once, mine_wins=[conflict.field]))
    assert applied.result == mine
    await someone_else(cloud, max_delivery_seconds=900)
    again = replace(mine, max_delivery_seconds=1200)
    _made, applied = await run(
        apply_edit(cloud, mine, again, at_once, theirs_wins=[conflict.field])
    )
    assert applied.result.max_delivery_seconds == 900


async def test_a_set_that_was_deleted_meanwhile_is_not_made_again(cloud):
    await make(cloud, delete_plan("set"))
    with pytest.raises(SetGone):
        await run(apply_edit(cloud, BASE, replace(BASE, tls_policy="REQUIRE"), at_once))
    assert await cloud.ses.configuration_set("set") is None


async def test_a_set_whose_name_was_taken_meanwhile_is_left_alone(cloud):
    with pytest.raises(SetExists) as failed:
        await run(apply_create(cloud, replace(BASE, tls_policy="REQUIRE"), at_once))
    assert failed.value.there == BASE
    assert await cloud.ses.configuration_set("set") == BASE


class EmptyForNone:
    """`Changes` to an SES that takes no list of reasons for an empty one."""

    def __init__(self, changes) -> None:
        self._changes = changes

    async def make(self, call):
        if call.operation == "PutConfigurationSetSuppressionOptions":
            call = replace(call, parameters={"SuppressedReasons": [], **call.parameters})
        return await self._changes.make(call)


async def test_suppression_is_never_lost_by_a_list_that_is_left_out(cloud):
    """Should SES take no list for an empty one, the account's reasons are named instead."""
    own = await someone_else(cloud, suppressed_reasons=("BOUNCE",))
    careless = replace(cloud, changes=EmptyForNone(cloud.changes))
    made, applied = await run(
        apply_edit(careless, own, replace(own, suppressed_reasons=None), at_once)
    )
    assert made == ["PutConfigurationSetSuppressionOptions"] * 2
    assert applied.result.suppressed_reasons == ("BOUNCE", "COMPLAINT")
    assert [each.field for each in applied.missed] == ["suppressed_reasons"]


async def test_a_new_topic_lets_ses_in_and_keeps_what_its_policy_says(cloud, client):
    sns = client("sns")
    target = sns.create_topic(Name="pages")["TopicArn"]
    before = json.loads(sns.get_topic_attributes(TopicArn=target)["Attributes"]["Policy"])
    mine = replace(BASE, destinations=(bus(), topic(target=target)))
    made, applied = await run(apply_edit(cloud, BASE, mine, at_once))
    assert made == ["SetTopicAttributes", "CreateConfigurationSetEventDestination"]
    assert applied.result == mine
    policy = json.loads(sns.get_topic_attributes(TopicArn=target)["Attributes"]["Policy"])
    assert policy["Statement"][:-1] == before["Statement"]
    assert policy["Statement"][-1]["Condition"]["StringEquals"]["AWS:SourceArn"] == arn()

    # A duplicate publishes to the same topic, which has to let that set in too.
    await make(cloud, delete_plan("copy"))
    made, applied = await run(apply_create(cloud, duplicate(mine, "copy"), at_once))
    assert made == [
        "CreateConfigurationSet",
        "SetTopicAttributes",
        *["CreateConfigurationSetEventDestination"] * 2,
    ]
    assert applied.result == duplicate(mine, "copy")


async def test_who_gets_what_is_published_to_a_topic(cloud, client):
    sns = client("sns")
    target = sns.create_topic(Name="heard")["TopicArn"]
    sns.subscribe(TopicArn=target, Protocol="email", Endpoint="a@example.com")
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:heard"
    sns.subscribe(TopicArn=target, Protocol="sqs", Endpoint=queue)
    gone = target.replace("heard", "gone")
    states = await topic_states(cloud, [target, gone, target])
    assert states[gone] == TopicState(exists=False)
    assert states[target].exists
    assert states[target].confirmed + states[target].pending == 2
    assert states[target].confirmed >= 1


async def test_the_queue_of_a_proof_is_nobody_who_receives(cloud, client):
    """Under way or left behind by an interrupted one: nobody reads it."""
    sns = client("sns")
    target = sns.create_topic(Name="proven")["TopicArn"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:sestui-prove-0123abcd"
    sns.subscribe(TopicArn=target, Protocol="sqs", Endpoint=queue)
    assert await topic_states(cloud, [target]) == {target: TopicState()}


async def test_identities_are_looked_at_domains_first_and_no_more_than_agreed(cloud, account):
    account.ses.seed_identities(REGION, [f"u{n}@example.net" for n in range(5)])
    account.ses.seed_identities(REGION, ["one.example", "two.example"])
    for name in ("two.example", "u4@example.net", "u1@example.net"):
        await make(cloud, make_default_plan("set", name))
    identities = await cloud.ses.identities()
    told: list[tuple[int, int]] = []
    users, looked = await used_by(
        cloud,
        "set",
        identities,
        first="u4@example.net",
        most=3,
        progress=lambda done, of: told.append((done, of)),
    )
    assert set(users) == {"u4@example.net", "two.example"}
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert (looked.looked, looked.total) == (3, len(identities))
    assert not looked.complete
    assert "3 of" in str(looked)

    everything = await default_sets(cloud, identities)
    assert everything.complete
    assert everything.users("set") == ("two.example", "u1@example.net", "u4@example.net")
    await make(cloud, delete_plan("set"))
    assert set(everything.dangling(await cloud.ses.configuration_sets())) == set(
        everything.users("set")
    )


async def test_an_identity_that_may_not_be_read_is_said_to_be_unread(cloud, account):
    account.ses.seed_identities(REGION, ["secret.example"])
    identities = await cloud.ses.identities()
    account.ses.faults.add(Fault("GetEmailIdentity", "access_denied", 1))
    found = await default_sets(cloud, identities, first="secret.example")
    assert found.unread == ("secret.example",)
    assert not found.complete
    account.ses.faults.add(Fault("GetEmailIdentity", "expired_token", 1))
    with pytest.raises(GatewayError) as failed:
        await default_sets(cloud, identities)
    assert failed.value.trouble is Trouble.CREDENTIALS


async def test_where_the_redirect_domain_leads(cloud, account):
    look = await look_at_tracking(cloud, "track.example.com")
    assert look.wanted == f"r.{REGION}.awstrack.me"
    assert (look.found, look.direct) == ((), False)
    assert replace(look, found=("R.eu-west-1.awstrack.me.",)).direct
    assert not replace(look, found=("d1.cloudfront.net",)).direct
