"""Events in words: each kind of bounce, complaint and delay has its own sentence and advice."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from sestui.domain.configset import EventType
from sestui.domain.events import MailEvent, Outcome, describe, outcome_of, parse_event, settled
from sestui.domain.events.insights import events_of
from sestui.domain.severity import Severity

from .samples import bounce, delivery, event


def said(content):
    return describe(parse_event(json.dumps(content)))


BOUNCES = [
    ("Permanent", "General", "", "✗", "refused the mail for good", "before you know why"),
    ("Permanent", "General", "5.1.1", "✗", "does not know this address", "off your list"),
    ("Permanent", "General", "5.4.4", "✗", "domain of the recipient", "after the @"),
    ("Permanent", "General", "5.7.26", "✗", "by its policy", "SPF, DKIM and DMARC"),
    ("Permanent", "NoEmail", "", "✗", "no such address", "typing error"),
    ("Permanent", "Suppressed", "", "✗", "global suppression list", "some other customer"),
    ("Permanent", "OnAccountSuppressionList", "", "✗", "your account's suppression", "Remove it"),
    ("Permanent", "OnTenantSuppressionList", "", "✗", "tenant's suppression list", "Remove it"),
    ("Permanent", "UnsubscribedRecipient", "", "✗", "unsubscribed", "send no more"),
    ("Permanent", "EmailValidationSuppressed", "", "✗", "likely to bounce", "Auto Validation"),
    ("Transient", "General", "", "!", "automatic reply", "again later"),
    ("Transient", "MailboxFull", "", "!", "mailbox of the recipient is full", "again later"),
    ("Transient", "MessageTooLarge", "", "!", "larger than", "Send it smaller"),
    ("Transient", "ContentRejected", "", "!", "refuses what is in the mail", "spam"),
    ("Transient", "AttachmentRejected", "", "!", "refuses an attachment", "another kind of file"),
    ("Transient", "CustomTimeoutExceeded", "", "!", "maximum delivery time", "longer time"),
    ("Undetermined", "Undetermined", "", "!", "could not find out why", "only trace"),
    ("Novel", "Unheard", "", "!", "could not find out why", "only trace"),
]


@pytest.mark.parametrize(("kind", "subtype", "status", "glyph", "sentence", "advice"), BOUNCES)
def test_a_bounce(kind, subtype, status, glyph, sentence, advice):
    found = said(bounce(kind, subtype, status=status))
    assert (found.glyph, found.word) == (glyph, "Bounced")
    assert found.severity is (Severity.ERROR if glyph == "✗" else Severity.WARNING)
    assert sentence in found.sentence
    assert advice in found.advice


def test_the_words_of_the_server_are_given_but_not_those_of_ses_about_itself():
    words = "smtp; 552 5.2.2 over\x1b quota"
    found = said(bounce("Transient", "MailboxFull", diagnosticCode=words))
    assert found.sentence.endswith("It said: “552 5.2.2 over\\x1b quota”")
    found = said(bounce("Permanent", "Suppressed", diagnosticCode="Amazon SES has suppressed …"))
    assert "It said" not in found.sentence


def test_what_the_simulator_does_asks_for_nothing():
    address = "bounce+1@simulator.amazonses.com"
    found = said(bounce("Permanent", "General", address, status="5.1.1"))
    assert found.severity is Severity.ERROR
    assert "reputation is not touched" in found.advice
    assert said(delivery("success@simulator.amazonses.com")).advice == ""


COMPLAINTS = [
    ("", "", "✗", "reported the mail as spam", "0.1 %"),
    ("abuse", "", "✗", "reported the mail as spam", "Send no more"),
    ("fraud", "", "✗", "phishing", "Send no more"),
    ("virus", "", "✗", "virus", "where the content came from"),
    ("auth-failure", "", "✗", "authentication", "DMARC"),
    ("not-spam", "", "·", "no spam", "Nothing needs to be done"),
    ("", "OnAccountSuppressionList", "✗", "did not send it", "Leave the address there"),
]


@pytest.mark.parametrize(("feedback", "subtype", "glyph", "sentence", "advice"), COMPLAINTS)
def test_a_complaint(feedback, subtype, glyph, sentence, advice):
    found = said(
        event(
            "Complaint",
            "complaint",
            complainedRecipients=[{"emailAddress": "anna@example.net"}],
            complaintFeedbackType=feedback,
            complaintSubType=subtype or None,
        )
    )
    assert (found.glyph, found.word) == (glyph, "Complaint")
    assert sentence in found.sentence
    assert advice in found.advice


DELAYS = [
    ("InternalFailure", "inside SES"),
    ("General", "could not be handed over yet"),
    ("MailboxFull", "is full"),
    ("SpamDetected", "unwanted mail"),
    ("RecipientServerError", "trouble of its own"),
    ("IPFailure", "blocked"),
    ("TransientCommunicationFailure", "broke off"),
    ("BYOIPHostNameLookupUnavailable", "BYOIP"),
    ("Undetermined", "could not be handed over yet"),
    ("SendingDeferral", "itself waits"),
    ("Novel", "could not be handed over yet"),
]


@pytest.mark.parametrize(("kind", "sentence"), DELAYS)
def test_a_delay(kind, sentence):
    found = said(
        event(
            "DeliveryDelay",
            "deliveryDelay",
            delayType=kind,
            expirationTime="2026-11-24T23:30:00Z",
            delayedRecipients=[{"emailAddress": "anna@example.net", "status": "4.4.1"}],
        )
    )
    assert found.severity is Severity.WARNING
    assert sentence in found.sentence
    assert "It said: “4.4.1”" in found.sentence
    assert "SES gives up on 2026-11-24 23:30 UTC" in found.sentence
    assert found.advice


def test_the_variable_that_is_missing_is_named():
    error = "Attribute 'favoriteanimal' is not present in the rendering data."
    found = said(event("Rendering Failure", "failure", templateName="W", errorMessage=error))
    assert found.word == "Not rendered"
    assert "lacks the variable “favoriteanimal”" in found.sentence
    assert "Add “favoriteanimal”" in found.advice
    assert "template W" in found.advice
    found = said(event("Rendering Failure", "failure", templateName="W", errorMessage="Odd"))
    assert "could not be filled in. It said: “Odd”" in found.sentence


@pytest.mark.parametrize(
    ("content", "glyph", "sentence", "advice"),
    [
        (event("Send", "send"), "→", "SES took the mail", ""),
        (delivery(), "✓", "after 1.2 s. It said: “250 2.0.0 OK”", "spam folder"),
        (event("Delivery"), "✓", "took the mail.", "spam folder"),
        (event("Bounce"), "!", "could not find out why", "only trace"),
        (event("Reject", "reject", reason="Bad content"), "✗", "found a virus", "billed"),
        (event("Reject", "reject", reason="Odd"), "✗", "It said: “Odd”", "send it again"),
        (event("Open", "open", userAgent="Mail"), "·", "was opened", "By Mail"),
        (event("Open", "open", isBotEvent="Likely"), "·", "was opened", "by a program"),
        (event("Click", "click", link="https://x.example/"), "·", "https://x.example/", ""),
        (event("Subscription", "subscription", contactList="N"), "·", "has changed", "list N"),
    ],
)
def test_the_others(content, glyph, sentence, advice):
    found = said(content)
    assert found.glyph == glyph
    assert sentence in found.sentence
    assert advice in found.advice
    assert found.quiet is (glyph in "→·")


# How it ended for each recipient

ANNA = "anna@example.net"


@pytest.mark.parametrize(
    ("contents", "outcome"),
    [
        ([], Outcome.UNKNOWN),
        ([event("Send")], Outcome.SENT),
        ([event("Send"), event("DeliveryDelay")], Outcome.DELAYED),
        ([event("DeliveryDelay"), delivery()], Outcome.DELIVERED),
        ([event("Open")], Outcome.DELIVERED),
        ([bounce("Permanent", "General")], Outcome.BOUNCED),
        ([delivery(), bounce("Permanent", "General")], Outcome.BOUNCED),
        ([bounce("Transient", "MailboxFull")], Outcome.BOUNCED),
        # An out-of-office note, which SES reports as a bounce.
        ([delivery(), bounce("Transient", "General")], Outcome.DELIVERED),
        ([delivery(), event("Complaint")], Outcome.COMPLAINED),
        ([event("Send"), event("Reject")], Outcome.REJECTED),
        ([event("Rendering Failure")], Outcome.NOT_RENDERED),
        ([delivery("other@example.net")], Outcome.UNKNOWN),
        ([delivery("ANNA@example.net")], Outcome.DELIVERED),
    ],
)
def test_an_outcome(contents, outcome):
    events = [parse_event(json.dumps(content)) for content in contents]
    found = outcome_of(ANNA, events)
    assert found is outcome
    assert settled(ANNA, found) is outcome.final
    assert found.word


def test_the_simulator_is_waited_for_until_it_has_complained():
    address = "complaint+nonce@simulator.amazonses.com"
    assert not settled(address, Outcome.DELIVERED)
    assert settled(address, Outcome.COMPLAINED)
    assert settled("success@simulator.amazonses.com", Outcome.DELIVERED)


# GetMessageInsights


def test_insights_tell_the_same_as_the_json():
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    answer = {
        "MessageId": "m",
        "FromEmailAddress": "a@example.com",
        "Subject": "Hello",
        "EmailTags": [{"Name": "campaign", "Value": "7"}],
        "Insights": [
            {
                "Destination": ANNA,
                "Isp": "Gmail",
                "Events": [
                    {"Timestamp": at, "Type": "SEND"},
                    {"Timestamp": at, "Type": "NOVEL"},
                    {
                        "Timestamp": at,
                        "Type": "BOUNCE",
                        "Details": {
                            "Bounce": {
                                "BounceType": "PERMANENT",
                                "BounceSubType": "General",
                                "DiagnosticCode": "smtp; 550 \x1b no",
                            }
                        },
                    },
                    {
                        "Timestamp": at,
                        "Type": "COMPLAINT",
                        "Details": {"Complaint": {"ComplaintFeedbackType": "abuse"}},
                    },
                ],
            }
        ],
    }
    sent, bounced, complained = events_of(answer)
    assert isinstance(sent, MailEvent)
    assert (sent.kind, sent.recipients, sent.tag("campaign")) == (EventType.SEND, (ANNA,), ("7",))
    assert "It said: “550 \\x1b no”" in describe(bounced).sentence
    assert "spam" in describe(complained).sentence
    published = bounce("Permanent", "General")
    published["mail"]["messageId"] = "m"
    assert bounced.key == parse_event(json.dumps(published)).key
    assert events_of({}) == ()
