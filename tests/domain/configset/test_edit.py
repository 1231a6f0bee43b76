"""A set as it is typed: what may be sent to SES and what may not, field by field."""

from dataclasses import replace

import pytest
from hypothesis import given

from sestui.domain.configset import ConfigurationSet, Dimension, EventType
from sestui.domain.configset.edit import SetDraft, Suppression, draft_of, seconds, set_of
from sestui.domain.configset.judge import Around, advise, judge
from sestui.domain.configset.judge_destination import AUTO_TAGS
from sestui.domain.names import InvalidName
from tests.domain.configset.samples import (
    ACCOUNT,
    ALARMS,
    ARCHIVE,
    BUS,
    FULL,
    REGION,
    STREAM,
    TOPIC,
    bus,
    metrics,
    pinpoint,
    sets,
    stream,
    topic,
)

HERE = Around(REGION, ACCOUNT, taken=frozenset({"taken"}))
DRAFT = SetDraft("set")
TAG = "MESSAGE_TAG"


@given(sets)
def test_a_form_that_nobody_touches_changes_nothing(each):
    assert set_of(draft_of(each)) == each


@given(sets)
def test_what_ses_has_is_not_found_fault_with(each):
    assert judge(draft_of(each), HERE, each) == {}
    assert judge(draft_of(each), HERE) == {}


def test_what_somebody_else_has_set_is_not_judged_until_it_is_changed():
    odd = ConfigurationSet(
        "set",
        max_delivery_seconds=99_999,
        redirect_domain="www.x.com",
        archive="arn:odd",
        sending_pool="a b",
        suppressed_reasons=("BORED",),
        destinations=(topic(target="arn:odd"), topic("future", unknown=True)),
        tags=(("aws:odd", "*"),),
    )
    draft = draft_of(odd)
    assert set_of(draft) == odd
    assert judge(replace(draft, sending_enabled=False), HERE, odd) == {}
    assert set(judge(draft, HERE)) == {
        "max_delivery_seconds",
        "redirect_domain",
        "archive",
        "sending_pool",
        "tags.0.key",
        "tags.0.value",
        "destinations.0.target",
        "destinations.1.target",
    }
    touched = draft.with_destination(replace(odd.destinations[1], enabled=False), "future")
    assert set(judge(touched, HERE, odd)) == {"destinations.1.target"}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, ()),
        ({"name": ""}, ("name",)),
        ({"name": "a b"}, ("name",)),
        ({"name": "x" * 65}, ("name",)),
        ({"name": " taken "}, ("name",)),
        ({"sending_pool": "a b"}, ("sending_pool",)),
        ({"sending_pool": "   "}, ()),
        ({"max_delivery_seconds": "299"}, ("max_delivery_seconds",)),
        ({"max_delivery_seconds": "300"}, ()),
        ({"max_delivery_seconds": "14 h"}, ()),
        ({"max_delivery_seconds": "50401"}, ("max_delivery_seconds",)),
        ({"max_delivery_seconds": "soon"}, ("max_delivery_seconds",)),
        ({"max_delivery_seconds": "-300"}, ("max_delivery_seconds",)),
        ({"max_delivery_seconds": "٣٠٠"}, ("max_delivery_seconds",)),
        ({"suppression": Suppression.OWN, "reasons": frozenset()}, ("reasons",)),
        ({"suppression": Suppression.NOTHING, "reasons": frozenset()}, ()),
        ({"redirect_domain": "https://a.com"}, ("redirect_domain",)),
        ({"redirect_domain": " Track.Example.com "}, ()),
        ({"https_policy": "REQUIRE"}, ("https_policy",)),
        ({"https_policy": "REQUIRE", "redirect_domain": "t.example.com"}, ()),
        ({"archive": "a-123"}, ("archive",)),
        ({"archive": ARCHIVE}, ()),
        ({"archive": ARCHIVE.replace("eu-west-1", "us-east-1")}, ("archive",)),
        ({"tags": (("a", "b"), ("", ""))}, ()),
        ({"tags": (("", "b"),)}, ("tags.0.key",)),
        ({"tags": (("a", "1"), ("a", "2"))}, ("tags.1.key",)),
        ({"tags": (("AWS:x", ""),)}, ("tags.0.key",)),
        ({"tags": (("k" * 129, "v" * 257),)}, ("tags.0.key", "tags.0.value")),
        ({"tags": (("a", "x<y"),)}, ("tags.0.value",)),
        ({"tags": (("clé à", "größe"),)}, ()),
        ({"tags": tuple((str(n), "") for n in range(51))}, ("tags",)),
        ({"destinations": tuple(bus(f"d{n}") for n in range(10))}, ()),
        ({"destinations": tuple(bus(f"d{n}") for n in range(11))}, ("destinations",)),
        ({"destinations": (bus("d"), topic("d"))}, ("destinations.1.name",)),
    ],
)
def test_the_fields_of_a_new_set(changes, fields):
    found = judge(replace(DRAFT, **changes), HERE)
    assert tuple(found) == fields
    assert all(found.values())


@pytest.mark.parametrize(
    ("destination", "fields"),
    [
        (topic(), ()),
        (topic(name="a b"), ("name",)),
        (topic(name=""), ("name",)),
        (topic(events=frozenset()), ("events",)),
        (topic(events=frozenset(), other_events=("TELEPATHY",)), ()),
        (topic(target=""), ("target",)),
        (topic(target="events"), ("target",)),
        (topic(target=TOPIC + ".fifo"), ("target",)),
        (topic(target=TOPIC.replace("eu-west-1", "us-east-1")), ("target",)),
        (topic(target=STREAM), ("target",)),
        (topic(target=TOPIC.replace(ACCOUNT, "210987654321")), ()),
        (bus(), ()),
        (bus(target=BUS.replace("default", "mine")), ("target",)),
        (bus(target=BUS.replace(ACCOUNT, "210987654321")), ("target",)),
        (stream(), ()),
        (stream(role=""), ("role",)),
        (stream(role="ses"), ("role",)),
        (stream(target=STREAM.replace("deliverystream", "stream")), ("target",)),
        (metrics(), ()),
        (replace(metrics(), dimensions=()), ("dimensions",)),
        (metrics("m", *(Dimension(f"d{n}", TAG, "x") for n in range(11))), ("dimensions",)),
        (
            metrics("m", Dimension("a", TAG, "x"), Dimension("a", TAG, "y")),
            ("dimensions.1.name",),
        ),
        (pinpoint(), ("target",)),
        (pinpoint(events=frozenset({EventType.SUBSCRIPTION})), ("events", "target")),
    ],
)
def test_a_new_destination(destination, fields):
    found = judge(replace(DRAFT, destinations=(destination,)), HERE)
    assert tuple(found) == tuple(f"destinations.0.{field}" for field in fields)


@pytest.mark.parametrize(
    ("dimension", "fields"),
    [
        *((Dimension(name, TAG, "x"), ()) for name in AUTO_TAGS),
        (Dimension("ses:source-ip", "LINK_TAG", "x"), ("source",)),
        (Dimension("ses:something", TAG, "x"), ("name",)),
        (Dimension("a:b", TAG, "x"), ("name",)),
        (Dimension("X-Campaign", "EMAIL_HEADER", "none"), ()),
        *(
            (Dimension(name, "EMAIL_HEADER", "x"), ("name",))
            for name in ("Received", "To", "FROM", "DKIM-Signature", "cc", "Message-ID")
        ),
        (Dimension("Return-Path", "EMAIL_HEADER", "x"), ("name",)),
        (Dimension("To", TAG, "x"), ()),
        (Dimension("a", "MIND", "x"), ("source",)),
        (Dimension("", TAG, "x"), ("name",)),
        (Dimension("a" * 256, TAG, "x"), ("name",)),
        (Dimension("a", TAG, ""), ("default",)),
        (Dimension("a", TAG, "a@b.c"), ()),
        (Dimension("a", TAG, "a b"), ("default",)),
    ],
)
def test_a_dimension(dimension, fields):
    found = judge(replace(DRAFT, destinations=(metrics("m", dimension),)), HERE)
    assert tuple(found) == tuple(f"destinations.0.dimensions.0.{field}" for field in fields)


def test_an_old_destination_at_pinpoint_may_be_changed_but_not_made():
    old = ConfigurationSet("set", destinations=(pinpoint(),))
    fewer = replace(pinpoint(), events=frozenset({EventType.BOUNCE}))
    assert judge(draft_of(old).with_destination(fewer, "pinpoint"), HERE, old) == {}


def test_a_set_cannot_be_given_another_name():
    old = ConfigurationSet("set")
    assert set(judge(replace(draft_of(old), name="other"), HERE, old)) == {"name"}
    assert judge(draft_of(old), replace(HERE, taken=frozenset({"set"})), old) == {}


def test_taking_something_away_is_never_too_many():
    old = ConfigurationSet("set", destinations=tuple(bus(f"d{n}") for n in range(12)))
    assert judge(draft_of(old).without_destination("d0"), HERE, old) == {}
    more = draft_of(old).with_destination(bus("new"))
    assert set(judge(more, HERE, old)) == {"destinations"}


def test_what_ses_will_probably_refuse_is_said_and_stops_nothing():
    draft = replace(DRAFT, redirect_domain="Track.example.com", engagement_metrics="ENABLED")
    assert advise(draft) == {}
    known = Around(verified=frozenset({"example.com"}), vdm=False)
    assert set(advise(draft, known)) == {"redirect_domain", "engagement_metrics"}
    assert advise(draft, Around(verified=frozenset({"track.example.com"}), vdm=True)) == {}


@pytest.mark.parametrize(
    ("typed", "value"),
    [("", None), (" ", None), ("300", 300), ("300 s", 300), ("15 min", 900), ("2H", 7200)],
)
def test_times_are_typed_as_people_say_them(typed, value):
    assert seconds(typed) == value


@pytest.mark.parametrize("typed", ["x", "1.5 h", "5 days", "1h30", "\x1b"])
def test_what_is_no_time(typed):
    with pytest.raises(InvalidName):
        seconds(typed)


def test_suppression_is_one_of_three_and_nothing_is_chosen_by_name_only():
    draft = replace(DRAFT, reasons=frozenset({"BOUNCE"}))
    choices = {each: set_of(replace(draft, suppression=each)) for each in Suppression}
    assert {each: made.suppressed_reasons for each, made in choices.items()} == {
        Suppression.ACCOUNT: None,
        Suppression.OWN: ("BOUNCE",),
        Suppression.NOTHING: (),
    }
    assert draft_of(choices[Suppression.NOTHING]).suppression is Suppression.NOTHING
    assert len({each.word for each in Suppression}) == 3


def test_typed_texts_are_tidied():
    draft = replace(
        DRAFT,
        name=" set ",
        sending_pool=" pool ",
        redirect_domain=" TRACK.Example.com. ",
        tags=(("b", ""), ("", ""), ("a", "1")),
        destinations=(topic(" d ", ALARMS, target=f" {TOPIC} "),),
    )
    made = set_of(draft)
    assert (made.name, made.sending_pool, made.redirect_domain) == (
        "set",
        "pool",
        "track.example.com",
    )
    assert made.tags == (("a", "1"), ("b", ""))
    assert made.destinations == (topic("d"),)


def test_destinations_are_put_in_replaced_and_taken_out():
    draft = draft_of(FULL).without_destination("bus")
    assert [each.name for each in draft.destinations] == ["alarms", "stream", "metrics"]
    renamed = draft.with_destination(topic("pages"), "alarms")
    assert [each.name for each in renamed.destinations] == ["pages", "stream", "metrics"]
    assert len(renamed.with_destination(bus("new")).destinations) == 4
