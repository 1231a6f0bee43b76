"""The front door: the language, then the command line, then the wizard or one headless command.

Nothing heavy is imported here or by `--help`; each command imports what it needs when it is chosen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sestui.cli.session import Front
    from sestui.cli.words import Options

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None, front: Front | None = None) -> int:
    """Run sestui with `argv` (the process's own arguments by default); the exit code.

    May be called again in the same process. `front`: in place of the wizard and the gateways of
    this module, for tests.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        _speak(arguments)
        start = PLAIN.get(tuple(arguments)) if front is None else None
        if start and sys.stdin.isatty() and sys.stdout.isatty():
            from sestui.cli.words import Options

            return start(Options())
        from sestui.cli.app import run
        from sestui.cli.session import Front

        return run(arguments, front or Front(wizard=_wizard, practice=_practice))
    except KeyboardInterrupt:
        return INTERRUPTED


def _speak(arguments: Sequence[str]) -> None:
    """Choose the language before a module with texts in it is imported."""
    from sestui.domain.i18n import use
    from sestui.gateways.catalogue import choose, load

    use(load(choose(arguments, os.environ)))


# The headless commands may not import Textual, not even by a detour, so they are handed these.
def _wizard(options: Options) -> int:
    _collect_nothing_yet()
    from sestui.launch import run_wizard

    return run_wizard(options)


def _practice(options: Options) -> int:
    _collect_nothing_yet()
    from sestui.launch import run_practice

    return run_practice(options)


def _collect_nothing_yet() -> None:
    """A tenth of the way to the first frame would go into looking for garbage among what has just
    been loaded. The wizard switches the collector on when it has drawn."""
    import gc

    gc.disable()


# With nothing to parse, the first frame need not wait for the parser either.
PLAIN = {(): _wizard, ("practice",): _practice}


if __name__ == "__main__":
    sys.exit(main())
