"""The Verify step says why, and what to type where."""

from __future__ import annotations

from sestui.domain.diagnosis import Verdict
from sestui.domain.diagnosis.report import Report
from sestui.domain.dns import Zone
from sestui.tui.modals.evidence import EvidenceModal
from sestui.tui.modals.report import ReportModal
from sestui.tui.modals.timeline import TimelineModal

from .states import NOW, RECORDS, drawn
from .walking import adopt, connected, notices, showing


async def test_a_doubled_name_is_found_explained_and_its_fix_copied(wizard, account, until):
    domain = "why.example"
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, domain)
        await until(pilot, lambda: pilot.app.state.checks)
        record = pilot.app.state.checks[0].record
        account.world.panel.add(f"{record.name}.{domain}", "CNAME", record.value)
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.state.checks[0].verdict is Verdict.NAME_DOUBLED, 20)
        await until(pilot, lambda: "domain twice in name" in showing(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EvidenceModal))
        await until(pilot, lambda: f"{record.name}.{domain}" in showing(pilot))
        await pilot.press("b")
        await pilot.pause()
        assert pilot.app.clipboard == record.name.removesuffix(f".{domain}")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, EvidenceModal))

        await pilot.press("f")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportModal))
        await until(pilot, lambda: "Will mail pass DMARC?" in showing(pilot))
        await pilot.press("f")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ReportModal))

        await pilot.press("t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TimelineModal))
        await until(pilot, lambda: "domain twice in name" in showing(pilot))


async def test_the_name_box_is_copied_as_the_panel_wants_it(until):
    app = drawn("verify-mixed")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("b")
        await until(pilot, lambda: notices(pilot))
        # A record that is right has nothing to fix: the whole name stands in.
        assert app.clipboard == RECORDS[0].name


async def test_the_dns_host_is_asked_only_when_the_key_is_pressed(until):
    zone = Zone("example.com", parent_nameservers=("ns1.example.net", "ns2.example.net"))
    url = "https://api.example.net/v2/example.com/settings"
    asked: list[str] = []

    async def read(where: str) -> bytes:
        asked.append(where)
        return b"""{"providerDisplayName": "Example [DNS]", "urlControlPanel":
            "https://panel.example.net/%domain%", "nameServers": ["ns1.example.net"]}"""

    report = Report("example.com", NOW, zone=zone, settings_url=url)
    app = drawn("verify-mixed")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.push_screen(ReportModal(report, read))
        await until(pilot, lambda: "d asks your DNS host" in showing(pilot))
        assert asked == []
        await pilot.press("d")
        await until(pilot, lambda: "Example [DNS]" in showing(pilot))
        assert asked == [url]
        assert "https://panel.example.net/example.com" in showing(pilot)


async def test_an_spf_record_to_be_changed_is_shown_as_a_difference(wizard, account, until):
    domain = "merge.example"
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, domain)
        await until(pilot, lambda: pilot.app.state.checks)
        account.world.panel.add(f"mail.{domain}", "TXT", "v=spf1 ip4:192.0.2.1 -all")
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.state.checks[4].found, 20)
        await pilot.press("down", "down", "down", "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EvidenceModal))
        await until(pilot, lambda: "- v=spf1 ip4:192.0.2.1 -all" in showing(pilot))
        assert "+ v=spf1 ip4:192.0.2.1 include:amazonses.com -all" in showing(pilot)
