"""Why a record has its verdict: each server's answer, the cause, and the fix to be copied."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from sestui.domain.diagnosis import RecordCheck
from sestui.domain.dns import Answer
from sestui.domain.i18n import _
from sestui.domain.providers import Provider, box_label
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.records_table import GLYPHS, since

Part = str | tuple[str, str]


class EvidenceModal(ModalScreen[None]):
    AUTO_FOCUS = ".dialog"
    BINDINGS = [
        Binding("escape,q,enter", "close", _("Close")),
        Binding("b", "copy('name')", _("Copy for the Name box")),
        Binding("c", "copy('value')", _("Copy for the Value box")),
        Binding("n", "copy('full')", _("Copy the whole name")),
        Binding("u", "copy('url')", _("Copy the link to the panel")),
    ]

    def __init__(self, check: RecordCheck, provider: Provider | None, now: datetime) -> None:
        super().__init__()
        self.check = check
        self.provider = provider
        self.now = now

    def compose(self) -> ComposeResult:
        record = self.check.record
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = Content(f"{record.purpose.word} · {record.type}")
            dialog.border_subtitle = _("b n c copy · arrows scroll · esc closes")
            yield Plain(self._verdict())
            if self.check.fix is not None:
                yield Plain(self._fix(), classes="card")
            yield Plain(self._evidence())

    def _verdict(self) -> Content:
        check = self.check
        glyph, colour = GLYPHS[check.severity]
        parts: list[Part] = [(f"{glyph} {check.verdict.word}", f"bold ${colour}")]
        if check.since is not None:
            text = _("since {ago}").format(ago=since(check.since, self.now))
            parts.append((f"  {text}", "$quiet"))
        parts += [f"\n{check.record.name}", "\n", (check.record.value, "bold")]
        if check.cause:
            parts.append("\n" + printable(check.cause))
        parts += [(f"\n· {printable(note)}", "$quiet") for note in check.notes]
        return Content.assemble(*parts)

    def _fix(self) -> Content:
        fix = self.check.fix
        if fix is None:
            return Content()
        parts: list[Part] = [(f"→ {printable(fix.text)}", "$accent")]
        if fix.value_box:
            rows = [
                (box_label(self.provider, "type"), fix.type, ""),
                (box_label(self.provider, "name"), fix.name_box or _("(leave it empty)"), "b"),
                (box_label(self.provider, "value"), fix.value_box, "c"),
                (box_label(self.provider, "priority"), fix.priority, ""),
            ]
            for label, value, key in rows:
                if value:
                    parts += [(f"\n{label:<10}", "$quiet"), (printable(value), "bold")]
                    parts.append((f"  {key}" if key else "", "$accent"))
            if fix.name_box != fix.name_full:
                becomes = _("becomes {name}").format(name=fix.name_full)
                parts.append((f"\n{'':<10}{becomes}", "$quiet"))
        if self.check.record.type == "TXT" and fix.value and self.check.found:
            # A record that is changed, never a second one: what goes, and what comes.
            parts += [(f"\n- {printable(old)}", "$text-error") for old in self.check.found]
            parts.append((f"\n+ {printable(fix.value)}", "$text-success"))
        if fix.panel_url:
            parts += [(f"\n{fix.panel or _('Panel'):<10}", "$quiet"), printable(fix.panel_url)]
            parts.append(("  u", "$accent"))
        parts += [(f"\n· {printable(note)}", "$quiet") for note in fix.notes]
        return Content.assemble(*parts)

    def _evidence(self) -> Content:
        parts: list[Part] = [(_("What was asked, and what came back"), "$quiet")]
        for answer in self.check.evidence or (self.check.answer,):
            parts += [
                f"\n{printable(answer.server) or _('a name server')}  ",
                (printable(answer.question), "$quiet"),
                "\n   ",
                _said(answer),
            ]
        return Content.assemble(*parts)

    def action_copy(self, what: str) -> None:
        record, fix = self.check.record, self.check.fix
        text = {
            "name": fix.name_box if fix else record.name,
            "value": (fix.value_box if fix else "") or record.value,
            "full": record.name,
            "url": fix.panel_url if fix else "",
        }[what]
        if text:
            self.app.copy_to_clipboard(printable(text))
            copied = _("Copied: {text}").format(text=printable(text))
            self.notify(copied, markup=False, timeout=3)

    def action_close(self) -> None:
        self.dismiss()


def _said(answer: Answer) -> tuple[str, str]:
    """The values, or which no it was, or why there is neither."""
    if answer.values:
        return printable(", ".join(answer.values)), "bold"
    detail = f" ({printable(answer.detail)})" if answer.detail else ""
    return f"{answer.outcome}{detail}", "" if answer.certain else "$text-warning"
