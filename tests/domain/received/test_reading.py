"""Reading what servers wrote: results, Received headers, and sources that a paste has changed."""

from __future__ import annotations

import pytest

from sestui.domain.received import NoMail, Status, judge, read_source
from sestui.domain.received.hops import Encryption, hops_of, read_hop
from sestui.domain.received.results import parse_results, read_results
from sestui.domain.received.spam import filtered

from .samples import GMAIL, OUTLOOK, RECEIVERS, WRITTEN

RESULTS = {
    "none at all": ("mx.example; none", ("mx.example", [])),
    "a version": ("mx.example 1; spf=pass", ("mx.example", [("spf", "pass", {})])),
    "no name": ("spf=pass smtp.mailfrom=a.b", ("", [("spf", "pass", {"smtp.mailfrom": "a.b"})])),
    "blanks around the sign": (
        "mx; dkim = pass header.d = a.b",
        ("mx", [("dkim", "pass", {"header.d": "a.b"})]),
    ),
    "a semicolon in a comment": (
        "mx; spf=fail (no; (really; no)) smtp.mailfrom=a.b",
        ("mx", [("spf", "fail", {"smtp.mailfrom": "a.b"})]),
    ),
    "quoted": (
        'mx; dkim=pass reason="a;b" header.b="x/y="',
        ("mx", [("dkim", "pass", {"reason": "a;b", "header.b": "x/y="})]),
    ),
    "a comment without a blank": ("MX; dmarc=pass(p=none)", ("mx", [("dmarc", "pass", {})])),
    "a version of the method": ("mx; dkim/1=pass", ("mx", [("dkim", "pass", {})])),
    "a set of ARC": ("i=2; mx; arc=pass", ("mx", [("arc", "pass", {})])),
    "an open comment": ("mx; spf=pass (never ends; dkim=pass", ("mx", [("spf", "pass", {})])),
    "an open quote": ('mx; spf=pass x="o; dkim=p', ("mx", [("spf", "pass", {"x": "o; dkim=p"})])),
}  # fmt: skip


@pytest.mark.parametrize("name", RESULTS)
def test_results_as_rfc_8601_and_receivers_write_them(name):
    value, (receiver, expected) = RESULTS[name]
    found_receiver, found = parse_results(value)
    assert found_receiver == receiver
    assert [(each.method, each.result, dict(each.properties)) for each in found] == expected


def test_headers_of_one_receiver_side_by_side_count_together():
    results, distrusted = read_results(read_source(RECEIVERS["Fastmail"].encode()))
    assert not distrusted
    assert [each.method for each in results.results][:3] == ["bimi", "arc", "dkim"]
    assert len(results.of("dkim")) == 2


HOPS = {
    "from a.example by b.example with ESMTPS id 1; ": ("ESMTPS", Encryption.YES, ""),
    "from a.example (a [54.240.8.30]) by b with ESMTP id 1; ": ("ESMTP", Encryption.NO, ""),
    "from a (a [10.0.0.1]) by b with ESMTP id 1; ": ("ESMTP", Encryption.UNKNOWN, ""),
    "from localhost (localhost [127.0.0.1]) by b with SMTP; ": ("SMTP", Encryption.UNKNOWN, ""),
    "by 2002:a05:6a10::1 with SMTP id x; ": ("SMTP", Encryption.UNKNOWN, ""),
    "from a by b (Postfix) with LMTP id 1; ": ("LMTP", Encryption.UNKNOWN, ""),
    "from a.example by b.example with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384; ": (
        "esmtps", Encryption.YES, "1.3",
    ),
    "from a (using TLSv1.2 with cipher X (1/1 bits)) (No client certificate) by b (Postfix) with "
    "ESMTPS id 1; ": ("ESMTPS", Encryption.YES, "1.2"),
    "from a (10.0.0.1) by b (10.0.0.2) with Microsoft SMTP Server (version=TLS1_2, cipher=X); ":
        ("SMTP", Encryption.YES, "1.2"),
    "from a (10.0.0.1) by b (10.0.0.2) with Microsoft SMTP Server id 1; ": (
        "SMTP", Encryption.UNKNOWN, "",
    ),
    "from a by b with ESMTP (version=TLSv1 cipher=X); ": ("ESMTP", Encryption.YES, "1.0"),
}  # fmt: skip


@pytest.mark.parametrize("value", HOPS)
def test_whether_a_hop_was_encrypted(value):
    hop = read_hop(value + "Mon, 2 Jun 2025 10:10:04 +0000")
    assert (hop.protocol, hop.encrypted, hop.tls) == HOPS[value]
    assert hop.at is not None
    assert hop.word


def test_the_way_is_read_from_the_bottom_up_with_its_delays():
    hops = hops_of(read_source(OUTLOOK.encode()))
    assert [hop.ses for hop in hops] == [True, False, False]
    assert [hop.delay for hop in hops] == [2.0, 2.0, 2.0]
    assert [hop.tls for hop in hops] == ["1.2", "1.3", ""]
    assert [hop.encrypted for hop in hops] == [Encryption.YES] * 3


def test_a_hop_without_a_time_does_not_break_the_delays():
    text = OUTLOOK.replace("10:10:07 +0000", "soon")
    assert [hop.delay for hop in hops_of(read_source(text.encode()))] == [2.0, None, 4.0]


@pytest.mark.parametrize(
    ("header", "spam"),
    [
        ("X-Spam-Status: Yes, score=7 required=5", True),
        ("X-Spam-Status: No, score=-1", False),
        ("X-Spam-Flag: YES", True),
        ("X-MS-Exchange-Organization-SCL: 6", True),
        ("X-MS-Exchange-Organization-SCL: -1", False),
        ("X-Forefront-Antispam-Report: CIP:1.2.3.4;SCL:1;SFV:SKB;CAT:NONE;", True),
        ("X-SES-Spam-Verdict: FAIL", True),
        ("X-YahooFilteredBulk: 54.240.8.30", True),
    ],
)
def test_what_filters_say(header, spam):
    (found,) = filtered(read_source(f"{header}\n{WRITTEN}".encode()))
    assert found.spam is spam
    assert found.said


PASTES = {
    "CR LF": GMAIL.replace("\n", "\r\n"),
    "CR": GMAIL.replace("\n", "\r"),
    "blank lines above": "\n \n\n" + GMAIL,
    "a mailbox file": "From 0102@mail.example.com Mon Jun  2 10:10:04 2025\n" + GMAIL,
    "the page of the mail program": (
        "Original Message\n\nMessage ID\t<a@b>\nCreated at:\tMon\nFrom:\tHello <x@y.example>\n"
        "SPF:\tPASS with IP 54.240.8.30\n\n" + GMAIL
    ),
    "folds without their blanks": "\n".join(line.strip() for line in GMAIL.splitlines()),
    "a blank line after each": GMAIL.replace("\n", "\n\n"),
    "a byte order mark": "\ufeff" + GMAIL,
}


@pytest.mark.parametrize("name", PASTES)
def test_headers_are_read_however_they_were_pasted(name):
    source = read_source(PASTES[name].encode())
    verdict = judge(source)
    assert verdict.status is Status.WELL
    assert verdict.author == "example.com"
    assert len(verdict.hops) == 2
    assert [each.signature.domain for each in verdict.signatures] == [
        "example.com",
        "amazonses.com",
    ]
    assert source.rewrapped is ("fold" in name or "after each" in name)


def test_utf_16_as_some_shells_write_it():
    assert judge(read_source(GMAIL.encode("utf-16"))).status is Status.WELL


def test_where_the_body_begins():
    source = read_source(b"From: a@example.com\r\nSubject: x\r\n\r\n\r\nBody: one\r\n\r\ntwo\r\n")
    assert source.has_body
    assert source.message.endswith(b"Subject: x\r\n\r\n\r\nBody: one\r\n\r\ntwo\r\n")
    assert [header.name for header in source.headers] == ["from", "subject"]
    assert not read_source(b"From: a@example.com\n\n\n").has_body


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no headers"),
        (b"Hello,\n\nthis is only a text.\n", "no headers"),
        (b"\x00\x01\x02" * 100, "no headers"),
        (b'{"From": 1}', "no headers"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, ".msg"),
    ],
)
def test_what_is_no_mail_says_so(content, word):
    with pytest.raises(NoMail, match=word):
        read_source(content)
