"""What became of a test mail: its events, the mailbox of practice, a verdict on what arrived."""

from __future__ import annotations

from textual import on, work
from textual.widgets import OptionList

from sestui.domain.mail.message import FIND_TAG, Message
from sestui.domain.steps import WizardState
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.mail_forecast import MailForecastScreen
from sestui.tui.widgets.sent_list import SentList
from sestui.workflows.arrival import wait_for_arrival


class MailProofScreen(MailForecastScreen):
    """What comes after the send; sending, and the keys, are for the class below."""

    def __init__(self, state: WizardState) -> None:
        super().__init__(state)
        self.arrived: dict[str, str] = {}
        """Authentication-Results by message id, as the practice mailbox shows them."""

    @work(group="follow")
    async def follow(self, message_id: str) -> None:
        """In practice: wait until the mail is in the mailbox, and show how it was judged."""
        if self.app.outside.practice is None:
            return
        try:
            mail = await wait_for_arrival(
                self.app.outside.practice, message_id, sleep=self.app.sleep
            )
        except GatewayError as error:
            self.show_problem(error.problem)
            return
        if mail is not None:
            self.arrived[message_id] = mail.results
            self.show(self.state)

    @on(OptionList.OptionSelected, "#sent")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if (sent := self.query_one(SentList).chosen) is not None:
            self.tell_fate(sent.message_id, sent.message)

    def look_for(self, message: Message) -> None:
        self.tell_fate("", message)

    @work(exclusive=True, group="fate")
    async def tell_fate(self, message_id: str, message: Message) -> None:
        """Open the events of `message`; without an id they are found by its tag."""
        from sestui.tui.modals.fate import FateModal
        from sestui.workflows.event_sources import Ways, ways_to

        async def ways() -> Ways:
            return await ways_to(
                self.cloud,
                self.app.outside.practice,
                configuration_set=self.facts.set_name(message),
                recipients=message.recipients,
                vdm=self.state.account is not None and self.state.account.vdm,
            )

        await self.app.push_screen_wait(
            FateModal(
                message_id,
                (FIND_TAG, message.find_tag),
                message.recipients,
                ways,
                sleep=self.app.sleep,
                now=self.app.now,
            )
        )

    @work(exclusive=True, group="practice")
    async def action_mailbox(self) -> None:
        from sestui.tui.modals.mailbox import MailboxModal

        if self.app.outside.practice:
            await self.app.push_screen_wait(MailboxModal(self.app.outside.practice))

    def action_received(self) -> None:
        from sestui.tui.modals.received import ReceivedModal

        self.app.push_screen(ReceivedModal(self.cloud.dns if self.cloud else None))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "mailbox":
            return self.state.practice
        return super().check_action(action, parameters)
