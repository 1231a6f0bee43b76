"""SPF, DKIM and DMARC as the mailbox judges them."""

import pytest

from sestui.practice.mail import dmarc, signing, spf
from sestui.practice.mail.judge import author_domain, judge
from sestui.practice.ports import SigningKey
from sestui.practice.ses.keys import new_key, public_value
from tests.practice.mail.conftest import DOMAIN, MIME, pem

OWN = SigningKey(DOMAIN, "tok", pem(1).encode())


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("v=spf1 include:amazonses.com ~all", "pass"),
        ("V=SPF1 INCLUDE:amazonses.com", "pass"),
        ("v=spf1 ip4:127.0.0.1 -all", "pass"),
        ("v=spf1 a:here.spf.example -all", "pass"),
        ("v=spf1 a:here.spf.example/8 -all", "pass"),
        ("v=spf1 mx:mx.spf.example -all", "pass"),
        ("v=spf1 exists:here.spf.example -all", "pass"),
        ("v=spf1 redirect=amazonses.com", "pass"),
        ("v=spf1 x=y ip6:::1 +all", "pass"),
        ("v=spf1 -all", "fail"),
        ("v=spf1 -include:amazonses.com ?all", "fail"),
        ("v=spf1 include=amazonses.com ~all", "softfail"),
        ("v=spf1 ptr exists:%{i}.spf.example ?all", "neutral"),
        ("v=spf1", "neutral"),
        ("v=spf10 +all", "none"),
        ("spf1 +all", "none"),
        ("v=spf1 include:none.example -all", "permerror"),
        ("v=spf1 redirect=none.example", "permerror"),
        ("v=spf1 ip4:2001:db8::1 -all", "permerror"),
        ("v=spf1 ip4:300.0.0.1 -all", "permerror"),
        ("v=spf1 amazonses.com -all", "permerror"),
        ("v=spf1 include: amazonses.com", "permerror"),
        ("v=spf1 include:top.spf.example -all", "permerror"),
        ("v=spf1 a:v1.example a:v2.example a:v3.example -all", "permerror"),
        ("v=spf1 include:two.spf.example -all", "permerror"),
        ("v=spf1 include:broken.spf.example -all", "temperror"),
    ],
)
def test_spf(record, result, world, dns, lookup):
    add = world.panel.add
    add("top.spf.example", "TXT", record)
    add("here.spf.example", "A", "127.0.0.1")
    add("mx.spf.example", "MX", "10 here.spf.example")
    add("two.spf.example", "TXT", "v=spf1 +all")
    add("two.spf.example", "TXT", "v=spf1 -all")
    dns.faults.add("broken.spf.example", "servfail")
    assert spf.check(lookup, "127.0.0.1", "top.spf.example")[0] == result


def test_spf_counts_ten_terms(world, lookup):
    for number in range(10):
        following = f"include:s{number + 1}.spf.example" if number < 9 else "ip4:127.0.0.1"
        world.panel.add(f"s{number}.spf.example", "TXT", f"v=spf1 {following} -all")
    for head, result in (
        ("include:s0.spf.example", "pass"),
        ("a include:s0.spf.example", "permerror"),
    ):
        world.panel.replace("top.spf.example", "TXT", [f"v=spf1 {head} -all"])
        assert spf.check(lookup, "127.0.0.1", "top.spf.example")[0] == result
    assert spf.check(lookup, "127.0.0.1", "")[0] == "none"


@pytest.mark.parametrize(
    ("records", "author", "passed", "result", "policy"),
    [
        ({"d.example": "v=DMARC1; p=none"}, "d.example", "d.example", "pass", "none"),
        ({"d.example": "v=DMARC1; p=reject"}, "d.example", "e.example", "fail", "reject"),
        ({"d.example": "v=DMARC1; p=none"}, "d.example", "mail.d.example", "pass", "none"),
        ({"d.example": "v=DMARC1;p=none;adkim=s"}, "d.example", "mail.d.example", "fail", "none"),
        ({"d.example": "v=DMARC1;p=none;adkim=s"}, "d.example", "d.example", "pass", "none"),
        (
            {"d.example": "v=DMARC1; p=none; sp=reject"},
            "a.d.example",
            "x.example",
            "fail",
            "reject",
        ),
        (
            {"d.example": "v=DMARC1; p=none; sp=reject"},
            "a.d.example",
            "d.example",
            "pass",
            "reject",
        ),
        # facts/dns.md 1.2: each is its own organizational domain here.
        ({"mail.d.example": "v=DMARC1; p=none"}, "mail.d.example", "d.example", "fail", "none"),
        (
            {"mail.d.example": "v=DMARC1; p=none", "d.example": "v=DMARC1; p=none"},
            "mail.d.example",
            "d.example",
            "pass",
            "none",
        ),
        (
            {"d.example": "v=DMARC1; p=none", "mail.d.example": "v=DMARC1; p=none; psd=n"},
            "d.example",
            "mail.d.example",
            "fail",
            "none",
        ),
        ({}, "d.example", "d.example", "none", ""),
        ({"d.example": "v=dmarc1; p=none"}, "d.example", "d.example", "none", ""),
        ({"d.example": "v=DMARC1"}, "d.example", "d.example", "permerror", ""),
        ({"d.example": "v=DMARC1; rua=mailto:a@b.c"}, "d.example", "d.example", "pass", "none"),
    ],
)
def test_dmarc(records, author, passed, result, policy, world, lookup):
    for name, record in records.items():
        world.panel.add(f"_dmarc.{name}", "TXT", record)
    found = dmarc.check(lookup, author, [("dkim", passed)])
    assert (found.result, found.policy) == (result, policy)
    assert dmarc.check(lookup, author, []).result in ("fail", "none", "permerror")


def test_two_dmarc_records_are_none(world, lookup):
    for policy in ("none", "reject"):
        world.panel.add("_dmarc.d.example", "TXT", f"v=DMARC1; p={policy}")
    world.panel.add("_dmarc.d.example", "TXT", "another thing")
    assert dmarc.check(lookup, "d.example", [("spf", "d.example")]).result == "none"


class TestDkim:
    def verdict(self, lookup, message):
        return signing.verify(message, lookup)[0]

    def test_pass_and_tampering(self, lookup):
        signed = signing.sign(MIME, OWN)
        good = self.verdict(lookup, signed)
        assert (good.result, good.domain, good.selector) == ("pass", DOMAIN, "tok")
        assert len(good.signature) == 8
        assert self.verdict(lookup, signed.replace(b"Hello", b"Hallo")).result == "fail"
        assert self.verdict(lookup, signed.replace(b"To: you", b"To: ten")).result == "fail"
        assert signing.verify(MIME, lookup) == []

    @pytest.mark.parametrize(
        ("value", "result", "reason"),
        [
            (None, "permerror", "no key for signature"),
            ("p=", "permerror", "key revoked"),
            ("p=junk", "permerror", "not a key"),
            ("v=DKIM2; p=AAAA", "permerror", "not a key"),
            ("another", "fail", "signature did not verify"),
        ],
    )
    def test_wrong_keys(self, value, result, reason, world, lookup):
        name = f"tok._domainkey.{DOMAIN}"
        world.panel.delete(name)
        if value == "another":
            value = f"p={public_value(new_key(1024))}"
        if value:
            world.panel.add(name, "TXT", value)
        found = self.verdict(lookup, signing.sign(MIME, OWN))
        assert (found.result, found.reason) == (result, reason)

    def test_a_broken_name_server(self, dns, lookup):
        dns.faults.add("*", "refused")
        found = self.verdict(lookup, signing.sign(MIME, OWN))
        assert found.result == "temperror"
        assert "REFUSED" in found.reason

    @pytest.mark.parametrize(
        "value", [b"", b"junk", b"v=1; a=rsa-sha256; d=x; s=y; h=from; b=; bh="]
    )
    def test_malformed_signatures(self, lookup, value):
        found = self.verdict(lookup, b"DKIM-Signature: " + value + b"\r\n" + MIME)
        assert found.result == "permerror"

    def test_long_keys_and_pkcs1(self, world, lookup):
        long = new_key(2048)
        world.panel.add(f"byo._domainkey.{DOMAIN}", "TXT", f"p={public_value(long)}")
        key = SigningKey(DOMAIN, "byo", long.encode())
        assert self.verdict(lookup, signing.sign(MIME, key)).result == "pass"


@pytest.mark.parametrize(
    ("header", "domain"),
    [
        (b"From: a@B.Example", "b.example"),
        (b'From: "x@evil.example" <a@b.example>', "b.example"),
        (b"From: nobody", ""),
        (b"From: a@b c@d, e@f", ""),
        (b"From: a@b_c!d.example", ""),
        (b"X: y", ""),
    ],
)
def test_author_domain(header, domain):
    assert author_domain(header + b"\r\n\r\n") == domain


def test_no_from_is_no_dmarc(lookup):
    judgement = judge(b"Subject: x\r\n\r\n", "a@eu-west-1.amazonses.com", lookup)
    assert judgement.dmarc.result == "permerror"
    assert judgement.spf == "pass"
    assert judgement.header().startswith(b"Authentication-Results: mx.practice.example;\r\n\t")
