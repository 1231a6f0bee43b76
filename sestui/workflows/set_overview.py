"""All configuration sets at a glance, read one after the other: SES takes one question a second."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.summary import Defaults, SetSummary, summary
from sestui.domain.configset.trouble import TopicState
from sestui.domain.identity import IdentitySummary
from sestui.gateways.ports import Cloud
from sestui.workflows.configset import default_sets, topic_states, topics_of

MOST_SETS = 25
MOST_IDENTITIES = 8


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known so far."""

    names: tuple[str, ...] = ()
    sets: Mapping[str, ConfigurationSet] = field(default_factory=dict)
    topics: Mapping[str, TopicState] = field(default_factory=dict)
    defaults: Defaults = field(default_factory=Defaults)

    def summary(self, name: str) -> SetSummary | None:
        """None while the set has not been read."""
        found = self.sets.get(name)
        return None if found is None else summary(found, self.topics, self.defaults)


async def overview(
    cloud: Cloud, identities: Sequence[IdentitySummary], *, first: str = "", own: str = ""
) -> AsyncIterator[Overview]:
    """More and more of it: the names, the sets, who receives, who uses them.

    Args:
        first: the set to begin with; own: the identity to begin with.

    Raises:
        GatewayError: the list, or one of the sets, cannot be read.
    """
    names = await cloud.ses.configuration_sets()
    seen = Overview(names)
    yield seen
    for name in sorted(names, key=lambda each: each != first)[:MOST_SETS]:
        found = await cloud.ses.configuration_set(name)
        if found is None:  # deleted meanwhile
            seen = replace(seen, names=tuple(each for each in seen.names if each != name))
        else:
            topics = await topic_states(cloud, set(topics_of(found.destinations)) - {*seen.topics})
            seen = replace(seen, sets={**seen.sets, name: found}, topics={**seen.topics, **topics})
        yield seen
    defaults = await default_sets(cloud, identities, first=own, most=MOST_IDENTITIES)
    yield replace(seen, defaults=defaults)
