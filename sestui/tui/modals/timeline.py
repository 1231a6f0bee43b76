"""What changed when, while the identity was watched."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from sestui.domain.diagnosis.timeline import Event
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.records_table import GLYPHS


class TimelineModal(ModalScreen[None]):
    AUTO_FOCUS = ".dialog"
    BINDINGS = [Binding("escape,q,t", "close", _("Close"))]

    def __init__(self, timeline: tuple[Event, ...]) -> None:
        super().__init__()
        self.timeline = timeline

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = _("What changed when")
            dialog.border_subtitle = _("newest first · esc closes")
            yield Plain(Content("\n").join(_line(event) for event in reversed(self.timeline)))

    def action_close(self) -> None:
        self.dismiss()


def _line(event: Event) -> Content:
    glyph, colour = GLYPHS[event.severity]
    return Content.assemble(
        (f"{event.at.astimezone():%H:%M:%S}  ", "$quiet"),
        (f"{glyph} ", f"${colour}"),
        printable(event.text),
    )
