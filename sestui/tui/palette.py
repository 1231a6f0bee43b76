"""The command palette, with what Textual 8.2's own lacks when keys or clicks come in a burst."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    def dismiss(self, result: None = None) -> AwaitComplete:
        """End once: Textual's would take the screen below with it at the second click."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        return super().dismiss(result)

    def _action_command_list(self, action: str) -> None:
        """Act on the list when it has been laid out; it has no pages before that, and raises."""
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)
