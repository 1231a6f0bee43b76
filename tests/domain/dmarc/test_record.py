"""Reading one DMARC record: what it asks for, what is wrong with it, how it should be."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sestui.domain.dmarc import Code, Policy, Rfc, parse
from sestui.domain.severity import Severity
from sestui.domain.text import printable

ALL_TAGS = (
    "v=DMARC1; p=reject; sp=quarantine; np=reject; adkim=s; aspf=S; fo=1:d:s; "
    "rua=mailto:a@example.com!10m , mailto:b@example.net; ruf=mailto:c@example.com; psd=n; t=n"
)
# All of RFC 9989 appendix B.2, with the strings joined as section 4.5 wants it.
GOOD = [
    "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com",
    "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; ruf=mailto:auth-reports@example.com",
    "v=DMARC1; p=none; rua=mailto:d@example.com; ruf=mailto:auth-reports@thirdparty.example.net",
    "v=DMARC1; p=quarantine; rua=mailto:d@example.com,mailto:t@thirdparty.example.net; t=y",
    "v=DMARC1; p=reject; aspf=r; rua=mailto:dmarc-feedback@example.com",
    "v=DMARC1;p=none",
    "v=DMARC1; p=none;",
    "v = DMARC1 ; p = Quarantine",
    "v=DMARC1\t;\tp=none",
    "v=DMARC1\\x09;\\x09p=none",
    ALL_TAGS,
    "v=DMARC1; p=none; rua=mailto:o'brien@example.com",
    "v=DMARC1; p=none; rua=mailto:a+dmarc@example.com?subject=x%2Cy",
    "v=DMARC1; p=none; pct=100; rf=afrf; ri=86400",
    "v=DMARC1; p=none; x-own=something",
    "v=DMARC1;; p=none;;",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_good_record_is_never_called_wrong(text):
    record = parse(text)
    assert record.recognised
    assert {finding.severity for finding in record.findings} <= {Severity.OK}
    assert record.repaired == ""


# What people really publish, what is said of it, and what they meant.
BROKEN = [
    ("v=dmarc1; p=none", Code.VERSION_CASE, "v=DMARC1; p=none"),
    ("v=Dmarc1;p=reject", Code.VERSION_CASE, "v=DMARC1; p=reject"),
    ("v=DMARC1 p=none", Code.SEPARATOR_MISSING, "v=DMARC1; p=none"),
    (
        "v=DMARC1 p=none rua=mailto:a@example.com",
        Code.SEPARATOR_MISSING,
        "v=DMARC1; p=none; rua=mailto:a@example.com",
    ),
    (
        "v=DMARC1; p=none rua=mailto:a@example.com",
        Code.SEPARATOR_MISSING,
        "v=DMARC1; p=none; rua=mailto:a@example.com",
    ),
    ("v=DMARC1, p=none", Code.SEPARATOR_COMMA, "v=DMARC1; p=none"),
    (
        "v=DMARC1; p=none, rua=mailto:a@example.com",
        Code.SEPARATOR_COMMA,
        "v=DMARC1; p=none; rua=mailto:a@example.com",
    ),
    ('"v=DMARC1; p=none"', Code.QUOTES, "v=DMARC1; p=none"),
    ("“v=DMARC1; p=none”", Code.QUOTES, "v=DMARC1; p=none"),
    ("'v=DMARC1; p=none'", Code.QUOTES, "v=DMARC1; p=none"),
    ('v=DMARC1; p="reject"', Code.QUOTES, "v=DMARC1; p=reject"),
    ('"v=DMARC1; p=none; " "fo=1; ruf=mailto:a@b.com"', Code.QUOTES, None),
    (
        "v=DMARC1\\; p=none\\; rua=mailto:a@example.com",
        Code.BACKSLASHES,
        "v=DMARC1; p=none; rua=mailto:a@example.com",
    ),
    (" v=DMARC1; p=none", Code.LEADING_SPACE, "v=DMARC1; p=none"),
    ("\tv=DMARC1; p=none", Code.LEADING_SPACE, "v=DMARC1; p=none"),
    ("\\x09v=DMARC1; p=none", Code.LEADING_SPACE, "v=DMARC1; p=none"),
    ("p=none; v=DMARC1", Code.VERSION_NOT_FIRST, "v=DMARC1; p=none"),
    (
        "p=reject; v=DMARC1; rua=mailto:a@example.com",
        Code.VERSION_NOT_FIRST,
        "v=DMARC1; p=reject; rua=mailto:a@example.com",
    ),
    ("p=none; rua=mailto:a@example.com", Code.VERSION_MISSING, "v=DMARC1; p=none; "),
    ("DMARC1; p=none", Code.VERSION_MISSING, "v=DMARC1; p=none"),
    ("v=DMARC10; p=none", Code.VERSION_WRONG, "v=DMARC1; p=none"),
    ("v=DMARC2; p=none", Code.VERSION_WRONG, "v=DMARC1; p=none"),
    ("v=DMARC; p=none", Code.VERSION_WRONG, "v=DMARC1; p=none"),
    ("v=DMARC 1; p=none", Code.VERSION_WRONG, "v=DMARC1; p=none"),
    ("v:DMARC1; p:none", Code.VERSION_WRONG, "v=DMARC1; p=none"),
    ("_dmarc.example.com. IN TXT v=DMARC1; p=reject", Code.JUNK_BEFORE, "v=DMARC1; p=reject"),
    ("v=DMARC1;\u00a0p=none", Code.ODD_CHARACTER, "v=DMARC1; p=none"),
    ("\\u200bv=DMARC1; p=none", Code.ODD_CHARACTER, "v=DMARC1; p=none"),
    ("v=DMARC1；p=none", Code.ODD_CHARACTER, "v=DMARC1; p=none"),
    ("v=DMARC1; p=none\\x0a", Code.ODD_CHARACTER, "v=DMARC1; p=none"),
    ("v=DMARC1; p=quarentine", Code.POLICY_INVALID, "v=DMARC1; p=quarantine"),
    ("v=DMARC1; p=rejected", Code.POLICY_INVALID, "v=DMARC1; p=reject"),
    ("v=DMARC1; p=monitor", Code.POLICY_INVALID, ""),
    ("v=DMARC1; p=none; p=reject", Code.TAG_DUPLICATE, ""),
    ("v=DMARC1; p=none; p=none", Code.TAG_DUPLICATE, "v=DMARC1; p=none"),
    (
        "v=DMARC1; p=none; rua=mailto:a@b.com; rua=mailto:c@b.com",
        Code.TAG_DUPLICATE,
        "v=DMARC1; p=none; rua=mailto:a@b.com,mailto:c@b.com",
    ),
    ("v=DMARC1; reject", Code.TAG_NO_EQUALS, "v=DMARC1; p=reject"),
    ("v=DMARC1;", Code.POLICY_MISSING, "v=DMARC1; p=none"),
    ("v=DMARC1; rua=mailto:a@b.com", Code.POLICY_MISSING, "v=DMARC1; p=none; rua=mailto:a@b.com"),
    ("v=DMARC1; P=Reject", Code.TAG_CASE, "v=DMARC1; p=reject"),
    ("v=DMARC1; aspf=r; p=none", Code.POLICY_NOT_SECOND, "v=DMARC1; p=none; aspf=r"),
    ("v=DMARC1; p=none; adkim=strict", Code.VALUE_INVALID, "v=DMARC1; p=none; adkim=s"),
    ("v=DMARC1; p=none; fo=0:1; ruf=mailto:a@b.com", Code.VALUE_INVALID, None),
    ("v=DMARC1; p=none; rua=a@b.com", Code.URI_NO_MAILTO, "v=DMARC1; p=none; rua=mailto:a@b.com"),
    (
        "v=DMARC1; p=none; rua=mailto://a@b.com",
        Code.URI_INVALID,
        "v=DMARC1; p=none; rua=mailto:a@b.com",
    ),
    (
        "v=DMARC1; p=none; rua=mailto: a@b.com",
        Code.URI_INVALID,
        "v=DMARC1; p=none; rua=mailto:a@b.com",
    ),
    (
        "v=DMARC1; p=none; rua=mailto:a@b.com;mailto:c@d.com",
        Code.URI_SEPARATOR,
        "v=DMARC1; p=none; rua=mailto:a@b.com,mailto:c@d.com",
    ),
    (
        "v=DMARC1; p=none; rua=mailto:a@b.com mailto:c@d.com",
        Code.URI_SEPARATOR,
        "v=DMARC1; p=none; rua=mailto:a@b.com,mailto:c@d.com",
    ),
]


@pytest.mark.parametrize(("text", "code", "repaired"), BROKEN)
def test_what_is_wrong_has_a_name_and_a_repair(text, code, repaired):
    record = parse(text)
    found = {finding.code: finding for finding in record.findings}
    assert code in found
    assert found[code].severity is not Severity.OK
    if repaired is not None:
        assert record.repaired.startswith(repaired)
        assert bool(record.repaired) == bool(repaired)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=spf1 include:amazonses.com ~all",
        "google-site-verification=p-none-reject",
        "v=DKIM1; p=MIIB",
        "hello; world=1",
        "v=TLSRPTv1; rua=mailto:",
    ],
)
def test_another_text_is_left_alone(text):
    record = parse(text)
    assert (record.recognised, record.intended, record.findings) == (False, False, ())


def test_places_are_those_in_the_text():
    text = "v=DMARC1; p=nope; rua=mailto:a@example.com, b@example.com; pct=20"
    places = {f.code: text[slice(*f.at)] for f in parse(text).findings if f.at}
    assert places == {
        Code.POLICY_INVALID: "p=nope",
        Code.URI_NO_MAILTO: "b@example.com",
        Code.TAG_REMOVED: "pct=20",
    }


@pytest.mark.parametrize(
    ("text", "bis", "old"),
    [
        ("p=reject", "reject", "reject"),
        ("p=Reject; sp=none", "reject", "reject"),
        # RFC 9989 section 4.10.1: without a valid policy, an address for reports makes it none.
        ("rua=mailto:a@example.com", "none", "none"),
        ("rua=a@example.com", None, None),
        ("rua=mailto:", None, None),
        ("p=block; rua=mailto:a@example.com!10m", "none", "none"),
        ("p=block", None, None),
        ("p=reject; sp=bounce; rua=mailto:a@example.com", "none", "none"),
        # RFC 7489 does not know np.
        ("p=reject; np=; rua=mailto:a@example.com", "none", "reject"),
        ("p=reject; np=x", None, "reject"),
        ("adkim=s", None, None),
        # Section 4.7, tag t: one step weaker.
        ("p=reject; t=y", "quarantine", "reject"),
        ("p=quarantine; t=Y", "none", "quarantine"),
        ("p=none; t=y", "none", "none"),
        ("p=reject; t=n", "reject", "reject"),
        ("p=reject; t=yes", "reject", "reject"),
        ("p=reject; pct=0", "reject", "reject"),
    ],
)
def test_the_policy_that_is_applied(text, bis, old):
    record = parse(f"v=DMARC1; {text}")
    assert record.recognised
    assert record.applied(Rfc.RFC9989) == bis
    assert record.applied(Rfc.RFC7489) == old


@pytest.mark.parametrize(
    ("text", "sp", "np"),
    [
        ("p=reject", "reject", "reject"),
        ("p=reject; sp=none", "none", "none"),
        ("p=reject; sp=none; np=quarantine", "none", "quarantine"),
        ("p=quarantine; np=reject", "quarantine", "reject"),
        ("p=reject; sp=quarantine; t=y", "none", "none"),
    ],
)
def test_the_policy_for_subdomains(text, sp, np):
    record = parse(f"v=DMARC1; {text}")
    assert (record.applied(Rfc.RFC9989, "sp"), record.applied(Rfc.RFC9989, "np")) == (sp, np)
    # An older receiver takes sp, else p, for both.
    assert record.applied(Rfc.RFC7489, "np") == record.applied(Rfc.RFC7489, "sp")


def test_every_tag_can_be_read():
    record = parse(ALL_TAGS)
    assert (record.p, record.sp, record.np) == ("reject", "quarantine", "reject")
    assert record.strict_dkim
    assert record.strict_spf
    assert (record.psd, record.testing, record.percent) == ("n", False, 100)
    assert [uri.host for uri in record.rua] == ["example.com", "example.net"]
    assert [uri.plain for uri in record.rua] == ["mailto:a@example.com", "mailto:b@example.net"]
    assert [uri.host for uri in record.ruf] == ["example.com"]
    assert parse("v=DMARC1; p=none; pct=٣").percent == 100
    assert parse("v=DMARC1; p=none; pct=30").percent == 30


TAGS = st.sampled_from("p sp np psd t adkim aspf fo rua ruf pct x".split())  # noqa: SIM905
VALUES = st.sampled_from(
    "none quarantine reject y n u r s 0 1:d mailto:a@b.com a@b.com,mailto:c@d.org 50".split()  # noqa: SIM905
) | st.text(st.characters(max_codepoint=0x2100), max_size=12)
VERSIONS = st.sampled_from(["v=DMARC1", "v=dmarc1", "v = DMARC1", "DMARC1", "v=D2", '"v=DMARC1'])
JOINTS = st.sampled_from([";", "; ", ";;", ", ", " ", "\\; ", ";\t"])


@st.composite
def records(draw):
    """Records, about half of them broken."""
    pieces = [
        draw(VERSIONS),
        *(f"{draw(TAGS)}={draw(VALUES)}" for _ in range(draw(st.integers(0, 4)))),
    ]
    if draw(st.integers(0, 5)) == 0:
        pieces.reverse()
    joint = draw(JOINTS)
    return joint.join(pieces)


@given(st.text() | records())
@example("v=DMARC1; p=none;" + " " * 5000 + "x")
@example("v=DMARC1; " + "\\x09" * 2000 + "p")
@example("," * 70_000 + "v=DMARC1")
@example("v=DMARC1; rua=" + "mailto:a@b.com," * 5000)
def test_no_text_is_too_odd(text):
    record = parse(text)
    assert record.intended or not (record.recognised or record.findings or record.repaired)
    if record.intended and not record.recognised:
        assert any(finding.severity is Severity.ERROR for finding in record.findings)
    for finding in record.findings:
        assert printable(finding.text) == finding.text
        assert finding.at is None or 0 <= finding.at[0] <= finding.at[1] <= len(text)


@given(records())
def test_a_repaired_record_is_right_and_not_weaker(text):
    record = parse(text)
    if not record.repaired:
        return
    again = parse(record.repaired)
    assert again.recognised
    assert again.repaired == ""
    assert Severity.ERROR not in {finding.severity for finding in again.findings}
    for rfc in Rfc:
        for tag in ("p", "sp", "np"):
            before = record.applied(rfc, tag) if record.recognised else None
            after = again.applied(rfc, tag)
            assert after is not None
            assert before is None or after.strength >= before.strength


@given(
    st.sampled_from(list(Policy)),
    st.dictionaries(st.sampled_from(["sp", "np"]), st.sampled_from(list(Policy))),
    st.sampled_from(["", "; adkim=s", "; aspf=s", "; rua=mailto:a@example.com"]),
)
def test_what_is_written_is_read(p, others, rest):
    text = f"v=DMARC1; p={p}" + "".join(f"; {k}={v}" for k, v in others.items()) + rest
    record = parse(text)
    assert (record.p, record.sp, record.np) == (p, others.get("sp"), others.get("np"))
    assert record.repaired == ""
    assert (record.strict_dkim, record.strict_spf) == ("adkim" in rest, "aspf" in rest)
    assert bool(record.rua) == ("rua" in rest)
