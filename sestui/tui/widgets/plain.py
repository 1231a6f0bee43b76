"""Text that is drawn as it is."""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static


class Plain(Static):
    """A Static that never reads markup, so that the safe way is the short way."""

    def __init__(
        self, content: VisualType = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(content, id=id, classes=classes, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """As Static's, but what is drawn already does not lay the whole screen out again."""
        match self.content, content:
            case str() as before, str():
                same = before == content
            case Content() as before, Content():
                same = before.is_same(content)
            case _other:
                same = False
        if not same:
            super().update(content, layout=layout)

    def show(self, content: str | Content) -> None:
        """Draw `content`, and take no space when it is empty."""
        self.display = bool(content)
        self.update(content)
