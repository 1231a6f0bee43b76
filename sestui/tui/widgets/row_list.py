"""A short list whose rows are added, changed and taken away by a key each."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.i18n import _


class RowList(OptionList):
    """Asks for what its keys say; whoever has the rows does it."""

    BINDINGS = [
        Binding("a,insert", "ask('add')", _("Add")),
        Binding("enter,e", "ask('edit')", _("Change")),
        Binding("d,delete", "ask('remove')", _("Remove")),
        Binding("r", "ask('again')", _("Ask again")),
    ]

    class Asked(Message):
        def __init__(self, what: str, row: int | None) -> None:
            super().__init__()
            self.what = what
            """add, edit, remove or again."""
            self.row = row
            """From 0; None: there is none."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._rows = 0

    def show(self, rows: Sequence[Content], empty: str) -> None:
        """Draw the rows, or a line that says that there are none; the cursor stays."""
        at = self.highlighted
        self._rows = len(rows)
        self.set_options(
            [Option(each) for each in rows] or [Option(Content.styled(empty, "$quiet"))]
        )
        self.highlighted = min(at or 0, max(len(rows) - 1, 0))

    def action_ask(self, what: str) -> None:
        row = self.highlighted if self._rows else None
        self.post_message(self.Asked("add" if row is None and what == "edit" else what, row))
