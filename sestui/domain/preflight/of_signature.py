"""Whether the mail will pass DMARC, by the last check of the domain's DNS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sestui.domain.i18n import _
from sestui.domain.identity import Identity, Status
from sestui.domain.mail.message import Message
from sestui.domain.names import is_below
from sestui.domain.preflight.facts import Facts, in_simulator
from sestui.domain.preflight.note import Action, ActionKind, Note, tell, unsure, warn
from sestui.domain.severity import Severity

if TYPE_CHECKING:
    from sestui.domain.alignment import Simulation
    from sestui.domain.dmarc.align import Row


def signature_notes(message: Message, facts: Facts) -> Iterator[Note]:
    """Nothing without a report about the sender's domain, or for the simulator alone."""
    domain = message.sender.rpartition("@")[2].lower()
    report = facts.report
    if (
        report is None
        or report.alignment is None
        or not is_below(domain, report.domain)
        or all(map(in_simulator, message.recipients))
        or not facts.acting(message.sender)
    ):
        return
    yield from _forecast(domain, report.alignment, facts.detail(message.sender), report.domain)


def _forecast(
    domain: str, simulation: Simulation, identity: Identity | None, checked: str
) -> Iterator[Note]:
    from sestui.domain.alignment import Result
    from sestui.domain.dmarc.align import Aligned

    verdict = simulation.bis
    see = Action(ActionKind.OPEN_VERIFY, checked)
    if verdict.result is Result.UNKNOWN:
        yield unsure(
            "dmarc_unknown",
            _("Whether mail from {domain} passes DMARC could not be found out.").format(
                domain=domain
            ),
            _("A name server did not answer."),
            see,
        )
        return
    rows = [row for row in verdict.rows if row.aligned is Aligned.YES]
    legs = [row.mechanism for row in rows if _stands(row, domain, identity)]
    if verdict.result is Result.NO_POLICY:
        yield warn(
            "dmarc_no_policy",
            _("No DMARC record applies to {domain}.").format(domain=domain),
            _("Gmail and Yahoo want one; the Verify step has it ready."),
            see,
        )
    elif not legs:
        policy = verdict.policy
        asked = _(" Receivers are asked to {what}.").format(what=policy.word) if policy else ""
        note = warn(
            "dmarc_fails",
            _("This mail will fail DMARC: neither DKIM nor SPF is aligned with {domain}.").format(
                domain=domain
            )
            + asked,
            _("Finish DKIM or the custom MAIL FROM domain first."),
            see,
        )
        strong = policy is not None and policy.strength > 0
        severity = Severity.ERROR if strong else Severity.WARNING
        yield Note(note.code, severity, note.text, note.advice, note.actions)
    elif len(legs) == 1:
        yield tell(
            "dmarc_one_leg",
            _("DMARC will pass for {domain}, on {mechanism} alone.").format(
                domain=domain, mechanism=legs[0]
            ),
            _("When that breaks, nothing else carries it."),
            see,
        )
    else:
        yield tell(
            "dmarc_passes",
            _("DMARC will pass for {domain}: DKIM and SPF are both aligned.").format(domain=domain),
        )


def _stands(row: Row, domain: str, identity: Identity | None) -> bool:
    """Whether SES does what `row` counts on: what is published may not be in use yet."""
    if row.strict and row.domain != domain:
        return False
    if identity is None:
        return True
    if row.mechanism == "DKIM":
        return identity.dkim.signing_enabled and identity.dkim.status is Status.SUCCESS
    return identity.mail_from.status is Status.SUCCESS
