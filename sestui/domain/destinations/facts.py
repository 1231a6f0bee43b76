"""What there is around event destinations, as AWS says. Policies are kept word for word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Policy = Mapping[str, Any]

BY_ATTRIBUTES = "MessageAttributes"
BY_BODY = "MessageBody"


@dataclass(frozen=True, slots=True)
class Topic:
    arn: str
    policy: Policy
    kms_key: str = ""
    subscriptions: tuple[tuple[str, str, bool], ...] = ()
    """Protocol, endpoint, confirmed."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription with its attributes."""

    protocol: str
    endpoint: str
    arn: str = ""
    """Empty while it waits to be confirmed: SNS tells no ARN until then."""
    raw: bool = False
    """RawMessageDelivery: the event alone, without SNS's envelope."""
    filter_policy: str = ""
    """JSON as it is; empty for none."""
    filter_scope: str = BY_ATTRIBUTES

    @property
    def confirmed(self) -> bool:
        return bool(self.arn)


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key."""

    arn: str
    managed_by_aws: bool
    enabled: bool = True
    policy: Policy | None = None
    """None: it may not be read."""


@dataclass(frozen=True, slots=True)
class Queue:
    arn: str
    url: str
    policy: Policy = field(default_factory=dict)
    kms_key: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    arn: str
    status: str = ""
    """ACTIVE, CREATING, DELETING …; empty when it was not asked."""


@dataclass(frozen=True, slots=True)
class Role:
    arn: str
    trust: Policy
    inline: tuple[tuple[str, Policy], ...] | None = None
    """Its own policies by name; None: not read."""
    attached: tuple[Policy, ...] | None = None

    @property
    def name(self) -> str:
        return self.arn.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the default EventBridge bus."""

    name: str
    arn: str
    pattern: Policy | None = None
    """None: it has none (a schedule), or one that cannot be read."""
    enabled: bool = True
    targets: tuple[tuple[str, str], ...] = ()
    """Id and ARN."""
    description: str = ""
    managed_by: str = ""
    """A service whose rule this is; only that may change it."""

    @property
    def of_ses(self) -> bool:
        """It asks for events of SES, among others perhaps."""
        sources = (self.pattern or {}).get("source")
        return isinstance(sources, list) and "aws.ses" in sources


@dataclass(frozen=True, slots=True)
class Existing:
    """What was found of what a form names; what is None is not there, or could not be read."""

    topic: Topic | None = None
    subscriptions: tuple[Subscription, ...] = ()
    """Of the topic."""
    key: Key | None = None
    """That the topic has, or shall have."""
    queues: Mapping[str, Queue] = field(default_factory=dict)
    """Of this account and Region, by ARN, that are named as subscriber or target."""
    rule: Rule | None = None
    old_rules: tuple[Rule, ...] = ()
    """Those that are to go."""
    target_topic: Topic | None = None
    """The topic that the rule sends to."""
    stream: Stream | None = None
    role: Role | None = None
    unread: tuple[str, ...] = ()
    """What could not be read for want of a permission: `topic`, `subscriptions`, `key`, `queues`,
    `rule`, `target_topic`, `stream`, `role`."""
