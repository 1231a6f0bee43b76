"""All configuration sets at a glance, read one after the other: SES takes one question a second."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.summary import Defaults, SetSummary, summary
from sestui.domain.configset.trouble import TopicState
from sestui.domain.errors import Problem, Trouble
from sestui.domain.identity import IdentitySummary
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.carry_out import Sleep
from sestui.workflows.configset import default_sets, topic_states, topics_of
from sestui.workflows.patience import patiently

MOST_SETS = 25
MOST_IDENTITIES = 8


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known so far."""

    names: tuple[str, ...] = ()
    sets: Mapping[str, ConfigurationSet] = field(default_factory=dict)
    topics: Mapping[str, TopicState] = field(default_factory=dict)
    defaults: Defaults = field(default_factory=Defaults)
    unread: Mapping[str, Problem] = field(default_factory=dict)
    """Sets that cannot be read, and why."""
    left_out: frozenset[str] = frozenset()
    """Sets that are not read, for there are too many."""

    def summary(self, name: str) -> SetSummary | None:
        """None while the set has not been read."""
        found = self.sets.get(name)
        return None if found is None else summary(found, self.topics, self.defaults)


async def overview(
    cloud: Cloud,
    identities: Sequence[IdentitySummary],
    sleep: Sleep,
    *,
    first: Sequence[str] = (),
    own: str = "",
    before: Overview | None = None,
) -> AsyncIterator[Overview]:
    """More and more of it: the names, the sets, who receives, who uses them.

    Args:
        first: the sets to begin with; own: the identity to begin with.
        before: what was known, which stays until it has been read again.

    Raises:
        GatewayError: the list, or an identity, cannot be read; of a set, anything but what is
            about that set alone.
    """
    names = await patiently(cloud.ses.configuration_sets, sleep)
    wanted = [each for each in first if each in names]
    order = list(dict.fromkeys([*wanted, *names]))[:MOST_SETS]
    before = before or Overview()
    sets = {name: found for name, found in before.sets.items() if name in names}
    left_out = frozenset(names) - {*order, *sets}
    seen = Overview(names, sets, before.topics, before.defaults, left_out=left_out)
    yield seen
    asked: set[str] = set()
    for name in order:
        seen = await _with_set(cloud, seen, name, asked, sleep)
        yield seen
    defaults = await default_sets(cloud, identities, first=own, most=MOST_IDENTITIES, sleep=sleep)
    yield replace(seen, defaults=defaults)


async def _with_set(
    cloud: Cloud, seen: Overview, name: str, asked: set[str], sleep: Sleep
) -> Overview:
    """`asked`: the topics that were looked at."""
    try:
        found = await patiently(partial(cloud.ses.configuration_set, name), sleep)
    except GatewayError as error:
        if error.trouble in (Trouble.NETWORK, Trouble.CREDENTIALS):
            raise
        return replace(seen, unread={**seen.unread, name: error.problem})
    if found is None:  # deleted meanwhile
        return replace(seen, names=tuple(each for each in seen.names if each != name))
    new = set(topics_of(found.destinations)) - asked
    asked |= new
    states = await topic_states(cloud, new)
    topics = {arn: state for arn, state in seen.topics.items() if arn not in new}
    return replace(seen, sets={**seen.sets, name: found}, topics={**topics, **states})
