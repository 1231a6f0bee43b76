"""The events of a set as they arrive, readable, with their JSON a key away."""

from __future__ import annotations

import textwrap
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from sestui.domain.errors import Problem
from sestui.domain.events import MailEvent, describe
from sestui.domain.i18n import _, ngettext
from sestui.domain.prove import Question
from sestui.domain.prove.sieve import Sieve, parse_sieve
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.modals.catching import CatchDialog, Stage
from sestui.tui.widgets.consent import Consent
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.tui.widgets.records_table import GLYPHS
from sestui.workflows.tail import TailPlan, plan_tail, tail

MOST = 1000
"""Events that are kept, the newest."""
INDENT = 10


class TailModal(CatchDialog[None]):
    """Follows until it is closed.

    Args:
        cloud: the connection.
        question: the set, and a queue if one is to be looked into; its nonce names the temporary
            one.
        sleep, now: as the app's.
    """

    CSS_PATH = "tail.tcss"
    AUTO_FOCUS = "#tail-events"
    BINDINGS = [
        Binding("slash", "filter", _("Filter")),
        Binding("j,v", "json", _("JSON"), tooltip=_("The event as SES publishes it")),
        Binding("c", "copy", _("Copy the message id")),
        Binding("space", "pause", _("Pause")),
    ]

    def __init__(
        self,
        cloud: Cloud,
        question: Question,
        *,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(cloud, sleep=sleep, now=now)
        self.question = question
        self.plan: TailPlan | None = None
        self.events: deque[MailEvent] = deque(maxlen=MOST)
        self.shown: list[MailEvent] = []
        self.sieve = Sieve()
        self.paused = False
        self.unseen = 0
        """Events that came while it was paused."""
        self.trouble: Problem | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            name = printable(self.question.set_name)
            dialog.border_title = Content(_("Events of {set}").format(set=name))
            yield Plain(id="tail-watch")
            yield ProblemBox(id="tail-problem")
            yield Consent(self.cloud.connection, id="tail-plan")
            yield Input(
                placeholder=_("bounce complaint to:anna tag:campaign=7 words"),
                id="tail-filter",
                compact=True,
            )
            yield OptionList(id="tail-events", markup=False)
            yield Plain(id="tail-hint")

    # What it does

    async def prepare(self) -> bool:
        self.plan = await plan_tail(self.cloud, self.question)
        if self.plan.problem is not None:
            raise GatewayError(self.plan.problem)
        self.query_one(Consent).show(self.plan.plan, self.plan.removal)
        return bool(self.plan.plan)

    async def carry_on(self) -> None:
        if self.plan is None:
            return
        self.query_one("#tail-events").focus()
        arriving = tail(self.cloud, self.plan, self.sleep, on_trouble=self._trouble)
        async with aclosing(arriving):
            async for event in arriving:
                self.events.append(event)
                if self.is_attached:
                    self._came(event)

    def _came(self, event: MailEvent) -> None:
        if self.paused:
            self.unseen += 1
            self.draw_watch()
        elif self.sieve.lets(event):
            self._add(event)
        else:
            self.draw_watch()

    def _trouble(self, problem: Problem | None) -> None:
        if problem != self.trouble:
            self.trouble = problem
            if self.is_attached:
                self.draw_watch()

    def result(self) -> None:
        return None

    # Drawing

    def draw(self) -> None:
        self.draw_watch()
        self.show_problem()
        asking = self.stage is Stage.ASKING
        self.subtitle(_("/ filters · j JSON · c copies the id · space pauses · esc"))
        self.query_one("#tail-events").display = bool(self.shown) and not asking
        following = self.stage is Stage.RUNNING
        hint = self._hint() if following and not self.shown else ""
        self.query_one("#tail-hint", Plain).show(hint)
        self.refresh_bindings()

    def _hint(self) -> Content:
        text = (
            _("Nothing of what came passes the filter.")
            if self.events
            else _("Nothing has come yet. Send a mail through the set: step 4, or another program.")
        )
        parts: list[str | tuple[str, str]] = [(text, "$quiet")]
        for hop in self.plan.broken if self.plan else ():
            line = f"\n✗ {printable(hop.route)}: {printable(hop.text)}"
            parts.append((line, "$text-error"))
        return Content.assemble(*parts)

    def draw_watch(self) -> None:
        self.query_one("#tail-watch", Plain).show(self._watch())

    def _watch(self) -> Content:
        match self.stage:
            case Stage.LOOKING:
                text = _("Reading where the events of the set go …")
            case Stage.ASKING:
                return Content(_("A temporary queue catches the events while you look at them."))
            case Stage.STOPPING:
                text = _("Removing what was made …")
            case Stage.ENDED:
                return Content()
            case _running:
                return self._following()
        return Content.assemble((f"{self.turning} ", "$accent"), (text, "$quiet"))

    def _following(self) -> Content:
        if self.trouble is not None:
            return Content.styled(f"! {printable(self.trouble.what)}", "$text-warning")
        count = ngettext("{n} event", "{n} events", len(self.events)).format(n=len(self.events))
        if len(self.shown) != len(self.events) and not self.paused:
            count += ", " + _("{n} shown").format(n=len(self.shown))
        if self.paused:
            more = ngettext("{n} new one", "{n} new ones", self.unseen).format(n=self.unseen)
            text = _("paused · {more} · space goes on").format(more=more)
            return Content.assemble(("❚❚ ", "$accent"), (f"{count} · ", "$quiet"), (text, "bold"))
        text = _("following · {count}").format(count=count)
        return Content.assemble((f"{self.turning} ", "$accent"), (text, "$quiet"))

    def _add(self, event: MailEvent) -> None:
        rows = self.query_one("#tail-events", OptionList)
        at_end = rows.highlighted is None or rows.highlighted >= rows.option_count - 1
        self.shown.append(event)
        rows.add_option(Option(_row(event, self._width)))
        if len(self.shown) > MOST:
            self.shown.pop(0)
            rows.remove_option_at_index(0)
        if at_end:
            # Whoever reads the newest goes on with the newest; whoever reads another one stays.
            rows.highlighted = rows.option_count - 1
            self.call_after_refresh(rows.scroll_to_highlight)
        self.draw()

    @property
    def _width(self) -> int:
        """Of a row, which has a scroll bar beside it."""
        return max(40, self.query_one(".dialog").content_size.width - 1)

    def on_resize(self, _event: events.Resize) -> None:
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        """All rows anew."""
        rows = self.query_one("#tail-events", OptionList)
        self.shown = [event for event in self.events if self.sieve.lets(event)]
        width = self._width
        rows.set_options([Option(_row(event, width)) for event in self.shown])
        if self.shown:
            rows.highlighted = len(self.shown) - 1
            self.call_after_refresh(rows.scroll_to_highlight)
        self.draw()

    # Keys

    @property
    def selected(self) -> MailEvent | None:
        row = self.query_one("#tail-events", OptionList).highlighted
        return self.shown[row] if row is not None and row < len(self.shown) else None

    @on(Input.Changed, "#tail-filter")
    def _filtered(self, event: Input.Changed) -> None:
        event.stop()
        self.sieve = parse_sieve(event.value)
        self._fill()

    @on(Input.Submitted, "#tail-filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        event.stop()
        self._to_the_list()

    def action_filter(self) -> None:
        self.query_one("#tail-filter").add_class("-open")
        self.query_one("#tail-filter").focus()

    def _to_the_list(self) -> None:
        box = self.query_one("#tail-filter", Input)
        box.set_class(bool(box.value), "-open")
        self.query_one("#tail-events").focus()

    def action_close(self) -> None:
        if self.query_one("#tail-filter").has_focus:
            self._to_the_list()
            return
        super().action_close()

    def action_json(self) -> None:
        from sestui.tui.modals.text import TextModal

        if (event := self.selected) is not None:
            self.app.push_screen(TextModal(event.kind.word, event.raw))

    def on_option_list_option_selected(self) -> None:
        self.action_json()

    def action_copy(self) -> None:
        if self.stage is Stage.ASKING:
            self.copy_text(self.query_one(Consent).commands, _("Copied the commands."))
        elif (event := self.selected) is not None:
            self.copy_text(printable(event.message_id), _("Copied."))

    def action_pause(self) -> None:
        self.paused = not self.paused
        if not self.paused:
            self.unseen = 0
            self._fill()
        self.draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "json":
                return bool(self.shown)
            case "copy":
                return self.stage is Stage.ASKING or bool(self.shown)
            case "pause" | "filter":
                return self.stage is Stage.RUNNING
        return True


def _row(event: MailEvent, width: int) -> Content:
    """Time, sign and word; for whom, and the subject where it fits; the sentence."""
    said = describe(event)
    colour = "$quiet" if said.quiet else f"${GLYPHS[said.severity][1]}"
    who = printable(", ".join(event.recipients))
    subject = printable(event.subject)
    fits = len(who) + len(subject) + INDENT + 17 <= width
    lines = textwrap.wrap(printable(said.sentence), max(20, width - INDENT)) or [""]
    parts: list[str | tuple[str, str]] = [
        (f"{event.at.astimezone():%H:%M:%S}  ", "$quiet"),
        (f"{said.glyph} {said.word:<12}", f"bold {colour}"),
        f" {who}",
        (f"  {subject}", "$quiet") if fits else "",
        *((f"\n{' ' * INDENT}{line}", "$quiet") for line in lines),
    ]
    return Content.assemble(*parts)
