"""What the proof and the tail have in common: they ask, make things, and remove them at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum, auto
from typing import TypeVar

from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button
from textual.worker import Worker

from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.widgets.consent import Consent
from sestui.tui.widgets.problem import ProblemBox

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
FRAME_TIME = 0.15
"""Seconds."""

ResultT = TypeVar("ResultT")


class Stage(StrEnum):
    LOOKING = auto()
    ASKING = auto()
    """The plan is shown."""
    RUNNING = auto()
    STOPPING = auto()
    """The person has left, and what was made is being removed."""
    ENDED = auto()


class CatchDialog(ModalScreen[ResultT]):
    """Subclasses look (`prepare`), then do it when the person agrees (`carry_on`).

    Esc while it runs removes what was made, and only then closes; a second Esc closes at once, and
    the removal goes on.
    """

    BINDINGS = [
        Binding("escape", "close", show=False),
        Binding("up", "scroll_plan(-1)", show=False),
        Binding("down", "scroll_plan(1)", show=False),
        Binding("pageup", "scroll_plan(-8)", show=False),
        Binding("pagedown", "scroll_plan(8)", show=False),
    ]

    def __init__(
        self,
        cloud: Cloud,
        *,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.cloud = cloud
        self.sleep = sleep
        self.now = now
        self.stage = Stage.LOOKING
        self.problem: Problem | None = None
        self._frame = 0
        self._work: Worker[None] | None = None

    # For subclasses

    async def prepare(self) -> bool:
        """Read what there is; True when a plan is to be agreed to. Raises GatewayError."""
        raise NotImplementedError

    async def carry_on(self) -> None:
        """Do what was agreed to, and clean up. Raises GatewayError."""
        raise NotImplementedError

    def draw(self) -> None:
        raise NotImplementedError

    def result(self) -> ResultT:
        raise NotImplementedError

    # The stages

    def on_mount(self) -> None:
        self.draw()
        self.begin()
        if self.app.animation_level != "none":
            self.set_interval(FRAME_TIME, self._turn)

    def begin(self) -> None:
        """From the start: look, and ask."""
        self.problem = None
        self.go_to(Stage.LOOKING)
        self._work = self._look()

    def go_to(self, stage: Stage) -> None:
        self.stage = stage
        if not self.is_attached:
            return
        self.query_one(Consent).display = stage is Stage.ASKING
        if stage is Stage.ASKING:
            self.query_one("#go", Button).focus()
        self.draw()
        self.refresh_bindings()

    @work(exclusive=True, group="catching")
    async def _look(self) -> None:
        try:
            asks = await self.prepare()
        except GatewayError as error:
            self.problem = error.problem
            self.go_to(Stage.ENDED)
            return
        if asks:
            self.go_to(Stage.ASKING)
        else:
            self._start()

    def _start(self) -> None:
        self.go_to(Stage.RUNNING)
        self._work = self._run()

    @work(exclusive=True, group="catching")
    async def _run(self) -> None:
        try:
            await self.carry_on()
        except GatewayError as error:
            self.problem = error.problem
        finally:
            leaving = self.stage is Stage.STOPPING
            self.stage = Stage.ENDED
            if self.is_attached:
                self.call_next(self._leave if leaving else self._ended)

    def _ended(self) -> None:
        self.go_to(Stage.ENDED)

    def _leave(self) -> None:
        if self.is_current:
            self.dismiss(self.result())

    @on(Button.Pressed, "#go")
    def _agreed(self, event: Button.Pressed) -> None:
        event.stop()
        self._start()

    @on(Button.Pressed, "#cancel")
    def _declined(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_close()

    def action_close(self) -> None:
        if self.stage is Stage.RUNNING and self._work is not None:
            self.go_to(Stage.STOPPING)
            self._work.cancel()
            return
        self.dismiss(self.result())

    def action_scroll_plan(self, lines: int) -> None:
        if self.stage is Stage.ASKING:
            self.query_one(Consent).scroll_lines(lines)

    # Drawing

    @property
    def turning(self) -> str:
        return FRAMES[self._frame % len(FRAMES)] if self._frame else "◌"

    def _turn(self) -> None:
        if self.stage in (Stage.LOOKING, Stage.RUNNING, Stage.STOPPING):
            self._frame += 1
            self.draw_watch()

    def draw_watch(self) -> None:
        """The one line that moves."""
        raise NotImplementedError

    def subtitle(self, keys: str) -> None:
        """The keys that work, on the frame."""
        asking = self.stage is Stage.ASKING
        text = _("c copies the commands · arrows scroll · esc closes") if asking else keys
        self.query_one(".dialog").border_subtitle = Content(text)

    def show_problem(self) -> None:
        self.query_one(ProblemBox).show(self.problem)

    def copy_text(self, text: str, words: str) -> None:
        self.app.copy_to_clipboard(text)
        self.notify(words, markup=False, timeout=3)
