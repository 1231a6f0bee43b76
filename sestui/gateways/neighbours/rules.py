"""EventBridge: the rules of the default bus."""

from __future__ import annotations

from typing import Any

from sestui.domain.destinations.facts import Rule
from sestui.gateways.cleaning import cleaned
from sestui.gateways.embedded import embedded_object
from sestui.gateways.neighbours.reader import Reader


class Rules(Reader):
    async def rules(self) -> tuple[Rule, ...]:
        """Those that ask for events of SES, with their targets."""
        rows = await self._all("events", "ListRules", "Rules")
        found = (_rule(row) for row in rows)
        return tuple([await self._with_targets(each) for each in found if each.of_ses])

    async def rule(self, name: str) -> Rule | None:
        """Whatever it is for."""
        answer = await self._there("events", "DescribeRule", {"Name": name})
        return None if answer is None else await self._with_targets(_rule(answer))

    async def _with_targets(self, rule: Rule) -> Rule:
        rows = await self._all("events", "ListTargetsByRule", "Targets", {"Rule": rule.name})
        targets = tuple(
            (cleaned(row.get("Id") or ""), cleaned(row.get("Arn") or "")) for row in rows
        )
        return Rule(
            rule.name,
            rule.arn,
            rule.pattern,
            rule.enabled,
            targets,
            rule.description,
            rule.managed_by,
        )


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        cleaned(row.get("Name") or ""),
        cleaned(row.get("Arn") or ""),
        embedded_object(row.get("EventPattern") or ""),
        enabled=row.get("State") != "DISABLED",
        # Word for word: it is written back with the rule.
        description=row.get("Description") or "",
        managed_by=cleaned(row.get("ManagedBy") or ""),
    )
