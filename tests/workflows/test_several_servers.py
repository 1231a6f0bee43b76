"""Name servers that do not agree, caches, a delegation that leads elsewhere, a blocked port."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sestui.domain.diagnosis import RecordCheck, Severity, Verdict
from sestui.domain.diagnosis.report import Report
from sestui.domain.identity import Soa, Status, Verification
from sestui.gateways.nameserver import Server
from sestui.workflows.check import Target, check_domain
from tests.dnsserver import Internet
from tests.workflows.internet import NS1, NS2, NS3, RESOLVER, World, at_home
from tests.workflows.looking import NOW, asking, look
from tests.workflows.zones import REGION, Fixture, dkim, head, identity

WELL = Fixture("well", Verdict.OK)
LACKING = Fixture("lacking", Verdict.MISSING, without=("dkim1",))
D1 = dkim(1)


def the(report: Report, key: str = D1) -> RecordCheck:
    return next(check for check in report.checks if check.record.key == key)


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings if finding.severity is not Severity.OK}


async def seen(world: World) -> Report:
    with world.start() as internet:
        return await look(WELL, at_home(internet))


async def test_all_is_well_at_every_server() -> None:
    report = await seen(World.of(WELL))
    assert {check.verdict for check in report.checks} == {Verdict.OK}
    assert report.zone.apex == "example.com"
    assert report.zone.parent_nameservers == ("ns1.servers.test", "ns2.servers.test")
    assert [server.serial for server in report.zone.servers] == [7, 7]
    assert codes(report) == set()
    # Every server has been asked, and then the resolver.
    servers = [answer.server.partition(" ")[0] for answer in the(report).evidence]
    assert sorted(set(servers)) == sorted(["ns1.servers.test", "ns2.servers.test", servers[1]])
    assert RESOLVER in "".join(servers)


async def test_on_some_servers() -> None:
    behind = LACKING.zone.replace(" 7 7200", " 6 7200")
    report = await seen(World(WELL.zone, behind))
    check = the(report)
    assert (check.verdict, check.severity) == (Verdict.ON_SOME_SERVERS, Severity.ERROR)
    assert "ns2.servers.test" in check.cause
    assert check.answer.server.startswith("ns2")
    assert "serials_differ" in codes(report)


async def test_on_some_of_the_servers_given() -> None:
    world = {
        "127.0.0.1": {"zones": WELL.zones},
        "127.0.0.2": {"zones": LACKING.zones},
    }
    with Internet(world) as internet:
        places = [(address, internet.port) for address in world]
        report = await look(WELL, asking(*places))
    assert the(report).verdict is Verdict.ON_SOME_SERVERS
    assert the(report, dkim(2)).verdict is Verdict.OK


async def test_an_old_no_in_a_cache_with_the_minutes_left() -> None:
    name = D1.split()[1]
    report = await seen(World(WELL.zone, WELL.zone, faults={RESOLVER: {f"{name}/*": "no:2470"}}))
    check = the(report)
    assert (check.verdict, check.severity) == (Verdict.CACHED_NEGATIVE, Severity.WARNING)
    assert "42 minutes" in check.cause
    assert check.until == NOW + timedelta(seconds=2470)
    assert check.published
    assert check.fix is not None
    assert check.fix.text.startswith("Nothing to do")


async def test_a_public_resolver_that_is_silent_is_left_alone_afterwards() -> None:
    """Many networks let nobody ask 8.8.8.8, and each look would wait for it."""
    with World.of(WELL).start() as internet:
        nobody = Server("127.0.0.9", internet.port, "Nobody")
        dns = at_home(internet, public=[nobody])
        first = await look(WELL, dns)
        second = await look(WELL, dns)
    for report, asked in ((first, True), (second, False)):
        assert the(report).verdict is Verdict.OK
        servers = [answer.server for answer in the(report).evidence]
        assert any(server.startswith("Nobody") for server in servers) is asked


async def test_a_cache_is_not_asked_before_the_servers_say_yes() -> None:
    fixture = Fixture("nothing", Verdict.MISSING, without=("dkim1", "mx", "spf", "dmarc"))
    name = D1.split()[1]
    faults = {f"{name}/*": "servfail", "mail.example.com/*": "servfail"}
    report = await seen(World(fixture.zone, fixture.zone, faults={RESOLVER: faults}))
    assert the(report).verdict is Verdict.MISSING
    asked = [a.server for check in report.checks for a in check.evidence if not check.published]
    assert not [server for server in asked if server.startswith(RESOLVER + ":")]


async def test_the_world_is_sent_elsewhere() -> None:
    """The registry names ns1 and ns2; the records are added at ns3, which the zone names."""
    old = LACKING.zone.replace("NS ns1.", "NS ns3.").replace(
        "example.com. NS ns2.servers.test.\n", ""
    )
    report = await seen(World(old, old, WELL.zone, cached=LACKING.zone))
    check = the(report)
    assert check.verdict is Verdict.WRONG_DNS_HOST
    assert "ns3.servers.test" in check.cause
    assert "ns1.servers.test, ns2.servers.test" in check.cause
    assert "delegation_elsewhere" in codes(report)
    assert the(report, dkim(2)).verdict is Verdict.OK


async def test_a_hosted_zone_that_nobody_asks() -> None:
    world = World(LACKING.zone, LACKING.zone, WELL.zone)
    with world.start() as internet:
        target = Target.of(WELL.identity, REGION, hosts=["ns3.servers.test"])
        report = await check_domain(at_home(internet), target, now=lambda: NOW)
    assert the(report).verdict is Verdict.WRONG_DNS_HOST


async def test_the_registry_names_fewer_servers_than_the_zone() -> None:
    report = await seen(World(WELL.zone, WELL.zone, delegation=("ns1",)))
    assert codes(report) == {"delegation_differs"}
    assert the(report).verdict is Verdict.OK


async def test_a_lame_server() -> None:
    report = await seen(World(WELL.zone, ""))
    assert codes(report) == {"server_lame"}
    assert the(report).verdict is Verdict.OK


async def test_all_servers_lame_is_not_missing() -> None:
    report = await seen(World("", "", cached=WELL.zone))
    assert {check.verdict for check in report.checks} == {Verdict.BROKEN}
    assert "server_lame" in codes(report)


async def test_a_silent_server() -> None:
    report = await seen(World(WELL.zone, WELL.zone, faults={NS2: {"*/*": "drop"}}))
    assert codes(report) == {"server_silent"}
    assert the(report).verdict is Verdict.OK


@pytest.mark.parametrize("cached", [WELL, LACKING])
async def test_port_53_is_blocked(cached: Fixture) -> None:
    drop = {"*/*": "drop"}
    report = await seen(
        World(WELL.zone, WELL.zone, cached=cached.zone, faults={NS1: drop, NS2: drop})
    )
    assert "asked_resolvers" in codes(report)
    assert the(report, dkim(2)).verdict is Verdict.OK
    assert the(report).verdict is (Verdict.OK if cached is WELL else Verdict.MISSING)
    assert any(answer.second_hand for answer in the(report).evidence)


async def test_nobody_answers_at_all() -> None:
    drop = {"*/*": "drop"}
    report = await seen(World(WELL.zone, WELL.zone, faults={NS1: drop, NS2: drop, RESOLVER: drop}))
    assert {check.severity for check in report.checks} == {Severity.UNKNOWN}
    assert "zone_unknown" in codes(report)


async def test_broken_dnssec_is_told_although_the_servers_answer() -> None:
    faults = {RESOLVER: {"example.com/*": "bogus", f"{D1.split()[1]}/*": "bogus"}}
    report = await seen(World(WELL.zone, WELL.zone, faults=faults))
    assert the(report).verdict is Verdict.SERVFAIL_DNSSEC
    assert "no DNSKEY" in the(report).cause
    assert "dnssec_broken" in codes(report)


async def test_a_long_answer_comes_over_tcp() -> None:
    faults = {NS1: {"*/*": "truncate"}, NS2: {"*/*": "truncate"}}
    report = await seen(World(WELL.zone, WELL.zone, faults=faults))
    assert {check.verdict for check in report.checks} == {Verdict.OK}


async def test_a_zone_cut_below() -> None:
    """news.example.com is a zone of its own, on the same servers and on others."""
    fixture = Fixture("news", Verdict.OK, domain="news.example.com")
    lines = "\n".join(
        line for line in fixture.zone.splitlines() if "news.example.com." in line.split(" ")[0]
    )
    news = head("news.example.com", ns=("ns3",)) + lines + "\n"
    parent = WELL.zone + "news.example.com. NS ns3.servers.test.\n"
    internet = World(parent, parent).start()
    for address in (NS3, RESOLVER):
        internet.world[address]["zones"]["news.example.com"] = news
    with internet:
        report = await look(fixture, at_home(internet))
    assert report.zone.apex == "news.example.com"
    assert report.zone.parent_nameservers == ("ns3.servers.test",)
    assert {check.verdict for check in report.checks} == {Verdict.OK}


@pytest.mark.parametrize(
    ("primary", "serial", "code"),
    [
        ("ns1.servers.test", 7, None),
        ("NS1.servers.test.", 6, "ses_saw_older_zone"),
        ("ns1.old-host.example", 7, "ses_sees_other_zone"),
    ],
)
async def test_what_ses_sees(primary: str, serial: int, code: str | None) -> None:
    saw = Verification("HOST_NOT_FOUND", NOW, None, Soa(primary, "hostmaster.example.com", serial))
    pending = identity(status=Status.PENDING, verified=False, verification=saw)
    with World.of(WELL).start() as internet:
        report = await check_domain(at_home(internet), Target.of(pending, REGION), now=lambda: NOW)
    found = {finding.code for finding in report.findings}
    assert {"ses_identity_pending", "ses_saw_host_not_found"} <= found
    assert {code for code in found if code.startswith("ses_s") and "zone" in code} == (
        {code} if code else set()
    )


SHOWN_BY = {
    Verdict.ON_SOME_SERVERS: test_on_some_servers,
    Verdict.CACHED_NEGATIVE: test_an_old_no_in_a_cache_with_the_minutes_left,
    Verdict.WRONG_DNS_HOST: test_the_world_is_sent_elsewhere,
}
"""The verdicts that take more than one server; `test_every_verdict_has_a_fixture` counts them."""
