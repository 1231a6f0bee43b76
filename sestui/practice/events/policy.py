"""Whether a resource policy lets Amazon SES act: the part of IAM's rules that such policies use."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "stringequals": lambda value, wanted: value == wanted,
    "stringequalsignorecase": lambda value, wanted: value.lower() == wanted.lower(),
    "stringlike": lambda value, wanted: matches(wanted, value),
    "arnequals": lambda value, wanted: matches(wanted, value),
    "arnlike": lambda value, wanted: matches(wanted, value),
    "bool": lambda value, wanted: value.lower() == wanted.lower(),
}
_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
_FORALL = re.compile(r"^for(any|all)values?:", re.IGNORECASE)


def ses_context(account: str, source_arn: str) -> dict[str, str]:
    """The condition keys of a request that SES makes for a configuration set.

    The default topic policy has no statement about SES; it lets everyone in whose SourceOwner is
    the topic's account, and that includes SES acting for it.
    """
    return {
        "aws:sourceaccount": account,
        "aws:sourceowner": account,
        "aws:sourcearn": source_arn,
        "aws:securetransport": "true",
        "aws:principalservicename": "ses.amazonaws.com",
    }


def allows(
    policy: str | Mapping[str, Any],
    *,
    service: str,
    action: str,
    resource: str = "",
    context: Mapping[str, str],
) -> bool:
    """Whether `policy` allows `action` to the service principal; an explicit Deny wins.

    A policy that is no JSON, and a statement with an element not known here, allow nothing.
    """
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except ValueError:
            return False
    if not isinstance(policy, Mapping):
        return False
    allowed = False
    for statement in _list(policy.get("Statement")):
        if not isinstance(statement, Mapping):
            continue
        if not (
            _is_principal(statement, service)
            and any(matches(str(each), action, fold=True) for each in _list(statement["Action"]))
            and _is_resource(statement, resource)
            and _conditions_hold(statement.get("Condition", {}), context)
        ):
            continue
        if statement.get("Effect") == "Deny":
            return False
        allowed = allowed or statement.get("Effect") == "Allow"
    return allowed


def matches(pattern: str, value: str, *, fold: bool = False) -> bool:
    """IAM's wildcards: `*` and `?`, and nothing else."""
    if fold:
        pattern, value = pattern.lower(), value.lower()
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def _is_principal(statement: Mapping[str, Any], service: str) -> bool:
    if "Action" not in statement:
        return False
    principal = statement.get("Principal", "*" if "NotPrincipal" not in statement else None)
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    return "*" in _list(principal.get("AWS")) or service in _list(principal.get("Service"))


def _is_resource(statement: Mapping[str, Any], resource: str) -> bool:
    if "NotResource" in statement:
        return False
    wanted = _list(statement.get("Resource", "*"))
    return not resource or any(matches(str(each), resource) for each in wanted)


def _conditions_hold(conditions: Any, context: Mapping[str, str]) -> bool:
    """All operators and keys must hold; of one key's values, one is enough."""
    for raw, keys in conditions.items():
        name = _FORALL.sub("", raw).lower()
        optional = name.endswith("ifexists")
        name = name.removesuffix("ifexists")
        negated = name in _NEGATED
        operator = _OPERATORS.get(_NEGATED.get(name, name))
        if operator is None:
            return False
        for key, wanted in keys.items():
            value = context.get(key.lower())
            if value is None:
                if optional or negated:
                    continue
                return False
            if any(operator(value, _text(each)) for each in _list(wanted)) is negated:
                return False
    return True


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
