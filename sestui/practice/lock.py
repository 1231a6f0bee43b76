"""One practice account per folder at a time."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from sestui.practice import files


class InUse(Exception):
    """Another process works with the folder."""


class FolderLock:
    """Held until `release` or the end of the process, however that comes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            InUse: another process, or another account in this one, has it.
            OSError: the folder cannot be written.
        """
        file = files.open_private(self._path, "a+")
        try:
            _lock(file)
        except OSError:
            file.seek(0)
            owner = file.read().strip()
            file.close()
            who = f" (process {owner})" if owner.isdigit() else ""
            raise InUse(
                f"{self._path.parent} is in use by another practice account{who};"
                " end it, or choose another folder with --data-dir"
            ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go; may be called twice."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        # Far behind the content, so that others can read who holds it.
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
