"""The account, the Region and the identity, in sight on every screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from sestui.domain.i18n import _
from sestui.domain.steps import WizardState


class ContextBar(Horizontal):
    """One line at the top."""

    def __init__(self, state: WizardState) -> None:
        super().__init__()
        self._shown = summary(state)
        self._practice = state.practice

    def compose(self) -> ComposeResult:
        name = _("practice") if self._practice else "Amazon SES"
        yield Static(
            Content.assemble(("sestui", "bold $accent"), (f"  {name}", "$quiet")),
            id="product",
            markup=False,
        )
        yield Static(self._shown, id="context", markup=False)

    def show(self, state: WizardState) -> None:
        shown = summary(state)
        if shown != self._shown:
            self._shown = shown
            self.query_one("#context", Static).update(shown)


def summary(state: WizardState) -> Content:
    """`123456789012 · eu-west-1 · sandbox · example.com`."""
    if state.connection is None:
        return Content.styled(_("not connected"), "$quiet")
    parts: list[Content] = [
        Content(state.connection.caller.account),
        Content.styled(state.connection.region, "bold"),
    ]
    if state.account is not None:
        parts.append(
            Content.styled(_("sandbox"), "$text-warning")
            if state.account.sandbox
            else Content.styled(_("production"), "$text-success")
        )
    if state.identity is not None:
        parts.append(Content.styled(state.identity.name, "bold $primary"))
    return Content.styled(" · ", "$quiet").join(parts)
