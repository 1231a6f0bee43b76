"""The review of an edited configuration set: before and after, what it means, and the calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button

from sestui.domain.account import Connection, Source
from sestui.domain.configset.changes import Change
from sestui.domain.i18n import _, ngettext
from sestui.domain.plan import Call
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain
from sestui.workflows.set_review import Proposal


class SetReview(ModalScreen[bool]):
    """True when the person agrees. Nothing has been sent until then."""

    AUTO_FOCUS = "#go"
    CSS_PATH = "set_review.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS = [
        Binding("escape", "cancel", _("Back to the editor")),
        Binding("c", "copy", _("Copy the commands")),
        Binding("up,k", "scroll_changes(-1)", _("Up"), show=False),
        Binding("down,j", "scroll_changes(1)", _("Down"), show=False),
        Binding("pageup", "scroll_changes(-8)", _("Page up"), show=False),
        Binding("pagedown", "scroll_changes(8)", _("Page down"), show=False),
    ]

    def __init__(self, name: str, proposal: Proposal, connection: Connection) -> None:
        super().__init__()
        self.set_name = name
        self.proposal = proposal
        self.connection = connection

    def compose(self) -> ComposeResult:
        proposal = self.proposal
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(f"{printable(self.set_name)}: {_title(proposal)}")
            dialog.border_subtitle = Content(
                f"{self.connection.caller.account} · {self.connection.region}"
            )
            with VerticalScroll(id="changes", can_focus=False):
                yield from _grouped(proposal.changes)
                if proposal.taken_over:
                    yield Plain(
                        _("Someone else has changed this meanwhile. It stays:"),
                        classes="head theirs",
                    )
                    yield from (_line(each) for each in proposal.taken_over)
                count = len(proposal.plan)
                head = ngettext("One call to AWS", "{n} calls to AWS", count).format(n=count)
                yield Plain(head, classes="head calls")
                yield from self._calls(proposal.plan)
            with Horizontal(classes="buttons"):
                yield Button(_("Back  esc"), id="cancel")
                yield Button(_("Do it  enter"), id="go", variant="primary")
            yield Plain(
                _("c copies · arrows scroll · nothing is done before you agree"),
                classes="muted",
            )

    def _calls(self, plan: Sequence[Call]) -> Iterator[Widget]:
        for number, call in enumerate(plan, 1):
            words = printable(call.words)
            yield Plain(Content.assemble((f"{number:>2}  ", "$accent"), words), classes="call")
            command = printable(self._command(call))
            yield Plain(Content.styled(command, "$quiet"), classes="command")

    def _command(self, call: Call) -> str:
        choice = self.connection.choice
        profile = choice.profile if choice.source is Source.PROFILE else ""
        return call.command(self.connection.region, profile)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "go")

    def action_cancel(self) -> None:
        self.dismiss(False)

    def action_scroll_changes(self, lines: int) -> None:
        self.query_one("#changes").scroll_relative(y=lines, animate=False)

    def action_copy(self) -> None:
        self.app.copy_to_clipboard("\n".join(self._command(each) for each in self.proposal.plan))
        self.notify(_("Copied the commands."), markup=False, timeout=3)


def _title(proposal: Proposal) -> str:
    if proposal.base is None:
        return _("a new set")
    count = len(proposal.changes)
    if not count:
        return _("only what is around it")
    text = ngettext("one change", "{n} changes", count).format(n=count)
    dangers = sum(each.danger for each in proposal.changes)
    if not dangers:
        return text
    danger = ngettext("one to think about", "{n} to think about", dangers).format(n=dangers)
    return f"{text}, {danger}"


def _grouped(changes: Iterable[Change]) -> Iterator[Widget]:
    for group, those in groupby(changes, key=lambda each: each.group):
        yield Plain(group.word, classes="head")
        yield from (_line(each) for each in those)


def _line(change: Change) -> Widget:
    """`label   before → after`, and below it what that means."""
    if not change.after:
        parts = [
            (f"− {_('removed')}  ", "bold $text-warning"),
            (printable(change.before), "$quiet"),
        ]
    elif not change.before:
        parts = [("+ ", "bold $text-success"), (printable(change.after), "bold")]
    else:
        parts = [(printable(change.before), "$quiet"), (" → ", "$accent")]
        parts.append((printable(change.after), "bold"))
    mark = Plain(Content.styled("!" if change.danger else " ", "bold $text-error"), classes="mark")
    label = Plain(Content(printable(change.label)), classes="label-cell")
    means = Content.styled(printable(change.means), "$text-error" if change.danger else "$quiet")
    lines = [Plain(Content.assemble(*parts)), *([Plain(means)] if change.means else [])]
    return Horizontal(mark, label, Vertical(*lines, classes="values"), classes="change")
