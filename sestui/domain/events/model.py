"""An event of a sent mail. Source: Developer Guide, "Contents of event data that SES publishes"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from sestui.domain.configset import EventType

CONFIGURATION_SET_TAG = "ses:configuration-set"
_MISSING = re.compile(r"Attribute '([^']+)' is not present")

Tags = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a receiving server said about one recipient."""

    address: str
    status: str = ""
    """Enhanced status code (RFC 3463), such as 5.1.1."""
    diagnostic: str = ""
    """Usually `smtp; 550 5.1.1 …`; SES's own words for what it did not even try."""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    type: str
    """Permanent, Transient or Undetermined."""
    subtype: str = ""
    replies: tuple[Reply, ...] = ()
    reporter: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    feedback_type: str = ""
    """abuse, fraud, virus, not-spam …, as the provider says; often nothing."""
    subtype: str = ""
    """OnAccountSuppressionList, or nothing."""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    response: str = ""
    milliseconds: int | None = None
    """From SES's yes to the receiving server's."""
    reporter: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delay:
    type: str = ""
    expires: datetime | None = None
    """When SES gives up."""
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderingFailure:
    template: str = ""
    error: str = ""

    @property
    def missing(self) -> str:
        """The variable that the template data lacks; empty when it is something else."""
        found = _MISSING.search(self.error)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Visit:
    """An open or a click."""

    link: str = ""
    user_agent: str = ""
    bot: str = ""
    """Likely or Unlikely; empty where SES does not say."""


@dataclass(frozen=True, slots=True)
class Subscription:
    contact_list: str = ""
    source: str = ""
    unsubscribed_all: bool = False


Details = (
    Bounce | Complaint | Delivery | Reject | Delay | RenderingFailure | Visit | Subscription | None
)


@dataclass(frozen=True, slots=True)
class MailEvent:
    """One event. All texts are `printable`."""

    kind: EventType
    at: datetime
    """When it happened; UTC."""
    message_id: str
    recipients: tuple[str, ...] = ()
    """Whom it is about: of a mail to many, often some only."""
    destination: tuple[str, ...] = ()
    """All recipients of the mail."""
    tags: Tags = ()
    details: Details = None
    source: str = ""
    """From whom."""
    subject: str = ""
    raw: str = field(default="", repr=False, compare=False)
    """The JSON, indented, fit to show."""

    def tag(self, name: str) -> tuple[str, ...]:
        """The values of a message tag."""
        return next((values for key, values in self.tags if key == name), ())

    @property
    def configuration_set(self) -> str:
        return next(iter(self.tag(CONFIGURATION_SET_TAG)), "")

    @property
    def key(self) -> tuple[str, ...]:
        """The same for one event that came by several ways.

        What happens once to a recipient is told by that alone, since GetMessageInsights has other
        timestamps than the JSON; of delays, opens and clicks there may be many.
        """
        who = tuple(sorted(address.lower() for address in self.recipients))
        often = (EventType.DELIVERY_DELAY, EventType.OPEN, EventType.CLICK, EventType.SUBSCRIPTION)
        when = self.at.isoformat(timespec="seconds") if self.kind in often else ""
        match self.details:
            case Bounce(type=kind, subtype=subtype):
                detail = f"{kind} {subtype}".lower()
            case Visit(link=link):
                detail = link
            case _other:
                detail = ""
        return (self.kind.value, self.message_id, when, detail, *who)
