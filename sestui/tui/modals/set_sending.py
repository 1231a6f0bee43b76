"""The calls that a reviewed edit of a configuration set takes; what becomes of them is told."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from textual.binding import Binding
from textual.widget import Widget

from sestui.domain.configset.model import ConfigurationSet
from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError
from sestui.tui.modals.set_editing import SetEditing
from sestui.tui.widgets.problem import ProblemBox
from sestui.workflows.carry_out import Progress
from sestui.workflows.configset import Applied
from sestui.workflows.set_review import Proposal, carry_through


class SetSending(SetEditing):
    """What `SetEditor` carries an agreed proposal out with."""

    BINDINGS = [
        Binding("f4", "copy_policy", _("Copy policy"), tooltip=_("What allows it")),
    ]

    _saved: ConfigurationSet | None = None
    """As it was read back, when it was not all that was wanted."""
    _begun = False
    """A call to create the set has been made; it may be there, in part."""
    _made = 0
    """How many calls of the proposal are made."""

    async def _apply(self, proposal: Proposal) -> Applied:
        """Raises what `carry_through` does."""
        self._made = 0
        try:
            async for step in carry_through(self.cloud, proposal, self.sleep):
                if isinstance(step, Applied):
                    return step
                self._progress(step)
        except GatewayError as error:
            raise GatewayError(await self._half_done(proposal, error.problem)) from None
        raise AssertionError("an edit ends with what was applied")

    def _progress(self, step: Progress) -> None:
        self._begun = self._begun or step.call.operation == "CreateConfigurationSet"
        self._made = step.number - (step.answer is None)
        self.say(f"{step.number}/{step.of}  {printable(step.call.words)} …", "$accent")

    async def _half_done(self, proposal: Proposal, problem: Problem) -> Problem:
        """A call failed. Go on from what is there, and say how much of it is."""
        with suppress(GatewayError):  # the next try will tell
            there = await self.cloud.ses.configuration_set(proposal.wanted.name)
            if proposal.base is None and self._begun:
                self.base = there
            self._saved = there if there != proposal.base else self._saved
        self.tell()
        if not self._made:
            return problem
        text = _("{made} of {of} calls are made and stay. Ctrl+S again does only what is left.")
        said = text.format(made=self._made, of=len(proposal.plan))
        return replace(problem, advice=f"{problem.advice} {said}".strip())

    # The frame

    def _set_busy(self, busy: bool, focused: Widget | None = None) -> None:
        """While calls are made, nothing else can be typed."""
        if self.leaving:
            return
        was, self.busy = self.busy, busy
        self.query_one("#set-body").disabled = busy
        self.refresh_keys()
        if was and not busy and focused is not None:
            self.set_focus(focused)

    def show_problem(self, problem: Problem | None) -> None:
        if self.leaving:
            return
        self.query_one(ProblemBox).show(problem)
        self.set_class(problem is not None, "-problem")
        if problem is not None:
            self.say(_("Not done. All that you typed is still here; Ctrl+S tries again."))
        self.refresh_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "copy_policy":
            boxes = self.query(ProblemBox)
            problem = boxes.first().problem if boxes else None
            return problem is not None and bool(problem.policy)
        return super().check_action(action, parameters)

    async def action_copy_policy(self) -> None:
        problem = self.query_one(ProblemBox).problem
        if problem is not None:
            self.app.copy_to_clipboard(problem.policy)
            await self.app.outside.clipboard.copy(problem.policy)
            self.notify(_("Copied the policy statement."), markup=False, timeout=3)
