"""Paste what you received: a message, or its headers, becomes a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from sestui.domain.i18n import _
from sestui.domain.received import NoMail
from sestui.domain.text import printable, printable_lines
from sestui.gateways.ports import Dns, GatewayError
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.received_view import ReceivedView

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp


class PasteArea(TextArea):
    """Keeps what was pasted as it is, and draws no control character of it."""

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        if line.plain.replace("\t", "").isprintable():
            return line
        shown = "".join(c if c == "\t" or c.isprintable() else "�" for c in line.plain)
        return Text(shown, end="", no_wrap=True)


class ReceivedModal(ModalScreen[None]):
    """The form first; the verdict in its place once there is one.

    Args:
        dns: for the keys of the signatures; None: everything is taken from the headers.
        text: what stands in the form, judged at once.
        content: the same as the bytes that arrived, which a text may not be.
    """

    CSS_PATH = "received.tcss"
    AUTO_FOCUS = "#received-text"
    BINDINGS = [
        Binding("escape", "close", _("Close")),
        Binding("ctrl+r", "judge", _("Judge it"), priority=True),
        Binding("ctrl+o", "browse", _("Choose a file"), priority=True),
        Binding("e", "edit", _("Another mail")),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    def __init__(self, dns: Dns | None, text: str = "", *, content: bytes = b"") -> None:
        super().__init__()
        self.dns = dns
        self._content = content
        self._text = text or printable_lines(content.decode("utf-8", "replace"))
        """What the form begins with; as long as it stands there, `content` is what is judged."""
        self.judged = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("What you received")
            with Vertical(id="received-form"):
                yield Plain(
                    _(
                        "In the mailbox it arrived in, open the mail, choose “Show original” or "
                        "“View source”, copy all of it and paste it here. The headers alone are "
                        "enough; with the body the signatures are verified."
                    ),
                    classes="muted",
                )
                yield Input(
                    placeholder=_("or the path of an .eml file, then enter"),
                    id="received-path",
                    compact=True,
                )
                yield PasteArea(self._text, id="received-text", compact=True, soft_wrap=False)
            yield Plain(id="received-note")
            yield ReceivedView(id="received-verdict")

    def on_mount(self) -> None:
        self._show_form()
        if self._text:
            self.action_judge()

    def _show_form(self) -> None:
        self._toggle(judged=False)
        self.query_one(PasteArea).focus()

    def _toggle(self, *, judged: bool) -> None:
        self.judged = judged
        self.query_one("#received-form").display = not judged
        self.query_one(ReceivedView).display = judged
        self.query_one(".dialog").border_subtitle = (
            _("e another mail · arrows scroll · esc closes")
            if judged
            else _("ctrl+r judges · ctrl+o chooses a file · esc closes")
        )
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "edit":
            return self.judged
        return not self.judged if action in ("judge", "browse") else True

    @on(Input.Submitted, "#received-path")
    def _path_typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.open_file(event.value.strip())

    @work(exclusive=True, group="received-file")
    async def action_browse(self) -> None:
        from sestui.tui.modals.file import FileModal

        path = await self.app.push_screen_wait(FileModal(_("The mail, as an .eml file")))
        if path is not None:
            self.query_one("#received-path", Input).value = path
            self.open_file(path)

    @work(exclusive=True, group="received")
    async def open_file(self, path: str) -> None:
        try:
            content = await self.app.outside.files.read(path)
        except GatewayError as error:
            self._say(Content.styled(f"✗ {printable(error.problem.what)}", "$text-error"))
            return
        await self._judge(content)

    @work(exclusive=True, group="received")
    async def action_judge(self) -> None:
        text = self.query_one(PasteArea).text
        if not text.strip():
            self._say(Content.styled(_("Paste a mail, or type the path of a file."), "$accent"))
            return
        untouched = bool(self._content) and text == self._text
        await self._judge(self._content if untouched else text.encode("utf-8", "replace"))

    async def _judge(self, content: bytes) -> None:
        from sestui.workflows.received import judge_received

        self._say(Content.styled(_("Reading it, and asking DNS for the keys …"), "$quiet"))
        try:
            verdict = await judge_received(content, self.dns)
        except NoMail as problem:
            self._say(Content.styled(f"✗ {problem}", "$text-error"))
            return
        self._say(Content())
        view = self.query_one(ReceivedView)
        self._toggle(judged=True)
        view.show(verdict)
        view.focus()

    def _say(self, content: Content) -> None:
        self.query_one("#received-note", Plain).show(content)

    def action_edit(self) -> None:
        self._show_form()

    def action_close(self) -> None:
        self.dismiss()
