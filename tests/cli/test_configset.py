"""`sestui configset` against a practice account."""

from __future__ import annotations

import re

import pytest

from sestui.cli.output import ExitCode
from sestui.practice.ports import DEFAULT_REGION
from sestui.practice.ses.faults import Fault
from tests.cli.running import TERMINAL

pytestmark = pytest.mark.usefixtures("on_practice")


@pytest.fixture(scope="module", autouse=True)
def sets(account, ses):
    """What all tests here read; they change nothing."""
    account.ses.seed_identities(DEFAULT_REGION, ["shop.test", "other.test"])
    sns = account.neighbours.client("sns")
    topic = sns.create_topic(Name="ses-events")["TopicArn"]
    queue = f"arn:aws:sqs:{DEFAULT_REGION}:123456789012:ses-events"
    account.neighbours.client("sqs").create_queue(QueueName="ses-events")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    ses.create_configuration_set(
        ConfigurationSetName="production-emails",
        SendingOptions={"SendingEnabled": True},
        DeliveryOptions={"TlsPolicy": "REQUIRE"},
        SuppressionOptions={"SuppressedReasons": ["BOUNCE"]},
        Tags=[{"Key": "team", "Value": "mail"}],
    )
    add(ses, "topic", {"SnsDestination": {"TopicArn": topic}}, "BOUNCE", "COMPLAINT")
    bus = f"arn:aws:events:{DEFAULT_REGION}:123456789012:event-bus/default"
    add(ses, "bus", {"EventBridgeDestination": {"EventBusArn": bus}}, "BOUNCE", "COMPLAINT")
    add(ses, "spare", {"EventBridgeDestination": {"EventBusArn": bus}}, "SEND", enabled=False)
    ses.create_configuration_set(
        ConfigurationSetName="paused",
        SendingOptions={"SendingEnabled": False},
        ReputationOptions={"ReputationMetricsEnabled": False},
    )
    ses.create_configuration_set(ConfigurationSetName="gone")
    for identity, name in (("shop.test", "production-emails"), ("other.test", "gone")):
        ses.put_email_identity_configuration_set_attributes(
            EmailIdentity=identity, ConfigurationSetName=name
        )
    ses.delete_configuration_set(ConfigurationSetName="gone")


def add(ses, name, where, *events, enabled=True):
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="production-emails",
        EventDestinationName=name,
        EventDestination={"Enabled": enabled, "MatchingEventTypes": list(events), **where},
    )


def test_the_list_as_json(sestui):
    ran = sestui("configset", "list", "--json")
    assert ran.code == ExitCode.OK, ran.err
    assert ran.err == ""
    said = ran.json
    assert said["schema"] == "sestui.configsets/1"
    assert (said["account"], said["region"]) == ("123456789012", DEFAULT_REGION)
    paused, production = sorted(said["sets"], key=lambda each: each["name"])
    assert production == {
        "name": "production-emails",
        "sending": True,
        "reputation_metrics": True,
        "destinations": {"sns": 1, "eventbridge": 1},
        "disabled_destinations": 1,
        "bounces": "somebody",
        "complaints": "somebody",
        "default_of": ["shop.test"],
        "severity": "warning",
    }
    assert (paused["sending"], paused["reputation_metrics"]) == (False, False)
    assert (paused["bounces"], paused["severity"]) == ("nobody", "error")
    assert said["missing_defaults"] == {"other.test": "gone"}
    assert said["identities"] == {"looked_at": 2, "total": 2, "not_allowed": []}


def test_the_list_for_people(sestui):
    ran = sestui("configset", "list")
    assert ran.code == ExitCode.OK
    lines = ran.out.splitlines()
    assert "\x1b" not in ran.out
    assert lines[0].split() == ["Configuration", "sets", DEFAULT_REGION, "123456789012"]
    row = next(line for line in lines if "production-emails" in line)
    assert row.startswith("! production-emails")
    # Each word stands below its title.
    titles = lines[1]
    for title, word in (("sending", "on"), ("bounces", "received"), ("default of", "shop.test")):
        assert row[titles.index(title) :].startswith(word)
    assert "SNS topic, EventBridge bus, 1 off" in row
    assert "✗ other.test defaults to gone, which does not exist: its mail is refused." in lines


def test_few_calls_when_identities_are_not_asked_for(sestui, account):
    before = len(account.ses.calls)
    ran = sestui("configset", "list", "--identities", "0", "--json")
    operations = [call.operation for call in account.ses.calls[before:]]
    assert operations == [
        "ListConfigurationSets",
        *("GetConfigurationSet", "GetConfigurationSetEventDestinations") * 2,
    ]
    assert ran.json["identities"] is None


def test_identities_that_may_not_be_listed_do_not_hide_the_sets(sestui, account):
    account.ses.faults.add(Fault("ListEmailIdentities", "access_denied"))
    ran = sestui("configset", "list")
    assert ran.code == ExitCode.OK
    assert "production-emails" in ran.out
    assert "default of" not in ran.out
    assert "ses:ListEmailIdentities" in ran.err


def test_a_part_of_the_identities_is_said_to_be_one(sestui):
    ran = sestui("configset", "list", "--identities", "1")
    assert "1 of 2 identities looked at" in ran.err


def test_one_set_as_json(sestui):
    ran = sestui("configset", "show", "production-emails", "--json")
    assert ran.code == ExitCode.OK, ran.err
    said = ran.json
    assert said["schema"] == "sestui.configset/1"
    assert said["options"]["SendingOptions"] == {"SendingEnabled": True}
    assert said["options"]["ReputationOptions"] == {"ReputationMetricsEnabled": True}
    assert said["options"]["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    assert said["options"]["SuppressionOptions"] == {"SuppressedReasons": ["BOUNCE"]}
    assert said["options"]["TrackingOptions"] == {}
    assert set(said["options"]) >= {"VdmOptions", "ArchivingOptions", "MessageSecurityOptions"}
    assert said["tags"] == {"team": "mail"}
    destinations = {each["name"]: each for each in said["destinations"]}
    assert destinations["topic"]["topic"] == {
        "exists": True,
        "confirmed_subscriptions": 1,
        "pending_subscriptions": 0,
    }
    assert destinations["topic"]["events"] == ["BOUNCE", "COMPLAINT"]
    assert (destinations["spare"]["kind"], destinations["spare"]["enabled"]) == (
        "eventbridge",
        False,
    )
    assert [each["code"] for each in said["warnings"]] == ["disabled"]
    assert said["warnings"][0]["destination"] == "spare"
    assert (said["default_of"], said["identities"]) == (None, None)


def test_one_set_with_its_identities(sestui):
    said = sestui("configset", "show", "production-emails", "--identities", "5", "--json").json
    assert said["default_of"] == ["shop.test"]


def test_one_set_for_people(sestui):
    ran = sestui("configset", "show", "production-emails", "--identities", "2")
    assert ran.code == ExitCode.OK
    text = re.sub(r" +", " ", ran.out)
    for part in (
        "production-emails eu-west-1 123456789012",
        "Delivery TLS required",
        "Longest delivery 14 hours",
        "Suppression Suppression list bounces",
        "Tags Tags team=mail",
        "● on topic SNS topic ses-events",
        "Bounce, Complaint",
        "1 confirmed subscription",
        "○ off spare EventBridge bus",
        "! spare is switched off and gets nothing.",
        "Bounces: received",
        "Default of: shop.test",
    ):
        assert part in text, ran.out


def test_a_set_that_does_not_work_is_told_by_the_exit_code(sestui):
    ran = sestui("configset", "show", "paused", "--json")
    assert ran.code == ExitCode.NOT_READY
    assert ran.json["severity"] == "error"
    assert "sending_off" in [each["code"] for each in ran.json["warnings"]]


def test_a_name_that_no_set_has(sestui):
    ran = sestui("configset", "show", "typo", "--json")
    assert ran.code == ExitCode.ERROR
    assert ran.error["kind"] == "gone"
    assert "production-emails" in ran.error["advice"]
    assert ran.out == ""


@pytest.mark.parametrize("words", [("show", "a b"), ("show",), ("list", "--identities", "-1"), ()])
def test_a_command_line_that_is_wrong(sestui, words):
    ran = sestui("configset", *words)
    assert ran.code == ExitCode.USAGE
    assert ran.out == ""


def test_colours_are_for_terminals(sestui):
    ran = sestui("configset", "list", "--identities", "0", terminal=TERMINAL)
    assert "\x1b[31m" in ran.out  # sending off


def test_a_region_without_any(sestui):
    ran = sestui("configset", "list", "--region", "us-east-1")
    assert ran.code == ExitCode.OK
    assert "There is none in this Region." in ran.out
    assert sestui("configset", "list", "--region", "us-east-1", "--json").json["sets"] == []


def test_how_far_the_reading_is_goes_to_stderr(sestui, monkeypatch):
    monkeypatch.setattr("sestui.cli.configset.MANY", 2)
    ran = sestui("configset", "list", "--identities", "0")
    assert ran.code == ExitCode.OK
    assert "Reading 2 configuration sets" in ran.err
    assert "2/2" in ran.err
    assert "2/2" not in ran.out
