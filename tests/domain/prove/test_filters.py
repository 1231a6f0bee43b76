"""Filter policies of subscriptions, and what a person wants to see of a stream."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.configset import EventType
from sestui.domain.events import parse_event
from sestui.domain.prove.filters import lets_through
from sestui.domain.prove.sieve import Sieve, kind_of, parse_sieve
from tests.domain.events.samples import bounce, delivery

EVENT = {
    "eventType": "Bounce",
    "mail": {
        "source": "hello@example.com",
        "destination": ["bounce+k7@simulator.amazonses.com"],
        "tags": {"ses:configuration-set": ["production-emails"]},
    },
    "bounce": {"bounceType": "Permanent"},
}
BODY, ATTRIBUTES = "MessageBody", "MessageAttributes"


@pytest.mark.parametrize(
    ("through", "scope", "policy"),
    [
        (True, BODY, {}),
        (True, ATTRIBUTES, {}),
        # SES sets no attributes.
        (False, ATTRIBUTES, {"eventType": ["Bounce"]}),
        (False, "", {"eventType": ["Bounce"]}),
        (True, ATTRIBUTES, {"eventType": [{"exists": False}]}),
        (False, ATTRIBUTES, {"a": [{"exists": False}], "b": ["x"]}),
        (True, ATTRIBUTES, {"$or": [{"a": ["x"]}, {"b": [{"exists": False}]}]}),
        (True, BODY, {"eventType": ["Bounce", "Complaint"]}),
        (False, BODY, {"eventType": ["Complaint"]}),
        (False, BODY, {"eventType": ["bounce"]}),
        (True, BODY, {"eventType": [{"equals-ignore-case": "bounce"}]}),
        (True, BODY, {"eventType": [{"prefix": "Bo"}]}),
        (False, BODY, {"eventType": [{"suffix": "Bo"}]}),
        (True, BODY, {"eventType": [{"anything-but": ["Send", "Open"]}]}),
        (False, BODY, {"eventType": [{"anything-but": "Bounce"}]}),
        (False, BODY, {"eventType": [{"anything-but": {"prefix": "B"}}]}),
        (True, BODY, {"eventType": [{"exists": True}]}),
        (True, BODY, {"mail": {"tags": {"ses:configuration-set": ["production-emails"]}}}),
        (False, BODY, {"mail": {"tags": {"ses:configuration-set": ["other"]}}}),
        (False, BODY, {"eventType": ["Bounce"], "mail": {"source": ["x@example.com"]}}),
        (True, BODY, {"$or": [{"eventType": ["Send"]}, {"bounce": {"bounceType": ["Permanent"]}}]}),
        # What is not known beforehand cannot be judged.
        (None, BODY, {"bounce": {"feedbackId": ["x"]}}),
        (None, BODY, {"mail": {"timestamp": [{"numeric": [">", 1]}]}}),
        (None, BODY, {"eventType": [{"wildcard": "B*"}]}),
        (False, BODY, {"eventType": ["Send"], "bounce": {"feedbackId": ["x"]}}),
        (True, BODY, {"$or": [{"bounce": {"feedbackId": ["x"]}}, {"eventType": ["Bounce"]}]}),
    ],
)
def test_what_a_filter_lets_through(through, scope, policy):
    assert lets_through(json.dumps(policy), scope, EVENT) is through


def test_what_is_no_policy():
    assert lets_through("", BODY, EVENT) is True
    assert lets_through("{", BODY, EVENT) is None
    assert lets_through("[]", BODY, EVENT) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["eventType", "mail", "$or", "exists", "prefix"]), inner)
    ),
    max_leaves=8,
)


@given(JSON, st.sampled_from([BODY, ATTRIBUTES]))
def test_any_json_is_survived(policy, scope):
    assert lets_through(json.dumps(policy), scope, EVENT) in (True, False, None)


BOUNCED = parse_event(json.dumps(bounce("Permanent", "General", "anna@example.net")))
DELIVERED = parse_event(json.dumps(delivery("ben@shop.example")))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", {"b", "d"}),
        ("bounce", {"b"}),
        ("Bounce DELIVERY", {"b", "d"}),
        ("delivery-delay", set()),
        ("to:anna", {"b"}),
        ("to:ANNA@example", {"b"}),
        ("to:carl", set()),
        ("tag:ses:configuration-set", {"b", "d"}),
        ("tag:ses:configuration-set=production-emails", {"b", "d"}),
        ("tag:ses:configuration-set=other", set()),
        ("permanent", {"b"}),
        ("permanent ben", set()),
        ("to:", set()),  # a word like any other
    ],
)
def test_a_line_of_filter(typed, shown):
    sieve = parse_sieve(typed)
    found = {name for name, event in (("b", BOUNCED), ("d", DELIVERED)) if sieve.lets(event)}
    assert found == shown


def test_kinds_by_name():
    assert kind_of("rendering_failure") is EventType.RENDERING_FAILURE
    assert kind_of("Rendering Failure") is EventType.RENDERING_FAILURE
    assert kind_of("bounced") is None
    assert Sieve().lets(BOUNCED)


@given(st.text())
def test_any_line_is_a_filter_and_all_of_it_has_to_hold(typed):
    for event in (BOUNCED, DELIVERED):
        assert parse_sieve(typed).lets(event) or typed.strip()
        assert not parse_sieve(f"{typed} no-such-word").lets(event)
        assert not parse_sieve(f"{typed} to:nobody@elsewhere.example").lets(event)
