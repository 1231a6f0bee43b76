"""The suppression list: what is asked for, what matches, what a change says of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sestui.domain.names import InvalidName
from sestui.domain.suppression import (
    Lately,
    Reason,
    Suppressed,
    account_reasons_plan,
    add_plan,
    lacking,
    matching,
    parse_listed,
    remove_plan,
    restore_plan,
    spelled_otherwise,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ANNA = Suppressed("Anna@shop.example", "BOUNCE", NOW, "message-1")
BEN = Suppressed("ben@mail.example", "COMPLAINT", NOW)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", (ANNA, BEN)),
        ("  ", (ANNA, BEN)),
        ("anna", (ANNA,)),
        ("SHOP", (ANNA,)),
        ("@", (ANNA, BEN)),
        ("carla", ()),
        (".*", ()),
    ],
)
def test_what_is_typed_is_looked_for_anywhere_and_in_any_case(typed, found):
    assert matching((ANNA, BEN), typed) == found


def test_an_address_that_only_differs_by_case_is_another_one():
    assert spelled_otherwise((ANNA, BEN), "anna@shop.example") == (ANNA,)
    assert spelled_otherwise((ANNA, BEN), "Anna@shop.example") == ()
    assert spelled_otherwise((ANNA, BEN), "carla@shop.example") == ()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Anna@Shop.example ", "Anna@Shop.example"),
        ("x+y@shop.example", "x+y@shop.example"),
        ("a@münchen.example", "a@xn--mnchen-3ya.example"),
    ],
)
def test_an_address_keeps_its_case(typed, address):
    assert parse_listed(typed) == address


@pytest.mark.parametrize("typed", ["", "anna", "@shop.example", "a b@shop.example", "a@"])
def test_what_is_no_address_is_neither_looked_up_nor_added(typed):
    with pytest.raises(InvalidName):
        parse_listed(typed)
    with pytest.raises(InvalidName):
        add_plan(typed, Reason.BOUNCE)


@pytest.mark.parametrize(
    ("lately", "since"),
    [
        (Lately.EVER, None),
        (Lately.DAY, NOW - timedelta(days=1)),
        (Lately.WEEK, NOW - timedelta(days=7)),
        (Lately.MONTH, NOW - timedelta(days=30)),
        (Lately.YEAR, NOW - timedelta(days=365)),
    ],
)
def test_how_far_back(lately, since):
    assert lately.since(NOW) == since
    assert lately.word


def test_a_removal_says_what_it_means():
    (call,) = remove_plan(ANNA)
    assert call.operation == "DeleteSuppressedDestination"
    assert call.parameters == {"EmailAddress": "Anna@shop.example"}
    assert call.tolerate == ("NotFoundException",)
    assert "bounces again" in call.words
    assert "spam" in remove_plan(BEN)[0].words
    assert "put it back" not in call.words
    assert "put it back" in remove_plan(ANNA, sandbox=True)[0].words


def test_what_was_removed_goes_back_with_its_reason():
    (call,) = restore_plan(BEN)
    assert call.command("eu-west-1") == (
        "aws sesv2 put-suppressed-destination --email-address ben@mail.example "
        "--reason COMPLAINT --region eu-west-1"
    )


@pytest.mark.parametrize(
    ("chosen", "sent", "words"),
    [
        ((Reason.COMPLAINT, Reason.BOUNCE), ["BOUNCE", "COMPLAINT"], "bounced, complained"),
        ((Reason.BOUNCE,), ["BOUNCE"], "bounced"),
        ((), [], "Suppress nobody"),
    ],
)
def test_what_the_account_suppresses_for(chosen, sent, words):
    (call,) = account_reasons_plan(chosen)
    assert call.parameters == {"SuppressedReasons": sent}
    assert words in call.words


def test_what_the_account_had_better_suppress_for():
    assert lacking(("BOUNCE", "COMPLAINT")) == ()
    assert lacking(("BOUNCE",)) == (Reason.COMPLAINT,)
    assert lacking(()) == (Reason.BOUNCE, Reason.COMPLAINT)


def test_a_reason_that_is_new_at_aws_is_shown_as_it_is():
    assert ANNA.reason_word == "bounced"
    new = Suppressed("a@b.example", "SOMETHING\x1b[31m").reason_word
    assert new.startswith("SOMETHING")
    assert "\x1b" not in new
