"""The screen of the configuration set editor: two panes, help, what is amiss, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer

from sestui.domain.account import Connection
from sestui.domain.configset.edit import SetDraft
from sestui.domain.configset.history import History
from sestui.domain.configset.judge import Around
from sestui.domain.configset.model import ConfigurationSet
from sestui.domain.configset.trouble import TopicState
from sestui.domain.i18n import _
from sestui.domain.identity import IdentitySummary
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud
from sestui.tui.modals.set_destinations import Forms, planned_topics, usable
from sestui.tui.widgets.event_matrix import EventMatrix
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.tui.widgets.set_form import SetForm
from sestui.tui.widgets.set_help import cell_help, field_help
from sestui.tui.widgets.set_remarks import (
    Look,
    events_remarks,
    first_draft,
    look,
    tidy,
    what_now,
)
from sestui.workflows.carry_out import Sleep

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp

WIDE = 100


class SetFrame(ModalScreen[ConfigurationSet | None]):
    """The draft, drawn and judged; how it is edited is for the classes that build on this."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    BINDINGS = [
        Binding("f3", "pane(True)", _("Events"), tooltip=_("To the table of events")),
        Binding("f3", "pane(False)", _("Options"), tooltip=_("Back to the options")),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    form = getters.query_one(SetForm)
    matrix = getters.query_one(EventMatrix)

    def __init__(
        self,
        cloud: Cloud,
        base: ConfigurationSet | None,
        draft: SetDraft,
        around: Around,
        connection: Connection,
        *,
        identities: Sequence[IdentitySummary] = (),
        sleep: Sleep,
    ) -> None:
        super().__init__()
        self.cloud = cloud
        self.base = base
        self.around = around
        self.connection = connection
        self.identities = tuple(identities)
        self.sleep = sleep
        self.history = History(draft)
        self.forms: Forms = {}
        """What was filled in of destinations, for what they need around SES."""
        self.busy = False
        self._initial = first_draft(base, draft)
        self._topics: dict[str, TopicState] = {}
        self._asked: set[str] = set()
        self._keys: set[tuple[str, str, bool]] = set()
        self._seen: Look = look(draft, base, around, {})

    # The frame

    def compose(self) -> ComposeResult:
        self.add_class("-wide" if self.wide else "-narrow", update=False)
        with Horizontal(id="set-context"):
            yield Plain(id="set-title")
            yield Plain(id="set-where")
        with Horizontal(id="set-body"):
            with Vertical(id="options-pane", classes="pane") as options:
                options.border_title = _("Options")
                yield SetForm(self.draft, new=self.base is None)
            with Vertical(id="events-pane", classes="pane") as right:
                right.border_title = _("Events × destinations")
                with VerticalScroll(id="events", can_focus=False):
                    yield EventMatrix(self.draft, self.base)
                with VerticalScroll(id="events-amiss"):
                    yield Plain(id="events-remarks")
        yield ProblemBox(id="set-problem")
        yield Plain(id="set-help")
        yield Plain(id="set-now")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        where = Content(" · ").join(
            [
                Content(self.connection.caller.account),
                Content.styled(self.connection.region, "bold"),
            ]
        )
        self.query_one("#set-where", Plain).update(where)
        self.tell()
        self.form.focus_field(self.form.first)

    @property
    def wide(self) -> bool:
        """Both panes are in sight."""
        return self.app.size.width >= WIDE

    @property
    def leaving(self) -> bool:
        """The widgets are gone already; a worker that comes late has nothing to draw on."""
        return not self.query("#set-now")

    @property
    def draft(self) -> SetDraft:
        return self.history.now

    @property
    def edited(self) -> bool:
        around = usable(self.forms, self.draft, self.connection)
        return bool(around) or tidy(self.draft) != self._initial

    # What is said

    def tell(self) -> None:
        """Judge the draft, and say all that there is to say."""
        if self.leaving:
            return
        draft = self.draft
        seen = self._seen = look(draft, self.base, self.around, self._known_topics())
        self.form.tell(seen.remarks, seen.changed if self.base is not None else frozenset())
        wrong = [number for number, _text in seen.wrong]
        self.matrix.show(draft, self.base, wrong, seen.amiss)
        self.query_one("#events-pane").border_subtitle = _legend() if draft.destinations else ""
        remarks = events_remarks(seen)
        self.query_one("#events-remarks", Plain).update(remarks)
        self.query_one("#events-amiss").display = bool(remarks)
        self.query_one("#set-title", Plain).update(self._title())
        new = self.base is None
        self.query_one("#set-now", Plain).update(what_now(seen, new=new, edited=self.edited))
        self.show_help()
        self.refresh_keys()

    def _known_topics(self) -> dict[str, TopicState]:
        """Those that are not going to be changed."""
        planned = planned_topics(self.forms, self.draft, self.connection)
        return {arn: state for arn, state in self._topics.items() if arn not in planned}

    def refresh_keys(self) -> None:
        """Tell the footer, which is made anew each time, when other keys work than before."""
        keys = {
            (key, each.binding.action, each.enabled) for key, each in self.active_bindings.items()
        }
        if keys != self._keys:
            self._keys = keys
            self.refresh_bindings()

    def _title(self) -> Content:
        what = _("configuration set") if self.wide else _("set")
        parts = [("sestui", "bold $accent"), (f"  {what}  ", "$quiet")]
        parts.append((printable(self.draft.name.strip()) or "…", "bold"))
        if self.base is None:
            parts.append((f"  ○ {_('new')}", "$text-warning"))
        elif self.edited:
            parts.append((f"  ● {_('edited')}", "$text-warning"))
        return Content.assemble(*parts)

    def say(self, text: str, style: str = "$text-warning") -> None:
        """In place of the next thing to do, until something else is done."""
        if self.leaving:
            return
        self.query_one("#set-now", Plain).update(Content.styled(printable(text), style))

    def show_help(self) -> None:
        if self.focused is self.matrix:
            here = self.matrix
            text = cell_help(self.draft, here.event, here.destination, whole=self.wide)
        elif self.in_events:
            text = Content.styled(_("↑ ↓ scroll · F3 options · shift+tab the events"), "$quiet")
        else:
            field = self.form.field_of(self.focused)
            text = field_help(field, self.draft, self.connection.region)
        self.query_one("#set-help", Plain).update(text)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        # Not `:focus-within`, with which Textual styles all of both panes anew at each arrow key.
        for pane in self.query(".pane"):
            pane.set_class(pane in event.widget.ancestors, "-focused")
        self.show_help()
        self.refresh_keys()

    # Going about

    @property
    def in_events(self) -> bool:
        pane = self.query("#events-pane")
        return self.focused is not None and bool(pane) and pane.first() in self.focused.ancestors

    def action_pane(self, events: bool) -> None:
        self.go_to_pane(events=events)
        if events:
            self.matrix.focus()
        else:
            self.form.focus_field(self._field or self.form.first)

    def go_to_pane(self, *, events: bool) -> None:
        if events:
            self._field = self.form.field_of(self.focused)
        self.set_class(events, "-events")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "pane":
            return not self.busy and parameters == (not self.in_events,)
        return True

    _field = ""
    """Where the cursor was in the form."""


def _legend() -> Content:
    return Content.assemble(
        ("●", "$text-success"),
        (_(" on  · off  – not possible  "), "$quiet"),
        ("*", "bold $accent"),
        (_(" changed  "), "$quiet"),
        ("+", "bold $accent"),
        (_(" new "), "$quiet"),
    )
