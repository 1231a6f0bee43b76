"""The one record that should be there."""

from __future__ import annotations

import pytest

from sestui.domain.spf import merged

GOOD = "v=spf1 include:amazonses.com ~all"
MINUS = "v=spf1 include:amazonses.com -all"
MANY = " ".join(f"ip4:192.0.{n // 100}.{n % 100}" for n in range(200))
GOOGLE = "v=spf1 include:_spf.google.com ~all"
BOTH = "v=spf1 include:_spf.google.com include:amazonses.com ~all"

CASES = [
    ([GOOGLE], BOTH),
    ([GOOGLE, GOOD], BOTH),
    ([GOOD, GOOGLE], "v=spf1 include:amazonses.com include:_spf.google.com ~all"),
    (["v=spf1 mx -all", "v=spf1 a ~all"], "v=spf1 mx a include:amazonses.com ~all"),
    (["v=spf1 mx -all", "v=spf1 a ?all"], "v=spf1 mx a include:amazonses.com ?all"),
    (["v=spf1 mx -all", "v=spf1 a +all"], "v=spf1 mx a include:amazonses.com ~all"),
    (["v=spf1 mx +MX a", GOOD], "v=spf1 mx a include:amazonses.com ~all"),
    (["v=spf1 redirect=_spf.example.com"],
     "v=spf1 include:amazonses.com redirect=_spf.example.com"),
    (["v=spf1 redirect=_spf.example.com", GOOD],
     "v=spf1 include:amazonses.com include:_spf.example.com ~all"),
    (["v=spf1 redirect=a.example", "v=spf1 redirect=b.example"],
     "v=spf1 include:amazonses.com include:a.example include:b.example ~all"),
    (["v=spf1 a exp=why.example -all"], "v=spf1 a include:amazonses.com exp=why.example -all"),
    (["v=spf1 a"], "v=spf1 a include:amazonses.com"),
    (["v=spf1 -all include:amazonses.com"], "v=spf1 include:amazonses.com -all"),
    (["v=spf1 -include:amazonses.com -all"], "v=spf1 include:amazonses.com -all"),
    (["v=spf1 include: amazonaws.com, -all."], "v=spf1 include:amazonses.com -all"),
    (['"v=spf1 include:_spf.google.com ~all"'], BOTH),
    (["v=spf1\tinclude:_spf.google.com ~all", GOOD], BOTH),
    (["v=spf1 +all"], "v=spf1 include:amazonses.com ~all"),
    # A sign that is the default goes; names and domains have no case.
    (["v=spf1 +mx -all"], "v=spf1 mx include:amazonses.com -all"),
    (["v=spf1 MX -all", "v=spf1 mx -all"], "v=spf1 MX include:amazonses.com -all"),
    (["v=spf1 include:AmazonSES.com. -all", "v=spf1 -include:amazonses.com -all"], MINUS),
    (["v=spf1 include:eu.amazonses.com -all"], MINUS),
    # What follows `all` was meant to stand before it.
    (["v=spf1 mx -all a", "v=spf1 ptr ~all"], "v=spf1 mx a ptr include:amazonses.com ~all"),
    # A modifier that is called like a mechanism is none.
    (["v=spf1 mx all=x", "v=spf1 a"], "v=spf1 mx a include:amazonses.com all=x"),
    # A redirect after all is dead; beside another `all` it is an include.
    (["v=spf1 mx -all redirect=_spf.example.com"], "v=spf1 mx include:amazonses.com -all"),
    (["v=spf1 redirect=_spf.example.com", "v=spf1 mx -all"],
     "v=spf1 mx include:amazonses.com include:_spf.example.com -all"),
    (["v=spf1 include:_spf.example.com", "v=spf1 redirect=_SPF.example.com mx"],
     "v=spf1 include:_spf.example.com mx include:amazonses.com redirect=_SPF.example.com"),
    (["v=spf1 include:_spf.example.com ~all", "v=spf1 redirect=_SPF.example.com"],
     "v=spf1 include:_spf.example.com include:amazonses.com ~all"),
    (["v=spf1 a exp=why.example -all", "v=spf1 exp=not.example mx -all"],
     "v=spf1 a mx include:amazonses.com exp=why.example -all"),
    # One with `all` and one without: nobody who was let in is refused.
    (["v=spf1 a", "v=spf1 mx ~all"], "v=spf1 a mx include:amazonses.com ~all"),
    # Too long to be searched for what was meant: its +all is still there, and what follows `all`
    # was never looked at.
    ([f"v=spf1 {MANY} -all a redirect=x.example"], f"v=spf1 {MANY} include:amazonses.com -all"),
    ([f"v=spf1 {MANY} +all", "v=spf1 mx -all"],
     f"v=spf1 {MANY} mx include:amazonses.com ~all"),
    ([f"v=spf1 {MANY} +all"], f"v=spf1 {MANY} include:amazonses.com ~all"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "new"), CASES)
def test_merged(records, new):
    proposal = merged(records)
    assert proposal.new == new
    assert proposal.needed
    assert proposal.left_out == ()
    assert proposal.text.endswith(".")


@pytest.mark.parametrize(
    "record",
    [GOOD, "V=spf1  a +include:AmazonSES.com.  -all ", "v=spf1 include:amazonses.com"],
)
def test_a_record_that_is_fine_is_not_touched(record):
    proposal = merged([record])
    assert (proposal.new, proposal.needed) == (record, False)
    assert proposal.text == "The record is fine as it is."


CHANGE = "Change the record that is there; do not add a second one."
PUT_RIGHT = "Put the record right that is there; do not add a second one."
FINE = "The record is fine as it is."
ONE = "2 records become one; do not keep any of the old ones."
PASS_ALL = "“+all” lets everyone send as you, so it becomes “~all”."
REASONS = [
    ([GOOGLE], CHANGE),
    ([GOOD], FINE),
    ([GOOD, GOOGLE], ONE),
    # SES is in it, and something else is wrong.
    (["v=spf1 include: amazonses.com ~all"], PUT_RIGHT),
    (["v=spf1 include:amazonses.com include:amazonaws.com ~all"], PUT_RIGHT),
    # It is in it where it does not count; once that is put right, nothing is left to add.
    (["v=spf1 ~all include:amazonses.com"], PUT_RIGHT),
    (["v=spf1 -include:amazonses.com ~all"], PUT_RIGHT),
    (["v=spf1 +all"], f"{CHANGE} {PASS_ALL}"),
    (["v=spf1 mx +all moo"],
     f"{CHANGE} {PASS_ALL} Left out, because it is unknown what was meant: moo."),
    (["v=spf1 mx -all", "v=spf1 a +all"], f"{ONE} {PASS_ALL}"),
    (["v=spf1 a +all", "v=spf1 mx -all"], f"{ONE} {PASS_ALL}"),
    (["v=spf1 moo include:amazonses.com foo bar -all"],
     f"{PUT_RIGHT} Left out, because it is unknown what was meant: moo, foo, bar."),
]  # fmt: skip


@pytest.mark.parametrize(("records", "text"), REASONS)
def test_the_reason(records, text):
    assert merged(records).text == text


def test_what_nobody_can_guess_stays_for_the_person():
    proposal = merged(["v=spf1 moo include:_spf.google.com -all"])
    assert proposal.left_out == ("moo",)
    assert proposal.new == "v=spf1 include:_spf.google.com include:amazonses.com -all"
    assert proposal.text.endswith("what was meant: moo.")
    both = merged([f"v=spf1 {MANY} moo\x1b -all", "v=spf1  include:amazonses.com foo ~all"])
    assert both.left_out == ("moo\\x1b", "foo")
