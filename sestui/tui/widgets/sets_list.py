"""The configuration sets of an account, with how each stands."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.configset.summary import SetSummary
from sestui.domain.configset.trouble import Reach
from sestui.domain.i18n import _, ngettext
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.workflows.set_overview import Overview

GLYPHS = {
    Severity.OK: ("✓", "$text-success"),
    Severity.WARNING: ("!", "$text-warning"),
    Severity.ERROR: ("✗", "$text-error"),
    Severity.UNKNOWN: ("?", "$text-warning"),
}


class SetsList(OptionList):
    """A set in two lines each; the keys are what can be done with the one under the cursor."""

    # The footer has no room for all of them at 80 columns; the border tells.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", _("Edit"), tooltip=_("All options and event destinations")),
        Binding("n", "do('create')", _("New"), tooltip=_("A new set"), show=False),
        Binding("d", "do('duplicate')", _("Duplicate"), tooltip=_("One like it"), show=False),
        Binding("m", "do('default')", _("Default"), tooltip=_("Make it the default"), show=False),
        Binding("delete,x", "do('delete')", _("Delete"), tooltip=_("Delete it"), show=False),
    ]

    class Wanted(Message):
        """Something is to be done with a set: create, duplicate, default, delete or edit."""

        def __init__(self, what: str, name: str) -> None:
            self.what = what
            self.name = name
            super().__init__()

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="card", markup=False, compact=True)
        self.border_title = _("Configuration sets")
        self.border_subtitle = _("n new · d duplicate · m default · x delete")
        self.names: tuple[str, ...] = ()
        self._drawn: list[str] = []

    @property
    def chosen(self) -> str:
        """The name under the cursor; empty when there is none."""
        at = self.highlighted
        return self.names[at] if at is not None and at < len(self.names) else ""

    def show(self, seen: Overview, default: str) -> None:
        """`default` is the identity's default set."""
        rows = [_row(name, seen, name == default) for name in seen.names]
        self.display = bool(rows)
        texts = [str(row) for row in rows]
        if texts == self._drawn:
            return
        before = self.chosen
        self._drawn = texts
        self.names = seen.names
        self.set_options(Option(row) for row in rows)
        wanted = before if before in self.names else default
        self.highlighted = self.names.index(wanted) if wanted in self.names else None

    def on_focus(self) -> None:
        if self.highlighted is None and self.names:
            self.highlighted = 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_do("edit")

    def action_do(self, what: str) -> None:
        if self.chosen or what == "create":
            self.post_message(self.Wanted(what, self.chosen))


def _row(name: str, seen: Overview, default: bool) -> Content:
    found = seen.summary(name)
    if found is None:
        return _not_read(name, seen)
    glyph, colour = GLYPHS[found.severity]
    head: list[str | tuple[str, str]] = [(f"{glyph} ", colour), (printable(name), "bold")]
    if default:
        head.append(("  " + _("default of this identity"), "$accent"))
    # Until the identities are read, not even this one's is among them.
    if (others := len(found.default_of) - default) > 0:
        text = ngettext("default of one other", "default of {n} others", others).format(n=others)
        head.append((f"  {text}", "$quiet"))
    return Content.assemble(*head, "\n  ", *_state(found))


def _not_read(name: str, seen: Overview) -> Content:
    if (problem := seen.unread.get(name)) is not None:
        glyph, colour = GLYPHS[Severity.UNKNOWN]
        text = (printable(problem.what), colour)
    elif name in seen.left_out:
        glyph, colour = "·", "$quiet"
        text = (_("not read, for there are many; Enter opens it"), colour)
    else:
        glyph, colour = "…", "$quiet"
        text = (_("being read"), colour)
    return Content.assemble((f"{glyph} ", colour), (printable(name), "bold"), "\n  ", text)


def _state(found: SetSummary) -> list[str | tuple[str, str]]:
    sending = (_("sends"), "") if found.sending else (_("paused"), "$text-error")
    metrics = _("metrics") if found.reputation else _("no metrics")
    kinds = ", ".join(
        f"{number} × {kind.word}" if number > 1 else kind.word for kind, number in found.kinds
    )
    parts: list[str | tuple[str, str]] = [sending, (f" · {metrics} · ", "$quiet")]
    parts.append((kinds, "$quiet") if kinds else (_("no destination"), "$text-warning"))
    if found.disabled:
        parts.append((f" · {_('{n} off').format(n=found.disabled)}", "$text-warning"))
    well = found.alarms is Reach.SOMEBODY
    alarms = _("bounces and complaints: {reach}").format(reach=found.alarms.word)
    parts.append((f" · {alarms}", "$text-success" if well else "$text-warning"))
    return parts
