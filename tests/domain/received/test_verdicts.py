"""What a person is told of a mail that arrived: each receiver's headers, each cause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.dmarc.align import Aligned
from sestui.domain.dmarc.walk import read_tree
from sestui.domain.dns import Answer, Outcome
from sestui.domain.received import (
    Check,
    Checked,
    Code,
    Method,
    NoMail,
    Origin,
    Status,
    Verdict,
    dmarc_questions,
    judge,
    read_source,
)
from sestui.domain.severity import Severity

from .samples import (
    AMAZON,
    GMAIL,
    GMAIL_RESULTS,
    GMAIL_TOP,
    GMAIL_WITH_TLS,
    OUTLOOK,
    OWN,
    RECEIVERS,
    SES_ID,
    WRITTEN,
)


def judged(text: str, **more) -> Verdict:
    return judge(read_source(text.encode()), **more)


def codes(verdict: Verdict, *severities: Severity) -> set[Code]:
    return {f.code for f in verdict.findings if not severities or f.severity in severities}


def spoiled(verdict: Verdict) -> set[Code]:
    return codes(verdict, Severity.ERROR, Severity.WARNING)


@pytest.mark.parametrize("name", RECEIVERS)
def test_a_mail_that_arrived_well_by_each_receiver(name):
    verdict = judged(RECEIVERS[name])
    assert name in verdict.judged_by
    assert verdict.status is Status.WELL
    assert spoiled(verdict) == set()
    spf, dkim, dmarc = (verdict.mechanism(m) for m in (Method.SPF, Method.DKIM, Method.DMARC))
    assert (spf.domain, spf.aligned) == ("mail.example.com", Aligned.YES)
    assert (dkim.domain, dkim.aligned) == ("example.com", Aligned.YES)
    assert (dmarc.result, dmarc.domain) == ("pass", "example.com")
    assert all(each.why and each.origin is Origin.RESULTS for each in (spf, dkim, dmarc))
    own, amazon = verdict.signatures
    assert (own.signature.domain, own.result, own.amazon) == ("example.com", "pass", False)
    assert (amazon.signature.domain, amazon.result, amazon.amazon) == (
        "amazonses.com",
        "pass",
        True,
    )
    assert Code.AMAZON_SIGNATURE in codes(verdict, Severity.OK)
    assert (verdict.author, verdict.sender) == ("example.com", "hello@example.com")
    assert verdict.subject == "Grüße"
    assert verdict.envelope_from == "0102@mail.example.com"
    assert verdict.headers_only
    assert any(hop.ses for hop in verdict.hops)


def test_what_ses_wrote_is_read():
    ses = judged(GMAIL).ses
    assert (ses.message_id, ses.region, ses.outgoing_ip) == (SES_ID, "eu-west-1", "54.240.8.30")
    old = WRITTEN.replace("@eu-west-1.", "@email.").replace("Feedback-ID", "X-Nothing")
    assert judged(old).ses.region == "us-east-1"


def test_the_results_alone_are_enough():
    verdict = judged(GMAIL_RESULTS)
    assert verdict.status is Status.WELL
    assert verdict.author == "example.com"
    assert [each.signature.domain for each in verdict.signatures] == [
        "example.com",
        "amazonses.com",
    ]


def without_own(text: str) -> str:
    lines = [line for line in text.splitlines() if "@example.com header.s=abc" not in line]
    return "\n".join(lines).replace(OWN.strip(), "X-Gone: 1")


def test_mail_that_only_amazon_signed():
    bad = (without_own(GMAIL).replace("mail.example.com", "eu-west-1.amazonses.com")).replace(
        "dmarc=pass (p=NONE", "dmarc=fail (p=NONE"
    )
    verdict = judged(bad)
    assert verdict.status is Status.NOT_WELL
    assert spoiled(verdict) == {
        Code.NO_OWN_SIGNATURE,
        Code.DEFAULT_MAIL_FROM,
        Code.DMARC_FAILED,
        Code.VIA,
    }
    spf, dkim = verdict.mechanism(Method.SPF), verdict.mechanism(Method.DKIM)
    assert (spf.result, spf.aligned, spf.severity) == ("pass", Aligned.NO, Severity.WARNING)
    assert (dkim.result, dkim.aligned, dkim.severity) == ("pass", Aligned.NO, Severity.ERROR)
    said = {finding.code: finding for finding in verdict.findings}
    assert "via amazonses.com" in said[Code.VIA].text
    assert "signing is switched off" in said[Code.NO_OWN_SIGNATURE].advice
    assert "mail.example.com" in said[Code.DEFAULT_MAIL_FROM].advice


def test_the_default_mail_from_leaves_dmarc_to_dkim():
    verdict = judged(GMAIL.replace("mail.example.com", "eu-west-1.amazonses.com"))
    assert spoiled(verdict) == {Code.DEFAULT_MAIL_FROM}
    assert verdict.status is Status.NOT_WELL
    assert "DKIM" in verdict.mechanism(Method.DMARC).why
    assert "SPF" not in verdict.mechanism(Method.DMARC).why


@pytest.mark.parametrize("domain", ["gmail.com", "yahoo.co.uk", "outlook.com", "hotmail.fr"])
def test_from_at_a_mailbox_provider(domain):
    verdict = judged(WRITTEN.replace("hello@example.com", f"me@{domain}"))
    assert Code.FREE_MAIL in codes(verdict, Severity.ERROR)
    assert Code.FREE_MAIL not in codes(judged(WRITTEN.replace("hello@", f"me@{domain}.")))


CHANGES = {
    Code.DKIM_FAILED: (
        "dkim=pass header.i=@example.com",
        "dkim=fail (body hash did not verify) header.i=@example.com",
    ),
    Code.SPF_FAILED: ("spf=pass (g", "spf=softfail (g"),
    Code.DMARC_NONE: ("dmarc=pass (p=NONE sp=NONE dis=NONE)", "dmarc=none"),
    Code.FOREIGN_MAIL_FROM: ("mail.example.com", "bounces.other.example"),
    Code.OTHER_FROM: ("header.from=example.com", "header.from=list.example"),
    Code.SEVERAL_FROM: ("From: ", "From: also@other.example, "),
    Code.NOT_ENCRYPTED: (GMAIL_WITH_TLS, "ESMTP id a;"),
    Code.SLOW: ("03:10:04 -0700", "03:40:04 -0700"),
    Code.SPAM: ("Feedback-ID", "X-Spam-Status: Yes, score=7.2\nFeedback-ID"),
    Code.ONE_CLICK_WRONG: ("To: s", "List-Unsubscribe: <mailto:u@example.com>\nTo: s"),
}  # fmt: skip


@pytest.mark.parametrize("code", CHANGES)
def test_one_thing_that_is_not_right(code):
    before, after = CHANGES[code]
    assert before in GMAIL
    verdict = judged(GMAIL.replace(before, after))
    assert code in spoiled(verdict)
    finding = next(each for each in verdict.findings if each.code is code)
    assert finding.text.isprintable()
    assert code not in codes(judged(GMAIL))


def test_what_the_receiver_gives_as_the_reason_is_told():
    verdict = judged(GMAIL.replace(*CHANGES[Code.DKIM_FAILED]))
    assert "body hash did not verify" in verdict.mechanism(Method.DKIM).why


def test_a_slow_way_names_the_longest_wait():
    verdict = judged(GMAIL.replace(*CHANGES[Code.SLOW]))
    text = next(each.text for each in verdict.findings if each.code is Code.SLOW)
    assert "30 min" in text
    assert "mx.google.com" in text
    assert Code.CLOCKS in codes(verdict, Severity.OK)  # Gmail's next hop is earlier


def test_spam_though_all_is_well_is_the_reputation():
    spam = OUTLOOK.replace("SCL:1", "SCL:5").replace("SFV:NSPM", "SFV:SPM")
    verdict = judged(spam)
    assert verdict.status is Status.WELL
    assert {Code.SPAM, Code.NEW_DOMAIN} <= codes(verdict)
    assert "SCL 5, SFV SPM" in next(f.text for f in verdict.findings if f.code is Code.SPAM)
    assert Code.NOT_SPAM in codes(judged(OUTLOOK))


def test_a_results_header_that_the_sender_wrote_does_not_count():
    forged = OWN + AMAZON + GMAIL_RESULTS + WRITTEN
    verdict = judged(forged)
    assert Code.RESULTS_DISTRUSTED in codes(verdict, Severity.WARNING)
    assert verdict.judged_by == ""
    assert not any(mechanism.result for mechanism in verdict.mechanisms)
    assert verdict.status is Status.UNKNOWN


def test_only_the_topmost_receiver_is_believed():
    above = "Authentication-Results: mx.strict.example; dkim=fail header.d=example.com;"
    verdict = judged(above + "spf=fail smtp.mailfrom=example.com; dmarc=fail\n" + GMAIL)
    assert verdict.judged_by == "mx.strict.example"
    assert {each.result for each in verdict.mechanisms[:3]} == {"fail"}


def test_arc_stands_in_where_there_are_no_results():
    verdict = judged(GMAIL_TOP + OWN + AMAZON + WRITTEN)
    assert verdict.status is Status.WELL
    assert verdict.mechanism(Method.SPF).origin is Origin.ARC
    assert Code.RESULTS_FROM_ARC in codes(verdict, Severity.OK)
    assert verdict.mechanism(Method.ARC).domain == "google.com"


def test_received_spf_stands_in_for_spf():
    text = "Received-SPF: Pass (x: domain of mail.example.com designates 1.2.3.4) helo=h.example;\n"
    spf = judged(text + WRITTEN).mechanism(Method.SPF)
    assert (spf.result, spf.domain, spf.origin) == ("pass", "mail.example.com", Origin.RECEIVED_SPF)


def test_without_results_the_checks_here_count():
    source = read_source((OWN + AMAZON + WRITTEN + "\nHi.\n").encode())
    valid = judge(source, checked=(Checked(Check.VALID), Checked(Check.VALID)))
    dkim = valid.mechanism(Method.DKIM)
    assert (dkim.result, dkim.origin, dkim.good) == ("pass", Origin.CHECKED, True)
    assert valid.mechanism(Method.DMARC).origin is Origin.INFERRED
    assert valid.status is Status.UNKNOWN  # nobody told of SPF
    missing = judge(source, checked=(Checked(Check.KEY_MISSING), Checked(Check.VALID)))
    assert missing.status is Status.NOT_WELL
    assert Code.KEY_MISSING in codes(missing, Severity.ERROR)
    unknown = judge(source, checked=(Checked(Check.KEY_UNKNOWN), Checked(Check.KEY_UNKNOWN)))
    assert unknown.status is Status.UNKNOWN
    assert Code.KEY_UNKNOWN in codes(unknown, Severity.UNKNOWN)


def test_a_paste_that_changed_the_body_does_not_spoil_what_the_receiver_found():
    source = read_source((GMAIL + "\nHi.\n").encode())
    verdict = judge(source, checked=(Checked(Check.BODY_ALTERED), Checked(Check.VALID)))
    assert verdict.status is Status.WELL
    finding = next(each for each in verdict.findings if each.code is Code.BODY_ALTERED)
    assert finding.severity is Severity.UNKNOWN
    assert "paste" in finding.advice


def test_with_the_headers_alone_dkim_is_read_and_not_verified():
    altered = (Checked(Check.BODY_ALTERED), Checked(Check.BODY_ALTERED))
    verdict = judge(read_source(GMAIL.encode()), checked=altered)
    assert verdict.status is Status.WELL
    assert Code.HEADERS_ONLY in codes(verdict, Severity.OK)
    assert not {Code.BODY_ALTERED, Code.DKIM_VERIFIED} & codes(verdict)


def test_strict_alignment_is_known_once_dns_was_asked():
    source = read_source(GMAIL.encode())
    asked = dmarc_questions(source)
    assert ("_dmarc.example.com", "TXT") in asked
    assert ("_dmarc.mail.example.com", "TXT") in asked
    answers = [
        Answer(name, kind, Outcome.FOUND, ("v=DMARC1; p=reject; aspf=s",))
        if name == "_dmarc.example.com"
        else Answer(name, kind, Outcome.NO_SUCH_NAME)
        for name, kind in asked
    ]
    verdict = judge(source, tree=read_tree(answers))
    assert verdict.strict
    assert verdict.mechanism(Method.SPF).aligned is Aligned.NO
    assert verdict.mechanism(Method.DKIM).aligned is Aligned.YES
    assert not judge(source).strict


def test_one_click_unsubscribe_is_right_and_signed():
    pair = (
        "List-Unsubscribe: <https://example.com/u?t=1>, <mailto:u@example.com>\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
    )
    assert Code.ONE_CLICK in codes(judged(GMAIL + pair), Severity.OK)
    unsigned = GMAIL.replace(":List-Unsubscribe:List-Unsubscribe-Post", "") + pair
    assert Code.ONE_CLICK_UNSIGNED in codes(judged(unsigned), Severity.WARNING)
    wrong = GMAIL + pair.replace("=One-Click", "=one-click")
    assert Code.ONE_CLICK_WRONG in codes(judged(wrong), Severity.WARNING)
    assert Code.NO_ONE_CLICK in codes(judged(GMAIL), Severity.OK)


def test_mail_that_did_not_come_through_ses():
    other = (
        GMAIL.replace("amazonses", "mailer").replace("X-SES", "X-Other").replace("Feedback", "X")
    )
    assert Code.NOT_SES in codes(judged(other), Severity.WARNING)


def test_the_worst_comes_first():
    order = [Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.OK]
    found = [order.index(f.severity) for f in judged(without_own(GMAIL)).findings]
    assert found == sorted(found)
    assert len(set(found)) > 1


def test_hostile_text_is_made_printable():
    text = GMAIL.replace("example.com", "exa\x1b]0;x\x07mple.com").replace("mx.google", "\x9bmx")
    verdict = judged(text)
    assert repr(verdict).isprintable()
    assert "\x1b" not in "".join(f.text + f.advice for f in verdict.findings)


@pytest.mark.parametrize(
    "text",
    [
        "From: " + "a@" * 9000,
        "From: " + '"<(' * 9000,
        "From: a@b.example\nFeedback-ID: " + "1.eu-west-1." * 5000,
        "Authentication-Results: " + "(" * 50_000,
        "Authentication-Results: x;" + "= " * 50_000,
        "Received: " + "from " * 9000 + "(" * 9000,
        "Subject: " + "=?utf-8?b?" * 5000,
        "Date: " + "1:" * 9000,
        "From: a\n" * 100_000,
        "".join(f"DKIM-Signature: d=a{n}.b;\n" for n in range(5000)),
    ],
    ids=lambda text: text[:20],
)
def test_a_mail_that_means_harm_gets_a_verdict(text):
    source = read_source(text.encode())
    assert judge(source).status is not Status.WELL
    assert len(dmarc_questions(source)) < 20


PIECES = st.sampled_from(
    [
        *GMAIL.splitlines(keepends=True),
        *OUTLOOK.splitlines(keepends=True),
        "Authentication-Results: a; dkim=pass (((((",
        'spf="pa\\',
        'From: @, <>, "<a@b" (c',
        "Received: ;;; Mon, 99 Foo 99999 99:99:99 +9999999999\n",
        "Date: Mon, 1 Jan 0001 00:00:00 +2359\n",
        "DKIM-Signature: d=..;s= ;h=::;b\n",
        "Subject: =?utf-8?b?////?= =?x?q?\n",
        "\r",
        "\n\n",
        "=",
        ";",
    ]
)


@given(st.lists(PIECES | st.text(max_size=30), max_size=40).map("".join))
def test_any_text_gets_a_verdict_or_a_reason(text):
    content = text.encode("utf-8", "surrogatepass")
    try:
        source = read_source(content)
    except NoMail:
        return
    asked = dmarc_questions(source)
    tree = read_tree(Answer(name, kind, Outcome.TIMED_OUT) for name, kind in asked)
    for verdict in (judge(source), judge(source, tree=tree)):
        texts = [text for f in verdict.findings for text in (f.text, f.advice)]
        texts += [mechanism.why for mechanism in verdict.mechanisms]
        texts += [verdict.sender, verdict.subject, verdict.envelope_from, verdict.judged_by]
        assert all(text.isprintable() for text in texts)


@given(st.binary(max_size=300))
def test_any_bytes_get_a_verdict_or_a_reason(content):
    for given_ in (content, b"From: a@example.com\n" + content, b"Received: " + content):
        try:
            verdict = judge(read_source(given_))
        except NoMail:
            assert not given_.startswith(b"From: a@example.com\n")
            continue
        # Random bytes say nothing good of themselves.
        assert verdict.status is not Status.WELL
        assert verdict.judged_by == ""
        assert verdict.sender.isprintable()
