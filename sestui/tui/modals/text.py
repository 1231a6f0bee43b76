"""A text in full, unwrapped by no table, to be read, marked by hand or copied."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from sestui.domain.i18n import _
from sestui.domain.text import printable_lines
from sestui.tui.widgets.plain import Plain


class TextModal(ModalScreen[None]):
    AUTO_FOCUS = ".dialog"
    BINDINGS = [Binding("escape,q,v", "close", _("Close")), Binding("c", "copy", _("Copy"))]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self.text = printable_lines(text)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = printable_lines(self._title)
            dialog.border_subtitle = _("c copies · esc closes")
            yield Plain(self.text, classes="full-text")

    def action_close(self) -> None:
        self.dismiss()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.text)
        self.notify(_("Copied."), markup=False, timeout=3)
