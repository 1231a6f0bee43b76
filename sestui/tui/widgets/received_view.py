"""The verdict on a mail that arrived, drawn."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from sestui.domain.dmarc.align import Aligned
from sestui.domain.i18n import _
from sestui.domain.received import Encryption, Hop, Mechanism, Method, Verdict
from sestui.domain.received.remarks import duration
from sestui.domain.received.verdict import Finding
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.records_table import GLYPHS

BAR = 12
"""Columns of the longest wait."""
ENCRYPTION = {
    Encryption.YES: ("✓", "$text-success"),
    Encryption.NO: ("✗", "$text-error"),
    Encryption.UNKNOWN: ("·", "$quiet"),
}
ALIGNED = {
    Aligned.YES: "$text-success",
    Aligned.NO: "$text-error",
    Aligned.UNKNOWN: "$text-warning",
}
Part = str | tuple[str, str]


class ReceivedView(VerticalScroll):
    """Who judged, each mechanism, what to mend, the signatures, the way."""

    def compose(self) -> ComposeResult:
        yield Plain(id="received-head")
        yield Plain(id="received-mechanisms", classes="card")
        yield Plain(id="received-findings")
        yield Plain(id="received-signatures", classes="card")
        yield Plain(id="received-way", classes="card")
        yield Plain(id="received-remarks")

    def show(self, verdict: Verdict) -> None:
        self._show("head", _head(verdict))
        self._show("mechanisms", _mechanisms(verdict), _("SPF, DKIM, DMARC"))
        wrong = [each for each in verdict.findings if each.severity is not Severity.OK]
        self._show("findings", _findings(wrong))
        self._show("signatures", _signatures(verdict), _("Signatures"))
        took = _("The way: {time}") if verdict.total is not None else _("The way")
        title = took.format(time=duration(verdict.total or 0.0))
        self._show("way", _way(verdict.hops), title)
        good = [each for each in verdict.findings if each.severity is Severity.OK]
        self._show("remarks", _findings(good))
        self.scroll_home(animate=False)

    def _show(self, name: str, content: Content, title: str = "") -> None:
        plain = self.query_one(f"#received-{name}", Plain)
        plain.show(content)
        if title:
            plain.border_title = Content(title)


def _head(verdict: Verdict) -> Content:
    glyph, colour = GLYPHS[verdict.status.severity]
    parts: list[Part] = [(f"{glyph} {verdict.status.text}", f"bold ${colour}")]
    rows = (
        (_("From"), verdict.sender or verdict.author),
        (_("Subject"), verdict.subject),
        (_("Bounces"), verdict.envelope_from),
        (_("Judged by"), verdict.judged_by or _("nobody that it tells of")),
    )
    for label, text in rows:
        if text:
            parts += [(f"\n{label:<10}", "$quiet"), printable(text)]
    return Content.assemble(*parts)


def _mechanisms(verdict: Verdict) -> Content:
    return Content("\n").join(_mechanism(each) for each in verdict.mechanisms)


def _mechanism(each: Mechanism) -> Content:
    glyph, colour = GLYPHS[each.severity]
    if each.method is Method.ARC and each.severity is Severity.OK:
        glyph, colour = "·", "quiet"
    parts: list[Part] = [
        (f"{glyph} {each.method:<5} ", f"bold ${colour}"),
        (f"{each.word:<9} ", f"${colour}"),
    ]
    if each.aligned is not None and each.result:
        parts.append((f"{each.aligned.word:<12} ", ALIGNED[each.aligned]))
    else:
        parts.append(" " * 13)
    parts.append((printable(each.domain), "bold"))
    if each.why:
        parts.append((f"\n  {printable(each.why)}", "$quiet"))
    return Content.assemble(*parts)


def _findings(findings: list[Finding]) -> Content:
    lines = []
    for finding in findings:
        glyph, colour = GLYPHS[finding.severity]
        quiet = finding.severity is Severity.OK
        mark = ("· ", "$quiet") if quiet else (f"{glyph} ", f"bold ${colour}")
        parts: list[Part] = [mark, (printable(finding.text), "$quiet" if quiet else "")]
        if finding.advice:
            parts.append((f"\n→ {printable(finding.advice)}", "$accent"))
        lines.append(Content.assemble(*parts))
    return Content("\n").join(lines)


def _signatures(verdict: Verdict) -> Content:
    lines = []
    for signed in verdict.signatures:
        glyph, colour = ("·", "quiet") if signed.amazon else GLYPHS[signed.severity]
        lines.append(
            Content.assemble(
                (f"{glyph} ", f"bold ${colour}"),
                (printable(signed.signature.domain) or "?", "" if signed.amazon else "bold"),
                (f"\n  {signed.words}", "$quiet"),
            )
        )
    return Content("\n").join(lines)


def _way(hops: tuple[Hop, ...]) -> Content:
    longest = max((hop.delay or 0.0 for hop in hops), default=0.0)
    return Content("\n").join(_hop(hop, longest) for hop in hops)


def _hop(hop: Hop, longest: float) -> Content:
    glyph, colour = ENCRYPTION[hop.encrypted]
    delay = hop.delay or 0.0
    filled = round(BAR * delay / longest) if delay > 0 and longest >= 1 else 0
    waited = "" if hop.delay is None else f"{'+' if delay >= 0 else ''}{duration(delay)}"
    at = f"{hop.at.astimezone():%H:%M:%S}" if hop.at is not None else ""
    places = f"{hop.sender} → {hop.by}" if hop.sender else f"→ {hop.by}"
    return Content.assemble(
        (f"{glyph} {hop.word:<14}", colour),
        (f"{at:>8} ", "$quiet"),
        f"{waited:>8} ",
        ("▇" * max(filled, 1 if delay >= 1 else 0), "$accent"),
        (f"\n  {printable(places)}", "$quiet"),
    )
