"""Files for the owner's eyes only, whole or not at all, also after kill -9.

What is damaged is never overwritten: it is set aside beside where it was, and told.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, Any

Told = Callable[[str], None]
"""Takes a sentence about something that was found damaged."""

DAMAGED = ".damaged"
_MOST_NAMED = 10
_SHOWN = 40


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path`, by way of a file beside it that then takes its place.

    Raises:
        OSError: the disk is full, the folder is gone or may not be written.
    """
    make_folder(path.parent)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open_private(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def open_private(path: Path, mode: str) -> IO[Any]:
    """`open`, for a file of mode 0600 whatever the umask is, and whatever it was before.

    Raises:
        OSError: as `open` does.
    """

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    file = open(path, mode, opener=opener)  # noqa: SIM115 - the caller closes it
    _close_to_others(path, os.fstat(file.fileno()))
    return file


def make_folder(folder: Path) -> None:
    """Make `folder`, of mode 0700, where there is none.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def close_folder(folder: Path, ours: Collection[str]) -> None:
    """Take everyone else's rights from what `ours` names in `folder`, and all below it.

    The folder too, unless there are other things in it: it is not for us to close those.

    Raises:
        PermissionError: it belongs to another user.
    """
    if os.name != "posix":
        return
    status = folder.stat()
    if os.geteuid() not in (0, status.st_uid):
        raise PermissionError(f"{folder} belongs to another user; choose another folder")
    entries = list(os.scandir(folder))
    if all(entry.name.removesuffix(DAMAGED) in ours for entry in entries):
        _close_to_others(folder, status)
    for entry in entries:
        if entry.name.removesuffix(DAMAGED) in ours:
            _close(entry)


def _close(entry: os.DirEntry[str]) -> None:
    if entry.is_symlink():
        return
    _close_to_others(Path(entry), entry.stat(follow_symlinks=False))
    if entry.is_dir(follow_symlinks=False):
        for each in os.scandir(entry):
            _close(each)


def _close_to_others(path: Path, status: os.stat_result) -> None:
    if os.name == "posix" and status.st_mode & 0o077:
        # A file system without rights, such as that of a memory stick, refuses this.
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IMODE(status.st_mode) & 0o700)


def set_aside(path: Path, *, copy: bool = False) -> Path:
    """Move, or copy, a damaged file to a name of its own beside it; that name.

    Raises:
        OSError: it cannot be.
    """
    number = 1
    while (aside := path.with_name(path.name + DAMAGED + (f"-{number}" * (number > 1)))).exists():
        number += 1
    if copy:
        shutil.copy2(path, aside)
    else:
        path.rename(aside)
    return aside


class JsonLines:
    """A file with a JSON object a line. Not thread-safe."""

    def __init__(self, path: Path, told: Told) -> None:
        self.path = path
        self._told = told

    def read(self, take: Callable[[dict[str, Any]], None], *, most: int = 0) -> bool:
        """Give each line's object to `take`, or those of the last `most` lines only.

        A line that is none, or that `take` cannot use, is put into a file beside this one and told.

        Args:
            take: may raise ValueError, KeyError or TypeError.

        Returns:
            Whether all lines were good. Where one was not, it is still in the file.

        Raises:
            OSError: the file is there and cannot be read.
        """
        damaged: list[bytes] = []
        for line in self._lines(most):
            try:
                if not line.endswith(b"\n"):
                    raise ValueError("cut off")
                entry = json.loads(line)
                if not isinstance(entry, dict):
                    raise TypeError("not an object")
                take(entry)
            except (ValueError, KeyError, TypeError, RecursionError):
                damaged.append(line)
        if damaged:
            self._set_aside(damaged)
        return not damaged

    def _lines(self, most: int) -> Iterator[bytes]:
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        with file:
            lines = iter(_last_lines(file, most)) if most else file
            yield from (line for line in lines if line.strip())

    def _set_aside(self, lines: list[bytes]) -> None:
        aside = self.path.with_name(self.path.name + DAMAGED)
        with open_private(aside, "ab") as file:
            for line in lines:
                file.write(line.rstrip(b"\r\n") + b"\n")
        for line in lines[:_MOST_NAMED]:
            text = ascii(line[:_SHOWN].decode("utf-8", "replace"))
            self._told(f"{self.path}: a damaged line, now in {aside.name}: {text}")
        if len(lines) > _MOST_NAMED:
            self._told(f"{self.path}: {len(lines) - _MOST_NAMED} more, in {aside.name}")


def _last_lines(file: IO[bytes], number: int, step: int = 1 << 20) -> list[bytes]:
    """The last lines with their ends, without reading what is before them."""
    at = file.seek(0, os.SEEK_END)
    tail = b""
    while at > 0 and tail.count(b"\n") <= number:
        at, before = max(0, at - step), at
        file.seek(at)
        tail = file.read(before - at) + tail
    return io.BytesIO(tail).readlines()[-number:]
