"""The JSON of an event, as Amazon SES publishes it. Pure."""

from __future__ import annotations

import email.header
import email.parser
import email.utils
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sestui.practice.events import kinds
from sestui.practice.ports import ACCOUNT_ID, Accepted

Event = dict[str, Any]
_COMMON = {"reply-to": "replyTo", "to": "to", "cc": "cc", "from": "from"}
_SUPPRESSED = (
    "Amazon SES did not send the message to this address because it is on the suppression list for"
    " your account. For more information about removing addresses from the suppression list, see"
    " the Amazon SES Developer Guide at"
    " https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html"
)
_GLOBALLY_SUPPRESSED = (
    "Amazon SES has suppressed sending to this address because it has a recent history of bouncing"
    " as an invalid address. For more information about how to remove an address from the"
    " suppression list, see the Amazon SES Developer Guide:"
    " http://docs.aws.amazon.com/ses/latest/DeveloperGuide/remove-from-suppressionlist.html"
)


def stamp(at: datetime) -> str:
    """A time as in events: UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def feedback_id() -> str:
    """An id as bounces and complaints carry."""
    part = secrets.token_hex
    return f"0102{part(6)}-{part(4)}-{part(2)}-{part(2)}-{part(2)}-{part(6)}-000000"


def outgoing_host(region: str) -> str:
    """The name of the host that sends from `region`."""
    place = "" if region == "us-east-1" else f"{region}."
    return f"a1-1.smtp-out.{place}amazonses.com"


def send(mail: Accepted) -> Event:
    return _event(mail, kinds.SEND, {})


def reject(mail: Accepted) -> Event:
    return _event(mail, kinds.REJECT, {"reason": "Bad content"})


def rendering_failure(mail: Accepted) -> Event:
    return _event(
        mail,
        kinds.RENDERING_FAILURE,
        {"errorMessage": mail.rendering_failure, "templateName": mail.template},
    )


def delivery(mail: Accepted, recipients: Iterable[str], at: datetime) -> Event:
    recipients = list(recipients)
    return _event(
        mail,
        kinds.DELIVERY,
        {
            "timestamp": stamp(at),
            "processingTimeMillis": max(0, int((at - mail.at) / timedelta(milliseconds=1))),
            "recipients": recipients,
            "smtpResponse": "250 2.6.0 Message received",
            "reportingMTA": outgoing_host(mail.region),
        },
    )


def hard_bounce(mail: Accepted, recipients: Iterable[str], at: datetime) -> Event:
    """550 5.1.1, as the mailbox simulator's bounce address gives."""
    bounced = [
        {
            "emailAddress": each,
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }
        for each in recipients
    ]
    return _bounce(mail, "General", bounced, at, f"dns; {outgoing_host(mail.region)}")


def suppressed(
    mail: Accepted, recipients: Iterable[str], at: datetime, *, everywhere: bool = False
) -> Event:
    """A bounce for addresses on the account's suppression list, or on the global one."""
    bounced = [
        {
            "emailAddress": each,
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": _GLOBALLY_SUPPRESSED if everywhere else _SUPPRESSED,
        }
        for each in recipients
    ]
    subtype = "Suppressed" if everywhere else "OnAccountSuppressionList"
    return _bounce(mail, subtype, bounced, at, "dns; amazonses.com")


def complaint(mail: Accepted, recipients: Iterable[str], at: datetime) -> Event:
    """As the mailbox simulator's complaint address gives."""
    return _event(
        mail,
        kinds.COMPLAINT,
        {
            "feedbackId": feedback_id(),
            "complaintSubType": None,
            "complainedRecipients": [{"emailAddress": each} for each in recipients],
            "timestamp": stamp(at),
            "userAgent": "Amazon SES Mailbox Simulator",
            "complaintFeedbackType": "abuse",
            "arrivalDate": stamp(at),
        },
    )


def delivery_delay(
    mail: Accepted, recipients: Iterable[str], at: datetime, reason: str, until: datetime
) -> Event:
    """`reason` is a delayType: InternalFailure, MailboxFull, RecipientServerError, …"""
    return _event(
        mail,
        kinds.DELIVERY_DELAY,
        {
            "timestamp": stamp(at),
            "delayType": reason,
            "expirationTime": stamp(until),
            "delayedRecipients": [
                {
                    "emailAddress": each,
                    "status": "4.4.1",
                    "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
                }
                for each in recipients
            ],
        },
    )


def headers_of(mime: bytes) -> list[tuple[str, str]]:
    """The header fields of a message, unfolded, in their order."""
    message = email.parser.BytesHeaderParser().parsebytes(mime)
    return [(name, " ".join(str(value).split())) for name, value in message.items()]


def _bounce(
    mail: Accepted, subtype: str, recipients: list[dict[str, str]], at: datetime, reporter: str
) -> Event:
    return _event(
        mail,
        kinds.BOUNCE,
        {
            "feedbackId": feedback_id(),
            "bounceType": "Permanent",
            "bounceSubType": subtype,
            "bouncedRecipients": recipients,
            "timestamp": stamp(at),
            "reportingMTA": reporter,
        },
    )


def _event(mail: Accepted, kind: kinds.Kind, payload: dict[str, Any]) -> Event:
    return {"eventType": kind.event_type, "mail": _mail(mail), kind.payload: payload}


def _mail(mail: Accepted) -> dict[str, Any]:
    headers = headers_of(mail.mime)
    return {
        "timestamp": stamp(mail.at),
        "source": mail.source,
        "sourceArn": f"arn:aws:ses:{mail.region}:{ACCOUNT_ID}:identity/{mail.identity}",
        "sendingAccountId": ACCOUNT_ID,
        "messageId": mail.message_id,
        "destination": list(mail.recipients),
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in headers],
        "commonHeaders": _common(mail, headers),
        "tags": {name: list(values) for name, values in mail.tags.items()},
    }


def _common(mail: Accepted, headers: list[tuple[str, str]]) -> dict[str, Any]:
    common: dict[str, Any] = {}
    for name, value in headers:
        if (key := _COMMON.get(name.lower())) is not None:
            pairs = email.utils.getaddresses([value])
            common[key] = [email.utils.formataddr(p) if p[0] else p[1] for p in pairs]
        elif name.lower() == "date":
            common["date"] = value
        elif name.lower() == "subject":
            common["subject"] = _decoded(value)
    common["messageId"] = mail.message_id
    return common


def _decoded(value: str) -> str:
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (LookupError, UnicodeError, ValueError):
        return value
