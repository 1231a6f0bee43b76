"""Whether a resource policy lets an AWS service act: what such policies use of IAM's rules.

Source: IAM User Guide, "Policy evaluation logic" and "Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from typing import Any

SES = "ses.amazonaws.com"

_Compare = Callable[[str, str], bool]
_OPERATORS: dict[str, _Compare] = {
    "stringequals": lambda value, wanted: value == wanted,
    "stringequalsignorecase": lambda value, wanted: value.lower() == wanted.lower(),
    "stringlike": lambda value, wanted: _like(wanted, value),
    "arnequals": lambda value, wanted: _like(wanted, value),
    "arnlike": lambda value, wanted: _like(wanted, value),
    "bool": lambda value, wanted: value.lower() == wanted.lower(),
}
_FOR_EACH = re.compile(r"^for(any|all)values?:")


class Access(Enum):
    ALLOWED = auto()
    NOT_SAID = auto()
    """Nothing that is understood here allows it."""
    DENIED = auto()
    """A Deny, against which no further statement helps."""


def access(
    policy: Mapping[str, Any],
    *,
    service: str,
    action: str,
    resource: str = "",
    context: Mapping[str, str] | None = None,
) -> Access:
    """What `policy` says to the service principal.

    Args:
        resource: empty for policies that know only one (trust, keys).
        context: condition keys in lower case; a condition on another key is taken not to hold.
    """
    context = {"aws:securetransport": "true", **(context or {})}
    found = Access.NOT_SAID
    for statement in statements(policy):
        if not (
            _is_principal(statement, service)
            and any(_like(each, action, fold=True) for each in _texts(statement.get("Action")))
            and _is_resource(statement, resource)
            and _holds(statement.get("Condition") or {}, context)
        ):
            continue
        if statement.get("Effect") == "Deny":
            return Access.DENIED
        if statement.get("Effect") == "Allow":
            found = Access.ALLOWED
    return found


def statements(policy: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (each for each in _list(policy.get("Statement")) if isinstance(each, Mapping))


def _is_principal(statement: Mapping[str, Any], service: str) -> bool:
    if "Principal" not in statement:
        # The policies of a role name nobody: it is the role that acts.
        return "NotPrincipal" not in statement
    principal = statement["Principal"]
    if not isinstance(principal, Mapping):
        return bool(principal == "*")
    return "*" in _texts(principal.get("AWS")) or service in _texts(principal.get("Service"))


def _is_resource(statement: Mapping[str, Any], resource: str) -> bool:
    if "NotResource" in statement:
        return False
    wanted = _texts(statement.get("Resource", "*"))
    return not resource or any(_like(each, resource) for each in wanted)


def _holds(conditions: Any, context: Mapping[str, str]) -> bool:
    """All operators and keys must hold; of one key's values, one is enough."""
    return isinstance(conditions, Mapping) and all(
        isinstance(keys, Mapping)
        and all(_one(str(name), str(key), _texts(wanted), context) for key, wanted in keys.items())
        for name, keys in conditions.items()
    )


def _one(name: str, key: str, wanted: list[str], context: Mapping[str, str]) -> bool:
    operator = _FOR_EACH.sub("", name.lower())
    optional = operator.endswith("ifexists")
    operator = operator.removesuffix("ifexists")
    negated = "not" in operator
    compare = _OPERATORS.get(operator.replace("not", "", 1))
    if compare is None:
        return False
    value = context.get(key.lower())
    if value is None:
        return optional or negated
    return any(compare(value, each) for each in wanted) is not negated


def _like(pattern: str, value: str, *, fold: bool = False) -> bool:
    """IAM's wildcards: `*` and `?`, and nothing else."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    flags = re.DOTALL | (re.IGNORECASE if fold else 0)
    return re.fullmatch("".join(parts), value, flags) is not None


def _texts(value: Any) -> list[str]:
    return [str(e).lower() if isinstance(e, bool) else str(e) for e in _list(value)]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
