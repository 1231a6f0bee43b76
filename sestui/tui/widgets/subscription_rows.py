"""Who gets the messages of a topic: subscriptions, with what is to be done with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList

from sestui.domain.destinations.facts import Subscription
from sestui.domain.destinations.place import Place, last
from sestui.domain.destinations.subscriptions import (
    Subscriber,
    protocol_word,
    state_word,
    subscription_advice,
    subscription_protocol,
)
from sestui.domain.destinations.topics import TopicForm
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.text import printable
from sestui.tui.widgets.destination_group import DestinationGroup
from sestui.tui.widgets.picker import note_of
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.row_list import RowList


@dataclass(frozen=True, slots=True)
class Row:
    """A subscription that is there, or one that shall be: `new` has its number in the form."""

    there: Subscription | None = None
    new: int = -1


class SubscriptionRows(Vertical):
    """`typed` has what shall be; posts `DestinationGroup.Edited`."""

    def __init__(self, typed: TopicForm, place: Place) -> None:
        super().__init__(id="subscription-rows")
        self.typed = typed
        self.place = place
        self.there: tuple[Subscription, ...] = ()
        self.queues: tuple[str, ...] = ()
        self._problems: Mapping[str, str] = {}
        self._advice: Mapping[str, str] = {}

    def compose(self) -> ComposeResult:
        yield Label(_("Subscriptions"), classes="label", markup=False)
        yield RowList(id="subscriptions")
        yield Plain(id="subscriptions-note", classes="note")
        keys = _("a add · enter change · d remove · r ask again")
        yield Plain(keys, classes="keys")

    def on_mount(self) -> None:
        self.draw()

    def say(self, problems: Mapping[str, str], advice: Mapping[str, str]) -> None:
        self._problems, self._advice = problems, advice
        self._draw_note()

    @property
    def rows(self) -> tuple[Row, ...]:
        new = (Row(new=number) for number in range(len(self.typed.add)))
        return (*(Row(each) for each in self.there), *new)

    def draw(self) -> None:
        rows = [self._drawn(row) for row in self.rows]
        self.query_one(RowList).show(rows, _("Nobody yet. Press a to add one."))
        self._draw_note()

    def _drawn(self, row: Row) -> Content:
        if row.there is None:
            each = self.typed.add[row.new]
            return _line("+", "$text-success", _protocol(each.endpoint), each, _("new"))
        there, changed = row.there, dict(self.typed.change).get(row.there.arn)
        shown = changed or subscriber_of(there)
        protocol = there.protocol
        if there.arn and there.arn in self.typed.remove:
            return _line("-", "$text-error", protocol, shown, _("will be removed"))
        if there.endpoint in self.typed.again:
            return _line("↻", "$accent", protocol, shown, _("asked again"))
        if changed is not None:
            return _line("~", "$accent", protocol, shown, _("changed"))
        glyph, colour = ("✓", "$text-success") if there.confirmed else ("…", "$text-warning")
        return _line(glyph, colour, protocol, shown, state_word(there))

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._draw_note()

    def _draw_note(self) -> None:
        """What is to be said of the row under the cursor; of new ones, whichever is wrong."""
        at, rows = self.query_one(RowList).highlighted, self.rows
        problem = next(
            (t for f, t in self._problems.items() if f.startswith(("add.", "change."))), ""
        )
        advice = ""
        if at is not None and at < len(rows):
            row = rows[at]
            if row.there is not None:
                advice = subscription_advice(row.there)
            else:
                advice = self._advice.get(f"add.{row.new}.endpoint", "")
        self.query_one("#subscriptions-note", Plain).show(note_of(problem, advice))

    @on(RowList.Asked)
    def _asked(self, message: RowList.Asked) -> None:
        message.stop()
        row = self.rows[message.row] if message.row is not None else None
        match message.what:
            case "add":
                self._edit(Subscriber(), None)
            case "edit" if row is not None:
                self._change(row)
            case "remove" if row is not None:
                self._remove(row)
            case "again" if row is not None:
                self._again(row)
        self.draw()

    def _change(self, row: Row) -> None:
        if row.there is None:
            self._edit(self.typed.add[row.new], row)
        elif row.there.confirmed:
            changed = dict(self.typed.change).get(row.there.arn)
            self._edit(changed or subscriber_of(row.there), row)
        else:
            self._tell(_("It can be changed once it is confirmed."))

    def _edit(self, subscriber: Subscriber, row: Row | None) -> None:
        from sestui.tui.modals.subscriber import SubscriberModal

        fixed = row is not None and row.there is not None

        def done(result: Subscriber | None) -> None:
            if result is not None:
                self._put(result, row)

        modal = SubscriberModal(subscriber, self.place, self.queues, fixed=fixed)
        self.app.push_screen(modal, done)

    def _put(self, typed: Subscriber, row: Row | None) -> None:
        form = self.typed
        if row is None:
            form = replace(form, add=(*form.add, typed))
        elif row.there is None:
            add = [typed if n == row.new else each for n, each in enumerate(form.add)]
            form = replace(form, add=tuple(add))
        else:
            change = {**dict(form.change), row.there.arn: typed}
            if typed == subscriber_of(row.there):
                del change[row.there.arn]
            form = replace(form, change=tuple(change.items()))
        self._becomes(form)

    def _remove(self, row: Row) -> None:
        form = self.typed
        if row.there is None:
            add = [each for n, each in enumerate(form.add) if n != row.new]
            self._becomes(replace(form, add=tuple(add)))
        elif not row.there.confirmed:
            self._tell(_("SNS removes it by itself 48 hours after it was made."))
        else:
            gone = set(form.remove) ^ {row.there.arn}
            self._becomes(replace(form, remove=tuple(sorted(gone))))

    def _again(self, row: Row) -> None:
        if row.there is None or row.there.confirmed:
            self._tell(_("It need not be confirmed."))
            return
        again = set(self.typed.again) ^ {row.there.endpoint}
        self._becomes(replace(self.typed, again=tuple(sorted(again))))

    def _becomes(self, form: TopicForm) -> None:
        self.typed = form
        self.draw()
        self.post_message(DestinationGroup.Edited())

    def _tell(self, text: str) -> None:
        self.app.notify(text, markup=False, timeout=4)


def subscriber_of(there: Subscription) -> Subscriber:
    return Subscriber(there.endpoint, there.raw, there.filter_policy)


def _protocol(endpoint: str) -> str:
    try:
        return subscription_protocol(endpoint.strip())
    except InvalidName:
        return "?"


def _line(glyph: str, colour: str, protocol: str, each: Subscriber, state: str) -> Content:
    shown = last(each.endpoint) if each.endpoint.startswith("arn:") else each.endpoint
    extras = [_("raw")] * each.raw + [_("filter")] * bool(each.filter_policy.strip())
    return Content.assemble(
        (f"{glyph} ", colour),
        (f"{protocol_word(protocol):<9}", "$quiet"),
        printable(shown),
        (f"  {' · '.join([state, *extras])}", "$quiet"),
    )
