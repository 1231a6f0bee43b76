"""Pick one of the verified identities; typing filters them."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from sestui.domain.i18n import _
from sestui.domain.identity import IdentitySummary
from sestui.tui.widgets.name_list import IdentityList
from sestui.tui.widgets.plain import Plain


class PickModal(ModalScreen[str | None]):
    """The name of the identity picked; None when none is."""

    CSS_PATH = "pick.tcss"
    AUTO_FOCUS = "#pick-filter"
    BINDINGS = [
        Binding("escape", "close", _("Close")),
        Binding("down", "move(1)", _("Down"), show=False),
        Binding("up", "move(-1)", _("Up"), show=False),
    ]

    def __init__(self, identities: tuple[IdentitySummary, ...]) -> None:
        super().__init__()
        # Domains first: any address at one will do.
        self.identities = tuple(sorted(identities, key=lambda one: ("@" in one.name, one.name)))

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Send from")
            dialog.border_subtitle = _("type to filter · ↑↓ · enter picks · esc closes")
            yield Input(placeholder=_("type to filter"), id="pick-filter")
            yield IdentityList(id="pick-list")
            yield Plain(id="pick-note", classes="note")

    def on_mount(self) -> None:
        self._filter("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(event.value.strip().lower())

    def _filter(self, typed: str) -> None:
        shown = tuple(one for one in self.identities if typed in one.name.lower())
        self.query_one(IdentityList).show(shown)
        note = _("Nothing verified here is called that.") if typed else _("Nothing is verified.")
        self.query_one("#pick-note", Plain).show("" if shown else note)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(IdentityList).action_choose()

    @on(IdentityList.Chosen)
    def _chosen(self, message: IdentityList.Chosen) -> None:
        self.dismiss(message.identity.name)

    def action_move(self, by: int) -> None:
        self.query_one(IdentityList).action_move(by)

    def action_close(self) -> None:
        self.dismiss(None)
