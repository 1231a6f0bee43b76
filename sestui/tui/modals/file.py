"""Pick a file of this machine: its path typed, or found in the tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import DirectoryTree, Input

from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain


class FileTree(DirectoryTree):
    """Names of files are drawn as they are: Textual's own would read them as markup."""

    ICON_NODE, ICON_NODE_EXPANDED, ICON_FILE = "▸ ", "▾ ", "  "

    def process_label(self, label: Any) -> Text:
        return label if isinstance(label, Text) else Text(printable(str(label)))


class FileModal(ModalScreen[str | None]):
    """The path of the file picked; None when none is."""

    CSS_PATH = "file.tcss"
    AUTO_FOCUS = "#path"
    BINDINGS = [Binding("escape", "close", _("Close"))]

    def __init__(self, title: str, folder: str = "") -> None:
        super().__init__()
        self._title = title
        self._folder = folder or str(_here())

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = _("tab to the tree · enter picks · esc closes")
            yield Input(
                placeholder=_("path of the file; ~ is your home folder"), id="path", compact=True
            )
            yield Plain(id="path-note", classes="note")
            yield FileTree(self._folder, id="files")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            self.query_one(FileTree).focus()
            return
        try:
            self._open(Path(event.value.strip()).expanduser())
        except OSError as error:
            self._refuse(error.strerror or _("It cannot be read."))
        except (RuntimeError, ValueError):  # ~nobody
            self._refuse(_("There is no such file."))

    def _open(self, path: Path) -> None:
        """Raises OSError: the way there is closed, or its name is too long."""
        if path.is_dir():
            self.query_one(FileTree).path = path
            self.query_one(FileTree).focus()
        elif path.is_file():
            self.dismiss(str(path.absolute()))
        else:
            self._refuse(_("There is no such file."))

    def _refuse(self, why: str) -> None:
        note = Content.styled(f"✗ {printable(why)}", "$text-error")
        self.query_one("#path-note", Plain).show(note)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#path-note", Plain).show("")

    @on(DirectoryTree.FileSelected)
    def _selected(self, event: DirectoryTree.FileSelected) -> None:
        self.dismiss(str(event.path.absolute()))

    def action_close(self) -> None:
        self.dismiss(None)


def _here() -> Path:
    """The folder sestui runs in; that of the person when it is gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path.home()
