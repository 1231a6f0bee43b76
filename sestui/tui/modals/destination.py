"""An event destination of any kind: its fields, judged as typed, and what they would change."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, ContentSwitcher, Input, Label, Select

from sestui.domain.configset import DestinationKind
from sestui.domain.destinations.facts import Existing
from sestui.domain.destinations.form import DestinationForm, advise, judge, policy_edits
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.modals.text import TextModal
from sestui.tui.widgets.destination_about import details, means_and_costs
from sestui.tui.widgets.destination_group import DestinationGroup
from sestui.tui.widgets.destination_groups import GROUPS
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.workflows.destinations import existing_for, offers, place_of

WIDE = 100
REST = 0.3
"""Seconds without a key before AWS is asked about what is typed."""


class DestinationDialog(ModalScreen[DestinationForm | None]):
    """What is on the screen; what is done with it is for the class below."""

    CSS_PATH = "destination.tcss"
    AUTO_FOCUS = "#destination-kind"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]

    switcher = getters.query_one(ContentSwitcher)
    problem_box = getters.query_one(ProblemBox)

    def __init__(
        self, cloud: Cloud, form: DestinationForm, *, taken: frozenset[str] = frozenset()
    ) -> None:
        super().__init__()
        self.cloud = cloud
        self.form = form
        # One's own name is no other's.
        self._others = taken - {form.before.name} if form.before else taken
        self.place = place_of(cloud)
        self.existing = Existing()
        self.rest = REST
        self._looked_at: DestinationForm | None = None
        self._offered: set[DestinationKind] = set()

    def compose(self) -> ComposeResult:
        self.add_class("-wide" if self.app.size.width >= WIDE else "-narrow", update=False)
        # Pinpoint has ended: shown where it is, and never offered.
        retired = {DestinationKind.PINPOINT} - {self.form.kind}
        offered = [each for each in DestinationKind if each not in retired]
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Event destination")
            dialog.border_subtitle = Content(
                _("^s takes it into the form · f3 what it changes · esc cancels")
                if self.form.before is None
                else _("^s takes it · f3 what it changes · ^d removes it · esc cancels")
            )
            with Horizontal(id="destination-panes"):
                with VerticalScroll(id="destination-fields", can_focus=False):
                    yield ProblemBox()
                    with Horizontal(classes="inline"):
                        yield Label(_("Events to"), classes="label", markup=False)
                        yield Select[DestinationKind](
                            [(each.word, each) for each in offered],
                            value=self.form.kind,
                            allow_blank=False,
                            compact=True,
                            id="destination-kind",
                        )
                    yield Plain(id="destination-means")
                    yield Field(_("Its name"), self.form.name, id="destination-name", inline=True)
                    with ContentSwitcher(initial=f"group-{self.form.kind}"):
                        for kind in offered:
                            yield GROUPS[kind](self.form, self.place, id=f"group-{kind}")
                with VerticalScroll(id="destination-about", can_focus=False):
                    yield Plain(id="destination-details")
            yield Plain(id="destination-state")
            with Horizontal(classes="buttons"):
                yield Button(_("Cancel  esc"), id="cancel")
                yield Button(_("Take it  ^s"), id="take", variant="primary")

    @property
    def group(self) -> DestinationGroup:
        return self.query_one(f"#group-{self.form.kind}", DestinationGroup)

    @property
    def narrow(self) -> bool:
        """There is no room beside the form."""
        return self.app.size.width < WIDE

    @property
    def leaving(self) -> bool:
        """The widgets are gone already; a worker that comes late has nothing to draw on."""
        return not self.query("#destination-state")

    def read(self) -> DestinationForm:
        """What is on the screen."""
        kind = self.query_one("#destination-kind", Select).selection or self.form.kind
        name = self.query_one("#destination-name", Input).value.strip()
        form = replace(self.form, kind=kind, name=name)
        return self.query_one(f"#group-{kind}", DestinationGroup).read(form)


class DestinationModal(DestinationDialog):
    """The form as typed, for which `judge` finds nothing wrong; None for "not now".

    Nothing is changed here: whoever is handed the form plans with `destination_plan`. A form with
    `removed` asks for the destination to go.

    Args:
        form: as `form_of` makes it; its events are those that a rule will match.
        taken: names of the set's other destinations.
    """

    BINDINGS = [
        Binding("escape", "cancel", _("Cancel")),
        Binding("ctrl+s", "take", _("Take it"), priority=True),
        Binding("f3", "details", _("What it changes")),
        Binding("ctrl+d", "remove", _("Remove"), priority=True),
        Binding("f4", "copy_policy", _("Copy policy"), show=False),
    ]

    def on_mount(self) -> None:
        if self.form.before is not None:
            # SES knows a destination by its name; another one would be another destination.
            self.query_one("#destination-name", Input).disabled = True
        self._judge()
        self.load()
        self.look()

    def on_resize(self) -> None:
        self._judge()

    # What is typed, and what AWS has

    @on(Select.Changed, "#destination-kind")
    def _kind_changed(self, event: Select.Changed) -> None:
        event.stop()
        self.form = self.read()
        self.switcher.current = f"group-{self.form.kind}"
        self.load()
        self._changed()

    @on(Input.Changed, "#destination-name")
    @on(DestinationGroup.Edited)
    def _changed(self) -> None:
        self.form = self.read()
        self._judge()
        self.look()

    @work(exclusive=True, group="destination-load")
    async def load(self) -> None:
        """The lists of the account, once for each kind."""
        kind = self.form.kind
        if kind in self._offered:
            return
        try:
            found = await offers(self.cloud, kind, self.form.set_name)
        except GatewayError as error:
            if not self.leaving:
                self.problem_box.show(error.problem)
            return
        if self.leaving:
            return
        self._offered.add(kind)
        self.query_one(f"#group-{kind}", DestinationGroup).offer(found)
        if found.problems:
            self.problem_box.show(found.problems[0])
        self._changed()

    @work(exclusive=True, group="destination-look")
    async def look(self) -> None:
        """What there is of what is named, a moment after the last key."""
        await asyncio.sleep(self.rest)
        if not self.leaving and not self._known:
            await self._look()

    async def _look(self) -> bool:
        """Whether AWS could be asked."""
        form = self.form
        self._say(_("Looking at what is there …"))
        try:
            existing = await existing_for(self.cloud, form)
        except GatewayError as error:
            if not self.leaving:
                self._say("")
                self.problem_box.show(error.problem)
            return False
        if self.leaving:
            return False
        self.problem_box.show(None)
        self.existing, self._looked_at = existing, form
        self.group.found(existing)
        self._say("")
        self._judge()
        return True

    @property
    def _known(self) -> bool:
        """`existing` is about what is named on the screen."""
        return _same_names(self._looked_at, self.form)

    @property
    def up_to_date(self) -> bool:
        """AWS was asked for what can be chosen, and about what is named on the screen."""
        return self.form.kind in self._offered and self._known

    def _judge(self) -> dict[str, str]:
        """Say what is wrong and what will be; AWS's part only when it is about what is typed."""
        form = self.form
        existing = self.existing if self._known else Existing()
        problems = judge(form, self.place, existing, self._others)
        self.group.say(problems, advise(form, self.place, existing) if self._known else {})
        name = self.query_one("#destination-name-field", Field)
        name.show_problem(printable(problems.get("name", "")))
        means = self.query_one("#destination-means", Plain)
        means.show(means_and_costs(form.kind) if self.narrow else "")
        self.query_one("#destination-details", Plain).show(self._details())
        return problems

    def _details(self) -> Content:
        try:
            edits = policy_edits(self.form, self.place, self.existing) if self._known else ()
        except InvalidName:
            edits = ()
        return details(self.form, self.place, edits, whole=not self.narrow)

    def _say(self, text: str) -> None:
        self.query_one("#destination-state", Plain).show(Content.styled(text, "$accent"))

    # The keys

    @on(Input.Submitted)
    @on(Button.Pressed, "#take")
    @work(exclusive=True, group="destination-take")
    async def action_take(self) -> None:
        # Ctrl+S overtakes the messages of the keys before it.
        self.form = self.read()
        problems = self._judge()
        if not problems and not self._known:
            if not await self._look():
                return
            problems = self._judge()
        if not problems:
            self.dismiss(self.form)
            return
        field, text = next(iter(problems.items()))
        if field == "name":
            self.query_one("#destination-name", Input).focus()
        elif field == "kind":
            self.query_one("#destination-kind").focus()
        else:
            self.group.go_to(field)
        self.query_one("#destination-state", Plain).show(
            Content.styled(f"✗ {printable(text)}", "$text-error")
        )

    def action_details(self) -> None:
        text = self._details().plain.strip() or _("It changes nothing around SES.")
        self.app.push_screen(TextModal(_("What it changes"), text))

    def action_remove(self) -> None:
        if self.form.before is not None:
            self.dismiss(replace(self.form, removed=True))

    def action_copy_policy(self) -> None:
        problem = self.problem_box.problem
        if problem is not None and problem.policy:
            self.app.copy_to_clipboard(problem.policy)
            self.notify(_("Copied the policy statement."), markup=False, timeout=3)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)


def _same_names(looked_at: DestinationForm | None, form: DestinationForm) -> bool:
    """What was found for `looked_at` is what would be found for `form`."""
    return looked_at is not None and _names(looked_at) == _names(form)


def _names(form: DestinationForm) -> tuple[object, ...]:
    topic, bus, hose = form.topic, form.bus, form.firehose
    match form.kind:
        case DestinationKind.SNS:
            endpoints = tuple(each.endpoint for each in topic.add)
            return form.kind, topic.topic, topic.encryption, topic.key, endpoints
        case DestinationKind.EVENTBRIDGE:
            return form.kind, bus.rule, bus.target, bus.remove
        case DestinationKind.FIREHOSE:
            return form.kind, hose.stream, hose.role
        case _other:
            return (form.kind,)
