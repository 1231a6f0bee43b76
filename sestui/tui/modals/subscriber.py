"""Who gets the messages of a topic: an address, a web address, a queue or a function."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from sestui.domain.destinations.place import Place, last
from sestui.domain.destinations.subscriptions import Subscriber, subscriber_problems
from sestui.domain.i18n import _
from sestui.tui.widgets.picker import Picker, note_of
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.ticks import Tick


class SubscriberModal(ModalScreen[Subscriber | None]):
    """The subscription as typed; None for "not now".

    Args:
        queues: ARNs to choose from.
        fixed: it is there, and stays whose it is.
    """

    CSS_PATH = "subscriber.tcss"
    AUTO_FOCUS = ""
    BINDINGS = [
        Binding("escape", "cancel", _("Cancel")),
        Binding("ctrl+s", "take", _("Take it"), priority=True),
    ]

    def __init__(
        self,
        subscriber: Subscriber,
        place: Place,
        queues: tuple[str, ...] = (),
        *,
        fixed: bool = False,
    ) -> None:
        super().__init__()
        self.subscriber = subscriber
        self.place = place
        self.queues = queues
        self.fixed = fixed

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = _("Subscription")
            dialog.border_subtitle = _("^s takes it · esc cancels")
            if self.fixed:
                yield Plain(self.subscriber.endpoint, id="subscriber-endpoint")
            else:
                yield Picker(
                    _("To"),
                    [(_("queue {name}").format(name=last(arn)), arn) for arn in self.queues],
                    self.subscriber.endpoint,
                    id="pick-endpoint",
                    typing=_("an address, https://… or an ARN"),
                    placeholder=_("ops@example.com, https://…, or the ARN of a queue or function"),
                )
            yield Tick(
                _("Raw: the event alone, without SNS's envelope"),
                self.subscriber.raw,
                id="subscriber-raw",
                compact=True,
            )
            yield Plain(_("Only these events (JSON; empty: all)"), classes="label")
            yield Input(
                self.subscriber.filter_policy,
                placeholder='{"eventType": ["Bounce", "Complaint"]}',
                id="subscriber-filter",
                compact=True,
            )
            yield Plain(id="subscriber-note")
            yield Plain(
                _(
                    "An address gets a mail with a link to confirm; until then nothing arrives. A "
                    "queue's policy is completed so that the topic may write to it."
                ),
                classes="muted",
            )
            with Horizontal(classes="buttons"):
                yield Button(_("Cancel  esc"), id="cancel")
                yield Button(_("Take it  ^s"), id="take", variant="primary")

    def on_mount(self) -> None:
        if self.fixed:
            self.query_one("#subscriber-raw").focus()
        else:
            self.query_one("#pick-endpoint", Picker).enter()  # most are typed

    def read(self) -> Subscriber:
        endpoint = self.subscriber.endpoint
        if not self.fixed:
            endpoint = self.query_one("#pick-endpoint", Picker).value
        return Subscriber(
            endpoint.strip(),
            self.query_one("#subscriber-raw", Tick).value,
            self.query_one("#subscriber-filter", Input).value.strip(),
        )

    def problems(self) -> dict[str, str]:
        found = dict(subscriber_problems(self.read(), self.place))
        if self.fixed:
            found.pop("endpoint", None)
        return found

    @on(Picker.Picked)
    @on(Input.Changed)
    @on(Tick.Changed)
    def _edited(self) -> None:
        found = self.problems()
        if not self.read().endpoint:
            found.pop("endpoint", None)  # not a mistake yet
        self._say(found)

    def _say(self, found: dict[str, str]) -> None:
        if not self.fixed:
            self.query_one("#pick-endpoint", Picker).say(found.get("endpoint", ""))
        note = found.get("raw") or found.get("filter_policy") or ""
        self.query_one("#subscriber-note", Plain).show(note_of(note, "") if note else Content(""))

    @on(Input.Submitted)
    @on(Button.Pressed, "#take")
    def action_take(self) -> None:
        found = self.problems()
        self._say(found)
        if not found:
            self.dismiss(self.read())
        elif "endpoint" in found:
            self.query_one("#pick-endpoint", Picker).enter()
        elif "raw" in found:
            self.query_one("#subscriber-raw").focus()
        else:
            self.query_one("#subscriber-filter").focus()

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)
