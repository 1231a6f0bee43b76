"""Addresses of the suppression list, with why and since when."""

from __future__ import annotations

from textual.content import Content

from sestui.domain.account import Account
from sestui.domain.i18n import _
from sestui.domain.suppression import Reason, Suppressed, lacking
from sestui.domain.text import printable
from sestui.tui.widgets.lines import Cell, Lines, fitted

Part = str | tuple[str, str]

REASON_WIDTH = 12
SINCE_WIDTH = 17


class SuppressedList(Lines[Suppressed]):
    def cells(self, row: Suppressed, width: int) -> list[Cell]:
        address = max(12, width - REASON_WIDTH - SINCE_WIDTH - 4)
        colour = "text-error" if row.reason == Reason.COMPLAINT else "text-warning"
        since = f"{row.since.astimezone():%Y-%m-%d %H:%M}" if row.since else ""
        return [
            (f" {fitted(printable(row.address), address)}  ", ""),
            (fitted(row.reason_word, REASON_WIDTH), colour),
            (f" {since:<{SINCE_WIDTH}}", "quiet"),
        ]

    def same(self, one: Suppressed, other: Suppressed) -> bool:
        return one.address == other.address


def account_line(account: Account | None) -> Content:
    """What SES puts addresses on the list for; empty while that is not known."""
    if account is None:
        return Content()
    parts: list[Part] = [(_("The account suppresses who") + " ", "$quiet")]
    left_out = lacking(account.suppressed_reasons)
    for reason in Reason:
        if reason in left_out:
            parts.append((f" ✗ {reason.word}", "$text-warning"))
        else:
            parts.append((f" ✓ {reason.word}", "$text-success"))
    if left_out:
        parts.append(("  " + _("o puts that right"), "$accent"))
    return Content.assemble(*parts)


def detail_of(entry: Suppressed) -> Content:
    """All that is known of one of them."""
    parts: list[Part] = [(printable(entry.address), "bold"), f" {entry.reason_word}"]
    if entry.since is not None:
        since = _("on {date}").format(date=f"{entry.since.astimezone():%d %B %Y %H:%M}")
        parts.append(f" {since}")
    if entry.message_id:
        text = _("mail {id}").format(id=printable(entry.message_id))
        parts.append((f"\n{text}", "$quiet"))
    if entry.feedback_id:
        text = _("feedback {id}").format(id=printable(entry.feedback_id))
        parts.append((f"\n{text}", "$quiet"))
    return Content.assemble(*parts)
