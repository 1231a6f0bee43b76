"""Configuration sets and event destinations as they are at SES. Source: API v2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sestui.domain.i18n import _
from sestui.domain.names import InvalidName

if TYPE_CHECKING:
    from datetime import datetime

WORKSHOP_SET = "production-emails"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class EventType(StrEnum):
    SEND = "SEND"
    DELIVERY = "DELIVERY"
    BOUNCE = "BOUNCE"
    COMPLAINT = "COMPLAINT"
    REJECT = "REJECT"
    DELIVERY_DELAY = "DELIVERY_DELAY"
    RENDERING_FAILURE = "RENDERING_FAILURE"
    SUBSCRIPTION = "SUBSCRIPTION"
    OPEN = "OPEN"
    CLICK = "CLICK"

    @property
    def word(self) -> str:
        return {
            EventType.SEND: _("Send"),
            EventType.DELIVERY: _("Delivery"),
            EventType.BOUNCE: _("Bounce"),
            EventType.COMPLAINT: _("Complaint"),
            EventType.REJECT: _("Reject"),
            EventType.DELIVERY_DELAY: _("Delivery delay"),
            EventType.RENDERING_FAILURE: _("Rendering failure"),
            EventType.SUBSCRIPTION: _("Subscription"),
            EventType.OPEN: _("Open"),
            EventType.CLICK: _("Click"),
        }[self]

    @property
    def rewrites_mail(self) -> bool:
        """Choosing it for any destination puts a pixel or other links into the set's mail."""
        return self in (EventType.OPEN, EventType.CLICK)


DEFAULT_EVENTS = frozenset(
    {
        EventType.SEND,
        EventType.DELIVERY,
        EventType.BOUNCE,
        EventType.COMPLAINT,
        EventType.REJECT,
        EventType.DELIVERY_DELAY,
        EventType.RENDERING_FAILURE,
    }
)


class DestinationKind(StrEnum):
    SNS = "sns"
    EVENTBRIDGE = "eventbridge"
    FIREHOSE = "firehose"
    CLOUDWATCH = "cloudwatch"
    PINPOINT = "pinpoint"

    @property
    def word(self) -> str:
        return {
            DestinationKind.SNS: _("SNS topic"),
            DestinationKind.EVENTBRIDGE: _("EventBridge bus"),
            DestinationKind.FIREHOSE: _("Firehose stream"),
            DestinationKind.CLOUDWATCH: _("CloudWatch metrics"),
            DestinationKind.PINPOINT: _("Pinpoint (retired)"),
        }[self]


_KIND_MEMBERS = (
    "SnsDestination",
    "EventBridgeDestination",
    "KinesisFirehoseDestination",
    "CloudWatchDestination",
    "PinpointDestination",
)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A CloudWatch dimension; `source` is MESSAGE_TAG, EMAIL_HEADER or LINK_TAG."""

    name: str
    source: str
    default: str


@dataclass(frozen=True, slots=True)
class Destination:
    """An event destination of a configuration set."""

    name: str
    kind: DestinationKind
    events: frozenset[EventType]
    target: str = ""
    """ARN of the topic, the bus or the stream; empty for CloudWatch."""
    role: str = ""
    """ARN of the role SES takes for Firehose."""
    dimensions: tuple[Dimension, ...] = ()
    enabled: bool = True
    other_events: tuple[str, ...] = ()
    """Events this version does not know; kept, so that an update does not take them away."""
    unknown: bool = False
    """Of a kind that this version does not know. It must not be updated: that would replace it."""

    def as_parameter(self) -> dict[str, Any]:
        """`EventDestination` of Create/UpdateConfigurationSetEventDestination."""
        value: dict[str, Any] = {
            # Always explicit: an omitted boolean means disabled.
            "Enabled": self.enabled,
            "MatchingEventTypes": [
                *(str(e) for e in EventType if e in self.events),
                *self.other_events,
            ],
        }
        match self.kind:
            case DestinationKind.SNS:
                value["SnsDestination"] = {"TopicArn": self.target}
            case DestinationKind.EVENTBRIDGE:
                value["EventBridgeDestination"] = {"EventBusArn": self.target}
            case DestinationKind.FIREHOSE:
                value["KinesisFirehoseDestination"] = {
                    "IamRoleArn": self.role,
                    "DeliveryStreamArn": self.target,
                }
            case DestinationKind.CLOUDWATCH:
                value["CloudWatchDestination"] = {
                    "DimensionConfigurations": [
                        {
                            "DimensionName": d.name,
                            "DimensionValueSource": d.source,
                            "DefaultDimensionValue": d.default,
                        }
                        for d in self.dimensions
                    ]
                }
            case DestinationKind.PINPOINT:
                value["PinpointDestination"] = (
                    {"ApplicationArn": self.target} if self.target else {}
                )
        return value

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> Destination:
        """From GetConfigurationSetEventDestinations."""
        events: list[str] = answer.get("MatchingEventTypes", [])
        known = set(EventType.__members__)
        kind, target, role = DestinationKind.PINPOINT, "", ""
        dimensions: tuple[Dimension, ...] = ()
        if sns := answer.get("SnsDestination"):
            kind, target = DestinationKind.SNS, sns["TopicArn"]
        elif bus := answer.get("EventBridgeDestination"):
            kind, target = DestinationKind.EVENTBRIDGE, bus["EventBusArn"]
        elif hose := answer.get("KinesisFirehoseDestination"):
            kind, target = DestinationKind.FIREHOSE, hose["DeliveryStreamArn"]
            role = hose["IamRoleArn"]
        elif watch := answer.get("CloudWatchDestination"):
            kind = DestinationKind.CLOUDWATCH
            dimensions = tuple(
                Dimension(d["DimensionName"], d["DimensionValueSource"], d["DefaultDimensionValue"])
                for d in watch["DimensionConfigurations"]
            )
        elif pinpoint := answer.get("PinpointDestination"):
            target = pinpoint.get("ApplicationArn", "")
        return cls(
            name=answer["Name"],
            kind=kind,
            events=frozenset(EventType(e) for e in events if e in known),
            target=target,
            role=role,
            dimensions=dimensions,
            enabled=bool(answer.get("Enabled")),
            other_events=tuple(e for e in events if e not in known),
            unknown=not any(member in answer for member in _KIND_MEMBERS),
        )


@dataclass(frozen=True, slots=True)
class ConfigurationSet:
    """GetConfigurationSet with its event destinations; `options.read` makes one of the answers."""

    name: str
    sending_enabled: bool = True
    reputation_metrics: bool = False
    tls_policy: str = "OPTIONAL"
    """OPTIONAL or REQUIRE; a policy that is new at AWS stays as it is. So for all such texts."""
    suppressed_reasons: tuple[str, ...] | None = None
    """None: the account's; empty: nothing is suppressed."""
    destinations: tuple[Destination, ...] = ()
    last_fresh_start: datetime | None = None
    """Since when the set's reputation counts anew; only read."""
    sending_pool: str = ""
    """A pool of dedicated addresses; empty: the account's shared ones."""
    max_delivery_seconds: int | None = None
    """For how long SES tries; None: 14 hours."""
    suppression_scope: str = ""
    """ACCOUNT or TENANT; empty: not said."""
    validation: str = ""
    """Auto validation: MEDIUM, HIGH or MANAGED, DISABLED; empty: the account's."""
    redirect_domain: str = ""
    """For open and click links; empty: awstrack.me."""
    https_policy: str = "OPTIONAL"
    """REQUIRE, REQUIRE_OPEN_ONLY or OPTIONAL; only with a redirect domain."""
    engagement_metrics: str = ""
    """ENABLED or DISABLED; empty: the account's."""
    optimized_delivery: str = ""
    """Likewise."""
    archive: str = ""
    """ARN of a Mail Manager archive."""
    tags: tuple[tuple[str, str], ...] = ()
    """Sorted by key."""
    kept: tuple[tuple[str, str], ...] = ()
    """What is there and not edited here, message security among it: path in the answer, JSON."""

    def hears(self, event: EventType) -> bool:
        """True when an enabled destination gets `event`."""
        return any(d.enabled and event in d.events for d in self.destinations)

    def destination(self, name: str) -> Destination | None:
        return next((d for d in self.destinations if d.name == name), None)


def parse_set_name(text: str) -> str:
    """A name for a configuration set or an event destination.

    Raises:
        InvalidName: not 1-64 of letters, digits, `_` and `-` (API v2).
    """
    name = text.strip()
    if not name:
        raise InvalidName(_("Type a name, such as {example}.").format(example=WORKSHOP_SET))
    if not _NAME.fullmatch(name):
        raise InvalidName(_("Only letters, digits, - and _, 64 characters at most."))
    return name


def default_dimension(set_name: str) -> Dimension:
    """The dimension that tells the mail of one set from that of another."""
    return Dimension("ses:configuration-set", "MESSAGE_TAG", set_name)
