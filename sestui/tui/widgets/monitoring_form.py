"""The form of a configuration set with one event destination."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Checkbox, Input, Label, Select

from sestui.domain.configset import DestinationKind, EventType, parse_set_name
from sestui.domain.i18n import _
from sestui.domain.monitoring import Place, subscription_protocol
from sestui.domain.steps import MonitoringForm
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.ticks import Tick

FIELDS = {
    DestinationKind.SNS: ("topic", "subscriber"),
    DestinationKind.FIREHOSE: ("stream", "role"),
}
ALL_FIELDS = ("topic", "subscriber", "stream", "role")
OFFERED = [kind for kind in DestinationKind if kind is not DestinationKind.PINPOINT]


def judge_subscriber(text: str) -> None:
    """An address, an https URL, or the ARN of a queue or function. Raises InvalidName."""
    if text.strip():
        subscription_protocol(text.strip())


class MonitoringFormView(Vertical):
    """What is typed goes up as a `MonitoringForm` with each change."""

    class Edited(Message):
        def __init__(self, form: MonitoringForm) -> None:
            self.form = form
            super().__init__()

    def __init__(self, form: MonitoringForm, place: Place) -> None:
        super().__init__()
        self.form = form
        self.place = place

    def _judge_role(self, text: str) -> None:
        if text.strip():
            self.place.role(text)

    def compose(self) -> ComposeResult:
        form = self.form
        yield Field(_("Set name"), form.set_name, id="set-name", judge=parse_set_name, inline=True)
        yield Tick(
            _("Reputation metrics: bounce and complaint rates, in CloudWatch"),
            form.reputation_metrics,
            id="reputation",
            compact=True,
        )
        yield Tick(
            _("Default set of the identity: also for mail that names none"),
            form.make_default,
            id="make-default",
            compact=True,
        )
        with Horizontal(classes="inline"):
            yield Label(_("Events to"), classes="label", markup=False)
            yield Select(
                [(kind.word, kind) for kind in OFFERED],
                value=form.kind,
                allow_blank=False,
                id="kind",
                compact=True,
            )
        yield Field(
            _("Its name"),
            form.destination_name,
            id="destination-name",
            judge=parse_set_name,
            inline=True,
        )
        yield Field(_("SNS topic"), form.topic, id="topic", judge=self.place.topic, inline=True)
        yield Field(
            _("Subscriber"),
            form.subscriber,
            id="subscriber",
            judge=judge_subscriber,
            placeholder=_("an address or a queue's ARN; may stay empty"),
            inline=True,
        )
        yield Field(
            _("Stream"),
            form.stream,
            id="stream",
            judge=self.place.stream,
            placeholder=_("a Firehose stream that exists"),
            inline=True,
        )
        yield Field(
            _("IAM role"),
            form.role,
            id="role",
            judge=self._judge_role,
            placeholder=_("made for you when it stays empty"),
            inline=True,
        )
        yield Plain(id="note")
        yield Label(_("Which events"), classes="label", id="events-label", markup=False)
        with Container(id="events"):
            for event in EventType:
                yield Tick(
                    event.word, event in form.events, id=f"event-{event.value}", compact=True
                )
        yield Plain(id="warning")

    def offer(self, topics: tuple[str, ...], streams: tuple[str, ...]) -> None:
        """Complete what is typed with the topics and streams that exist."""
        self.query_one("#topic", Input).suggester = SuggestFromList(_names_and_arns(topics))
        self.query_one("#stream", Input).suggester = SuggestFromList(_names_and_arns(streams))
        if len(streams) == 1 and not self.form.stream:
            self.query_one("#stream", Input).value = _name(streams[0])

    @on(Input.Changed)
    @on(Checkbox.Changed)
    @on(Select.Changed)
    def _changed(self, event: Input.Changed | Checkbox.Changed | Select.Changed) -> None:
        event.stop()
        form = self.read()
        if form != self.form:
            self.form = form
            self.post_message(self.Edited(form))

    def read(self) -> MonitoringForm:
        """The form as it is on the screen, with what no message has told yet."""

        def text(name: str) -> str:
            return self.query_one(f"#{name}", Input).value

        def ticked(name: str) -> bool:
            return self.query_one(f"#{name}", Checkbox).value

        return replace(
            self.form,
            set_name=text("set-name"),
            reputation_metrics=ticked("reputation"),
            make_default=ticked("make-default"),
            destination_name=text("destination-name"),
            kind=self.query_one("#kind", Select).selection or self.form.kind,
            events=frozenset(event for event in EventType if ticked(f"event-{event.value}")),
            topic=text("topic"),
            subscriber=text("subscriber"),
            stream=text("stream"),
            role=text("role"),
        )

    def show(self, form: MonitoringForm) -> None:
        """Show the fields of one kind of destination, and what the choice of events means."""
        wanted = FIELDS.get(form.kind, ())
        for name in ALL_FIELDS:
            self.query_one(f"#{name}-field").display = name in wanted
        self.query_one("#note", Plain).show(
            {
                DestinationKind.EVENTBRIDGE: _(
                    "SES publishes to the default bus only. A rule there decides what happens."
                ),
                DestinationKind.CLOUDWATCH: _(
                    "Counts per configuration set, as custom metrics, which CloudWatch charges for."
                ),
            }.get(form.kind, "")
        )
        self.query_one("#warning", Plain).show(_warning(form))

    def check(self) -> bool:
        """Judge every field in sight; the cursor goes to the first that is wrong."""
        fields = [field for field in self.query(Field) if field.display]
        wrong = [field for field in fields if not field.check()]
        if wrong:
            wrong[0].input.focus()
            return False
        if not self.form.events:
            self.query_one("#event-SEND").focus()
            return False
        return True


def _warning(form: MonitoringForm) -> Content:
    if not form.events:
        return Content.styled("✗ " + _("Choose at least one event."), "$text-error")
    lines = []
    if not {EventType.BOUNCE, EventType.COMPLAINT} <= form.events:
        text = _("Without bounces and complaints you would not see trouble coming.")
        lines.append(Content.styled("! " + text, "$text-warning"))
    if any(event.rewrites_mail for event in form.events):
        text = _("Opens and clicks put a pixel and other links into all mail of this set.")
        lines.append(Content.styled("! " + text, "$text-warning"))
    return Content("\n").join(lines)


def _name(arn: str) -> str:
    return arn.replace("/", ":").rsplit(":", 1)[-1]


def _names_and_arns(arns: tuple[str, ...]) -> list[str]:
    return [_name(arn) for arn in arns] + list(arns)
