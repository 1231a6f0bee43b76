"""What became of a message: its events as they arrive, in words, and what to do about each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.events import describe
from sestui.domain.i18n import _, ngettext
from sestui.domain.text import printable
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.records_table import GLYPHS
from sestui.workflows.event_sources import Ways
from sestui.workflows.fate import Fate, Known, fate

Part = str | tuple[str, str]
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
FRAME_TIME = 0.15
"""Seconds."""
MOST_RECIPIENTS = 3
"""Shown one a line; of more, the rest is counted."""


class FateModal(ModalScreen[Fate | None]):
    """Ends with the last that was known; None when nothing was.

    Args:
        message_id: empty when the mail only may have been sent.
        tag: name and value of the message tag that finds it.
        recipients: of the mail; empty: those that its events name.
        ways: finds the sources; called once, when the dialog opens.
        sleep, now: as the app's.
    """

    CSS_PATH = "fate.tcss"
    AUTO_FOCUS = "#events"
    BINDINGS = [
        Binding("escape,q", "close", _("Close")),
        Binding("j", "json", _("JSON"), tooltip=_("The event as SES publishes it")),
        Binding("c", "copy", _("Copy the message id")),
        Binding("r", "again", _("Look again")),
    ]

    def __init__(
        self,
        message_id: str,
        tag: tuple[str, str],
        recipients: tuple[str, ...],
        ways: Callable[[], Awaitable[Ways]],
        *,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.message_id = message_id
        self.tag = tag
        self.recipients = recipients
        self.ways = ways
        self.sleep = sleep
        self.now = now
        self.found: Ways | None = None
        self.fate: Fate | None = None
        self._frame = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("What became of it")
            dialog.border_subtitle = _("j JSON · c copies the id · r looks again · esc closes")
            yield Plain(id="fate-mail")
            yield Plain(id="fate-watch")
            yield OptionList(id="events", markup=False)
            yield Plain(id="fate-problems")

    def on_mount(self) -> None:
        self.draw()
        self.action_again()
        if self.app.animation_level != "none":
            self.set_interval(FRAME_TIME, self._turn)

    @work(exclusive=True, group="fate")
    async def action_again(self) -> None:
        """Find out where to look, and look until all is known or the dialog is closed."""
        if self.found is None:
            self.found = await self.ways()
        async for news in fate(
            self.message_id,
            self.tag,
            self.found.sources,
            self.sleep,
            self.now,
            recipients=self.recipients,
            known=self.fate.events if self.fate else (),
        ):
            self.fate = news
            self.message_id = news.message_id
            self.draw()

    # Drawing

    def draw(self) -> None:
        self.query_one("#fate-mail", Plain).show(self._mail())
        self._draw_watch()
        self._draw_events()
        self.query_one("#fate-problems", Plain).show(self._problems())
        self.refresh_bindings()

    def _mail(self) -> Content:
        parts: list[Part] = [(f"{_('Id'):<8}", "$quiet")]
        parts.append((printable(self.message_id), "bold") if self.message_id else _("not known"))
        if self.tag[0]:
            tag = printable("=".join(self.tag))
            parts += [(f"\n{_('Tag'):<8}", "$quiet"), tag]
        outcomes = self.fate.outcomes if self.fate else ()
        shown = outcomes[:MOST_RECIPIENTS] if len(outcomes) > MOST_RECIPIENTS + 1 else outcomes
        for number, (who, outcome) in enumerate(shown):
            glyph, colour = GLYPHS[outcome.severity]
            if not outcome.final:
                glyph, colour = "…", "quiet"
            label = f"{_('To'):<8}" if number == 0 else " " * 8
            parts += [("\n" + label, "$quiet"), f"{printable(who)}  "]
            parts.append((f"{glyph} {outcome.word}", f"${colour}"))
        if left := outcomes[len(shown) :]:
            text = ngettext("and one more", "and {n} more", len(left)).format(n=len(left))
            parts.append((f"\n{'':<8}{text}", "$quiet"))
        return Content.assemble(*parts)

    def _draw_watch(self) -> None:
        turning = FRAMES[self._frame % len(FRAMES)] if self._frame else "◌"
        match self.fate:
            case None:
                text = Content.styled(f"{turning} {_('Looking where its events go …')}", "$quiet")
            case Fate(pause=0.0, settled=True):
                text = Content.styled("✓ " + _("All is known. r looks again."), "$text-success")
            case Fate(pause=0.0):
                text = Content()
            case Fate(pause=pause):
                line = _("watching, every {n} s: {sources}").format(
                    n=max(1, round(pause)), sources=", ".join(self._names())
                )
                text = Content.assemble((f"{turning} ", "$accent"), (printable(line), "$quiet"))
        self.query_one("#fate-watch", Plain).show(text)

    def _draw_events(self) -> None:
        events = self.query_one("#events", OptionList)
        known = self.fate.events if self.fate else ()
        rows = [_row(each, len(self.fate.outcomes) if self.fate else 0) for each in known]
        before = events.highlighted
        at_end = before is None or before >= events.option_count - 1
        events.set_options([Option(row, id=str(number)) for number, row in enumerate(rows)])
        self.query_one(".dialog").set_class(bool(rows), "-events")
        if rows:
            # Whoever reads the newest goes on with the newest; whoever reads another one stays.
            events.highlighted = len(rows) - 1 if at_end else before
            self.call_after_refresh(events.scroll_to_highlight)

    def _problems(self) -> Content:
        problems = [("", problem) for problem in self.found.problems] if self.found else []
        problems += self.fate.problems if self.fate else ()
        lines = []
        for name, problem in problems:
            start = f"{name}: " if name else ""
            lines.append(
                Content.assemble(
                    (f"! {printable(start + problem.what)}", "$text-warning"),
                    f" {printable(problem.advice)}",
                )
            )
        return Content("\n").join(lines)

    def _names(self) -> list[str]:
        return [source.name for source in self.found.sources] if self.found else []

    def _turn(self) -> None:
        if self.fate is None or self.fate.pause:
            self._frame += 1
            self._draw_watch()

    # Keys

    @property
    def selected(self) -> Known | None:
        """The event under the cursor."""
        row = self.query_one("#events", OptionList).highlighted
        known = self.fate.events if self.fate else ()
        return known[row] if row is not None and row < len(known) else None

    def action_json(self) -> None:
        from sestui.tui.modals.text import TextModal

        if self.selected is not None:
            event = self.selected.event
            self.app.push_screen(TextModal(event.kind.word, event.raw))

    def on_option_list_option_selected(self) -> None:
        self.action_json()

    def action_copy(self) -> None:
        if self.message_id:
            self.app.copy_to_clipboard(printable(self.message_id))
            self.notify(_("Copied."), markup=False, timeout=3)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "json":
                return bool(self.fate and self.fate.events)
            case "copy":
                return bool(self.message_id)
        return True

    def action_close(self) -> None:
        self.dismiss(self.fate)


def _row(known: Known, recipients: int) -> Content:
    """Time, sign and word; for whom; the sentence; what to do."""
    event = known.event
    said = describe(event)
    colour = "$quiet" if said.quiet else f"${GLYPHS[said.severity][1]}"
    parts: list[Part] = [
        (f"{event.at.astimezone():%H:%M:%S}  ", "$quiet"),
        (f"{said.glyph} {said.word:<12}", f"bold {colour}"),
        (" " + printable(", ".join(event.recipients)), "$quiet") if recipients != 1 else "",
        f"\n{printable(said.sentence)}",
    ]
    if said.advice:
        parts.append((f"\n→ {printable(said.advice)}", "$accent"))
    return Content.assemble(*parts)
