"""What has been read of configuration sets, and the JSON that `sestui configset` makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sestui.domain.account import Connection
from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.options import Group, members, unknown_groups
from sestui.domain.configset.summary import Defaults, SetSummary, summary
from sestui.domain.configset.trouble import SetWarning, Topics, TopicState
from sestui.gateways.ports import Cloud

LIST_SCHEMA = "sestui.configsets/1"
SHOW_SCHEMA = "sestui.configset/1"


@dataclass(slots=True)
class Seen:
    """What has been read; kept when a call is refused for the rate and all is begun again."""

    cloud: Cloud | None = None
    names: tuple[str, ...] = ()
    sets: dict[str, ConfigurationSet] = field(default_factory=dict)
    topics: dict[str, TopicState] = field(default_factory=dict)
    defaults: Defaults | None = None
    """None: not looked for, or not allowed."""

    @property
    def summaries(self) -> list[SetSummary]:
        return [summary(each, self.topics, self.defaults) for each in self.sets.values()]

    @property
    def dangling(self) -> dict[str, str]:
        """Identities whose default set does not exist."""
        return self.defaults.dangling(self.names) if self.defaults else {}


def _place(place: Connection) -> dict[str, str]:
    return {"account": place.caller.account, "region": place.region}


def _looked(defaults: Defaults | None) -> dict[str, Any] | None:
    if defaults is None:
        return None
    return {
        "looked_at": defaults.looked - len(defaults.unread),
        "total": defaults.total,
        "not_allowed": list(defaults.unread),
    }


def list_document(place: Connection, seen: Seen) -> dict[str, Any]:
    """`sestui.configsets/1`."""
    return {
        "schema": LIST_SCHEMA,
        **_place(place),
        "sets": [
            {
                "name": each.name,
                "sending": each.sending,
                "reputation_metrics": each.reputation,
                "destinations": {str(kind): number for kind, number in each.kinds},
                "disabled_destinations": each.disabled,
                "bounces": str(each.bounces),
                "complaints": str(each.complaints),
                "default_of": list(each.default_of),
                "severity": str(each.severity),
            }
            for each in seen.summaries
        ],
        "missing_defaults": seen.dangling,
        "identities": _looked(seen.defaults),
    }


def show_document(
    place: Connection, seen: Seen, found: ConfigurationSet, warnings: Sequence[SetWarning]
) -> dict[str, Any]:
    """`sestui.configset/1`; options are called and written as in the API."""
    short = summary(found, seen.topics, seen.defaults)
    groups = [each for each in Group if each not in (Group.EVENTS, Group.TAGS)]
    fresh = found.last_fresh_start
    return {
        "schema": SHOW_SCHEMA,
        **_place(place),
        "name": found.name,
        "options": {str(each): members(found, each) for each in groups} | unknown_groups(found),
        "last_fresh_start": fresh.isoformat() if fresh else None,
        "tags": dict(found.tags),
        "destinations": _destinations(found, seen.topics),
        "bounces": str(short.bounces),
        "complaints": str(short.complaints),
        "default_of": list(short.default_of) if seen.defaults else None,
        "identities": _looked(seen.defaults),
        "severity": str(short.severity),
        "warnings": [
            {
                "code": each.code,
                "severity": str(each.severity),
                "what": each.what,
                "advice": each.advice,
                "destination": each.destination,
            }
            for each in warnings
        ],
    }


def _destinations(found: ConfigurationSet, topics: Topics) -> list[dict[str, Any]]:
    rows = []
    for each in found.destinations:
        state = topics.get(each.target)
        rows.append(
            {
                "name": each.name,
                "kind": "unknown" if each.unknown else str(each.kind),
                "enabled": each.enabled,
                "events": [*sorted(map(str, each.events)), *each.other_events],
                "target": each.target,
                "role": each.role,
                "dimensions": [
                    {"name": d.name, "source": d.source, "default": d.default}
                    for d in each.dimensions
                ],
                "topic": {
                    "exists": state.exists,
                    "confirmed_subscriptions": state.confirmed,
                    "pending_subscriptions": state.pending,
                }
                if state is not None
                else None,
            }
        )
    return rows
