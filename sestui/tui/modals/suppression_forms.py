"""What the suppression list asks for: an address to add, and what the account suppresses for."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, RadioSet

from sestui.domain.i18n import _
from sestui.domain.suppression import Reason, parse_listed
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.ticks import Radio, Tick


class SuppressModal(ModalScreen[tuple[str, Reason] | None]):
    """An address to put on the list, and why; None when the person thinks better of it."""

    CSS_PATH = "suppression.tcss"
    AUTO_FOCUS = "#suppress-address"
    BINDINGS = [Binding("escape", "cancel", _("Cancel"))]

    def __init__(self, address: str = "", reason: Reason = Reason.BOUNCE) -> None:
        super().__init__()
        self.address = address
        self.reason = reason

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Add to the suppression list")
            yield Field(
                _("Address"),
                self.address,
                id="suppress-address",
                judge=parse_listed,
                hint=_("SES tells upper and lower case apart here."),
            )
            yield Label(_("Because it"), classes="label")
            with RadioSet(id="suppress-reason", compact=True):
                for reason in Reason:
                    yield Radio(reason.word, reason is self.reason)
            yield _buttons(_("Continue  enter"))

    @on(Input.Submitted)
    @on(Button.Pressed, "#go")
    def _go(self) -> None:
        field = self.query_one("#suppress-address-field", Field)
        if not field.check():
            field.input.focus()
            return
        pressed = self.query_one("#suppress-reason", RadioSet).pressed_index
        self.dismiss((parse_listed(field.value), list(Reason)[max(pressed, 0)]))

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)


class SuppressForModal(ModalScreen[tuple[Reason, ...] | None]):
    """What the account suppresses addresses for."""

    CSS_PATH = "suppression.tcss"
    AUTO_FOCUS = "#for-bounce"
    BINDINGS = [
        Binding("escape", "cancel", _("Cancel")),
        Binding("enter", "go", _("Continue"), priority=True),
    ]

    def __init__(self, reasons: Iterable[str]) -> None:
        super().__init__()
        self.reasons = frozenset(reasons)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("The account suppresses for")
            dialog.border_subtitle = _("space ticks · enter continues · esc cancels")
            yield Tick(
                _("Bounces: a mailbox that does not exist"),
                Reason.BOUNCE in self.reasons,
                id="for-bounce",
                compact=True,
            )
            yield Tick(
                _("Complaints: somebody called the mail spam"),
                Reason.COMPLAINT in self.reasons,
                id="for-complaint",
                compact=True,
            )
            yield Plain(id="for-note")
            yield Plain(
                _("A configuration set may have reasons of its own, which go before these."),
                classes="muted",
            )
            yield _buttons(_("Continue  enter"))

    def on_mount(self) -> None:
        self._note()

    @property
    def chosen(self) -> tuple[Reason, ...]:
        return tuple(
            reason for reason in Reason if self.query_one(f"#for-{reason.lower()}", Tick).value
        )

    @on(Tick.Changed)
    def _note(self) -> None:
        if len(self.chosen) == len(Reason):
            note = Content.styled("✓ " + _("As AWS advises."), "$text-success")
        else:
            text = _("AWS advises both: mail to such addresses costs your reputation.")
            note = Content.styled(f"! {text}", "$text-warning")
        self.query_one("#for-note", Plain).show(note)

    def action_go(self) -> None:
        if isinstance(self.focused, Button) and self.focused.id == "cancel":
            self.action_cancel()
        else:
            self.dismiss(self.chosen)

    @on(Button.Pressed, "#go")
    def _pressed(self) -> None:
        self.dismiss(self.chosen)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)


def _buttons(go: str) -> Horizontal:
    return Horizontal(
        Button(_("Cancel  esc"), id="cancel"),
        Button(go, id="go", variant="primary"),
        classes="buttons",
    )
