"""An app with the wizard's looks and nothing on it, for a dialog: it takes no time to draw."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from textual.app import App

import sestui.tui.app as wizard

from .states import NOW


class Host(App[None]):
    CSS_PATH = Path(wizard.__file__).parent / "app.tcss"

    def now(self) -> datetime:
        return NOW

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"quiet": "#8d9db2"}
