"""Looking into the suppression list: page by page, filtered, or for one address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from sestui.domain.account import Account
from sestui.domain.i18n import _, ngettext
from sestui.domain.names import InvalidName
from sestui.domain.suppression import (
    Lately,
    Reason,
    Suppressed,
    Wanted,
    matching,
    parse_listed,
    spelled_otherwise,
)
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.widgets.lines import Lines
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.tui.widgets.suppressed_list import SuppressedList, account_line, detail_of
from sestui.workflows.suppression import Read, read_list

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp

Part = str | tuple[str, str]
_REASONS = (None, *Reason)
_TIMES = tuple(Lately)


class SuppressionBrowser(ModalScreen[None]):
    """Reads by itself as far as `read_list` goes at once; nothing waits for it."""

    CSS_PATH = "suppression.tcss"
    AUTO_FOCUS = "#suppressed"
    BINDINGS = [
        Binding("escape", "close", _("Close")),
        Binding("slash", "search", _("Search")),
        Binding("f", "reason", _("Reason")),
        Binding("t", "lately", _("Time")),
        Binding("n", "more", _("Read on")),
        Binding("r", "reload", _("Look again")),
        Binding("f4", "copy_policy", _("Copy policy"), show=False),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    suppressed = getters.query_one(SuppressedList)
    problem_box = getters.query_one(ProblemBox)

    def __init__(self, cloud: Cloud, account: Account | None, address: str = "") -> None:
        super().__init__()
        self.cloud = cloud
        self.account = account
        self.look_at_account = account is None
        self.address = address
        self.reason: Reason | None = None
        self.lately = Lately.EVER
        self.read: Read | None = None
        """What the list has, as far as it was read; None before the first page."""
        self.known: dict[str, Suppressed | None] = {}
        """Addresses that were looked up one by one; None for those not on the list."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -list") as dialog:
            dialog.border_title = _("Suppression list")
            dialog.border_subtitle = _("enter details · esc closes")
            yield Plain(id="suppression-account")
            yield Input(
                self.address,
                placeholder=_("type to filter; enter asks SES for exactly this address"),
                id="suppression-search",
            )
            yield SuppressedList(id="suppressed")
            yield Plain(id="suppression-state")
            yield Plain(id="suppression-detail")
            yield ProblemBox()
            yield Plain(id="suppression-note")
            yield Plain(
                _("/ search · f reason · t time · a add · d remove · u undo · o options"),
                id="suppression-keys",
            )

    def on_mount(self) -> None:
        self.say("")
        self.draw()
        if self.address:
            self._look_up(self.address)
        self._restart()

    # Reading

    def action_reload(self) -> None:
        self.look_at_account = True
        self._restart()

    def _restart(self) -> None:
        self.read = None
        self.known.clear()
        self._read(None)

    def action_more(self) -> None:
        if self.read is not None and self.read.token and not self.read.reading:
            self._read(self.read)

    @work(exclusive=True, group="list")
    async def _read(self, so_far: Read | None) -> None:
        self.problem_box.show(None)
        self.draw()
        wanted = Wanted(self.reason, self.lately.since(self.app.now()))
        try:
            async for read in read_list(self.cloud, wanted, self.app.sleep, so_far):
                self.read = read
                self.draw()
            if self.look_at_account:
                self.account = await self.cloud.ses.account()
                self.look_at_account = False
        except GatewayError as error:
            self.problem_box.show(error.problem)
            if self.read is not None:
                self.read = replace(self.read, reading=False)
            else:
                self.read = Read(())
        self.draw()

    @work(exclusive=True, group="look")
    async def _look_up(self, address: str) -> None:
        """One address, whole: the list itself does not tell by which mail."""
        self.say(_("Asking SES for {address} …").format(address=printable(address)))
        try:
            found = await self.cloud.ses.suppressed(address)
        except GatewayError as error:
            self.problem_box.show(error.problem)
            self.say("")
            return
        self.known[address] = found
        self.say("")
        self.draw(found)

    # What is shown

    @property
    def typed(self) -> str:
        return self.query_one("#suppression-search", Input).value.strip()

    @property
    def entries(self) -> tuple[Suppressed, ...]:
        """What was read, and what was looked up and lies further on."""
        read = self.read.entries if self.read else ()
        looked_up = [each for each in self.known.values() if each is not None]
        if not looked_up:
            return read
        there = {each.address for each in read}
        return (*(each for each in looked_up if each.address not in there), *read)

    def draw(self, at: Suppressed | None = None) -> None:
        entries = self.entries
        rows = matching(entries, self.typed) if self.typed else entries
        self.suppressed.show(rows, at)
        self.query_one("#suppression-account", Plain).show(account_line(self.account))
        self.query_one("#suppression-state", Plain).show(self._state(len(rows), len(entries)))
        self._draw_detail()
        self.refresh_bindings()

    def _state(self, shown: int, of: int) -> Content:
        which = [self.lately.word]
        if self.reason is not None:
            which.insert(0, _("who {reason}").format(reason=self.reason.word))
        parts: list[Part] = []
        if self.read is None:
            return Content.styled(_("Reading the list …"), "$quiet")
        if not of:
            text = _("nobody is on the list")
        elif shown < of:
            text = _("{shown:,} of {n:,} addresses").format(shown=shown, n=of)
        else:
            text = ngettext("{n:,} address", "{n:,} addresses", of).format(n=of)
        parts += [(text, "bold"), (" · " + " · ".join(which), "$quiet")]
        if self.read.reading:
            parts.append(("  " + _("reading on …"), "$accent"))
        elif self.read.token:
            parts.append(("  " + _("there is more: n reads on"), "$accent"))
        return Content.assemble(*parts)

    def _draw_detail(self) -> None:
        """Of the address that is typed, once it was looked up; else of the marked one."""
        detail = self.query_one("#suppression-detail", Plain)
        typed = self.typed
        if typed in self.known and self.known[typed] is None:
            parts: list[Part] = [
                (f"✓ {printable(typed)} ", "$text-success"),
                (_("is not on the list."), "$text-success"),
            ]
            if others := spelled_otherwise(self.entries, typed):
                text = _("But {other} is: SES tells upper and lower case apart.")
                parts.append(
                    (" " + text.format(other=printable(others[0].address)), "$text-warning")
                )
            detail.show(Content.assemble(*parts))
            return
        current = self.suppressed.current
        detail.show(
            "" if current is None else detail_of(self.known.get(current.address) or current)
        )

    @on(Input.Changed, "#suppression-search")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.draw()

    @on(Lines.Marked)
    def _marked(self, message: Lines.Marked) -> None:
        message.stop()
        self._draw_detail()
        self.refresh_bindings()

    @on(Lines.Chosen)
    def _chosen(self, message: Lines.Chosen) -> None:
        message.stop()
        if self.suppressed.current is not None:
            self._look_up(self.suppressed.current.address)

    @on(Input.Submitted, "#suppression-search")
    def _submitted(self) -> None:
        self.suppressed.focus()
        try:
            address = parse_listed(self.typed)
        except InvalidName:  # a part of one; what matches it is shown already
            return
        self._look_up(address)

    def insert(self, entry: Suppressed) -> None:
        self.forget(entry, draw=False)
        self.known[entry.address] = entry
        with self.prevent(Input.Changed):
            self.query_one("#suppression-search", Input).value = ""  # else it might be hidden
        self.draw(entry)

    def forget(self, entry: Suppressed, *, draw: bool = True) -> None:
        self.known.pop(entry.address, None)
        if self.read is not None:
            left = tuple(e for e in self.read.entries if e.address != entry.address)
            self.read = replace(self.read, entries=left)
        if draw:
            self.draw()

    def say(self, text: str) -> None:
        self.query_one("#suppression-note", Plain).show(text)

    # Keys

    def action_search(self) -> None:
        self.query_one("#suppression-search", Input).focus()

    def action_reason(self) -> None:
        self.reason = _REASONS[(_REASONS.index(self.reason) + 1) % len(_REASONS)]
        self._restart()

    def action_lately(self) -> None:
        self.lately = _TIMES[(_TIMES.index(self.lately) + 1) % len(_TIMES)]
        self._restart()

    def action_copy_policy(self) -> None:
        problem = self.problem_box.problem
        if problem is not None and problem.policy:
            self.app.copy_to_clipboard(problem.policy)
            self.notify(_("Copied the policy statement."), markup=False, timeout=3)

    def action_close(self) -> None:
        """From what is typed back to the list, and from there out."""
        field = self.query_one("#suppression-search", Input)
        if field.has_focus:
            field.value = ""
            self.suppressed.focus()
        else:
            self.dismiss(None)
