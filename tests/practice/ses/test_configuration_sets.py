"""Configuration sets and event destinations."""

from __future__ import annotations

from typing import Any

import pytest

from sestui.practice.ses.world import DestinationRefused
from tests.practice.ses.conftest import Practice, Start
from tests.practice.ses.test_identities import failure, plain

TOPIC = "arn:aws:sns:eu-west-1:123456789012:events"
SNS = {"SnsDestination": {"TopicArn": TOPIC}}
BUS = {
    "EventBridgeDestination": {
        "EventBusArn": "arn:aws:events:eu-west-1:123456789012:event-bus/default"
    }
}
STREAM = {
    "KinesisFirehoseDestination": {
        "IamRoleArn": "arn:aws:iam::123456789012:role/ses",
        "DeliveryStreamArn": "arn:aws:firehose:eu-west-1:123456789012:deliverystream/s",
    }
}


def metrics(*names: str, source: str = "MESSAGE_TAG") -> dict[str, Any]:
    dimensions = [
        {"DimensionName": name, "DimensionValueSource": source, "DefaultDimensionValue": "none"}
        for name in names
    ]
    return {"CloudWatchDestination": {"DimensionConfigurations": dimensions}}


def add(ses: Any, name: str = "d", types: tuple[str, ...] = ("SEND",), **destination: Any) -> None:
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="set",
        EventDestinationName=name,
        EventDestination={"Enabled": True, "MatchingEventTypes": list(types), **destination},
    )


def options(ses: Any) -> dict[str, Any]:
    return plain(ses.get_configuration_set(ConfigurationSetName="set"))


def test_a_bare_set_sends_and_has_metrics(ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="set")
    assert options(ses) == {
        "ConfigurationSetName": "set",
        "DeliveryOptions": {"TlsPolicy": "OPTIONAL"},
        "ReputationOptions": {"ReputationMetricsEnabled": True},
        "SendingOptions": {"SendingEnabled": True},
        "Tags": [],
    }


def test_empty_option_groups_are_the_trap_they_are_on_aws(ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="set", SendingOptions={})
    assert options(ses)["SendingOptions"] == {"SendingEnabled": False}
    assert options(ses)["ReputationOptions"] == {"ReputationMetricsEnabled": True}
    ses.put_configuration_set_reputation_options(ConfigurationSetName="set")
    assert options(ses)["ReputationOptions"] == {"ReputationMetricsEnabled": False}


def test_every_option_group_can_be_put(practice: Practice, ses: Any) -> None:
    practice.verified_domain(ses, "t.example.com")
    ses.create_configuration_set(ConfigurationSetName="set", Tags=[{"Key": "a", "Value": "b"}])
    named = {"ConfigurationSetName": "set"}
    tracking = {"CustomRedirectDomain": "t.example.com", "HttpsPolicy": "REQUIRE"}
    delivery = {"TlsPolicy": "REQUIRE", "MaxDeliverySeconds": 300}
    suppression = {"SuppressedReasons": ["BOUNCE"], "SuppressionScope": "ACCOUNT"}
    vdm = {"DashboardOptions": {"EngagementMetrics": "ENABLED"}}
    archive = f"arn:aws:ses:eu-west-1:123456789012:mailmanager-archive/a-{'x' * 24}"
    security = {"SigningScheme": {"SmimeScheme": {"SignatureFormat": "DETACHED"}}}
    ses.put_configuration_set_tracking_options(**named, **tracking)
    ses.put_configuration_set_delivery_options(**named, **delivery)
    ses.put_configuration_set_suppression_options(**named, **suppression)
    ses.put_configuration_set_vdm_options(**named, VdmOptions=vdm)
    ses.put_configuration_set_archiving_options(**named, ArchiveArn=archive)
    ses.put_configuration_set_sending_options(**named, SendingEnabled=True)
    ses.put_configuration_set_reputation_options(**named, ReputationMetricsEnabled=False)
    ses.update_configuration_set(**named, MessageSecurityOptions=security)
    assert options(ses) == {
        "ConfigurationSetName": "set",
        "TrackingOptions": tracking,
        "DeliveryOptions": delivery,
        "SuppressionOptions": suppression,
        "VdmOptions": vdm,
        "ArchivingOptions": {"ArchiveArn": archive},
        "SendingOptions": {"SendingEnabled": True},
        "ReputationOptions": {"ReputationMetricsEnabled": False},
        "MessageSecurityOptions": security,
        "Tags": [{"Key": "a", "Value": "b"}],
    }


def test_names_and_existence(ses: Any) -> None:
    for bad in ("a b", "x" * 65, "ü"):
        with pytest.raises(ses.exceptions.BadRequestException):
            ses.create_configuration_set(ConfigurationSetName=bad)
    ses.create_configuration_set(ConfigurationSetName="set")
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_configuration_set(ConfigurationSetName="set")
    assert ses.list_configuration_sets()["ConfigurationSets"] == ["set"]
    ses.delete_configuration_set(ConfigurationSetName="set")
    with pytest.raises(ses.exceptions.NotFoundException) as error:
        options(ses)
    assert failure(error)[1:] == ("Configuration set <set> does not exist.", 404)


def test_option_errors(ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="set")
    bad = ses.exceptions.BadRequestException
    with pytest.raises(bad, match=r"Domain <no\.com> is not verified under this account\."):
        ses.put_configuration_set_tracking_options(
            ConfigurationSetName="set", CustomRedirectDomain="no.com"
        )
    with pytest.raises(bad, match=r"sendingPoolName can't be blank\."):
        ses.put_configuration_set_delivery_options(ConfigurationSetName="set", SendingPoolName=" ")
    with pytest.raises(bad, match="SendingPool <p> doesn't exist"):
        ses.put_configuration_set_delivery_options(ConfigurationSetName="set", SendingPoolName="p")
    with pytest.raises(bad) as error:
        ses.put_configuration_set_delivery_options(ConfigurationSetName="set", TlsPolicy="x")
    assert failure(error)[1] == (
        "1 validation error detected: Value at 'tlsPolicy' failed to satisfy constraint: Member "
        "must satisfy enum value set: [OPTIONAL, REQUIRE]"
    )


def test_destinations_come_and_go(ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="set")
    add(ses, "sns", **SNS)
    add(ses, "bus", **BUS)
    add(ses, "stream", **STREAM)
    add(ses, "metrics", **metrics("ses:configuration-set", "campaign"))
    found = ses.get_configuration_set_event_destinations(ConfigurationSetName="set")
    assert [each["Name"] for each in found["EventDestinations"]] == [
        "sns",
        "bus",
        "stream",
        "metrics",
    ]
    ses.update_configuration_set_event_destination(
        ConfigurationSetName="set",
        EventDestinationName="sns",
        EventDestination={"MatchingEventTypes": ["BOUNCE"], **SNS},
    )
    found = ses.get_configuration_set_event_destinations(ConfigurationSetName="set")
    # Enabled was left out, and an omitted boolean is false.
    assert found["EventDestinations"][0] == {
        "Name": "sns",
        "Enabled": False,
        "MatchingEventTypes": ["BOUNCE"],
        **SNS,
    }
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        add(ses, "bus", **BUS)
    ses.delete_configuration_set_event_destination(
        ConfigurationSetName="set", EventDestinationName="bus"
    )
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.delete_configuration_set_event_destination(
            ConfigurationSetName="set", EventDestinationName="bus"
        )


@pytest.mark.parametrize(
    ("name", "types", "destination", "text"),
    [
        (
            "a b",
            ("SEND",),
            SNS,
            (
                "Invalid event destination name <a b>: only alphanumeric ASCII characters, '_', "
                "and '-' are allowed."
            ),
        ),
        ("d", (), SNS, "At least one event type must be specified."),
        ("d", ("SEND",), {}, "Event destination is not provided."),
        (
            "d",
            ("SEND",),
            SNS | BUS,
            (
                "Please provide only one destination with each request. Either a Firehose "
                "Destination or a Cloudwatch Destination or an SNS Destination or an EventBridge "
                "Destination."
            ),
        ),
        (
            "d",
            ("SEND",),
            metrics(),
            "CloudWatch metrics dimension configuration list cannot be empty.",
        ),
        ("d", ("SEND",), {"SnsDestination": {"TopicArn": TOPIC + ".fifo"}}, None),
        ("d", ("SEND",), {"SnsDestination": {"TopicArn": TOPIC.replace("eu", "us")}}, None),
        ("d", ("SEND",), {"EventBridgeDestination": {"EventBusArn": "event-bus/mine"}}, None),
        ("d", ("SEND",), metrics("a:b"), None),
        ("d", ("SEND",), metrics("To", source="EMAIL_HEADER"), None),
        ("d", ("NONSENSE",), SNS, None),
    ],
)
def test_bad_destinations(
    ses: Any, name: str, types: tuple[str, ...], destination: Any, text: str | None
) -> None:
    ses.create_configuration_set(ConfigurationSetName="set")
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        add(ses, name, types, **destination)
    if text is not None:
        assert failure(error)[1] == text
    found = ses.get_configuration_set_event_destinations(ConfigurationSetName="set")
    assert found["EventDestinations"] == []


def test_at_most_ten_destinations(ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="set")
    for number in range(10):
        add(ses, f"d{number}", **BUS)
    with pytest.raises(ses.exceptions.LimitExceededException):
        add(ses, "d10", **BUS)


def test_the_hook_is_told_and_may_refuse(start: Start) -> None:
    told: list[tuple[str, str, str]] = []

    def hook(region: str, name: str, destination: dict[str, Any]) -> None:
        if destination["Name"] == "gone":
            raise DestinationRefused("Could not publish to SNS topic <gone>.")
        told.append((region, name, destination["SnsDestination"]["TopicArn"]))

    practice = start(on_destination_created=hook)
    ses = practice.client()
    ses.create_configuration_set(ConfigurationSetName="set")
    add(ses, "here", **SNS)
    assert told == [("eu-west-1", "set", TOPIC)]
    definition = {"Enabled": True, "MatchingEventTypes": ["BOUNCE"]}
    named = {"ConfigurationSetName": "set", "EventDestinationName": "here"}
    ses.update_configuration_set_event_destination(**named, EventDestination=definition | SNS)
    assert len(told) == 1  # the same topic is not told again
    other = {"SnsDestination": {"TopicArn": TOPIC + "2"}}
    ses.update_configuration_set_event_destination(**named, EventDestination=definition | other)
    assert told[1:] == [("eu-west-1", "set", TOPIC + "2")]
    with pytest.raises(ses.exceptions.BadRequestException, match="Could not publish"):
        add(ses, "gone", **SNS)
    kept = practice.service.event_destinations("eu-west-1", "set")
    assert [each["Name"] for each in kept] == ["here"]
    assert practice.service.event_destinations("eu-west-1", "none") == []


def test_suppression_without_a_list_is_the_accounts_again(practice: Practice, ses: Any) -> None:
    ses.create_configuration_set(
        ConfigurationSetName="set", SuppressionOptions={"SuppressedReasons": []}
    )
    assert not practice.service.suppress(
        "eu-west-1", "a@example.com", "BOUNCE", configuration_set="set"
    )
    ses.put_configuration_set_suppression_options(ConfigurationSetName="set")
    assert "SuppressionOptions" not in options(ses)
    ses.put_configuration_set_suppression_options(
        ConfigurationSetName="set", SuppressionScope="ACCOUNT"
    )
    assert options(ses)["SuppressionOptions"] == {"SuppressionScope": "ACCOUNT"}
    assert practice.service.suppress(
        "eu-west-1", "a@example.com", "BOUNCE", configuration_set="set"
    )


def test_a_suppression_group_without_a_list_breaks_creation_as_on_aws(ses: Any) -> None:
    with pytest.raises(ses.exceptions.ClientError) as error:
        ses.create_configuration_set(
            ConfigurationSetName="set", SuppressionOptions={"SuppressionScope": "ACCOUNT"}
        )
    assert failure(error) == ("InternalFailure", "An internal failure has occurred.", 500)
    assert ses.list_configuration_sets()["ConfigurationSets"] == []


def test_the_one_dedicated_pool_and_groups_with_nothing_in_them(ses: Any) -> None:
    ses.create_configuration_set(
        ConfigurationSetName="set",
        DeliveryOptions={"SendingPoolName": "practice-pool"},
        VdmOptions={"DashboardOptions": {}},
    )
    assert options(ses)["DeliveryOptions"] == {
        "TlsPolicy": "OPTIONAL",
        "SendingPoolName": "practice-pool",
    }
    assert "VdmOptions" not in options(ses)
