"""What sestui made and is still there, from the journal and from what AWS says now. Pure.

Only a call that the journal saw succeed counts: a thing that was there before (the call was
tolerated), or of which nobody knows who made it (the call never came back), is never touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sestui.domain.destinations.expected import topic_policy
from sestui.domain.expected import default_set_as_read
from sestui.domain.i18n import _
from sestui.domain.plan import Call, Expected
from sestui.domain.prove.plan import Leftover, Sort, is_temporary, removal_plan

GONE = ("NotFoundException", "NotFound", "NoSuchEntity")


class Kind(StrEnum):
    """In the order in which they can be deleted: what refers to another thing goes first."""

    DESTINATION = "event destination"
    DEFAULT_SET = "default configuration set"
    SUBSCRIPTION = "subscription"
    STATEMENT = "topic policy statement"
    CONFIGURATION_SET = "configuration set"
    RULE = "temporary rule"
    QUEUE = "temporary queue"
    TOPIC = "topic"
    ROLE = "role"
    TEMPLATE = "template"
    IDENTITY = "identity"

    @property
    def word(self) -> str:
        return {
            Kind.DESTINATION: _("event destination"),
            Kind.DEFAULT_SET: _("default set of"),
            Kind.SUBSCRIPTION: _("subscription"),
            Kind.STATEMENT: _("policy statement"),
            Kind.CONFIGURATION_SET: _("configuration set"),
            Kind.RULE: _("temporary rule"),
            Kind.QUEUE: _("temporary queue"),
            Kind.TOPIC: _("SNS topic"),
            Kind.ROLE: _("IAM role"),
            Kind.TEMPLATE: _("template"),
            Kind.IDENTITY: _("identity"),
        }[self]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing sestui made; `within` is what it is part of (a set, a topic), if it is."""

    kind: Kind
    name: str
    within: str = ""
    made: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> tuple[Kind, str, str]:
        return self.kind, self.name, self.within


@dataclass(frozen=True, slots=True)
class Made:
    """What the journal says of one account and Region."""

    things: tuple[Thing, ...]
    unsure: tuple[Thing, ...]
    """Begun, and no answer was written down: sestui may have made them, or not."""


def made(entries: Iterable[Mapping[str, Any]], account: str, region: str) -> Made:
    """The things that were made and not deleted again, newest state last."""
    sure: dict[tuple[Kind, str, str], Thing] = {}
    unsure: dict[tuple[Kind, str, str], Thing] = {}
    for entry in entries:
        if entry.get("account") != account or entry.get("region") != region:
            continue
        event = entry.get("event")
        for thing in _things(entry):
            unsure.pop(thing.key, None)
            if event == "done" and not entry.get("note"):
                sure[thing.key] = thing
            elif (event == "begun" or _maybe(entry)) and thing.key not in sure:
                unsure[thing.key] = thing
        if event == "done":
            for key in _deleted(entry):
                sure.pop(key, None)
                unsure.pop(key, None)
    return Made(_sorted(sure.values()), _sorted(unsure.values()))


def _sorted(things: Iterable[Thing]) -> tuple[Thing, ...]:
    order = list(Kind)
    return tuple(sorted(things, key=lambda thing: (order.index(thing.kind), thing.name)))


def _maybe(entry: Mapping[str, Any]) -> bool:
    trouble = entry.get("problem", {}).get("trouble")
    return entry.get("event") == "failed" and trouble in ("maybe_done", "network")


def _things(entry: Mapping[str, Any]) -> list[Thing]:
    """What a call makes."""
    given: Mapping[str, Any] = entry.get("parameters") or {}
    answer: Mapping[str, Any] = entry.get("answer") or {}
    when = _time(entry.get("at"))

    def thing(kind: Kind, name: str, within: str = "", **detail: Any) -> Thing:
        return Thing(kind, str(given.get(name, "")), str(given.get(within, "")), when, detail)

    match entry.get("service"), entry.get("operation"):
        case "sesv2", "CreateEmailIdentity":
            return [thing(Kind.IDENTITY, "EmailIdentity")]
        case "sesv2", "CreateConfigurationSet":
            return [thing(Kind.CONFIGURATION_SET, "ConfigurationSetName")]
        case "sesv2", "CreateConfigurationSetEventDestination":
            return [thing(Kind.DESTINATION, "EventDestinationName", "ConfigurationSetName")]
        case "sesv2", "PutEmailIdentityConfigurationSetAttributes":
            return [thing(Kind.DEFAULT_SET, "EmailIdentity", "ConfigurationSetName")]
        case "sesv2", "CreateEmailTemplate":
            return [thing(Kind.TEMPLATE, "TemplateName")]
        case "sns", "CreateTopic":
            return [thing(Kind.TOPIC, "Name", arn=str(answer.get("TopicArn", "")))]
        case "sns", "Subscribe" if is_temporary(str(given.get("Endpoint", ""))):
            return []  # of a proof, which is found by its name
        case "sns", "Subscribe":
            arn = str(answer.get("SubscriptionArn", ""))
            return [thing(Kind.SUBSCRIPTION, "Endpoint", "TopicArn", arn=arn)]
        case "sns", "SetTopicAttributes" if given.get("AttributeName") == "Policy":
            topic = str(given.get("TopicArn", ""))
            return [
                Thing(Kind.STATEMENT, str(one["Sid"]), topic, when, {"statement": one})
                for one in statements(_json(given.get("AttributeValue")))
                if str(one.get("Sid", "")).startswith("sestui-")
            ]
        case "iam", "CreateRole":
            return [thing(Kind.ROLE, "RoleName")]
    return []


def _deleted(entry: Mapping[str, Any]) -> list[tuple[Kind, str, str]]:
    given: Mapping[str, Any] = entry.get("parameters") or {}
    match entry.get("service"), entry.get("operation"):
        case "sesv2", "DeleteEmailIdentity":
            return [(Kind.IDENTITY, str(given.get("EmailIdentity")), "")]
        case "sesv2", "DeleteConfigurationSet":
            return [(Kind.CONFIGURATION_SET, str(given.get("ConfigurationSetName")), "")]
        case "sesv2", "DeleteEmailTemplate":
            return [(Kind.TEMPLATE, str(given.get("TemplateName")), "")]
        case "sns", "DeleteTopic":
            return [(Kind.TOPIC, str(given.get("TopicArn")).rsplit(":", 1)[-1], "")]
        case "iam", "DeleteRole":
            return [(Kind.ROLE, str(given.get("RoleName")), "")]
    return []


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _json(text: Any) -> Mapping[str, Any]:
    try:
        value = json.loads(str(text))
    except ValueError:
        return {}
    return value if isinstance(value, Mapping) else {}


def statements(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a policy; one alone may stand there without a list around it."""
    found = policy.get("Statement", [])
    return [found] if isinstance(found, Mapping) else [s for s in found if isinstance(s, Mapping)]


def deletions(
    things: Iterable[Thing], policy_of: Callable[[Thing], Mapping[str, Any] | None]
) -> Iterator[Call]:
    """The calls that delete `things`, in their order.

    Of several statements in one topic, each is taken out of what the one before has left.

    Args:
        policy_of: the policy of the topic that a statement is in, as it is now.
    """
    left: dict[str, Mapping[str, Any]] = {}
    for thing in things:
        policy = policy_of(thing)
        if thing.kind is Kind.STATEMENT:
            policy = left.get(thing.within, policy or {})
            left[thing.within] = _without(policy, thing)
        yield from deletion(thing, policy)


def _without(policy: Mapping[str, Any], thing: Thing) -> dict[str, Any]:
    kept = [each for each in statements(policy) if each != thing.detail["statement"]]
    return {**policy, "Statement": kept}


def deletion(thing: Thing, policy: Mapping[str, Any] | None = None) -> tuple[Call, ...]:
    """The calls that delete `thing`. `policy`: of the topic, for a statement in it."""
    match thing.kind:
        case Kind.DESTINATION:
            words = _("Delete the event destination {name} of {set}")
            words = words.format(name=thing.name, set=thing.within)
            parameters = {
                "ConfigurationSetName": thing.within,
                "EventDestinationName": thing.name,
            }
            return _call("sesv2", "DeleteConfigurationSetEventDestination", words, parameters)
        case Kind.DEFAULT_SET:
            words = _("{name} has no default configuration set any more").format(name=thing.name)
            parameters = {"EmailIdentity": thing.name}
            was = default_set_as_read(thing.name, thing.within)
            return _call(
                "sesv2",
                "PutEmailIdentityConfigurationSetAttributes",
                words,
                parameters,
                expected=was,
            )
        case Kind.SUBSCRIPTION:
            words = _("Unsubscribe {name} from the topic").format(name=thing.name)
            parameters = {"SubscriptionArn": str(thing.detail["arn"])}
            return _call("sns", "Unsubscribe", words, parameters)
        case Kind.STATEMENT:
            words = _("Take the statement {name} out of the topic's policy").format(name=thing.name)
            parameters = {
                "TopicArn": thing.within,
                "AttributeName": "Policy",
                "AttributeValue": json.dumps(_without(policy or {}, thing)),
            }
            was = topic_policy(thing.within, policy or {})
            return _call("sns", "SetTopicAttributes", words, parameters, expected=was)
        case Kind.CONFIGURATION_SET:
            words = _("Delete the configuration set {name}").format(name=thing.name)
            parameters = {"ConfigurationSetName": thing.name}
            return _call("sesv2", "DeleteConfigurationSet", words, parameters)
        case Kind.RULE | Kind.QUEUE:
            sort = Sort.RULE if thing.kind is Kind.RULE else Sort.QUEUE
            where = str(thing.detail.get("id", thing.name))
            return tuple(removal_plan([Leftover(sort, thing.name, where)]))
        case Kind.TOPIC:
            words = _("Delete the SNS topic {name}").format(name=thing.name)
            return _call("sns", "DeleteTopic", words, {"TopicArn": str(thing.detail["arn"])})
        case Kind.ROLE:
            words = _("Delete the role {name}").format(name=thing.name)
            policy_call = _call(
                "iam",
                "DeleteRolePolicy",
                _("Delete the policy in the role {name}").format(name=thing.name),
                {"RoleName": thing.name, "PolicyName": "ses-events"},
            )
            return policy_call + _call("iam", "DeleteRole", words, {"RoleName": thing.name})
        case Kind.TEMPLATE:
            words = _("Delete the template {name}").format(name=thing.name)
            return _call("sesv2", "DeleteEmailTemplate", words, {"TemplateName": thing.name})
        case Kind.IDENTITY:
            words = _("Delete the identity {name}").format(name=thing.name)
            return _call("sesv2", "DeleteEmailIdentity", words, {"EmailIdentity": thing.name})


def _call(
    service: str,
    operation: str,
    words: str,
    parameters: Mapping[str, Any],
    expected: Expected | None = None,
) -> tuple[Call]:
    return (Call(service, operation, words, parameters, tolerate=GONE, expected=expected),)


def of_a_proof(left: Leftover) -> Thing:
    """What an interrupted proof has left, as one of the things that are deleted."""
    match left.sort:
        case Sort.SUBSCRIPTION:
            detail = {"arn": left.id}
            return Thing(Kind.SUBSCRIPTION, left.name, left.within, left.made, detail)
        case Sort.RULE:
            return Thing(Kind.RULE, left.name, "", left.made, {"id": left.id})
        case Sort.QUEUE:
            return Thing(Kind.QUEUE, left.name, "", left.made, {"id": left.id})


def subscriptions_of(things: Sequence[Thing], topic: str) -> frozenset[str]:
    """The endpoints that sestui subscribed to `topic`."""
    return frozenset(t.name for t in things if t.kind is Kind.SUBSCRIPTION and t.within == topic)
