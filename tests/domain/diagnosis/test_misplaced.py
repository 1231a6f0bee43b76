"""Which names are looked at for a record that is missing."""

from __future__ import annotations

import pytest

from sestui.domain.diagnosis import Verdict
from sestui.domain.diagnosis.misplaced import probes
from sestui.domain.records import Purpose, RequiredRecord

V = Verdict
DKIM, MAIL_FROM, DMARC = Purpose.DKIM, Purpose.MAIL_FROM, Purpose.DMARC


def names(purpose: Purpose, kind: str, name: str, domain: str, apex: str) -> dict[str, Verdict]:
    record = RequiredRecord(purpose, kind, name, "x")
    return {probe.name: probe.verdict for probe in probes(record, domain, apex)}


def test_a_dkim_record_of_a_domain_that_is_a_zone():
    found = names(DKIM, "CNAME", "t._domainkey.a.com", "a.com", "a.com")
    assert found == {
        "t._domainkey.a.com.a.com": V.NAME_DOUBLED,
        "t._domainkey.a.com.a.com.a.com": V.NAME_DOUBLED,
        "t_domainkey.a.com": V.NAME_MISSING_DOT,
        "t.domainkey.a.com": V.NAME_MISSPELT,
        "t._domainkeys.a.com": V.NAME_MISSPELT,
        "t.domainkeys.a.com": V.NAME_MISSPELT,
        "t._dkim.a.com": V.NAME_MISSPELT,
        "_t._domainkey.a.com": V.NAME_MISSPELT,
        "t.a.com": V.NAME_MISSPELT,
        "_domainkey.a.com": V.NAME_MISSPELT,
    }


def test_a_dkim_record_of_a_subdomain():
    found = names(DKIM, "CNAME", "t._domainkey.x.y.a.com", "x.y.a.com", "a.com")
    doubled = {name for name, verdict in found.items() if verdict is V.NAME_DOUBLED}
    assert doubled == {
        "t._domainkey.x.y.a.com.a.com",
        "t._domainkey.x.y.a.com.x.y.a.com",
        "t._domainkey.x.y.a.com.x.y.a.com.a.com",
    }
    left_out = {name for name, verdict in found.items() if verdict is V.NAME_MISSING_SUBDOMAIN}
    assert left_out == {"t._domainkey.y.a.com", "t._domainkey.a.com"}
    dot = {name for name, verdict in found.items() if verdict is V.NAME_MISSING_DOT}
    assert dot == {"t_domainkey.x.y.a.com", "t_domainkey.a.com"}


def test_the_mx_may_have_ended_up_at_the_domain_itself():
    found = names(MAIL_FROM, "MX", "mail.a.com", "a.com", "a.com")
    assert found["a.com"] is V.NAME_MISSING_SUBDOMAIN
    assert "a.com" not in names(MAIL_FROM, "TXT", "mail.a.com", "a.com", "a.com")


def test_a_dmarc_record_further_up_is_another_one():
    found = names(DMARC, "TXT", "_dmarc.x.a.com", "x.a.com", "a.com")
    assert "_dmarc.a.com" not in found
    assert found["x.a.com"] is V.NAME_MISSPELT


@pytest.mark.parametrize("length", [60, 63])
def test_names_that_do_not_fit_into_dns_are_not_asked_for(length: int):
    """With the domain a second time they would be longer than 253 characters."""
    domain = ".".join(["x" * length] * 3) + ".com"
    found = names(DKIM, "CNAME", f"t._domainkey.{domain}", domain, domain)
    assert V.NAME_DOUBLED not in found.values()
    assert V.NAME_MISSPELT in found.values()
    assert max(map(len, found)) <= 253


@pytest.mark.parametrize(
    ("purpose", "kind", "name", "least"),
    [
        (DKIM, "CNAME", "t._domainkey.x.a.com", 10),
        (MAIL_FROM, "MX", "mail.x.a.com", 3),
        (DMARC, "TXT", "_dmarc.x.a.com", 3),
    ],
)
def test_nothing_outside_the_zone_is_asked_for(purpose: Purpose, kind: str, name: str, least: int):
    found = names(purpose, kind, name, "x.a.com", "a.com")
    assert len(found) >= least
    assert [each for each in found if not each.endswith(".a.com")] == []
