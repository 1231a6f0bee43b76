"""An identity as SES itself sees it."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from sestui.domain.i18n import _
from sestui.domain.identity import Identity, Status, why_pending
from sestui.domain.text import printable
from sestui.tui.widgets.records_table import since

COLOURS = {
    Status.SUCCESS: ("✓", "$text-success"),
    Status.PENDING: ("…", "$text-warning"),
    Status.FAILED: ("✗", "$text-error"),
    Status.TEMPORARY_FAILURE: ("!", "$text-error"),
    Status.NOT_STARTED: ("○", "$quiet"),
}


def ses_view(identity: Identity, now: datetime) -> Content:
    """Verification, DKIM and MAIL FROM in a line; the reason and the last look below."""
    states = [_state(_("Identity"), identity.status)]
    if identity.is_domain:
        states.append(_state(_("DKIM"), identity.dkim.status))
        if identity.mail_from.domain:
            states.append(_state(_("MAIL FROM"), identity.mail_from.status))
    lines = [Content("    ").join(states)]
    info = identity.verification
    if not identity.complete and (reason := why_pending(info.error_type)):
        lines.append(
            Content.assemble((printable(info.error_type), "bold"), f"  {printable(reason)}")
        )
    looked: list[str] = []
    if info.last_checked is not None:
        looked.append(_("SES looked {ago} ago").format(ago=since(info.last_checked, now)))
    if info.soa is not None:
        looked.append(
            _("in the zone of {server}, serial {serial}").format(
                server=printable(info.soa.primary), serial=info.soa.serial
            )
        )
    if looked:
        lines.append(Content.styled(" ".join(looked), "$quiet"))
    return Content("\n").join(lines)


def _state(label: str, status: Status) -> Content:
    glyph, colour = COLOURS[status]
    return Content.assemble((f"{label} ", "$quiet"), (f"{glyph} {status.word}", colour))
