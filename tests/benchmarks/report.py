"""Numbers, said in one way."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


def line(what: str, milliseconds: Sequence[float]) -> None:
    """The least, the median and the most of some measurements."""
    print(
        f"{what:<48} min {min(milliseconds):7.1f}  median {statistics.median(milliseconds):7.1f}"
        f"  max {max(milliseconds):7.1f} ms  ({len(milliseconds)} runs)"
    )


@dataclass(frozen=True)
class Bar:
    """What was measured, and the most that it may be (design.md, section 7)."""

    measured: float
    most: float
    unit: str

    def judge(self) -> None:
        verdict = "within" if self.measured <= self.most else "OVER"
        print(f"  {verdict} the bar: {self.measured:.2f} of {self.most:g} {self.unit}")
