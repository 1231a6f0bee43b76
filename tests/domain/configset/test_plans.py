"""The calls from one state of a set to another: only what differs, whole groups, safe order."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from sestui.domain.configset import ConfigurationSet, EventType, merged_policy, topic_statement
from sestui.domain.configset.plan_destinations import (
    add_destination,
    change_destination,
    remove_destination,
)
from sestui.domain.configset.plans import (
    clear_default_plan,
    create_plan,
    delete_plan,
    duplicate_plan,
    edit_plan,
    make_default_plan,
    repair_default_plan,
)
from tests.domain.configset.samples import (
    ACCOUNT,
    ARCHIVE,
    ARN,
    FULL,
    SMIME,
    TOPIC,
    bus,
    metrics,
    pinpoint,
    sets,
    stream,
    topic,
)
from tests.domain.test_changes import operations

BARE = ConfigurationSet("set")
NAME = {"ConfigurationSetName": "set"}


@given(sets)
def test_nothing_is_sent_for_a_set_that_is_as_it_should_be(each):
    assert edit_plan(each, each, ARN) == ()


@given(sets, sets)
def test_every_call_is_one_that_the_api_takes(before, after):
    operations(edit_plan(before, after, ARN))


@given(sets, sets)
def test_booleans_and_whole_groups_are_in_every_call(before, after):
    for call in edit_plan(before, after, ARN):
        match call.operation:
            case "PutConfigurationSetSendingOptions":
                assert call.parameters == {**NAME, "SendingEnabled": after.sending_enabled}
            case "PutConfigurationSetReputationOptions":
                expected = {**NAME, "ReputationMetricsEnabled": after.reputation_metrics}
                assert call.parameters == expected
            case "PutConfigurationSetDeliveryOptions":
                assert call.parameters["TlsPolicy"] == after.tls_policy
            case operation if operation.endswith("ateConfigurationSetEventDestination"):
                definition = call.parameters["EventDestination"]
                assert isinstance(definition["Enabled"], bool)
                # Two in one are refused; it has its events, the switch and one destination.
                assert len(definition) == 3


@given(sets)
def test_a_new_set_is_created_with_every_group_explicit(each):
    create, *rest = create_plan(each, ARN)
    assert create.parameters["SendingOptions"] == {"SendingEnabled": each.sending_enabled}
    switch = {"ReputationMetricsEnabled": each.reputation_metrics}
    assert create.parameters["ReputationOptions"] == switch
    assert create.parameters["DeliveryOptions"]["TlsPolicy"] == each.tls_policy
    reasons = create.parameters.get("SuppressionOptions", {}).get("SuppressedReasons")
    assert reasons == (None if each.suppressed_reasons is None else [*each.suppressed_reasons])
    assert "SuppressionOptions" not in create.parameters or reasons is not None
    made = [c for c in rest if c.operation == "CreateConfigurationSetEventDestination"]
    assert [c.parameters["EventDestinationName"] for c in made] == [
        d.name for d in each.destinations
    ]


def test_a_scope_without_reasons_is_put_after_the_set_is_there():
    plan = create_plan(replace(BARE, suppression_scope="ACCOUNT"), ARN)
    assert operations(plan) == ["CreateConfigurationSet", "PutConfigurationSetSuppressionOptions"]
    assert plan[1].parameters == {**NAME, "SuppressionScope": "ACCOUNT"}


@pytest.mark.parametrize(
    ("changes", "operation", "parameters"),
    [
        ({"sending_enabled": False}, "SendingOptions", {"SendingEnabled": False}),
        ({"reputation_metrics": True}, "ReputationOptions", {"ReputationMetricsEnabled": True}),
        ({"tls_policy": "REQUIRE"}, "DeliveryOptions", {"TlsPolicy": "REQUIRE"}),
        (
            {"sending_pool": "pool"},
            "DeliveryOptions",
            {"TlsPolicy": "OPTIONAL", "SendingPoolName": "pool"},
        ),
        (
            {"max_delivery_seconds": 300},
            "DeliveryOptions",
            {"TlsPolicy": "OPTIONAL", "MaxDeliverySeconds": 300},
        ),
        ({"suppressed_reasons": ()}, "SuppressionOptions", {"SuppressedReasons": []}),
        (
            {"suppressed_reasons": ("BOUNCE",)},
            "SuppressionOptions",
            {"SuppressedReasons": ["BOUNCE"]},
        ),
        (
            {"validation": "DISABLED"},
            "SuppressionOptions",
            {
                "ValidationOptions": {
                    "ConditionThreshold": {"ConditionThresholdEnabled": "DISABLED"}
                }
            },
        ),
        (
            {"redirect_domain": "t.example.com"},
            "TrackingOptions",
            {"CustomRedirectDomain": "t.example.com", "HttpsPolicy": "OPTIONAL"},
        ),
        (
            {"engagement_metrics": "ENABLED"},
            "VdmOptions",
            {"VdmOptions": {"DashboardOptions": {"EngagementMetrics": "ENABLED"}}},
        ),
        ({"archive": ARCHIVE}, "ArchivingOptions", {"ArchiveArn": ARCHIVE}),
    ],
)
def test_one_change_is_one_call_and_its_undoing_too(changes, operation, parameters):
    after = replace(BARE, **changes)
    (call,) = edit_plan(BARE, after, ARN)
    assert call.operation == f"PutConfigurationSet{operation}"
    assert call.parameters == {**NAME, **parameters}
    (back,) = edit_plan(after, BARE, ARN)
    assert back.operation == call.operation
    assert call.words != back.words or operation in ("DeliveryOptions", "VdmOptions")


def test_what_takes_a_group_back_to_the_accounts():
    bare = replace(FULL, suppressed_reasons=None, suppression_scope="", validation="")
    bare = replace(bare, redirect_domain="", https_policy="OPTIONAL", archive="")
    bare = replace(bare, engagement_metrics="", optimized_delivery="")
    calls = {call.operation: call.parameters for call in edit_plan(FULL, bare, ARN)}
    assert calls == {
        # With a list it would be an override, with an empty one the end of all suppression.
        "PutConfigurationSetSuppressionOptions": NAME,
        "PutConfigurationSetTrackingOptions": NAME,
        "PutConfigurationSetArchivingOptions": NAME,
        "PutConfigurationSetVdmOptions": {**NAME, "VdmOptions": {}},
    }


def test_what_is_not_edited_stays_in_the_group_that_is_put():
    before = replace(FULL, kept=(("DeliveryOptions.Priority", '{"Level": 3}'),))
    (call,) = edit_plan(before, replace(before, tls_policy="OPTIONAL"), ARN)
    assert call.parameters == {
        **NAME,
        "TlsPolicy": "OPTIONAL",
        "SendingPoolName": FULL.sending_pool,
        "MaxDeliverySeconds": 3600,
        "Priority": {"Level": 3},
    }


def test_how_messages_are_signed_is_a_call_of_its_own():
    (call,) = edit_plan(BARE, replace(BARE, kept=(SMIME,)), ARN)
    assert call.operation == "UpdateConfigurationSet"
    assert operations([call])
    assert edit_plan(replace(BARE, kept=(SMIME,)), BARE, ARN) == ()


def test_tags_are_set_and_removed_by_key():
    before = replace(BARE, tags=(("a", "1"), ("b", "1"), ("c", "1")))
    after = replace(BARE, tags=(("a", "1"), ("b", "2"), ("d", "")))
    untag, tag = edit_plan(before, after, ARN)
    assert untag.parameters == {"ResourceArn": ARN, "TagKeys": ["c"]}
    rows = [{"Key": "b", "Value": "2"}, {"Key": "d", "Value": ""}]
    assert tag.parameters == {"ResourceArn": ARN, "Tags": rows}
    operations([untag, tag])


def test_sending_stops_before_all_else_and_begins_after_all_else():
    off = replace(BARE, sending_enabled=False, tls_policy="REQUIRE", tags=(("a", "b"),))
    assert operations(edit_plan(BARE, off, ARN))[0] == "PutConfigurationSetSendingOptions"
    assert operations(edit_plan(off, BARE, ARN))[-1] == "PutConfigurationSetSendingOptions"


def test_a_new_destination_is_there_before_the_old_one_goes():
    before, after = replace(BARE, destinations=(topic(),)), replace(BARE, destinations=(bus(),))
    assert operations(edit_plan(before, after, ARN)) == [
        "CreateConfigurationSetEventDestination",
        "DeleteConfigurationSetEventDestination",
    ]


def test_where_there_is_no_room_for_both_the_old_one_goes_first():
    ten = tuple(bus(f"d{n}") for n in range(10))
    before = replace(BARE, destinations=ten)
    after = replace(BARE, destinations=(*ten[1:], topic()))
    assert operations(edit_plan(before, after, ARN)) == [
        "DeleteConfigurationSetEventDestination",
        "CreateConfigurationSetEventDestination",
    ]


def test_a_changed_destination_keeps_events_that_are_new_at_aws():
    old = topic(other_events=("TELEPATHY",))
    new = topic(events=frozenset({EventType.BOUNCE}), enabled=False)
    before, after = replace(BARE, destinations=(old,)), replace(BARE, destinations=(new,))
    (call,) = edit_plan(before, after, ARN)
    assert call.operation == "UpdateConfigurationSetEventDestination"
    assert call.parameters["EventDestination"] == {
        "Enabled": False,
        "MatchingEventTypes": ["BOUNCE", "TELEPATHY"],
        "SnsDestination": {"TopicArn": TOPIC},
    }


def test_a_destination_of_an_unknown_kind_can_be_removed_and_nothing_else():
    future = topic("future", unknown=True)
    before = replace(BARE, destinations=(future,))
    changed = replace(before, destinations=(replace(future, enabled=False),))
    with pytest.raises(ValueError, match="future"):
        edit_plan(before, changed, ARN)
    with pytest.raises(ValueError, match="future"):
        add_destination("set", future)
    (call,) = edit_plan(before, BARE, ARN)
    assert call == remove_destination("set", "future")
    assert edit_plan(before, replace(before, tls_policy="REQUIRE"), ARN)


def test_the_kind_of_a_destination_changes_in_one_call():
    call = change_destination("set", topic("d"), metrics("d"))
    assert operations([call]) == ["UpdateConfigurationSetEventDestination"]
    assert set(call.parameters["EventDestination"]) == {
        "Enabled",
        "MatchingEventTypes",
        "CloudWatchDestination",
    }


def test_a_stream_may_take_a_moment_until_its_role_is_known():
    assert add_destination("set", stream()).settles > 0
    assert add_destination("set", topic()).settles == 0


def test_a_topic_lets_ses_in_before_ses_looks():
    theirs = {"Statement": [{"Sid": "theirs", "Effect": "Deny"}]}
    after = replace(BARE, destinations=(topic("a"), topic("b"), topic("c", target="arn:other")))
    plan = edit_plan(BARE, after, ARN, {TOPIC: theirs})
    assert operations(plan) == [
        "SetTopicAttributes",
        *["CreateConfigurationSetEventDestination"] * 3,
    ]
    policy = json.loads(plan[0].parameters["AttributeValue"])
    assert policy == merged_policy(theirs, topic_statement(TOPIC, ACCOUNT, ARN))
    assert (
        operations(edit_plan(BARE, after, ARN, {TOPIC: policy}))
        == ["CreateConfigurationSetEventDestination"] * 3
    )
    moved = replace(
        after, destinations=(topic("a", target="arn:new:x:y:z:t"), *after.destinations[1:])
    )
    plan = edit_plan(after, moved, ARN, {"arn:new:x:y:z:t": {}})
    assert operations(plan) == ["SetTopicAttributes", "UpdateConfigurationSetEventDestination"]


def test_a_duplicate_is_a_new_set_with_all_but_pinpoint():
    old = replace(FULL, destinations=(*FULL.destinations, pinpoint()))
    plan = duplicate_plan(old, "copy", ARN.replace("/set", "/copy"))
    assert operations(plan) == [
        "CreateConfigurationSet",
        *["CreateConfigurationSetEventDestination"] * 4,
    ]
    assert {call.parameters["ConfigurationSetName"] for call in plan} == {"copy"}
    assert plan[0].parameters["MessageSecurityOptions"] == json.loads(SMIME[1])
    assert plan[0].parameters["Tags"][0] == {"Key": "env", "Value": "test"}


def test_a_set_is_deleted_after_those_who_default_to_it_do_not_any_more():
    plan = delete_plan("set", ("example.com", "a@example.com"))
    assert operations(plan) == [
        "PutEmailIdentityConfigurationSetAttributes",
        "PutEmailIdentityConfigurationSetAttributes",
        "DeleteConfigurationSet",
    ]
    assert [call.parameters for call in plan[:2]] == [
        {"EmailIdentity": "example.com"},
        {"EmailIdentity": "a@example.com"},
    ]
    assert plan[2].tolerate == ("NotFoundException",)


def test_defaults_are_made_cleared_and_repaired():
    (call,) = make_default_plan("set", "example.com", "other")
    assert call.parameters == {"EmailIdentity": "example.com", **NAME}
    assert make_default_plan("set", "example.com", "set") == ()
    assert repair_default_plan("example.com", "set", ARN, recreate=False) == clear_default_plan(
        "example.com", "set"
    )
    (create,) = repair_default_plan("example.com", "set", ARN, recreate=True)
    assert create.operation == "CreateConfigurationSet"
    assert create.parameters["SendingOptions"] == {"SendingEnabled": True}
    operations([call, create])
