"""What a person does to the draft of a configuration set, and takes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.binding import Binding

from sestui.domain.configset.edit import SetDraft
from sestui.domain.configset.matrix import Cell, matrix, toggle, toggle_enabled
from sestui.domain.destinations.form import destination_of
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_domain
from sestui.gateways.ports import GatewayError
from sestui.tui.modals.set_destinations import edit_destination, place, planned_topics
from sestui.tui.modals.set_frame import SetFrame
from sestui.tui.widgets.event_matrix import EventMatrix
from sestui.tui.widgets.set_fields import TYPED, Remark, Weight, label_of
from sestui.tui.widgets.set_form import SetForm
from sestui.workflows.configset import look_at_tracking, topic_states, topics_of

if TYPE_CHECKING:
    pass

_PAUSE = 0.6
"""Seconds after the last letter of a domain before its CNAME is looked at."""


class SetEditing(SetFrame):
    """What `SetEditor` builds on: it knows nothing of reviewing and sending."""

    BINDINGS = [
        Binding("ctrl+z", "undo", _("Undo"), priority=True, tooltip=_("Take the last edit back")),
        Binding("ctrl+y", "redo", _("Redo"), priority=True, show=False),
    ]

    def on_mount(self) -> None:
        self.look_at_domain()

    def tell(self) -> None:
        super().tell()
        if not self.leaving:
            self.look_at_topics()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("undo", "redo"):
            there = self.history.past if action == "undo" else self.history.future
            return not self.busy and bool(there)
        return super().check_action(action, parameters)

    # Editing

    def edit(self, draft: SetDraft, words: str, field: str = "", *, typing: bool = False) -> None:
        """`draft` from now on; `words` say what was done."""
        before = self.history
        self.history = before.edited(draft, words, field, typing=typing)
        if self.history is not before:
            self.tell()

    def take_typed(self) -> None:
        """What is on the form, also where a key overtakes the messages of those before it."""
        field = self.form.field_of(self.focused) or self._field
        words = label_of(field) if field else _("the options")
        draft = self.form.read(self.draft)
        self.history = self.history.edited(draft, words, field, typing=field in TYPED)

    @on(SetForm.Edited)
    def _form_edited(self, message: SetForm.Edited) -> None:
        message.stop()
        draft = self.form.read(self.draft)
        self.edit(draft, message.words, message.field, typing=message.typing)
        if message.field == "redirect_domain":
            self.look_at_domain()

    @on(EventMatrix.Told)
    def _matrix_told(self, message: EventMatrix.Told) -> None:
        message.stop()
        name, event = message.destination, message.event
        match message.deed:
            case "moved":
                self.show_help()
            case "add":
                self.change_destination("")
            case "edit":
                self.change_destination(name)
            case "switch":
                self.edit(toggle_enabled(self.draft, name), _("{name} on or off").format(name=name))
            case "remove":
                self.remove_destination(name)
            case "toggle" if event is not None:
                if matrix(self.draft).cell(event, name) is Cell.UNSUPPORTED:
                    self.say(_("This destination cannot get that event."))
                    return
                words = _("{event} for {name}").format(event=event.word, name=name)
                self.edit(toggle(self.draft, event, name), words)

    @work(exclusive=True, group="destination")
    async def change_destination(self, name: str) -> None:
        """Another destination, or another shape of the one that is called `name`."""
        self.take_typed()
        form = await edit_destination(self, name)
        if form is None:
            return
        if form.removed:
            self.remove_destination(name)
            return
        made = destination_of(form, place(self.connection))
        self.forms = {**self.forms, made.name: form}
        words = _("{name} changed") if name else _("{name} added")
        self.edit(self.draft.with_destination(made, name), words.format(name=made.name))
        self.tell()  # also when only what is around it has been changed
        self.matrix.go_to(made.name)
        self.matrix.focus()

    def remove_destination(self, name: str) -> None:
        words = _("{name} removed").format(name=name)
        self.edit(self.draft.without_destination(name), words)
        self.say(_("{name} is removed. Ctrl+Z brings it back.").format(name=name))

    async def action_undo(self) -> None:
        self.take_typed()
        self.history, words = self.history.undone()
        await self._shown_again(words, _("Undone: {what}. Ctrl+Y does it again."))

    async def action_redo(self) -> None:
        self.take_typed()
        self.history, words = self.history.redone()
        await self._shown_again(words, _("Done again: {what}."))

    async def _shown_again(self, words: str, text: str) -> None:
        if words:
            await self.form.put(self.draft)
            self.tell()
        self.say(text.format(what=words) if words else _("There is nothing to undo."))

    # Looking things up

    def look_at_topics(self) -> None:
        planned = planned_topics(self.forms, self.draft, self.connection)
        missing = set(topics_of(self.draft.destinations)) - self._asked - planned
        if missing:
            self._asked |= missing
            self._ask_topics(sorted(missing))

    @work(group="topics")
    async def _ask_topics(self, arns: Sequence[str]) -> None:
        self._topics |= await topic_states(self.cloud, arns)
        self.tell()

    @work(exclusive=True, group="cname")
    async def look_at_domain(self) -> None:
        """The CNAME of the redirect domain, as DNS has it now."""
        self.form.hint("redirect_domain", None)
        try:
            domain = parse_domain(self.draft.redirect_domain)
        except InvalidName:
            return
        await self.sleep(_PAUSE)
        try:
            found = await look_at_tracking(self.cloud, domain)
        except GatewayError:
            return
        if found.direct:
            remark = Remark(Weight.FINE, _("Its CNAME leads to {to}.").format(to=found.wanted))
        elif found.found:
            text = _("Its CNAME leads to {to}, not to SES: that must be your CDN.")
            remark = Remark(Weight.WARNING, text.format(to=found.found[0]))
        else:
            text = _("It has no CNAME yet; {to} is wanted.")
            remark = Remark(Weight.WARNING, text.format(to=found.wanted))
        if not self.leaving:
            self.form.hint("redirect_domain", remark)
