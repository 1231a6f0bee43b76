"""The fields of a configuration set on the form: what each is chosen or typed with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from sestui.domain.configset.edit import SetDraft, Suppression
from sestui.domain.configset.model import ConfigurationSet
from sestui.domain.configset.options import REASONS, Group
from sestui.domain.configset.texts import about, shown
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.tui.widgets.choice import Choice, Option
from sestui.tui.widgets.harmless import Harmless
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.ticks import Tick

SWITCHES = ("sending_enabled", "reputation_metrics")
TEXTS = ("name", "sending_pool", "max_delivery_seconds", "redirect_domain", "archive")
TYPED = (*TEXTS, "tags")
"""Fields that are typed letter by letter."""
GROUPS: tuple[tuple[Group, tuple[str, ...]], ...] = (
    (Group.SENDING, ("sending_enabled",)),
    (Group.REPUTATION, ("reputation_metrics",)),
    (Group.DELIVERY, ("tls_policy", "sending_pool", "max_delivery_seconds")),
    (Group.SUPPRESSION, ("suppression", "reasons", "suppression_scope", "validation")),
    (Group.TRACKING, ("redirect_domain", "https_policy")),
    (Group.VDM, ("engagement_metrics", "optimized_delivery")),
    (Group.ARCHIVING, ("archive",)),
)
"""In the order of the form; tags come last."""
FIELDS = ("name", *(field for _group, fields in GROUPS for field in fields))

_VALUES: dict[str, tuple[str, ...]] = {
    "tls_policy": ("OPTIONAL", "REQUIRE"),
    "suppression_scope": ("", "ACCOUNT", "TENANT"),
    "validation": ("", "MANAGED", "MEDIUM", "HIGH", "DISABLED"),
    "https_policy": ("OPTIONAL", "REQUIRE", "REQUIRE_OPEN_ONLY"),
    "engagement_metrics": ("", "ENABLED", "DISABLED"),
    "optimized_delivery": ("", "ENABLED", "DISABLED"),
}


class Weight(Enum):
    """Of what is said below a field: its glyph and its colour."""

    PROBLEM = ("✗", "$text-error")
    """It cannot stay."""
    DANGER = ("!", "$text-error")
    WARNING = ("!", "$text-warning")
    FINE = ("✓", "$text-success")
    UNKNOWN = ("?", "$text-warning")


class Remark(NamedTuple):
    weight: Weight
    text: str

    @property
    def content(self) -> Content:
        glyph, colour = self.weight.value
        return Content.styled(f"{glyph} {printable(self.text)}", colour)


def label_of(field: str) -> str:
    match field:
        case "name":
            return _("Name")
        case "suppression":
            return about("suppressed_reasons").label
        case "reasons":
            return _("What is suppressed")
        case _:
            return about(field).label


def options_of(field: str) -> Sequence[Option]:
    """The words of a field that is chosen, as the review says them."""
    if field in SWITCHES:
        off = Option("off", _("off"), danger=field == "sending_enabled")
        return (Option("on", _("on")), off)
    if field == "suppression":
        return [Option(each, each.word, each is Suppression.NOTHING) for each in Suppression]
    values = _VALUES[field]
    words = [shown(ConfigurationSet("", **{field: value}), field) for value in values]  # type: ignore[arg-type]
    pairs = zip(values, words, strict=True)
    return [Option(value, word) for value, word in pairs]


def value_of(draft: SetDraft, field: str) -> str:
    """As `Choice` and `Input` have it."""
    value = getattr(draft, field)
    return ("on" if value else "off") if field in SWITCHES else str(value)


def placeholder_of(field: str) -> str:
    return {
        "name": "production-emails",
        "sending_pool": _("shared addresses"),
        "max_delivery_seconds": _("14 h"),
        "redirect_domain": "awstrack.me",
        "archive": _("none"),
    }[field]


class SetField(Vertical):
    """Label and control side by side; below them what is to be said of what is chosen."""

    def __init__(self, field: str, draft: SetDraft) -> None:
        super().__init__(id=f"row-{field}", classes="set-field")
        self.field = field
        self._draft = draft
        self._said: Remark | None = None
        self._hint: Remark | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(classes="set-line"):
            yield Plain(" ", classes="set-mark")
            yield Plain(label_of(self.field), classes="set-label")
            yield self._control()
        note = Plain(classes="set-note")
        note.display = False
        yield note

    def _control(self) -> Widget:
        name = f"set-{self.field}"
        if self.field == "reasons":
            words = {"BOUNCE": _("bounces"), "COMPLAINT": _("complaints")}
            ticks = [
                Tick(words[each], each in self._draft.reasons, id=f"reason-{each}", compact=True)
                for each in REASONS
            ]
            return Horizontal(*ticks, id=name, classes="reasons")
        if self.field in TEXTS:
            return Input(
                value_of(self._draft, self.field),
                placeholder=placeholder_of(self.field),
                id=name,
                compact=True,
                highlighter=Harmless(),
                select_on_focus=False,
            )
        return Choice(options_of(self.field), value_of(self._draft, self.field), id=name)

    # What is in it

    def read(self, draft: SetDraft) -> SetDraft:
        value: object
        if self.field == "reasons":
            known = {each for each in REASONS if self.query_one(f"#reason-{each}", Tick).value}
            value = frozenset(known) | (draft.reasons - frozenset(REASONS))
        elif self.field in TEXTS:
            value = self.query_one(Input).value
        else:
            text = self.query_one(Choice).value
            value = text == "on" if self.field in SWITCHES else text
            if self.field == "suppression":
                value = Suppression(text)
        return replace(draft, **{self.field: value})  # type: ignore[arg-type]

    def put(self, draft: SetDraft) -> None:
        if self.field == "reasons":
            for each in REASONS:
                self.query_one(f"#reason-{each}", Tick).value = each in draft.reasons
        elif self.field in TEXTS:
            box, text = self.query_one(Input), value_of(draft, self.field)
            if box.value != text:
                box.value = text
        else:
            self.query_one(Choice).put(value_of(draft, self.field))

    def focus_control(self) -> None:
        first = next(each for each in self.query("*") if each.can_focus)
        first.focus()

    # What is said of it

    def tell(self, remark: Remark | None, *, changed: bool) -> None:
        self._said = remark
        self.set_class(changed, "-changed")
        self.query_one(".set-mark", Plain).update("▍" if changed else " ")
        self._show()

    def hint(self, remark: Remark | None) -> None:
        """What was found out about the value."""
        self._hint = remark
        self._show()

    def _show(self) -> None:
        said = self._said
        wrong = said is not None and said.weight is Weight.PROBLEM
        self.set_class(wrong, "-invalid")
        lines = [each.content for each in (said, None if wrong else self._hint) if each is not None]
        self.query_one(".set-note", Plain).show(Content("\n").join(lines) if lines else "")
