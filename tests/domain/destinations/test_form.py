"""What all kinds have in common, and CloudWatch, which is nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sestui.domain.configset import (
    DEFAULT_EVENTS,
    Destination,
    DestinationKind,
    Dimension,
    EventType,
)
from sestui.domain.destinations.facts import Existing
from sestui.domain.destinations.firehose import FirehoseForm
from sestui.domain.destinations.form import (
    DestinationForm,
    advise,
    destination_of,
    form_of,
    judge,
    plan,
)
from sestui.domain.destinations.place import Place
from sestui.domain.destinations.texts import about_kind

PLACE = Place("eu-west-1", "123456789012")
BUS = "arn:aws:events:eu-west-1:123456789012:event-bus/default"
ROLE = "arn:aws:iam::123456789012:role/r"
STREAM = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/s"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:t"
PINPOINT = "arn:aws:mobiletargeting:eu-west-1:123456789012:apps/x"
ONE = Dimension("campaign", "MESSAGE_TAG", "none")
THERE = [
    Destination("d", DestinationKind.SNS, DEFAULT_EVENTS, TOPIC),
    Destination("d", DestinationKind.EVENTBRIDGE, DEFAULT_EVENTS, BUS, enabled=False),
    Destination("d", DestinationKind.FIREHOSE, DEFAULT_EVENTS, STREAM, ROLE),
    Destination("d", DestinationKind.CLOUDWATCH, DEFAULT_EVENTS, dimensions=(ONE,)),
    Destination("d", DestinationKind.PINPOINT, DEFAULT_EVENTS, PINPOINT, other_events=("NEW",)),
]


@pytest.mark.parametrize("there", THERE, ids=lambda each: each.kind)
def test_what_is_there_stays_as_it_is_when_nothing_is_typed(there):
    assert destination_of(form_of(there, "set"), PLACE) == there


def test_a_new_destination_is_proposed_under_a_name_that_is_free():
    first = form_of(None, "set")
    second = form_of(None, "set", {first.name})
    assert second.name == "bounces-and-complaints-2"
    third = form_of(None, "set", {first.name, second.name, "other"})
    assert third.name == "bounces-and-complaints-3"
    assert form_of(None, "set", {"other"}) == first


@pytest.mark.parametrize("kind", [k for k in DestinationKind if k is not DestinationKind.PINPOINT])
def test_whatever_was_typed_elsewhere_there_is_one_destination_in_a_call(kind):
    """SES refuses two; so what was typed for another kind is never sent."""
    typed = replace(
        form_of(None, "set"),
        kind=kind,
        firehose=FirehoseForm("stream", "role"),
        dimensions=(ONE,),
    )
    sent = destination_of(typed, PLACE).as_parameter()
    assert len([key for key in sent if key.endswith("Destination")]) == 1
    assert sent["Enabled"] is True


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"name": "other"}, "name"),
        ({"name": "a b"}, "name"),
        ({"events": frozenset()}, "events"),
        ({"kind": DestinationKind.PINPOINT}, "kind"),
    ],
)
def test_judged_for_all_kinds(changes, field):
    found = judge(replace(form_of(None, "set"), **changes), PLACE, taken={"other"})
    assert list(found) == ([field] if field else [])


def test_pinpoint_can_only_go():
    form = form_of(THERE[-1], "set")
    assert "2026-10-30" in judge(form, PLACE)["kind"]
    assert plan(form, PLACE, Existing()) == ()
    assert judge(replace(form, kind=DestinationKind.SNS), PLACE) == {}


def test_every_kind_is_explained():
    for kind in DestinationKind:
        assert about_kind(kind).means


# CloudWatch


def watched(*rows: Dimension) -> DestinationForm:
    return DestinationForm("set", kind=DestinationKind.CLOUDWATCH, dimensions=rows)


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ((ONE,), ""),
        ((Dimension("ses:from-domain", "MESSAGE_TAG", "none"),), ""),
        ((Dimension("X-Campaign", "EMAIL_HEADER", "a@b.c"),), ""),
        ((Dimension("link", "LINK_TAG", "none"),), ""),
        ((), "dimensions"),
        ((Dimension("ses:from-domain", "EMAIL_HEADER", "none"),), "dimensions.0.source"),
        ((Dimension("my:tag", "MESSAGE_TAG", "none"),), "dimensions.0.name"),
        ((Dimension("a b", "MESSAGE_TAG", "none"),), "dimensions.0.name"),
        ((Dimension("x" * 256, "MESSAGE_TAG", "none"),), "dimensions.0.name"),
        ((Dimension("Return-Path", "EMAIL_HEADER", "none"),), "dimensions.0.name"),
        ((Dimension("From", "MESSAGE_TAG", "none"),), ""),
        ((Dimension("a", "MESSAGE_TAG", ""),), "dimensions.0.default"),
        ((Dimension("a", "MESSAGE_TAG", "x y"),), "dimensions.0.default"),
        ((Dimension("a", "MESSAGE_TAG", "x" * 256),), "dimensions.0.default"),
        ((ONE, ONE), "dimensions.1.name"),
        (tuple(replace(ONE, name=f"n{n}") for n in range(10)), ""),
        (tuple(replace(ONE, name=f"n{n}") for n in range(11)), "dimensions"),
    ],
)
def test_dimensions_as_typed(rows, field):
    assert list(judge(watched(*rows), PLACE)) == ([field] if field else [])


def test_the_proposal_tells_the_set_apart():
    proposal = replace(form_of(None, "mine"), kind=DestinationKind.CLOUDWATCH)
    assert proposal.dimensions == (Dimension("ses:configuration-set", "MESSAGE_TAG", "mine"),)
    assert judge(proposal, PLACE) == {}


def test_costs_are_said():
    assert "custom metric" in advise(watched(ONE), PLACE, Existing())["dimensions"]
    two = advise(watched(ONE, replace(ONE, name="b")), PLACE, Existing())
    assert "combination" in two["dimensions"]
    every = advise(watched(Dimension("ses:source-ip", "MESSAGE_TAG", "none")), PLACE, Existing())
    assert "charged" in every["dimensions.0.name"]


def test_spaces_around_what_is_typed_are_left_out():
    form = watched(Dimension(" campaign ", "MESSAGE_TAG", " none "))
    assert judge(form, PLACE) == {}
    assert destination_of(form, PLACE).dimensions == (ONE,)


def test_events_are_kept_that_this_version_does_not_know():
    form = form_of(replace(THERE[0], events=frozenset(), other_events=("NEW",)), "set")
    assert judge(form, PLACE) == {}
    assert destination_of(form, PLACE).as_parameter()["MatchingEventTypes"] == ["NEW"]
    assert EventType.BOUNCE not in form.events
