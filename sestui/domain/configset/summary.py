"""A configuration set at a glance, for a list of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sestui.domain.configset.model import ConfigurationSet, DestinationKind, EventType
from sestui.domain.configset.trouble import Reach, Topics, hearing, reach
from sestui.domain.i18n import _
from sestui.domain.severity import Severity


@dataclass(frozen=True, slots=True)
class Defaults:
    """The default sets of the identities that were looked at."""

    of: Mapping[str, str] = field(default_factory=dict)
    """Identity to set; only identities that have a default."""
    looked: int = 0
    total: int = 0
    unread: tuple[str, ...] = ()
    """Identities that may not be read with these credentials."""

    @property
    def complete(self) -> bool:
        return self.looked == self.total and not self.unread

    def users(self, name: str) -> tuple[str, ...]:
        """The identities whose default `name` is."""
        return tuple(identity for identity, each in self.of.items() if each == name)

    def dangling(self, sets: tuple[str, ...]) -> dict[str, str]:
        """Identities whose default is none of `sets`: every send from them fails."""
        return {identity: each for identity, each in self.of.items() if each not in sets}

    def __str__(self) -> str:
        if self.complete:
            return _("all {total} identities looked at").format(total=self.total)
        text = _("{looked} of {total} identities looked at; others may use it too")
        return text.format(looked=self.looked - len(self.unread), total=self.total)


@dataclass(frozen=True, slots=True)
class SetSummary:
    name: str
    sending: bool
    reputation: bool
    kinds: tuple[tuple[DestinationKind, int], ...]
    """Enabled destinations by kind."""
    disabled: int
    bounces: Reach
    complaints: Reach
    default_of: tuple[str, ...]
    severity: Severity
    """The worst of what is amiss."""

    @property
    def destinations(self) -> int:
        return sum(number for _kind, number in self.kinds) + self.disabled

    @property
    def alarms(self) -> Reach:
        """Whom both bounces and complaints reach: the worse of the two."""
        return max(self.bounces, self.complaints, key=list(Reach).index)


def summary(
    configuration_set: ConfigurationSet,
    topics: Topics | None = None,
    defaults: Defaults | None = None,
) -> SetSummary:
    """`topics` and `defaults` make it complete; without them it says what the set alone tells."""
    topics = topics or {}
    counted = Counter(d.kind for d in configuration_set.destinations if d.enabled)
    warnings = hearing(configuration_set, topics)
    return SetSummary(
        name=configuration_set.name,
        sending=configuration_set.sending_enabled,
        reputation=configuration_set.reputation_metrics,
        kinds=tuple((kind, counted[kind]) for kind in DestinationKind if counted[kind]),
        disabled=sum(not d.enabled for d in configuration_set.destinations),
        bounces=reach(configuration_set, EventType.BOUNCE, topics),
        complaints=reach(configuration_set, EventType.COMPLAINT, topics),
        default_of=(defaults or Defaults()).users(configuration_set.name),
        severity=warnings[0].severity if warnings else Severity.OK,
    )
