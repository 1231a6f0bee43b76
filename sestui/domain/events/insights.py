"""Events as GetMessageInsights tells them. Source: API v2, "EmailInsights"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sestui.domain.configset import EventType
from sestui.domain.events.model import Bounce, Complaint, Details, MailEvent, Reply
from sestui.domain.text import printable, printable_lines


def events_of(answer: Mapping[str, Any]) -> tuple[MailEvent, ...]:
    """The events in an answer of boto3, of all its recipients; what is not known is left out."""
    message_id = printable(answer.get("MessageId") or "")
    rows = answer.get("Insights") or ()
    destination = tuple(printable(row.get("Destination") or "") for row in rows)
    tags: dict[str, list[str]] = {}
    for tag in answer.get("EmailTags") or ():
        tags.setdefault(printable(tag["Name"]), []).append(printable(tag["Value"]))
    known = set(EventType.__members__)
    return tuple(
        MailEvent(
            kind=EventType(event["Type"]),
            at=event["Timestamp"],
            message_id=message_id,
            recipients=(recipient,),
            destination=destination,
            tags=tuple((name, tuple(values)) for name, values in tags.items()),
            details=_details(event.get("Details") or {}, recipient),
            source=printable(answer.get("FromEmailAddress") or ""),
            subject=printable(answer.get("Subject") or ""),
            raw=printable_lines(json.dumps(event, indent=2, ensure_ascii=False, default=str)),
        )
        for recipient, row in zip(destination, rows, strict=True)
        for event in row.get("Events") or ()
        if event.get("Type") in known and isinstance(event.get("Timestamp"), datetime)
    )


def _details(details: Mapping[str, Any], recipient: str) -> Details:
    if bounce := details.get("Bounce"):
        diagnostic = printable(bounce.get("DiagnosticCode") or "")
        return Bounce(
            # PERMANENT here, Permanent in the JSON of events.
            type=printable(bounce.get("BounceType") or "").capitalize(),
            subtype=printable(bounce.get("BounceSubType") or ""),
            replies=(Reply(recipient, diagnostic=diagnostic),) if diagnostic else (),
        )
    if complaint := details.get("Complaint"):
        return Complaint(
            feedback_type=printable(complaint.get("ComplaintFeedbackType") or ""),
            subtype=printable(complaint.get("ComplaintSubType") or ""),
        )
    return None
