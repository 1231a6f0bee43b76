"""Where the practice account keeps what it must not forget: JSON files in one folder."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any


class Store:
    """JSON documents by name, each replaced as a whole.

    A document is written to a temporary file and renamed over the old one, so a process that is
    killed leaves either the old or the new document, never half of one. The files are readable by
    their owner only: they hold private keys.
    """

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which is made (0700) when it does not exist.

        Raises:
            OSError: the folder cannot be made.
        """
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        return self._folder

    def load(self, name: str) -> Any:
        """The document called `name`, or None when there is none.

        Raises:
            OSError: it cannot be read.
            ValueError: it is not JSON (or `name` is not a plain file name).
        """
        try:
            text = self._path(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return json.loads(text)

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
