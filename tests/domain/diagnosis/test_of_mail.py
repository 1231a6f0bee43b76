"""SPF at the domain itself: SES needs nothing there, and what is there belongs to other senders."""

from __future__ import annotations

import pytest

from sestui.domain.diagnosis.findings import Finding
from sestui.domain.diagnosis.of_mail import root_spf_findings
from sestui.domain.diagnosis.scene import Scene, key
from sestui.domain.dns import Answer, Outcome
from sestui.domain.severity import Severity

NOT_NEEDED = Finding(
    "root_spf_not_needed",
    Severity.OK,
    "Mail from SES carries mail.example.com as its envelope sender, so SPF is looked up there; "
    "this name needs nothing for it.",
)


def found(*texts: str, mail_from: str = "mail.example.com") -> tuple[Finding, ...]:
    strings = tuple((text.encode(),) for text in texts)
    answer = Answer("example.com", "TXT", Outcome.FOUND, texts, texts=strings)
    scene = Scene("example.com", book={key("example.com", "TXT"): answer})
    return root_spf_findings(scene, mail_from, None)


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "v=spf1 include:_spf.google.com ~all",  # that SES is not in it does not matter here
        "v=spf1 a:amazonses.com -all",
    ],
)
def test_where_nothing_is_wrong_only_that_nothing_is_needed(text):
    assert found(text) == (NOT_NEEDED,)
    assert found(text, mail_from="") == ()


def test_what_is_wrong_is_a_warning_about_other_mail():
    seen = found("v=spf1 +all")
    assert [finding.code for finding in seen] == ["root_spf_not_needed", "root_spf_pass_all"]
    assert seen[1].severity is Severity.WARNING
    assert seen[1].text.startswith("SPF of example.com: ")
    codes = [finding.code for finding in found("v=spf1 mx", "v=spf1 -all", mail_from="")]
    assert codes[0] == "root_spf_several_records"
    assert [f.code for f in found(" v=spf1 -all", mail_from="")] == ["root_spf_leading_space"]


@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.BROKEN])
def test_where_nobody_answers_nothing_is_said(outcome):
    answer = Answer("example.com", "TXT", outcome)
    scene = Scene("example.com", book={key("example.com", "TXT"): answer})
    assert root_spf_findings(scene, "mail.example.com", None) == ()
    assert root_spf_findings(Scene("example.com"), "mail.example.com", None) == ()
