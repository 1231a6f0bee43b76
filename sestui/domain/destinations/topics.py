"""An SNS topic for events: picked or created, opened to SES, with who gets its messages.

Sources: SES Developer Guide, "Set up an Amazon SNS event destination" (standard topics of the same
Region; the policy comes before the destination) and "Configuring Amazon SNS notifications" (keys).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sestui.domain.configset.policies import topic_statement
from sestui.domain.destinations.edits import PolicyEdit, with_statement
from sestui.domain.destinations.expected import topic_key, topic_policy
from sestui.domain.destinations.facts import Existing, Topic
from sestui.domain.destinations.keys import key_advice, key_edits, key_problem
from sestui.domain.destinations.place import Place, last
from sestui.domain.destinations.subscriptions import (
    Subscriber,
    changes_of,
    queue_advice,
    queue_edits,
    queues_named,
    subscribe,
    subscriber_problems,
    unsubscribe,
)
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.plan import Call
from sestui.domain.resource_policy import SES, Answer, answer

Step = PolicyEdit | Call
"""Of a plan: a call, or one that changes a policy, with what it was."""


class Encryption(StrEnum):
    AS_IS = "as_is"
    """As the topic has it; none for a new one."""
    NONE = "none"
    KEY = "key"

    @property
    def word(self) -> str:
        return {
            Encryption.AS_IS: _("as it is"),
            Encryption.NONE: _("no key"),
            Encryption.KEY: _("a key of your own"),
        }[self]


@dataclass(frozen=True, slots=True)
class TopicForm:
    topic: str = "ses-events"
    """A name, or an ARN."""
    encryption: Encryption = Encryption.AS_IS
    key: str = ""
    """Of `Encryption.KEY`: an ARN, an id or alias/…"""
    add: tuple[Subscriber, ...] = ()
    change: tuple[tuple[str, Subscriber], ...] = ()
    """By the ARN of the subscription."""
    remove: tuple[str, ...] = ()
    """ARNs of subscriptions. One that is not confirmed has none, and goes by itself."""
    again: tuple[str, ...] = ()
    """Endpoints that did not confirm, and are asked once more."""


def judge_topic(form: TopicForm, place: Place, existing: Existing) -> Iterator[tuple[str, str]]:
    """Field (`topic`, `encryption`, `key`, `add.0.endpoint` …) and why it cannot be."""
    try:
        place.topic(form.topic)
    except InvalidName as error:
        yield "topic", str(error)
    if form.encryption is Encryption.KEY and not form.key.strip():
        yield "key", _("Choose a key, or type its ARN or alias/… name.")
    elif text := key_problem(
        wanted_key(form, existing.topic), existing.key, place, unread="key" in existing.unread
    ):
        yield "key" if form.encryption is Encryption.KEY else "encryption", text
    for number, each in enumerate(form.add):
        for field, text in subscriber_problems(each, place):
            yield f"add.{number}.{field}", text
    known = {each.arn: each for each in existing.subscriptions}
    for number, (arn, each) in enumerate(form.change):
        for field, text in subscriber_problems(each, place):
            # What is subscribed already may be of a kind that this version does not know.
            if field != "endpoint" or arn not in known:
                yield f"change.{number}.{field}", text


def advise_topic(
    form: TopicForm, set_arn: str, place: Place, existing: Existing
) -> Iterator[tuple[str, str]]:
    """Field and what is worth knowing about it; it stops nothing."""
    topic = existing.topic
    try:
        arn = place.topic(form.topic)
    except InvalidName:
        return
    if "topic" in existing.unread:
        yield "topic", _("Whether there is such a topic could not be read.")
    elif topic is None:
        yield "topic", _("There is no such topic yet; it will be created.")
    elif publishing(topic, set_arn, place) is Answer.DENIED:
        yield (
            "topic",
            _("The topic's policy forbids it to SES outright. Take that Deny away first."),
        )
    elif topic_edit(topic, set_arn, place) is not None:
        yield "topic", _("SES may not publish there yet; a statement is added to its policy.")
    if not place.here(arn):
        yield "topic", _("A topic of another account: only its owner can let SES publish there.")
    key = wanted_key(form, topic)
    if text := key_advice(key, existing.key, unread="key" in existing.unread):
        yield "key" if form.encryption is Encryption.KEY else "encryption", text
    elif form.encryption is Encryption.NONE and topic is not None and topic.kms_key:
        yield "encryption", _("Messages are no longer encrypted with a key that you can see.")
    for number, each in enumerate(form.add):
        if text := queue_advice(each.endpoint, place, existing):
            yield f"add.{number}.endpoint", text
        elif each.raw is False and each.endpoint.strip().startswith("http://"):
            yield f"add.{number}.endpoint", _("Unencrypted: anyone on the way reads the events.")


def wanted_key(form: TopicForm, topic: Topic | None) -> str:
    """The key that the topic shall have; empty for none."""
    match form.encryption:
        case Encryption.KEY:
            return form.key.strip()
        case Encryption.NONE:
            return ""
        case _as_is:
            return topic.kms_key if topic is not None else ""


def topic_steps(form: TopicForm, set_arn: str, place: Place, existing: Existing) -> Iterator[Step]:
    """All that must be so before SES may publish, and then the subscriptions.

    Raises:
        InvalidName: `judge_topic` says so of the field.
    """
    arn = place.topic(form.topic)
    key = wanted_key(form, existing.topic)
    if key:
        yield from key_edits(existing.key, place)
    if existing.topic is None:
        if "topic" not in existing.unread:
            yield new_topic(arn, set_arn, place, key)
    else:
        if form.encryption is not Encryption.AS_IS and key != existing.topic.kms_key:
            yield _encrypt(existing.topic, key)
        if (edit := topic_edit(existing.topic, set_arn, place)) is not None:
            yield edit
    yield from _subscriptions(form, arn, place, existing)


def _subscriptions(form: TopicForm, arn: str, place: Place, existing: Existing) -> Iterator[Step]:
    there = {each.endpoint: each for each in existing.subscriptions}
    by_arn = {each.arn: each for each in existing.subscriptions if each.arn}
    for gone in form.remove:
        if gone in by_arn:
            yield unsubscribe(by_arn[gone])
    for queue in queues_named(form.add, place):
        if queue in existing.queues:
            yield from queue_edits(existing.queues[queue], arn, place)
    for each in form.add:
        if each.endpoint.strip() not in there:
            yield from subscribe(arn, each)
    for endpoint in form.again:
        if endpoint in there and not there[endpoint].confirmed:
            # Without attributes: SNS has kept those it was given.
            yield from subscribe(arn, Subscriber(endpoint))
    for changed, each in form.change:
        if changed in by_arn:
            yield from changes_of(by_arn[changed], each)


def publishing(topic: Topic, set_arn: str, place: Place) -> Answer:
    """Whether the topic's policy lets SES publish events of the set."""
    context = {"aws:sourcearn": set_arn, "aws:sourceaccount": place.account}
    return answer(
        topic.policy, service=SES, action="sns:Publish", resource=topic.arn, context=context
    )


def topic_edit(topic: Topic, set_arn: str, place: Place) -> PolicyEdit | None:
    """The topic's policy with one statement for the set; None when it is let in already.

    Each set has a statement of its own, so that no statement of the person's is touched.
    """
    if publishing(topic, set_arn, place) in (Answer.YES, Answer.DENIED):
        return None
    after = with_statement(topic.policy, topic_statement(topic.arn, place.account, set_arn))
    title = _("Let SES publish to the topic: one statement is added to its policy")
    parameters = {
        "TopicArn": topic.arn,
        "AttributeName": "Policy",
        "AttributeValue": json.dumps(after),
    }
    was = topic_policy(topic.arn, topic.policy)
    call = Call("sns", "SetTopicAttributes", title, parameters, expected=was)
    return PolicyEdit(title, topic.policy, after, call)


def new_topic(arn: str, set_arn: str, place: Place, key: str = "") -> PolicyEdit:
    """Create a standard topic to which SES may publish."""
    statement = topic_statement(arn, place.account, set_arn)
    policy = with_statement(default_topic_policy(arn, place.account), statement)
    attributes = {"Policy": json.dumps(policy)}
    if key:
        attributes["KmsMasterKeyId"] = key
    title = _("Create the SNS topic {name}, to which SES may publish").format(name=last(arn))
    call = Call("sns", "CreateTopic", title, {"Name": last(arn), "Attributes": attributes})
    return PolicyEdit(title, None, policy, call)


def _encrypt(topic: Topic, key: str) -> Call:
    words = (
        _("Encrypt the topic {name} with {key}")
        if key
        else _("Take the key of the topic {name} away")
    )
    parameters = {"TopicArn": topic.arn, "AttributeName": "KmsMasterKeyId", "AttributeValue": key}
    words = words.format(name=last(topic.arn), key=key)
    return Call("sns", "SetTopicAttributes", words, parameters, expected=topic_key(topic))


def default_topic_policy(topic: str, account: str) -> dict[str, Any]:
    """What SNS gives a new topic by itself; a policy given at creation replaces it."""
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [
                    "SNS:GetTopicAttributes",
                    "SNS:SetTopicAttributes",
                    "SNS:AddPermission",
                    "SNS:RemovePermission",
                    "SNS:DeleteTopic",
                    "SNS:Subscribe",
                    "SNS:ListSubscriptionsByTopic",
                    "SNS:Publish",
                ],
                "Resource": topic,
                "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
            }
        ],
    }
