"""The DNS records of a domain with the verdict on each."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.widgets import DataTable

from sestui.domain.diagnosis import RecordCheck, Severity
from sestui.domain.i18n import _
from sestui.domain.records import RequiredRecord
from sestui.domain.text import printable

ROOM_FOR_VALUE = 90
"""Columns from which the value has a place in the table as well."""

GLYPHS = {
    Severity.OK: ("✓", "text-success"),
    Severity.WARNING: ("!", "text-warning"),
    Severity.ERROR: ("✗", "text-error"),
    Severity.UNKNOWN: ("?", "text-warning"),
}


class RecordsTable(DataTable[Text]):
    """A row a record; cells are updated in place, so cursor and scroll stay."""

    BINDINGS = [
        Binding("enter", "select_cursor", _("Why"), tooltip=_("The evidence, the cause, the fix"))
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, cursor_type="row", zebra_stripes=False, cell_padding=1)
        self._records: tuple[RequiredRecord, ...] = ()
        self._checks: tuple[RecordCheck, ...] = ()
        self._now: datetime | None = None
        self._name_width = 0
        self._drawn: dict[tuple[str, str], tuple[str, str]] = {}
        """Text and style of each cell, so that the ticking clock draws only what it changes."""

    @property
    def selected(self) -> RequiredRecord | None:
        """The record under the cursor."""
        if 0 <= self.cursor_row < len(self._records):
            return self._records[self.cursor_row]
        return None

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns into the width there is, so that nothing scrolls sideways."""
        columns = [("", "mark", 1), (_("For"), "for", 9), (_("Type"), "type", 5)]
        last = (_("Verdict"), "verdict", 26)
        wide = event.size.width >= ROOM_FOR_VALUE
        value = [(_("Value"), "value", 15)] if wide else []  # the card below has it in full
        taken = sum(width + 2 for _label, _key, width in [*columns, *value, last])
        name_width = max(12, min(48, event.size.width - taken - 2))
        if name_width == self._name_width:
            return
        self._name_width = name_width
        row = self.cursor_row
        self.clear(columns=True)
        for label, key, width in [*columns, (_("Name"), "name", name_width), *value, last]:
            self.add_column(label, key=key, width=width)
        records, self._records = self._records, ()
        if self._now is not None:
            self.show(records, self._checks, self._now)
            self.move_cursor(row=row)

    def show(
        self, records: tuple[RequiredRecord, ...], checks: tuple[RecordCheck, ...], now: datetime
    ) -> None:
        self._checks, self._now = checks, now
        if not self.columns:
            self._records = records
            return
        if records != self._records:
            self._records = records
            self._drawn.clear()
            self.clear()
            for record in records:
                self.add_row(*[Text()] * len(self.columns), key=record.key)
        known = {check.record: check for check in checks}
        for record in records:
            cells = self._cells(record, known.get(record), now)
            for column in self.columns:
                name = column.value or ""
                cell = cells[name]
                drawn = (cell.plain, str(cell.style))
                if self._drawn.get((record.key, name)) != drawn:
                    self._drawn[record.key, name] = drawn
                    self.update_cell(record.key, column, cell)

    def _cells(
        self, record: RequiredRecord, check: RecordCheck | None, now: datetime
    ) -> dict[str, Text]:
        # Text, not Content: DataTable does not measure Content cells.
        colours = self.app.theme_variables
        if check is None:
            glyph, colour, verdict = "…", colours["quiet"], _("asking")
        else:
            glyph, name = GLYPHS[check.severity]
            colour, verdict = colours[name], check.verdict.word
            if check.since is not None:
                verdict = f"{verdict} {since(check.since, now)}"
        return {
            "mark": Text(glyph, colour),
            "for": Text(record.purpose.word),
            "type": Text(record.type),
            "name": Text(shortened(record.name, self._name_width), no_wrap=True),
            "value": Text(record.value, no_wrap=True, overflow="ellipsis"),
            "verdict": Text(verdict, colour),
        }


def shortened(name: str, width: int) -> str:
    """`name` with its middle left out, so that both ends can be told apart."""
    if len(name) <= width:
        return name
    keep = (width - 1) // 2
    return f"{name[:keep]}…{name[-keep:]}"


def since(then: datetime, now: datetime) -> str:
    """`5 s`, `3 min`, `2 h`, `4 d`: how long a verdict stands."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, unit in ((86400, _("d")), (3600, _("h")), (60, _("min"))):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} {_('s')}"


def record_detail(record: RequiredRecord, check: RecordCheck | None) -> Content:
    """The record in full; when something is wrong, the cause, what to do, and what was found."""
    parts: list[tuple[str, str] | str] = [
        (f"{_('Name'):<8}", "$quiet"),
        (record.name, "bold"),
        (f"\n{_('Value'):<8}", "$quiet"),
        (record.value, "bold"),
    ]
    if check is None:
        parts.append((f"\n{record.purpose.why}", "$quiet"))
        return Content.assemble(*parts)
    if check.cause:
        glyph, colour = GLYPHS[check.severity]
        parts.append((f"\n{glyph} {printable(check.cause)}", f"${colour}"))
    if check.fix is not None:
        parts.append(("\n→ " + printable(check.fix.text), "$accent"))
        if check.fix.value_box and check.fix.name_box != record.name:
            parts.append((f"\n  {_('Name box')} ", "$quiet"))
            parts.append((check.fix.name_box or _("(empty)"), "bold"))
            parts.append((f"  {_('b copies it')}", "$quiet"))
    if check.found and check.cause:
        parts.append((f"\n{_('Found'):<8}", "$quiet"))
        parts.append("\n        ".join(printable(value) for value in check.found))
    if check.severity is Severity.OK and check.answer.server:
        seen = _("{server} said: {outcome}").format(
            server=check.answer.server, outcome=check.answer.detail or check.answer.outcome.value
        )
        parts.append((f"\n{printable(seen)}", "$quiet"))
    return Content.assemble(*parts)
