"""Where the practice account keeps what it must not forget: JSON files in one folder."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sestui.practice import files


class Store:
    """JSON documents by name, each replaced as a whole.

    A document is written to a temporary file and renamed over the old one, so a process that is
    killed leaves either the old or the new document, never half of one. The files are readable by
    their owner only: they hold private keys.
    """

    def __init__(self, folder: Path, told: files.Told = lambda _text: None) -> None:
        """Use `folder`, which is made (0700) when it does not exist.

        Args:
            told: hears of what is damaged.

        Raises:
            OSError: the folder cannot be made.
        """
        self._folder = folder
        self.told = told
        files.make_folder(folder)

    @property
    def folder(self) -> Path:
        return self._folder

    def load(self, name: str, fits: Callable[[Any], bool] = lambda _data: True) -> Any:
        """The document called `name`, or None when there is none.

        One that is not JSON, or that does not fit, is set aside, and there is none.

        Raises:
            OSError: it cannot be read.
            ValueError: `name` is not a plain file name.
        """
        path = self._path(name)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            data = json.loads(content)
            if fits(data):
                return data
        except (ValueError, RecursionError):
            pass
        self.told(f"{path} is damaged; it is now {files.set_aside(path).name}")
        return None

    def keep_copy(self, name: str, why: str) -> None:
        """Set a copy of a document aside, of which a part is damaged and will be gone.

        Raises:
            OSError: it cannot be written.
        """
        path = self._path(name)
        self.told(f"{path}: {why}; all of it is in {files.set_aside(path, copy=True).name}")

    def save(self, name: str, data: Any) -> None:
        """Replace the document called `name` with `data`.

        No fsync: what must survive is the end of the process, not of the machine.

        Raises:
            OSError: it cannot be written; the old document is then untouched.
            TypeError: `data` is not JSON.
        """
        path = self._path(name)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=f".{name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise

    def names(self) -> list[str]:
        """The names of all documents, sorted."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def _path(self, name: str) -> Path:
        if not name or name.startswith(".") or "/" in name or "\\" in name:
            raise ValueError(f"not a document name: {name!r}")
        return self._folder / f"{name}.json"
