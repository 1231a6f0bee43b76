"""From an answer to a verdict: what could not be found out is never called missing, or well."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.diagnosis import (
    RecordCheck,
    Severity,
    Verdict,
    diagnose,
    keep_since,
)
from sestui.domain.dns import Answer, Outcome
from sestui.domain.records import OWN_KEY_VALUE, Purpose, RequiredRecord

CNAME = RequiredRecord(
    Purpose.DKIM, "CNAME", "aaa._domainkey.example.com", "aaa.dkim.amazonses.com"
)
KEY = RequiredRecord(Purpose.DKIM, "TXT", "sel._domainkey.example.com", OWN_KEY_VALUE)
MX = RequiredRecord(
    Purpose.MAIL_FROM, "MX", "mail.example.com", "10 feedback-smtp.us-east-1.amazonses.com"
)
SPF = RequiredRecord(
    Purpose.MAIL_FROM, "TXT", "mail.example.com", "v=spf1 include:amazonses.com ~all"
)
DMARC = RequiredRecord(Purpose.DMARC, "TXT", "_dmarc.example.com", "v=DMARC1; p=none;")
# RSA, 1024 bits.
GOOD_KEY = (
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC75sG1OA7iEDzxP7oi8404fmjxPguJUzhkU5R6Kncj3QZn+lh/"
    "JEA3mLvkpKbEuHWvQV6SCbkUo/zrx88AWQdU16+vl6SI6G2ct/jjbiYNDntM4uHBDMR09oRj/CxceNpH7wMPHwToPg"
    "DHEtxsyK0pongMtig6/zGWT1KqtXL0qwIDAQAB"
)
RECORDS = [CNAME, KEY, MX, SPF, DMARC]


def judged(record: RequiredRecord, *values: str) -> RecordCheck:
    return diagnose(record, Answer(record.name, record.type, Outcome.FOUND, values))


@pytest.mark.parametrize(
    ("record", "values"),
    [
        (CNAME, ["aaa.dkim.amazonses.com"]),
        (CNAME, ["AAA.dkim.AmazonSES.com."]),
        (MX, ["10 feedback-smtp.us-east-1.amazonses.com"]),
        (MX, ["0 Feedback-SMTP.us-east-1.amazonses.com."]),
        (SPF, ["v=spf1 include:amazonses.com ~all"]),
        (SPF, ["V=SPF1 ip4:192.0.2.1 +Include:AmazonSES.com -all"]),
        (SPF, ["verification=123", "v=spf1 include:amazonses.com"]),
        (DMARC, ["v=DMARC1; p=none;"]),
        (DMARC, ["v=DMARC1;p=reject;adkim=s"]),
        (DMARC, ["v = DMARC1 ; P = Quarantine"]),
        (DMARC, ["v=DMARC1; rua=mailto:d@example.com"]),
        (DMARC, ["unrelated", "v=DMARC1; p=none"]),
        (MX, ["10 feedback-smtp.eu-west-1.amazonses.com"]),
        (KEY, [GOOD_KEY]),
        (KEY, [f"v=DKIM1; k=rsa; {GOOD_KEY}"]),
    ],
)
def test_a_record_that_does_what_it_is_for_is_well(record, values):
    check = judged(record, *values)
    assert (check.verdict, check.severity, check.cause) == (Verdict.OK, Severity.OK, "")
    assert check.found == tuple(values)


@pytest.mark.parametrize(
    ("record", "values", "verdict", "cause"),
    [
        (CNAME, ["x.example.net"], Verdict.DIFFERENT, "It points to x.example.net."),
        (CNAME, ["aaa._domainkey.example.com"], Verdict.DIFFERENT, "A name stands where"),
        (CNAME, ["http://aaa.dkim.amazonses.com"], Verdict.DIFFERENT, "http://"),
        (CNAME, ["bbb.dkim.amazonses.com"], Verdict.VALUE_WRONG_TOKEN, "another token, bbb"),
        (CNAME, ["aaa.dkim.eu-south-1.amazonses.com"], Verdict.VALUE_WRONG_SUFFIX, "it must be"),
        (CNAME, ["aaa.dkim.amazonses.com", "b.c"], Verdict.EXTRA_VALUES, "here there are 2"),
        (MX, ["10 mx.example.com"], Verdict.DIFFERENT, "elsewhere"),
        (MX, ["10"], Verdict.DIFFERENT, "elsewhere"),
        (MX, ["10 feedback-smtp.us-east-1.amazonaws.com"], Verdict.VALUE_WRONG_SUFFIX, "amazonses"),
        (MX, ["10 inbound-smtp.us-east-1.amazonaws.com"], Verdict.DIFFERENT, "bounces go to"),
        (MX, [MX.value, "20 mx.example.com"], Verdict.EXTRA_VALUES, "there are 2"),
        (SPF, ["v=spf1 -all"], Verdict.DIFFERENT, "amazonses.com"),
        (SPF, ["v=spf1 include: amazonses.com ~all"], Verdict.DIFFERENT, "space"),
        (SPF, ["v=spf1 ?include:amazonses.com ~all"], Verdict.DIFFERENT, "sign before include"),
        (SPF, ["v=spf1 ~all include:amazonses.com"], Verdict.DIFFERENT, "all"),
        (SPF, [SPF.value, "v=spf1 -all"], Verdict.DUPLICATE_RECORD, "There are 2 SPF records"),
        (DMARC, ["v=DMARC1; p=none"] * 2, Verdict.DUPLICATE_RECORD, "There are 2 DMARC records"),
        (DMARC, ["v=DMARC1"], Verdict.DIFFERENT, "no valid policy"),
        (DMARC, ["v=DMARC1; p=nope; sp=none"], Verdict.DIFFERENT, "no valid policy"),
        (DMARC, ["v=dmarc1; p=none"], Verdict.DIFFERENT, "DMARC1"),
        (DMARC, ["p=none; v=DMARC1"], Verdict.DIFFERENT, "first"),
        (KEY, ["p="], Verdict.DIFFERENT, "revoked"),
        (KEY, ["v=DKIM1; k=rsa; sp=MIIB"], Verdict.DIFFERENT, "no public key"),
        (KEY, ["p=MIIBIjANBg=="], Verdict.DIFFERENT, "cut off"),
        (KEY, [OWN_KEY_VALUE], Verdict.DIFFERENT, "placeholder"),
        (KEY, [GOOD_KEY, "p="], Verdict.DUPLICATE_RECORD, "Keep one"),
    ],
)
def test_a_record_that_is_there_but_wrong_says_how(record, values, verdict, cause):
    check = judged(record, *values)
    assert (check.verdict, cause in check.cause) == (verdict, True), check.cause


@pytest.mark.parametrize(
    ("record", "values", "start"),
    [
        (SPF, ["verification=123"], "v=spf1"),
        (SPF, [""], "v=spf1"),
        (DMARC, ["v=spf1 -all"], "v=DMARC1"),
    ],
)
def test_other_texts_at_the_name_are_not_the_record(record, values, start):
    check = judged(record, *values)
    assert check.verdict is Verdict.MISSING
    assert start in check.cause


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.BROKEN])
def test_no_answer_is_no_verdict(record, outcome):
    check = diagnose(record, Answer(record.name, record.type, outcome))
    wanted = Verdict.BROKEN if outcome is Outcome.BROKEN else Verdict.TIMED_OUT
    assert (check.verdict, check.severity) == (wanted, Severity.UNKNOWN)
    assert check.fix is None
    assert "he name server" in check.cause
    assert "()" not in check.cause
    server = Answer(record.name, record.type, outcome, server="192.0.2.53", detail="SERVFAIL")
    assert "192.0.2.53" in diagnose(record, server).cause


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
def test_a_no_from_the_server_is_missing(record):
    for outcome, cause in (
        (Outcome.NO_SUCH_NAME, "no such name"),
        (Outcome.NO_SUCH_TYPE, f"no {record.type} record"),
    ):
        check = diagnose(record, Answer(record.name, record.type, outcome))
        assert check.verdict is Verdict.MISSING
        assert cause in check.cause


def test_mail_can_be_sent_without_dmarc_so_its_lack_is_a_warning():
    for record in RECORDS:
        check = diagnose(record, Answer(record.name, record.type, Outcome.NO_SUCH_NAME))
        wanted = Severity.WARNING if record is DMARC else Severity.ERROR
        assert check.severity is wanted


values = st.lists(
    st.text(max_size=40)
    | st.text("v=spf1DMARC; pinclude:amazonses.com~-all10", max_size=60)
    | st.sampled_from([record.value for record in RECORDS]),
    min_size=1,
    max_size=3,
)


@given(st.sampled_from(RECORDS), values)
def test_whatever_is_found_there_is_a_verdict_with_a_cause(record, found):
    check = judged(record, *found)
    assert not check.verdict.unknown
    assert (check.verdict is Verdict.OK) == (check.cause == "")
    if found == [record.value] and not record.placeholder:
        assert check.verdict is Verdict.OK


def test_since_is_when_the_verdict_was_first_seen():
    start = datetime(2026, 10, 1, tzinfo=UTC)
    later = start + timedelta(minutes=5)
    missing = diagnose(CNAME, Answer(CNAME.name, "CNAME", Outcome.NO_SUCH_NAME))
    first = keep_since(missing, None, start)
    assert first.since == start
    assert keep_since(missing, first, later).since == start
    assert keep_since(judged(CNAME, CNAME.value), first, later).since == later
    assert keep_since(missing, missing, later).since == later


def test_an_answer_is_certain_when_the_server_said_yes_or_no():
    certain = {o for o in Outcome if Answer("a", "TXT", o).certain}
    assert certain == {Outcome.FOUND, Outcome.NO_SUCH_NAME, Outcome.NO_SUCH_TYPE}
    assert Answer("a.example.com", "TXT", Outcome.FOUND).question == "a.example.com TXT"


def test_every_verdict_has_a_word_of_its_own():
    known = [verdict for verdict in Verdict if not verdict.unknown]
    assert len({verdict.word for verdict in known}) == len(known)
    assert {verdict.word for verdict in Verdict if verdict.unknown} == {"could not find out"}
    assert max(len(verdict.word) for verdict in Verdict) <= 20  # columns of a table
