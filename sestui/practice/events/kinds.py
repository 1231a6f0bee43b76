"""The kinds of events and what each channel calls them. Source: facts/ses.md section 6."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: as in MatchingEventTypes, and its names in JSON, EventBridge and CloudWatch."""

    matching: str
    event_type: str
    payload: str
    detail_type: str
    metric: str


SEND = Kind("SEND", "Send", "send", "Email Sent", "Send")
REJECT = Kind("REJECT", "Reject", "reject", "Email Rejected", "Reject")
BOUNCE = Kind("BOUNCE", "Bounce", "bounce", "Email Bounced", "Bounce")
COMPLAINT = Kind("COMPLAINT", "Complaint", "complaint", "Email Complaint Received", "Complaint")
DELIVERY = Kind("DELIVERY", "Delivery", "delivery", "Email Delivered", "Delivery")
RENDERING_FAILURE = Kind(
    "RENDERING_FAILURE",
    "Rendering Failure",
    "failure",
    "Email Rendering Failed",
    "RenderingFailure",
)
DELIVERY_DELAY = Kind(
    "DELIVERY_DELAY", "DeliveryDelay", "deliveryDelay", "Email Delivery Delayed", "DeliveryDelay"
)
