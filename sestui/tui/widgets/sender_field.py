"""From: typed, or picked from the verified identities."""

from __future__ import annotations

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

from sestui.domain.i18n import _
from sestui.domain.names import parse_address
from sestui.tui.widgets.field import Field


class SenderInput(Input):
    """An address; the arrow down picks one, as in any combo box."""

    BINDINGS = [Binding("down", "pick", _("Pick"), tooltip=_("Pick a verified identity"))]

    class Pick(Message):
        """The identities, please."""

    def action_pick(self) -> None:
        self.post_message(self.Pick())


class SenderField(Field):
    INPUT = SenderInput

    def __init__(self, value: str) -> None:
        super().__init__(
            _("From"),
            value,
            id="sender",
            judge=parse_address,
            inline=True,
            placeholder=_("↓ picks one that is verified"),
        )

    def put(self, identity: str) -> None:
        """The address `identity`, or the address typed so far at the domain `identity`."""
        local = self.input.value.partition("@")[0] or "hello"
        self.input.value = identity if "@" in identity else f"{local}@{identity}"
        self.input.cursor_position = len(local)
        self.input.focus()
