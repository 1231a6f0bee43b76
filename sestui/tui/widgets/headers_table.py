"""Header fields of one's own, a row each; what SES would refuse is said at its row, as typed."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from sestui.domain.i18n import _
from sestui.domain.mail.headers import (
    MAX_HEADERS,
    Headers,
    header_lines,
    header_problem,
    headers_problem,
    parse_typed,
    unsubscribe_problem,
)
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain


class HeaderRow(Vertical):
    """One header: its name, its value, and under them why SES would refuse it."""

    def __init__(self, name: str = "", value: str = "") -> None:
        super().__init__()
        self._first = (name, value)

    def compose(self) -> ComposeResult:
        name, value = self._first
        with Horizontal():
            yield Input(name, classes="header-name", placeholder="X-Campaign")
            yield Input(value, classes="header-value", placeholder=_("value"))
        yield Plain(classes="note")

    @property
    def pair(self) -> tuple[str, str]:
        name, value = self.query(Input)
        return name.value.strip(), value.value.strip()

    @property
    def empty(self) -> bool:
        return not any(self.pair)

    def judge(self, also: str = "") -> None:
        """Show what is wrong with what is typed so far; `also` is about several rows."""
        name, value = self.pair
        # A value that is still to be typed is no mistake yet.
        problem = "" if self.empty else header_problem(name, value or "x") or also
        self.query_one(Plain).show(
            Content.styled(f"✗ {printable(problem)}", "$text-error") if problem else ""
        )
        self.set_class(bool(problem), "-invalid")


class HeadersTable(Vertical):
    """As many rows as are needed and an empty one, where the next is typed."""

    class Edited(Message):
        """Something was typed."""

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(id=id)
        self._first = parse_typed(text)

    def compose(self) -> ComposeResult:
        for name, value in self._first:
            yield HeaderRow(name, value)
        yield HeaderRow()
        yield Plain(classes="note")

    @property
    def headers(self) -> Headers:
        return tuple(row.pair for row in self.query(HeaderRow) if not row.empty)

    @property
    def text(self) -> str:
        """One `Name: value` a line."""
        return header_lines(self.headers)

    async def fill(self, headers: Headers) -> None:
        """Other headers in place of those that are there."""
        await self.query(HeaderRow).remove()
        await self.mount_all([*(HeaderRow(*pair) for pair in headers), HeaderRow()], before=0)
        self._judge()
        self.post_message(self.Edited())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        rows = list(self.query(HeaderRow))
        if not rows[-1].empty and len(rows) < MAX_HEADERS + 1:
            self.mount(HeaderRow(), after=rows[-1])
        self._judge()
        self.post_message(self.Edited())

    def _judge(self) -> None:
        rows = [row for row in self.query(HeaderRow) if not row.empty]
        number, problem = headers_problem([row.pair for row in rows])
        for position, row in enumerate(rows):
            row.judge(problem if position == number else "")
        whole = unsubscribe_problem(self.headers)
        note = self.query_children(Plain).first()
        note.show(Content.styled(f"! {whole}", "$text-warning") if whole else "")

    def focus_row(self, number: int) -> None:
        """The cursor into the row of that number, from 1."""
        rows = list(self.query(HeaderRow))
        if rows:
            rows[min(max(number, 1), len(rows)) - 1].query(Input).first().focus()
