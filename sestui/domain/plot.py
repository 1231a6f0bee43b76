"""Numbers over time as rows of block characters, with thresholds across them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sestui.domain.reputation import Point, Thresholds

BLOCKS = " ▁▂▃▄▅▆▇█"
LINE = "╌"
HEADROOM = 1.15
"""How much higher than what has to be seen the plot is."""


class Role(StrEnum):
    """What a character stands for, for whoever gives it a colour."""

    EMPTY = "empty"
    GOOD = "good"
    ADVISED = "advised"
    REVIEW = "review"
    PAUSE = "pause"
    REVIEW_LINE = "review-line"
    PAUSE_LINE = "pause-line"


@dataclass(frozen=True, slots=True)
class Row:
    """One row, from left to right: runs of text with one role each."""

    runs: tuple[tuple[str, Role], ...]
    threshold: float | None = None
    """What the line in this row stands for."""

    @property
    def text(self) -> str:
        return "".join(text for text, _role in self.runs)


def spread(
    points: Sequence[Point], since: datetime, until: datetime, width: int
) -> tuple[float | None, ...]:
    """The highest value in each of `width` equal parts of the time; None where there is none."""
    found: list[float | None] = [None] * width
    whole = (until - since).total_seconds()
    for at, value in points:
        place = int((at - since).total_seconds() / whole * width) if whole > 0 else width - 1
        # CloudWatch rounds times down to the period, which may be before the first part.
        place = min(max(place, 0), width - 1)
        before = found[place]
        found[place] = value if before is None else max(before, value)
    return tuple(found)


def plot(
    values: Sequence[float | None], width: int, height: int, thresholds: Thresholds
) -> tuple[Row, ...]:
    """`height` rows of `width` characters, the top one first.

    The scale reaches over the first threshold that the values stay below, so that how far away it
    is can be seen. Values are drawn in eighths of a row; one that is zero still as a thin line,
    since nothing at all means that nothing is known.
    """
    if width < 1 or height < 1:
        return ()
    columns = _resampled(values, width)
    top = _top(max((each for each in columns if each is not None), default=0.0), thresholds)
    lines = {
        _row_of(value, top, height): (value, role)
        for value, role in (
            (thresholds.review, Role.REVIEW_LINE),
            (thresholds.pause, Role.PAUSE_LINE),  # the one to be seen, where both share a row
        )
        if value <= top
    }
    eighths = [None if each is None else _eighths(each, top, height) for each in columns]
    rows = []
    for row in range(height):
        below = (height - 1 - row) * 8
        line = lines.get(row)
        cells = []
        for value, high in zip(columns, eighths, strict=True):
            full = 0 if high is None else min(max(high - below, 0), 8)
            if full and value is not None:
                cells.append((BLOCKS[full], _role(value, thresholds)))
            elif line:
                cells.append((LINE, line[1]))
            else:
                cells.append((" ", Role.EMPTY))
        rows.append(Row(_runs(cells), line[0] if line else None))
    return tuple(rows)


def _resampled(values: Sequence[float | None], width: int) -> list[float | None]:
    """As many as there are columns: the highest of several, or the same again."""
    found: list[float | None] = []
    for column in range(width):
        start = column * len(values) // width
        end = max(start + 1, (column + 1) * len(values) // width)
        part = [each for each in values[start:end] if each is not None]
        found.append(max(part) if part else None)
    return found


def _top(highest: float, thresholds: Thresholds) -> float:
    seen = [highest]
    seen.append(thresholds.review if highest < thresholds.review else thresholds.pause)
    return max(seen) * HEADROOM


def _eighths(value: float, top: float, height: int) -> int:
    return max(1, round(value / top * height * 8))


def _row_of(value: float, top: float, height: int) -> int:
    return min(height - 1, max(0, height - 1 - int(value / top * height)))


def _role(value: float, thresholds: Thresholds) -> Role:
    if value >= thresholds.pause:
        return Role.PAUSE
    if value >= thresholds.review:
        return Role.REVIEW
    return Role.ADVISED if value >= thresholds.advised else Role.GOOD


def _runs(cells: Sequence[tuple[str, Role]]) -> tuple[tuple[str, Role], ...]:
    runs: list[tuple[str, Role]] = []
    for text, role in cells:
        if runs and runs[-1][1] is role:
            runs[-1] = (runs[-1][0] + text, role)
        else:
            runs.append((text, role))
    return tuple(runs)
