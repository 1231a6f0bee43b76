"""GetMessageInsights: the events of one message, where Virtual Deliverability Manager is on.

As the API says, mail to the simulator and to several recipients is not in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sestui.practice.ses.errors import bad_request, not_found
from sestui.practice.ses.names import is_simulator
from sestui.practice.ses.world import Call, Members, reads

Event = dict[str, Any]
_PAYLOADS = ("bounce", "complaint", "delivery", "deliveryDelay")


def get_message_insights(call: Call, members: Members) -> Members:
    if (call.region.account.vdm or {}).get("VdmEnabled") != "ENABLED":
        # Neither AWS's code nor its text is known.
        raise bad_request("Virtual Deliverability Manager is not enabled for this account.")
    message_id = members["MessageId"]
    events = [each for each in call.world.events_of(message_id) if _is_of(each, call.region.name)]
    recipients = events[0]["mail"]["destination"] if events else []
    if len(recipients) != 1 or is_simulator(recipients[0]):
        raise not_found(f"Message with id: {message_id} does not exist.")
    mail = events[0]["mail"]
    return {
        "MessageId": message_id,
        "FromEmailAddress": mail["source"],
        "Subject": mail["commonHeaders"].get("subject") or None,
        "EmailTags": [
            {"Name": name, "Value": value}
            for name, values in mail["tags"].items()
            for value in values
        ],
        "Insights": [
            {
                "Destination": recipients[0],
                "Isp": "Practice",
                "Events": [_insight(event) for event in events],
            }
        ],
    }


def _is_of(event: Event, region: str) -> bool:
    """Whether it is an event of `region`: arn:aws:ses:REGION:…"""
    return bool(event["mail"]["sourceArn"].split(":")[3] == region)


def _insight(event: Event) -> Members:
    payload: Event = next((event[name] for name in _PAYLOADS if name in event), {})
    at = datetime.fromisoformat(payload.get("timestamp") or event["mail"]["timestamp"])
    insight: Members = {
        "Timestamp": at.timestamp(),
        "Type": {
            "Rendering Failure": "RENDERING_FAILURE",
            "DeliveryDelay": "DELIVERY_DELAY",
        }.get(event["eventType"], event["eventType"].upper()),
    }
    if bounce := event.get("bounce"):
        insight["Details"] = {
            "Bounce": {
                "BounceType": bounce["bounceType"].upper(),
                "BounceSubType": bounce["bounceSubType"],
                "DiagnosticCode": bounce["bouncedRecipients"][0].get("diagnosticCode"),
            }
        }
    elif complaint := event.get("complaint"):
        insight["Details"] = {
            "Complaint": {
                "ComplaintSubType": complaint["complaintSubType"],
                "ComplaintFeedbackType": complaint["complaintFeedbackType"],
            }
        }
    return insight


OPERATIONS = {"GetMessageInsights": reads(get_message_insights)}
