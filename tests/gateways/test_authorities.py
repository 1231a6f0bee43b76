"""Finding the authoritative servers: one server on loopback plays resolver, another the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dns.flags
import dns.message
import dns.rcode
import pytest

from sestui.domain.dns import Answer, Outcome
from sestui.gateways.authorities import REMEMBERED, Authorities, system_resolvers
from sestui.gateways.dns import DnsPython
from sestui.gateways.dnswire import Unanswered, Wire
from sestui.gateways.nameserver import Server
from tests.gateways.servers import NameServer, failing, silent

SOA = "ns1.example.com. admin.example.com. 1 7200 900 1209600 300"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def resolver(name_server: NameServer) -> NameServer:
    """Knows the way to example.com; whatever it says of records below is stale."""
    name_server.flags = dns.flags.RA
    name_server.add(
        f"example.com. 300 IN SOA {SOA}",
        "example.com. 300 IN NS ns1.example.com.",
        "ns1.example.com. 300 IN A 127.0.0.1",
        'old.example.com. 300 IN TXT "from the cache"',
    )
    return name_server


@pytest.fixture
def authority() -> Iterator[NameServer]:
    server = NameServer()
    server.add(
        f"example.com. 300 IN SOA {SOA}",
        'old.example.com. 300 IN TXT "from the source"',
        '_dmarc.example.com. 300 IN TXT "v=DMARC1"',
    )
    yield server
    server.stop()


def looking(
    resolver: NameServer,
    authority: NameServer,
    clock: Clock | None = None,
    *,
    timeout: float = 10.0,
) -> DnsPython:
    async def resolvers() -> Sequence[Server]:
        return [Server(*resolver.place)]

    wire = Wire(timeout=timeout)
    clock = clock or Clock()
    directory = Authorities(wire, resolvers, port=authority.port, monotonic=clock)
    return DnsPython(wire=wire, directory=directory)


async def one(dns_: DnsPython, name: str, kind: str = "TXT") -> Answer:
    (answer,) = await dns_.ask([(name, kind)])
    return answer


async def test_the_source_is_asked_and_not_the_cache(
    resolver: NameServer, authority: NameServer
) -> None:
    answer = await one(looking(resolver, authority), "old.example.com")
    assert answer.values == ("from the source",)
    assert answer.server == f"ns1.example.com (127.0.0.1:{authority.port})"
    assert not any(authority.recursion_wanted)
    assert all(resolver.recursion_wanted)


async def test_what_may_be_missing_is_never_asked_of_the_resolver(
    resolver: NameServer, authority: NameServer
) -> None:
    dns_ = looking(resolver, authority)
    answer = await one(dns_, "token._domainkey.example.com", "CNAME")
    assert answer.outcome is Outcome.NO_SUCH_NAME
    assert (await one(dns_, "_dmarc.example.com")).values == ("v=DMARC1",)
    assert not [name for name, _type, _tcp in resolver.queries if name.startswith(("t", "_"))]


async def test_the_way_is_asked_for_once(resolver: NameServer, authority: NameServer) -> None:
    clock = Clock()
    dns_ = looking(resolver, authority, clock)
    names = [(f"t{n}._domainkey.example.com", "CNAME") for n in range(10)]
    await dns_.ask(names)
    way = len(resolver.queries)
    assert way == 4  # SOA, NS, A, AAAA
    await dns_.ask(names)
    assert len(resolver.queries) == way
    clock.now += REMEMBERED + 1
    await dns_.ask(names)
    assert len(resolver.queries) == 2 * way


async def test_an_apex_below_an_alias_is_not_taken_for_its_own(
    resolver: NameServer, authority: NameServer
) -> None:
    for server in (resolver, authority):
        server.add("www.example.com. 300 IN CNAME shop.other.net.")
    resolver.add("other.net. 300 IN SOA " + SOA)
    answer = await one(looking(resolver, authority), "www.example.com", "CNAME")
    assert answer.values == ("shop.other.net",)


async def test_a_delegated_underscore_label_is_followed(
    resolver: NameServer, authority: NameServer
) -> None:
    """The parent's servers refer to those of _domainkey.example.com; here the same address."""
    name = "t._domainkey.example.com"
    asked: list[int] = []

    def refer_then_answer(query: dns.message.Message) -> dns.message.Message:
        asked.append(1)
        response = dns.message.make_response(query)
        text = (
            f"id {query.id}\nopcode QUERY\nrcode NOERROR\nflags QR\n;QUESTION\n{name}. IN CNAME\n"
        )
        if len(asked) == 1:
            text += (
                ";AUTHORITY\n_domainkey.example.com. 300 IN NS ns.provider.net.\n"
                ";ADDITIONAL\nns.provider.net. 300 IN A 127.0.0.1\n"
            )
        else:
            text = text.replace("flags QR", "flags QR AA")
            text += f";ANSWER\n{name}. 300 IN CNAME t.dkim.amazonses.com.\n"
        response = dns.message.from_text(text)
        response.id = query.id
        return response

    authority.odd[name, "CNAME"] = refer_then_answer
    answer = await one(looking(resolver, authority), name, "CNAME")
    assert answer.values == ("t.dkim.amazonses.com",)
    assert answer.server.startswith("ns.provider.net ")


async def test_a_server_that_is_lame(resolver: NameServer, authority: NameServer) -> None:
    authority.flags = 0
    answer = await one(looking(resolver, authority), "old.example.com")
    assert answer.outcome is Outcome.BROKEN
    assert "lame" in answer.detail
    assert "ns1.example.com" in answer.server


async def test_no_way_is_told_apart(resolver: NameServer, authority: NameServer) -> None:
    dns_ = looking(resolver, authority, timeout=0.5)
    resolver.odd["example.com", "SOA"] = silent
    answer = await one(dns_, "_dmarc.example.com")
    assert answer.outcome is Outcome.TIMED_OUT
    resolver.odd["example.com", "SOA"] = failing(dns.rcode.SERVFAIL)
    answer = await one(dns_, "_dmarc.example.com")
    assert (answer.outcome, answer.detail) == (Outcome.BROKEN, "SERVFAIL")
    del resolver.odd["example.com", "SOA"]
    resolver.odd["ns1.example.com", "*"] = silent
    answer = await one(dns_, "_dmarc.example.com")
    assert answer.outcome is Outcome.BROKEN
    assert "no name server of example.com" in answer.detail
    # What has failed is not remembered.
    resolver.odd.clear()
    assert (await one(dns_, "_dmarc.example.com")).values == ("v=DMARC1",)


async def test_a_domain_nobody_has(resolver: NameServer, authority: NameServer) -> None:
    resolver.add(f". 300 IN SOA {SOA}")
    answer = await one(looking(resolver, authority), "_dmarc.nobody.invalid")
    assert answer.outcome is Outcome.BROKEN
    assert "cannot be found" in answer.detail


async def test_a_machine_without_resolvers(monkeypatch: pytest.MonkeyPatch) -> None:
    import dns.resolver

    def none(*_args: object, **_more: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", none)
    with pytest.raises(Unanswered) as failed:
        await system_resolvers()
    assert failed.value.outcome is Outcome.BROKEN
