"""Ask for production access: what it means, and what AWS wants to know."""

from __future__ import annotations

from urllib.parse import urlsplit

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Input, Label, Select

from sestui.domain.changes import production_plan
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_address
from sestui.domain.plan import Plan
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.ticks import Tick


def judge_website(text: str) -> None:
    """Raises InvalidName when `text` is no address of a web site."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
        raise InvalidName(_("Type the address of your web site, such as https://example.com."))


def judge_contact(text: str) -> None:
    if text.strip():
        parse_address(text)


class ProductionModal(ModalScreen[Plan | None]):
    """The plan, or None when the person thinks better of it."""

    AUTO_FOCUS = "#mail-type"
    CSS_PATH = "production.tcss"
    BINDINGS = [Binding("escape", "cancel", _("Cancel"))]

    def __init__(self, identity: str) -> None:
        super().__init__()
        self.domain = identity.rpartition("@")[2]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = _("Ask for production access")
            yield Plain(
                _(
                    "It lifts the sandbox in this Region. It opens a case with AWS Support, which "
                    "the API cannot change or take back; AWS usually answers within a day."
                ),
                classes="muted",
            )
            with Horizontal(classes="inline"):
                yield Label(_("You send"), classes="label", markup=False)
                yield Select(
                    [
                        (_("transactional mail: orders, passwords, notices"), "TRANSACTIONAL"),
                        (_("marketing mail: newsletters, offers"), "MARKETING"),
                    ],
                    allow_blank=False,
                    id="mail-type",
                    compact=True,
                )
            yield Field(
                _("Web site"),
                f"https://{self.domain}",
                id="website",
                judge=judge_website,
                inline=True,
            )
            yield Field(
                _("Contact"),
                id="contact",
                judge=judge_contact,
                placeholder=_("an address AWS may write to; may stay empty"),
                inline=True,
            )
            yield Tick(
                _("They asked for my mail; I handle bounces and complaints"),
                id="consent",
                compact=True,
            )
            with Horizontal(classes="buttons"):
                yield Button(_("Cancel  esc"), id="cancel")
                yield Button(_("Review"), id="go", variant="primary", disabled=True)

    @on(Checkbox.Changed, "#consent")
    def _consent(self, event: Checkbox.Changed) -> None:
        self.query_one("#go", Button).disabled = not event.value

    @on(Button.Pressed, "#go")
    def _go(self) -> None:
        wrong = [field for field in self.query(Field) if not field.check()]
        if wrong:
            wrong[0].input.focus()
            return
        contact = self.query_one("#contact", Input).value.strip()
        self.dismiss(
            production_plan(
                str(self.query_one("#mail-type", Select).value),
                self.query_one("#website", Input).value.strip(),
                (contact,) if contact else (),
            )
        )

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)
