"""Events as SES publishes them, after the examples in the Developer Guide."""

from __future__ import annotations

import json
from typing import Any

MESSAGE_ID = "0102018f2ab4c7d0-5e1f6f0a-3c1d-4a43-9d3b-1f8e2c7b9a10-000000"
AT = "2026-11-24T09:30:00.000Z"


def mail(*recipients: str, **tags: str) -> dict[str, Any]:
    return {
        "timestamp": AT,
        "messageId": MESSAGE_ID,
        "source": "hello@example.com",
        "sendingAccountId": "123456789012",
        "destination": list(recipients or ("anna@example.net",)),
        "headersTruncated": False,
        "headers": [{"name": "Subject", "value": "Hello"}],
        "commonHeaders": {"subject": "Hello", "from": ["hello@example.com"]},
        "tags": {"ses:configuration-set": ["production-emails"]}
        | {name: [value] for name, value in tags.items()},
    }


def event(kind: str, payload: str = "", *recipients: str, **content: Any) -> dict[str, Any]:
    body = {payload: content} if payload else {}
    return {"eventType": kind, "mail": mail(*recipients), **body}


def bounce(kind: str, subtype: str, recipient: str = "anna@example.net", **reply: str) -> Any:
    return event(
        "Bounce",
        "bounce",
        recipient,
        bounceType=kind,
        bounceSubType=subtype,
        bouncedRecipients=[{"emailAddress": recipient, "action": "failed", **reply}],
        timestamp="2026-11-24T09:30:02.500Z",
        feedbackId="f",
        reportingMTA="dns; a1-1.smtp-out.eu-west-1.amazonses.com",
    )


def delivery(*recipients: str, at: str = "2026-11-24T09:30:01.000Z") -> Any:
    recipients = recipients or ("anna@example.net",)
    return event(
        "Delivery",
        "delivery",
        *recipients,
        timestamp=at,
        processingTimeMillis=1234,
        recipients=list(recipients),
        smtpResponse="250 2.0.0 OK",
        reportingMTA="a1-1.smtp-out.eu-west-1.amazonses.com",
    )


def in_sns(content: Any) -> str:
    """As SNS puts it into an SQS message where raw delivery is off."""
    text = content if isinstance(content, str) else json.dumps(content)
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "m",
            "TopicArn": "arn:aws:sns:eu-west-1:123456789012:events",
            "Subject": "Amazon SES Email Event Notification",
            "Message": text,
            "Timestamp": AT,
        }
    )


def on_the_bus(content: Any, detail_type: str = "Email Bounced") -> str:
    return json.dumps(
        {
            "version": "0",
            "id": "1",
            "detail-type": detail_type,
            "source": "aws.ses",
            "account": "123456789012",
            "time": AT,
            "region": "eu-west-1",
            "resources": [],
            "detail": content,
        }
    )
