"""Every option group and destination kind at the practice account: made, read back as boto3 reads
it, edited, taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from sestui.domain.configset import ConfigurationSet, Dimension, EventType
from sestui.domain.configset.plans import delete_plan, duplicate_plan, edit_plan
from tests.domain.configset.samples import (
    ARCHIVE,
    ARN,
    BUS,
    DOMAINS,
    FULL,
    POOL,
    STREAM,
    TOPIC,
    bus,
    metrics,
    normal,
    pinpoint,
    sets,
    stream,
    topic,
)
from tests.gateways.desk import desk

__all__ = ["desk"]  # a fixture

BARE = ConfigurationSet("set", reputation_metrics=True)


GROUPS = {
    "SendingOptions": ({"sending_enabled": False}, {"SendingEnabled": False}),
    "ReputationOptions": ({"reputation_metrics": False}, {"ReputationMetricsEnabled": False}),
    "DeliveryOptions": (
        {"tls_policy": "REQUIRE", "sending_pool": POOL, "max_delivery_seconds": 300},
        {"TlsPolicy": "REQUIRE", "SendingPoolName": POOL, "MaxDeliverySeconds": 300},
    ),
    "SuppressionOptions": (
        {"suppressed_reasons": ("BOUNCE",), "suppression_scope": "ACCOUNT", "validation": "HIGH"},
        {
            "SuppressedReasons": ["BOUNCE"],
            "SuppressionScope": "ACCOUNT",
            "ValidationOptions": {
                "ConditionThreshold": {
                    "ConditionThresholdEnabled": "ENABLED",
                    "OverallConfidenceThreshold": {"ConfidenceVerdictThreshold": "HIGH"},
                }
            },
        },
    ),
    "TrackingOptions": (
        {"redirect_domain": DOMAINS[0], "https_policy": "REQUIRE_OPEN_ONLY"},
        {"CustomRedirectDomain": DOMAINS[0], "HttpsPolicy": "REQUIRE_OPEN_ONLY"},
    ),
    "VdmOptions": (
        {"engagement_metrics": "DISABLED", "optimized_delivery": "ENABLED"},
        {
            "DashboardOptions": {"EngagementMetrics": "DISABLED"},
            "GuardianOptions": {"OptimizedSharedDelivery": "ENABLED"},
        },
    ),
    "ArchivingOptions": ({"archive": ARCHIVE}, {"ArchiveArn": ARCHIVE}),
    "MessageSecurityOptions": (
        {"kept": FULL.kept},
        {"SigningScheme": {"SmimeScheme": {"SignatureFormat": "DETACHED"}}},
    ),
    "Tags": ({"tags": (("env", "test"),)}, [{"Key": "env", "Value": "test"}]),
}
"""By group: our fields, and what boto3 reads."""


def test_no_option_group_of_the_api_is_left_out(desk):
    shape = desk.boto.meta.service_model.operation_model("GetConfigurationSet").output_shape
    assert set(shape.members) == {*GROUPS, "ConfigurationSetName"}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_made_read_back_edited_and_taken_away(desk, group):
    fields, expected = GROUPS[group]
    with_it = replace(BARE, **fields)

    desk.start(with_it)
    assert desk.options()[group] == expected
    assert desk.read() == with_it

    desk.start(BARE)
    bare = desk.options()
    desk.make(edit_plan(BARE, with_it, ARN))
    assert desk.options() == {**bare, group: expected}
    assert desk.read() == with_it

    if group != "MessageSecurityOptions":
        desk.make(edit_plan(with_it, BARE, ARN))
        assert desk.options() == bare
        assert desk.read() == BARE


def test_a_set_with_everything_is_made_duplicated_and_deleted(desk):
    desk.start(FULL)
    assert desk.read() == FULL
    desk.make(delete_plan("copy"))
    desk.make(duplicate_plan(FULL, "copy", ARN.replace("/set", "/copy")))
    copy = desk.read("copy")
    assert copy == replace(
        FULL,
        name="copy",
        destinations=(
            *FULL.destinations[:-1],
            metrics("metrics", Dimension("ses:configuration-set", "MESSAGE_TAG", "copy")),
        ),
    )
    desk.make(delete_plan("copy"))
    assert desk.read("copy") is None


DESTINATIONS = {
    "SnsDestination": (topic(), {"TopicArn": TOPIC}),
    "EventBridgeDestination": (bus(), {"EventBusArn": BUS}),
    "KinesisFirehoseDestination": (
        stream(),
        {"DeliveryStreamArn": STREAM, "IamRoleArn": stream().role},
    ),
    "CloudWatchDestination": (
        metrics("metrics", Dimension("X-Campaign", "EMAIL_HEADER", "none")),
        {
            "DimensionConfigurations": [
                {
                    "DimensionName": "X-Campaign",
                    "DimensionValueSource": "EMAIL_HEADER",
                    "DefaultDimensionValue": "none",
                }
            ]
        },
    ),
    "PinpointDestination": (
        pinpoint(),
        {"ApplicationArn": pinpoint().target},
    ),
}


@pytest.mark.parametrize("kind", DESTINATIONS)
def test_a_destination_is_made_read_back_edited_and_removed(desk, kind):
    destination, expected = DESTINATIONS[kind]
    with_it = replace(BARE, destinations=(destination,))
    desk.start(BARE)
    desk.make(edit_plan(BARE, with_it, ARN))
    assert desk.events() == [
        {
            "Name": destination.name,
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
            kind: expected,
        }
    ]
    assert desk.read() == with_it

    fewer = replace(destination, enabled=False, events=frozenset({EventType.BOUNCE}))
    edited = replace(BARE, destinations=(fewer,))
    desk.make(edit_plan(with_it, edited, ARN))
    assert desk.events()[0]["Enabled"] is False
    assert desk.events()[0]["MatchingEventTypes"] == ["BOUNCE"]
    assert desk.read() == edited

    other = replace(bus(destination.name) if kind != "EventBridgeDestination" else topic("bus"))
    changed = replace(BARE, destinations=(other,))
    desk.make(edit_plan(edited, changed, ARN))
    assert desk.read() == changed

    desk.make(edit_plan(changed, BARE, ARN))
    assert desk.events() == []
    assert desk.read() == BARE


@given(sets, sets)
@settings(max_examples=settings.default.max_examples // 2)
def test_an_edit_leads_exactly_to_what_was_asked_for(desk, before, after):
    desk.start(before)
    assert desk.read() == before
    after = replace(after, kept=before.kept or after.kept)
    desk.make(edit_plan(before, after, ARN))
    found = desk.read()
    assert found is not None
    assert normal(found) == normal(after)
    assert edit_plan(found, after, ARN) == ()
