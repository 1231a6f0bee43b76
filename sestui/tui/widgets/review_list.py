"""The lines of the go-live review."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.i18n import _, ngettext
from sestui.domain.readiness import Item, Review, State
from sestui.domain.text import printable

GLYPHS = {
    State.DONE: ("✓", "$text-success"),
    State.WAITING: ("…", "$text-warning"),
    State.ADVICE: ("!", "$text-warning"),
    State.OPEN: ("✗", "$text-error"),
    State.UNKNOWN: ("?", "$text-warning"),
}


class ReviewList(OptionList):
    """A line an item, its advice below; Enter goes to the step where it is mended."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False)
        self.items: tuple[Item, ...] = ()

    def show(self, review: Review | None) -> None:
        items = review.items if review else ()
        if items == self.items:
            return
        highlighted = self.highlighted
        self.items = items
        self.set_options(Option(line(item), id=item.code) for item in items)
        first_open = next((n for n, item in enumerate(items) if item.state is State.OPEN), 0)
        self.highlighted = first_open if highlighted is None and items else highlighted

    def step_of(self, index: int) -> str:
        """The step in which an item is mended; empty when there is none."""
        return self.items[index].step


def line(item: Item) -> Content:
    glyph, colour = GLYPHS[item.state]
    parts: list[str | tuple[str, str]] = [(f"{glyph} ", colour), printable(item.text)]
    if item.advice:
        parts.append((f"\n  {printable(item.advice)}", "$quiet"))
    return Content.assemble(*parts)


def verdict(review: Review | None) -> Content:
    """Ready or not, in one line."""
    if review is None:
        return Content.styled(_("Looking …"), "$quiet")
    if review.ready:
        return Content.styled(_("✓ Ready to go live"), "bold $text-success")
    blockers = review.count(State.OPEN, State.UNKNOWN)
    if not blockers:
        return Content.styled(_("… Waiting for AWS and DNS"), "$text-warning")
    text = ngettext("✗ Not ready: one point is open", "✗ Not ready: {n} points are open", blockers)
    return Content.styled(text.format(n=blockers), "bold $text-error")
