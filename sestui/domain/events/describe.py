"""An event in people's words: what happened, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.configset import EventType
from sestui.domain.events.bounces import (
    OWN_DECISIONS,
    bounce_words,
    complaint_words,
    delay_words,
)
from sestui.domain.events.model import (
    Bounce,
    Complaint,
    Delay,
    Delivery,
    MailEvent,
    Reject,
    RenderingFailure,
    Reply,
    Subscription,
    Visit,
)
from sestui.domain.i18n import _
from sestui.domain.mail.form import SIMULATOR
from sestui.domain.severity import Severity

_MOST_OF_A_REPLY = 200


@dataclass(frozen=True, slots=True)
class Description:
    """How an event is shown."""

    glyph: str
    severity: Severity
    word: str
    sentence: str
    advice: str = ""

    @property
    def quiet(self) -> bool:
        """Neither good nor bad: for the record."""
        return self.glyph in ("→", "·")


def describe(event: MailEvent) -> Description:
    """What `event` says. Every text in it is printable."""
    match event.kind:
        case EventType.SEND:
            return Description(
                "→", Severity.OK, _("Accepted"), _("SES took the mail and tries to deliver it.")
            )
        case EventType.DELIVERY:
            return Description(
                "✓", Severity.OK, _("Delivered"), _delivered(event), _after_delivery(event)
            )
        case EventType.BOUNCE:
            return _bounced(event)
        case EventType.COMPLAINT:
            return _complained(event)
        case EventType.DELIVERY_DELAY:
            return _delayed(event)
        case EventType.REJECT | EventType.RENDERING_FAILURE:
            return _never_sent(event)
        case EventType.OPEN | EventType.CLICK:
            return _visited(event)
        case _subscription:
            return _subscribed(event)


def _simulated(event: MailEvent) -> bool:
    return bool(event.recipients) and all(
        address.lower().endswith("@" + SIMULATOR) for address in event.recipients
    )


def _delivered(event: MailEvent) -> str:
    sentence = _("The server of the recipient took the mail.")
    details = event.details
    if not isinstance(details, Delivery):
        return sentence
    if details.milliseconds is not None:
        sentence = _("The server of the recipient took the mail after {seconds} s.").format(
            seconds=f"{details.milliseconds / 1000:.1f}"
        )
    return sentence + _said(details.response)


def _after_delivery(event: MailEvent) -> str:
    if _simulated(event):
        return ""
    return _("If it is not in the inbox, look into the spam folder.")


def _bounced(event: MailEvent) -> Description:
    bounce = event.details if isinstance(event.details, Bounce) else Bounce("Undetermined")
    sentence, advice = bounce_words(bounce)
    if bounce.subtype not in OWN_DECISIONS:
        sentence += _said(_diagnostic(bounce.replies))
    if _simulated(event):
        advice = _("The simulator did as it was told; your reputation is not touched.")
    # A transient bounce may be no failure at all: automatic replies come as such.
    grave = bounce.type == "Permanent"
    return Description(
        "✗" if grave else "!",
        Severity.ERROR if grave else Severity.WARNING,
        _("Bounced"),
        sentence,
        advice,
    )


def _complained(event: MailEvent) -> Description:
    complaint = event.details if isinstance(event.details, Complaint) else Complaint()
    sentence, advice = complaint_words(complaint)
    if _simulated(event):
        advice = _("The simulator did as it was told; your reputation is not touched.")
    fine = complaint.feedback_type == "not-spam"
    return Description(
        "·" if fine else "✗",
        Severity.OK if fine else Severity.ERROR,
        _("Complaint"),
        sentence,
        advice,
    )


def _delayed(event: MailEvent) -> Description:
    delay = event.details if isinstance(event.details, Delay) else Delay()
    sentence, advice = delay_words(delay.type)
    sentence += _said(_diagnostic(delay.replies))
    if delay.expires is not None:
        sentence += " " + _("SES gives up on {time} UTC.").format(
            time=f"{delay.expires:%Y-%m-%d %H:%M}"
        )
    return Description("!", Severity.WARNING, _("Delayed"), sentence, advice)


def _never_sent(event: MailEvent) -> Description:
    match event.details:
        case RenderingFailure(template=template) as failure if failure.missing:
            sentence = _("The template data lacks the variable “{name}”.").format(
                name=failure.missing
            )
            advice = _(
                "Add “{name}” to the template data, or take it out of the template {template}. "
                "The mail was not sent."
            ).format(name=failure.missing, template=template or "–")
            word = _("Not rendered")
        case RenderingFailure(error=error):
            sentence = _("The template could not be filled in.") + _said(error)
            advice = _("Correct the template or its data. The mail was not sent.")
            word = _("Not rendered")
        case Reject(reason=reason) if reason and reason != "Bad content":
            sentence = _("SES took the mail and then did not send it.") + _said(reason)
            advice = _("Change what is in it and send it again.")
            word = _("Rejected")
        case _bad_content:
            sentence = _("SES found a virus in the mail and did not send it.")
            advice = _("Look at the attachments. A rejected mail is counted and billed.")
            word = _("Rejected")
    return Description("✗", Severity.ERROR, word, sentence, advice)


def _visited(event: MailEvent) -> Description:
    visit = event.details if isinstance(event.details, Visit) else Visit()
    if event.kind is EventType.OPEN:
        word, sentence = _("Opened"), _("The mail was opened, or a program loaded its pictures.")
    else:
        word = _("Clicked")
        sentence = _("A link in the mail was followed: {link}").format(link=visit.link or "–")
    advice = ""
    if visit.bot == "Likely":
        advice = _("Likely by a program, not by a person.")
    elif visit.user_agent:
        advice = _("By {agent}").format(agent=_cut(visit.user_agent))
    return Description("·", Severity.OK, word, sentence, advice)


def _subscribed(event: MailEvent) -> Description:
    change = event.details if isinstance(event.details, Subscription) else Subscription()
    sentence = (
        _("The recipient has unsubscribed from everything.")
        if change.unsubscribed_all
        else _("The recipient has changed what they are subscribed to.")
    )
    advice = (
        _("Contact list {name}").format(name=change.contact_list) if change.contact_list else ""
    )
    return Description("·", Severity.OK, _("Subscription"), sentence, advice)


def _diagnostic(replies: tuple[Reply, ...]) -> str:
    """What the server said; how the words came (`smtp;`) is no news to anybody."""
    for reply in replies:
        text = reply.diagnostic
        for kind in ("smtp;", "x-unix;", "x-amzn-fault;"):
            text = text.removeprefix(kind).strip()
        if text or reply.status:
            return text or reply.status
    return ""


def _said(text: str) -> str:
    """` The server said: …`, as the second half of a sentence; nothing when it said nothing."""
    return " " + _("It said: “{text}”").format(text=_cut(text)) if text else ""


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_OF_A_REPLY else text[: _MOST_OF_A_REPLY - 1] + "…"
