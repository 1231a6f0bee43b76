"""What is known of the things that events pass, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sestui.domain.configset import ConfigurationSet, set_arn
from sestui.domain.destinations.facts import Key, Queue, Role, Stream, Subscription, Topic
from sestui.domain.errors import Problem
from sestui.domain.identity import Identity
from sestui.domain.resource_policy import SES, Request, source_context


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic with all that decides whether events get through it."""

    topic: Topic
    key: Key | Problem | None = None
    """None when it is gone, or none is needed."""
    subscriptions: tuple[Subscription, ...] | Problem = ()

    @property
    def arn(self) -> str:
        return self.topic.arn


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that was read. A `Problem` is what could not be; None what is not there."""

    region: str
    account: str
    set_name: str
    configuration_set: ConfigurationSet | None
    sender: str = ""
    identity: Identity | None = None
    """The one that `sender` is sent with."""
    identity_problem: Problem | None = None
    default_set: str = ""
    topics: Mapping[str, TopicView | Problem | None] = field(default_factory=dict)
    streams: Mapping[str, Stream | Problem | None] = field(default_factory=dict)
    roles: Mapping[str, Role | Problem | None] = field(default_factory=dict)
    queue: Queue | Problem | None = None
    """The person's own, when one is to be used."""

    @property
    def set_arn(self) -> str:
        return set_arn(self.region, self.account, self.set_name)

    def ses_request(self, action: str, resource: str = "") -> Request:
        """What SES asks for when it publishes an event of the set."""
        return Request(SES, action, resource, source_context(self.account, self.set_arn))
