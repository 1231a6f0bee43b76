"""The account's suppression list: search it, and put addresses on it or take them off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, work
from textual.binding import Binding

from sestui.domain.account import Account
from sestui.domain.i18n import _
from sestui.domain.plan import Plan
from sestui.domain.suppression import (
    Reason,
    Suppressed,
    account_reasons_plan,
    add_plan,
    remove_plan,
    restore_plan,
)
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.modals.suppression_browser import SuppressionBrowser

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp

CarryOut = Callable[[Plan, Callable[[str], None]], Awaitable[bool]]
"""Shows a plan and carries it out; False when the person does not agree. Raises GatewayError."""


class SuppressionModal(SuppressionBrowser):
    """
    Args:
        account: as it is known; None reads it.
        removed: those taken off in this run, the last one last. Shared by the dialogs of a run, so
            that the last removal can be taken back later, too.
        address: looked up at once.
    """

    BINDINGS = [
        Binding("a", "add", _("Add")),
        Binding("d,delete", "remove", _("Remove")),
        Binding("u", "undo", _("Undo")),
        Binding("o", "options", _("Suppress for")),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    def __init__(
        self,
        cloud: Cloud,
        carry_out: CarryOut,
        account: Account | None = None,
        removed: list[Suppressed] | None = None,
        address: str = "",
    ) -> None:
        super().__init__(cloud, account, address)
        self.carry_out = carry_out
        self.removed: list[Suppressed] = [] if removed is None else removed
        self.working = False
        """A change is under way; another one would end it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "remove":
                return not self.working and self.suppressed.current is not None
            case "undo":
                return not self.working and bool(self.removed)
            case "add" | "options" | "reload" | "reason" | "lately" | "close":
                return not self.working  # leaving would end what is being done, half done
        return True

    @work(exclusive=True, group="change")
    async def action_add(self) -> None:
        """What is typed outlives a call that fails."""
        from sestui.tui.modals.suppression_forms import SuppressModal

        if self.account is not None and self.account.sandbox:
            self.say(
                _("In the sandbox AWS lets nobody add addresses; with production access, yes.")
            )
            return
        typed, reason = self.typed, Reason.BOUNCE
        while True:
            answer = await self.app.push_screen_wait(SuppressModal(typed, reason))
            if answer is None:
                return
            typed, reason = answer
            if await self._carried_out(add_plan(typed, reason)):
                break
        await self._put(Suppressed(typed, str(reason), self.app.now()))
        self.say(_("{address} is on the list.").format(address=printable(typed)))

    @work(exclusive=True, group="change")
    async def action_remove(self) -> None:
        entry = self.suppressed.current
        if entry is None:
            return
        sandbox = self.account is not None and self.account.sandbox
        if not await self._carried_out(remove_plan(entry, sandbox=sandbox)):
            return
        self.removed.append(entry)
        self.forget(entry)
        text = (
            _("{address} is off the list.")
            if sandbox
            else _("{address} is off the list. u puts it back.")
        )
        self.say(text.format(address=printable(entry.address)))

    @work(exclusive=True, group="change")
    async def action_undo(self) -> None:
        entry = self.removed[-1]
        if await self._carried_out(restore_plan(entry)):
            self.removed.remove(entry)
            await self._put(replace(entry, since=self.app.now(), message_id="", feedback_id=""))
            self.say(_("{address} is on the list again.").format(address=printable(entry.address)))

    @work(exclusive=True, group="change")
    async def action_options(self) -> None:
        from sestui.tui.modals.suppression_forms import SuppressForModal

        account = self.account
        if account is None:
            self.say(_("What the account suppresses for is not known yet."))
            return
        chosen = await self.app.push_screen_wait(SuppressForModal(account.suppressed_reasons))
        if chosen is None or set(chosen) == set(account.suppressed_reasons):
            return
        if await self._carried_out(account_reasons_plan(chosen)):
            self.account = replace(account, suppressed_reasons=tuple(map(str, chosen)))
            self.draw()
            self.say(_("The account suppresses for that now."))

    async def _put(self, entry: Suppressed) -> None:
        """`entry` is on the list now: shown as SES has it, with the cursor on it."""
        try:
            entry = await self.cloud.ses.suppressed(entry.address) or entry
        except GatewayError as error:
            self.problem_box.show(error.problem)
        self.insert(entry)

    async def _carried_out(self, plan: Plan) -> bool:
        """True when it is done; else the problem is shown, if there is one."""
        self.working = True
        self.problem_box.show(None)
        try:
            return await self.carry_out(plan, self.say)
        except GatewayError as error:
            self.problem_box.show(error.problem)
            return False
        finally:
            self.working = False
            self.refresh_bindings()
