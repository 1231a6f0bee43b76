"""Whether the filter policy of a subscription lets an event of SES through.

SES sets no message attributes, so a policy over those (the default scope) can only let nothing
through, or what lacks them. Source: SNS Developer Guide, "Filter policy scope", "Filter policy
constraints".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sestui.domain.destinations.facts import BY_BODY


def lets_through(policy: str, scope: str, event: Mapping[str, Any]) -> bool | None:
    """None when it hangs on something that cannot be told from `event`.

    Args:
        policy: of the subscription, JSON; empty for none.
        scope: MessageBody or MessageAttributes; empty is the latter.
        event: as SES will publish it, as far as it is known.
    """
    if not policy.strip():
        return True
    try:
        rules = json.loads(policy)
        if not isinstance(rules, dict):
            return None
        if not rules:
            return True
        if scope != BY_BODY:
            return _without_attributes(rules)
        return _object(rules, [event])
    except (ValueError, RecursionError):
        return None


def _without_attributes(rules: Mapping[str, Any]) -> bool:
    """Only `{"exists": false}` holds of an attribute that is not there."""

    def holds(key: str, rule: Any) -> bool:
        if key == "$or":
            return any(_without_attributes(each) for each in _list(rule) if isinstance(each, dict))
        return any(isinstance(each, dict) and each.get("exists") is False for each in _list(rule))

    return all(holds(key, rule) for key, rule in rules.items())


def _object(rules: Mapping[str, Any], nodes: list[Any]) -> bool | None:
    return _all(_member(key, rule, nodes) for key, rule in rules.items())


def _member(key: str, rule: Any, nodes: list[Any]) -> bool | None:
    if key == "$or":
        return _any(_object(each, nodes) for each in _list(rule) if isinstance(each, dict))
    found: list[Any] = []
    for node in nodes:
        if isinstance(node, Mapping) and key in node:
            found += _list(node[key])
    if isinstance(rule, Mapping):
        return _object(rule, found) if found else None
    if not found:  # what is known of the event does not reach so far
        return None
    return _any(_leaf(each, found) for each in _list(rule))


def _leaf(rule: Any, values: list[Any]) -> bool | None:
    """One of the alternatives of a key."""
    if not isinstance(rule, Mapping):
        return any(type(rule) is type(value) and rule == value for value in values)
    if len(rule) != 1:
        return None
    ((name, wanted),) = rule.items()
    texts = [value for value in values if isinstance(value, str)]
    match name:
        case "exists":
            return wanted is True
        case "prefix" if isinstance(wanted, str):
            return any(text.startswith(wanted) for text in texts)
        case "suffix" if isinstance(wanted, str):
            return any(text.endswith(wanted) for text in texts)
        case "equals-ignore-case" if isinstance(wanted, str):
            return any(text.lower() == wanted.lower() for text in texts)
        case "anything-but" if not isinstance(wanted, Mapping):
            return any(value not in _list(wanted) for value in values)
        case "anything-but" if isinstance(wanted, Mapping):
            inner = _leaf(wanted, values)
            return None if inner is None else not inner
    return None


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    if False in found:
        return False
    return None if None in found else True


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    if True in found:
        return True
    return None if None in found else False


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
