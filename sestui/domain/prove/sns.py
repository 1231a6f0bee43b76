"""Whether SES may publish to a topic: its Region, its kind, its policy and its key.

Sources: Developer Guide, "Set up an Amazon SNS event destination", "Configuring SNS notifications"
(the KMS statement); SNS, "Encryption at rest".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sestui.domain.configset import merged_policy, topic_statement
from sestui.domain.destinations.expected import key_policy, topic_policy
from sestui.domain.destinations.facts import Key, Topic
from sestui.domain.destinations.keys import key_statement
from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.prove.model import Fix, Hop, HopKind, State
from sestui.domain.prove.scene import Scene, TopicView
from sestui.domain.resource_policy import Answer, Ruling, judge

MANAGED_KEY = "alias/aws/sns"
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")


def region_of(arn: str) -> str:
    parts = arn.split(":")
    return parts[3] if len(parts) > 5 else ""


def published_hop(scene: Scene, route: str, arn: str) -> Hop:
    """Whether what SES publishes gets into the topic `arn`."""
    name = arn.rsplit(":", 1)[-1]

    def red(code: str, text: str, fix: Fix) -> Hop:
        return Hop(HopKind.PUBLISHED, State.RED, text, code, route, fix=fix)

    if (region := region_of(arn)) != scene.region:
        text = _("The topic {topic} is in {region}; SES publishes in {own} only.")
        advice = _("Use a topic in {own}.").format(own=scene.region)
        return red(
            "topic_region",
            text.format(topic=name, region=region or "?", own=scene.region),
            Fix(advice),
        )
    if name.endswith(".fifo"):
        text = _("{topic} is a FIFO topic; SES cannot publish to those.").format(topic=name)
        return red("topic_fifo", text, Fix(_("Use a standard topic.")))
    view = scene.topics.get(arn)
    if view is None:
        text = _("The topic {topic} does not exist (any more).").format(topic=name)
        return red("topic_gone", text, Fix(_("Create it again, or choose another topic.")))
    if isinstance(view, Problem):
        fix = Fix(view.advice, text=view.policy)
        return Hop(HopKind.PUBLISHED, State.UNKNOWN, view.what, "unread", route, fix=fix)
    topic = view.topic
    ruling = judge(topic.policy, scene.ses_request("sns:Publish", arn))
    if ruling.answer in (Answer.NO, Answer.DENIED):
        return red(*_policy_trouble(scene, topic, ruling))
    if topic.kms_key and (found := _key_trouble(scene, view)):
        code, text, fix = found
        if code in ("kms_unread", "kms_unsure"):
            return Hop(HopKind.PUBLISHED, State.UNKNOWN, text, code, route, fix=fix)
        return red(code, text, fix)
    if ruling.answer is Answer.UNSURE:
        text = _(
            "Whether the policy of {topic} lets SES in hangs on {key}; what arrives will tell."
        )
        text = text.format(topic=name, key=ruling.key or _("a condition"))
        fix = Fix("", text=_json(ruling.statement))
        return Hop(HopKind.PUBLISHED, State.UNKNOWN, text, "topic_unsure", route, fix=fix)
    text = (
        _("The topic {topic} and its key let SES in.")
        if topic.kms_key
        else _("The topic {topic} lets SES in.")
    )
    return Hop(HopKind.PUBLISHED, State.GREEN, text.format(topic=name), route=route)


Trouble = tuple[str, str, Fix]
"""Code, what is wrong, and the fix."""


def _policy_trouble(scene: Scene, topic: Topic, ruling: Ruling) -> Trouble:
    name = topic.arn.rsplit(":", 1)[-1]
    if ruling.answer is Answer.DENIED:
        text = _("A statement in the policy of {topic} forbids it: {sid}.")
        advice = _("Take it out, or let it leave out ses.amazonaws.com. c copies it.")
        return (
            "topic_denied",
            text.format(topic=name, sid=ruling.sid or _("one without a name")),
            Fix(advice, text=_json(ruling.statement)),
        )
    statement = topic_statement(topic.arn, scene.account, scene.set_arn)
    call = Call(
        "sns",
        "SetTopicAttributes",
        _("Let SES publish to {topic}: one statement is added to its policy").format(topic=name),
        {
            "TopicArn": topic.arn,
            "AttributeName": "Policy",
            "AttributeValue": json.dumps(merged_policy(topic.policy, statement)),
        },
        expected=topic_policy(topic.arn, topic.policy),
    )
    advice = _("Add this statement to its policy; what is there stays.")
    return "topic_policy", _why_not(scene, name, ruling), Fix(advice, (call,), _json(statement))


def _why_not(scene: Scene, topic: str, ruling: Ruling) -> str:
    wanted = ", ".join(value.rsplit("/", 1)[-1] for value in ruling.wanted) or "–"
    match ruling.key.lower():
        case "":
            return _("The policy of {topic} does not let SES publish.").format(topic=topic)
        case "aws:sourcearn":
            text = _("The policy of {topic} lets SES publish for {others}, not for {set}.")
            return text.format(topic=topic, others=wanted, set=scene.set_name)
        case "aws:sourceaccount" | "aws:sourceowner":
            text = _("The policy of {topic} lets SES publish for the account {others}, not {own}.")
            return text.format(topic=topic, others=wanted, own=scene.account)
    text = _("The policy of {topic} lets SES publish only where {key} is {others}.")
    return text.format(topic=topic, key=ruling.key, others=wanted)


def _key_trouble(scene: Scene, view: TopicView) -> Trouble | None:
    topic, key = view.topic, view.key
    name, statement = topic.arn.rsplit(":", 1)[-1], _json(key_statement())
    by_aws = isinstance(key, Key) and key.managed_by_aws
    if by_aws or topic.kms_key.endswith(MANAGED_KEY):
        text = _("{topic} is encrypted with {key}, which AWS manages: SES can never use it.")
        advice = _(
            "Encrypt the topic with a key of your own, in whose policy there is this statement; or "
            "do not encrypt it."
        )
        return (
            "kms_managed",
            text.format(topic=name, key=topic.kms_key),
            Fix(advice, text=statement),
        )
    if isinstance(key, Problem):
        text = _("{topic} is encrypted, and whether SES may use its key was not found out: {why}")
        fix = Fix(key.advice, text=key.policy)
        return "kms_unread", text.format(topic=name, why=key.what), fix
    if key is None:
        text = _("The key with which {topic} is encrypted does not exist: {key}.")
        advice = _("Encrypt the topic with another key, or do not encrypt it.")
        return "kms_gone", text.format(topic=name, key=topic.kms_key), Fix(advice)
    if not key.enabled:
        text = _("The key of {topic} is disabled, or about to be deleted: nothing gets in.")
        advice = _("Enable it again in KMS, or encrypt the topic with another key.")
        return "kms_disabled", text.format(topic=name), Fix(advice)
    return _key_policy_trouble(scene, name, key)


def _key_policy_trouble(scene: Scene, topic: str, key: Key) -> Trouble | None:
    statement = key_statement()
    if key.policy is None:
        text = _("The policy of the key of {topic} may not be read; what arrives will tell.")
        advice = _("This statement has to be in it.")
        return "kms_unread", text.format(topic=topic), Fix(advice, text=_json(statement))
    rulings = [judge(key.policy, scene.ses_request(action)) for action in KEY_ACTIONS]
    if all(ruling.answer is Answer.YES for ruling in rulings):
        return None
    if all(ruling.answer in (Answer.YES, Answer.UNSURE) for ruling in rulings):
        text = _("Whether the policy of its key lets SES in hangs on a condition.")
        return "kms_unsure", text, Fix("", text=_json(statement))
    missing = [
        action
        for action, ruling in zip(KEY_ACTIONS, rulings, strict=True)
        if ruling.answer in (Answer.NO, Answer.DENIED)
    ]
    text = _("{topic} is encrypted, and the policy of its key does not let SES: {actions}.")
    call = Call(
        "kms",
        "PutKeyPolicy",
        _("Let SES use the key: one statement is added to its policy"),
        {
            "KeyId": key.arn,
            "PolicyName": "default",
            "Policy": json.dumps(merged_policy(key.policy, statement)),
        },
        expected=key_policy(key),
    )
    denied = any(ruling.answer is Answer.DENIED for ruling in rulings)
    fix = Fix(
        _("A statement there forbids it. Take that out; this one has to be in it.")
        if denied
        else _("Add this statement to the key's policy; what is there stays."),
        () if denied else (call,),
        _json(statement),
    )
    return "kms_policy", text.format(topic=topic, actions=", ".join(missing)), fix


def _json(value: Mapping[str, Any] | None) -> str:
    return json.dumps(value or {}, indent=2, ensure_ascii=False)
