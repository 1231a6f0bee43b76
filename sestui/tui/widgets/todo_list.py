"""What is broken and one key repairs; takes no space when nothing is."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.i18n import _


@dataclass(frozen=True, slots=True)
class Todo:
    name: str
    text: str


class TodoList(OptionList):
    BINDINGS = [Binding("enter", "select", _("Do it"), tooltip=_("Show the calls that do it"))]

    class Chosen(Message):
        def __init__(self, todo: Todo) -> None:
            self.todo = todo
            super().__init__()

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="card", markup=False, compact=True)
        self.border_title = _("To be repaired")
        self.todos: tuple[Todo, ...] = ()

    def show(self, todos: tuple[Todo, ...]) -> None:
        self.display = bool(todos)
        if todos != self.todos:
            self.todos = todos
            self.set_options(
                Option(Content.assemble(("⏎ ", "$accent"), todo.text)) for todo in todos
            )
            if self.has_focus:
                self.on_focus()

    def on_focus(self) -> None:
        if self.highlighted is None and self.todos:
            self.highlighted = 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self.todos[event.option_index]))
