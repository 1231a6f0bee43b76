"""Someone else has changed the same fields of a configuration set: whose value shall it be?"""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button

from sestui.domain.configset.merge import Conflict
from sestui.domain.i18n import _, ngettext
from sestui.domain.text import printable
from sestui.tui.widgets.choice import Choice, Option
from sestui.tui.widgets.plain import Plain

Decided = tuple[frozenset[str], frozenset[str]]
"""Fields where mine wins, and where theirs does."""


class SetConflictModal(ModalScreen[Decided | None]):
    """Each is decided, or none: nothing of theirs is overwritten unasked."""

    CSS_PATH = "set_conflict.tcss"
    AUTO_FOCUS = "Choice"
    BINDINGS = [
        Binding("escape", "cancel", _("Back to the editor")),
        Binding("enter", "done", _("Go on"), show=False),
        Binding("up", "app.focus_previous", _("Field above"), show=False),
        Binding("down", "app.focus_next", _("Field below"), show=False),
    ]

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__()
        self.conflicts = tuple(conflicts)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Someone else has changed the same")
            dialog.border_subtitle = _("← → choose · ↑ ↓ go on · enter when all are chosen")
            yield Plain(
                _("Nothing has been sent. Say for each whether it shall be theirs or yours."),
                classes="muted",
            )
            with VerticalScroll(id="conflicts", can_focus=False):
                for number, each in enumerate(self.conflicts):
                    yield Plain(_was(each), classes="conflict")
                    options = (
                        Option("theirs", _("theirs: {value}").format(value=printable(each.theirs))),
                        Option("mine", _("mine: {value}").format(value=printable(each.mine))),
                    )
                    yield Choice(options, "", id=f"conflict-{number}")
            with Horizontal(classes="buttons"):
                yield Button(_("Back  esc"), id="cancel")
                yield Button(_("Go on  enter"), id="go", variant="primary")
            yield Plain(id="left", classes="muted")

    def on_mount(self) -> None:
        self._count()

    @on(Choice.Changed)
    def _count(self) -> None:
        left = sum(not each.value for each in self.query(Choice))
        text = ngettext("One is left to choose.", "{n} are left to choose.", left).format(n=left)
        self.query_one("#left", Plain).update(text if left else _("All are chosen."))
        self.query_one("#go", Button).disabled = bool(left)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "go":
            self.action_done()
        else:
            self.dismiss(None)

    def action_done(self) -> None:
        chosen = [
            (each.field, self.query_one(f"#conflict-{number}", Choice).value)
            for number, each in enumerate(self.conflicts)
        ]
        if all(value for _field, value in chosen):
            mine = frozenset(field for field, value in chosen if value == "mine")
            self.dismiss((mine, frozenset(field for field, _value in chosen) - mine))

    def action_cancel(self) -> None:
        self.dismiss(None)


def _was(conflict: Conflict) -> Content:
    return Content.assemble(
        (printable(conflict.label), "bold"),
        (f"  {_('it was')} ", "$quiet"),
        printable(conflict.base) or _("not there"),
    )
