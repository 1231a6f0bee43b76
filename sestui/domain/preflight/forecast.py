"""All that can be said of a message before it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from sestui.domain.i18n import _
from sestui.domain.mail.message import Message
from sestui.domain.preflight.facts import Facts, counted
from sestui.domain.preflight.note import Action, ActionKind, Note, stop, tell, unsure, warn
from sestui.domain.preflight.of_message import message_notes
from sestui.domain.preflight.of_recipients import recipient_notes
from sestui.domain.preflight.of_sender import sender_notes
from sestui.domain.preflight.of_set import set_notes
from sestui.domain.preflight.of_signature import signature_notes
from sestui.domain.severity import Severity

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.OK)


def forecast(message: Message, facts: Facts) -> tuple[Note, ...]:
    """What SES would hold against `message` and what would become of it, the worst first.

    Only what `facts` knows counts: an empty answer of a forecast made too early is no promise.
    """
    notes = [
        *account_notes(message, facts),
        *sender_notes(message, facts),
        *recipient_notes(message, facts),
        *set_notes(message, facts),
        *signature_notes(message, facts),
        *message_notes(message, facts),
        *(
            unsure("not_found_out", _("{about} could not be found out.").format(about=gap.about),
                   gap.why)
            for gap in facts.gaps
        ),
    ]  # fmt: skip
    return tuple(sorted(notes, key=lambda note: (not note.stops, _ORDER.index(note.severity))))


def account_notes(message: Message, facts: Facts) -> Iterator[Note]:
    """Whether the account may send at all, and this many."""
    account = facts.account
    if account is None:
        return
    if account.enforcement == "SHUTDOWN":
        yield stop(
            "account_paused",
            _("AWS has paused sending for this account."),
            _("Answer the case in the AWS Support Center; nobody else can lift it."),
        )
    elif not account.sending_enabled:
        yield stop(
            "account_switched_off",
            _("Sending is switched off for this account in {region}.").format(region=facts.region),
            _("Switch it on."),
            Action(ActionKind.RESUME_ACCOUNT),
        )
    elif account.enforcement == "PROBATION":
        yield warn(
            "account_under_review",
            _("AWS has put this account under review; it may still send."),
            _("Answer the case in the AWS Support Center, and send nothing that may bounce."),
        )
    yield from _quota(message, facts)


def _quota(message: Message, facts: Facts) -> Iterator[Note]:
    account = facts.account
    wanted = len(counted(message))
    if account is None or not wanted:
        return
    quota = account.quota
    left = quota.left
    if left is not None and wanted > left:
        what = (
            _("The quota of the last 24 hours is used up: {sent} of {most} recipients.")
            if left < 1
            else _("Only {n} recipients are left of the 24-hour quota; this mail has {wanted}.")
        )
        advice = _("Recipients come back as mail turns 24 hours old.")
        if facts.quota_frees is not None:
            advice = _("The first come back at {time:%H:%M}.").format(time=facts.quota_frees)
        yield stop(
            "quota_used_up" if left < 1 else "quota_short",
            what.format(
                n=int(left), wanted=wanted, sent=int(quota.sent_24_hours),
                most=int(quota.max_24_hours),
            ),
            advice + " " + _("The simulator does not count."),
            Action(ActionKind.USE_SIMULATOR, "success@simulator.amazonses.com"),
            *((Action(ActionKind.REQUEST_PRODUCTION),) if account.sandbox else ()),
        )  # fmt: skip
    elif left is not None:
        yield tell(
            "quota_left",
            _("Quota: {left} of {most} recipients left in 24 hours, {rate:g} a second.").format(
                left=int(left), most=int(quota.max_24_hours), rate=quota.per_second
            ),
        )
    if 0 < quota.per_second < wanted:
        yield tell(
            "rate",
            _("It counts as {n} mails, and SES takes {rate:g} a second here.").format(
                n=wanted, rate=quota.per_second
            ),
            _("The next mail may have to wait a moment."),
        )
