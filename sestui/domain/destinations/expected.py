"""What changes around event destinations are planned from, to be read again before each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sestui.domain.destinations.facts import Key, Policy, Queue, Role, Rule, Subscription, Topic
from sestui.domain.plan import Expected


def topic_policy(arn: str, policy: Policy) -> Expected:
    return Expected(
        "sns",
        "GetTopicAttributes",
        {"TopicArn": arn},
        _document("Attributes", "Policy"),
        policy or None,
    )


def topic_key(topic: Topic) -> Expected:
    """The key that the topic is encrypted with."""
    return Expected(
        "sns",
        "GetTopicAttributes",
        {"TopicArn": topic.arn},
        lambda answer: _at(answer, "Attributes", "KmsMasterKeyId") or "",
        topic.kms_key,
    )


def queue_policy(queue: Queue) -> Expected:
    return Expected(
        "sqs",
        "GetQueueAttributes",
        {"QueueUrl": queue.url, "AttributeNames": ["QueueArn", "Policy"]},
        _document("Attributes", "Policy"),
        queue.policy or None,
    )


def key_policy(key: Key) -> Expected:
    return Expected(
        "kms",
        "GetKeyPolicy",
        {"KeyId": key.arn, "PolicyName": "default"},
        _document("Policy"),
        key.policy or None,
    )


def role_trust(role: Role) -> Expected:
    return Expected(
        "iam",
        "GetRole",
        {"RoleName": role.name},
        _document("Role", "AssumeRolePolicyDocument"),
        role.trust or None,
    )


def role_policy(role: str, name: str, policy: Policy | None) -> Expected:
    """A role's own policy. None: there is none of this name."""
    return Expected(
        "iam",
        "GetRolePolicy",
        {"RoleName": role, "PolicyName": name},
        _document("PolicyDocument"),
        policy or None,
    )


def subscription_filter(subscription: Subscription) -> Expected:
    return Expected(
        "sns",
        "GetSubscriptionAttributes",
        {"SubscriptionArn": subscription.arn},
        _document("Attributes", "FilterPolicy"),
        _parsed(subscription.filter_policy),
    )


def rule_as_read(name: str, rule: Rule | None) -> Expected:
    """A rule without its targets; None: there is none of this name."""

    def read(answer: Mapping[str, Any]) -> object:
        if not answer:
            return None
        pattern = _parsed(answer.get("EventPattern"))
        return (
            pattern if isinstance(pattern, dict) else None,
            answer.get("State") != "DISABLED",
            answer.get("Description") or "",
        )

    was = None if rule is None else (rule.pattern, rule.enabled, rule.description)
    return Expected("events", "DescribeRule", {"Name": name}, read, was)


def rule_targets(name: str, targets: tuple[tuple[str, str], ...]) -> Expected:
    """Id and ARN of each: an id that is taken meanwhile would be given another target."""
    return Expected(
        "events",
        "ListTargetsByRule",
        {"Rule": name},
        lambda answer: {(each["Id"], each["Arn"]) for each in answer.get("Targets") or ()},
        set(targets),
    )


def _document(*path: str) -> Callable[[Mapping[str, Any]], object]:
    """Reads the policy there; None: there is none, or an empty one."""
    return lambda answer: _parsed(_at(answer, *path))


def _at(answer: Mapping[str, Any], *path: str) -> Any:
    found: Any = answer
    for step in path:
        found = (found or {}).get(step)
    return found


def _parsed(text: Any) -> Any:
    """JSON, which the SDK may have parsed already. What cannot be parsed stays a text."""
    if isinstance(text, str):
        try:
            return json.loads(text) or None
        except (ValueError, RecursionError):
            return text or None
    return text or None
