"""How long sestui takes to start, beside what it is compared with; each in turn."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.report import Bar, line

BARE = ("bare and ready", [sys.executable, str(Path(__file__).with_name("bare_app.py"))])
WIZARD = ("3 Verify", [sys.executable, "-m", "sestui", "practice"])
"""The rail (or the bar of steps, where it is narrow) is the last that is drawn."""
FIRST_FRAME = 1.4
"""Times a bare app's."""
HELP_MS = 80.0
"""Milliseconds more than an interpreter that does nothing."""


def first_frame(tool: Path, size: str, runs: int) -> None:
    """The wizard's first whole frame beside a bare app's, with `tool` (first_frame.py)."""

    def drawn(marker: str, command: Sequence[str]) -> float:
        return float(_output([sys.executable, str(tool), "--size", size, "--temp-home", "--marker",
                              marker, "--", *command]))  # fmt: skip

    bare, wizard = _in_turn(runs, lambda: drawn(*BARE), lambda: drawn(*WIZARD))
    line(f"first frame at {size}: bare Textual app", bare)
    line(f"first frame at {size}: sestui practice", wizard)
    ratio = statistics.median(wizard) / statistics.median(bare)
    print(f"  {ratio:.2f} times, by the medians; {min(wizard) / min(bare):.2f} by the least")
    Bar(ratio, FIRST_FRAME, "times a bare app's first frame").judge()


def help_and_version(runs: int) -> None:
    """`--help` and `--version` beside `python -c pass`."""
    nothing, asked, version = _in_turn(
        runs,
        lambda: _milliseconds([sys.executable, "-c", "pass"]),
        lambda: _milliseconds([sys.executable, "-m", "sestui", "--help"]),
        lambda: _milliseconds([sys.executable, "-m", "sestui", "--version"]),
    )
    line("python -c pass", nothing)
    line("sestui --help", asked)
    line("sestui --version", version)
    for values in (asked, version):
        more = statistics.median(values) - statistics.median(nothing)
        Bar(more, HELP_MS, "ms more than python -c pass").judge()


def _in_turn(runs: int, *measures: Callable[[], float]) -> list[list[float]]:
    """Each of `measures` once without counting, then all of them in turn."""
    for measure in measures:
        measure()
    found: list[list[float]] = [[] for _measure in measures]
    for _run in range(runs):
        for values, measure in zip(found, measures, strict=True):
            values.append(measure())
    return found


def _milliseconds(command: Sequence[str]) -> float:
    begin = time.perf_counter()
    _output(command)
    return (time.perf_counter() - begin) * 1000


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
