"""Configuration sets and event destinations. Source: API v2; Developer Guide "Event publishing"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Any

from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.regions import partition

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
        )


@dataclass(frozen=True, slots=True)
class ConfigurationSet:
    """GetConfigurationSet with its event destinations."""

    name: str
    sending_enabled: bool = True
    reputation_metrics: bool = False
    tls_policy: str = "OPTIONAL"
    suppressed_reasons: tuple[str, ...] | None = None
    """None: the account's; empty: nothing is suppressed."""
    destinations: tuple[Destination, ...] = ()

    def hears(self, event: EventType) -> bool:
        """True when an enabled destination gets `event`."""
        return any(d.enabled and event in d.events for d in self.destinations)


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


def default_bus(region: str, account: str) -> str:
    """SES publishes to the default bus only."""
    return f"arn:{partition(region)}:events:{region}:{account}:event-bus/default"


def set_arn(region: str, account: str, name: str) -> str:
    return f"arn:{partition(region)}:ses:{region}:{account}:configuration-set/{name}"


def topic_statement(topic: str, account: str, set_arn: str) -> dict[str, Any]:
    """Lets SES publish events of one set to `topic` (Developer Guide, "SNS destination")."""
    return {
        "Sid": "sestui-" + re.sub(r"[^A-Za-z0-9]", "", set_arn.rsplit("/", 1)[-1]),
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceAccount": account, "AWS:SourceArn": set_arn}},
    }


def merged_policy(policy: Mapping[str, Any], statement: Mapping[str, Any]) -> dict[str, Any]:
    """`policy` with `statement` added; nothing that is there already is changed or left out.

    The policy itself when a statement there says the same, whatever its Sid. A Sid that is taken
    (two sets may be called `a-b` and `ab`) gets a number.
    """
    statements = policy.get("Statement") or []
    if isinstance(statements, Mapping):
        statements = [statements]
    if any(_meaning(s) == _meaning(statement) for s in statements):
        return dict(policy)
    mine = dict(statement)
    if sid := statement.get("Sid"):
        taken = {s.get("Sid") for s in statements}
        names = (sid if number == 1 else f"{sid}-{number}" for number in count(1))
        mine["Sid"] = next(name for name in names if name not in taken)
    return {"Version": "2012-10-17", **policy, "Statement": [*statements, mine]}


def _meaning(statement: Mapping[str, Any]) -> dict[str, Any]:
    """`statement` without its name, and with one-element lists as what is in them."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(inner) for key, inner in value.items()}
        return value[0] if isinstance(value, list) and len(value) == 1 else value

    return {key: plain(value) for key, value in statement.items() if key != "Sid"}


def firehose_trust(account: str, set_arn: str) -> dict[str, Any]:
    """Lets SES take the role for one set."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ses.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"AWS:SourceAccount": account, "AWS:SourceArn": set_arn}
                },
            }
        ],
    }


def firehose_permission(stream: str) -> dict[str, Any]:
    """Lets the role put records into `stream`."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["firehose:PutRecordBatch"], "Resource": [stream]}
        ],
    }
