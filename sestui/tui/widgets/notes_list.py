"""What will become of a mail, said before it is sent; Enter does what a note advises."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.i18n import _
from sestui.domain.preflight import Action, Note
from sestui.domain.severity import Severity
from sestui.domain.text import printable

GLYPHS = {
    Severity.OK: ("✓", "$text-success"),
    Severity.WARNING: ("!", "$text-warning"),
    Severity.ERROR: ("✗", "$text-error"),
    Severity.UNKNOWN: ("?", "$text-warning"),
}


class NotesList(OptionList):
    """Each note, and below it what can be done, a line each; the cursor goes to those only."""

    BINDINGS = [Binding("enter", "select", _("Do it"), tooltip=_("What the note advises"))]

    class Chosen(Message):
        def __init__(self, action: Action) -> None:
            self.action = action
            super().__init__()

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="card", markup=False, compact=True)
        self.border_title = _("Before the send")
        self.notes: tuple[Note, ...] = ()
        self._actions: list[Action | None] = []
        """Of each line."""

    def show(self, notes: tuple[Note, ...]) -> None:
        self.display = bool(notes)
        if notes == self.notes:
            return
        before = self._under_cursor
        self.notes = notes
        self._actions = []
        lines: list[Option] = []
        for note in notes:
            lines.append(Option(_line(note), disabled=True))
            lines += [Option(_offer(action)) for action in note.actions]
            self._actions += [None, *note.actions]
        self.set_options(lines)
        self.highlighted = self._actions.index(before) if before in self._actions else None
        self.can_focus = any(self._actions)

    @property
    def _under_cursor(self) -> Action | None:
        at = self.highlighted
        return self._actions[at] if at is not None and at < len(self._actions) else None

    def on_focus(self) -> None:
        if self._under_cursor is None:
            self.action_first()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if action := self._actions[event.option_index]:
            self.post_message(self.Chosen(action))


def _line(note: Note) -> Content:
    glyph, colour = GLYPHS[note.severity]
    parts: list[str | tuple[str, str]] = [(f"{glyph} ", colour), printable(note.text)]
    if note.advice and note.severity is not Severity.OK:
        parts.append((f" {printable(note.advice)}", "$quiet"))
    return Content.assemble(*parts)


def _offer(action: Action) -> Content:
    return Content.assemble(("  ⏎ ", "$accent"), (printable(action.words), "$accent"))
