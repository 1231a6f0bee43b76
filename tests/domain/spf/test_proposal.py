"""The one record that should be there."""

from __future__ import annotations

import pytest

from sestui.domain.spf import Step, merged

GOOD = "v=spf1 include:amazonses.com ~all"
GOOGLE = "v=spf1 include:_spf.google.com ~all"
BOTH = "v=spf1 include:_spf.google.com include:amazonses.com ~all"

CASES = [
    ([], GOOD),
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
]  # fmt: skip


@pytest.mark.parametrize(("records", "new"), CASES)
def test_merged(records, new):
    proposal = merged(records)
    assert proposal.old == tuple(records)
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


def test_with_a_custom_mail_from_the_root_needs_nothing():
    for records in ([], [GOOGLE]):
        proposal = merged(records, carried_by="mail.example.com")
        assert not proposal.needed
        assert proposal.new == "".join(records)
        assert "mail.example.com" in proposal.text
    proposal = merged([GOOGLE, "v=spf1 mx -all"], carried_by="mail.example.com")
    assert proposal.new == "v=spf1 include:_spf.google.com mx ~all"
    assert proposal.needed


def test_with_a_wrapper_there_is_nothing_to_add():
    wrapped = "v=spf1 include:dc-fd741b8612._spfm.example.com ~all"
    assert merged([wrapped], authorised=True).new == wrapped
    assert not merged([wrapped], authorised=True).needed


def test_what_nobody_can_guess_stays_for_the_person():
    proposal = merged(["v=spf1 moo include:_spf.google.com -all"])
    assert proposal.left_out == ("moo",)
    assert proposal.new == "v=spf1 include:_spf.google.com include:amazonses.com -all"
    assert proposal.text.endswith("what was meant: moo.")


def test_the_steps_are_a_diff_of_terms():
    assert merged([GOOGLE, "v=spf1 mx -all"]).steps == (
        (Step.KEEP, "v=spf1"),
        (Step.KEEP, "include:_spf.google.com"),
        (Step.ADD, "mx"),
        (Step.ADD, "include:amazonses.com"),
        (Step.KEEP, "~all"),
        (Step.REMOVE, "v=spf1"),
        (Step.REMOVE, "mx"),
        (Step.REMOVE, "-all"),
    )
