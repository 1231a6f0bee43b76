"""What changes of configuration sets are planned from, to be read again before each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sestui.domain.configset.model import Destination
from sestui.domain.configset.options import Group, members, read
from sestui.domain.plan import Expected


def destination_as_read(set_name: str, destination: Destination) -> Expected:
    def found(answer: Mapping[str, Any]) -> object:
        rows = answer.get("EventDestinations") or ()
        return next(
            (Destination.parse(row) for row in rows if row.get("Name") == destination.name), None
        )

    return Expected(
        "sesv2",
        "GetConfigurationSetEventDestinations",
        {"ConfigurationSetName": set_name},
        found,
        destination,
    )


def group_as_read(set_name: str, group: Group, was: Mapping[str, Any]) -> Expected:
    """An option group with all of its members, which its Put call replaces."""
    return Expected(
        "sesv2",
        "GetConfigurationSet",
        {"ConfigurationSetName": set_name},
        lambda answer: members(read(set_name, answer, {}), group),
        was,
    )
