"""Events of sent mail: read from whatever they travel in, and said in people's words."""

from sestui.domain.events.describe import Description, describe
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
from sestui.domain.events.outcome import Outcome, outcome_of, settled
from sestui.domain.events.parse import NotAnEvent, parse_event

__all__ = [
    "Bounce",
    "Complaint",
    "Delay",
    "Delivery",
    "Description",
    "MailEvent",
    "NotAnEvent",
    "Outcome",
    "Reject",
    "RenderingFailure",
    "Reply",
    "Subscription",
    "Visit",
    "describe",
    "outcome_of",
    "parse_event",
    "settled",
]
