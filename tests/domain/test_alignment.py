"""Whether mail will pass DMARC, before it is sent: relaxed and strict, by both RFCs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.alignment import AlignmentCode, Mail, Result, simulate
from sestui.domain.dns import Answer, Outcome
from sestui.domain.severity import Severity
from tests.domain.dmarc.zone import tree

NONE, REJECT = "v=DMARC1; p=none", "v=DMARC1; p=reject"


def simulated(zone, author="example.com", dkim="example.com", mail_from="mail.example.com"):
    mail = Mail(author, dkim, mail_from)
    names = [name for name, _type in mail.questions]
    assert len(names) == len(set(names))
    return simulate(mail, tree(zone, author, dkim, mail_from))


def table(verdict):
    """DKIM and SPF: yes, no or unknown."""
    return tuple(str(row.aligned) for row in verdict.rows)


@pytest.mark.parametrize(
    ("zone", "mail", "bis", "old"),
    [
        # RFC 9989 B.3.1 and table 1 in section 4.4.
        ({"example.com": REJECT}, {}, ("pass", "yes", "yes"), ("pass", "yes", "yes")),
        (
            {"example.com": REJECT},
            {"author": "news.example.com", "mail_from": "foo.example.com"},
            ("pass", "yes", "yes"),
            ("pass", "yes", "yes"),
        ),
        (
            {"example.com": REJECT},
            {
                "author": "news.example.com",
                "dkim": "foo.example.net",
                "mail_from": "foo.example.net",
            },
            ("fail", "no", "no"),
            ("fail", "no", "no"),
        ),
        # The default MAIL FROM never aligns.
        ({"example.com": REJECT}, {"mail_from": ""}, ("pass", "yes", "no"), ("pass", "yes", "no")),
        # aspf=s breaks every custom MAIL FROM domain; adkim=s wants the very domain.
        (
            {"example.com": REJECT + "; aspf=s"},
            {},
            ("pass", "yes", "no"),
            ("pass", "yes", "no"),
        ),
        (
            {"example.com": REJECT + "; adkim=s; aspf=s"},
            {"author": "shop.example.com"},
            ("fail", "no", "no"),
            ("fail", "no", "no"),
        ),
        # A record at the subdomain only: two organizations, by RFC 9989 (facts/dns.md 1.2).
        (
            {"mail.example.com": REJECT},
            {"author": "mail.example.com", "mail_from": ""},
            ("fail", "no", "no"),
            ("pass", "yes", "no"),
        ),
        (
            {"mail.example.com": REJECT, "example.com": NONE},
            {"author": "mail.example.com", "mail_from": ""},
            ("pass", "yes", "no"),
            ("pass", "yes", "no"),
        ),
        # psd=n at the MAIL FROM domain makes it another organization.
        (
            {"example.com": REJECT, "mail.example.com": NONE + "; psd=n"},
            {},
            ("pass", "yes", "no"),
            ("pass", "yes", "yes"),
        ),
        # Registrants below one public suffix are strangers.
        (
            {"giant.co.uk": REJECT, "co.uk": NONE + "; psd=y"},
            {"author": "giant.co.uk", "dkim": "mega.co.uk", "mail_from": "mail.giant.co.uk"},
            ("pass", "no", "yes"),
            ("pass", "no", "yes"),
        ),
        # Without any record nothing is judged; the rows tell how it will be with one.
        ({}, {}, ("no policy", "yes", "yes"), ("no policy", "yes", "yes")),
        # Several records: RFC 7489 ends its search there.
        (
            {"shop.example.com": (NONE, REJECT), "example.com": REJECT},
            {"author": "shop.example.com"},
            ("pass", "yes", "yes"),
            ("no policy", "yes", "yes"),
        ),
        # No answer is neither yes nor no.
        (
            {"example.com": Outcome.TIMED_OUT},
            {},
            ("unknown", "yes", "unknown"),
            ("unknown", "yes", "yes"),
        ),
        (
            {"example.com": REJECT, "mail.example.com": Outcome.BROKEN},
            {"dkim": ""},
            ("unknown", "no", "unknown"),
            ("pass", "no", "yes"),
        ),
        (
            {"example.com": REJECT, "com": Outcome.TIMED_OUT},
            {"mail_from": ""},
            ("pass", "yes", "no"),
            ("pass", "yes", "no"),
        ),
    ],
)
def test_the_table(zone, mail, bis, old):
    simulation = simulated(zone, **mail)
    assert [(v.result, *table(v)) for v in simulation.verdicts] == [bis, old]
    for verdict in simulation.verdicts:
        assert verdict.result.word
        for row in verdict.rows:
            assert row.why
            assert row.aligned.word
            assert row.mode in ("relaxed", "strict")


ADVICE = {
    AlignmentCode.ASPF_STRICT: ({"example.com": REJECT + "; aspf=s"}, {}),
    AlignmentCode.ADKIM_STRICT: (
        {"example.com": REJECT + "; adkim=s"},
        {"author": "shop.example.com"},
    ),
    AlignmentCode.DEFAULT_MAIL_FROM: ({"example.com": NONE}, {"mail_from": ""}),
    AlignmentCode.FOREIGN_MAIL_FROM: ({"example.com": NONE}, {"mail_from": "mail.example.net"}),
    AlignmentCode.FOREIGN_DKIM: ({"example.com": NONE}, {"dkim": "example.net"}),
    AlignmentCode.NO_DKIM: ({"example.com": NONE}, {"dkim": ""}),
    AlignmentCode.OWN_ORGANIZATION: ({"a.example.com": REJECT}, {"author": "a.example.com"}),
    AlignmentCode.PSD_DIVIDES: (
        {"example.com": NONE, "mail.example.com": NONE + "; psd=n"},
        {},
    ),
    AlignmentCode.ONE_LEG: ({"example.com": REJECT}, {"mail_from": ""}),
    AlignmentCode.NOTHING_ALIGNED: ({"example.com": REJECT}, {"dkim": "", "mail_from": ""}),
    AlignmentCode.RFCS_DIFFER: ({"a.example.com": REJECT}, {"author": "a.example.com"}),
    AlignmentCode.NO_POLICY: ({}, {}),
    AlignmentCode.UNKNOWN: ({"example.com": Outcome.TIMED_OUT}, {}),
}


@pytest.mark.parametrize("code", list(AlignmentCode))
def test_each_advice_has_an_example(code):
    zone, mail = ADVICE[code]
    found = {finding.code: finding for finding in simulated(zone, **mail).advice}
    assert code in found
    assert "{" not in found[code].text


def test_all_well_needs_no_advice():
    assert simulated({"example.com": REJECT}).advice == ()


def test_the_advice_names_the_record_to_publish():
    simulation = simulated({"a.example.com": REJECT}, author="a.example.com", mail_from="")
    advice = {finding.code: finding.text for finding in simulation.advice}
    assert "_dmarc.example.com" in advice[AlignmentCode.OWN_ORGANIZATION]
    assert "refuse it" in advice[AlignmentCode.NOTHING_ALIGNED]
    # For a stranger's domain no record helps.
    simulation = simulated(
        {"giant.co.uk": REJECT}, author="giant.co.uk", dkim="mega.co.uk", mail_from=""
    )
    assert AlignmentCode.OWN_ORGANIZATION not in {finding.code for finding in simulation.advice}


def test_a_weak_policy_is_a_weak_warning():
    worst = {
        policy: next(
            finding.severity
            for finding in simulated({"example.com": policy}, dkim="", mail_from="").advice
            if finding.code is AlignmentCode.NOTHING_ALIGNED
        )
        for policy in (NONE, REJECT)
    }
    assert worst == {NONE: Severity.WARNING, REJECT: Severity.ERROR}


def test_a_from_domain_that_does_not_exist():
    zone = tree({"example.com": REJECT + "; sp=none; np=reject"}, "new.example.com", "example.com")
    mail = Mail("new.example.com", "example.com")
    gone = Answer("new.example.com", "MX", Outcome.NO_SUCH_NAME)
    assert simulate(mail, zone, existence=gone).bis.policy == "reject"
    assert simulate(mail, zone).bis.policy == "none"


ZONES = st.dictionaries(
    st.sampled_from(["com", "example.com", "mail.example.com", "a.mail.example.com"]),
    st.sampled_from([NONE, REJECT, NONE + "; psd=n", REJECT + "; psd=y; aspf=s", *list(Outcome)]),
)
DOMAINS = st.sampled_from(["example.com", "mail.example.com", "a.mail.example.com", "example.net"])


@given(ZONES, DOMAINS, DOMAINS | st.just(""), DOMAINS | st.just(""))
def test_the_verdict_follows_from_the_rows(zone, author, dkim, mail_from):
    for verdict in simulated(zone, author, dkim, mail_from).verdicts:
        states = table(verdict)
        match verdict.result:
            case Result.PASS:
                assert "yes" in states
            case Result.FAIL:
                assert set(states) == {"no"}
        if Outcome.TIMED_OUT in zone.values() or Outcome.BROKEN in zone.values():
            continue
        assert verdict.result is not Result.UNKNOWN
        assert "unknown" not in states
