"""What AWS does with a request that says less than it means, or what it does not take at all: the
form says so before, and no plan of ours has such a request in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from sestui.domain.configset import ConfigurationSet, Dimension
from sestui.domain.configset.edit import draft_of
from sestui.domain.configset.judge import Around, judge
from sestui.domain.configset.judge_destination import AUTO_TAGS
from sestui.domain.configset.plans import delete_plan, edit_plan
from sestui.gateways.ses import BotoSes
from tests.domain.configset.samples import (
    ACCOUNT,
    ARN,
    BUS,
    DOMAINS,
    FULL,
    REGION,
    TOPIC,
    bus,
    metrics,
    pinpoint,
    stream,
    topic,
)
from tests.gateways.conftest import answer
from tests.gateways.desk import Desk, desk
from tests.gateways.servers import ScriptedHttp

__all__ = ["desk"]  # a fixture

BARE = ConfigurationSet("set", reputation_metrics=True)
NAME = {"ConfigurationSetName": "set"}


def test_an_empty_group_switches_sending_off_and_our_requests_never_have_one(desk):
    desk.make(delete_plan("set"))
    desk.boto.create_configuration_set(**NAME, SendingOptions={})
    assert desk.options()["SendingOptions"] == {"SendingEnabled": False}
    desk.start(ConfigurationSet("set"))
    assert desk.options()["SendingOptions"] == {"SendingEnabled": True}
    # Left out it would be on, so "off" has to be said as well.
    assert desk.options()["ReputationOptions"] == {"ReputationMetricsEnabled": False}


@pytest.mark.parametrize(
    ("put", "group", "member"),
    [
        ("put_configuration_set_sending_options", "SendingOptions", "SendingEnabled"),
        (
            "put_configuration_set_reputation_options",
            "ReputationOptions",
            "ReputationMetricsEnabled",
        ),
    ],
)
def test_a_boolean_that_is_left_out_is_false(desk, put, group, member):
    desk.start(BARE)
    getattr(desk.boto, put)(**NAME)
    assert desk.options()[group] == {member: False}
    found = desk.read()
    assert found is not None
    desk.make(edit_plan(found, BARE, ARN))
    assert desk.options()[group] == {member: True}


def test_an_empty_list_of_reasons_ends_suppression_and_no_list_is_the_accounts(desk):
    desk.start(replace(BARE, suppressed_reasons=()))
    assert desk.options()["SuppressionOptions"] == {"SuppressedReasons": []}
    nothing = desk.read()
    assert nothing is not None
    assert nothing.suppressed_reasons == ()
    desk.make(edit_plan(nothing, BARE, ARN))
    assert "SuppressionOptions" not in desk.options()


def test_a_suppression_group_without_reasons_breaks_the_creation(desk):
    desk.make(delete_plan("set"))
    with pytest.raises(ClientError) as failed:
        desk.boto.create_configuration_set(
            **NAME, SuppressionOptions={"SuppressionScope": "ACCOUNT"}
        )
    assert failed.value.response["Error"]["Code"] == "InternalFailure"
    desk.start(replace(BARE, suppression_scope="ACCOUNT"))
    assert desk.read() == replace(BARE, suppression_scope="ACCOUNT")


def test_a_put_replaces_its_group_so_ours_has_all_of_it(desk):
    desk.start(FULL)
    desk.boto.put_configuration_set_delivery_options(**NAME, TlsPolicy="OPTIONAL")
    found = desk.read()
    assert found is not None
    assert found.sending_pool == ""
    desk.start(FULL)
    desk.make(edit_plan(FULL, replace(FULL, tls_policy="OPTIONAL"), ARN))
    assert desk.read() == replace(FULL, tls_policy="OPTIONAL")


def test_a_fresh_start_of_reputation_is_read(http: ScriptedHttp, connect) -> None:
    http.replies = [
        answer(
            ConfigurationSetName="set",
            ReputationOptions={"ReputationMetricsEnabled": True, "LastFreshStart": 1790000000},
            SuppressionOptions={"SuppressedReasons": ["COMPLAINT", "BOUNCE"]},
        ),
        answer(EventDestinations=[{"Name": "x", "MatchingEventTypes": ["SEND"]}]),
    ]
    found = asyncio.run(BotoSes(connect(http.url)).configuration_set("set"))
    assert found is not None
    assert found.last_fresh_start is not None
    assert found.last_fresh_start.year == 2026
    assert found.suppressed_reasons == ("BOUNCE", "COMPLAINT")
    assert found.destinations[0].unknown


def refused(desk: Desk, destination) -> bool:
    refusals = (
        desk.boto.exceptions.BadRequestException,
        desk.boto.exceptions.LimitExceededException,
    )
    try:
        desk.make(edit_plan(BARE, replace(BARE, destinations=(destination,)), ARN))
    except refusals:
        return True
    return False


@pytest.mark.parametrize(
    "destination",
    [
        topic(),
        topic("a b"),
        topic("x" * 65),
        topic(events=frozenset()),
        topic(target=TOPIC + ".fifo"),
        topic(target=TOPIC.replace("eu-west-1", "us-east-1")),
        bus(),
        bus(target=BUS.replace("default", "mine")),
        stream(),
        stream(role="arn:aws:iam::1:user/x"),
        stream(target=TOPIC),
        metrics(),
        replace(metrics(), dimensions=()),
        metrics("m", *(Dimension(f"d{n}", "MESSAGE_TAG", "x") for n in range(10))),
        metrics("m", *(Dimension(f"d{n}", "MESSAGE_TAG", "x") for n in range(11))),
        metrics("m", Dimension("a", "LINK_TAG", "x"), Dimension("a", "LINK_TAG", "y")),
        *(metrics("m", Dimension(name, "MESSAGE_TAG", "x")) for name in AUTO_TAGS),
        metrics("m", Dimension("ses:source-ip", "LINK_TAG", "x")),
        metrics("m", Dimension("a:b", "MESSAGE_TAG", "x")),
        metrics("m", Dimension("Return-Path", "EMAIL_HEADER", "x")),
        metrics("m", Dimension("a", "MESSAGE_TAG", "a b")),
        metrics("m", Dimension("a", "MESSAGE_TAG", "a@b.c")),
    ],
)
def test_what_the_form_says_of_a_destination_is_what_the_service_does(desk, destination):
    desk.start(BARE)
    draft = draft_of(replace(BARE, destinations=(destination,)))
    assert bool(judge(draft, Around(REGION, ACCOUNT), BARE)) == refused(desk, destination)


def test_two_destinations_in_one_are_refused_and_ours_are_never_two(desk):
    desk.start(BARE)
    both = {**topic().as_parameter(), **bus().as_parameter()}
    with pytest.raises(ClientError, match="only one destination"):
        desk.boto.create_configuration_set_event_destination(
            **NAME, EventDestinationName="two", EventDestination=both
        )
    for each in (topic(), bus(), stream(), metrics(), pinpoint()):
        members = set(each.as_parameter()) - {"Enabled", "MatchingEventTypes"}
        assert len(members) == 1


def test_an_eleventh_destination_takes_the_place_of_a_tenth(desk):
    ten = replace(BARE, destinations=tuple(bus(f"d{n}") for n in range(10)))
    desk.start(ten)
    assert refused_eleventh(desk)
    swapped = replace(ten, destinations=(*ten.destinations[1:], topic("new")))
    desk.make(edit_plan(ten, swapped, ARN))
    assert desk.read() == swapped


def refused_eleventh(desk: Desk) -> bool:
    with pytest.raises(ClientError) as failed:
        desk.boto.create_configuration_set_event_destination(
            **NAME, EventDestinationName="d10", EventDestination=bus().as_parameter()
        )
    return failed.value.response["Error"]["Code"] == "LimitExceededException"


@pytest.mark.parametrize("fields", [{"redirect_domain": "not.example.net"}, {"sending_pool": "no"}])
def test_what_only_ses_knows_is_refused_before_anything_else_is_changed(desk, fields):
    desk.start(BARE)
    after = replace(BARE, **fields, reputation_metrics=False, tags=(("a", "b"),))
    with pytest.raises(ClientError):
        desk.make(edit_plan(BARE, after, ARN))
    assert desk.read() == BARE


@pytest.mark.parametrize("name", ["a b", "x" * 65, "ü", "a.b"])
def test_names_that_the_service_refuses_are_refused_by_the_form(desk, name):
    with pytest.raises(ClientError):
        desk.boto.create_configuration_set(ConfigurationSetName=name)
    assert "name" in judge(draft_of(ConfigurationSet(name)))


def test_an_identity_whose_default_is_deleted_by_plan_can_still_send(desk):
    desk.start(replace(BARE, destinations=(topic(),)))
    desk.boto.put_email_identity_configuration_set_attributes(
        EmailIdentity=DOMAINS[0], ConfigurationSetName="set"
    )
    desk.make(delete_plan("set", (DOMAINS[0],)))
    found = desk.boto.get_email_identity(EmailIdentity=DOMAINS[0])
    assert "ConfigurationSetName" not in found
    assert desk.read() is None
