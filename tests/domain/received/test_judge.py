"""What is put together from the headers: subject, receiver, questions to DNS, and their order."""

from __future__ import annotations

import pytest

from sestui.domain.received import Check, Checked, Code, Status, dmarc_questions, judge, read_source
from sestui.domain.severity import Severity

from .samples import AMAZON, GMAIL, GMAIL_RESULTS, GMAIL_TOP, OUTLOOK, OWN, WRITTEN

BODY = "\nHi.\n"


def judged(text: str, *checks: Check):
    return judge(read_source(text.encode()), checked=tuple(map(Checked, checks)))


def codes(verdict) -> set[Code]:
    return {finding.code for finding in verdict.findings}


# The subject


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("Hello", "Hello"),
        ("", ""),
        ("=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("Re: =?utf-8?b?R3LDvMOfZQ==?= =?iso-8859-1?q?_=FC?=", "Re: Grüße ü"),
        ("1 =? 2", "1 =? 2"),
        # Encoded words that are none stay as they are written.
        ("=?utf-8?b?R3LDvMOfZ?=", "=?utf-8?b?R3LDvMOfZ?="),
        ("=?no-such-charset?q?a?=", "=?no-such-charset?q?a?="),
        ("=?utf-8?q?=FF=FE?=", "=?utf-8?q?=FF=FE?="),
        # What is spelled out must not reach the terminal.
        ("=?utf-8?q?a=1B]0;x=07b?=", "a\\x1b]0;x\\x07b"),
    ],
)
def test_a_subject_is_spelled_out_where_that_is_possible(header, subject):
    text = WRITTEN.replace("=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", header)
    assert judged(text).subject == subject


def test_a_mail_without_a_subject():
    assert judged("From: a@example.com\n").subject == ""


# Whose results they are

NAMELESS = """Authentication-Results: spf=pass smtp.mailfrom=mail.example.com;
 dkim=pass header.d=example.com{more}
"""
HOPS = """Received: by relay.example with SMTP id 2; Mon, 2 Jun 2025 10:10:06 +0000
Received: from a8-30.smtp-out.amazonses.com by MX.Receiver.example with ESMTPS id 1;
 Mon, 2 Jun 2025 10:10:05 +0000
"""


@pytest.mark.parametrize(
    ("headers", "by"),
    [
        (GMAIL_RESULTS, "Gmail (mx.google.com)"),
        (GMAIL_RESULTS.replace("mx.google.com", "MX.Example.NET", 1), "mx.example.net"),
        # Microsoft does not write its name.
        (NAMELESS.format(more=";compauth=pass reason=100"), "Microsoft"),
        ("X-MS-Exchange-Organization-SCL: 1\n" + NAMELESS.format(more=""), "Microsoft"),
        # Others who do not are those who took the mail last.
        (HOPS + NAMELESS.format(more=""), "relay.example"),
        (HOPS.replace("by relay.example ", "") + NAMELESS.format(more=""), "mx.receiver.example"),
        (NAMELESS.format(more=""), ""),
        # Without results nobody has judged anything.
        (HOPS, ""),
        (OUTLOOK.partition("Authentication-Results")[0], ""),
    ],
)
def test_whose_results_they_are(headers, by):
    assert judged(headers + OWN + AMAZON + WRITTEN).judged_by == by


# Where bounces go

RESULTS = "Authentication-Results: mx; spf=pass smtp.mailfrom=d@mail.example.com\n"


@pytest.mark.parametrize(
    ("headers", "envelope"),
    [
        ("Return-Path: <b@mail.example.com>\n", "b@mail.example.com"),
        ("Received-SPF: pass (x) envelope-from=c@mail.example.com;\n", "c@mail.example.com"),
        (RESULTS, "d@mail.example.com"),
        # What the receiver says in its results goes before Received-SPF, Return-Path before both.
        (RESULTS + "Received-SPF: pass (x) envelope-from=c@mail.example.com;\n",
         "d@mail.example.com"),
        ("Return-Path: <b@mail.example.com>\n" + RESULTS, "b@mail.example.com"),
        ("", ""),
    ],
)  # fmt: skip
def test_where_bounces_go(headers, envelope):
    text = headers + WRITTEN
    assert judged(text).envelope_from == envelope
    # What may be aligned is asked for.
    asked = [name for name, _kind in dmarc_questions(read_source(text.encode()))]
    assert ("_dmarc.mail.example.com" in asked) is bool(envelope)
    assert asked[:2] == ["_dmarc.example.com", "_dmarc.com"]


# The questions to DNS


def asked(text: str) -> list[str]:
    return [name for name, _kind in dmarc_questions(read_source(text.encode()))]


def test_nothing_is_asked_without_an_author():
    assert asked("Subject: x\n" + OWN) == []


def test_only_what_may_belong_to_the_author_is_asked_for():
    many = "".join(OWN.replace("d=example.com", f"d=d{n}.example.org") for n in range(20))
    assert asked(many + WRITTEN) == ["_dmarc.example.com", "_dmarc.com"]
    assert asked(OWN.replace("d=example.com", "d=news.example.com") + WRITTEN) == [
        "_dmarc.example.com", "_dmarc.com", "_dmarc.news.example.com"
    ]  # fmt: skip
    strange = GMAIL.replace("mail.example.com", "bounces.elsewhere.org")
    assert asked(strange) == ["_dmarc.example.com", "_dmarc.com"]


@pytest.mark.parametrize("host", ["a b.example.com", "gr\u00fc\u00df\u00b2 .example.com"])
def test_a_name_that_dns_cannot_hold_is_not_asked_for(host):
    text = f"Return-Path: <x@{host}>\n" + WRITTEN
    assert all(name.isascii() and " " not in name for name in asked(text))
    assert "_dmarc.example.com" in asked(text)


def test_an_author_outside_ascii_is_asked_for_as_in_dns():
    assert asked("From: a@b\u00fccher.example\n")[0] == "_dmarc.xn--bcher-kva.example"


# What was checked here, and what cannot be


@pytest.mark.parametrize(
    ("check", "counts"),
    [
        (Check.VALID, True),  # the body may really be empty
        (Check.KEY_MISSING, True),
        (Check.KEY_UNUSABLE, True),
        (Check.BODY_ALTERED, False),
        (Check.BROKEN, False),
        (Check.KEY_UNKNOWN, False),
        (Check.EXPIRED, False),
        (Check.NOT_DONE, False),
    ],
)
def test_without_the_body_only_some_checks_say_anything(check, counts):
    verdict = judged(GMAIL, check, check)
    assert verdict.headers_only
    assert [each.checked.check for each in verdict.signatures] == (
        [check if counts else Check.NOT_DONE] * 2
    )
    assert (Code.HEADERS_ONLY in codes(verdict)) is not counts
    whole = judged(GMAIL + BODY, check, check)
    assert not whole.headers_only
    assert [each.checked.check for each in whole.signatures] == [check] * 2
    assert Code.HEADERS_ONLY not in codes(whole)


def test_one_signature_that_was_checked_is_enough_to_say_nothing_of_the_body():
    assert Code.HEADERS_ONLY not in codes(judged(GMAIL, Check.BROKEN, Check.VALID))
    assert Code.HEADERS_ONLY in codes(judged(GMAIL, Check.BROKEN, Check.BROKEN))


def test_a_mail_without_signatures_has_nothing_to_verify():
    """The results tell of signatures; without their headers the body would be no use."""
    assert Code.HEADERS_ONLY not in codes(judged(GMAIL_TOP + GMAIL_RESULTS + WRITTEN))
    assert Code.HEADERS_ONLY not in codes(judged(WRITTEN))


def test_a_paste_that_broke_the_lines_is_a_guess():
    broken = "\n".join(line.strip() for line in GMAIL.splitlines())
    (finding,) = [f for f in judged(broken).findings if f.code is Code.REWRAPPED]
    assert finding.severity is Severity.OK
    assert "this is a guess" in finding.text
    assert Code.REWRAPPED not in codes(judged(GMAIL))


# All together


def test_an_error_beside_passing_results_is_no_question_of_reputation():
    """What the filters say is read in the light of the findings before."""
    spam = "X-Spam-Flag: YES\n" + GMAIL
    well = judged(spam)
    assert (well.status, Code.NEW_DOMAIN in codes(well)) == (Status.WELL, True)
    several = judged(spam.replace("From: ", "From: also@other.example, "))
    assert (several.status, Code.NEW_DOMAIN in codes(several)) == (Status.NOT_WELL, False)
    advice = [f.advice for f in several.findings if f.code is Code.SPAM]
    assert advice == ["First let SPF, DKIM and DMARC pass for the From domain."]


def test_the_findings_keep_their_order_within_a_severity():
    """SPF, DKIM, DMARC, the way, SES: as they are read, the worst first."""
    text = GMAIL.replace("dkim=pass header.i=@example.com", "dkim=fail header.i=@example.com")
    text = text.replace("spf=pass (g", "spf=fail (g").replace("dmarc=pass (p", "dmarc=fail (p")
    text += "List-Unsubscribe: <mailto:u@example.com>\n"
    order = [Severity.ERROR, Severity.WARNING]
    found = [(f.severity, f.code) for f in judged(text).findings if f.severity in order]
    assert found == [
        (Severity.ERROR, Code.DKIM_FAILED),
        (Severity.ERROR, Code.DMARC_FAILED),
        (Severity.WARNING, Code.SPF_FAILED),
        (Severity.WARNING, Code.ONE_CLICK_WRONG),
    ]


def test_the_first_address_is_the_sender_and_the_way_is_measured():
    verdict = judged(GMAIL.replace("From: ", "From: first@other.example, "))
    assert (verdict.sender, verdict.author) == ("first@other.example", "other.example")
    assert verdict.total == 3
    assert judged(WRITTEN.replace("From", "X-From")).sender == ""
