# ruff: noqa: E501 - a row of a table is one line
"""An example for each finding code, with its place, what receivers make of it, and the repair."""

from __future__ import annotations

import pytest

from sestui.domain.diagnosis import Severity
from sestui.domain.spf import (
    Code,
    Effect,
    about_tree,
    explore,
    is_spf,
    parse,
    read,
    repaired,
    resembles_spf,
)

from .zone import BROKEN, TIMEOUT, Zone

NOT_SPF, PERMERROR, IGNORED = Effect.NOT_SPF, Effect.PERMERROR, Effect.IGNORED
GOOD = "v=spf1 include:amazonses.com ~all"
MINUS = "v=spf1 include:amazonses.com -all"

# code, record, the text at the place of the finding, effect, repaired
RECORDS = [
    (Code.VERSION_MISSING, "include:amazonses.com ~all", "", NOT_SPF, GOOD),
    (Code.VERSION_MISSING, "a mx ip4:192.0.2.1 -all", "", NOT_SPF, "v=spf1 a mx ip4:192.0.2.1 -all"),
    (Code.VERSION_WRONG, "v=spf1; include:amazonses.com ~all", ";", NOT_SPF, GOOD[:6] + " " + GOOD[6:]),
    (Code.VERSION_WRONG, "v=spf include:amazonses.com ~all", "v=spf", NOT_SPF, GOOD),
    (Code.VERSION_WRONG, "v=spfl include:amazonses.com ~all", "v=spfl", NOT_SPF, GOOD),
    (Code.VERSION_WRONG, "spf1 include:amazonses.com ~all", "spf1", NOT_SPF, GOOD),
    (Code.VERSION_WRONG, "v = spf1 include:amazonses.com ~all", "v = spf1", NOT_SPF, GOOD),
    (Code.VERSION_WRONG, "v=spf1include:amazonses.com ~all", "", NOT_SPF, GOOD),
    (Code.VERSION_SPACE, "v=spf1\tinclude:amazonses.com ~all", "\t", NOT_SPF, GOOD),
    (Code.VERSION_SPACE, "v=spf1\xa0include:amazonses.com ~all", "\xa0", NOT_SPF, GOOD),
    (Code.VERSION_TWICE, "v=spf1 a v=spf1 mx -all", "v=spf1", IGNORED, "v=spf1 a mx -all"),
    (Code.LEADING_SPACE, " " + GOOD, " ", NOT_SPF, GOOD),
    (Code.QUOTED, f'"{GOOD}"', '"', NOT_SPF, GOOD),
    (Code.QUOTED, f"\u201c{GOOD}\u201d", "\u201c", NOT_SPF, GOOD),
    (Code.WRONG_SPACE, "v=spf1 include:amazonses.com\t~all", "\t", PERMERROR, GOOD),
    (Code.WRONG_SPACE, "v=spf1 include:amazonses.com\xa0~all", "\xa0", PERMERROR, GOOD),
    (Code.WRONG_SPACE, "v=spf1 include:amazonses.com\r\n~all", "\r", PERMERROR, GOOD.replace(" ~", "  ~")),
    (Code.SMART_DASH, "v=spf1 include:amazonses.com \u2013all", "\u2013", PERMERROR, MINUS),
    (Code.SMART_DASH, "v=spf1 include:amazonses.com \x96all", "\x96", PERMERROR, MINUS),
    (Code.LOOKALIKE, "v=spf1 include:amazonses.com \u02dcall", "\u02dc", PERMERROR, GOOD),
    (Code.LOOKALIKE, "v=spf1 include\uff1aamazonses.com ~all", "\uff1a", PERMERROR, GOOD),
    (Code.INVISIBLE, "v=spf1 include:\u200bamazonses.com ~all", "\u200b", PERMERROR, GOOD),
    (Code.INVISIBLE, "\ufeff" + GOOD, "\ufeff", NOT_SPF, GOOD),
    (Code.NON_ASCII, "v=spf1 include:m\u00fcnchen.example ~all", "\u00fc", PERMERROR, ""),
    (Code.STRAY_QUOTE, 'v=spf1 include:amazonses.com" "~all', '"', PERMERROR, 'v=spf1 include:amazonses.com "~all'),
    (Code.BACKSLASH, "v=spf1 include:amazonses.com \\~all", "\\~all", PERMERROR, GOOD),
    (Code.COMMA, "v=spf1 include:amazonses.com, ~all", "include:amazonses.com,", PERMERROR, GOOD),
    (Code.COMMA, "v=spf1 include:amazonses.com,~all", "include:amazonses.com,~all", PERMERROR, GOOD),
    (Code.COMMA, "v=spf1 include:amazonses.com ~all;", "~all;", PERMERROR, GOOD),
    (Code.COMMA, "v=spf1 include:a.example,include:b.example -all",
     "include:a.example,include:b.example", IGNORED,
     "v=spf1 include:a.example include:b.example -all"),
    (Code.COMMA, "v=spf1 ip4:192.0.2.1,192.0.2.2 -all", "ip4:192.0.2.1,192.0.2.2", PERMERROR, None),
    (Code.GLUED, "v=spf1 include:amazonses.com~all", "include:amazonses.com~all", PERMERROR, GOOD),
    (Code.GLUED, "v=spf1 include:amazonses.com-all", "include:amazonses.com-all", IGNORED, MINUS),
    (Code.GLUED, "v=spf1 ip4:192.0.2.1include:amazonses.com ~all", "ip4:192.0.2.1include:amazonses.com",
     PERMERROR, "v=spf1 ip4:192.0.2.1 include:amazonses.com ~all"),
    (Code.SPACE_INSIDE, "v=spf1 include: amazonses.com ~all", "include:", PERMERROR, GOOD),
    (Code.SPACE_INSIDE, "v=spf1 include :amazonses.com ~all", "include", PERMERROR, GOOD),
    (Code.SPACE_INSIDE, "v=spf1 include:amazonses.com ~ all", "~", PERMERROR, GOOD),
    (Code.SPACE_INSIDE, "v=spf1 ip4:192.0.2.0 /24 -all", "/24", PERMERROR, "v=spf1 ip4:192.0.2.0/24 -all"),
    (Code.EQUALS_FOR_COLON, "v=spf1 include=amazonses.com ~all", "include=amazonses.com", IGNORED, GOOD),
    (Code.EQUALS_FOR_COLON, "v=spf1 +ip4=192.0.2.1 -all", "+ip4=192.0.2.1", PERMERROR, "v=spf1 +ip4:192.0.2.1 -all"),
    (Code.COLON_FOR_EQUALS, "v=spf1 redirect:amazonses.com", "redirect:amazonses.com", PERMERROR, "v=spf1 redirect=amazonses.com"),
    (Code.COLON_MISSING, "v=spf1 include amazonses.com ~all", "include", PERMERROR, GOOD),
    (Code.COLON_MISSING, "v=spf1 include::amazonses.com ~all", "include::amazonses.com", IGNORED, GOOD),
    (Code.COLON_MISSING, "v=spf1 includeamazonses.com ~all", "includeamazonses.com", PERMERROR, GOOD),
    (Code.QUALIFIER_WRONG, "v=spf1 include:amazonses.com ~-all", "~-all", PERMERROR, MINUS),
    (Code.QUALIFIER_WRONG, "v=spf1 include:amazonses.com =all", "=all", PERMERROR, ""),
    (Code.QUALIFIER_WRONG, "v=spf1 -redirect=amazonses.com", "-redirect=amazonses.com", PERMERROR, "v=spf1 redirect=amazonses.com"),
    (Code.MISSPELLED, "v=spf1 inlcude:amazonses.com ~all", "inlcude:amazonses.com", PERMERROR, GOOD),
    (Code.MISSPELLED, "v=spf1 includes:amazonses.com ~all", "includes:amazonses.com", PERMERROR, GOOD),
    (Code.MISSPELLED, "v=spf1 ipv4:192.0.2.1 -all", "ipv4:192.0.2.1", PERMERROR, "v=spf1 ip4:192.0.2.1 -all"),
    (Code.MISSPELLED, "v=spf1 ip:2001:db8::1 -all", "ip:2001:db8::1", PERMERROR, "v=spf1 ip6:2001:db8::1 -all"),
    (Code.MISSPELLED, "v=spf1 include:amazonses.com ~al", "~al", PERMERROR, GOOD),
    (Code.UNKNOWN_MECHANISM, "v=spf1 moo -all", "moo", PERMERROR, ""),
    (Code.BARE_DOMAIN, "v=spf1 amazonses.com ~all", "amazonses.com", PERMERROR, GOOD),
    (Code.BARE_DOMAIN, "v=spf1 mail.example.com ~all", "mail.example.com", PERMERROR, ""),
    (Code.BARE_ADDRESS, "v=spf1 192.0.2.0/24 -all", "192.0.2.0/24", PERMERROR, "v=spf1 ip4:192.0.2.0/24 -all"),
    (Code.BARE_ADDRESS, "v=spf1 2001:db8::1 -all", "2001:db8::1", PERMERROR, "v=spf1 ip6:2001:db8::1 -all"),
    (Code.ALL_WITH_ARGUMENT, "v=spf1 include:amazonses.com -all.", "-all.", PERMERROR, MINUS),
    (Code.ALL_WITH_ARGUMENT, "v=spf1 include:amazonses.com -all:x", "-all:x", PERMERROR, MINUS),
    (Code.ARGUMENT_MISSING, "v=spf1 include -all", "include", PERMERROR, ""),
    (Code.ARGUMENT_MISSING, "v=spf1 a ip4: -all", "ip4:", PERMERROR, ""),
    (Code.IP4_WITH_IPV6, "v=spf1 ip4:2001:db8::/32 -all", "ip4:2001:db8::/32", PERMERROR, "v=spf1 ip6:2001:db8::/32 -all"),
    (Code.IP6_WITH_IPV4, "v=spf1 ip6:192.0.2.1 -all", "ip6:192.0.2.1", PERMERROR, "v=spf1 ip4:192.0.2.1 -all"),
    (Code.ADDRESS_IS_NAME, "v=spf1 ip4:mail.example.com -all", "ip4:mail.example.com", PERMERROR, "v=spf1 a:mail.example.com -all"),
    (Code.NAME_IS_ADDRESS, "v=spf1 a:192.0.2.1 -all", "a:192.0.2.1", PERMERROR, "v=spf1 ip4:192.0.2.1 -all"),
    (Code.NAME_IS_ADDRESS, "v=spf1 include:192.0.2.0/24 -all", "include:192.0.2.0/24", PERMERROR, "v=spf1 ip4:192.0.2.0/24 -all"),
    (Code.ADDRESS_WRONG, "v=spf1 ip4:192.0.2 -all", "ip4:192.0.2", PERMERROR, ""),
    (Code.ADDRESS_WRONG, "v=spf1 ip4:192.0.2.1:25 -all", "ip4:192.0.2.1:25", PERMERROR, ""),
    (Code.PREFIX_WRONG, "v=spf1 ip4:192.0.2.0/33 -all", "ip4:192.0.2.0/33", PERMERROR, ""),
    (Code.PREFIX_WRONG, "v=spf1 include:amazonses.com/24 ~all", "include:amazonses.com/24", PERMERROR, GOOD),
    (Code.DOMAIN_WRONG, "v=spf1 a:localhost -all", "a:localhost", PERMERROR, ""),
    (Code.MACRO_WRONG, "v=spf1 exists:%(i).example.com -all", "exists:%(i).example.com", PERMERROR, ""),
    (Code.MODIFIER_TWICE, "v=spf1 redirect=a.example redirect=a.example", "redirect=a.example", PERMERROR, "v=spf1 redirect=a.example"),
    (Code.MODIFIER_TWICE, "v=spf1 redirect=a.example redirect=b.example", "redirect=b.example", PERMERROR, ""),
    (Code.AMAZONAWS, "v=spf1 include:amazonaws.com ~all", "include:amazonaws.com", IGNORED, GOOD),
    (Code.AMAZONAWS, "v=spf1 include:email-smtp.eu-west-1.amazonaws.com ~all", "include:email-smtp.eu-west-1.amazonaws.com", IGNORED, GOOD),
    (Code.SES_SUBDOMAIN, "v=spf1 include:_spf.amazonses.com ~all", "include:_spf.amazonses.com", IGNORED, GOOD),
    (Code.SES_MISSPELLED, "v=spf1 include:amazonses ~all", "include:amazonses", PERMERROR, GOOD),
    (Code.SES_MISSPELLED, "v=spf1 include:amazonse.com ~all", "include:amazonse.com", IGNORED, GOOD),
    (Code.SES_MISSPELLED, "v=spf1 include:amazonses.com.example.com ~all", "include:amazonses.com.example.com", IGNORED, GOOD),
    (Code.SES_MISSPELLED, "v=spf1 include:https://amazonses.com ~all", "include:https://amazonses.com", IGNORED, GOOD),
    (Code.SES_NOT_INCLUDED, "v=spf1 a:amazonses.com ~all", "a:amazonses.com", IGNORED, GOOD),
    (Code.SES_DENIED, "v=spf1 -include:amazonses.com ~all", "-include:amazonses.com", IGNORED, GOOD),
    (Code.AFTER_ALL, "v=spf1 -all include:amazonses.com", "include:amazonses.com", IGNORED, MINUS),
    (Code.AFTER_ALL, "v=spf1 include:amazonses.com ~all -all", "-all", IGNORED, GOOD),
    (Code.PASS_ALL, "v=spf1 include:amazonses.com +all", "+all", IGNORED, GOOD),
    (Code.PASS_ALL, "v=spf1 include:amazonses.com all", "all", IGNORED, GOOD),
    (Code.NO_ALL, "v=spf1 include:amazonses.com", "", IGNORED, GOOD),
    (Code.REDIRECT_IGNORED, "v=spf1 include:amazonses.com redirect=a.example ~all", "redirect=a.example", IGNORED, GOOD),
    (Code.UNKNOWN_MODIFIER, "v=spf1 foo=bar -all", "foo=bar", IGNORED, ""),
    (Code.PTR, "v=spf1 ptr -all", "ptr", IGNORED, ""),
    (Code.TERM_TWICE, "v=spf1 include:amazonses.com +include:AmazonSES.com ~all", "+include:AmazonSES.com", IGNORED, GOOD),
    (Code.LONG, "v=spf1 " + "ip4:192.0.2.1 ip4:192.0.2.2 " * 17 + "-all", None, IGNORED, ""),
]  # fmt: skip
GREY = {Code.LEADING_SPACE, Code.VERSION_SPACE, Code.IP4_WITH_IPV6}


@pytest.mark.parametrize(
    ("code", "record", "place", "effect", "right"),
    RECORDS,
    ids=[f"{code}-{record[:40]}" for code, record, *_ in RECORDS],
)
def test_each_code(code, record, place, effect, right):
    read_as = parse(record)
    finding = next(finding for finding in read_as.findings if finding.code is code)
    assert finding.effect is effect
    if place is not None:
        assert record[finding.span.offset : finding.span.end] == place
    if right is not None:
        assert finding.repaired == right
    assert finding.grey == (code in GREY)
    assert finding.severity in (Severity.ERROR, Severity.WARNING)
    assert finding.text.endswith(".")
    assert finding.text.isprintable()
    assert read_as.seen == is_spf(record) == (effect is not NOT_SPF)
    assert read_as.valid == (read_as.seen and effect is IGNORED)
    assert resembles_spf(record)


WHOLE = "v=spf1 include:x.example -all"
TREES = [
    (Code.TOO_MANY_TERMS, " ".join(f"include:i{n}.example" for n in range(11)), {
        f"i{n}.example": [("TXT", "v=spf1 -all")] for n in range(11)}),
    (Code.TOO_MANY_VOIDS, "a:v1.example mx:v2.example exists:v3.example", {}),
    (Code.TOO_MANY_HOSTS, "mx:x.example", {"x.example": [("MX", f"{n} h{n}.example") for n in range(11)]}),
    (Code.INCLUDE_WITHOUT_SPF, "include:x.example", {"x.example": [("TXT", "hello")]}),
    (Code.INCLUDE_WRONG, "include:x.example", {"x.example": [("TXT", "v=spf1 moo")]}),
    (Code.INCLUDE_WRONG, "include:x.example", {"x.example": [("TXT", "v=spf1 a"), ("TXT", "v=spf1 mx")]}),
    (Code.INCLUDE_LOOP, "include:x.example", {"x.example": [("TXT", "v=spf1 include:y.example")], "y.example": [("TXT", "v=spf1 include:X.example")]}),
    (Code.INCLUDE_LOOP, "redirect=example.com", {}),
    (Code.INCLUDE_UNKNOWN, "include:x.example", {"x.example": [(TIMEOUT, "")]}),
    (Code.INCLUDE_UNKNOWN, "a:x.example", {"x.example": [(BROKEN, "")]}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "terms", "names"), TREES)
async def test_each_code_of_the_tree(code, terms, names):
    record = f"v=spf1 {terms}"
    tree = await explore(Zone({"example.com": [("TXT", record)], **names}), "example.com")
    (finding,) = [finding for finding in about_tree(tree) if finding.code is code]
    unknown = code is Code.INCLUDE_UNKNOWN
    assert finding.effect is (IGNORED if unknown else PERMERROR)
    assert finding.severity is (Severity.UNKNOWN if unknown else Severity.ERROR)
    assert finding.text.isprintable()
    assert record[finding.span.offset : finding.span.end] in (terms, record)


def test_several_records():
    first, second = b"v=spf1 include:_spf.google.com ~all", b"v=spf1 include:amazonses.com -all"
    reading = read([(first,), (b"hello",), (second[:9], second[9:]), (b"v=spf1\tmx",)])
    (finding,) = reading.findings
    assert finding.code is Code.SEVERAL_RECORDS
    assert finding.effect is PERMERROR
    assert finding.repaired == "v=spf1 include:_spf.google.com include:amazonses.com ~all"
    assert [record.text for record in reading.records] == [first.decode(), second.decode()]
    assert [record.text for record in reading.meant] == ["v=spf1\tmx"]
    assert reading.others == ("hello",)


def test_every_code_has_an_example():
    shown = {code for code, *_ in [*RECORDS, *TREES]} | {Code.SEVERAL_RECORDS}
    assert set(Code) - shown == set()


@pytest.mark.parametrize(
    "record",
    [
        GOOD,
        MINUS,
        "v=spf1 -all",
        "V=SPF1 INCLUDE:AmazonSES.com ~ALL",
        "v=spf1 include:amazonses.com. ?all ",
        "v=spf1  a  mx/24 mx:example.org//64 exists:%{ir}.%{v}._spf.%{d2} exp=why.%{d} -all",
        "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 redirect=_spf.example.com",
        "v=spf1 include:dc-fd741b8612._spfm.send.example.com ~all",
        "v=spf1 include:mail-all.example.com a:foo:bar/baz.example.com ~all",
        "v=spf1 include:eu.amazon-example.com include:amazon.com ~all",
    ],
)
def test_a_good_record_has_no_finding(record):
    read_as = parse(record)
    assert read_as.findings == ()
    assert read_as.valid
    assert repaired(record) == record


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        '"',
        "v=spf10 include:amazonses.com ~all",
        "spf2.0/pra include:amazonses.com ~all",
        "v=DKIM1; k=rsa; p=MIGf",
        "v=DMARC1; p=none",
        "google-site-verification=abc",
        "MS=ms12345678",
        "SPF is great",
        "spf record of the old provider",
        "a sentence about all of it",
        "include this",
        "amazonses:abcdef0123456789=",
    ],
)
def test_other_texts_are_none_of_its_business(text):
    assert not resembles_spf(text)
    assert not parse(text).seen


def test_all_findings_of_a_broken_record_are_listed_in_order():
    record = "v=spf1 include: amazonaws.com, ip4:2001:db8::1 \u2013all include=x.example"
    found = [(finding.code, finding.span.offset) for finding in parse(record).findings]
    assert found == [
        (Code.SPACE_INSIDE, 7),
        (Code.AMAZONAWS, 7),
        (Code.COMMA, 7),
        (Code.IP4_WITH_IPV6, 31),
        (Code.SMART_DASH, 47),
        (Code.EQUALS_FOR_COLON, 52),
        (Code.AFTER_ALL, 52),
    ]
    assert repaired(record) == (
        "v=spf1 include:amazonses.com ip6:2001:db8::1 include:x.example -all"
    )


def test_a_list_of_addresses_becomes_terms():
    record = "v=spf1 ip4:192.0.2.1,192.0.2.0/24 -all"
    assert repaired(record) == "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 -all"


def test_a_split_that_lost_its_space_is_said():
    (record,) = read([(b"v=spf1 include:amazonses.com", b"~all")]).records
    (finding,) = record.findings
    assert finding.code is Code.GLUED
    assert "strings" in finding.text
    (record,) = read([(b"v=spf1 include:amaz", b"onses.com ~all")]).records
    assert record.findings == ()
