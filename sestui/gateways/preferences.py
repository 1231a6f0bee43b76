"""Small things that make the next start pleasant, in a JSON file. No secrets."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def config_folder() -> Path:
    """Where this machine keeps the settings of programs."""
    import platformdirs

    return platformdirs.user_config_path("sestui")


class FilePreferences:
    """`Preferences`. What cannot be read counts as empty, what cannot be written is not kept:
    neither is worth a word to a person who is here for mail."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "preferences.json"

    def load(self) -> dict[str, Any]:
        try:
            values = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return values if isinstance(values, dict) else {}

    def save(self, values: Mapping[str, Any]) -> None:
        try:
            self._save(json.dumps(dict(values), indent=2, sort_keys=True) + "\n")
        except OSError:
            return

    def _save(self, text: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes it 0600; the rename puts it there whole or not at all.
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".preferences-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self.path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
