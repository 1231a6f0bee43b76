"""Configuration sets: what they are, how they are edited, and who hears of what happens to mail.

Only the small values of `model` are loaded with this package, for the wizard's first frame needs
them; all else is in modules of its own, which are loaded when a set is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sestui.domain.configset.model import (
    DEFAULT_EVENTS,
    WORKSHOP_SET,
    ConfigurationSet,
    Destination,
    DestinationKind,
    Dimension,
    EventType,
    default_dimension,
    parse_set_name,
)

if TYPE_CHECKING:
    from sestui.domain.configset.policies import (
        default_bus,
        firehose_permission,
        firehose_trust,
        merged_policy,
        set_arn,
        topic_statement,
    )

__all__ = [
    "DEFAULT_EVENTS",
    "WORKSHOP_SET",
    "ConfigurationSet",
    "Destination",
    "DestinationKind",
    "Dimension",
    "EventType",
    "default_bus",
    "default_dimension",
    "firehose_permission",
    "firehose_trust",
    "merged_policy",
    "parse_set_name",
    "set_arn",
    "topic_statement",
]

if not TYPE_CHECKING:  # a checker would take every name for one that is here

    def __getattr__(name: str) -> Any:
        """The policies, when they are asked for."""
        if name in __all__:
            from sestui.domain.configset import policies

            return getattr(policies, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
