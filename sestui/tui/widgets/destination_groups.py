"""The fields of EventBridge, Firehose and CloudWatch destinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Label

from sestui.domain.configset import DestinationKind, Dimension
from sestui.domain.destinations.dimensions import (
    MOST_DIMENSIONS,
    empty_dimension,
    proposed,
    source_words,
)
from sestui.domain.destinations.facts import Stream
from sestui.domain.destinations.firehose import FirehoseForm
from sestui.domain.destinations.form import DestinationForm
from sestui.domain.destinations.place import Place, last
from sestui.domain.i18n import _, ngettext
from sestui.domain.text import printable
from sestui.tui.widgets.destination_group import DestinationGroup
from sestui.tui.widgets.destination_topic import TopicGroup
from sestui.tui.widgets.picker import Picker, note_of
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.row_list import RowList
from sestui.tui.widgets.ticks import Tick
from sestui.workflows.destinations import Offers


class BusGroup(DestinationGroup):
    FIELDS = ("rule", "target")

    def compose(self) -> ComposeResult:
        bus = self.form.bus
        with Horizontal(classes="inline"):
            yield Label(_("Bus"), classes="label", markup=False)
            yield Plain(_("the default one"), classes="fixed")
        yield Plain(id="bus-note", classes="note")
        yield Picker(
            _("Rule"),
            self._rules(()),
            bus.rule,
            id="pick-rule",
            typing=_("a new one …"),
            placeholder=_("name of the rule"),
        )
        yield Picker(
            _("Target"),
            [(_("none"), "")],
            bus.target,
            id="pick-target",
            typing=_("a function, a log group, an ARN …"),
            placeholder=_("ARN, or /aws/events/… for a log group"),
        )
        yield Tick(_("Delete this rule"), bool(bus.remove), id="remove-rule", compact=True)

    def _rules(self, rules: tuple[tuple[str, int], ...]) -> list[tuple[str, str]]:
        offers = [(_("none is made"), "")]
        for name, number in rules:
            words = ngettext("{name}, {n} target", "{name}, {n} targets", number)
            offers.append((words.format(name=name, n=number), name))
        return offers

    def read(self, form: DestinationForm) -> DestinationForm:
        rule, target = self.picker("rule").value.strip(), self.picker("target").value
        if rule and self.query_one("#remove-rule", Tick).value:
            return replace(form, bus=replace(form.bus, rule="", target="", remove=(rule,)))
        bus = replace(form.bus, rule=rule, target=target if rule else "", remove=())
        return replace(form, bus=bus)

    def offer(self, offers: Offers) -> None:
        self.picker("rule").offer(
            self._rules(tuple((each.name, len(each.targets)) for each in offers.rules))
        )
        queues = [(_("queue {name}").format(name=last(arn)), arn) for arn in offers.queues]
        topics = [(_("topic {name}").format(name=last(arn)), arn) for arn in offers.topics]
        self.picker("target").offer([(_("none"), ""), *queues, *topics])

    def say(self, problems: Mapping[str, str], advice: Mapping[str, str]) -> None:
        super().say(problems, advice)
        going = self.query_one("#remove-rule", Tick)
        going.display = not self.picker("rule").typing and bool(self.picker("rule").value)
        self.picker("target").display = bool(self.picker("rule").value) and not going.value
        self.query_one("#bus-note", Plain).show(note_of(problems.get("bus", ""), ""))


class FirehoseGroup(DestinationGroup):
    FIELDS = ("stream", "role")

    def compose(self) -> ComposeResult:
        hose = self.form.firehose
        yield Picker(
            _("Stream"),
            (),
            hose.stream,
            id="pick-stream",
            typing=_("by its name or ARN …"),
            placeholder=_("a Firehose stream that exists"),
        )
        yield Picker(
            _("IAM role"),
            [(_("one is made for this set"), "")],
            hose.role,
            id="pick-role",
            typing=_("by its name or ARN …"),
            placeholder=_("a role that exists"),
        )
        yield Tick(
            _("Open this role to SES where it is not"),
            hose.open_role,
            id="open-role",
            compact=True,
        )

    def read(self, form: DestinationForm) -> DestinationForm:
        hose = FirehoseForm(
            self.picker("stream").value,
            self.picker("role").value,
            self.query_one("#open-role", Tick).value,
        )
        return replace(form, firehose=hose)

    def say(self, problems: Mapping[str, str], advice: Mapping[str, str]) -> None:
        super().say(problems, advice)
        self.query_one("#open-role", Tick).display = bool(self.picker("role").value.strip())

    def offer(self, offers: Offers) -> None:
        self.picker("stream").offer([(_stream_words(each), each.arn) for each in offers.streams])
        words = _("{name}, lets SES in")
        roles = [(words.format(name=each.name), each.arn) for each in offers.roles]
        self.picker("role").offer([(_("one is made for this set"), ""), *roles])
        if not self.picker("stream").value and len(offers.streams) == 1:
            self.picker("stream").choose(offers.streams[0].arn)


def _stream_words(stream: Stream) -> str:
    return f"{last(stream.arn)}  {stream.status}".rstrip()


class DimensionsGroup(DestinationGroup):
    def __init__(self, form: DestinationForm, place: Place, *, id: str) -> None:
        super().__init__(form, place, id=id)
        self.typed = form.dimensions
        self._texts: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})

    def compose(self) -> ComposeResult:
        yield Plain(_("Dimensions"), classes="label")
        yield RowList(id="dimensions")
        yield Plain(id="dimensions-note", classes="note")
        yield Plain(_("a add · enter change · d remove"), classes="keys")

    def on_mount(self) -> None:
        self.draw()

    def draw(self) -> None:
        rows = [self._drawn(number, each) for number, each in enumerate(self.typed)]
        self.query_one(RowList).show(rows, _("None; press a to add one."))
        problems, advice = self._texts
        problem = next((t for f, t in problems.items() if f.startswith("dimensions")), "")
        notes = dict.fromkeys(t for f, t in advice.items() if f.startswith("dimensions"))
        self.query_one("#dimensions-note", Plain).show(note_of(problem, "\n".join(notes)))

    def _drawn(self, number: int, each: Dimension) -> Content:
        wrong = any(field.startswith(f"dimensions.{number}.") for field in self._texts[0])
        return Content.assemble(
            ("✗ ", "$text-error") if wrong else ("· ", "$quiet"),
            printable(each.name),
            (f"  {source_words(each.source)}", "$quiet"),
            (f"  {_('else {value}').format(value=printable(each.default))}", "$quiet"),
        )

    def read(self, form: DestinationForm) -> DestinationForm:
        return replace(form, dimensions=self.typed)

    def say(self, problems: Mapping[str, str], advice: Mapping[str, str]) -> None:
        self._texts = problems, advice
        self.draw()

    def go_to(self, field: str) -> None:
        self.query_one(RowList).focus()

    @on(RowList.Asked)
    def _asked(self, message: RowList.Asked) -> None:
        message.stop()
        row = message.row
        match message.what:
            case "add" if len(self.typed) >= MOST_DIMENSIONS:
                text = _("At most {n} dimensions.").format(n=MOST_DIMENSIONS)
                self.app.notify(text, severity="warning", markup=False)
            case "add":
                first = empty_dimension() if self.typed else proposed(self.form.set_name)[0]
                self._edit(first, len(self.typed))
            case "edit" if row is not None:
                self._edit(self.typed[row], row)
            case "remove" if row is not None:
                self._becomes((*self.typed[:row], *self.typed[row + 1 :]))

    def _edit(self, dimension: Dimension, row: int) -> None:
        from sestui.tui.modals.dimension import DimensionModal

        def done(result: Dimension | None) -> None:
            if result is not None:
                self._becomes((*self.typed[:row], result, *self.typed[row + 1 :]))

        self.app.push_screen(DimensionModal(dimension), done)

    def _becomes(self, rows: tuple[Dimension, ...]) -> None:
        self.typed = rows
        self.draw()
        self.post_message(self.Edited())


class PinpointGroup(DestinationGroup):
    def compose(self) -> ComposeResult:
        target = self.form.before.target if self.form.before else ""
        yield Plain(target or _("Amazon Pinpoint"), classes="fixed")
        yield Plain(
            _("Pinpoint ended on 2026-10-30. ^d removes this destination, or choose another kind."),
            classes="muted",
        )


GROUPS: Mapping[DestinationKind, type[DestinationGroup]] = {
    DestinationKind.SNS: TopicGroup,
    DestinationKind.EVENTBRIDGE: BusGroup,
    DestinationKind.FIREHOSE: FirehoseGroup,
    DestinationKind.CLOUDWATCH: DimensionsGroup,
    DestinationKind.PINPOINT: PinpointGroup,
}
