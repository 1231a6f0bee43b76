"""A plan before it is carried out: the calls in words, and as commands that can be copied."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button

from sestui.domain.account import Connection, Source
from sestui.domain.i18n import _, ngettext
from sestui.domain.plan import Plan
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain


class PlanModal(ModalScreen[bool]):
    """True when the person agrees."""

    AUTO_FOCUS = "#go"
    CSS_PATH = "plan.tcss"
    BINDINGS = [
        Binding("escape", "cancel", _("Cancel")),
        Binding("c", "copy", _("Copy the commands")),
        Binding("up,k", "scroll_calls(-1)", _("Up"), show=False),
        Binding("down,j", "scroll_calls(1)", _("Down"), show=False),
        Binding("pageup", "scroll_calls(-8)", _("Page up"), show=False),
        Binding("pagedown", "scroll_calls(8)", _("Page down"), show=False),
    ]

    def __init__(self, plan: Plan, connection: Connection) -> None:
        super().__init__()
        self.plan = plan
        self.connection = connection

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            count = len(self.plan)
            title = ngettext("One change to your account", "{n} changes to your account", count)
            dialog.border_title = title.format(n=count)
            dialog.border_subtitle = Content(
                f"{self.connection.caller.account} · {self.connection.region}"
            )
            with VerticalScroll(id="calls", can_focus=False):
                for number, call in enumerate(self.plan, 1):
                    words = printable(call.words)
                    yield Plain(Content.assemble((f"{number}  ", "$accent"), (words, "bold")))
                    command = printable(self._command(number - 1))
                    yield Plain(Content.styled(command, "$quiet"), classes="plan-command")
            with Horizontal(classes="buttons"):
                yield Button(_("Cancel  esc"), id="cancel")
                yield Button(_("Do it  enter"), id="go", variant="primary")
            yield Plain(
                _("c copies · arrows scroll · nothing is done before you agree"),
                classes="muted",
            )

    def _command(self, index: int) -> str:
        choice = self.connection.choice
        profile = choice.profile if choice.source is Source.PROFILE else ""
        return self.plan[index].command(self.connection.region, profile)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "go")

    def action_cancel(self) -> None:
        self.dismiss(False)

    def action_scroll_calls(self, lines: int) -> None:
        self.query_one("#calls").scroll_relative(y=lines, animate=False)

    def action_copy(self) -> None:
        commands = "\n".join(self._command(index) for index in range(len(self.plan)))
        self.app.copy_to_clipboard(commands)
        self.notify(_("Copied the commands."), markup=False, timeout=3)
