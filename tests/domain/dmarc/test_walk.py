"""The tree walk of RFC 9989 by the RFC's own examples, and where RFC 7489 differs.

The sections are those of draft-ietf-dmarc-dmarcbis-41, which became RFC 9989.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.dmarc import (
    Code,
    Found,
    Rfc,
    discover,
    estimated_org,
    organization,
    position_findings,
    questions,
    read_tree,
    walk,
    with_record,
)
from sestui.domain.dns import Answer, Outcome
from tests.domain.dmarc.zone import tree, txt

DEEP = "a.b.c.d.e.f.g.h.i.j.k.example.com"  # B.4.2


@pytest.mark.parametrize(
    ("domain", "above"),
    [
        ("com", []),
        ("example.com", ["com"]),
        ("Example.COM.", ["com"]),
        ("a.mail.example.com", ["mail.example.com", "example.com", "com"]),
        # Section 4.10: eight queries at most, however long the name.
        (
            "a.b.c.d.e.f.g.h.i.j.mail.example.com",
            [
                "g.h.i.j.mail.example.com",
                "h.i.j.mail.example.com",
                "i.j.mail.example.com",
                "j.mail.example.com",
                "mail.example.com",
                "example.com",
                "com",
            ],
        ),
        # Step 4: exactly eight labels lose one, nine lose two.
        (
            "a.b.c.d.e.f.example.com",
            [
                "b.c.d.e.f.example.com",
                "c.d.e.f.example.com",
                "d.e.f.example.com",
                "e.f.example.com",
                "f.example.com",
                "example.com",
                "com",
            ],
        ),
        (
            "x.a.b.c.d.e.f.example.com",
            [
                "b.c.d.e.f.example.com",
                "c.d.e.f.example.com",
                "d.e.f.example.com",
                "e.f.example.com",
                "f.example.com",
                "example.com",
                "com",
            ],
        ),
    ],
)
def test_the_names_on_the_way_up(domain, above):
    assert walk(domain) == (domain.lower().rstrip("."), *above)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40).map(".".join))
def test_never_more_than_eight(domain):
    names = walk(domain)
    assert len(names) <= 8
    assert names[0] == domain
    assert "." not in names[-1]
    assert all(domain.endswith(name) for name in names)


def test_each_name_is_asked_once_and_impossible_ones_never():
    long = "a" * 64 + ".example.com"
    assert questions("mail.example.com", "example.com", "", long) == (
        ("_dmarc.mail.example.com", "TXT"),
        ("_dmarc.example.com", "TXT"),
        ("_dmarc.com", "TXT"),
    )
    # It cannot exist, so it has no record: not unknown.
    zone = tree({"example.com": "v=DMARC1; p=reject"}, long)
    assert organization(long, zone) == "example.com"


@pytest.mark.parametrize(
    ("domain", "zone", "org"),
    [
        # Section 4.10.2, the three examples at its end.
        (
            "a.mail.example.com",
            {"mail.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=none"},
            "example.com",
        ),
        ("a.mail.example.com", {"mail.example.com": "v=DMARC1; p=none; psd=n"}, "mail.example.com"),
        ("a.mail.example.com", {"com": "v=DMARC1; p=none; psd=y"}, "example.com"),
        # ... and in rule 2.
        ("mail.example.com", {"example.com": "v=DMARC1; p=none; psd=y"}, "mail.example.com"),
        # B.4.1
        ("example.com", {"example.com": "v=DMARC1; p=none"}, "example.com"),
        (
            "signing.example.com",
            {"example.com": "v=DMARC1; p=none", "signing.example.com": "v=DMARC1; p=none"},
            "example.com",
        ),
        # B.4.2
        (DEEP, {"example.com": "v=DMARC1; p=none"}, "example.com"),
        # B.4.3
        (
            "giant.bank.example",
            {"giant.bank.example": "v=DMARC1; p=none", "bank.example": "v=DMARC1; p=none; psd=y"},
            "giant.bank.example",
        ),
        (
            "mail.giant.bank.example",
            {"giant.bank.example": "v=DMARC1; p=none", "bank.example": "v=DMARC1; p=none; psd=y"},
            "giant.bank.example",
        ),
        (
            "mail.mega.bank.example",
            {"giant.bank.example": "v=DMARC1; p=none", "bank.example": "v=DMARC1; p=none; psd=y"},
            "mega.bank.example",
        ),
        # Nothing found, or nothing above: the domain itself.
        ("mail.example.com", {}, "mail.example.com"),
        ("mail.example.com", {"mail.example.com": "v=DMARC1; p=none"}, "mail.example.com"),
        # Several records at one name are none (step 2), whatever psd says.
        (
            "a.b.example.com",
            {
                "b.example.com": ("v=DMARC1; p=none; psd=n", "v=DMARC1; p=none"),
                "example.com": "v=DMARC1; p=none",
            },
            "example.com",
        ),
        # A public suffix that sends mail itself: rule 2 does not count where the walk began.
        (
            "bank.example",
            {"bank.example": "v=DMARC1; p=none; psd=y", "example": "v=DMARC1; p=none"},
            "bank.example",
        ),
        # A record without a policy still marks the organization.
        ("mail.example.com", {"example.com": "v=DMARC1"}, "example.com"),
        ("mail.example.com", {"example.com": "v=dmarc1; p=none"}, "mail.example.com"),
    ],
)
def test_the_organizational_domain(domain, zone, org):
    assert organization(domain, tree(zone, domain)) == org


@pytest.mark.parametrize(
    ("domain", "zone", "at", "tag", "policy"),
    [
        # Section 4.10.1: the domain, else the organization, else the public suffix.
        (
            "mail.example.com",
            {"mail.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=reject"},
            "mail.example.com",
            "p",
            "none",
        ),
        ("mail.example.com", {"example.com": "v=DMARC1; p=reject"}, "example.com", "p", "reject"),
        (
            "mail.example.com",
            {"example.com": "v=DMARC1; p=reject; sp=none"},
            "example.com",
            "sp",
            "none",
        ),
        (
            "a.b.example.com",
            {"b.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=reject"},
            "example.com",
            "p",
            "reject",
        ),
        (
            "a.b.example.com",
            {"b.example.com": "v=DMARC1; p=reject; psd=n", "example.com": "v=DMARC1; p=none"},
            "b.example.com",
            "p",
            "reject",
        ),
        (
            "mail.giant.bank.example",
            {"bank.example": "v=DMARC1; p=reject; sp=quarantine; psd=y"},
            "bank.example",
            "sp",
            "quarantine",
        ),
        # The note at its end: the suffix has no say where the organization has spoken.
        (
            "foo.example",
            {"foo.example": "v=DMARC1; p=none", "example": "v=DMARC1; p=reject; psd=y"},
            "foo.example",
            "p",
            "none",
        ),
        # RFC 9989 discards several records and goes on.
        (
            "mail.example.com",
            {
                "mail.example.com": ("v=DMARC1; p=reject", "v=DMARC1; p=quarantine"),
                "example.com": "v=DMARC1; p=none; sp=quarantine",
            },
            "example.com",
            "sp",
            "quarantine",
        ),
        (DEEP, {"example.com": "v=DMARC1; p=quarantine"}, "example.com", "p", "quarantine"),
    ],
)
def test_the_record_that_applies(domain, zone, at, tag, policy):
    found = discover(domain, tree(zone, domain))
    assert (found.found, found.at, found.tag, found.policy) == (Found.RECORD, at, tag, policy)


def test_a_record_without_a_policy_ends_the_search():
    zone = {"mail.example.com": "v=DMARC1; adkim=s", "example.com": "v=DMARC1; p=reject"}
    found = discover("mail.example.com", tree(zone, "mail.example.com"))
    assert (found.found, found.at, found.policy) == (Found.NONE, "mail.example.com", None)


@pytest.mark.parametrize(
    ("outcome", "tag", "policy"),
    [
        # Section 3.2.13: a name that has anything at all exists.
        (Outcome.NO_SUCH_NAME, "np", "quarantine"),
        (Outcome.NO_SUCH_TYPE, "sp", "none"),
        (Outcome.FOUND, "sp", "none"),
        (None, "sp", "none"),
    ],
)
def test_a_domain_that_does_not_exist_has_a_policy_of_its_own(outcome, tag, policy):
    zone = tree({"example.com": "v=DMARC1; p=reject; sp=none; np=quarantine"}, "new.example.com")
    existence = Answer("new.example.com", "MX", outcome) if outcome else None
    found = discover("new.example.com", zone, existence=existence)
    assert (found.tag, found.policy) == (tag, policy)
    itself = discover("example.com", zone, existence=existence)
    assert (itself.tag, itself.policy) == ("p", "reject")


def test_without_an_answer_about_existence_the_policy_is_unknown_only_if_it_matters():
    silent = Answer("new.example.com", "MX", Outcome.TIMED_OUT)
    zone = {"example.com": "v=DMARC1; p=reject; sp=none; np=quarantine"}
    found = discover("new.example.com", tree(zone, "new.example.com"), existence=silent)
    assert (found.found, found.policy) == (Found.UNKNOWN, None)
    zone = {"example.com": "v=DMARC1; p=reject; np=reject"}
    found = discover("new.example.com", tree(zone, "new.example.com"), existence=silent)
    assert (found.found, found.policy) == (Found.RECORD, "reject")


@pytest.mark.parametrize("trouble", [Outcome.BROKEN, Outcome.TIMED_OUT])
@pytest.mark.parametrize("rfc", list(Rfc))
def test_no_answer_is_never_no_record(trouble, rfc):
    found = discover("example.com", tree({"example.com": trouble}, "example.com"), rfc=rfc)
    assert found.found is Found.UNKNOWN
    zone = tree({"example.com": trouble}, "mail.example.com")
    assert discover("mail.example.com", zone, rfc=rfc).found is Found.UNKNOWN
    assert discover("mail.example.com", {}, rfc=rfc).found is Found.UNKNOWN  # never asked


def test_what_is_known_stays_known_beside_a_time_out():
    zone = tree({"example.com": "v=DMARC1; p=reject", "com": Outcome.TIMED_OUT}, "example.com")
    found = discover("example.com", zone)
    assert (found.found, found.policy, found.org) == (Found.RECORD, "reject", "")
    zone = tree({"example.com": "v=DMARC1; p=reject; psd=n", "com": Outcome.BROKEN}, "example.com")
    assert discover("example.com", zone).org == "example.com"  # the walk ends before


def test_where_rfc_7489_differs():
    # Several records end the search there.
    zone = {
        "mail.example.com": ("v=DMARC1; p=reject", "v=DMARC1; p=none"),
        "example.com": "v=DMARC1; p=reject",
    }
    found = discover("mail.example.com", tree(zone, "mail.example.com"), rfc=Rfc.RFC7489)
    assert (found.found, found.several_at) == (Found.NONE, "mail.example.com")
    # Nothing between the domain and the organization's counts, nor psd.
    zone = {"b.example.com": "v=DMARC1; p=reject; psd=n"}
    answers = tree(zone, "a.b.example.com")
    assert discover("a.b.example.com", answers).at == "b.example.com"
    assert discover("a.b.example.com", answers, rfc=Rfc.RFC7489).found is Found.NONE
    # np and t are unknown.
    zone = {"example.com": "v=DMARC1; p=reject; np=none; t=y"}
    gone = Answer("new.example.com", "A", Outcome.NO_SUCH_NAME)
    answers = tree(zone, "new.example.com")
    bis = discover("new.example.com", answers, existence=gone)
    old = discover("new.example.com", answers, rfc=Rfc.RFC7489, existence=gone)
    assert (bis.policy, old.policy) == ("none", "reject")


def test_the_suffix_list_can_be_injected():
    zone = tree({"example.com": "v=DMARC1; p=reject"}, "alice.example.com")
    found = discover("alice.example.com", zone, rfc=Rfc.RFC7489, org_of=lambda name: name)
    assert (found.found, found.org) == (Found.NONE, "alice.example.com")
    # One that answers nonsense does no harm.
    found = discover("alice.example.com", zone, rfc=Rfc.RFC7489, org_of=lambda _name: "other.org")
    assert found.org == "alice.example.com"


@pytest.mark.parametrize(
    ("domain", "org"),
    [
        ("example.com", "example.com"),
        ("a.b.Example.com.", "example.com"),
        ("mail.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("shop.example.com.vn", "example.com.vn"),
        ("shop.example.io.vn", "example.io.vn"),
        ("shop.example.vn", "example.vn"),
        ("www.example.com.au", "example.com.au"),
        ("a.example.or.jp", "example.or.jp"),
        ("mail.com.de", "com.de"),
        ("mail.example.de", "example.de"),
        ("vn", "vn"),
        ("mail.com.example.org", "example.org"),
    ],
)
def test_the_estimate_of_the_registered_domain(domain, org):
    assert estimated_org(domain) == org


def test_a_plan_can_be_judged():
    zone = tree({"mail.example.com": "v=DMARC1; p=reject"}, "mail.example.com")
    assert organization("mail.example.com", zone) == "mail.example.com"
    planned = with_record(zone, "example.com", "v=DMARC1; p=none")
    assert organization("mail.example.com", planned) == "example.com"
    assert "example.com" in zone
    assert zone["example.com"].record is None


def test_sp_counts_only_at_the_organization():
    zone = tree(
        {"mail.example.com": "v=DMARC1; p=none; sp=reject", "example.com": "v=DMARC1; p=none"},
        "mail.example.com",
    )
    assert [f.code for f in position_findings("mail.example.com", zone)] == [Code.SP_IGNORED]
    zone = tree({"example.com": "v=DMARC1; p=none; sp=reject"}, "example.com")
    assert position_findings("example.com", zone) == ()


NAMES = st.sampled_from(["example.com", "a.example.com", "b.a.example.com", "com"])
TEXTS = st.sampled_from(
    [
        *list(Outcome),
        "v=DMARC1; p=reject",
        "v=DMARC1; p=none; psd=n",
        "v=DMARC1; p=none; psd=y",
        ("v=DMARC1; p=none", "v=DMARC1; p=reject"),
        "v=DMARC1",
        "x",
    ]
)


@given(st.dictionaries(NAMES, TEXTS), NAMES, st.sampled_from(list(Rfc)))
def test_discovery_is_sound(zone, domain, rfc):
    answers = tree(zone, domain)
    found = discover(domain, answers, rfc=rfc)
    assert not found.org or domain.endswith(found.org)
    if found.found is Found.RECORD:
        assert found.record is not None
        assert found.policy is not None
        assert domain.endswith(found.at)
    if found.found is Found.NONE and found.record is None and not found.several_at:
        # A no is only said where each server on the way has said no.
        asked = [answers[name] for name in walk(domain) if rfc is Rfc.RFC9989 or name == domain]
        stopped = [p for p in asked if p.record is not None and p.record.psd != "u"]
        assert stopped or all(p.state != "unknown" for p in asked)


def test_other_answers_are_left_out_of_the_tree():
    answers = [txt("example.com", "v=DMARC1; p=none"), Answer("_dmarc.x.org", "MX", Outcome.FOUND)]
    assert read_tree(answers) == {}
    assert set(read_tree([txt("_DMARC.Example.com.", "v=DMARC1; p=none")])) == {"example.com"}
