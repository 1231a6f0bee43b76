"""The names of the templates, with a filter when there are many, and the marked one beside them."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from sestui.domain.i18n import _
from sestui.domain.mail.template import Template
from sestui.domain.mail.variables import variables
from sestui.domain.text import printable, printable_lines
from sestui.tui.widgets.plain import Plain

_MANY = 8
"""Names from which on there is a filter."""
_MOST_SHOWN = 500
_MOST_PREVIEWED = 4_000


class TemplateList(Vertical):
    class Chosen(Message):
        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    class Marked(Message):
        """The cursor is on another one; `name` may be empty."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    def __init__(self) -> None:
        super().__init__()
        self.names: tuple[str, ...] = ()
        self.shown: tuple[str, ...] = ()
        """Those that the filter lets through, as they are drawn."""

    def compose(self) -> ComposeResult:
        field = Input(placeholder=_("type to filter"), id="template-filter")
        field.display = False
        yield field
        with Horizontal(id="template-panes"):
            yield OptionList(id="template-names", markup=False)
            with VerticalScroll(id="template-preview", can_focus=False):
                yield Plain(id="template-preview-text")
        yield Plain(id="template-names-note", classes="muted")

    @property
    def current(self) -> str:
        """The name under the cursor; empty when there is none."""
        index = self.query_one("#template-names", OptionList).highlighted
        return self.shown[index] if index is not None and index < len(self.shown) else ""

    def show(self, names: tuple[str, ...], at: str = "") -> None:
        """Draw these names, with the cursor at `at` or where it was."""
        self.names = names
        field = self.query_one("#template-filter", Input)
        if at:
            with self.prevent(Input.Changed):
                field.value = ""  # else it might be hidden
        self._draw(at)

    def _draw(self, at: str = "") -> None:
        field = self.query_one("#template-filter", Input)
        typed = field.value.strip().lower()
        field.display = bool(typed) or len(self.names) >= _MANY or field.has_focus
        matching = sorted((n for n in self.names if typed in n.lower()), key=str.casefold)
        at = at or self.current
        self.shown = tuple(matching[:_MOST_SHOWN])
        options = self.query_one("#template-names", OptionList)
        options.set_options(Option(Content(printable(name))) for name in self.shown)
        if self.shown:
            options.highlighted = self.shown.index(at) if at in self.shown else 0
        note = ""
        if not self.names:
            note = _("There is no template in this Region yet. n writes one.")
        elif not matching:
            note = _("No template is called that.")
        elif hidden := len(matching) - len(self.shown):
            note = _("{n} more: type / and a part of the name.").format(n=hidden)
        self.query_one("#template-names-note", Plain).show(note)
        self.post_message(self.Marked(self.current))

    def show_template(self, template: Template | None) -> None:
        """Beside the list; None while it is not known."""
        preview = Content() if template is None else _preview(template)
        for text in self.query("#template-preview-text").results(Plain):  # none when it is closed
            text.update(preview)

    def focus_filter(self) -> None:
        field = self.query_one("#template-filter", Input)
        field.display = True
        field.focus()

    @on(Input.Changed)
    def _filtered(self, event: Input.Changed) -> None:
        event.stop()
        self._draw()

    @on(Input.Submitted)
    def _to_the_list(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one("#template-names").focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self.current))

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Marked(self.current))


def _preview(template: Template) -> Content:
    parts: list[str | tuple[str, str]] = [(printable(template.subject), "bold")]
    found = variables(template)
    if found:
        names = "  ".join(f"{variable.name}{'?' * variable.optional}" for variable in found)
        parts.append(("\n" + printable(names), "$accent"))
    for title, text in ((_("Text"), template.text), (_("HTML"), template.html)):
        if text:
            parts += [(f"\n\n{title}\n", "$quiet"), printable_lines(text[:_MOST_PREVIEWED])]
    return Content.assemble(*parts)
