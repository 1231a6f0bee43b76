"""From bytes to an event, whatever envelope it travels in.

SES publishes the same JSON everywhere. SNS puts it as a text into its notification, unless raw
delivery is on; EventBridge puts it into `detail`; Firehose adds a newline. An identity's feedback
topic says `notificationType` instead of `eventType`. (Developer Guide, "Contents of event data".)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sestui.domain.configset import EventType
from sestui.domain.events.model import (
    Bounce,
    Complaint,
    Delay,
    Delivery,
    Details,
    MailEvent,
    Reject,
    RenderingFailure,
    Reply,
    Subscription,
    Tags,
    Visit,
)
from sestui.domain.i18n import _
from sestui.domain.text import printable, printable_lines, quoted

_VALIDATION = "Successfully validated SNS topic"
"""The plain text that SES publishes when a topic becomes a destination."""
_FEEDBACK_VALIDATION = "AmazonSnsSubscriptionSucceeded"
"""The same of an identity's feedback topic, as a `notificationType`."""
_MOST_ENVELOPES = 5
_PAYLOADS = {
    EventType.SEND: "send",
    EventType.DELIVERY: "delivery",
    EventType.BOUNCE: "bounce",
    EventType.COMPLAINT: "complaint",
    EventType.REJECT: "reject",
    EventType.DELIVERY_DELAY: "deliveryDelay",
    EventType.RENDERING_FAILURE: "failure",
    EventType.SUBSCRIPTION: "subscription",
    EventType.OPEN: "open",
    EventType.CLICK: "click",
}
_KINDS = {kind.value.replace("_", "").lower(): kind for kind in EventType}
_BUS_KINDS = {
    "Email Sent": EventType.SEND,
    "Email Delivered": EventType.DELIVERY,
    "Email Bounced": EventType.BOUNCE,
    "Email Complaint Received": EventType.COMPLAINT,
    "Email Rejected": EventType.REJECT,
    "Email Opened": EventType.OPEN,
    "Email Clicked": EventType.CLICK,
    "Email Rendering Failed": EventType.RENDERING_FAILURE,
    "Email Delivery Delayed": EventType.DELIVERY_DELAY,
    "Email Subscribed": EventType.SUBSCRIPTION,
}

Json = Mapping[str, Any]


class NotAnEvent(ValueError):
    """It is no event of SES; the text says what it is instead."""

    def __init__(self, text: str, *, validation: bool = False) -> None:
        super().__init__(text)
        self.validation = validation
        """SES's own test message to a topic: the way works, and no mail is meant."""


def parse_event(data: bytes | str) -> MailEvent:
    """The event in `data`, taken out of its envelopes.

    Raises:
        NotAnEvent: a ValueError; there is none in it, and why.
    """
    event, kind = _unwrapped(data)
    mail = _object(event, "mail")
    message_id = _text(mail, "messageId")
    if not message_id:
        raise NotAnEvent(_("The event does not say which message it is about."))
    payload = _object(event, _PAYLOADS[kind])
    at = _time(payload.get("timestamp")) or _time(mail.get("timestamp"))
    if at is None:
        raise NotAnEvent(_("The event does not say when it happened."))
    destination = _texts(mail.get("destination"))
    common = _object(mail, "commonHeaders")
    return MailEvent(
        kind=kind,
        at=at,
        message_id=message_id,
        recipients=_recipients(kind, payload) or destination,
        destination=destination,
        tags=_tags(mail.get("tags")),
        details=_details(kind, payload),
        source=_text(mail, "source"),
        subject=_text(common, "subject"),
        raw=_shown(event),
    )


def _unwrapped(data: bytes | str) -> tuple[Json, EventType]:
    """The event's own JSON, and its kind."""
    content: Any = data
    told = ""
    for _envelope in range(_MOST_ENVELOPES):
        if isinstance(content, bytes | str):
            content = _loaded(content)
        if not isinstance(content, dict):
            raise NotAnEvent(_("This is JSON, but no event: an event is an object."))
        name = content.get("eventType") or content.get("notificationType")
        if name or ("mail" in content and told in _BUS_KINDS):
            return content, _kind(str(name or ""), told)
        kind = content.get("Type")
        if kind in ("SubscriptionConfirmation", "UnsubscribeConfirmation"):
            raise NotAnEvent(_("SNS asks here to confirm a subscription; this is no event."))
        if isinstance(content.get("Message"), str):
            content = content["Message"]
        elif isinstance(content.get("detail"), dict):
            told = str(content.get("detail-type", ""))
            content = content["detail"]
        else:
            break
    raise NotAnEvent(_("This is JSON, but no event of SES: it has no eventType."))


def _loaded(text: bytes | str) -> Any:
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if isinstance(text, str) and text.strip().startswith(_VALIDATION):
        raise NotAnEvent(
            _("SES has tried out the topic with this message; it is no event."), validation=True
        )
    raise NotAnEvent(_("This is no JSON, so it is no event of SES."))


def _kind(name: str, told: str) -> EventType:
    if name == _FEEDBACK_VALIDATION:
        raise NotAnEvent(
            _("SES has tried out the topic with this message; it is no event."), validation=True
        )
    if not name:
        return _BUS_KINDS[told]
    kind = _KINDS.get(name.replace(" ", "").replace("_", "").lower())
    if kind is None:
        raise NotAnEvent(
            _("“{name}” is no event of sent mail that sestui knows.").format(name=quoted(name))
        )
    return kind


def _recipients(kind: EventType, payload: Json) -> tuple[str, ...]:
    """Whom it is about; empty where the event does not tell them apart."""
    match kind:
        case EventType.BOUNCE:
            return _addresses(payload.get("bouncedRecipients"))
        case EventType.COMPLAINT:
            return _addresses(payload.get("complainedRecipients"))
        case EventType.DELIVERY_DELAY:
            return _addresses(payload.get("delayedRecipients"))
        case EventType.DELIVERY:
            return _texts(payload.get("recipients"))
    return ()


def _details(kind: EventType, payload: Json) -> Details:
    match kind:
        case EventType.BOUNCE:
            return Bounce(
                type=_text(payload, "bounceType"),
                subtype=_text(payload, "bounceSubType"),
                replies=_replies(payload.get("bouncedRecipients")),
                reporter=_text(payload, "reportingMTA"),
            )
        case EventType.COMPLAINT:
            return Complaint(
                feedback_type=_text(payload, "complaintFeedbackType"),
                subtype=_text(payload, "complaintSubType"),
                user_agent=_text(payload, "userAgent"),
            )
        case EventType.DELIVERY:
            return Delivery(
                response=_text(payload, "smtpResponse"),
                milliseconds=_whole(payload.get("processingTimeMillis")),
                reporter=_text(payload, "reportingMTA"),
            )
        case EventType.REJECT:
            return Reject(_text(payload, "reason"))
        case EventType.DELIVERY_DELAY:
            return Delay(
                type=_text(payload, "delayType"),
                expires=_time(payload.get("expirationTime")),
                replies=_replies(payload.get("delayedRecipients")),
            )
        case EventType.RENDERING_FAILURE:
            return RenderingFailure(_text(payload, "templateName"), _text(payload, "errorMessage"))
        case EventType.OPEN | EventType.CLICK:
            return Visit(
                link=_text(payload, "link"),
                user_agent=_text(payload, "userAgent"),
                bot=_text(payload, "isBotEvent"),
            )
        case EventType.SUBSCRIPTION:
            preferences = _object(payload, "newTopicPreferences")
            return Subscription(
                contact_list=_text(payload, "contactList"),
                source=_text(payload, "source"),
                unsubscribed_all=preferences.get("unsubscribeAll") is True,
            )
    return None


def _replies(value: Any) -> tuple[Reply, ...]:
    return tuple(
        Reply(
            address=_text(each, "emailAddress"),
            status=_text(each, "status"),
            diagnostic=_text(each, "diagnosticCode"),
            action=_text(each, "action"),
        )
        for each in _objects(value)
    )


def _addresses(value: Any) -> tuple[str, ...]:
    found = (_text(each, "emailAddress") for each in _objects(value))
    return tuple(address for address in found if address)


def _tags(value: Any) -> Tags:
    if not isinstance(value, dict):
        return ()
    return tuple((printable(name), _texts(values)) for name, values in value.items())


def _objects(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _object(holder: Json, name: str) -> Json:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _text(holder: Json, name: str) -> str:
    value = holder.get(name)
    return printable(value) if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(printable(each) for each in value if isinstance(each, str))


def _whole(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < 10**12 else None


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _shown(event: Json) -> str:
    try:
        text = json.dumps(event, indent=2, ensure_ascii=False)
    except RecursionError:  # nested almost as deep as can be read
        return "…"
    # Lone surrogates cannot be drawn or copied; printable() shows them by their number.
    return printable_lines(text)
