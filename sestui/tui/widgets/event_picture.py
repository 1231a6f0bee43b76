"""How the matrix of events by destinations is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from sestui.domain.configset.changes import dimensions_text
from sestui.domain.configset.matrix import Cell, Matrix
from sestui.domain.configset.model import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    EventType,
)
from sestui.domain.i18n import _, ngettext
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.tui.widgets.notes_list import GLYPHS

EVENTS = 19
"""Columns for the names of the events."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the drawing depends on; see `EventMatrix.show`."""

    matrix: Matrix
    base: ConfigurationSet | None
    wrong: frozenset[int]
    amiss: Mapping[EventType, Severity]
    cursor: tuple[int, int]
    focused: bool

    def drawn(self, shown: range, width: int) -> Content:
        """The destinations of the numbers `shown`, each `width` columns."""
        lines = self.heads(shown, width)
        lines.append(self.rule(shown, EVENTS + width * len(shown)))
        lines += [self.row(row, shown, width) for row in range(len(self.matrix.events))]
        return Content("\n").join(lines)

    def heads(self, shown: range, width: int) -> list[Content]:
        lines: list[list[Content]] = [[_cell(Content(), EVENTS)] for _line in range(3)]
        for number in shown:
            each = self.matrix.destinations[number]
            known = self.base.destination(each.name) if self.base else None
            mark = "+ " if known is None else "* " if _moved(known, each) else ""
            colour = "bold" if number == self.cursor[1] and self.focused else ""
            if number in self.wrong:
                mark, colour = "✗ ", "bold $text-error"
            name = Content.assemble((mark, "$accent"), (printable(each.name), colour))
            state = (
                (f"✓ {kind_word(each)}", "$text-success")
                if each.enabled
                else (f"○ {_('off')} {kind_word(each)}", "$text-warning")
            )
            back = "on $panel" if number == self.cursor[1] else ""
            rows = (name, Content.assemble(state), Content.styled(short_target(each), "$quiet"))
            for line, part in zip(lines, rows, strict=True):
                line.append(_cell(part, width, back))
        return [Content("").join(line) for line in lines]

    def rule(self, shown: range, width: int) -> Content:
        left, right = shown.start, len(self.matrix.destinations) - shown.stop
        before = _("‹ {n} more ").format(n=left) if left else ""
        after = _(" {n} more ›").format(n=right) if right else ""
        line = "─" * max(0, width - len(before) - len(after))
        return Content.assemble((before, "$accent"), (line, "$border-blurred"), (after, "$accent"))

    def row(self, row: int, shown: range, width: int) -> Content:
        event = self.matrix.events[row]
        here = row == self.cursor[0] and self.focused
        glyph, colour = GLYPHS.get(self.amiss.get(event, Severity.OK), ("", ""))
        glyph = glyph if event in self.amiss else " "
        label = Content.assemble((f"{glyph} ", colour), (event.word, "bold" if here else ""))
        parts = [label.truncate(EVENTS, pad=True).stylize_before("on $panel" if here else "")]
        for number in shown:
            content = self.switch(row, number)
            back = "on $panel" if here or number == self.cursor[1] else ""
            if here and number == self.cursor[1]:
                back = "bold $block-cursor-foreground on $block-cursor-background"
            parts.append(_cell(content, width, back))
        return Content("").join(parts)

    def switch(self, row: int, number: int) -> Content:
        each, event = self.matrix.destinations[number], self.matrix.events[row]
        cell = self.matrix.cells[row][number]
        known = self.base.destination(each.name) if self.base else None
        changed = known is not None and (event in known.events) != (event in each.events)
        mark = (" *", "bold $accent") if changed else ("", "")
        match cell:
            case Cell.ON:
                colour = "$text-success" if each.enabled else "$quiet"
                return Content.assemble((f"{cell.value} {cell.word}", colour), mark)
            case Cell.OFF:
                return Content.assemble((cell.value, "$quiet"), mark)
            case Cell.UNSUPPORTED:
                return Content.styled(f"{cell.value}", "$quiet 50%")


def _cell(content: Content, width: int, back: str = "") -> Content:
    """`content` in its column."""
    cell = content.truncate(width - 1, ellipsis=True, pad=True).pad_left(1)
    return cell.stylize_before(back) if back else cell


def _moved(before: Destination, after: Destination) -> bool:
    """Something else than its events has been changed."""
    mine, theirs = (
        (each.kind, each.target, each.role, each.dimensions, each.enabled)
        for each in (before, after)
    )
    return mine != theirs


def nothing(*, here: bool) -> Content:
    return Content.assemble(
        (_("No event destination yet."), "bold"),
        "\n",
        (_("Nobody hears of bounces and complaints."), "$text-warning"),
        "\n\n",
        ("a" if here else "F3 a", "bold $accent"),
        (_("  adds the first one"), "$accent"),
    )


def kind_word(destination: Destination) -> str:
    """The kind in one word, for a column."""
    if destination.unknown:
        return _("unknown")
    return {
        DestinationKind.SNS: "SNS",
        DestinationKind.EVENTBRIDGE: "EventBridge",
        DestinationKind.FIREHOSE: "Firehose",
        DestinationKind.CLOUDWATCH: "CloudWatch",
        DestinationKind.PINPOINT: "Pinpoint",
    }[destination.kind]


def short_target(destination: Destination) -> str:
    if destination.kind is DestinationKind.CLOUDWATCH:
        count = len(destination.dimensions)
        text = ngettext("{n} dimension", "{n} dimensions", count).format(n=count)
        return text if count != 1 else printable(dimensions_text(destination.dimensions))
    return printable(destination.target.rsplit(":", 1)[-1].rsplit("/", 1)[-1])
