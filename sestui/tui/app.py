"""The wizard: navigation, theme, toasts and nothing else."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.errors import NoWidget
from textual.screen import Screen
from textual.widget import Widget

from sestui.domain.account import Choice
from sestui.domain.i18n import _
from sestui.domain.steps import Step, WizardState
from sestui.tui.screens.base import StepScreen
from sestui.tui.theme import DARK, LIGHT

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.driver import Driver

    from sestui.domain.configset import ConfigurationSet
    from sestui.domain.mail.template import Template
    from sestui.domain.smtp import Credentials
    from sestui.domain.suppression import Suppressed
    from sestui.gateways.ports import Cloud, Outside

FREEZE_AFTER = 3.0
"""Seconds after which a step that was opened has loaded what it needs."""
KEEP_AFTER = 1.0
"""Seconds after which what is typed is kept for the next run."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class WizardApp(App[None]):
    """The six steps over one `Outside`. Everything the wizard knows is in `state`."""

    # The first step's with it, since a screen's own makes all of the CSS be parsed again.
    CSS_PATH = ["app.tcss", "screens/account.tcss"]
    TITLE = "sestui"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [
        Binding("f1", "toggle_help", _("Help"), tooltip=_("All keys of this screen"), id="help"),
        Binding("ctrl+q", "quit", _("Quit"), tooltip=_("Leave; nothing is lost"), id="quit"),
        Binding("f8", "toggle_theme", _("Light or dark"), show=False, id="theme"),
    ]

    def __init__(
        self,
        outside: Outside,
        state: WizardState | None = None,
        *,
        choice: Choice | None = None,
        opening: Step = Step.ACCOUNT,
        language: str = "en",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self.outside = outside
        self.state = state or WizardState()
        self.cloud: Cloud | None = None
        self.choice = choice
        """What to connect with at once; None asks first."""
        self.opening = opening
        self.language = language
        self.sleep = sleep
        self.now = now
        self.smtp_login: tuple[Credentials, int | None] | None = None
        """What the SMTP server is told in this run, and the port; never kept."""
        # Of this run, so that a deletion can be undone.
        self.deleted_templates: list[Template] = []
        self.deleted_sets: list[ConfigurationSet] = []
        self.unsuppressed: list[Suppressed] = []
        self._warned = False
        """What is missed by leaving now has been said."""
        self._keeping = False
        """What is typed will be kept in a moment."""
        self._opened: set[Step] = set()
        # Chosen here, not when mounted: that would parse all of the CSS a second time.
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.unregister_theme("ansi-dark")  # NO_COLOR makes them black on black
        self.unregister_theme("ansi-light")
        saved = outside.preferences.load().get("theme")
        if saved in self.available_themes and saved != DARK.name:
            self.theme = str(saved)
        else:
            # As watch_theme does it, less the CSS: that has not been read yet.
            self.set_reactive(WizardApp.theme, DARK.name)
            self.add_class(f"-theme-{DARK.name}", "-dark-mode", update=False)
            self.stylesheet.set_variables(self.get_css_variables())

    def get_driver_class(self) -> type[Driver]:
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":  # Windows, or what TEXTUAL_DRIVER names
            return driver
        from sestui.tui.terminal import TerminalDriver

        return TerminalDriver

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, lambda _theme: self.keep("theme", self.theme))
        # Pushed, not returned by get_default_screen: Textual 8 cannot switch_screen away from the
        # screen at the bottom of the stack.
        # Later, since Textual mounts the app inside a batch: the first whole frame would be
        # rendered and thrown away there, and a torn one be seen for a tenth of a second.
        self.call_later(self._open_first)

    def _open_first(self) -> None:
        self.push_screen(self.screen_for(self.opening))
        self.call_after_refresh(gc.enable)  # see sestui.__main__

    def screen_for(self, step: Step) -> StepScreen:
        # Imported when a step is opened, which keeps the first frame early.
        match step:
            case Step.ACCOUNT:
                from sestui.tui.screens.account import AccountScreen

                return AccountScreen(self.state)
            case Step.IDENTITY:
                from sestui.tui.screens.identity import IdentityScreen

                return IdentityScreen(self.state)
            case Step.VERIFY:
                from sestui.tui.screens.verify import VerifyScreen

                return VerifyScreen(self.state)
            case Step.TEST:
                from sestui.tui.screens.test_mail import TestMailScreen

                return TestMailScreen(self.state)
            case Step.MONITORING:
                from sestui.tui.screens.monitoring import MonitoringScreen

                return MonitoringScreen(self.state)
            case Step.LIVE:
                from sestui.tui.screens.live import LiveScreen

                return LiveScreen(self.state)

    @on(StepScreen.StateChanged)
    def _state_changed(self, message: StepScreen.StateChanged) -> None:
        self.state = message.state
        if not self._keeping:  # also for a run that is killed
            self._keeping = True
            self.set_timer(KEEP_AFTER, self.keep_place)

    @on(StepScreen.Open)
    def _open(self, message: StepScreen.Open) -> None:
        self.keep_place()
        self.switch_screen(self.screen_for(message.step))
        if message.step not in self._opened:
            self._opened.add(message.step)
            # What the step has loaded stays, so the collector need not go through it again and
            # again, a tenth of a second at a time, while somebody types.
            self.set_timer(FREEZE_AFTER, gc.freeze)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        # Textual's $text-muted is a translucency, which text made of parts cannot use.
        return {"quiet": "#8d9db2" if self.current_theme.dark else "#56677c"}

    # What the next start is to know

    def keep(self, name: str, value: object) -> None:
        preferences = self.outside.preferences
        values = preferences.load()
        if values.get(name) != value:
            preferences.save({**values, name: value})

    def keep_place(self) -> None:
        from sestui.workflows.memory import remembered

        self._keeping = False
        preferences = self.outside.preferences
        before = preferences.load()
        if (now := {**before, **remembered(self.state)}) != before:
            preferences.save(now)

    async def action_quit(self) -> None:
        steps = (screen for screen in self.screen_stack if isinstance(screen, StepScreen))
        missed = " ".join(step.under_way for step in steps).strip()
        if missed and not self._warned:
            self._warned = True
            text = f"{missed} {_('Ctrl+Q again leaves all the same.')}"
            self.notify(text, severity="warning", markup=False, timeout=20)
            return
        self.keep_place()
        self.exit()

    # Keys, and edges of Textual that a burst of input finds

    def action_command_palette(self) -> None:
        from sestui.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """As Textual's, but a list that has not been laid out does not page: that raises."""
        if (
            str(action).startswith("page_")
            and isinstance(default_namespace, Widget)
            and not default_namespace.scrollable_content_region
        ):
            return False
        return await super().run_action(action, default_namespace, namespaces)

    async def on_event(self, event: events.Event) -> None:
        """As Textual's, but without input that would end the wizard with an error.

        That is a press on a widget that has just been removed, and what comes when it has ended.
        """
        if isinstance(event, events.InputEvent) and not self.screen_stack:
            return
        if isinstance(event, events.MouseDown) and not event.is_forwarded:
            with suppress(NoWidget):
                widget, _region = self.get_widget_at(*event.screen_offset)
                if not widget.is_attached:
                    return
        await super().on_event(event)

    def action_toggle_help(self) -> None:
        from textual.widgets import HelpPanel

        if self.screen.query(HelpPanel):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def action_toggle_theme(self) -> None:
        self.theme = DARK.name if self.theme == LIGHT.name else LIGHT.name

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        if isinstance(screen, StepScreen):
            for step in Step:
                yield SystemCommand(
                    f"{step.number} {step.word}",
                    _("Open this step"),
                    lambda step=step: screen.action_open(step.value),
                )

    def _fatal_error(self) -> None:
        """As Textual's, but without local variables: they hold addresses and keys."""
        import rich
        from rich.segment import Segments
        from rich.traceback import Traceback

        self.bell()
        trace = Traceback(show_locals=False, width=None, suppress=[rich])
        self._exit_renderables.append(Segments(self.console.render(trace, self.console.options)))
        self._close_messages_no_wait()
