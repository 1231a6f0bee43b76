"""What to say when an answer came that is not believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import printable


class Flaw(StrEnum):
    """What is wrong with an answer; the value is the problem's code."""

    CUT_OFF = "CutOffAnswer"
    """Shorter than announced."""
    UNREADABLE = "UnreadableAnswer"
    """Not in the format that the service speaks."""
    INCOMPLETE = "IncompleteAnswer"
    """Something is missing that cannot be done without."""
    WRONG_TYPE = "WrongTypeAnswer"
    """A member is not of the type that the service's model gives it."""
    WEB_PAGE = "WebPageAnswer"
    """A page for a browser, or a redirect to one."""
    NOT_OFFERED = "NotOffered"
    """A server's own page that says that it has no such address."""


@dataclass(frozen=True, slots=True)
class BadAnswer:
    """An answer that is not believed, and what is wrong with it."""

    flaw: Flaw
    service: str
    """As people call it: SES, SNS …"""
    operation: str
    status: int
    """HTTP."""
    request_id: str = ""
    detail: str = ""
    """The member, the format, or where a redirect leads; by `flaw`."""


def explain_answer(bad: BadAnswer, *, endpoint: str = "", changes: bool = False) -> Problem:
    """What to tell a person about an answer that is not believed.

    Args:
        endpoint: the endpoint in use when it is not AWS's own.
        changes: True when the call changes something or sends a mail. Unless the answer's status
            says that it was refused, nobody knows then whether it was done.
    """
    unknown = changes and not 300 <= bad.status < 500
    page = bad.flaw is Flaw.WEB_PAGE or (bad.flaw is Flaw.NOT_OFFERED and not endpoint)
    if unknown:
        trouble, advice = Trouble.MAYBE_DONE, _outcome(bad.operation)
    elif page:
        trouble = Trouble.NETWORK
        advice = _("Check the endpoint, and whether this network wants you to sign in first.")
    elif bad.flaw is Flaw.NOT_OFFERED:
        trouble, advice = Trouble.REFUSED, _("The endpoint in use is not AWS's own.")
    else:
        trouble, advice = Trouble.BAD_ANSWER, _again(endpoint)
    what = _page(bad, endpoint) if page else _what(bad)
    code = Flaw.WEB_PAGE if page else bad.flaw
    return Problem(
        what, advice, trouble, code=code, operation=bad.operation, request_id=bad.request_id
    )


def _what(bad: BadAnswer) -> str:
    match bad.flaw:
        case Flaw.CUT_OFF:
            text = _("The answer from {service} to {operation} was cut off.")
        case Flaw.UNREADABLE:
            text = _("The answer from {service} to {operation} is not valid {detail}.")
        case Flaw.INCOMPLETE:
            text = _("The answer from {service} to {operation} lacks {detail}.")
        case Flaw.WRONG_TYPE:
            text = _(
                "In the answer from {service} to {operation}, {detail} is not of the right type."
            )
        case _:
            text = _("This service does not offer {operation}.")
    return text.format(service=bad.service, operation=bad.operation, detail=printable(bad.detail))


def _page(bad: BadAnswer, endpoint: str) -> str:
    place = printable(endpoint) or _("AWS's address")
    if bad.detail:
        return _("{place} redirected to {target} instead of answering.").format(
            place=place, target=printable(bad.detail)
        )
    return _("A web page came back from {place} instead of an answer.").format(place=place)


def _again(endpoint: str) -> str:
    if endpoint:
        return _(
            "None of it was used. It came from {endpoint}, which is not AWS: check that server."
        ).format(endpoint=printable(endpoint))
    return _("None of it was used. Try again; if it stays, check the proxy and the network.")


def _outcome(operation: str) -> str:
    if operation in ("SendEmail", "SendRawEmail"):
        return _("The email may have been sent. Check whether it arrives before you send it again.")
    return _("The change may have been made. Check the current state before you try again.")
