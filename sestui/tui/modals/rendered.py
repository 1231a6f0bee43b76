"""A mail taken apart: what SES makes of a template and its data, for one."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from sestui.domain.i18n import _
from sestui.domain.mail.rendered import read_rendered
from sestui.domain.text import printable, printable_lines
from sestui.tui.widgets.plain import Plain


class RenderedModal(ModalScreen[None]):
    """Its headers, decoded, and both of its parts."""

    AUTO_FOCUS = ".dialog"
    BINDINGS = [Binding("escape,q,f5", "close", _("Close"))]

    def __init__(self, title: str, mime: str) -> None:
        super().__init__()
        self.heading = title
        self.mail = read_rendered(mime)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = Content(printable(self.heading))
            dialog.border_subtitle = _("arrows scroll · esc closes")
            yield Plain(
                Content("\n").join(
                    Content.assemble(
                        (f"{printable(name)}: ", "$quiet"),
                        (printable(value), "bold" if name == "Subject" else ""),
                    )
                    for name, value in self.mail.headers
                )
            )
            for title, text in ((_("Text"), self.mail.text), (_("HTML"), self.mail.html)):
                if text.strip():
                    part = Plain(printable_lines(text), classes="card")
                    part.border_title = title
                    yield part

    def action_close(self) -> None:
        self.dismiss()
