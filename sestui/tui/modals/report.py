"""What is not about one record: alignment, SPF, DMARC, the zone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from sestui.domain.alignment import Result, Simulation
from sestui.domain.diagnosis.report import Report
from sestui.domain.dmarc.align import Aligned
from sestui.domain.domain_connect import parse_settings
from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.records_table import GLYPHS

RESULTS = {
    Result.PASS: ("✓", "$text-success"),
    Result.FAIL: ("✗", "$text-error"),
    Result.NO_POLICY: ("!", "$text-warning"),
    Result.UNKNOWN: ("?", "$text-warning"),
}
ALIGNED = {
    Aligned.YES: ("✓", "$text-success"),
    Aligned.NO: ("✗", "$text-error"),
    Aligned.UNKNOWN: ("?", "$text-warning"),
}
Part = str | tuple[str, str]


class ReportModal(ModalScreen[None]):
    AUTO_FOCUS = ".dialog"
    BINDINGS = [
        Binding("escape,q,f", "close", _("Close")),
        Binding("d", "ask_host", _("Ask the DNS host")),
    ]

    def __init__(self, report: Report, read: Callable[[str], Awaitable[bytes]]) -> None:
        super().__init__()
        self.report = report
        self.read = read
        """Reads a document from the web; used only when the person presses the key for it."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = Content(self.report.domain)
            dialog.border_subtitle = _("arrows scroll · esc closes")
            yield Plain(findings_text(self.report))
            if self.report.alignment is not None:
                card = Plain(alignment_text(self.report.alignment), classes="card")
                card.border_title = _("Will mail pass DMARC?")
                yield card
            yield Plain(zone_text(self.report))
            note = Plain(id="host-note")
            if self.report.settings_url:
                text = _("d asks your DNS host for its name and its panel, at {url}")
                note.update(Content.styled(text.format(url=self.report.settings_url), "$quiet"))
            yield note

    @work(exclusive=True, group="host")
    async def action_ask_host(self) -> None:
        """Domain Connect: what the DNS host says of itself, where its name servers do not tell."""
        note = self.query_one("#host-note", Plain)
        try:
            found = parse_settings(await self.read(self.report.settings_url))
        except GatewayError as error:
            note.show(Content.styled(f"✗ {printable(error.problem.what)}", "$text-error"))
            return
        servers = self.report.zone.parent_nameservers or self.report.zone.nameservers
        if found is None or not found.speaks_for(servers):
            note.show(_("What is said there is not about this zone's name servers."))
            return
        url = found.panel_url(self.report.zone.apex)
        note.show(Content.assemble((f"{_('DNS host'):<10}", "$quiet"), f"{found.name}  {url}"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self.report.settings_url) if action == "ask_host" else True

    def action_close(self) -> None:
        self.dismiss()


def findings_text(report: Report) -> Content:
    """The worst first."""
    order = [Severity.ERROR, Severity.UNKNOWN, Severity.WARNING, Severity.OK]
    lines = []
    for finding in sorted(report.findings, key=lambda found: order.index(found.severity)):
        glyph, colour = GLYPHS[finding.severity]
        if finding.severity is Severity.OK:
            glyph, colour = "·", "quiet"
        lines.append(Content.assemble((f"{glyph} ", f"${colour}"), printable(finding.text)))
    if not lines:
        lines.append(Content.styled(_("Nothing else was noticed."), "$quiet"))
    return Content("\n").join(lines)


def alignment_text(simulation: Simulation) -> Content:
    """A line a mechanism, for receivers of both RFCs."""
    parts: list[Part] = []
    for verdict in simulation.verdicts:
        glyph, colour = RESULTS[verdict.result]
        parts.append((f"{glyph} {verdict.rfc}: {verdict.result.word}\n", colour))
        for row in verdict.rows:
            sign, tint = ALIGNED[row.aligned]
            parts += [
                (f"  {sign} ", tint),
                (f"{row.mechanism:<5}", "$quiet"),
                f"{printable(row.domain) or _('none')}  {row.mode}, {row.aligned.word}",
                (f"\n       {printable(row.why)}\n" if row.why else "\n", "$quiet"),
            ]
    text = Content.assemble(*parts)
    return text.rstrip()


def zone_text(report: Report) -> Content:
    zone = report.zone
    host = report.provider.name if report.provider else _("unknown")
    rows = [
        (_("Zone"), zone.apex or zone.trouble or _("could not find out")),
        (_("DNS host"), host),
        (_("Servers"), ", ".join(zone.parent_nameservers or zone.nameservers)),
    ]
    if report.spf is not None:
        rows.append((_("SPF"), report.spf.text))
    parts: list[Part] = []
    for label, value in rows:
        if value:
            parts += [(f"{label:<10}", "$quiet"), printable(value) + "\n"]
    return Content.assemble(*parts).rstrip()
