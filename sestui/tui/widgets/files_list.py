"""The files that go with a mail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from sestui.domain.i18n import _
from sestui.domain.mail.attachment import attachment_problem, encoded_size
from sestui.domain.text import printable


class FilesList(OptionList):
    """A row a file, with its size once that is known, and what SES has against it."""

    BINDINGS = [Binding("delete,backspace", "drop", _("Remove"), tooltip=_("Remove the file"))]

    class Edited(Message):
        """A file was removed."""

    def __init__(self, paths: tuple[str, ...], *, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self.paths = paths
        self.sizes: Mapping[str, int] = {}
        """Bytes by path; a file that cannot be read has none."""

    def on_mount(self) -> None:
        self.show(self.paths, self.sizes)

    def show(self, paths: tuple[str, ...], sizes: Mapping[str, int]) -> None:
        self.paths, self.sizes = paths, sizes
        before = self.highlighted
        self.set_options([self._row(path) for path in paths])
        if paths:
            self.highlighted = min(before or 0, len(paths) - 1)

    def _row(self, path: str) -> Content:
        name = PurePath(path).name
        size = self.sizes.get(path)
        if size is None:
            return Content.assemble(
                ("? ", "$text-warning"),
                printable(name),
                (f"  {_('cannot be read now')}  {printable(path)}", "$quiet"),
            )
        if problem := attachment_problem(name, size):
            return Content.assemble(("✗ ", "$text-error"), printable(problem))
        sent = human_size(encoded_size(size))
        return Content.assemble(
            ("✓ ", "$text-success"),
            printable(name),
            (f"  {human_size(size)}, {sent} {_('as base64')}", "$quiet"),
        )

    def action_drop(self) -> None:
        if self.highlighted is not None and self.paths:
            kept = list(self.paths)
            del kept[self.highlighted]
            self.show(tuple(kept), self.sizes)
            self.post_message(self.Edited())


def human_size(size: int) -> str:
    """`size` bytes as a person says it."""
    if size < 1024:
        return _("{n} bytes").format(n=size)
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"
