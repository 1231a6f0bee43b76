"""The options of a configuration set: one form, in the groups of the API, and the tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Checkbox, Input

from sestui.domain.configset.edit import SetDraft, Suppression
from sestui.domain.configset.model import ConfigurationSet
from sestui.domain.configset.options import Group, signing_scheme
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.tui.widgets.choice import Choice
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.set_fields import FIELDS, GROUPS, TYPED, Remark, SetField, label_of
from sestui.tui.widgets.tag_rows import TagRows


class SetForm(VerticalScroll, inherit_bindings=False):
    """Up and down go from field to field, left and right choose."""

    BINDINGS = [
        Binding("up", "step(-1)", _("Field above"), show=False),
        Binding("down", "step(1)", _("Field below"), show=False),
        Binding("pageup", "step(-6)", _("Page up"), show=False),
        Binding("pagedown", "step(6)", _("Page down"), show=False),
    ]

    class Edited(Message):
        """Something was chosen or typed; `words` say what it was, for the person who undoes it."""

        def __init__(self, field: str, words: str) -> None:
            super().__init__()
            self.field = field
            self.words = words

        @property
        def typing(self) -> bool:
            return self.field in TYPED

    def __init__(self, draft: SetDraft, *, new: bool) -> None:
        super().__init__(id="set-form", can_focus=False)
        self._draft = draft
        self._new = new

    def compose(self) -> ComposeResult:
        draft = self._draft
        if self._new:
            yield SetField("name", draft)
        for group, fields in GROUPS:
            # A group of one field is called as that is.
            if len(fields) > 1:
                yield Plain(group.word, classes="set-group")
            for field in fields:
                yield SetField(field, draft)
        if scheme := signing_scheme(ConfigurationSet("", kept=draft.kept)):
            text = _("{group}: {scheme}, which stays as it is.")
            said = text.format(group=Group.SECURITY.word, scheme=printable(scheme))
            yield Plain(Content.styled(said, "$quiet"), classes="set-kept")
        yield Plain(Group.TAGS.word, classes="set-group", id="tags-head")
        yield TagRows(draft.tags, id="set-tags")
        note = Plain(classes="set-note", id="tags-note")
        note.display = False
        yield note

    def on_mount(self) -> None:
        self._show_reasons(self._draft)

    def _show_reasons(self, draft: SetDraft) -> None:
        self.query_one("#row-reasons").display = draft.suppression is Suppression.OWN

    # What is in it

    def read(self, draft: SetDraft) -> SetDraft:
        """`draft` with what is on the form."""
        for row in self.query(SetField):
            draft = row.read(draft)
        return replace(draft, tags=self.query_one(TagRows).rows)

    async def put(self, draft: SetDraft) -> None:
        """Show another draft."""
        for row in self.query(SetField):
            row.put(draft)
        self._show_reasons(draft)
        await self.query_one(TagRows).fill(draft.tags)

    def field_of(self, widget: Widget | None) -> str:
        """The field that `widget` is in; empty for none."""
        for each in widget.ancestors_with_self if widget is not None else ():
            if isinstance(each, SetField):
                return each.field
            if isinstance(each, TagRows):
                return "tags"
        return ""

    @property
    def first(self) -> str:
        """The field at the top."""
        return "name" if self._new else "sending_enabled"

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_step(1)

    @on(Choice.Changed)
    @on(Checkbox.Changed)
    @on(Input.Changed)
    def _changed(self, event: Choice.Changed | Checkbox.Changed | Input.Changed) -> None:
        event.stop()
        field = self.field_of(event.control)
        if field == "suppression":
            self._show_reasons(replace(self._draft, suppression=Suppression(event.value)))  # type: ignore[arg-type]
        self.post_message(self.Edited(field, label_of(field)))

    @on(TagRows.Edited)
    def _tags(self, event: TagRows.Edited) -> None:
        event.stop()
        self.post_message(self.Edited("tags", label_of("tags")))

    # What is said of it

    def tell(self, remarks: Mapping[str, Remark], changed: frozenset[str]) -> None:
        """`remarks` by field of the draft; those of tags have a number: `tags.0.key`."""
        for row in self.query(SetField):
            row.tell(remarks.get(row.field), changed=row.field in changed)
        start = "tags."
        of_tags = {
            field.removeprefix(start): remark.text
            for field, remark in remarks.items()
            if field.startswith(start)
        }
        self.query_one(TagRows).tell(of_tags)
        whole = remarks.get("tags")
        text = Content.styled(f"✗ {printable(whole.text)}", "$text-error") if whole else ""
        self.query_one("#tags-note", Plain).show(text)
        mark = ("▍", "$accent") if "tags" in changed else (" ", "")
        self.query_one("#tags-head", Plain).update(Content.assemble(mark, Group.TAGS.word))

    def hint(self, field: str, remark: Remark | None) -> None:
        self.query_one(f"#row-{field}", SetField).hint(remark)

    # Going about

    def focus_field(self, field: str) -> None:
        """The cursor into `field` of the draft: `archive`, `tags.2.key`."""
        head, _dot, rest = field.partition(".")
        if head == "tags":
            self.query_one(TagRows).focus_row(rest or "0.key")
        elif head in FIELDS and (rows := self.query(f"#row-{head}")):
            rows.first(SetField).focus_control()

    def action_step(self, by: int) -> None:
        stops = [each for each in self.screen.focus_chain if self in each.ancestors]
        if not stops:
            return
        here = self.screen.focused
        at = stops.index(here) if here in stops else -1
        stops[min(max(at + by, 0), len(stops) - 1)].focus()
