"""Five outcomes that are never mixed up, over UDP and TCP on loopback."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from sestui.domain.dns import Answer, Outcome
from sestui.gateways.dns import MAX_ALIASES, DnsPython
from sestui.gateways.dnswire import Wire
from tests.gateways.servers import NameServer, failing, lame, silent

AT = datetime(2026, 10, 1, tzinfo=UTC)
PATIENT = 10.0
"""Seconds for an answer that comes, however busy the machine is."""
SHORT = 0.15
"""Seconds for one that never does."""


def asking(*servers: NameServer, timeout: float = PATIENT) -> DnsPython:
    places = [server.place for server in servers]
    return DnsPython(places, wire=Wire(timeout=timeout), now=lambda: AT)


async def one(server: NameServer, name: str, kind: str, seconds: float = PATIENT) -> Answer:
    (answer,) = await asking(server, timeout=seconds).ask([(name, kind)])
    return answer


async def test_found_with_its_evidence(name_server: NameServer) -> None:
    name_server.add('_dmarc.example.com. 300 IN TXT "v=DMARC1; " "p=none;"')
    answer = await one(name_server, "_dmarc.example.com", "TXT")
    assert answer == Answer(
        "_dmarc.example.com",
        "TXT",
        Outcome.FOUND,
        ("v=DMARC1; p=none;",),
        server=f"127.0.0.1:{name_server.port}",
        at=AT,
        ttl=300,
        rcode="NOERROR",
        authoritative=True,
        texts=((b"v=DMARC1; ", b"p=none;"),),
    )
    assert answer.certain


async def test_values_as_a_person_knows_them(name_server: NameServer) -> None:
    name_server.add(
        "mail.example.com. 300 IN MX 20 B.Example.com.",
        "mail.example.com. 300 IN MX 10 feedback-smtp.eu-west-1.amazonses.com.",
        "null.example.com. 300 IN MX 0 .",
        "t._domainkey.example.com. 300 IN CNAME T.dkim.AmazonSES.com.",
        "example.com. 300 IN NS ns2.example.com.",
        "example.com. 300 IN NS ns1.example.com.",
        "example.com. 300 IN A 192.0.2.1",
        "odd.example.com. 300 IN CNAME a\\027b\\.c.example.com.",
    )
    found = await asking(name_server).ask(
        [
            ("mail.example.com", "MX"),
            ("null.example.com.", "mx"),
            ("T._DomainKey.example.com", "CNAME"),
            ("example.com", "NS"),
            ("example.com", "A"),
            ("odd.example.com", "CNAME"),
        ]
    )
    assert [answer.values for answer in found] == [
        ("10 feedback-smtp.eu-west-1.amazonses.com", "20 b.example.com"),
        ("0 .",),
        ("t.dkim.amazonses.com",),
        ("ns1.example.com", "ns2.example.com"),
        ("192.0.2.1",),
        ("a\\027b\\.c.example.com",),
    ]


async def test_no_name_and_no_type_are_two_things(name_server: NameServer) -> None:
    name_server.add("www.example.com. 300 IN A 192.0.2.1")
    dns_ = asking(name_server)
    found = await dns_.ask(
        [("nope.example.com", "TXT"), ("www.example.com", "TXT"), ("example.com", "TXT")]
    )
    assert [answer.outcome for answer in found] == [
        Outcome.NO_SUCH_NAME,
        Outcome.NO_SUCH_TYPE,
        Outcome.NO_SUCH_TYPE,  # an empty non-terminal is there
    ]
    assert all(answer.certain for answer in found)


@pytest.mark.parametrize(
    ("rcode", "word"),
    [
        (dns.rcode.SERVFAIL, "SERVFAIL"),
        (dns.rcode.REFUSED, "REFUSED"),
        (dns.rcode.FORMERR, "FORMERR"),
    ],
)
async def test_an_error_is_neither_yes_nor_no(
    name_server: NameServer, rcode: int, word: str
) -> None:
    name_server.odd["example.com", "TXT"] = failing(rcode)
    answer = await one(name_server, "example.com", "TXT")
    assert (answer.outcome, answer.certain) == (Outcome.BROKEN, False)
    assert word in answer.detail
    assert str(name_server.port) in answer.server


async def test_the_servers_own_explanation(name_server: NameServer) -> None:
    def behave(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.SERVFAIL)
        why = dns.edns.EDEOption(dns.edns.EDECode.DNSKEY_MISSING, "no key\x1b[31m")
        response.use_edns(0, options=[why])
        return response

    name_server.odd["example.com", "TXT"] = behave
    answer = await one(name_server, "example.com", "TXT")
    assert "no key" in answer.detail
    assert answer.detail.isprintable()


async def test_a_server_that_is_not_responsible(name_server: NameServer) -> None:
    name_server.odd["example.com", "TXT"] = lame
    answer = await one(name_server, "example.com", "TXT")
    assert answer.outcome is Outcome.BROKEN
    assert "lame" in answer.detail


async def test_silence(name_server: NameServer) -> None:
    name_server.odd["example.com", "TXT"] = silent
    answer = await one(name_server, "example.com", "TXT", SHORT)
    assert answer.outcome is Outcome.TIMED_OUT
    assert answer.detail == "no answer in 0.15 s"
    assert len(name_server.queries) == 2  # one query may have been lost


async def test_another_server_is_asked_once(name_server: NameServer) -> None:
    name_server.add('example.com. 300 IN TXT "x"')
    mute = NameServer()
    try:
        for behaviour in (silent, failing(dns.rcode.REFUSED)):
            mute.odd["example.com", "TXT"] = behaviour
            dns_ = asking(mute, name_server, timeout=0.5)
            (answer,) = await dns_.ask([("example.com", "TXT")])
            assert answer.values == ("x",)
            assert str(name_server.port) in answer.server
        # What one server says outranks the other's silence.
        name_server.odd["example.com", "TXT"] = silent
        (answer,) = await asking(mute, name_server, timeout=0.5).ask([("example.com", "TXT")])
        assert (answer.outcome, answer.detail) == (Outcome.BROKEN, "REFUSED")
    finally:
        mute.stop()


async def test_a_server_that_is_switched_off() -> None:
    gone = NameServer()
    gone.stop()
    (answer,) = await asking(gone, timeout=SHORT).ask([("example.com", "TXT")])
    assert answer.outcome is Outcome.TIMED_OUT


async def test_a_long_answer_goes_over_tcp(name_server: NameServer) -> None:
    name_server.add(*(f'example.com. 300 IN TXT "{n:03d}{"x" * 200}"' for n in range(20)))
    answer = await one(name_server, "example.com", "TXT")
    assert len(answer.values) == 20
    assert [tcp for _name, _type, tcp in name_server.queries] == [False, True]


async def test_aliases_are_followed(name_server: NameServer) -> None:
    name_server.add(
        "t._domainkey.example.com. 300 IN CNAME t.dkim.amazonses.com.",
        't.dkim.amazonses.com. 300 IN TXT "p=MIIB"',
        "dangling.example.com. 300 IN CNAME nothing.amazonses.com.",
    )
    found = await asking(name_server).ask(
        [
            ("t._domainkey.example.com", "TXT"),
            ("t._domainkey.example.com", "CNAME"),
            ("t._domainkey.example.com", "MX"),
            ("dangling.example.com", "TXT"),
            ("dangling.example.com", "CNAME"),
        ]
    )
    assert [answer.outcome for answer in found] == [
        Outcome.FOUND,
        Outcome.FOUND,
        Outcome.NO_SUCH_TYPE,
        Outcome.NO_SUCH_NAME,
        Outcome.FOUND,
    ]
    assert found[0].values == ("p=MIIB",)
    assert "t.dkim.amazonses.com" in found[0].detail
    assert "nothing.amazonses.com" in found[3].detail
    assert found[4].values == ("nothing.amazonses.com",)


async def test_an_alias_that_leads_out_of_one_answer(name_server: NameServer) -> None:
    """A server that does not chase aliases into another zone, as knot."""
    name_server.add(
        "a.example.com. 300 IN CNAME b.example.net.", 'b.example.net. 300 IN TXT "there"'
    )

    def only_the_alias(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        response.answer.append(name_server.records["a.example.com", "CNAME"])
        return response

    name_server.odd["a.example.com", "TXT"] = only_the_alias
    answer = await one(name_server, "a.example.com", "TXT")
    assert answer.values == ("there",)


@pytest.mark.parametrize("size", [1, 2, 5])
async def test_a_loop_of_aliases(name_server: NameServer, size: int) -> None:
    for n in range(size):
        name_server.add(f"n{n}.example.com. 300 IN CNAME n{(n + 1) % size}.example.com.")
    answer = await one(name_server, "n0.example.com", "TXT")
    assert (answer.outcome, answer.detail) == (Outcome.BROKEN, "CNAME loop")


async def test_a_chain_without_end(name_server: NameServer) -> None:
    for n in range(MAX_ALIASES + 1):
        name_server.add(f"n{n}.example.com. 300 IN CNAME n{n + 1}.example.com.")
    name_server.add(f'n{MAX_ALIASES + 1}.example.com. 300 IN TXT "x"')
    answer = await one(name_server, "n0.example.com", "TXT")
    assert answer.outcome is Outcome.BROKEN
    assert (await one(name_server, "n1.example.com", "TXT")).values == ("x",)


@pytest.mark.parametrize(
    "name", ["", ".", "a..b", "x" * 64 + ".com", ".".join(["abcdefg"] * 40), "\udc80.com", "\x00é"]
)
async def test_a_name_that_cannot_be_asked_for(name_server: NameServer, name: str) -> None:
    answer = await one(name_server, name, "TXT")
    assert answer.outcome is Outcome.BROKEN
    assert answer.name == name
    assert answer.detail.isprintable()
    assert name_server.queries == []


async def test_a_type_there_is_not(name_server: NameServer) -> None:
    answer = await one(name_server, "example.com", "NOPE")
    assert answer.outcome is Outcome.BROKEN
    assert "NOPE" in answer.detail


async def test_idna_2008_below_underscores(name_server: NameServer) -> None:
    name_server.add('_dmarc.xn--fa-hia.de. 300 IN TXT "v=DMARC1"')
    answer = await one(name_server, "_dmarc.faß.de", "TXT")
    assert answer.values == ("v=DMARC1",)  # IDNA 2003 would ask for fass.de
    assert answer.name == "_dmarc.faß.de"


async def test_hostile_bytes_in_a_txt(name_server: NameServer) -> None:
    name_server.records["example.com", "TXT"] = dns.rrset.from_text(
        "example.com.", 300, "IN", "TXT", '"\\027]0;T\\007[b]\\255" "v=\\226\\130\\172"'
    )
    answer = await one(name_server, "example.com", "TXT")
    assert answer.values[0].isprintable()
    assert "\\x1b" in answer.values[0]
    assert "\\xff" in answer.values[0]
    assert "[b]" in answer.values[0]


async def test_bytes_that_are_no_dns_message_are_silence(name_server: NameServer) -> None:
    name_server.odd["example.com", "TXT"] = lambda _query: b"\xff\xfe"
    answer = await one(name_server, "example.com", "TXT", SHORT)
    assert answer.outcome is Outcome.TIMED_OUT


async def test_an_answer_to_another_question_is_not_taken(name_server: NameServer) -> None:
    def other(query: dns.message.Message) -> bytes:
        query.id ^= 1
        return dns.message.make_response(query).to_wire()

    name_server.odd["example.com", "TXT"] = other
    answer = await one(name_server, "example.com", "TXT", SHORT)
    assert answer.outcome is Outcome.TIMED_OUT


async def test_all_questions_at_once_in_their_order(name_server: NameServer) -> None:
    name_server.add(*(f'n{n}.example.com. 300 IN TXT "{n}"' for n in range(120)))
    found = await asking(name_server).ask([(f"n{n}.example.com", "TXT") for n in range(120)])
    assert [answer.values for answer in found] == [(str(n),) for n in range(120)]


def test_several_event_loops_in_turn(name_server: NameServer) -> None:
    name_server.add('example.com. 300 IN TXT "x"')
    dns_ = DnsPython([name_server.place], wire=Wire(timeout=PATIENT, in_flight=2))
    for _ in range(2):
        found = asyncio.run(dns_.ask([("example.com", "TXT")] * 20))
        assert {answer.outcome for answer in found} == {Outcome.FOUND}


async def test_a_server_by_its_name(name_server: NameServer) -> None:
    name_server.add('example.com. 300 IN TXT "x"')
    dns_ = DnsPython([("localhost", name_server.port)], wire=Wire(timeout=PATIENT))
    (answer,) = await dns_.ask([("example.com", "TXT")])
    assert answer.values == ("x",)
    assert answer.server.startswith("localhost (")


async def test_a_resolvers_answer_counts_where_one_was_given(name_server: NameServer) -> None:
    name_server.flags = dns.flags.RA
    name_server.add('example.com. 300 IN TXT "x"', "a.example.com. 300 IN CNAME gone.example.com.")
    found = await asking(name_server).ask([("example.com", "TXT"), ("a.example.com", "TXT")])
    assert found[0].values == ("x",)
    assert found[1].outcome is Outcome.NO_SUCH_NAME
    assert all(name_server.recursion_wanted)
    assert len(name_server.queries) == 2  # it has followed the alias itself
