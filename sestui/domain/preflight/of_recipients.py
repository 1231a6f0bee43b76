"""Whom SES would not write to: the sandbox, and the suppression list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sestui.domain.i18n import _
from sestui.domain.mail.form import Scenario
from sestui.domain.mail.message import Message
from sestui.domain.preflight.facts import Facts, counted, in_simulator
from sestui.domain.preflight.note import Action, ActionKind, Note, stop, tell, warn
from sestui.domain.preflight.of_sender import other_case

_NAMED = 3
"""Recipients with a note of their own; the others share one."""
_SUCCESS = Scenario.SUCCESS.address


def recipient_notes(message: Message, facts: Facts) -> Iterator[Note]:
    yield from _sandbox(message, facts)
    yield from _suppressed(message, facts)
    yield from _simulator(message)


def _sandbox(message: Message, facts: Facts) -> Iterator[Note]:
    """It lets mail out to verified addresses, to any address at a verified domain, and to the
    simulator (Developer Guide, "Request production access")."""
    if facts.account is None or not facts.account.sandbox or facts.identities is None:
        return
    refused = [r for r in counted(message) if not facts.acting(r)]
    shown = refused if len(refused) <= _NAMED + 1 else refused[:_NAMED]
    for recipient in shown:
        yield _refused(recipient, facts)
    if more := refused[len(shown) :]:
        yield stop(
            "sandbox_recipients",
            _("The sandbox lets no mail out to {n} other recipients either: {names}.").format(
                n=len(more), names=_some(more)
            ),
            _("Production access lifts that for all of them."),
            Action(ActionKind.REQUEST_PRODUCTION),
            Action(ActionKind.USE_SIMULATOR, _SUCCESS),
        )


def _refused(recipient: str, facts: Facts) -> Note:
    simulator = Action(ActionKind.USE_SIMULATOR, _SUCCESS)
    production = Action(ActionKind.REQUEST_PRODUCTION)
    if waiting := [row for row in facts.covering(recipient) if not row.sending_enabled]:
        return stop(
            "sandbox_recipient_pending",
            _("The sandbox lets no mail out to {recipient} until {name} is verified.").format(
                recipient=recipient, name=waiting[0].name
            ),
            _("Open the link in Amazon's mail to that address.")
            if "@" in waiting[0].name
            else _("The Verify step shows what is missing."),
            Action(ActionKind.OPEN_VERIFY, waiting[0].name),
            simulator,
        )
    if twin := other_case(recipient, facts.verified):
        return stop(
            "sandbox_recipient_case",
            _("{recipient} is not verified, {twin} is: SES tells upper from lower case.").format(
                recipient=recipient, twin=twin
            ),
            _("Write it as it was verified."),
            simulator,
        )
    return stop(
        "sandbox_recipient",
        _("The sandbox lets no mail out to {recipient}.").format(recipient=recipient),
        _(
            "Verify that address, use any address at a verified domain, or the simulator. Nothing "
            "is wrong with your domain."
        ),
        Action(ActionKind.VERIFY_ADDRESS, recipient),
        simulator,
        production,
    )


def _suppressed(message: Message, facts: Facts) -> Iterator[Note]:
    """SES accepts mail to such an address, gives it an id, and drops it (P19)."""
    chosen = facts.set_of(message)
    reasons: Sequence[str] | None = facts.account.suppressed_reasons if facts.account else None
    if chosen is not None and chosen.suppressed_reasons is not None:
        reasons = chosen.suppressed_reasons
    for recipient in message.recipients:
        entry = facts.suppressed.get(recipient)
        if entry is None:
            continue
        since = _(" since {day:%Y-%m-%d}").format(day=entry.since) if entry.since else ""
        text = _("{recipient} is on your suppression list{since} ({reason})").format(
            recipient=recipient, since=since, reason=entry.reason
        )
        action = Action(ActionKind.UNSUPPRESS, recipient)
        if reasons is None or entry.reason in reasons:
            yield warn(
                "suppressed",
                _("{text}: SES would say “sent” and drop it.").format(text=text),
                _("It bounced before: take it off only if the mailbox works now.")
                if entry.reason == "BOUNCE"
                else _("Its owner called your mail spam: take it off only if they want it."),
                action,
                Action(ActionKind.LEAVE_OUT, recipient),
            )
        else:
            yield tell(
                "suppressed_not_applied",
                _("{text}; {who} does not suppress for that, so it goes out.").format(
                    text=text,
                    who=chosen.name if chosen and chosen.suppressed_reasons is not None
                    else _("the account"),
                ),
                "",
                action,
            )  # fmt: skip


def _simulator(message: Message) -> Iterator[Note]:
    recipients = message.recipients
    simulated = [recipient for recipient in recipients if in_simulator(recipient)]
    if not simulated:
        return
    known = {scenario.value for scenario in Scenario}
    for recipient in simulated:
        if recipient.partition("@")[0].partition("+")[0].lower() not in known:
            yield warn(
                "simulator_unknown",
                _("The simulator has no address {recipient}.").format(recipient=recipient),
                _("It has: {names}.").format(names=", ".join(sorted(known))),
                Action(ActionKind.USE_SIMULATOR, _SUCCESS),
            )
    if counted(message):
        yield tell(
            "simulator_mixed",
            _("Real recipients and the simulator in one mail: its events come under one id."),
            _("Send them apart to see what belongs to whom."),
        )
    else:
        yield tell(
            "simulator_only",
            _("The simulator has no inbox: it shows events, and proves nothing about DKIM or SPF."),
            _("Send one to a mailbox of yours for that."),
        )


def _some(addresses: Sequence[str]) -> str:
    shown = ", ".join(addresses[:_NAMED])
    return shown + " …" if len(addresses) > _NAMED else shown
