"""What was sent in this run."""

from __future__ import annotations

from collections.abc import Mapping

from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sestui.domain.i18n import _
from sestui.domain.mail.form import SIMULATOR
from sestui.domain.mail.message import Sent
from sestui.domain.text import printable

MOST = 5
METHODS = ("dkim", "spf", "dmarc")


class SentList(OptionList):
    """Newest first; Enter tells what became of one."""

    BINDINGS = [
        Binding("enter", "select", _("What became of it"), tooltip=_("The events of this mail"))
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="card", markup=False, compact=True)
        self.border_title = _("Sent")
        self._drawn: tuple[Content, ...] = ()
        self.shown: tuple[Sent, ...] = ()

    def show(self, sent: tuple[Sent, ...], arrived: Mapping[str, str], practice: bool) -> None:
        """`arrived` are the Authentication-Results by message id, where they are known."""
        self.shown = tuple(reversed(sent[-MOST:]))
        rows = tuple(
            _entry(mail, arrived.get(mail.message_id, ""), practice) for mail in self.shown
        )
        self.display = bool(rows)
        if [str(row) for row in rows] == [str(row) for row in self._drawn]:
            return
        self._drawn = rows
        before = self.highlighted
        self.set_options(Option(row) for row in rows)
        self.highlighted = before if before is not None and before < len(rows) else None

    @property
    def chosen(self) -> Sent | None:
        """The mail under the cursor; the newest where there is none."""
        return self.shown[self.highlighted or 0] if self.shown else None

    def on_focus(self) -> None:
        if self.highlighted is None and self.shown:
            self.highlighted = 0


def _entry(mail: Sent, results: str, practice: bool) -> Content:
    message = mail.message
    parts: list[str | tuple[str, str] | Content] = [
        ("✓ ", "$text-success"),
        (f"{message.format.word} → {printable(', '.join(message.recipients))}", "bold"),
        (f"\n  {printable(mail.message_id)}", "$quiet"),
    ]
    if results:
        parts.append("\n  " + _("arrived:"))
        parts += [_verdict(name, results) for name in METHODS]
    elif all(recipient.endswith("@" + SIMULATOR) for recipient in message.recipients):
        note = _("the simulator has no mailbox; its events tell the rest")
        parts.append((f"\n  {note}", "$quiet"))
    elif practice:
        parts.append(("\n  " + _("on its way …"), "$quiet"))
    return Content.assemble(*parts)


def _verdict(name: str, results: str) -> Content:
    if f"{name}=" not in results:
        return Content()
    word = results.split(f"{name}=", 1)[1].split(maxsplit=1)[0].rstrip(";")
    if word == "pass":
        return Content.styled(f" ✓ {name}", "$text-success")
    return Content.styled(f" ✗ {name}={printable(word)}", "$text-error")
