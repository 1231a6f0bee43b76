"""One of a list, or what is typed: for names that are there and names that are new."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Select

from sestui.domain.text import printable, printable_lines
from sestui.tui.widgets.harmless import Harmless
from sestui.tui.widgets.plain import Plain

Offer = tuple[str, str]
"""What is shown, and the value."""
TYPED = "\0typed"


def note_of(problem: str, advice: str) -> Content:
    """A line under a field: why it cannot stay, or what is worth knowing."""
    if problem:
        return Content.styled(f"✗ {printable(problem)}", "$text-error")
    return Content.styled(printable_lines(advice), "$quiet") if advice else Content("")


class Picker(Vertical):
    """A list whose last entry opens a box to type in.

    Args:
        typing: what that entry is called; empty: there is none.
        placeholder: of the box.
    """

    class Picked(Message):
        def __init__(self, picker: Picker) -> None:
            super().__init__()
            self.picker = picker

        @property
        def control(self) -> Picker:
            return self.picker

    def __init__(
        self,
        label: str,
        offers: Sequence[Offer],
        value: str = "",
        *,
        id: str,
        typing: str = "",
        placeholder: str = "",
    ) -> None:
        super().__init__(id=id)
        self._label = label
        self._offers = tuple(offers)
        self._typing = typing
        self._first = value
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        chosen = self._known(self._first)
        with Horizontal(classes="inline"):
            yield Label(self._label, classes="label", markup=False)
            yield Select[str](
                self._options(), value=chosen, allow_blank=False, compact=True, id=f"{self.id}-list"
            )
        typed = "" if chosen != TYPED else self._first
        box = Input(
            typed,
            placeholder=self._placeholder,
            compact=True,
            id=f"{self.id}-typed",
            highlighter=Harmless(),
        )
        box.display = chosen == TYPED
        yield box
        note = Plain(classes="note")
        note.display = False
        yield note

    def _options(self) -> list[tuple[Content, str]]:
        offers = [*self._offers, *([(self._typing, TYPED)] if self._typing else [])]
        return [(Content(printable(word)), value) for word, value in offers]

    def _known(self, value: str) -> str:
        """The offer for `value`, by what it is or by what it is called."""
        for word, offered in self._offers:
            if value == offered or (value and value == word):
                return offered
        if self._typing:
            return TYPED
        return self._offers[0][1]

    @property
    def value(self) -> str:
        chosen = self.query_one(Select).selection
        if chosen == TYPED:
            return self.query_one(Input).value
        return str(chosen or "")

    @property
    def typing(self) -> bool:
        """What counts is what is typed."""
        return self.query_one(Select).selection == TYPED

    def offer(self, offers: Sequence[Offer]) -> None:
        """Another list; what is chosen or typed stays."""
        value = self.value
        if tuple(offers) == self._offers:
            return
        self._offers = tuple(offers)
        # A name that is typed already may be one of those that have just been read.
        chosen = self._known(value) if value or self.query_one(Select).selection != TYPED else TYPED
        select = self.query_one(Select)
        with self.prevent(Select.Changed, Input.Changed):
            select.set_options(self._options())
            select.value = chosen
            box = self.query_one(Input)
            if chosen == TYPED:
                box.value = value
            box.display = chosen == TYPED

    def choose(self, value: str) -> None:
        """One of the offers."""
        self.query_one(Select).value = value

    def say(self, problem: str = "", advice: str = "") -> None:
        self.query_one(".note", Plain).show(note_of(problem, advice))
        self.set_class(bool(problem), "-invalid")

    def enter(self) -> None:
        """The cursor to where this is put right."""
        box = self.query_one(Input)
        (box if box.display else self.query_one(Select)).focus()

    @on(Select.Changed)
    def _chosen(self, event: Select.Changed) -> None:
        event.stop()
        box = self.query_one(Input)
        typing = event.value == TYPED
        if typing and not box.display:
            box.display = True
            self.call_after_refresh(box.focus)
        box.display = typing
        self.post_message(self.Picked(self))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Picked(self))
