"""A form field: its label, the box, and under it why it cannot stay as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label

from sestui.domain.names import InvalidName
from sestui.domain.text import printable
from sestui.tui.widgets.harmless import Harmless
from sestui.tui.widgets.plain import Plain


class Field(Vertical):
    """An Input that is judged by a function of the domain: while typing once it has been left,
    always when it is left, and on Enter."""

    INPUT: type[Input] = Input

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        id: str,
        judge: Callable[[str], Any] | None = None,
        placeholder: str = "",
        hint: str = "",
        password: bool = False,
        inline: bool = False,
    ) -> None:
        super().__init__(id=f"{id}-field", classes="-inline" if inline else None)
        self._label = label
        self._judge = judge
        self._hint = hint
        self._left = False
        self.input = self.INPUT(
            value, placeholder=placeholder, password=password, id=id, highlighter=Harmless()
        )

    def compose(self) -> ComposeResult:
        yield Label(self._label, markup=False, classes="field-label")
        yield self.input
        note = Plain(self._hint, classes="field-note")
        note.display = bool(self._hint)
        yield note

    @property
    def value(self) -> str:
        return self.input.value

    @property
    def problem(self) -> str:
        """Why the value cannot be used; empty when it can."""
        if self._judge is None:
            return ""
        try:
            self._judge(self.input.value)
        except InvalidName as problem:
            return printable(str(problem))
        return ""

    def check(self) -> bool:
        """Judge the value now and show what is wrong with it."""
        problem = self.problem
        self.show_problem(problem)
        return not problem

    def show_problem(self, problem: str) -> None:
        """Show `problem`, or the hint when it is empty."""
        self._left = True
        self.set_class(bool(problem), "-invalid")
        note = self.query_one(Plain)
        note.show(Content.styled(f"✗ {problem}", "$text-error") if problem else self._hint)

    def show_hint(self, hint: str) -> None:
        """Another hint, such as what was understood of what is typed."""
        self._hint = hint
        if not self.has_class("-invalid"):
            self.query_one(Plain).show(hint)

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._left:
            self.check()

    @on(Input.Blurred)
    def _blurred(self) -> None:
        if self.input.value:
            self.check()
