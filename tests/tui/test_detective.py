"""The Verify step says why, and what to type where."""

from __future__ import annotations

from sestui.domain.diagnosis import Verdict
from sestui.tui.modals.evidence import EvidenceModal
from sestui.tui.modals.report import ReportModal
from sestui.tui.modals.timeline import TimelineModal

from .states import RECORDS, drawn
from .walking import adopt, connected, showing


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
        await until(pilot, lambda: app._notifications)
        # A record that is right has nothing to fix: the whole name stands in.
        assert app.clipboard == RECORDS[0].name
