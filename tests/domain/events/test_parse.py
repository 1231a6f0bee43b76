"""Reading events: every envelope, every kind, and whatever else may lie in a queue."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.configset import EventType
from sestui.domain.events import (
    Bounce,
    Complaint,
    Delay,
    Delivery,
    NotAnEvent,
    Reject,
    RenderingFailure,
    Reply,
    Subscription,
    Visit,
    parse_event,
)
from sestui.domain.text import printable

from .samples import AT, MESSAGE_ID, bounce, delivery, event, in_sns, on_the_bus

BOUNCE = bounce(
    "Permanent", "General", status="5.1.1", diagnosticCode="smtp; 550 5.1.1 user unknown"
)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(BOUNCE),
        json.dumps(BOUNCE).encode(),
        b"\xef\xbb\xbf" + json.dumps(BOUNCE).encode() + b"\n",
        in_sns(BOUNCE),
        on_the_bus(BOUNCE),
        on_the_bus({key: value for key, value in BOUNCE.items() if key != "eventType"}),
        in_sns(on_the_bus(BOUNCE)),
        json.dumps({("notificationType" if k == "eventType" else k): v for k, v in BOUNCE.items()}),
    ],
    ids=["raw", "bytes", "firehose", "sns", "bus", "bus-named", "bus-sns", "feedback-topic"],
)
def test_the_same_event_in_every_envelope(text):
    found = parse_event(text)
    assert found.kind is EventType.BOUNCE
    assert found.at == datetime(2026, 11, 24, 9, 30, 2, 500_000, UTC)
    assert found.message_id == MESSAGE_ID
    assert found.recipients == ("anna@example.net",)
    assert found.configuration_set == "production-emails"
    assert found.subject == "Hello"
    assert found.details == Bounce(
        "Permanent",
        "General",
        (Reply("anna@example.net", "5.1.1", "smtp; 550 5.1.1 user unknown", "failed"),),
        "dns; a1-1.smtp-out.eu-west-1.amazonses.com",
    )
    assert json.loads(found.raw)["bounce"]["bounceSubType"] == "General"


@pytest.mark.parametrize(
    ("content", "kind", "details"),
    [
        (event("Send", "send"), EventType.SEND, None),
        (
            delivery(),
            EventType.DELIVERY,
            Delivery("250 2.0.0 OK", 1234, "a1-1.smtp-out.eu-west-1.amazonses.com"),
        ),
        (
            event(
                "Complaint",
                "complaint",
                complainedRecipients=[{"emailAddress": "anna@example.net"}],
                complaintFeedbackType="abuse",
                complaintSubType=None,
                userAgent="Yahoo",
            ),
            EventType.COMPLAINT,
            Complaint("abuse", "", "Yahoo"),
        ),
        (event("Reject", "reject", reason="Bad content"), EventType.REJECT, Reject("Bad content")),
        (
            event(
                "DeliveryDelay",
                "deliveryDelay",
                delayType="MailboxFull",
                expirationTime="2026-11-24T23:30:00+00:00",
                delayedRecipients=[{"emailAddress": "anna@example.net", "status": "4.2.2"}],
            ),
            EventType.DELIVERY_DELAY,
            Delay(
                "MailboxFull",
                datetime(2026, 11, 24, 23, 30, tzinfo=UTC),
                (Reply("anna@example.net", "4.2.2"),),
            ),
        ),
        (
            event("Rendering Failure", "failure", templateName="T", errorMessage="Attribute 'a' …"),
            EventType.RENDERING_FAILURE,
            RenderingFailure("T", "Attribute 'a' …"),
        ),
        (
            event(
                "Click", "click", link="https://example.com/", userAgent="M", isBotEvent="Likely"
            ),
            EventType.CLICK,
            Visit("https://example.com/", "M", "Likely"),
        ),
        (event("Open", "open", userAgent="M"), EventType.OPEN, Visit("", "M")),
        (
            event(
                "Subscription",
                "subscription",
                contactList="News",
                source="UnsubscribeHeader",
                newTopicPreferences={"unsubscribeAll": True},
            ),
            EventType.SUBSCRIPTION,
            Subscription("News", "UnsubscribeHeader", unsubscribed_all=True),
        ),
    ],
)
def test_every_kind(content, kind, details):
    found = parse_event(json.dumps(content))
    assert (found.kind, found.details) == (kind, details)
    assert found.recipients == ("anna@example.net",)


def test_a_bounce_of_one_of_three_is_about_that_one():
    content = bounce("Permanent", "General", "b@example.net")
    content["mail"]["destination"] = ["a@example.net", "b@example.net", "c@example.net"]
    found = parse_event(json.dumps(content))
    assert found.recipients == ("b@example.net",)
    assert len(found.destination) == 3


@pytest.mark.parametrize(
    ("text", "says", "validation"),
    [
        ("", "no JSON", False),
        (b"\xff", "no JSON", False),
        ("[" * 100_000, "no JSON", False),
        ("[]", "an event is an object", False),
        ("{}", "no eventType", False),
        ('{"eventType": "Send"}', "which message", False),
        ('{"eventType": "Send", "mail": {"messageId": "1"}}', "when", False),
        (
            '{"eventType": "Send", "mail": {"messageId": "1", "timestamp": "0001-01-01T00+14:00"}}',
            "when",
            False,
        ),
        ('{"notificationType": "Received", "mail": {}}', "“Received” is no event", False),
        ('{"eventType": "\\u001b[2J"}', "\\x1b", False),
        ('{"eventType": []}', "no eventType", False),
        ('{"eventType": ["x"]}', "is no event", False),
        ('{"Type": "SubscriptionConfirmation", "Message": "x"}', "confirm", False),
        ("Successfully validated SNS topic for Amazon SES event publishing.", "tried out", True),
        (in_sns("Successfully validated SNS topic for Amazon SES."), "tried out", True),
        ('{"notificationType": "AmazonSnsSubscriptionSucceeded"}', "tried out", True),
        (in_sns(in_sns(in_sns(in_sns(in_sns(BOUNCE))))), "no eventType", False),
    ],
)
def test_what_is_no_event_says_what_it_is(text, says, validation):
    with pytest.raises(NotAnEvent) as refused:
        parse_event(text)
    assert says in str(refused.value)
    assert refused.value.validation is validation


def test_text_from_outside_cannot_act_on_the_terminal():
    hostile = "\x1b]0;owned\x07\u202e\ud800"
    content = bounce("Permanent", hostile, hostile, diagnosticCode=hostile)
    content["mail"]["commonHeaders"]["subject"] = hostile
    content["mail"]["tags"] = {hostile: [hostile]}
    found = parse_event(json.dumps(content))
    assert isinstance(found.details, Bounce)
    texts = [found.subject, found.details.subtype, *found.recipients, *found.tags[0][1]]
    assert all(text == printable(text) for text in [*texts, *found.raw.splitlines()])


@pytest.mark.parametrize("depth", [300, 900, 3000])
def test_an_event_that_is_nested_without_end_does_no_harm(depth):
    text = json.dumps(BOUNCE)[:-1] + ', "odd": ' + "[" * depth + "]" * depth + "}"
    read(text)


def test_the_same_event_by_two_ways_has_one_key():
    assert parse_event(in_sns(BOUNCE)).key == parse_event(on_the_bus(BOUNCE)).key
    later = json.loads(json.dumps(BOUNCE).replace("09:30:02.500", "09:30:03.000"))
    assert parse_event(json.dumps(later)).key == parse_event(json.dumps(BOUNCE)).key
    other = bounce("Permanent", "General", "other@example.net")
    assert parse_event(json.dumps(other)).key != parse_event(json.dumps(BOUNCE)).key


def test_each_of_many_delays_has_its_own():
    def delay(at: str) -> tuple[str, ...]:
        return parse_event(json.dumps(event("DeliveryDelay", "deliveryDelay", timestamp=at))).key

    assert delay(AT) == delay(AT)
    assert delay(AT) != delay("2026-11-24T09:45:00.000Z")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = """
eventType notificationType mail Message Type detail detail-type bounce send delivery complaint
failure deliveryDelay subscription click timestamp messageId destination tags commonHeaders
bouncedRecipients complainedRecipients recipients expirationTime processingTimeMillis
newTopicPreferences
"""
names = st.sampled_from(NAMES.split())
kinds = st.sampled_from(["Send", "Bounce", "Delivery", "DeliveryDelay", "Subscription", "Open", AT])
shaped = st.recursive(
    json_values | kinds,
    lambda inner: st.dictionaries(names, inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=25,
)


def read(text: str | bytes) -> None:
    try:
        found = parse_event(text)
    except NotAnEvent as refused:
        said = str(refused)
    else:
        said = found.message_id
        assert found.at.tzinfo is UTC
        hash((found, found.key))
    assert said
    assert said == printable(said)


@given(st.binary() | st.text())
def test_any_bytes_are_an_event_or_said_not_to_be(data):
    read(data)


@given(shaped)
def test_any_json_is_an_event_or_said_not_to_be(content):
    read(json.dumps(content))


@given(kinds, st.dictionaries(names, shaped), st.dictionaries(names, shaped), names)
def test_any_event_with_odd_insides_is_read(kind, mail, payload, where):
    mail = {**mail, "messageId": "1", "timestamp": AT}
    text = json.dumps({where: payload, "bounce": payload, "eventType": kind, "mail": mail})
    read(text)
    if kind != AT:
        assert parse_event(text).message_id == "1"
