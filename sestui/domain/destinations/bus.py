"""EventBridge: the default bus, and a rule there that sends the events on.

Sources: SES Developer Guide, "Set up an EventBridge event destination" and "Monitoring using
EventBridge"; EventBridge User Guide, "Using resource-based policies" (what each target needs; no
role for these; no Condition in a topic's policy, for EventBridge fills none in).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sestui.domain.configset.model import EventType
from sestui.domain.configset.policies import default_bus
from sestui.domain.destinations.edits import PolicyEdit, with_statement
from sestui.domain.destinations.expected import rule_as_read, rule_targets, topic_policy
from sestui.domain.destinations.facts import Existing, Queue, Rule, Topic
from sestui.domain.destinations.place import Place, last
from sestui.domain.destinations.subscriptions import invoke_permission, queue_edit
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.plan import Call
from sestui.domain.resource_policy import Answer, answer
from sestui.domain.text import quoted

EVENTS = "events.amazonaws.com"
DETAIL_TYPES = {
    EventType.SEND: "Email Sent",
    EventType.DELIVERY: "Email Delivered",
    EventType.BOUNCE: "Email Bounced",
    EventType.COMPLAINT: "Email Complaint Received",
    EventType.REJECT: "Email Rejected",
    EventType.DELIVERY_DELAY: "Email Delivery Delayed",
    EventType.RENDERING_FAILURE: "Email Rendering Failed",
    EventType.SUBSCRIPTION: "Email Subscribed",
    EventType.OPEN: "Email Opened",
    EventType.CLICK: "Email Clicked",
}
MOST_TARGETS = 5
"""Of a rule (EventBridge quotas)."""
_RULE = re.compile(r"[.\-_A-Za-z0-9]{1,64}")
_GONE = ("ResourceNotFoundException",)
Step = PolicyEdit | Call


@dataclass(frozen=True, slots=True)
class BusForm:
    bus: str = ""
    """Empty: the default one, which is the only one that SES publishes to."""
    rule: str = ""
    """Empty: no rule is made."""
    target: str = ""
    """ARN of a queue, topic, function or log group; or a log group's name, which begins with /."""
    remove: tuple[str, ...] = ()
    """Names of rules that are to go."""


def judge_bus(form: BusForm, place: Place, existing: Existing) -> Iterator[tuple[str, str]]:
    """Field (`bus`, `rule`, `target`) and why it cannot be."""
    if form.bus.strip() not in ("", "default", default_bus(place.region, place.account)):
        yield (
            "bus",
            _("SES publishes to the default bus only. A rule there can send them on to yours."),
        )
    rule = form.rule.strip()
    if not rule:
        if form.target.strip():
            yield "rule", _("The target needs a rule; type a name for it.")
        return
    if not _RULE.fullmatch(rule):
        yield "rule", _("Letters, digits, dots, - and _ only, 64 at most.")
    elif "rule" in existing.unread:
        yield "rule", _("Whether there is such a rule could not be read; it might be replaced.")
    elif (found := existing.rule) is not None:
        yield from _rule_problems(found)
    try:
        target = target_arn(form.target, place)
    except InvalidName as error:
        yield "target", str(error)
        return
    others = set(dict(existing.rule.targets).values()) if existing.rule is not None else set()
    if target not in others and len(others) >= MOST_TARGETS:
        yield "target", _("The rule has {n} targets, as many as may be.").format(n=MOST_TARGETS)


def _rule_problems(found: Rule) -> Iterator[tuple[str, str]]:
    if found.managed_by:
        text = _("This rule is {service}'s; choose another name.")
        yield "rule", text.format(service=quoted(found.managed_by))
    elif not found.of_ses:
        yield "rule", _("There is a rule of this name for something else; choose another name.")


def advise_bus(
    form: BusForm, set_name: str, events: Iterable[EventType], place: Place, existing: Existing
) -> Iterator[tuple[str, str]]:
    """Field and what is worth knowing about it; it stops nothing."""
    rule = form.rule.strip()
    if not rule:
        yield "rule", _("Without a rule nobody gets the events. Leave it empty if there is one.")
        return
    found = existing.rule
    if found is not None and found.of_ses:
        if not found.enabled:
            yield "rule", _("This rule is off; it is switched on.")
        if found.pattern != pattern(set_name, events):
            yield "rule", _("This rule is there; its pattern is replaced by one for these events.")
    try:
        target = target_arn(form.target, place)
    except InvalidName:
        return
    service = target.split(":")[2]
    if service == "sqs" and place.here(target) and target not in existing.queues:
        yield "target", _("There is no such queue here, or it may not be read.")
    elif service == "sns" and existing.target_topic is None:
        yield "target", _("There is no such topic here, or it may not be read.")
    elif not place.here(target):
        yield "target", _("It is elsewhere: its owner must let EventBridge in.")


def target_arn(typed: str, place: Place) -> str:
    """The ARN of a target. Raises InvalidName: none that is offered here."""
    text = typed.strip()
    if re.fullmatch(r"/[\w./#-]{1,511}", text, re.ASCII):
        return place.log_group(text)
    parts = text.split(":", 6)
    if len(parts) < 6 or parts[0] != "arn" or not text.isprintable() or " " in text:
        raise InvalidName(
            _("The ARN of a queue, topic, function or log group; or /aws/events/… for a log group.")
        )
    if parts[2] not in ("sqs", "sns", "lambda", "logs"):
        raise InvalidName(_("Here a rule sends to a queue, topic, function or log group."))
    if parts[3] != place.region:
        text = _("It must be in {region}, as the rule is.")
        raise InvalidName(text.format(region=place.region))
    if typed.strip().endswith(".fifo"):
        raise InvalidName(_("A FIFO queue or topic needs a message group; use a standard one."))
    return typed.strip().removesuffix(":*")


def pattern(set_name: str, events: Iterable[EventType]) -> dict[str, Any]:
    """Matches the chosen events of one configuration set."""
    chosen = set(events)
    return {
        "source": ["aws.ses"],
        "detail-type": [word for event, word in DETAIL_TYPES.items() if event in chosen],
        "detail": {"mail": {"tags": {"ses:configuration-set": [set_name]}}},
    }


def bus_steps(
    form: BusForm, set_name: str, events: Iterable[EventType], place: Place, existing: Existing
) -> Iterator[Step]:
    """The rule, what its target must allow, and then the target.

    Raises:
        InvalidName: `judge_bus` says so of the field.
    """
    for each in existing.old_rules:
        if each.name in form.remove:
            yield from remove_rule(each)
    name = form.rule.strip()
    if not name:
        return
    found = existing.rule if existing.rule is not None and existing.rule.name == name else None
    target = target_arn(form.target, place)
    wanted = pattern(set_name, events)
    if found is None or found.pattern != wanted or not found.enabled:
        yield _put_rule(name, wanted, found)
    yield from _let_in(target, place.rule(name), place, existing)
    if found is None or target not in dict(found.targets).values():
        taken = {key for key, _arn in found.targets} if found else set()
        ids = (f"sestui-{n}" for n in range(1, MOST_TARGETS + 2))
        entry = {"Id": next(each for each in ids if each not in taken), "Arn": target}
        words = _("Send what the rule {rule} finds to {target}").format(
            rule=name, target=last(target)
        )
        parameters = {"Rule": name, "Targets": [entry]}
        was = rule_targets(name, found.targets if found else ())
        yield Call("events", "PutTargets", words, parameters, expected=was)


def _put_rule(name: str, wanted: dict[str, Any], found: Rule | None) -> Call:
    words = (
        _("Create the rule {rule} on the default bus")
        if found is None
        else _("Change the rule {rule} on the default bus")
    )
    parameters = {"Name": name, "EventPattern": json.dumps(wanted), "State": "ENABLED"}
    if found is not None and found.description:
        # PutRule replaces the whole rule; what is left out of it is gone.
        parameters["Description"] = found.description
    was = rule_as_read(name, found)
    return Call("events", "PutRule", words.format(rule=name), parameters, expected=was)


def _let_in(target: str, rule: str, place: Place, existing: Existing) -> Iterator[Step]:
    """What the target must allow, where that can be said from here."""
    match target.split(":")[2]:
        case "sqs" if (queue := existing.queues.get(target)) is not None:
            yield from _open_queue(queue, rule, place)
        case "sns" if (topic := existing.target_topic) is not None and topic.arn == target:
            yield from _open_topic(topic)
        case "lambda":
            yield invoke_permission(target, EVENTS, rule)
        case "logs" if place.here(target):
            yield from _open_logs(target, rule)
        case _elsewhere:
            pass


def _open_queue(queue: Queue, rule: str, place: Place) -> Iterator[PolicyEdit]:
    context = {"aws:sourcearn": rule, "aws:sourceaccount": place.account}
    found = answer(
        queue.policy, service=EVENTS, action="sqs:SendMessage", resource=queue.arn, context=context
    )
    if found is Answer.YES:
        return
    statement = {
        "Sid": "sestui-" + "".join(c for c in last(rule) if c.isalnum()),
        "Effect": "Allow",
        "Principal": {"Service": EVENTS},
        "Action": "sqs:SendMessage",
        "Resource": queue.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    title = _("Let the rule {rule} put messages into the queue {queue}")
    yield queue_edit(queue, statement, title.format(rule=last(rule), queue=last(queue.arn)))


def _open_topic(topic: Topic) -> Iterator[PolicyEdit]:
    """Without a condition: EventBridge gives none of the keys when it publishes to a topic."""
    found = answer(topic.policy, service=EVENTS, action="sns:Publish", resource=topic.arn)
    if found is Answer.YES:
        return
    statement = {
        "Sid": "sestui-events",
        "Effect": "Allow",
        "Principal": {"Service": EVENTS},
        "Action": "sns:Publish",
        "Resource": topic.arn,
    }
    after = with_statement(topic.policy, statement)
    title = _("Let EventBridge publish to the topic {topic}").format(topic=last(topic.arn))
    parameters = {
        "TopicArn": topic.arn,
        "AttributeName": "Policy",
        "AttributeValue": json.dumps(after),
    }
    was = topic_policy(topic.arn, topic.policy)
    call = Call("sns", "SetTopicAttributes", title, parameters, expected=was)
    yield PolicyEdit(title, topic.policy, after, call)


def _open_logs(target: str, rule: str) -> Iterator[Call]:
    """The group, and a policy under a name of its own: no other one is replaced."""
    group = target.split(":", 6)[6]
    words = _("Create the log group {name}").format(name=group)
    taken = ("ResourceAlreadyExistsException",)
    yield Call("logs", "CreateLogGroup", words, {"logGroupName": group}, taken)
    common = {
        "Effect": "Allow",
        "Principal": {"Service": [EVENTS, "delivery.logs.amazonaws.com"]},
    }
    create = {**common, "Action": "logs:CreateLogStream", "Resource": f"{target}:*"}
    put = {
        **common,
        "Action": "logs:PutLogEvents",
        "Resource": f"{target}:*:*",
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    document = {"Version": "2012-10-17", "Statement": [create, put]}
    parameters = {
        "policyName": f"sestui-{last(rule)}",
        "policyDocument": json.dumps(document),
    }
    words = _("Let the rule {rule} write to the log group {name}")
    yield Call("logs", "PutResourcePolicy", words.format(rule=last(rule), name=group), parameters)


def remove_rule(rule: Rule) -> Iterator[Call]:
    """Its targets go first, or it would stay."""
    if rule.targets:
        words = _("Take the targets of the rule {rule} away").format(rule=rule.name)
        parameters = {"Rule": rule.name, "Ids": [key for key, _arn in rule.targets]}
        yield Call("events", "RemoveTargets", words, parameters, _GONE)
    words = _("Delete the rule {rule}").format(rule=rule.name)
    yield Call("events", "DeleteRule", words, {"Name": rule.name}, _GONE)
