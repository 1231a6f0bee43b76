"""The account, and the identities that are there."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input

from sestui.domain.i18n import _
from sestui.domain.steps import WizardState
from sestui.tui.widgets.account_card import account_card
from sestui.tui.widgets.name_list import IdentityList
from sestui.tui.widgets.plain import Plain

MANY = 12
"""More identities than this deserve a filter."""


class AccountView(Vertical):
    """A card, and a list to choose from: `IdentityList.Chosen` and the button go up."""

    def __init__(self, state: WizardState) -> None:
        super().__init__()
        self.state = state

    def compose(self) -> ComposeResult:
        yield Plain(id="card", classes="card")
        with Horizontal(classes="row", id="identities-head"):
            yield Plain(id="identities-title", classes="label")
            yield Button(_("New identity"), id="new")
        yield Input(placeholder=_("type to filter"), id="filter")
        yield IdentityList(id="identities")

    def on_mount(self) -> None:
        self.show(self.state)
        self.focus_first()

    def focus_first(self) -> None:
        self.query_one("#identities" if self.state.identities else "#new").focus()

    def show(self, state: WizardState) -> None:
        self.state = state
        if not self.children:  # on_mount draws it
            return
        self.query_one("#card", Plain).update(account_card(state))
        count = len(state.identities)
        title = (
            _("Identities in {region}: {n}").format(region=state.region, n=count)
            if count
            else _("No identities in {region} yet.").format(region=state.region)
        )
        self.query_one("#identities-title", Plain).update(title)
        self.query_one("#filter").display = count > MANY
        self.query_one(IdentityList).display = bool(count)
        self._list()

    @on(Input.Changed, "#filter")
    def _list(self) -> None:
        wanted = self.query_one("#filter", Input).value.strip().lower()
        rows = tuple(row for row in self.state.identities if wanted in row.name.lower())
        self.query_one(IdentityList).show(rows)
