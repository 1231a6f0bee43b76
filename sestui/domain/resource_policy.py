"""Whether a resource policy lets an AWS service do something, and if not, which part of it.

The part of IAM's evaluation logic that policies of topics, keys, queues and roles use. What cannot
be judged from outside is an answer of its own: a proof then relies on what arrives.

Source: IAM User Guide, "Policy evaluation logic", "Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any

SES = "ses.amazonaws.com"
SNS = "sns.amazonaws.com"
EVENTS = "events.amazonaws.com"


class Answer(StrEnum):
    YES = auto()
    NO = auto()
    """No statement allows it."""
    DENIED = auto()
    """A statement forbids it, which counts more than any that allows it."""
    UNSURE = auto()
    """It hangs on a condition that cannot be judged from outside."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a service asks for.

    `context` holds the condition keys in lower case; a key that is missing is not in the request.
    """

    service: str
    action: str
    resource: str = ""
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a policy says to a request."""

    answer: Answer
    statement: Mapping[str, Any] | None = None
    """The one that decides; for NO, the one that comes nearest to allowing it."""
    key: str = ""
    """For NO: the condition key (as it is written there) by which that one does not."""
    wanted: tuple[str, ...] = ()
    """The values that the condition asks for."""

    @property
    def sid(self) -> str:
        return str((self.statement or {}).get("Sid", ""))


def source_context(account: str, source_arn: str, service: str = SES) -> dict[str, str]:
    """The condition keys of a call that a service makes for a resource of `account`."""
    return {
        "aws:sourceaccount": account,
        # Old default policies of topics name the owner this way.
        "aws:sourceowner": account,
        "aws:sourcearn": source_arn,
        "aws:securetransport": "true",
        "aws:principalisawsservice": "true",
        "aws:principalservicename": service,
    }


def judge(policy: Mapping[str, Any], request: Request) -> Ruling:
    """What `policy` says to `request`."""
    best = Ruling(Answer.NO)
    unsure: Ruling | None = None
    for statement in statements(policy):
        if not _about(statement, request):
            continue
        holds, key, wanted = _conditions(statement.get("Condition"), request.context)
        ruling = Ruling(Answer.YES, statement, key, wanted)
        deny = statement.get("Effect") == "Deny"
        if deny and holds:
            return Ruling(Answer.DENIED, statement)
        if holds is None:
            unsure = unsure or Ruling(Answer.UNSURE, statement, key, wanted)
        elif deny or statement.get("Effect") != "Allow":
            continue
        elif holds:
            best = ruling
        elif best.answer is Answer.NO and best.statement is None:
            best = Ruling(Answer.NO, statement, key, wanted)
    if unsure is None:
        return best
    doubtful_deny = (unsure.statement or {}).get("Effect") == "Deny"
    return unsure if doubtful_deny or best.answer is Answer.NO else best


def answer(
    policy: Mapping[str, Any],
    *,
    service: str,
    action: str,
    resource: str = "",
    context: Mapping[str, str] | None = None,
) -> Answer:
    """`judge` for whoever needs the answer alone.

    Args:
        resource: empty for policies that know only one (trust, keys).
        context: condition keys in lower case; the request always goes over TLS.
    """
    context = {"aws:securetransport": "true", **(context or {})}
    return judge(policy, Request(service, action, resource, context)).answer


def for_everyone(policy: Mapping[str, Any]) -> dict[str, Any]:
    """A role's own policy, which names no principal: it is about whoever has the role."""
    return {"Statement": [{**each, "Principal": "*"} for each in statements(policy)]}


def statements(policy: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The statements; one alone may stand there without a list around it."""
    found = policy.get("Statement") or []
    for each in [found] if isinstance(found, Mapping) else found:
        if isinstance(each, Mapping):
            yield each


def matches(pattern: str, value: str, *, fold: bool = False) -> bool:
    """IAM's wildcards: `*` and `?`, and nothing else."""
    parts = (re.escape(part) for part in re.split(r"([*?])", pattern))
    text = "".join({r"\*": ".*", r"\?": "."}.get(part, part) for part in parts)
    return re.fullmatch(text, value, re.DOTALL | (re.IGNORECASE if fold else 0)) is not None


def _about(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        _principal(statement, request.service)
        and _named(statement, "Action", request.action, fold=True)
        and (not request.resource or _named(statement, "Resource", request.resource))
    )


def _principal(statement: Mapping[str, Any], service: str) -> bool:
    if "NotPrincipal" in statement:
        return not _is_among(statement["NotPrincipal"], service)
    return _is_among(statement.get("Principal"), service)


def _is_among(principal: Any, service: str) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    return "*" in _list(principal.get("AWS")) or service in _list(principal.get("Service"))


def _named(statement: Mapping[str, Any], element: str, value: str, *, fold: bool = False) -> bool:
    """Whether `Action` or `Resource`, or its opposite `Not…`, covers `value`."""
    opposite = f"Not{element}"
    if opposite in statement:
        return not any(matches(str(p), value, fold=fold) for p in _list(statement[opposite]))
    # A trust policy and a resource policy may leave the resource out.
    given = statement.get(element, "*" if element == "Resource" else None)
    return any(matches(str(pattern), value, fold=fold) for pattern in _list(given))


# Conditions

Test = Callable[[str, str], bool]
"""Whether a wanted value fits the one of the request."""


def _like_arn(wanted: str, value: str) -> bool:
    """Each of an ARN's six parts by itself: a `*` does not reach over a colon."""
    if wanted == "*":
        return True
    theirs, ours = wanted.split(":", 5), value.split(":", 5)
    return len(theirs) == len(ours) and all(map(matches, theirs, ours))


_TESTS: Mapping[str, Test] = {
    "stringequals": lambda wanted, value: wanted == value,
    "stringequalsignorecase": lambda wanted, value: wanted.lower() == value.lower(),
    "stringlike": matches,
    "arnequals": _like_arn,
    "arnlike": _like_arn,
    "bool": lambda wanted, value: wanted.lower() == value.lower(),
}
_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
_UNSEEN = ("aws:sourceorg", "aws:currenttime", "aws:epochtime", "aws:resource", "aws:sourcevpc")
"""Keys that AWS may put into the request with a value that is not known here."""

Held = tuple[bool | None, str, tuple[str, ...]]
"""Whether it holds (None: cannot be told), and the first key that it hangs on with its values."""


def _conditions(conditions: Any, context: Mapping[str, str]) -> Held:
    """All operators and all keys have to hold."""
    unsure: Held | None = None
    if conditions and not isinstance(conditions, Mapping):
        return None, "", ()
    for operator, keys in (conditions or {}).items():
        for key, wanted in keys.items() if isinstance(keys, Mapping) else ():
            values = tuple(_text(each) for each in _list(wanted))
            holds = _holds(str(operator), str(key), values, context)
            if holds is False:
                return False, str(key), values
            if holds is None and unsure is None:
                unsure = (None, str(key), values)
    return unsure or (True, "", ())


def _holds(
    operator: str, key: str, wanted: Sequence[str], context: Mapping[str, str]
) -> bool | None:
    name = re.sub(r"^for(any|all)values?:", "", operator.lower())
    optional = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    value = context.get(key.lower())
    if value is None and key.lower().startswith(_UNSEEN):
        return None
    if name == "null":
        return any(each.lower() == str(value is None).lower() for each in wanted)
    negated = name in _NEGATED
    test = _TESTS.get(_NEGATED.get(name, name))
    if value is None:
        return optional or negated
    if test is None:
        return None
    return any(test(each, value) for each in wanted) is not negated


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
