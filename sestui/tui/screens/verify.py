"""Step 3: prove that the identity is yours, and watch SES and DNS agree."""

from __future__ import annotations

import time

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import DataTable

from sestui.domain.changes import resend_plan, restart_plan
from sestui.domain.i18n import _
from sestui.domain.identity import Status, refreshed
from sestui.domain.records import RequiredRecord, as_zone_file, required_records
from sestui.domain.steps import Step, WizardState, complete
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.inbox_guide import InboxGuide
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.records_table import RecordsTable, record_detail
from sestui.tui.widgets.ses_view import ses_view
from sestui.workflows.verify import Snapshot, watch


class VerifyScreen(StepScreen):
    STEP = Step.VERIFY
    CSS_PATH = "verify.tcss"
    BINDINGS = [
        Binding("r", "check", _("Check"), show=False, tooltip=_("Ask SES and DNS at once")),
        Binding("c", "copy_value", _("Value"), tooltip=_("Copy the record's value")),
        Binding("n", "copy_name", _("Name"), tooltip=_("Copy the record's name")),
        Binding("y", "copy_row", _("Row"), show=False, tooltip=_("As a line of a zone file")),
        Binding("a", "copy_all", _("All"), tooltip=_("Copy all records as a zone file")),
        Binding("b", "copy_box", _("Box"), show=False, tooltip=_("What goes into the Name box")),
        Binding("f", "findings", _("More"), tooltip=_("Alignment, SPF, zone: all findings")),
        Binding("t", "timeline", _("Timeline"), show=False, tooltip=_("What changed when")),
        Binding("v", "view", _("View"), show=False, tooltip=_("In full, to be marked by hand")),
        Binding("s", "resend", _("Resend mail"), tooltip=_("Send the verification mail again")),
        Binding("x", "restart", _("Start again"), tooltip=_("SES gave up: make it look again")),
        Binding("p", "panel", _("DNS"), tooltip=_("Publish in the practice DNS")),
        Binding("m", "mailbox", _("Mailbox"), tooltip=_("The practice mailbox")),
        Binding("h", "hurry", _("+1 hour"), tooltip=_("Let an hour pass"), show=False),
    ]

    def __init__(self, state: WizardState) -> None:
        super().__init__(state)
        self.next_look = 0.0
        """When the watch looks again, by time.monotonic(); 0: it does not."""

    @property
    def records(self) -> tuple[RequiredRecord, ...]:
        identity = self.state.identity
        return required_records(identity, self.state.region) if identity else ()

    @property
    def for_domain(self) -> bool:
        return self.state.identity is not None and self.state.identity.is_domain

    def lead(self) -> str:
        if self.for_domain:
            return _("Add these records where your domain's DNS is kept. Nothing else is touched.")
        return _("Amazon has sent a mail with a link to the address. Opening the link proves it.")

    def compose_body(self) -> ComposeResult:
        if self.for_domain:
            yield RecordsTable(id="records")
            yield Plain(id="detail", classes="card")
        else:
            name = self.state.identity.name if self.state.identity else ""
            yield InboxGuide(name, self.state.region)
        yield Plain(id="ses", classes="card")

    def on_mount(self) -> None:
        self.query_one("#ses").border_title = _("What SES says")
        if self.for_domain:
            self.query_one("#records").focus()
        super().on_mount()
        self.tick()
        self.set_interval(1.0, self.tick)
        self.look()

    # Watching

    @work(exclusive=True, group="watch")
    async def look(self) -> None:
        identity = self.state.identity
        if self.cloud is None or identity is None:
            return
        self.next_look = 0.0
        self.say(_("asking SES and the name servers …"))
        before = self.state.checks
        rounds = watch(
            self.cloud,
            identity,
            before,
            sleep=self.app.sleep,
            now=self.app.now,
            timeline=self.state.timeline,
        )
        async for seen in rounds:
            self.take(seen)

    def take(self, seen: Snapshot) -> None:
        """Draw what one round of looking has found."""
        if self.leaving:
            return
        self.show_problem(seen.problem)
        self.next_look = time.monotonic() + seen.pause if seen.pause else 0.0
        if seen.identity is None:
            self.update_state(identity=None, checks=(), report=None)
            text = _("The identity is gone: someone deleted it. Create it again in step 2.")
            self.notify(text, severity="error", markup=False, timeout=10)
            # What was true of it is no longer.
            self.query_one("#ses", Plain).update(Content.styled(f"✗ {text}", "$text-error"))
            self.say("")
            return
        was_complete = complete(self.state, Step.VERIFY)
        self.update_state(
            identity=seen.identity,
            checks=seen.checks,
            report=seen.report,
            timeline=seen.timeline,
            identities=refreshed(self.state.identities, seen.identity),
        )
        if complete(self.state, Step.VERIFY) and not was_complete:
            self.app.bell()
            self.notify(_("{name} is verified.").format(name=seen.identity.name), markup=False)
        self.tick()

    def tick(self) -> None:
        if self.leaving:
            return
        if self.for_domain and self.query("#records"):
            self.query_one(RecordsTable).show(self.records, self.state.checks, self.app.now())
        left = round(self.next_look - time.monotonic())
        if self.next_look and left > 0:
            self.say(_("next check in {n} s · r checks now").format(n=left))
        elif self.next_look:
            self.say(_("asking SES and the name servers …"))
        elif self.state.identity and self.state.identity.complete:
            self.say(_("all is well; nothing is left to watch"))

    def say(self, text: str) -> None:
        """How the watch stands, on the edge of the card it keeps fresh."""
        self.query_one("#ses").border_subtitle = Content(text)
        if self.for_domain and self.has_class("-narrow"):
            # The card may be below the edge of the screen; the one above it is not.
            self.query_one("#detail").border_subtitle = Content(text)

    # Drawing

    def show(self, state: WizardState) -> None:
        if state.identity is None:
            return
        self.query_one("#ses", Plain).update(ses_view(state.identity, self.app.now()))
        if self.for_domain and self.query("#records"):
            self.query_one(RecordsTable).show(self.records, state.checks, self.app.now())
            self.show_detail()

    def show_detail(self) -> None:
        detail = self.query_one("#detail", Plain)
        record = self.query_one(RecordsTable).selected
        detail.display = record is not None
        if record is not None:
            check = next((c for c in self.state.checks if c.record == record), None)
            detail.border_title = Content(f"{record.purpose.word} · {record.type}")
            detail.update(record_detail(record, check))
            if not self.has_class("-narrow"):  # see `say`
                detail.border_subtitle = _("enter: each server's answer") if check else ""

    @on(DataTable.RowSelected)
    def _why(self) -> None:
        from sestui.tui.modals.evidence import EvidenceModal

        record = self.query_one(RecordsTable).selected
        check = next((c for c in self.state.checks if c.record == record), None)
        if check is not None:
            provider = self.state.report.provider if self.state.report else None
            self.app.push_screen(EvidenceModal(check, provider, self.app.now()))

    @on(DataTable.RowHighlighted)
    def _moved(self) -> None:
        self.show_detail()

    def what_now(self, state: WizardState) -> str:
        identity = state.identity
        if identity is None:
            return _("Ctrl+B: back to step 2, and create it again.")
        if complete(state, Step.VERIFY):
            return _("Verified. Ctrl+N: send a test mail.")
        if restart_plan(identity):
            return _("SES has stopped looking. Mend what is wrong, then x starts it again.")
        if not identity.is_domain:
            if identity.status is Status.FAILED:
                return _("The link has expired. s sends the mail again.")
            if state.practice:
                return _("m opens the mailbox of the practice account: the mail is there.")
            return _("Open the link in the mail; this screen notices by itself.")
        if identity.complete:
            return _("SES is content. Mend the record marked above, then go on with Ctrl+N.")
        if state.checks and all(check.published for check in state.checks):
            return _("All is published. SES looks again by itself; there is nothing to do.")
        if state.practice:
            return _("p opens your provider's DNS panel: publish the records there.")
        return _("Copy names (n) and values (c) into your DNS panel; checks go on by themselves.")

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        identity = self.state.identity
        match action:
            case "copy_value" | "copy_name" | "copy_row" | "copy_all" | "copy_box" | "view":
                return self.for_domain
            case "findings":
                return self.state.report is not None
            case "timeline":
                return bool(self.state.timeline)
            case "panel":
                return self.state.practice and self.for_domain
            case "mailbox":
                return self.state.practice and not self.for_domain
            case "hurry":
                return self.state.practice
            case "resend":
                return identity is not None and not identity.is_domain and not identity.verified
            case "restart":
                return identity is not None and bool(restart_plan(identity))
            case _:
                return super().check_action(action, parameters)

    def action_check(self) -> None:
        self.look()

    async def action_copy_value(self) -> None:
        if record := self.query_one(RecordsTable).selected:
            await self.copy(record.value, _("Copied the value: {text}").format(text=record.value))

    async def action_copy_name(self) -> None:
        if record := self.query_one(RecordsTable).selected:
            await self.copy(record.name, _("Copied the name: {text}").format(text=record.name))

    async def action_copy_box(self) -> None:
        """What goes into the Name box of this domain's DNS panel: often not the whole name."""
        record = self.query_one(RecordsTable).selected
        check = next((c for c in self.state.checks if c.record == record), None)
        if record is not None:
            text = check.fix.name_box if check and check.fix else record.name
            await self.copy(text, _("Copied for the Name box: {text}").format(text=text))

    def action_findings(self) -> None:
        from sestui.tui.modals.report import ReportModal

        if self.state.report is not None:
            self.app.push_screen(ReportModal(self.state.report, self.app.outside.read_document))

    def action_timeline(self) -> None:
        from sestui.tui.modals.timeline import TimelineModal

        self.app.push_screen(TimelineModal(self.state.timeline))

    async def action_copy_row(self) -> None:
        if record := self.query_one(RecordsTable).selected:
            await self.copy(record.line, _("Copied the row, as a line of a zone file."))

    async def action_copy_all(self) -> None:
        text = as_zone_file(self.records)
        await self.copy(text, _("Copied all {n} records.").format(n=len(self.records)))

    def action_view(self) -> None:
        from sestui.tui.modals.text import TextModal

        if record := self.query_one(RecordsTable).selected:
            text = f"{record.name}\n\n{record.type}\n\n{record.value}"
            self.app.push_screen(TextModal(record.purpose.word, text))

    @work(exclusive=True, group="change")
    async def action_resend(self) -> None:
        identity = self.state.identity
        if identity and await self.make(resend_plan(identity.name), self.busy):
            self.notify(_("The mail is on its way."), markup=False)
            self.look()

    @work(exclusive=True, group="change")
    async def action_restart(self) -> None:
        if (identity := self.state.identity) and await self.make(restart_plan(identity), self.busy):
            self.look()

    def busy(self, text: str) -> None:
        if text and not self.leaving:
            self.say(text)

    # The practice account's own

    @work(exclusive=True, group="practice")
    async def action_panel(self) -> None:
        from sestui.tui.modals.panel import PanelModal

        if self.state.identity and self.app.outside.practice:
            modal = PanelModal(self.state.identity.name, self.records, self.app.outside.practice)
            if await self.app.push_screen_wait(modal):
                self.look()

    @work(exclusive=True, group="practice")
    async def action_mailbox(self) -> None:
        from sestui.tui.modals.mailbox import MailboxModal

        if self.app.outside.practice:
            await self.app.push_screen_wait(MailboxModal(self.app.outside.practice))
            self.look()

    @work(exclusive=True, group="practice")
    async def action_hurry(self) -> None:
        if self.app.outside.practice:
            await self.app.outside.practice.hurry(1.0)
            self.notify(_("An hour has passed in the practice account."), markup=False)
            self.look()
