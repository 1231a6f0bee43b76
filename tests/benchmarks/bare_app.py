"""A Textual app with one line of text: the least that any Textual app takes to start."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("bare and ready")


if __name__ == "__main__":
    Bare().run()
