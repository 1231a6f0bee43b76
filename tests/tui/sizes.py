"""The two sizes of the terminal that each screen is made for."""

from __future__ import annotations

import pytest

WIDE, NARROW = (120, 40), (80, 24)

both_sizes = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
"""For pictures."""

narrow_always = pytest.mark.parametrize(
    "size",
    [pytest.param(WIDE, id="wide", marks=pytest.mark.thorough), pytest.param(NARROW, id="narrow")],
)
"""For what is done: in each run where there is little room for it, thoroughly in the other, too."""
