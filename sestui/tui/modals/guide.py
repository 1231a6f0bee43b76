"""The workshop's explanation of a step."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown

from sestui.domain.i18n import _
from sestui.domain.steps import Step

FOLDER = Path(__file__).parents[2] / "guide"


class GuideModal(ModalScreen[None]):
    AUTO_FOCUS = ".dialog"
    BINDINGS = [Binding("escape,f2,q", "close", _("Close"))]

    def __init__(self, step: Step, language: str) -> None:
        super().__init__()
        self.step = step
        self.language = language

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog guide") as dialog:
            dialog.border_title = Content(f"{_('Guide')}: {self.step.word}")
            dialog.border_subtitle = _("arrows scroll · esc closes")
            yield Markdown(guide_text(self.step, self.language), open_links=False)

    def action_close(self) -> None:
        self.dismiss()


def guide_text(step: Step, language: str) -> str:
    """The Markdown of a step, in `language` or else in English."""
    for name in (language, "en"):
        path = FOLDER / name / f"{step.value}.md"
        if path.exists():
            return path.read_text("utf-8")
    return ""
