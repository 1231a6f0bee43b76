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


def difference(before: Policy | None, after: Policy) -> tuple[tuple[str, str], ...]:
    old, new = (_pretty(before) if before else []), _pretty(after)
    rows = difflib.ndiff(old, new)
    return tuple((row[0], printable(row[2:])) for row in rows if row[0] != "?")


def with_statement(policy: Policy, statement: Mapping[str, Any]) -> dict[str, Any]:
    """`policy` with `statement`; a new one where there is none."""
    return merged_policy(policy or {"Version": "2012-10-17"}, statement)


def _pretty(policy: Policy) -> list[str]:
    return json.dumps(policy, indent=2, ensure_ascii=False).split("\n")
