"""One CloudWatch dimension: where its value comes from, what it is called, and its default."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select

from sestui.domain.configset import Dimension
from sestui.domain.configset.judge_destination import dimension_problems
from sestui.domain.destinations.dimensions import (
    AUTO_TAGS,
    SOURCES,
    advise_dimensions,
    auto_tag_words,
    source_words,
)
from sestui.domain.i18n import _
from sestui.tui.widgets.picker import Picker, note_of
from sestui.tui.widgets.plain import Plain


class DimensionModal(ModalScreen[Dimension | None]):
    """The dimension as typed; None for "not now"."""

    CSS_PATH = "dimension.tcss"
    AUTO_FOCUS = "#dimension-source"
    BINDINGS = [
        Binding("escape", "cancel", _("Cancel")),
        Binding("ctrl+s", "take", _("Take it"), priority=True),
    ]

    def __init__(self, dimension: Dimension) -> None:
        super().__init__()
        self.dimension = dimension

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = _("Dimension")
            dialog.border_subtitle = _("^s takes it · esc cancels")
            source = self.dimension.source
            with Horizontal(classes="inline"):
                yield Label(_("Value from"), classes="label", markup=False)
                yield Select[str](
                    [(Content(source_words(each)), each) for each in SOURCES],
                    value=source if source in SOURCES else SOURCES[0],
                    allow_blank=False,
                    compact=True,
                    id="dimension-source",
                )
            yield Picker(
                _("Name"),
                [(f"{name}: {auto_tag_words(name)}", name) for name in AUTO_TAGS],
                self.dimension.name,
                id="pick-name",
                typing=_("a tag or header of your own …"),
                placeholder=_("campaign"),
            )
            with Horizontal(classes="inline"):
                yield Label(_("Default"), classes="label", markup=False)
                yield Input(
                    self.dimension.default,
                    placeholder=_("the value for mail that has none"),
                    compact=True,
                    id="dimension-default",
                )
            yield Plain(id="dimension-note")
            with Horizontal(classes="buttons"):
                yield Button(_("Cancel  esc"), id="cancel")
                yield Button(_("Take it  ^s"), id="take", variant="primary")

    def read(self) -> Dimension:
        return Dimension(
            self.query_one("#pick-name", Picker).value.strip(),
            self.query_one("#dimension-source", Select).selection or SOURCES[0],
            self.query_one("#dimension-default", Input).value.strip(),
        )

    @on(Picker.Picked)
    @on(Input.Changed)
    @on(Select.Changed, "#dimension-source")
    def _edited(self) -> None:
        typed = self.read()
        found = dict(dimension_problems(typed))
        # What is still to be typed is no mistake yet.
        if not typed.name:
            found.pop("name", None)
        if not typed.default:
            found.pop("default", None)
        self._say(found)

    def _say(self, found: dict[str, str]) -> None:
        advice = next((t for f, t in advise_dimensions((self.read(),)) if f != "dimensions"), "")
        self.query_one("#pick-name", Picker).say(found.get("name", ""), advice)
        note = found.get("source") or found.get("default") or ""
        self.query_one("#dimension-note", Plain).show(note_of(note, ""))

    @on(Input.Submitted)
    @on(Button.Pressed, "#take")
    def action_take(self) -> None:
        found = dict(dimension_problems(self.read()))
        self._say(found)
        if not found:
            self.dismiss(self.read())
        elif "source" in found:
            self.query_one("#dimension-source").focus()
        elif "name" in found:
            self.query_one("#pick-name", Picker).enter()
        else:
            self.query_one("#dimension-default").focus()

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)
