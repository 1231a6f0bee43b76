"""Tags, a row each; what AWS would refuse is said at its row, as typed."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from sestui.domain.configset.judge import MOST_TAGS
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.tui.widgets.harmless import Harmless
from sestui.tui.widgets.plain import Plain

Rows = tuple[tuple[str, str], ...]


class TagRow(Vertical):
    """One tag: its key, its value, and under them why it cannot be."""

    def __init__(self, key: str = "", value: str = "") -> None:
        super().__init__()
        self._first = (key, value)

    def compose(self) -> ComposeResult:
        key, value = self._first
        with Horizontal():
            yield Input(
                key,
                classes="tag-key",
                placeholder=_("key"),
                compact=True,
                highlighter=Harmless(),
                select_on_focus=False,
            )
            yield Plain("=", classes="tag-is")
            yield Input(
                value,
                classes="tag-value",
                placeholder=_("value"),
                compact=True,
                highlighter=Harmless(),
                select_on_focus=False,
            )
        yield Plain(classes="note")

    def on_mount(self) -> None:
        self.query_one(".note").display = False

    @property
    def pair(self) -> tuple[str, str]:
        boxes = list(self.query(Input))
        return (boxes[0].value, boxes[1].value) if len(boxes) == 2 else self._first

    def tell(self, problem: str) -> None:
        self.set_class(bool(problem), "-invalid")
        text = Content.styled(f"✗ {printable(problem)}", "$text-error") if problem else ""
        self.query_one(".note", Plain).show(text)


class TagRows(Vertical):
    """As many rows as are needed and an empty one, where the next is typed."""

    class Edited(Message):
        """Something was typed."""

    def __init__(self, rows: Rows, *, id: str) -> None:
        super().__init__(id=id)
        self._rows = rows
        self._filling = False

    def compose(self) -> ComposeResult:
        for pair in self._rows:
            yield TagRow(*pair)
        yield TagRow()

    @property
    def rows(self) -> Rows:
        """As typed, less the empty ones at the end."""
        if self._filling or not self.is_mounted:
            return self._rows
        pairs = [row.pair for row in self.query(TagRow)]
        while pairs and not any(pairs[-1]):
            pairs.pop()
        return tuple(pairs)

    async def fill(self, rows: Rows) -> None:
        """Other rows in place of those that are there."""
        if rows == self.rows:
            return
        self._rows, self._filling = rows, True
        try:
            await self.query(TagRow).remove()
            await self.mount_all([*(TagRow(*pair) for pair in rows), TagRow()])
        finally:
            self._filling = False

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._filling:
            return
        rows = list(self.query(TagRow))
        if any(rows[-1].pair) and len(rows) <= MOST_TAGS:
            self.mount(TagRow(), after=rows[-1])
        self.post_message(self.Edited())

    def tell(self, problems: Mapping[str, str]) -> None:
        """`problems` by field: `0.key`, `3.value`."""
        for number, row in enumerate(self.query(TagRow)):
            said = [problems.get(f"{number}.{part}", "") for part in ("key", "value")]
            row.tell(next(filter(None, said), ""))

    def focus_row(self, field: str) -> None:
        """The cursor into `3.value`."""
        number, _dot, part = field.partition(".")
        rows = list(self.query(TagRow))
        if number.isdigit() and int(number) < len(rows):
            rows[int(number)].query_one(f".tag-{part or 'key'}", Input).focus()
