"""Step 6: what is done and what is open, from what AWS and DNS say now."""

from __future__ import annotations

import json

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import OptionList

from sestui.domain.i18n import _
from sestui.domain.policy import sending_policy
from sestui.domain.readiness import State
from sestui.domain.steps import Step, WizardState
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.review_list import ReviewList, verdict
from sestui.workflows.review import look


class LiveScreen(StepScreen):
    STEP = Step.LIVE
    CSS_PATH = "live.tcss"
    AUTO_FOCUS = "#review"
    BINDINGS = [
        Binding("r", "look", _("Look again"), tooltip=_("Ask AWS and DNS again")),
        Binding("w", "production", _("Production"), tooltip=_("Ask AWS to lift the sandbox")),
        Binding("p", "policy", _("IAM policy"), tooltip=_("What your application needs to send")),
    ]

    def lead(self) -> str:
        return _("Before mail goes to strangers: what AWS and the mailbox providers ask for.")

    def compose_body(self) -> ComposeResult:
        yield Plain(id="verdict")
        yield ReviewList(id="review")

    def on_mount(self) -> None:
        super().on_mount()
        self.action_look()

    @work(exclusive=True, group="review")
    async def action_look(self) -> None:
        identity = self.state.identity
        if self.cloud is None or identity is None:
            return
        self.show_problem(None)
        self.say_what_now(_("Asking AWS and the name servers …"))
        try:
            seen = await look(self.cloud, identity.name, self.state.checks, self.app.now)
        except GatewayError as error:
            self.show_problem(error.problem)
            self.say_what_now(self.what_now(self.state))
            return
        if seen is None:
            self.update_state(identity=None, checks=(), review=None)
            text = _("The identity is gone: someone deleted it. Create it again in step 2.")
            self.notify(text, severity="error", markup=False)
            return
        self.update_state(
            account=seen.account,
            identity=seen.identity,
            checks=seen.checks,
            default_set=seen.default_set,
            review=seen.review,
        )

    def show(self, state: WizardState) -> None:
        self.query_one("#verdict", Plain).show(verdict(state.review))
        self.query_one(ReviewList).show(state.review)

    def what_now(self, state: WizardState) -> str:
        if state.review is None:
            return _("r asks AWS and the name servers.")
        if state.review.ready:
            return _("All is ready. p shows the policy that your application needs.")
        if state.review.count(State.OPEN):
            return _("Enter on an open line goes to where it is mended.")
        return _("Nothing to do but wait; r looks again.")

    @on(OptionList.OptionSelected)
    def _mend(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        step = self.query_one(ReviewList).step_of(event.option_index)
        if step == Step.LIVE.value:
            self.action_production()
        elif step:
            self.action_open(step)

    @work(exclusive=True, group="production")
    async def action_production(self) -> None:
        from sestui.tui.modals.production import ProductionModal

        if self.state.identity is None:
            return
        plan = await self.app.push_screen_wait(ProductionModal(self.state.identity.name))
        if plan and await self.make(plan, self.say_what_now):
            self.notify(_("AWS has the request; it usually answers within a day."), markup=False)
            self.action_look()

    def action_policy(self) -> None:
        from sestui.tui.modals.text import TextModal

        identity, connection = self.state.identity, self.state.connection
        if identity is None or connection is None:
            return
        sender = f"*@{identity.name}" if identity.is_domain else identity.name
        policy = sending_policy(
            connection.region,
            connection.caller.account,
            identity.name,
            sender,
            identity.configuration_set,
        )
        title = _("The least that an application needs to send")
        self.app.push_screen(TextModal(title, json.dumps(policy, indent=2)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "production":
            account = self.state.account
            return account is not None and account.sandbox
        return super().check_action(action, parameters)
