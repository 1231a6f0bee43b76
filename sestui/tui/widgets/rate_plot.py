"""One rate over the last days: its value in words, and a plot of it under AWS's thresholds."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content
from textual.widget import Widget

from sestui.domain.i18n import _, ngettext
from sestui.domain.plot import Role, Row, plot, spread
from sestui.domain.reputation import THRESHOLDS, RateKind, Rates, Series, judge_rate, percent
from sestui.tui.widgets.notes_list import GLYPHS

Part = str | tuple[str, str]

AXIS = 7
"""Columns to the left of the plot, for the thresholds."""
ROOM_FOR_TIME = 6
"""Rows of a plot from which on the last one tells the time."""
_STYLES = {
    Role.EMPTY: "",
    Role.GOOD: "$text-success",
    Role.ADVISED: "$text-warning",
    Role.REVIEW: "$text-error",
    Role.PAUSE: "$text-error",
    Role.REVIEW_LINE: "$text-warning",
    Role.PAUSE_LINE: "$text-error",
}


class RatePlot(Widget):
    """Fills the room it is given: two lines of words, the plot, the time below it."""

    def __init__(self, kind: RateKind, *, id: str) -> None:
        super().__init__(id=id)
        self.kind = kind
        self._series: Series | None = None
        self._between: tuple[datetime, datetime] | None = None

    def show(self, rates: Rates | None, since: datetime, until: datetime) -> None:
        """Draw what was read; None while it is on its way."""
        series = None
        if rates is not None:
            series = rates.bounces if self.kind is RateKind.BOUNCE else rates.complaints
        if (series, (since, until)) != (self._series, self._between):
            self._series, self._between = series, (since, until)
            self.refresh()

    def render(self) -> Content:
        lines = [*self._head()]
        if self._series is not None and self._series.points:
            lines += self._plot(self._series)
        return Content("\n").join(lines)

    def _head(self) -> tuple[Content, Content]:
        """The value and where it goes; what that means."""
        first: list[Part] = [(self.kind.word, "bold"), "  "]
        if self._series is None:
            asking = Content.styled(_("asking CloudWatch …"), "$quiet")
            return Content.assemble(*first), asking
        latest, trend = self._series.latest, self._series.trend
        judged = judge_rate(self.kind, latest.value if latest else None)
        glyph, colour = GLYPHS[judged.severity]
        if latest is not None:
            first.append((percent(latest.value), f"bold {colour}"))
        if trend is not None:
            first.append((f"  {trend.glyph} {trend.word}", "$quiet"))
        return Content.assemble(*first), Content.styled(f"{glyph} {judged.word}", colour)

    def _plot(self, series: Series) -> list[Content]:
        width, height = self.size.width - AXIS, self.size.height - 2
        with_time = height >= ROOM_FOR_TIME
        if self._between is None or width < 1 or height < 1:
            return []
        since, until = self._between
        values = spread(series.points, since, until, width)
        rows = plot(values, width, height - with_time, THRESHOLDS[self.kind])
        lines = [_drawn(row) for row in rows]
        if with_time:
            lines.append(_time(since, until, width))
        return lines


def _time(since: datetime, until: datetime, width: int) -> Content:
    days = max(1, round((until - since).total_seconds() / 86_400))
    ago = ngettext("{n} day ago", "{n} days ago", days).format(n=days)
    now = _("now")
    text = f"{ago}{now:>{width - len(ago)}}" if width > len(ago) + len(now) else ago
    return Content.styled(" " * AXIS + text, "$quiet")


def _drawn(row: Row) -> Content:
    label = percent(row.threshold) if row.threshold is not None else ""
    line = next((role for _text, role in row.runs if role.endswith("line")), Role.EMPTY)
    parts: list[Part] = [(f"{label:>{AXIS - 1}} ", _STYLES[line] or "$quiet")]
    parts += [(text, _STYLES[role]) for text, role in row.runs]
    return Content.assemble(*parts)
