"""What would become of a test mail, said before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.account import Account
from sestui.domain.i18n import _
from sestui.domain.mail.form import SIMULATOR
from sestui.domain.mail.message import Message
from sestui.domain.mail.sandbox import covered, sandbox_refuses


@dataclass(frozen=True, slots=True)
class Note:
    """One forecast; `stops` when SES would refuse the mail."""

    text: str
    advice: str = ""
    stops: bool = False


def forecast(message: Message, account: Account, verified: frozenset[str]) -> tuple[Note, ...]:
    """All that SES would hold against `message`. `verified` are names of verified identities."""
    notes: list[Note] = []
    if not covered(message.sender, verified):
        notes.append(
            Note(
                _("{sender} is not a verified sender in this Region.").format(
                    sender=message.sender
                ),
                _("Use an address at a verified domain, or verify it in step 2."),
                stops=True,
            )
        )
    if account.sandbox:
        for recipient in message.recipients:
            if sandbox_refuses(recipient, verified):
                notes.append(
                    Note(
                        _("The sandbox lets no mail out to {recipient}.").format(
                            recipient=recipient
                        ),
                        _(
                            "Verify that address, use any address at a verified domain, or the "
                            "simulator. Nothing is wrong with your domain."
                        ),
                        stops=True,
                    )
                )
    left = account.quota.left
    counted = sum(1 for r in message.recipients if not r.endswith("@" + SIMULATOR))
    if left is not None and counted > left:
        notes.append(
            Note(
                _("Only {n} recipients are left of the 24-hour quota.").format(n=int(left)),
                _("It refills as the hours pass."),
                stops=True,
            )
        )
    if not account.can_send and account.enforcement == "HEALTHY":
        notes.append(
            Note(_("Sending is switched off for this account."), _("Switch it on."), stops=True)
        )
    elif not account.can_send:
        notes.append(
            Note(
                _("AWS has paused sending for this account."),
                _("Answer the case in the AWS Support Center."),
                stops=True,
            )
        )
    return tuple(notes)


