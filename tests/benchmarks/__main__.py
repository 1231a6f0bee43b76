"""`python -m tests.benchmarks [WHAT …]`: see README.md."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.benchmarks import living, start

ROOT = Path(__file__).parents[2]
TOOL = Path("..") / "shared" / "tools" / "first_frame.py"
"""Relative to the repository."""
WHAT = ("first-frame", "help", "keys", "rest", "many")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*WHAT, []], help="all when none is named")
    parser.add_argument("--tool", type=Path, default=ROOT / TOOL, help="first_frame.py")
    parser.add_argument(
        "--size", nargs="+", default=["120x40", "80x24"], help="of the terminal for the first frame"
    )
    parser.add_argument("--runs", type=int, default=15, help="of everything that starts")
    parser.add_argument("--keys", type=int, default=200, help="keys to press")
    parser.add_argument("--seconds", type=float, default=60.0, help="to rest")
    parser.add_argument("--identities", type=int, default=10_000)
    given = parser.parse_args()
    for what in given.what or WHAT:
        match what:
            case "first-frame" if not given.tool.exists():
                print(f"first-frame: there is no {given.tool}; name it with --tool")
            case "first-frame":
                for size in given.size:
                    start.first_frame(given.tool, size, given.runs)
            case "help":
                start.help_and_version(given.runs)
            case "keys":
                living.keys(given.keys)
            case "rest":
                living.rest(given.seconds)
            case "many":
                living.many(given.identities)
        print()


if __name__ == "__main__":
    main()
