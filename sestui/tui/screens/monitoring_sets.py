"""The list of configuration sets, and what can be done with one."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING

from textual import on, work
from textual.binding import Binding

from sestui.domain.configset import WORKSHOP_SET, ConfigurationSet
from sestui.domain.configset.edit import SetDraft, draft_of
from sestui.domain.configset.judge import Around
from sestui.domain.configset.options import duplicate
from sestui.domain.configset.plans import delete_plan, make_default_plan
from sestui.domain.i18n import _
from sestui.domain.identity import Identity
from sestui.domain.monitoring import Place
from sestui.domain.steps import Step, WizardState
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.sets_list import SetsList
from sestui.workflows.configset import used_by
from sestui.workflows.set_overview import Overview, overview

if TYPE_CHECKING:
    from sestui.domain.prove import Question


class MonitoringSetsScreen(StepScreen):
    """Knows the list; the short form to begin with is for the class below."""

    STEP = Step.MONITORING
    CSS_PATH = "monitoring.tcss"
    AUTO_FOCUS = "#set-name"
    BINDINGS = [
        Binding("f5", "prove", _("Prove"), tooltip=_("Send to the simulator, see each hop")),
        Binding("f6", "tail", _("Tail"), tooltip=_("The events as they arrive")),
        Binding("f7", "rates", _("Rates"), tooltip=_("Bounce and complaint rate")),
        Binding(
            "f9", "suppressed", _("Suppressed"), tooltip=_("Who gets no mail any more"), show=False
        ),
        Binding("u", "undo", _("Undo"), tooltip=_("Create the deleted set again")),
    ]

    def __init__(self, state: WizardState) -> None:
        super().__init__(state)
        self.seen = Overview()

    @property
    def place(self) -> Place:
        """Where the step works; an empty one before there is a connection."""
        connection = self.state.connection
        return Place(connection.region, connection.caller.account) if connection else Place("", "")

    @property
    def default_name(self) -> str:
        return self.state.identity.configuration_set if self.state.identity else ""

    @property
    def chosen(self) -> str:
        """The set that the keys are about: under the cursor, else the default."""
        return self.query_one(SetsList).chosen or self.default_name

    @work(exclusive=True, group="overview")
    async def look_over(self, changed: str = "") -> None:
        """Read the list anew, what has been changed before the rest."""
        if self.cloud is None:
            return
        own = self.state.identity.name if self.state.identity else ""
        try:
            async for seen in overview(
                self.cloud,
                self.state.identities,
                self.app.sleep,
                first=(changed, self.default_name),
                own=own,
                before=self.seen,
            ):
                if self.leaving:
                    return
                before, self.seen = self.seen, seen
                self.show(self.state)
                if seen.summary(self.default_name) != before.summary(self.default_name):
                    self.say_what_now(self.what_now(self.state))
                self.refresh_keys()
        except GatewayError as error:
            self.show_problem(error.problem)

    def show(self, state: WizardState) -> None:
        self.query_one(SetsList).show(self.seen, self.default_name)

    def say_progress(self, text: str) -> None:
        """What is being done, in place of the next thing to do."""
        self.say_what_now(text or self.what_now(self.state))

    # One set

    @on(SetsList.Wanted)
    @work(exclusive=True, group="set")
    async def _wanted(self, message: SetsList.Wanted) -> None:
        try:
            match message.what:
                case "create":
                    taken = WORKSHOP_SET in self.seen.names
                    name = "" if taken else WORKSHOP_SET
                    await self._edit(None, draft_of(ConfigurationSet(name)))
                case "edit":
                    await self._open(message.name, copy=False)
                case "duplicate":
                    await self._open(message.name, copy=True)
                case "default":
                    await self._make_default(message.name)
                case "delete":
                    await self._delete(message.name)
        except GatewayError as error:
            self.show_problem(error.problem)

    async def _open(self, name: str, *, copy: bool) -> None:
        found = await self._read(name)
        if found is None:
            return
        if copy:
            await self._edit(None, draft_of(duplicate(found, f"{name}-copy"[:64])))
        else:
            await self._edit(found, draft_of(found))

    async def _read(self, name: str) -> ConfigurationSet | None:
        if self.cloud is None:
            return None
        found = await self.cloud.ses.configuration_set(name)
        if found is None:
            self.notify(
                _("{name} is not there any more.").format(name=name),
                severity="warning",
                markup=False,
            )
            self.look_over()
        return found

    async def _edit(self, base: ConfigurationSet | None, draft: SetDraft) -> bool:
        """True when something has been changed or created."""
        from sestui.tui.modals.set_editor import SetEditor

        connection = self.state.connection
        if self.cloud is None or connection is None:
            return False
        account = self.state.account
        around = Around(
            self.place.region,
            self.place.account,
            taken=frozenset(self.seen.names),
            verified=self.state.verified_names,
            vdm=account.vdm if account else None,
        )
        saved = await self.app.push_screen_wait(
            SetEditor(
                self.cloud,
                base,
                draft,
                around,
                connection,
                identities=self.state.identities,
                sleep=self.app.sleep,
            )
        )
        if saved is not None:
            if saved.name == self.default_name:
                self.update_state(default_set=saved, review=None)
            self.look_over(saved.name)
        return saved is not None

    async def _make_default(self, name: str) -> None:
        identity = self.state.identity
        if identity is None:
            return
        plan = make_default_plan(name, identity.name, identity.configuration_set)
        if not plan:
            self.notify(_("It is the default already."), markup=False)
        elif await self.make(plan, self.say_progress):
            self.update_state(
                identity=replace(identity, configuration_set=name),
                default_set=await self._read(name),
                review=None,
            )
            self.look_over()

    async def _delete(self, name: str) -> None:
        """With who uses it; it can be made again as long as the program runs."""
        found = await self._read(name)
        if found is None or self.cloud is None:
            return
        self.say_progress(_("Looking who uses {name} …").format(name=name))
        own = self.state.identity.name if self.state.identity else ""
        users, looked = await used_by(self.cloud, name, self.state.identities, first=own, most=10)
        self.say_progress("")
        if not looked.complete:
            self.notify(str(looked), severity="warning", markup=False, timeout=10)
        if await self.make(delete_plan(name, users), self.say_progress):
            self.app.deleted_sets.append(found)
            # Its name is free at once, not when the list has been read again.
            left = tuple(each for each in self.seen.names if each != name)
            self.seen = replace(self.seen, names=left)
            if name == self.default_name and self.state.identity is not None:
                identity = replace(self.state.identity, configuration_set="")
                self.update_state(identity=identity, default_set=None, review=None)
            self.notify(_("{name} is deleted; u makes it again.").format(name=name), markup=False)
            self.look_over()
            self.refresh_keys()

    @work(exclusive=True, group="set")
    async def action_undo(self) -> None:
        deleted = self.app.deleted_sets[-1]
        if await self._edit(None, draft_of(replace(deleted, last_fresh_start=None))):
            self.app.deleted_sets.remove(deleted)
            self.refresh_keys()

    # Around it

    @property
    def question(self) -> Question:
        """What F5 and F6 are about."""
        from sestui.domain.prove import Question

        identity = self.state.identity
        own = _a_sender(identity) if identity is not None else ""
        return Question(
            self.chosen,
            nonce(),
            sender=self.state.mail_form.sender or own,
            # Another set than the default is one that a program has to name.
            named=self.chosen != self.default_name,
        )

    def action_prove(self) -> None:
        from sestui.tui.modals.prove import ProveModal

        if self.cloud is not None:
            self.app.push_screen(
                ProveModal(
                    self.cloud,
                    self.question,
                    nonce=nonce,
                    carry_out=self.carry_out,
                    sleep=self.app.sleep,
                    now=self.app.now,
                )
            )

    def action_tail(self) -> None:
        from sestui.tui.modals.tail import TailModal

        if self.cloud is not None:
            self.app.push_screen(
                TailModal(self.cloud, self.question, sleep=self.app.sleep, now=self.app.now)
            )

    def action_rates(self) -> None:
        from sestui.tui.modals.reputation import ReputationModal

        if self.cloud is not None:
            self.app.push_screen(
                ReputationModal(self.cloud, self.state.account, self.chosen, self.carry_out)
            )

    def action_suppressed(self) -> None:
        from sestui.tui.modals.suppression import SuppressionModal

        if self.cloud is not None:
            self.app.push_screen(
                SuppressionModal(
                    self.cloud, self.carry_out, self.state.account, self.app.unsuppressed
                )
            )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "undo":
                return bool(self.app.deleted_sets)
            case "prove" | "tail":
                return bool(self.default_name or self.seen.names)
            case _:
                return super().check_action(action, parameters)


def nonce() -> str:
    return token_hex(4)


def _a_sender(identity: Identity) -> str:
    return f"hello@{identity.name}" if identity.is_domain else identity.name
