"""What a proof makes in the account, and how it is removed again.

All of it has a name that begins with `PREFIX`, so that it is known for what it is by whoever finds
it; the queue has a tag, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sestui.domain.configset import DestinationKind
from sestui.domain.i18n import _
from sestui.domain.plan import Call, Plan
from sestui.domain.prove.model import Route
from sestui.domain.regions import partition
from sestui.domain.resource_policy import EVENTS, SNS

PREFIX = "sestui-prove-"
TAG = ("sestui", "temporary")
TARGET = "sestui"
RETENTION = 3600
"""Seconds: a queue that is left behind forgets its messages by itself."""
IN_USE = timedelta(minutes=10)
"""A thing that is younger may be of a proof that runs elsewhere."""

NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
NO_RULE = ("ResourceNotFoundException",)
NO_SUBSCRIPTION = ("NotFound", "NotFoundException")


def is_temporary(arn: str) -> bool:
    """True for the name of something a proof has made, by ARN."""
    return arn.replace("/", ":").rsplit(":", 1)[-1].startswith(PREFIX)


def queue_arn(region: str, account: str, name: str) -> str:
    return f"arn:{partition(region)}:sqs:{region}:{account}:{name}"


def rule_arn(region: str, account: str, name: str) -> str:
    """Of a rule on the default bus."""
    return f"arn:{partition(region)}:events:{region}:{account}:rule/{name}"


def queue_policy_for(queue: str, service: str, source: str) -> dict[str, Any]:
    """Lets `service` send to `queue` for `source` alone (SNS: "Subscribing a queue to a topic")."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "sestui",
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sqs:SendMessage",
                "Resource": queue,
                "Condition": {"ArnEquals": {"aws:SourceArn": source}},
            }
        ],
    }


def setup_plan(route: Route, set_name: str, *, raw: bool = False) -> tuple[Call, ...]:
    """Make the temporary queue of `route`, and lead the events of the set into it."""
    name = route.queue.rsplit(":", 1)[-1]
    region, account = route.queue.split(":")[3:5]
    if route.kind is DestinationKind.SNS:
        return (_queue_call(route.queue, SNS, route.topic), _subscribe_call(route, raw))
    source = rule_arn(region, account, route.rule)
    pattern = {"source": ["aws.ses"], "detail": {"mail": {"tags": {_SET_TAG: [set_name]}}}}
    return (
        _queue_call(route.queue, EVENTS, source),
        Call(
            "events",
            "PutRule",
            _("Create the temporary rule {name}, for events of {set}").format(
                name=route.rule, set=set_name
            ),
            {
                "Name": route.rule,
                "EventPattern": json.dumps(pattern),
                "Tags": [{"Key": TAG[0], "Value": TAG[1]}],
            },
        ),
        Call(
            "events",
            "PutTargets",
            _("Let the rule send them to {queue}").format(queue=name),
            {"Rule": route.rule, "Targets": [{"Id": TARGET, "Arn": route.queue}]},
        ),
    )


_SET_TAG = "ses:configuration-set"


def _queue_call(arn: str, service: str, source: str) -> Call:
    name = arn.rsplit(":", 1)[-1]
    return Call(
        "sqs",
        "CreateQueue",
        _("Create the temporary queue {name}").format(name=name),
        {
            "QueueName": name,
            "Attributes": {
                "MessageRetentionPeriod": str(RETENTION),
                "Policy": json.dumps(queue_policy_for(arn, service, source)),
            },
            "tags": {TAG[0]: TAG[1]},
        },
    )


def _subscribe_call(route: Route, raw: bool) -> Call:
    parameters: dict[str, Any] = {
        "TopicArn": route.topic,
        "Protocol": "sqs",
        "Endpoint": route.queue,
        "ReturnSubscriptionArn": True,
    }
    if raw:
        parameters["Attributes"] = {"RawMessageDelivery": "true"}
    words = _("Subscribe it to the topic {topic}").format(topic=route.topic.rsplit(":", 1)[-1])
    return Call("sns", "Subscribe", words, parameters)


class Sort(StrEnum):
    """In the order in which they can be removed."""

    SUBSCRIPTION = "subscription"
    RULE = "rule"
    QUEUE = "queue"

    @property
    def word(self) -> str:
        return {
            Sort.SUBSCRIPTION: _("subscription"),
            Sort.RULE: _("EventBridge rule"),
            Sort.QUEUE: _("queue"),
        }[self]


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that a proof has made and that is still there."""

    sort: Sort
    name: str
    """Of the queue or the rule; of a subscription, that of the queue it leads to."""
    id: str
    """The queue's URL, the subscription's ARN, the rule's name."""
    within: str = ""
    """ARN of the subscription's topic."""
    made: datetime | None = None
    known: bool = False
    """The journal of this machine has it."""

    def may_be_in_use(self, now: datetime) -> bool:
        """It is so young that a proof may be under way with it at this moment."""
        return self.made is not None and now - self.made < IN_USE


def removal_plan(things: Iterable[Leftover]) -> Plan:
    """The calls that remove `things`; what is gone already does no harm."""
    order = list(Sort)
    calls: list[Call] = []
    for thing in sorted(things, key=lambda each: (order.index(each.sort), each.name)):
        match thing.sort:
            case Sort.SUBSCRIPTION:
                words = _("Unsubscribe {name} from the topic").format(name=thing.name)
                calls.append(
                    Call(
                        "sns", "Unsubscribe", words, {"SubscriptionArn": thing.id}, NO_SUBSCRIPTION
                    )
                )
            case Sort.RULE:
                calls += _rule_removal(thing.id)
            case Sort.QUEUE:
                words = _("Delete the temporary queue {name}").format(name=thing.name)
                calls.append(Call("sqs", "DeleteQueue", words, {"QueueUrl": thing.id}, NO_QUEUE))
    return tuple(calls)


def _rule_removal(name: str) -> tuple[Call, ...]:
    targets = _("Take the target off the rule {name}").format(name=name)
    rule = _("Delete the temporary rule {name}").format(name=name)
    return (
        Call("events", "RemoveTargets", targets, {"Rule": name, "Ids": [TARGET]}, NO_RULE),
        Call("events", "DeleteRule", rule, {"Name": name}, NO_RULE),
    )
