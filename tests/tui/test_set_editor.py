"""The editor of a configuration set on a practice account: nothing is sent unreviewed, nothing that
is typed is lost, and what was agreed to is what boto3 reads then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input, Select

from sestui.domain.configset.edit import SetDraft, Suppression, draft_of
from sestui.domain.configset.judge import Around
from sestui.domain.configset.model import ConfigurationSet, DestinationKind, EventType
from sestui.domain.configset.plans import create_plan, delete_plan, edit_plan
from sestui.practice.ses.faults import Fault
from sestui.tui.modals.destination import DestinationModal
from sestui.tui.modals.set_conflict import SetConflictModal
from sestui.tui.modals.set_review import SetReview
from sestui.tui.widgets.problem import ProblemBox
from sestui.tui.widgets.tag_rows import TagRow
from sestui.workflows.configset import arn_of
from tests.domain.configset.samples import ARCHIVE, POOL, bus, metrics
from tests.practice.conftest import verified_domain

from .set_editing import (
    SET,
    at,
    by_hand,
    draft,
    editor,
    focus,
    in_events,
    opened,
    over_the_account,
    ready,
)
from .sizes import both_sizes, narrow_always
from .test_screens import settle
from .walking import showing

BASE = ConfigurationSet("set", reputation_metrics=True, destinations=(bus(),))
HERE = Around("eu-west-1", "123456789012", frozenset({"set"}))


@pytest.fixture
async def cloud(account, cloud):
    account.ses.faults.clear()
    await make(cloud, delete_plan("set"))
    await make(cloud, delete_plan("fresh"))
    await make(cloud, create_plan(BASE, arn_of(cloud, "set")))
    return cloud


async def make(cloud, plan) -> None:
    for call in plan:
        await cloud.changes.make(call)


async def someone_else(cloud, **changes) -> ConfigurationSet:
    """Changes the set behind our back."""
    before = await cloud.ses.configuration_set("set")
    after = replace(before, **changes)
    await make(cloud, edit_plan(before, after, arn_of(cloud, "set")))
    return after


def at_ses(account, name: str = "set") -> dict:
    """The set as boto3 reads it, with its destinations by name."""
    ses = account.client("sesv2")
    found = ses.get_configuration_set(ConfigurationSetName=name)
    events = ses.get_configuration_set_event_destinations(ConfigurationSetName=name)
    found["Destinations"] = {each["Name"]: each for each in events["EventDestinations"]}
    return found


def on_top(pilot, modal):
    return lambda: isinstance(pilot.app.screen, modal) and pilot.app.screen.is_mounted


async def reviewed(pilot, until) -> SetReview:
    await pilot.press("ctrl+s")
    await until(pilot, on_top(pilot, SetReview))
    await pilot.pause()
    return pilot.app.screen


async def sent(pilot, until, answers) -> ConfigurationSet:
    """Review it, agree, and wait for what the editor answers."""
    await reviewed(pilot, until)
    await pilot.press("enter")
    await until(pilot, lambda: answers)
    return answers[0]


async def choose(pilot, field: str, *keys: str) -> None:
    await focus(pilot, field)
    await pilot.press(*keys)
    await pilot.pause()


async def type_in(pilot, field: str, text: str) -> None:
    editor(pilot).query_one(f"#set-{field}", Input).value = text
    await pilot.pause()


# Every option group, by the keyboard


async def test_every_option_group_arrives_as_it_was_chosen(cloud, account, until):
    async with opened(cloud, BASE, around=HERE) as (pilot, answers):
        await choose(pilot, "sending_enabled", "right")
        await choose(pilot, "reputation_metrics", "space")
        await choose(pilot, "tls_policy", "right")
        await choose(pilot, "sending_pool", *POOL)
        await choose(pilot, "max_delivery_seconds", *"2h")
        await choose(pilot, "suppression", "right")
        await choose(pilot, "reasons", "space")  # bounces off, complaints stay
        await choose(pilot, "suppression_scope", "right")
        await choose(pilot, "validation", "right", "right", "right")
        await choose(pilot, "engagement_metrics", "right", "right")
        await choose(pilot, "optimized_delivery", "right")
        await type_in(pilot, "archive", ARCHIVE)
        await choose(pilot, "tags", *"team", "tab", *"mail", "down", *"env")
        review = await reviewed(pilot, until)
        assert {each.field.partition(".")[0] for each in review.proposal.changes} == {
            "sending_enabled",
            "reputation_metrics",
            "tls_policy",
            "sending_pool",
            "max_delivery_seconds",
            "suppressed_reasons",
            "suppression_scope",
            "validation",
            "engagement_metrics",
            "optimized_delivery",
            "archive",
            "tags",
        }
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    found = at_ses(account)
    assert found["SendingOptions"] == {"SendingEnabled": False}
    assert found["ReputationOptions"]["ReputationMetricsEnabled"] is False
    assert found["DeliveryOptions"] == {
        "TlsPolicy": "REQUIRE",
        "SendingPoolName": POOL,
        "MaxDeliverySeconds": 7200,
    }
    assert found["SuppressionOptions"]["SuppressedReasons"] == ["COMPLAINT"]
    assert found["SuppressionOptions"]["SuppressionScope"] == "ACCOUNT"
    threshold = found["SuppressionOptions"]["ValidationOptions"]["ConditionThreshold"]
    assert threshold["OverallConfidenceThreshold"] == {"ConfidenceVerdictThreshold": "HIGH"}
    assert found["VdmOptions"] == {
        "DashboardOptions": {"EngagementMetrics": "DISABLED"},
        "GuardianOptions": {"OptimizedSharedDelivery": "ENABLED"},
    }
    assert found["ArchivingOptions"] == {"ArchiveArn": ARCHIVE}
    assert found["Tags"] == [{"Key": "env", "Value": ""}, {"Key": "team", "Value": "mail"}]
    assert answers == [await cloud.ses.configuration_set("set")]


async def test_the_redirect_domain_and_https_for_it(cloud, account, until):
    verified_domain(account, account.client("sesv2"), "links.example.com")
    async with opened(cloud, BASE) as (pilot, answers):
        await choose(pilot, "https_policy", "right")
        assert "✗ HTTPS can be asked" in showing(pilot)
        await type_in(pilot, "redirect_domain", "links.example.com")
        assert "✗ HTTPS can be asked" not in showing(pilot)
        await until(pilot, lambda: "It has no CNAME yet" in showing(pilot))
        saved = await sent(pilot, until, answers)
    assert at_ses(account)["TrackingOptions"] == {
        "CustomRedirectDomain": "links.example.com",
        "HttpsPolicy": "REQUIRE",
    }
    async with opened(cloud, saved) as (pilot, answers):
        await type_in(pilot, "redirect_domain", "")
        await choose(pilot, "https_policy", "left")
        await sent(pilot, until, answers)
    assert "TrackingOptions" not in at_ses(account)


# Events


async def test_cells_are_edits_and_only_the_destination_that_changed_is_sent(cloud, account, until):
    base = await someone_else(cloud, destinations=(bus(), metrics()))
    async with opened(cloud, base) as (pilot, answers):
        await in_events(pilot)
        await at(pilot, EventType.DELIVERY, "metrics")
        await pilot.press("space")
        await at(pilot, EventType.BOUNCE, "metrics")
        await pilot.press("space")
        review = await reviewed(pilot, until)
        assert [each.operation for each in review.proposal.plan] == [
            "UpdateConfigurationSetEventDestination"
        ]
        assert "metrics: Delivery" in showing(pilot)
        assert "bus" not in {each.label.partition(":")[0] for each in review.proposal.changes}
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    there = at_ses(account)["Destinations"]
    assert set(there["metrics"]["MatchingEventTypes"]) == {"DELIVERY", "COMPLAINT"}
    assert set(there["bus"]["MatchingEventTypes"]) == {"BOUNCE", "COMPLAINT"}


async def test_a_destination_is_added_with_what_it_needs(cloud, account, until):
    async with opened(cloud, BASE) as (pilot, answers):
        await in_events(pilot)
        await pilot.press("a")
        await until(pilot, on_top(pilot, DestinationModal))
        await pilot.pause()
        pilot.app.screen.query_one("#destination-name", Input).value = "alarms"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.screen is editor(pilot))
        await pilot.pause()
        assert [each.name for each in draft(pilot).destinations] == ["bus", "alarms"]
        assert editor(pilot).matrix.destination.name == "alarms"
        await at(pilot, EventType.SEND, "alarms")
        await pilot.press("space")
        review = await reviewed(pilot, until)
        operations = [each.operation for each in review.proposal.plan]
        assert operations[0] == "CreateTopic"
        assert operations[-1] == "CreateConfigurationSetEventDestination"
        assert operations.count("SetTopicAttributes") <= 1
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    made = at_ses(account)["Destinations"]["alarms"]
    assert made["SnsDestination"]["TopicArn"].endswith(":ses-events")
    assert "SEND" not in made["MatchingEventTypes"]
    topics = account.client("sns").list_topics()["Topics"]
    assert made["SnsDestination"]["TopicArn"] in [each["TopicArn"] for each in topics]


async def test_a_destination_is_changed_to_another_kind_and_can_be_removed(cloud, account, until):
    async with opened(cloud, BASE) as (pilot, answers):
        await in_dialog(pilot, until)
        pilot.app.screen.query_one("#destination-kind", Select).value = DestinationKind.CLOUDWATCH
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.screen is editor(pilot))
        await pilot.pause()
        await reviewed(pilot, until)
        assert "EventBridge bus default → CloudWatch metrics" in showing(pilot).replace(
            "event-bus/", ""
        )
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    there = at_ses(account)["Destinations"]["bus"]
    assert "EventBridgeDestination" not in there
    assert there["CloudWatchDestination"]["DimensionConfigurations"] == [
        {
            "DimensionName": "ses:configuration-set",
            "DimensionValueSource": "MESSAGE_TAG",
            "DefaultDimensionValue": "set",
        }
    ]
    async with opened(cloud, answers[0]) as (pilot, answers):
        await in_dialog(pilot, until)
        await pilot.press("ctrl+d")
        await until(pilot, lambda: pilot.app.screen is editor(pilot))
        await pilot.pause()
        await sent(pilot, until, answers)
    assert at_ses(account)["Destinations"] == {}


async def test_to_remove_what_bounces_go_to_is_dangerous(cloud, until):
    async with opened(cloud, BASE) as (pilot, _answers):
        await in_events(pilot)
        await pilot.press("d")
        await reviewed(pilot, until)
        shown = showing(pilot)
        assert "one change, one to think about" in shown
        assert "− removed" in shown
        assert "No destination gets this any more: Bounce, Complaint." in shown


async def in_dialog(pilot, until) -> None:
    """The dialog of the first destination."""
    await in_events(pilot)
    await pilot.press("e")
    await until(pilot, on_top(pilot, DestinationModal))
    await pilot.pause()


# New sets


async def test_a_new_set_is_created_with_all_that_is_in_it(cloud, account, until):
    async with opened(cloud, None, SetDraft(), HERE) as (pilot, answers):
        await type_in(pilot, "name", "not this")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert pilot.app.screen is editor(pilot)
        assert "✗ To be put right: Name" in showing(pilot)
        await type_in(pilot, "name", "set")
        assert "There is a set of this" in showing(pilot)
        await type_in(pilot, "name", "fresh")
        await choose(pilot, "tls_policy", "right")
        await choose(pilot, "tags", *"a", "tab", *"b")
        review = await reviewed(pilot, until)
        assert [each.operation for each in review.proposal.plan] == ["CreateConfigurationSet"]
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    found = at_ses(account, "fresh")
    assert found["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"
    assert found["ReputationOptions"]["ReputationMetricsEnabled"] is True
    assert found["SendingOptions"] == {"SendingEnabled": True}
    assert found["Tags"] == [{"Key": "a", "Value": "b"}]


async def test_a_name_that_is_taken_meanwhile_loses_nothing(cloud, account, until):
    async with opened(cloud, None, SetDraft(name="set"), Around()) as (pilot, answers):
        await choose(pilot, "tls_policy", "right")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "There is a set called set already" in showing(pilot))
        await pilot.pause()
        assert pilot.app.focused.id == "set-name"
        assert draft(pilot).tls_policy == "REQUIRE"
        await type_in(pilot, "name", "fresh")
        await sent(pilot, until, answers)
    assert at_ses(account, "fresh")["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"
    assert at_ses(account)["DeliveryOptions"].get("TlsPolicy") != "REQUIRE"


async def test_a_creation_that_fails_half_way_goes_on_from_there(cloud, account, until):
    account.ses.faults.add(Fault("CreateConfigurationSetEventDestination", "access_denied", 1))
    wanted = SetDraft(name="fresh", destinations=(bus(),))
    async with opened(cloud, None, wanted, HERE) as (pilot, answers):
        await reviewed(pilot, until)
        await pilot.press("enter")
        await until(pilot, lambda: "ses:CreateConfigurationSetEventDestination" in showing(pilot))
        assert "1 of 2 calls are made and stay." in showing(pilot)
        assert "f4 Copy policy" in showing(pilot)
        review = await reviewed(pilot, until)
        assert [each.operation for each in review.proposal.plan] == [
            "CreateConfigurationSetEventDestination"
        ]
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    assert set(at_ses(account, "fresh")["Destinations"]) == {"bus"}


async def test_a_creation_whose_answer_is_lost_is_taken_up_again(
    cloud, account, until, monkeypatch
):
    monkeypatch.setattr("sestui.gateways.aws.READ_TIMEOUT", 3)
    account.ses.faults.add(Fault("CreateConfigurationSet", "timeout_after", 1))
    async with opened(cloud, None, SetDraft(name="fresh"), HERE) as (pilot, answers):
        await reviewed(pilot, until)
        await pilot.press("enter")
        await until(pilot, lambda: editor(pilot).query_one(ProblemBox).display, 30)
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "SES has it all like this" in showing(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: answers)
    assert answers == [await cloud.ses.configuration_set("fresh")]


# Failures


async def test_what_ses_refuses_is_told_in_place_and_nothing_is_lost(cloud, account, until):
    async with opened(cloud, BASE) as (pilot, answers):
        await choose(pilot, "tls_policy", "right")
        await choose(pilot, "suppression_scope", "right", "right")
        await choose(pilot, "tags", *"k", "tab", *"v")
        before = draft(pilot)
        await reviewed(pilot, until)
        await pilot.press("enter")
        await until(pilot, lambda: "has no tenants" in showing(pilot))
        await pilot.pause()
        assert draft(pilot) == before
        assert [row.pair for row in pilot.app.screen.query(TagRow)] == [("k", "v"), ("", "")]
        assert "Not done. All that you typed is still here" in showing(pilot)
        assert editor(pilot).focused is not None
        await choose(pilot, "suppression_scope", "left", "left")
        await sent(pilot, until, answers)
    assert at_ses(account)["Tags"] == [{"Key": "k", "Value": "v"}]


async def test_without_an_answer_nothing_is_reviewed(cloud, account, until):
    account.ses.faults.add(Fault("GetConfigurationSet", "access_denied", 1))
    async with opened(cloud, BASE, size=(80, 24)) as (pilot, answers):
        await choose(pilot, "tls_policy", "right")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "ses:GetConfigurationSet" in showing(pilot))
        saved = await sent(pilot, until, answers)
    assert saved.tls_policy == "REQUIRE"


# Two editors at once


async def test_two_editors_at_once_lose_nothing(cloud, account, until):
    async with opened(cloud, BASE) as (pilot, answers):
        await choose(pilot, "tls_policy", "right")
        await choose(pilot, "tags", *"mine")
        await in_events(pilot)
        await at(pilot, EventType.REJECT, "bus")
        await pilot.press("space")
        await someone_else(
            cloud,
            max_delivery_seconds=600,
            tags=(("theirs", "1"),),
            destinations=(bus(events=BASE.destinations[0].events | {EventType.SEND}), metrics()),
        )
        review = await reviewed(pilot, until)
        shown = showing(pilot)
        assert "Someone else has changed this meanwhile. It stays:" in shown
        assert "Longest delivery" in shown
        assert {each.field for each in review.proposal.changes} == {
            "tls_policy",
            "tags.mine",
            "destinations.bus.events.REJECT",
        }
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    found = at_ses(account)
    assert found["DeliveryOptions"] == {"TlsPolicy": "REQUIRE", "MaxDeliverySeconds": 600}
    assert {each["Key"] for each in found["Tags"]} == {"mine", "theirs"}
    assert set(found["Destinations"]["bus"]["MatchingEventTypes"]) == {
        "BOUNCE",
        "COMPLAINT",
        "SEND",
        "REJECT",
    }
    assert "metrics" in found["Destinations"]


@pytest.mark.parametrize(("key", "seconds"), [("left", 600), ("right", 900)])
async def test_a_contradiction_is_decided_by_the_person(cloud, account, until, key, seconds):
    async with opened(cloud, BASE) as (pilot, answers):
        await choose(pilot, "max_delivery_seconds", *"15min")
        await choose(pilot, "tls_policy", "right")
        await someone_else(cloud, max_delivery_seconds=600)
        await pilot.press("ctrl+s")
        await until(pilot, on_top(pilot, SetConflictModal))
        await pilot.pause()
        shown = showing(pilot)
        assert "theirs: 10 min" in shown
        assert "mine: 15 min" in shown
        await pilot.press("enter")  # not before it is chosen
        await pilot.pause()
        assert isinstance(pilot.app.screen, SetConflictModal)
        await pilot.press("right" if key == "left" else "left", key, "enter")
        await until(pilot, on_top(pilot, SetReview))
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    assert at_ses(account)["DeliveryOptions"] == {
        "TlsPolicy": "REQUIRE",
        "MaxDeliverySeconds": seconds,
    }


async def test_a_contradiction_that_is_left_open_changes_nothing(cloud, account, until):
    async with opened(cloud, BASE) as (pilot, _answers):
        await choose(pilot, "max_delivery_seconds", *"15min")
        await someone_else(cloud, max_delivery_seconds=600)
        await pilot.press("ctrl+s")
        await until(pilot, on_top(pilot, SetConflictModal))
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: "nothing is lost" in showing(pilot))
        assert draft(pilot).max_delivery_seconds == "15min"
    assert at_ses(account)["DeliveryOptions"]["MaxDeliverySeconds"] == 600


async def test_a_contradiction_between_review_and_consent_is_shown_too(cloud, account, until):
    async with opened(cloud, BASE) as (pilot, answers):
        await choose(pilot, "max_delivery_seconds", *"15min")
        await reviewed(pilot, until)
        await someone_else(cloud, max_delivery_seconds=600)
        await pilot.press("enter")
        await until(pilot, on_top(pilot, SetConflictModal))
        await pilot.pause()
        assert at_ses(account)["DeliveryOptions"]["MaxDeliverySeconds"] == 600
        await pilot.press("right", "right", "enter")
        await until(pilot, on_top(pilot, SetReview))
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: answers)
    assert at_ses(account)["DeliveryOptions"]["MaxDeliverySeconds"] == 900


async def test_a_set_that_is_gone_is_created_again(cloud, account, until):
    async with opened(cloud, BASE, around=HERE) as (pilot, answers):
        await choose(pilot, "tls_policy", "right")
        await make(cloud, delete_plan("set"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "set was deleted meanwhile" in showing(pilot))
        await pilot.pause()
        await sent(pilot, until, answers)
    found = at_ses(account)
    assert found["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"
    assert set(found["Destinations"]) == {"bus"}


# The review, and leaving


async def test_the_review_shows_what_changed_and_nothing_else(cloud, until):
    async with opened(cloud, BASE) as (pilot, _answers):
        await choose(pilot, "suppression", "right", "right")
        shown = showing(pilot)
        assert "● nothing is suppressed" in shown
        assert "! Mail goes to addresses" in shown
        review = await reviewed(pilot, until)
        shown = showing(pilot)
        assert "set: one change, one to think about" in shown
        assert "as the account → nothing is suppressed" in shown
        assert "AWS may pause the account." in shown
        assert "put-configuration-set-suppression-options" in shown
        assert [each.field for each in review.proposal.changes] == ["suppressed_reasons"]
        await pilot.press("c")
        await until(pilot, lambda: "Copied the commands." in showing(pilot))
        assert "--suppressed-reasons '[]'" in pilot.app.clipboard
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is editor(pilot))
        assert draft(pilot).suppression is Suppression.NOTHING
    assert (await cloud.ses.configuration_set("set")) == BASE


async def test_without_a_change_there_is_nothing_to_review(cloud, until):
    async with opened(cloud, BASE) as (pilot, answers):
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "There is nothing to change" in showing(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: answers == [None])


async def test_a_destination_that_is_added_and_taken_back_leaves_nothing_to_lose(until):
    async with by_hand() as (pilot, answers):
        await in_events(pilot)
        await pilot.press("a")
        await until(pilot, on_top(pilot, DestinationModal))
        await pilot.pause()
        name = pilot.app.screen.query_one("#destination-name", Input).value
        assert name == "bounces-and-complaints-2"  # the set has one of the usual name
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.screen is editor(pilot))
        await until(pilot, lambda: editor(pilot).edited)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: not editor(pilot).edited)
        await pilot.press("escape")
        await until(pilot, lambda: answers == [None])


async def test_what_changes_only_around_the_set_is_said(until):
    async with by_hand() as (pilot, _answers):
        await in_events(pilot)
        await pilot.press("e")
        await until(pilot, on_top(pilot, DestinationModal))
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.screen is editor(pilot))
        await until(pilot, lambda: "Only what is around the set" in showing(pilot))


async def test_what_is_typed_is_not_lost_by_one_key(until):
    async with by_hand() as (pilot, answers):
        await choose(pilot, "sending_pool", "x")
        await pilot.press("escape")
        await until(pilot, lambda: "Esc again throws it away" in showing(pilot))
        await pilot.press("y", "escape")
        await pilot.pause()
        assert answers == []
        await pilot.press("escape")
        await until(pilot, lambda: answers == [None])


async def test_options_are_undone_a_field_at_a_time():
    async with by_hand() as (pilot, _answers):
        await choose(pilot, "tls_policy", "left")
        await choose(pilot, "archive", *"xyz")
        await choose(pilot, "tags", "down", "down", "down", "down", *"key", "tab", *"value")
        assert ("key", "value") in draft(pilot).tags
        await pilot.press("ctrl+z")
        await ready(pilot)
        assert draft(pilot).tags == SET.tags
        assert [row.pair for row in pilot.app.screen.query(TagRow)] == [*SET.tags, ("", "")]
        await pilot.press("ctrl+z")
        await ready(pilot)
        assert draft(pilot).archive == SET.archive
        assert pilot.app.screen.query_one("#set-archive", Input).value == SET.archive
        await pilot.press("ctrl+z")
        await ready(pilot)
        assert draft(pilot) == draft_of(SET)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert draft(pilot) == draft_of(SET)


@narrow_always
async def test_every_field_is_reached_by_the_arrows_and_says_what_it_means(size):
    async with by_hand(size=size) as (pilot, _answers):
        said = set()
        for _step in range(20):
            said.add(editor(pilot).query_one("#set-help").content.plain.split("\n")[0])
            assert pilot.app.focused.region in pilot.app.screen.query_one("#set-form").region
            await pilot.press("down")
            await pilot.pause()
        assert len(said) == 14
        assert "TLS  ← → choose" in said


async def test_a_value_that_is_new_at_aws_stays_as_it_is(until):
    odd = replace(SET, tls_policy="STRICT", validation="LOW")
    async with by_hand(odd) as (pilot, _answers):
        assert "● STRICT" in showing(pilot)
        assert draft(pilot) == draft_of(odd)
        await choose(pilot, "tls_policy", "left", "right")
        assert draft(pilot) == draft_of(odd)


HOSTILE = "[@click=app.quit]x[/]\x1b]0;T\x07[b + c\x9b31m"


async def test_hostile_text_is_only_drawn(until):
    base = replace(SET, tags=((HOSTILE, HOSTILE),), sending_pool=HOSTILE, redirect_domain=HOSTILE)
    async with by_hand(base, replace(draft_of(base), archive=HOSTILE)) as (pilot, _answers):
        await choose(pilot, "tags", "down", "up")
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in no_lines(pilot))
        assert draft(pilot).tags == base.tags


def no_lines(pilot) -> str:
    return showing(pilot).replace("\n", "")


# What it looks like


@both_sizes
@pytest.mark.parametrize("kind", ["set", "wrong", "new"])
async def test_what_it_looks_like(kind, size, same_screen):
    base = None if kind == "new" else SET
    wrong = replace(
        draft_of(SET),
        suppression=Suppression.NOTHING,
        max_delivery_seconds="2 min",
        tls_policy="OPTIONAL",
        tags=(("aws:x", "y"),),
    )
    draft = wrong if kind == "wrong" else None
    async with by_hand(base, draft, size=size, behind=over_the_account) as (pilot, _answers):
        if kind == "wrong":
            await focus(pilot, "max_delivery_seconds")
        await settle(pilot)
        same_screen(pilot.app)


@both_sizes
async def test_what_the_review_looks_like(size, same_screen, until):
    changed = replace(
        draft_of(SET),
        suppression=Suppression.NOTHING,
        max_delivery_seconds="15 min",
        sending_pool="",
        tags=(("env", "prod"), ("owner", "ops")),
    )
    async with by_hand(SET, changed, size=size, behind=over_the_account) as (pilot, _answers):
        await in_events(pilot)
        await pilot.press("pagedown", "space", "right", "right", "d")
        review = await reviewed(pilot, until)
        app = pilot.app
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is editor(pilot))
        await app.workers.wait_for_complete()
        app.push_screen(SetReview(review.set_name, review.proposal, review.connection))
        await settle(pilot)
        same_screen(app)
