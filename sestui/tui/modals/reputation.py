"""The reputation of the account and of a configuration set, at a glance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from sestui.domain.account import Account
from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.plan import Plan
from sestui.domain.reputation import (
    DAYS,
    RateKind,
    Rates,
    judge_account,
    judge_rate,
    no_data_reason,
    percent,
)
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.widgets.notes_list import GLYPHS
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.tui.widgets.rate_plot import RatePlot
from sestui.workflows.reputation import Reputation, look, metrics_plan

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp

CarryOut = Callable[[Plan, Callable[[str], None]], Awaitable[bool]]
"""Shows a plan and carries it out; False when the person does not agree. Raises GatewayError."""
WIDE = 100


class ReputationModal(ModalScreen[None]):
    """
    Args:
        account: as it is known; read again.
        set_name: the set to show below the account; empty for the account alone.
        carry_out: for switching the set's metrics on; without it that is not offered.
    """

    CSS_PATH = "reputation.tcss"
    AUTO_FOCUS = "#reputation-body"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    BINDINGS = [
        Binding("escape,q", "close", _("Close")),
        Binding("r", "again", _("Look again")),
        Binding("m", "metrics", _("Metrics on")),
        Binding("f4", "copy_policy", _("Copy policy"), show=False),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    problem_box = getters.query_one(ProblemBox)

    def __init__(
        self,
        cloud: Cloud,
        account: Account | None = None,
        set_name: str = "",
        carry_out: CarryOut | None = None,
    ) -> None:
        super().__init__()
        self.cloud = cloud
        self.account = account
        self.set_name = set_name
        self.carry_out = carry_out
        self.seen: Reputation | None = None
        self.working = False
        """The metrics are being switched on."""

    def compose(self) -> ComposeResult:
        self.add_class("-wide" if self.app.size.width >= WIDE else "-narrow", update=False)
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Reputation")
            dialog.border_subtitle = _("r looks again · esc closes")
            yield Plain(id="reputation-standing")
            with VerticalScroll(id="reputation-body", can_focus=True):
                yield ProblemBox()
                title = _("The account in the last {n} days").format(n=DAYS)
                yield from _section("account", title)
                if self.set_name:
                    title = _("The configuration set {name}").format(name=printable(self.set_name))
                    yield from _section("set", title)
                yield Plain(id="reputation-advice")
            yield Plain(id="reputation-note")

    def on_mount(self) -> None:
        self.query_one("#reputation-note", Plain).show("")
        self.action_again()

    @work(exclusive=True, group="reputation")
    async def action_again(self) -> None:
        shown = self.seen
        async for seen in look(self.cloud, self.account, self.set_name, self.app.now()):
            # What was there before stays until the new answer is: it does not flicker.
            self.draw(_with_old(seen, shown) if shown else seen)
            self.account = seen.account
            if seen.done:
                self.draw(seen)

    # Drawing

    def draw(self, seen: Reputation) -> None:
        self.seen = seen
        self.problem_box.show(seen.problem)
        self.query_one("#reputation-standing", Plain).show(_standing(seen.account))
        self._draw_section("account", seen, seen.of_account, no_data_reason(of_set=False))
        if self.set_name:
            self._draw_section("set", seen, seen.of_set, no_data_reason(of_set=True))
        self.query_one("#reputation-advice", Plain).show(_advice(seen, self.set_name))
        self.refresh_bindings()

    def _draw_section(
        self, of: str, seen: Reputation, read: Rates | Problem | None, why: str
    ) -> None:
        """The plots, or why there are none; a set that has its metrics off may have old ones."""
        note: str | Content = ""
        match read:
            case Problem():  # told above
                note = Content.styled("? " + _("Not known."), "$text-warning")
            case Rates(empty=True):
                note = Content.styled(f"? {why}", "$quiet")
        if of == "set" and self.metrics_off:
            note = self._off()
        plots = self.query_one(f"#{of}-plots")
        plots.display = read is None or (isinstance(read, Rates) and not read.empty)
        self.query_one(f"#{of}-note", Plain).show(note)
        rates = read if isinstance(read, Rates) else None
        for kind in ("bounces", "complaints"):
            self.query_one(f"#{of}-{kind}", RatePlot).show(rates, seen.since, seen.until)

    def _off(self) -> Content:
        parts: list[str | tuple[str, str]] = [
            (f"! {no_data_reason(of_set=True, metrics_on=False)}", "$text-warning")
        ]
        if self.carry_out is not None:
            parts.append((f" {_('m switches them on; CloudWatch charges for them.')}", "$accent"))
        return Content.assemble(*parts)

    @property
    def metrics_off(self) -> bool:
        """The set is known, and has no metrics of its own."""
        found = self.seen.configuration_set if self.seen else None
        return found is not None and not found.reputation_metrics

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "metrics":
                return self.carry_out is not None and self.metrics_off and not self.working
            case "again" | "close":
                return not self.working
        return True

    @work(exclusive=True, group="change")
    async def action_metrics(self) -> None:
        found = self.seen.configuration_set if self.seen else None
        if found is None or self.carry_out is None:
            return
        self.working = True
        try:
            if not await self.carry_out(metrics_plan(self.cloud, found), self.say):
                return
        except GatewayError as error:
            self.problem_box.show(error.problem)
            return
        finally:
            self.working = False
        self.action_again()

    def say(self, text: str) -> None:
        self.query_one("#reputation-note", Plain).show(text)

    def action_copy_policy(self) -> None:
        problem = self.problem_box.problem
        if problem is not None and problem.policy:
            self.app.copy_to_clipboard(problem.policy)
            self.notify(_("Copied the policy statement."), markup=False, timeout=3)

    def action_close(self) -> None:
        self.dismiss(None)


def _section(of: str, title: str) -> ComposeResult:
    yield Plain(title, classes="reputation-title")
    with Horizontal(classes="reputation-plots", id=f"{of}-plots"):
        yield RatePlot(RateKind.BOUNCE, id=f"{of}-bounces")
        yield RatePlot(RateKind.COMPLAINT, id=f"{of}-complaints")
    yield Plain(id=f"{of}-note", classes="reputation-why")


def _with_old(seen: Reputation, old: Reputation) -> Reputation:
    return replace(
        seen,
        account=seen.account or old.account,
        of_account=seen.of_account or old.of_account,
        of_set=seen.of_set or old.of_set,
        configuration_set=seen.configuration_set or old.configuration_set,
    )


def _standing(account: Account | None) -> Content:
    if account is None:
        return Content.styled(_("Asking SES for the state of the account …"), "$quiet")
    judged = judge_account(account)
    glyph, colour = GLYPHS[judged.severity]
    quota = account.quota
    sent = _("{sent:,.0f} recipients in 24 h").format(sent=quota.sent_24_hours)
    if quota.max_24_hours > 0:
        sent = _("{sent:,.0f} of {most:,.0f} in 24 h").format(
            sent=quota.sent_24_hours, most=quota.max_24_hours
        )
    sending = _("sending on") if account.can_send else _("sending off")
    sandbox = [_("sandbox")] if account.sandbox else []
    facts = " · ".join([sending, *sandbox, sent])
    parts: list[str | tuple[str, str]] = [
        (f"{glyph} {_('Account:')} {printable(judged.word)}", f"bold {colour}"),
        (f"  {facts}", "$quiet"),
    ]
    if judged.advice:
        parts.append((f"\n→ {judged.advice}", "$accent"))
    return Content.assemble(*parts)


def _advice(seen: Reputation, set_name: str) -> Content:
    """What to do about each rate that is not well; else what the lines mean."""
    known = [
        (whose, read)
        for whose, read in ((_("account"), seen.of_account), (set_name, seen.of_set))
        if isinstance(read, Rates) and not read.empty
    ]
    lines = [line for kind in RateKind if (line := _not_well(kind, known))]
    if known and not lines:
        text = _(
            "The lines are where AWS looks into an account (5 % bounces, 0.1 % complaints) and "
            "where it may pause it (10 % and 0.5 %). Below 2 % of bounces there is no concern."
        )
        lines.append(Content.styled(text, "$quiet"))
    return Content("\n").join(lines)


def _not_well(kind: RateKind, known: Sequence[tuple[str, Rates]]) -> Content | None:
    """Whose rate of this kind is not well, and what to do about the worst of them."""
    found = []
    for whose, rates in known:
        latest = (rates.bounces if kind is RateKind.BOUNCE else rates.complaints).latest
        if latest is not None and judge_rate(kind, latest.value).severity is not Severity.OK:
            found.append((latest.value, whose))
    if not found:
        return None
    judged = judge_rate(kind, max(found)[0])
    glyph, colour = GLYPHS[judged.severity]
    values = ", ".join(f"{printable(whose)} {percent(value)}" for value, whose in found)
    return Content.assemble(
        (f"{glyph} {kind.word}: {values}", colour), (f" → {judged.advice}", "$accent")
    )
