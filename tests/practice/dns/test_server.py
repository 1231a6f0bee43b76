"""The name server over its sockets."""

import socket

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.zone
import pytest

from sestui.practice.dns.route53 import records_of
from sestui.practice.dns.zone import build


def text(rrset):
    return sorted(str(rdata) for rdata in rrset)


def minimum(response):
    (soa,) = response.authority
    assert soa.rdtype == dns.rdatatype.SOA
    return soa.name.to_text(), soa.ttl


def test_a_record_is_answered_with_authority_over_udp_and_tcp(ask, world):
    world.panel.add("mail.shop.example", "MX", "10 feedback-smtp.eu-west-1.amazonses.com", 120)
    for tcp in (False, True):
        response = ask("MAIL.shop.example", "MX", tcp=tcp)
        assert response.rcode() == dns.rcode.NOERROR
        assert response.flags & dns.flags.AA
        assert not response.flags & dns.flags.RA
        (rrset,) = response.answer
        assert rrset.ttl == 120
        assert text(rrset) == ["10 feedback-smtp.eu-west-1.amazonses.com."]


def test_a_missing_name_is_nxdomain_and_a_missing_type_is_nodata(ask, world):
    world.panel.add("a._domainkey.shop.example", "CNAME", "a.dkim.amazonses.com")
    for name, rcode in (
        ("nothing.shop.example", dns.rcode.NXDOMAIN),
        ("_domainkey.shop.example", dns.rcode.NOERROR),  # an empty non-terminal
        ("shop.example", dns.rcode.NOERROR),
    ):
        response = ask(name)
        assert response.rcode() == rcode
        assert not response.answer
        assert minimum(response) == ("shop.example.", 60)
        assert response.flags & dns.flags.AA


def test_a_cname_is_followed_into_other_zones_of_this_server(ask, world, keys):
    keys.public["tok.dkim.amazonses.com"] = "p=" + "A" * 390
    world.panel.add("tok._domainkey.shop.example", "CNAME", "tok.dkim.amazonses.com.")
    response = ask("tok._domainkey.shop.example", tcp=True)
    cname, txt = response.answer
    assert cname[0].target.to_text() == "tok.dkim.amazonses.com."
    assert [len(s) for s in txt[0].strings] == [255, 137]
    assert len(ask("tok._domainkey.shop.example", "CNAME").answer) == 1

    del keys.public["tok.dkim.amazonses.com"]
    response = ask("tok._domainkey.shop.example")
    assert response.rcode() == dns.rcode.NXDOMAIN  # of the target; the CNAME is there
    assert len(response.answer) == 1
    assert minimum(response)[0] == "amazonses.com."


def test_a_cname_loop_ends(ask, world):
    world.panel.add("a.shop.example", "CNAME", "b.shop.example")
    world.panel.add("b.shop.example", "CNAME", "a.shop.example")
    response = ask("a.shop.example")
    assert [r.name.to_text() for r in response.answer] == ["a.shop.example.", "b.shop.example."]


def test_wildcards_cover_what_does_not_exist_and_only_that(ask, world):
    world.panel.add("*.shop.example", "TXT", "wild")
    world.panel.add("here.shop.example", "A", "127.0.0.1")
    world.panel.add("x.there.shop.example", "A", "127.0.0.1")
    assert text(ask("any.shop.example").answer[0]) == ['"wild"']
    assert text(ask("a.b.shop.example").answer[0]) == ['"wild"']
    assert ask("any.shop.example").answer[0].name.to_text() == "any.shop.example."
    assert not ask("any.shop.example", "MX").answer
    assert ask("any.shop.example", "MX").rcode() == dns.rcode.NOERROR
    for closer in ("here.shop.example", "there.shop.example"):
        assert not ask(closer).answer
        assert ask(closer).rcode() == dns.rcode.NOERROR
    assert ask("y.there.shop.example").rcode() == dns.rcode.NXDOMAIN


def test_a_delegation_is_a_referral(ask, world):
    world.panel.add("sub.shop.example", "NS", "ns.elsewhere.example")
    response = ask("x.sub.shop.example", "A")
    assert not response.flags & dns.flags.AA
    assert not response.answer
    assert response.authority[0].rdtype == dns.rdatatype.NS


def test_what_does_not_fit_is_truncated_and_whole_over_tcp(ask, world):
    for number in range(12):
        world.panel.add("big.shop.example", "TXT", f"{number:03d}" + "x" * 200)
    for more in ({}, {"use_edns": 0, "payload": 4096}):
        response = ask("big.shop.example", **more)
        assert response.flags & dns.flags.TC
        assert not response.answer
    assert len(ask("big.shop.example", tcp=True).answer[0]) == 12
    world.panel.delete("big.shop.example")
    for number in range(4):
        world.panel.add("big.shop.example", "TXT", f"{number:03d}" + "x" * 200)
    assert ask("big.shop.example").flags & dns.flags.TC
    assert len(ask("big.shop.example", use_edns=0, payload=1232).answer[0]) == 4


def test_edns_is_answered_and_an_unknown_version_refused(ask):
    assert ask("shop.example", "SOA", use_edns=0).edns == 0
    assert ask("shop.example", "SOA").edns == -1
    assert ask("shop.example", "SOA", use_edns=1).rcode() == dns.rcode.BADVERS


@pytest.mark.parametrize("junk", [b"", b"x", b"\0" * 11, b"\1\2\0\0\0\1" + b"\0" * 6, b"\xff" * 40])
def test_junk_is_an_error_or_silence_and_never_the_end(ask, server, junk):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(junk, server.address)
    assert ask("shop.example", "SOA").answer


def test_other_classes_and_opcodes_are_refused(ask, server):
    query = dns.message.make_query("version.bind", "TXT", "CH")
    assert dns.query.udp(query, *server.address[:1], port=server.port).rcode() == dns.rcode.REFUSED
    query = dns.message.make_query("shop.example", "SOA")
    query.set_opcode(dns.opcode.NOTIFY)
    response = dns.query.udp(query, "127.0.0.1", port=server.port)
    assert response.rcode() == dns.rcode.NOTIMP


def test_every_domain_exists_with_name_servers_that_resolve_here(ask):
    for name in ("example.org", "münchen.example", "shop.com.vn"):
        assert ask(name, "SOA").answer[0][0].mname.to_text() == "ns1.practice-dns.example."
        servers = ask(name, "NS").answer[0]
        for server in servers:
            assert text(ask(server.target, "A").answer[0]) == ["127.0.0.1"]
        assert ask(f"_dmarc.{name}").rcode() == dns.rcode.NXDOMAIN
    assert ask("_dmarc.com").rcode() == dns.rcode.NXDOMAIN
    assert ask("com", "TXT").rcode() == dns.rcode.NOERROR
    assert ask("x.invalid", "A").rcode() == dns.rcode.NXDOMAIN
    assert text(ask("ns-2048.awsdns-64.co.uk", "A").answer[0]) == ["127.0.0.1"]


def test_amazonses_names(ask, keys):
    keys.public |= {"one.dkim.amazonses.com": "p=MIIB", "two.dkim.eu-south-1.amazonses.com": ""}
    assert text(ask("one.dkim.amazonses.com").answer[0]) == ['"p=MIIB"']
    assert text(ask("two.dkim.eu-south-1.amazonses.com").answer[0]) == ['""']
    assert ask("three.dkim.amazonses.com").rcode() == dns.rcode.NXDOMAIN
    (spf,) = ask("amazonses.com", use_edns=0).answer[0]
    assert b"".join(spf.strings).startswith(b"v=spf1 ip4:127.0.0.0/8 ")
    assert text(ask("eu-west-1.amazonses.com", "MX").answer[0])[0].startswith("10 feedback-smtp.eu")
    assert text(ask("eu-west-1.amazonses.com").answer[0]) == ['"v=spf1 include:amazonses.com -all"']
    assert text(ask("feedback-smtp.eu-west-1.amazonses.com", "A").answer[0]) == ["127.0.0.1"]


def test_route_53_zones_are_served_and_win_over_the_panel(ask, world):
    sets = [
        {"Name": "shop.example.", "Type": "SOA", "TTL": 900, "ResourceRecords": [
            {"Value": "ns-2048.awsdns-64.com. h.example.com. 1 7200 900 1209600 86400"}
        ]},
        {"Name": "\\052.shop.example.", "Type": "TXT", "TTL": 60, "ResourceRecords": [
            {"Value": '"two" "parts"'}
        ]},
        {"Name": "alias.shop.example.", "Type": "A", "AliasTarget": {"DNSName": "x.example."}},
        {"Name": "odd.shop.example.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "?"}]},
    ]  # fmt: skip
    world.panel.add("_dmarc.shop.example", "TXT", "v=DMARC1; p=none")
    origin = dns.name.from_text("shop.example.")
    world.route53 = {origin: build(origin, records_of(sets))}
    assert text(ask("_dmarc.shop.example").answer[0]) == ['"two" "parts"']
    assert ask("shop.example", "SOA").answer[0][0].mname.to_text() == "ns-2048.awsdns-64.com."
    assert minimum(ask("shop.example", "MX"))[1] == 900
    with pytest.raises(ValueError, match="Route 53"):
        world.panel.add("x.shop.example", "TXT", "no effect")


def test_dnspythons_resolver_is_content(server, world):
    world.panel.add("_dmarc.shop.example", "TXT", "v=DMARC1; p=none")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
    (rdata,) = resolver.resolve("_dmarc.shop.example.", "TXT", search=False)
    assert b"".join(rdata.strings) == b"v=DMARC1; p=none"
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve("x.shop.example.", "TXT", search=False)
    assert dns.resolver.zone_for_name("x.shop.example.", resolver=resolver).to_text() == (
        "shop.example."
    )


class TestFaults:
    def test_each_kind(self, ask, server):
        for kind, rcode in (("servfail", "SERVFAIL"), ("refused", "REFUSED"), ("lame", "NOERROR")):
            number = server.faults.add("Shop.example.", kind, rdtype="txt")
            response = ask("shop.example")
            assert dns.rcode.to_text(response.rcode()) == rcode
            assert not response.flags & dns.flags.AA
            assert not response.answer + response.authority
            assert ask("shop.example", "SOA").answer  # another type is fine
            assert server.faults.remove(number)
            assert ask("shop.example").flags & dns.flags.AA

    def test_a_dropped_query_is_silence(self, server):
        server.faults.add("*", "drop")
        query = dns.message.make_query("shop.example", "SOA")
        with pytest.raises(dns.exception.Timeout):
            dns.query.udp(query, "127.0.0.1", port=server.port, timeout=0.1)
        with pytest.raises(EOFError):
            dns.query.tcp(query, "127.0.0.1", port=server.port, timeout=3)

    def test_a_delay_holds_up_nobody_else(self, ask, server):
        server.faults.add("slow.shop.example", "delay", ms=60_000)
        query = dns.message.make_query("slow.shop.example", "SOA")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(query.to_wire(), server.address)
            assert ask("shop.example", "SOA").answer
            server.stop()  # at once, with the answer outstanding

    def test_a_count_runs_out(self, ask, server):
        server.faults.add("*.shop.example", "servfail", count=2)
        rcodes = [ask("a.b.shop.example", "A").rcode() for _ in range(3)]
        assert rcodes == [dns.rcode.SERVFAIL, dns.rcode.SERVFAIL, dns.rcode.NXDOMAIN]
        assert server.faults.listing() == []

    @pytest.mark.parametrize(
        "bad", [{"kind": "maybe"}, {"rdtype": "NOPE"}, {"count": 0}, {"ms": -1}]
    )
    def test_nonsense_is_refused(self, server, bad):
        with pytest.raises(ValueError, match=r"is|no such"):
            server.faults.add("shop.example", **({"kind": "delay"} | bad))
