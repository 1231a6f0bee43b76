"""All that can be at one name, the reports that go elsewhere, and what is proposed."""

import pytest

from sestui.domain.dmarc import (
    Action,
    Code,
    Consent,
    State,
    consent,
    destinations,
    discover,
    parse,
    propose,
    read_name,
    report_findings,
    report_questions,
    worst,
)
from sestui.domain.dns import Outcome
from sestui.domain.severity import Severity
from tests.domain.dmarc.zone import tree, txt

NAME = "_dmarc.example.com"
GOOD = "v=DMARC1; p=quarantine; rua=mailto:d@example.com"
GODADDY = "v=DMARC1; p=quarantine; adkim=r; aspf=r; rua=mailto:dmarc_rua@onsecureserver.net;"


def there(texts, root=None, **more):
    return read_name(
        "example.com",
        txt(NAME, texts, **more),
        root=None if root is None else txt("example.com", root),
    )


def found_codes(published):
    return [finding.code for finding in published.findings]


def test_one_record_among_others_counts():
    published = there(("hello", GOOD, "v=dmarc1; p=none"))
    assert published.state is State.RECORD
    assert published.record.text == GOOD
    assert (published.others, [r.text for r in published.broken]) == (
        ("hello",),
        ["v=dmarc1; p=none"],
    )
    assert found_codes(published) == [Code.OTHER_TEXTS]
    assert worst(published.findings) is Severity.OK


def test_several_records_are_none():
    published = there((GOOD, "v=DMARC1; p=none"))
    assert (published.state, published.record) == (State.SEVERAL, None)
    assert found_codes(published)[0] == Code.SEVERAL_RECORDS
    assert worst(published.findings) is Severity.ERROR


@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.BROKEN])
def test_no_answer_is_unknown(outcome):
    published = there(outcome, detail="SERVFAIL")
    assert published.state is State.UNKNOWN
    assert found_codes(published) == [Code.UNKNOWN]
    assert worst(published.findings) is Severity.UNKNOWN


@pytest.mark.parametrize("outcome", [Outcome.NO_SUCH_NAME, Outcome.NO_SUCH_TYPE, "x"])
def test_no_record(outcome):
    published = there(outcome)
    assert published.state is State.NONE
    assert Code.NO_RECORD in found_codes(published)


def test_a_copy_at_the_root():
    published = there(Outcome.NO_SUCH_NAME, root=("v=spf1 -all", GOOD))
    assert found_codes(published) == [Code.NO_RECORD, Code.AT_ROOT]
    assert worst(published.findings) is Severity.ERROR
    proposal = propose(published, discover("example.com", tree({}, "example.com")))
    assert (proposal.action, proposal.value) == (Action.ADD, GOOD)
    published = there(GOOD, root=GOOD)
    assert found_codes(published) == [Code.AT_ROOT]
    assert worst(published.findings) is Severity.OK


def test_an_alias():
    published = there(GOOD, chain=("example.com._dmarc.vendor.example",))
    assert found_codes(published) == [Code.ALIAS]
    assert "vendor.example" in published.findings[0].text
    published = there(Outcome.NO_SUCH_NAME, chain=("gone.vendor.example",))
    assert found_codes(published) == [Code.NO_RECORD, Code.ALIAS_BROKEN]
    published = there(Outcome.BROKEN, chain=("gone.vendor.example",))
    assert found_codes(published) == [Code.UNKNOWN, Code.ALIAS_BROKEN]
    assert worst(published.findings) is Severity.UNKNOWN


def proposed(zone, domain="example.com"):
    answers = tree(zone, domain)
    return propose(answers[domain], discover(domain, answers))


@pytest.mark.parametrize(
    ("zone", "action", "value"),
    [
        ({}, Action.ADD, "v=DMARC1; p=none;"),
        ({"example.com": "unrelated"}, Action.ADD, "v=DMARC1; p=none;"),
        ({"example.com": GOOD}, Action.KEEP, ""),
        ({"example.com": GODADDY}, Action.KEEP, ""),
        ({"example.com": "v=DMARC1; p=reject; aspf=s"}, Action.KEEP, ""),
        # It works as it is; that it could be tidier is no reason to touch it.
        ({"example.com": "v=DMARC1; aspf=r; p=reject"}, Action.KEEP, ""),
        ({"example.com": "v=dmarc1; p=reject"}, Action.REPLACE, "v=DMARC1; p=reject"),
        (
            {"example.com": "v=DMARC1; p=none; rua=a@example.com"},
            Action.REPLACE,
            "v=DMARC1; p=none; rua=mailto:a@example.com",
        ),
        ({"example.com": "v=DMARC1; p=monitor"}, Action.CHOOSE, ""),
        ({"example.com": "v=DMARC1; p=none; p=reject"}, Action.CHOOSE, ""),
        ({"example.com": "v=dmarc1; p=monitor"}, Action.CHOOSE, ""),
        ({"example.com": ("v=DMARC1; p=none", "v=DMARC1; p=reject")}, Action.CHOOSE, ""),
        ({"example.com": (GODADDY, GOOD)}, Action.KEEP_ONE, GOOD),
        ({"example.com": ("v=DMARC1", "v=DMARC1; adkim=r")}, Action.CHOOSE, ""),
        ({"example.com": Outcome.TIMED_OUT}, Action.WAIT, ""),
        ({"com": Outcome.BROKEN}, Action.WAIT, ""),
    ],
)
def test_what_to_do(zone, action, value):
    proposal = proposed(zone)
    assert (proposal.action, proposal.name, proposal.value) == (action, NAME, value)
    assert proposal.text


def test_the_record_above_is_enough():
    # One of its own, p=none, would take the place of the stricter one.
    proposal = proposed({"example.com": "v=DMARC1; p=reject"}, "mail.example.com")
    assert (proposal.action, proposal.value) == (Action.KEEP, "")
    proposal = proposed({"example.com": "v=DMARC1"}, "mail.example.com")
    assert proposal.action is Action.ADD


def test_reports_to_others_need_their_consent():
    # B.2.3 and RFC 9990 section 4.
    record = parse(
        "v=DMARC1; p=none; rua=mailto:d@example.com,mailto:x@mail.example.com,https://a.example/; "
        "ruf=mailto:auth-reports@thirdparty.example.net"
    )
    (place,) = destinations(record, "Example.com")
    assert place.name == "example.com._report._dmarc.thirdparty.example.net"
    assert report_questions([place]) == ((place.name, "TXT"),)


@pytest.mark.parametrize(
    ("texts", "state", "code"),
    [
        ("v=DMARC1", Consent.GIVEN, None),
        ("v=DMARC1;", Consent.GIVEN, None),
        (("x", "v=DMARC1; rua=mailto:new@red.example.net"), Consent.GIVEN, None),
        ("v=DMARC1; rua=mailto:new@blue.example.org", Consent.MOVED_AWAY, Code.REPORTS_MOVED_AWAY),
        ("v=dmarc1", Consent.REFUSED, Code.REPORTS_REFUSED),
        (Outcome.NO_SUCH_NAME, Consent.REFUSED, Code.REPORTS_REFUSED),
        (Outcome.NO_SUCH_TYPE, Consent.REFUSED, Code.REPORTS_REFUSED),
        (Outcome.TIMED_OUT, Consent.UNKNOWN, Code.REPORTS_UNKNOWN),
        (Outcome.BROKEN, Consent.UNKNOWN, Code.REPORTS_UNKNOWN),
    ],
)
def test_consent(texts, state, code):
    record = parse("v=DMARC1; p=none; rua=mailto:reports@red.example.net")
    places = destinations(record, "blue.example.com")
    answer = txt("blue.example.com._report._dmarc.red.example.net", texts)
    assert consent(places[0], answer) is state
    assert [f.code for f in report_findings(places, [answer])] == ([code] if code else [])


def test_consent_that_was_not_asked_for_is_unknown():
    record = parse("v=DMARC1; p=none; rua=mailto:reports@red.example.net")
    places = destinations(record, "example.com")
    assert [f.code for f in report_findings(places, [])] == [Code.REPORTS_UNKNOWN]
    # A name too long for DNS can hold no consent.
    places = destinations(record, ".".join(["a" * 60] * 4) + ".com")
    assert report_questions(places) == ()
    assert [f.code for f in report_findings(places, [])] == [Code.REPORTS_REFUSED]
