"""A send that SES refused, with what is known of the account: what it means, what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sestui.domain.advice_mail import missing_set, missing_template, paused_by_aws, paused_set
from sestui.domain.advice_rejected import explain_rejection, read_rejection
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.mail.form import Scenario
from sestui.domain.mail.message import Message
from sestui.domain.preflight.facts import Facts, senders
from sestui.domain.preflight.note import Action, ActionKind
from sestui.domain.preflight.of_sender import other_case, other_sender

_MAIL_FROM = "MailFromDomainNotVerifiedException"
_SIMULATOR = Action(ActionKind.USE_SIMULATOR, Scenario.SUCCESS.address)


def explain_refusal(problem: Problem, message: Message, facts: Facts) -> Problem:
    """`problem` of sending `message`, said again by what `facts` knows beside it."""
    if read_rejection(problem.said).names:
        trouble, what, advice = explain_rejection(
            problem.said,
            region=facts.region,
            senders=tuple(senders(message)),
            recipients=message.recipients,
            sandbox=facts.account.sandbox if facts.account else None,
            verified=facts.verified,
        )
        return replace(problem, trouble=trouble, what=what, advice=advice)
    if "quota" in problem.said.lower() and facts.account is not None:
        quota = facts.account.quota
        if quota.max_24_hours >= 0:
            more = _(" (it was {sent} of {most} recipients when last looked at)").format(
                sent=int(quota.sent_24_hours), most=int(quota.max_24_hours)
            )
            return replace(problem, what=problem.what + more)
    return problem


def actions_after(problem: Problem, message: Message, facts: Facts) -> tuple[Action, ...]:
    """What a person can do about a refused send, the best first; empty when it is not known."""
    return tuple(dict.fromkeys(_actions(problem, message, facts)))


def _actions(problem: Problem, message: Message, facts: Facts) -> Iterator[Action]:
    said = problem.said
    if problem.trouble is Trouble.MAYBE_DONE:
        yield Action(ActionKind.LOOK_FOR, message.find_tag)
    elif read_rejection(said).names:
        yield from _after_rejection(said, message, facts)
    elif missing_set(said):
        yield Action(ActionKind.CREATE_SET, missing_set(said))
        yield Action(ActionKind.CHOOSE_SET)
    elif missing_template(said):
        yield Action(ActionKind.CHOOSE_TEMPLATE)
    elif "paused" in said.lower() and paused_set(said):
        yield Action(ActionKind.RESUME_SET, paused_set(said))
        yield Action(ActionKind.CHOOSE_SET)
    elif problem.code == "SendingPausedException" or "sending paused" in said.lower():
        if not _by_aws(said, facts):
            yield Action(ActionKind.RESUME_ACCOUNT)
    elif "mail from domain" in said.lower() or problem.code == _MAIL_FROM:
        rows = facts.acting(message.sender)
        name = rows[-1].name if rows else message.sender.rpartition("@")[2]
        yield Action(ActionKind.OPEN_VERIFY, name)
    elif "quota" in said.lower():
        yield _SIMULATOR
        if facts.account is None or facts.account.sandbox:
            yield Action(ActionKind.REQUEST_PRODUCTION)


def _after_rejection(said: str, message: Message, facts: Facts) -> Iterator[Action]:
    failed = {address.lower() for address in read_rejection(said).addresses}
    for sender in senders(message):
        if sender.lower() not in failed:
            continue
        if twin := other_case(sender, facts.verified):
            yield Action(ActionKind.USE_ADDRESS, twin)
        elif known := facts.covering(sender):
            yield Action(ActionKind.OPEN_VERIFY, known[0].name)
        else:
            yield from other_sender(sender, facts)
            yield Action(ActionKind.VERIFY_ADDRESS, sender)
    failed -= {sender.lower() for sender in senders(message)}
    refused = [r for r in message.recipients if r.lower() in failed]
    for recipient in refused[:3]:
        if known := facts.covering(recipient):
            yield Action(ActionKind.OPEN_VERIFY, known[0].name)
        else:
            yield Action(ActionKind.VERIFY_ADDRESS, recipient)
    if refused:
        yield _SIMULATOR
        yield Action(ActionKind.REQUEST_PRODUCTION)


def _by_aws(said: str, facts: Facts) -> bool:
    """A pause that only AWS can lift, or nobody knows whose it is."""
    if (told := paused_by_aws(said)) is not None:
        return told
    return facts.account is None or facts.account.enforcement == "SHUTDOWN"
