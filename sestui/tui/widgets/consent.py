"""A plan inside a dialog: what will be made, and that it is removed again."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button

from sestui.domain.account import Connection, Source
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain

_LONGEST = 300
"""Characters of a command that are drawn; all of it is copied."""


class Consent(Vertical):
    """The calls in words and as commands, and a button `#go` to agree with."""

    DEFAULT_CSS = """
    Consent {
        height: 1fr;
        display: none;
        #consent-calls { height: 1fr; scrollbar-size-vertical: 1; }
        .consent-part { margin-bottom: 1; }
    }
    """

    def __init__(self, connection: Connection, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.connection = connection
        self.plan: tuple[Call, ...] = ()

    def compose(self) -> ComposeResult:
        yield VerticalScroll(id="consent-calls", can_focus=False)
        with Horizontal(classes="buttons"):
            yield Button(_("Not now  esc"), id="cancel")
            yield Button(_("Do it  enter"), id="go", variant="primary")

    def show(self, plan: Sequence[Call], removal: Sequence[str]) -> None:
        self.plan = tuple(plan)
        words = [f"{number}  {printable(c.words)}" for number, c in enumerate(self.plan, 1)]
        rows = [Plain("\n".join(words))]
        if removal:
            title = _("Removed again at the end, whatever happens")
            lines = "\n".join(f"   {printable(each)}" for each in removal)
            rows.append(Plain(Content.assemble((title, "bold"), f"\n{lines}")))
        rows += [Plain(self._row(number, call)) for number, call in enumerate(self.plan, 1)]
        for row in rows:
            row.add_class("consent-part")
        calls = self.query_one("#consent-calls", VerticalScroll)
        calls.remove_children()
        calls.mount(*rows)
        calls.scroll_home(animate=False)

    def _row(self, number: int, call: Call) -> Content:
        command = printable(self._command(call))
        if len(command) > _LONGEST:
            command = command[: _LONGEST - 1] + "…"
        return Content.assemble((f"{number}  ", "$accent"), (command, "$quiet"))

    def _command(self, call: Call) -> str:
        choice = self.connection.choice
        profile = choice.profile if choice.source is Source.PROFILE else ""
        return call.command(self.connection.region, profile)

    @property
    def commands(self) -> str:
        return "\n".join(self._command(call) for call in self.plan)

    def scroll_lines(self, lines: int) -> None:
        calls = self.query_one("#consent-calls", VerticalScroll)
        calls.scroll_relative(y=lines, animate=False)
