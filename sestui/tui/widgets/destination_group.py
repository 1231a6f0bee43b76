"""The fields of one kind of event destination."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Checkbox

from sestui.domain.destinations.facts import Existing
from sestui.domain.destinations.form import DestinationForm
from sestui.domain.destinations.place import Place
from sestui.tui.widgets.picker import Picker
from sestui.workflows.destinations import Offers


class DestinationGroup(Vertical):
    """Puts what is typed in it into a form, and shows what is said about its fields."""

    class Edited(Message):
        """Something was typed or chosen."""

    FIELDS: tuple[str, ...] = ()
    """Those that have a Picker of the same id, with `pick-` before it."""

    def __init__(self, form: DestinationForm, place: Place, *, id: str) -> None:
        super().__init__(id=id)
        self.form = form
        self.place = place

    def read(self, form: DestinationForm) -> DestinationForm:
        """`form` with what is typed here."""
        return form

    def offer(self, offers: Offers) -> None:
        """What the account has."""

    def found(self, existing: Existing) -> None:
        """What there is of what is named."""

    def say(self, problems: Mapping[str, str], advice: Mapping[str, str]) -> None:
        for name in self.FIELDS:
            self.picker(name).say(problems.get(name, ""), advice.get(name, ""))

    def go_to(self, field: str) -> None:
        """The cursor to a field that has a problem."""
        name = field.split(".", maxsplit=1)[0]
        if name in self.FIELDS:
            self.picker(name).enter()

    def picker(self, name: str) -> Picker:
        return self.query_one(f"#pick-{name}", Picker)

    @on(Picker.Picked)
    @on(Checkbox.Changed)
    def _edited(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Edited())
