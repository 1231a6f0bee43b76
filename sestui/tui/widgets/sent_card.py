"""What was sent in this run."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from sestui.domain.i18n import _
from sestui.domain.mail.form import SIMULATOR
from sestui.domain.mail.message import Sent
from sestui.domain.text import printable


def sent_card(sent: tuple[Sent, ...], arrived: Mapping[str, str], practice: bool) -> Content:
    """Newest first; the last three, with the verdict of the receiver where it is known."""
    entries = [_entry(mail, arrived.get(mail.message_id, ""), practice) for mail in sent[:-4:-1]]
    return Content("\n").join(entries)


def _entry(mail: Sent, results: str, practice: bool) -> Content:
    message = mail.message
    parts: list[str | tuple[str, str]] = [
        ("✓ ", "$text-success"),
        (f"{message.format.word} → {printable(', '.join(message.recipients))}", "bold"),
        (f"\n  {_('message id')} {printable(mail.message_id)}", "$quiet"),
    ]
    if results:
        passed = [name for name in ("dkim", "spf", "dmarc") if f"{name}=pass" in results]
        parts.append("\n  " + _("arrived:"))
        for name in ("dkim", "spf", "dmarc"):
            if name in passed:
                parts.append((f" ✓ {name}=pass", "$text-success"))
            elif f"{name}=" in results:
                word = results.split(f"{name}=", 1)[1].split(maxsplit=1)[0].rstrip(";")
                parts.append((f" ✗ {name}={printable(word)}", "$text-error"))
    elif all(recipient.endswith(SIMULATOR) for recipient in message.recipients):
        note = _("the simulator has no mailbox; its events tell the rest")
        parts.append((f"\n  {note}", "$quiet"))
    elif practice:
        parts.append(("\n  " + _("on its way …"), "$quiet"))
    return Content.assemble(*parts)
