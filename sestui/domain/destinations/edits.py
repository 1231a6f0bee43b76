"""Policies that are changed: what was, what will be, and the call that does it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sestui.domain.configset.policies import merged_policy
from sestui.domain.destinations.facts import Policy
from sestui.domain.plan import Call
from sestui.domain.text import printable

_MORE = (" ", "…")


@dataclass(frozen=True, slots=True)
class PolicyEdit:
    """One policy with a statement added. What is there already stays, word for word."""

    title: str
    before: Policy | None
    """None: there was none."""
    after: Policy
    call: Call

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """A difference of both: `+`, `-` or a space, and a line of JSON, fit to be drawn."""
        return difference(self.before, self.after)


def difference(
    before: Policy | None, after: Policy, around: int = 3
) -> tuple[tuple[str, str], ...]:
    """Of what stays, only `around` lines beside each change are there; `…` stands for more."""
    old, new = (_pretty(before) if before else []), _pretty(after)
    rows = [(row[0], printable(row[2:])) for row in difflib.ndiff(old, new) if row[0] != "?"]
    changed = [number for number, (mark, _line) in enumerate(rows) if mark != " "]
    near = {at for number in changed for at in range(number - around, number + around + 1)}
    found: list[tuple[str, str]] = []
    for number, row in enumerate(rows):
        if number in near:
            found.append(row)
        elif not found or found[-1] != _MORE:
            found.append(_MORE)
    return tuple(found)


def with_statement(policy: Policy, statement: Mapping[str, Any]) -> dict[str, Any]:
    """`policy` with `statement`; a new one where there is none."""
    return merged_policy(policy or {"Version": "2012-10-17"}, statement)


def _pretty(policy: Policy) -> list[str]:
    statement = policy.get("Statement")
    if isinstance(statement, Mapping):
        # One alone means the same in a list, as it will be in.
        policy = {**policy, "Statement": [statement]}
    return json.dumps(policy, indent=2, ensure_ascii=False).split("\n")
