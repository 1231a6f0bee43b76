"""The proof that events arrive: each hop of their way, live, and how to mend the broken one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.i18n import _
from sestui.domain.plan import Plan
from sestui.domain.prove import Hop, Phase, Proof, Question, State
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.modals.catching import CatchDialog, Stage
from sestui.tui.widgets.consent import Consent
from sestui.tui.widgets.hops import PHASES, asking, detail_of, row, verdict
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.workflows.prospect import Prospect, look
from sestui.workflows.prove import PATIENCE, prove

CarryOut = Callable[[Plan, Callable[[str], None]], Awaitable[bool]]


class ProveModal(CatchDialog[Proof | None]):
    """Ends with the proof; None when there was none.

    Args:
        cloud: the connection.
        question: what is to be proven. Its nonce is for the first run.
        nonce: makes one for each further run: letters and digits that nobody has used.
        carry_out: shows a plan and carries it out, `StepScreen.carry_out`; raises GatewayError.
        sleep, now: as the app's.
        patience: seconds to wait for events.
    """

    CSS_PATH = "prove.tcss"
    AUTO_FOCUS = "#hops"
    BINDINGS = [
        Binding("c", "copy", _("Copy the JSON")),
        Binding("j,v", "json", _("The JSON in full")),
        Binding("x", "fix", _("Mend it")),
        Binding("r", "again", _("Again")),
    ]

    def __init__(
        self,
        cloud: Cloud,
        question: Question,
        *,
        nonce: Callable[[], str],
        carry_out: CarryOut,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(cloud, sleep=sleep, now=now)
        self.question = question
        self.nonce = nonce
        self.carry_out = carry_out
        self.patience = patience
        self.prospect: Prospect | None = None
        self.proof: Proof | None = None
        self._busy = ""
        self._mending = False
        """A plan that mends a hop is being carried out."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            name = printable(self.question.set_name)
            dialog.border_title = Content(_("Prove it · {set}").format(set=name))
            yield Plain(id="prove-watch")
            yield ProblemBox(id="prove-problem")
            yield Consent(self.cloud.connection, id="prove-plan")
            yield OptionList(id="hops", markup=False)
            yield Plain(id="prove-detail")

    # What it does

    async def prepare(self) -> bool:
        self.proof = None
        self.prospect = await look(self.cloud, self.question)
        self.query_one(Consent).show(self.prospect.plan, self.prospect.removal)
        return bool(self.prospect.plan)

    async def carry_on(self) -> None:
        if self.prospect is None:
            return
        steps = prove(self.cloud, self.prospect, self.sleep, self.now, patience=self.patience)
        async with aclosing(steps):
            async for proof in steps:
                self.proof = proof
                if self.is_attached:
                    self.draw()

    def result(self) -> Proof | None:
        return self.proof

    def _ended(self) -> None:
        super()._ended()
        red = (number for number, hop in enumerate(self.hops) if hop.state is State.RED)
        if self.hops and (first := next(red, None)) is not None:
            self.query_one("#hops", OptionList).highlighted = first
        self.query_one("#hops").focus()

    # Drawing

    @property
    def hops(self) -> tuple[Hop, ...]:
        if self.proof is not None:
            return self.proof.hops
        return self.prospect.hops if self.prospect is not None else ()

    @property
    def selected(self) -> Hop | None:
        row = self.query_one("#hops", OptionList).highlighted
        return self.hops[row] if row is not None and row < len(self.hops) else None

    def draw(self) -> None:
        self.draw_watch()
        self.show_problem()
        asking = self.stage is Stage.ASKING
        self.subtitle(_("j JSON · c copies it · x mends · r again · esc stops"))
        hops = self.query_one("#hops", OptionList)
        hops.display = not asking and bool(self.hops)
        self._draw_hops(hops)
        self._draw_detail()
        self.refresh_bindings()

    def draw_watch(self) -> None:
        self.query_one("#prove-watch", Plain).show(self._watch())

    def _watch(self) -> Content:
        match self.stage:
            case _ if self._busy:
                text = self._busy
            case Stage.LOOKING:
                text = _("Reading what the events pass on their way …")
            case Stage.ASKING:
                return asking(self.question, self.hops)
            case Stage.STOPPING:
                text = PHASES[Phase.CLEANING]
            case Stage.RUNNING if self.proof is not None:
                text = PHASES.get(self.proof.phase, "")
                if self.proof.phase is Phase.WATCHING and self.proof.began is not None:
                    seconds = (self.now() - self.proof.began).total_seconds()
                    text += " " + _("{n} s").format(n=round(seconds))
            case Stage.ENDED:
                return verdict(self.proof) if self.proof is not None else Content()
            case _other:
                text = _("Beginning …")
        return Content.assemble((f"{self.turning} ", "$accent"), (printable(text), "$quiet"))

    def _draw_hops(self, hops: OptionList) -> None:
        before = hops.highlighted
        width = max(40, self.query_one(".dialog").content_size.width - 1)
        rows: list[Option] = []
        route = ""
        for number, hop in enumerate(self.hops):
            heading = hop.route if hop.route != route else ""
            route = hop.route
            rows.append(Option(row(hop, heading, width), id=str(number)))
        hops.set_options(rows)
        if rows:
            hops.highlighted = min(before or 0, len(rows) - 1)
            self.call_after_refresh(hops.scroll_to_highlight)

    def on_option_list_option_highlighted(self) -> None:
        self._draw_detail()
        self.refresh_bindings()

    def _draw_detail(self) -> None:
        hop = self.selected
        detail = self.query_one("#prove-detail", Plain)
        if hop is None or self.stage is Stage.ASKING:
            detail.show("")
            return
        detail.show(detail_of(hop, may_fix=self._may_fix(hop)))

    def on_resize(self, _event: events.Resize) -> None:
        self.call_after_refresh(self.draw)

    # Keys

    def _may_fix(self, hop: Hop | None) -> bool:
        return (
            not self._mending
            and hop is not None
            and hop.fix is not None
            and bool(hop.fix.plan)
            and self.stage is Stage.ENDED
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        hop = self.selected if self.is_mounted else None
        match action:
            case "copy":
                return self.stage is Stage.ASKING or bool(hop and hop.fix and hop.fix.text)
            case "json":
                return bool(hop and hop.fix and hop.fix.text) and self.stage is not Stage.ASKING
            case "fix":
                return self._may_fix(hop)
            case "again":
                return self.stage is Stage.ENDED and not self._mending
            case "close":
                return not self._mending  # else half of what was agreed to would be done
        return True

    def action_copy(self) -> None:
        if self.stage is Stage.ASKING:
            self.copy_text(self.query_one(Consent).commands, _("Copied the commands."))
        elif (hop := self.selected) is not None and hop.fix is not None and hop.fix.text:
            self.copy_text(hop.fix.text, _("Copied the JSON."))

    def action_json(self) -> None:
        from sestui.tui.modals.text import TextModal

        hop = self.selected
        if hop is not None and hop.fix is not None and hop.fix.text:
            self.app.push_screen(TextModal(hop.kind.word, hop.fix.text))

    def on_option_list_option_selected(self) -> None:
        self.action_json()

    def action_again(self) -> None:
        self.question = replace(self.question, nonce=self.nonce())
        self.begin()

    @work(exclusive=True, group="mending")
    async def action_fix(self) -> None:
        """Show the plan that mends the hop, carry it out, and look again."""
        hop = self.selected
        if hop is None or hop.fix is None or not hop.fix.plan:
            return
        self.problem = None
        self._mending = True
        try:
            done = await self.carry_out(hop.fix.plan, self._say)
        except GatewayError as error:
            self.problem = error.problem
            done = False
        finally:
            self._busy, self._mending = "", False
        if done:
            self.action_again()
        else:
            self.draw()

    def _say(self, text: str) -> None:
        self._busy = text
        if self.is_attached:
            self.draw_watch()
