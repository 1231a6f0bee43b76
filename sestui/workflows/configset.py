"""Configuration sets: look at them, and change one without losing what others have changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sestui.domain.configset import ConfigurationSet, Destination, DestinationKind
from sestui.domain.configset.changes import Change, changes
from sestui.domain.configset.merge import Merged, merge
from sestui.domain.configset.options import REASONS, tracking_target
from sestui.domain.configset.plan_destinations import Policies
from sestui.domain.configset.plans import create_plan, edit_plan
from sestui.domain.configset.policies import set_arn
from sestui.domain.configset.summary import Defaults
from sestui.domain.configset.trouble import TopicState
from sestui.domain.errors import Trouble
from sestui.domain.i18n import _
from sestui.domain.identity import IdentityKind, IdentitySummary
from sestui.domain.plan import Call
from sestui.domain.prove.plan import is_temporary
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.carry_out import Progress, Sleep, carry_out
from sestui.workflows.patience import patiently

MOST_IDENTITIES = 50
"""How many identities are read to see which set is their default: at one a second."""


class SetConflict(Exception):
    """Someone else has changed the same; `merged` says what, and nothing was sent."""

    def __init__(self, merged: Merged) -> None:
        super().__init__(_("Someone else has changed this set meanwhile."))
        self.merged = merged


class SetGone(Exception):
    """The set was deleted meanwhile; nothing was sent."""

    def __init__(self, name: str) -> None:
        text = _("{name} was deleted meanwhile. Create it again, or leave it.")
        super().__init__(text.format(name=name))
        self.name = name


class SetExists(Exception):
    """Someone else has created a set of this name; nothing was sent."""

    def __init__(self, there: ConfigurationSet) -> None:
        text = _("There is a set called {name} already. Open that one, or choose another name.")
        super().__init__(text.format(name=there.name))
        self.there = there


@dataclass(frozen=True, slots=True)
class Applied:
    """An edit that was carried out."""

    result: ConfigurationSet
    """As SES has it now."""
    taken_over: tuple[Change, ...] = ()
    """What others had changed meanwhile, and what stayed."""
    missed: tuple[Change, ...] = ()
    """What SES did not do as it was told: from what was wanted to what is there."""


def arn_of(cloud: Cloud, name: str) -> str:
    return set_arn(cloud.connection.region, cloud.connection.caller.account, name)


async def apply_edit(
    cloud: Cloud,
    base: ConfigurationSet,
    mine: ConfigurationSet,
    sleep: Sleep,
    *,
    mine_wins: Iterable[str] = (),
    theirs_wins: Iterable[str] = (),
) -> AsyncIterator[Progress | Applied]:
    """Make the set at SES what `mine` says, with what others have changed since `base` was read.

    The set is read once more just before the calls are planned, and once after they are made.

    Args:
        mine_wins: fields of conflicts (`Conflict.field`) that the person has decided for theirs.

    Yields:
        The progress of each call; last, `Applied`.

    Raises:
        SetConflict: both have changed the same.
        SetGone: there is no such set any more.
        GatewayError: a call failed; those before it are done.
    """
    now = await cloud.ses.configuration_set(base.name)
    if now is None:
        raise SetGone(base.name)
    merged = merge(base, now, mine, mine_wins, theirs_wins)
    if merged.conflicts:
        raise SetConflict(merged)
    wanted = merged.result
    policies = await topic_policies(cloud, _new_topics(now, wanted))
    plan = edit_plan(now, wanted, arn_of(cloud, base.name), policies)
    async for progress in carry_out(cloud.changes, plan, sleep):
        yield progress
    async for each in _checked(cloud, wanted, merged.taken_over, sleep):
        yield each


async def apply_create(
    cloud: Cloud, wanted: ConfigurationSet, sleep: Sleep
) -> AsyncIterator[Progress | Applied]:
    """Create a set, a duplicate for instance.

    Raises:
        SetExists: its name is taken.
        GatewayError: a call failed; what those before it made is there.
    """
    there = await cloud.ses.configuration_set(wanted.name)
    if there is not None:
        raise SetExists(there)
    policies = await topic_policies(cloud, topics_of(wanted.destinations))
    plan = create_plan(wanted, arn_of(cloud, wanted.name), policies)
    async for progress in carry_out(cloud.changes, plan, sleep):
        yield progress
    async for each in _checked(cloud, wanted, (), sleep):
        yield each


async def _checked(
    cloud: Cloud, wanted: ConfigurationSet, taken_over: tuple[Change, ...], sleep: Sleep
) -> AsyncIterator[Progress | Applied]:
    """Read back what is there now, and see that suppression is not gone by mistake."""
    result = await cloud.ses.configuration_set(wanted.name)
    if result is None:
        raise SetGone(wanted.name)
    if wanted.suppressed_reasons is None and result.suppressed_reasons == ():
        # SES took the absence of a list for an empty one: nothing would be suppressed. To name
        # the account's reasons has the same effect as to have none of one's own.
        async for progress in carry_out(cloud.changes, await _as_account(cloud, result), sleep):
            yield progress
        result = await cloud.ses.configuration_set(wanted.name) or result
    yield Applied(result, taken_over, changes(wanted, result))


async def _as_account(cloud: Cloud, there: ConfigurationSet) -> tuple[Call, ...]:
    reasons: Sequence[str] = REASONS
    try:
        reasons = (await cloud.ses.account()).suppressed_reasons
    except GatewayError as error:
        if error.trouble is not Trouble.DENIED:
            raise
    safe = replace(there, suppressed_reasons=tuple(sorted(reasons)))
    return edit_plan(there, safe, arn_of(cloud, there.name))


def topics_of(destinations: Iterable[Destination]) -> tuple[str, ...]:
    """ARNs of the topics that the destinations go to."""
    found = (each.target for each in destinations if each.kind is DestinationKind.SNS)
    return tuple(dict.fromkeys(found))


def _new_topics(before: ConfigurationSet, after: ConfigurationSet) -> tuple[str, ...]:
    known = topics_of(before.destinations)
    return tuple(each for each in topics_of(after.destinations) if each not in known)


async def topic_policies(cloud: Cloud, arns: Iterable[str]) -> Policies:
    """Policies by ARN, of the topics that are there and may be read.

    Raises:
        GatewayError: a policy cannot be made out, so that nothing may be written over it.
    """
    found = {}
    for arn in arns:
        try:
            topic = await cloud.neighbours.topic(arn)
        except GatewayError as error:
            if error.trouble is not Trouble.DENIED:
                raise
            continue
        if topic is not None:
            found[arn] = topic.policy
    return found


async def topic_states(cloud: Cloud, arns: Iterable[str]) -> dict[str, TopicState]:
    """Who gets what is published, by ARN; topics that cannot be read are not in it."""
    states: dict[str, TopicState] = {}
    for arn in dict.fromkeys(arns):
        try:
            topic = await cloud.neighbours.topic(arn)
        except GatewayError:
            continue
        # The queue of a proof, under way or interrupted, is nobody who would act.
        rows = topic.subscriptions if topic is not None else ()
        rows = tuple(row for row in rows if not is_temporary(row[1]))
        confirmed = sum(sure for _protocol, _endpoint, sure in rows)
        states[arn] = TopicState(topic is not None, confirmed, len(rows) - confirmed)
    return states


async def default_sets(
    cloud: Cloud,
    identities: Sequence[IdentitySummary],
    *,
    first: str = "",
    most: int = MOST_IDENTITIES,
    progress: Callable[[int, int], None] | None = None,
    sleep: Sleep = asyncio.sleep,
) -> Defaults:
    """Which sets the identities default to, read one by one: SES takes one question a second.

    Domains come before addresses, for most mail is sent from those. What lies beyond `most` is
    not looked at, and the answer says so.

    Args:
        first: an identity to begin with.
        progress: told (looked at, to be looked at).
    """
    order = sorted(
        identities, key=lambda each: (each.name != first, each.kind is not IdentityKind.DOMAIN)
    )
    chosen = order[:most]
    found: dict[str, str] = {}
    unread: list[str] = []
    for number, each in enumerate(chosen, 1):
        try:
            identity = await patiently(partial(cloud.ses.identity, each.name), sleep)
        except GatewayError as error:
            if error.trouble is not Trouble.DENIED:
                raise
            unread.append(each.name)
        else:
            if identity is not None and identity.configuration_set:
                found[each.name] = identity.configuration_set
        if progress is not None:
            progress(number, len(chosen))
    return Defaults(found, len(chosen), len(order), tuple(unread))


async def used_by(
    cloud: Cloud,
    name: str,
    identities: Sequence[IdentitySummary],
    *,
    first: str = "",
    most: int = MOST_IDENTITIES,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[tuple[str, ...], Defaults]:
    """The identities that default to the set, and how much was looked at: see `default_sets`."""
    defaults = await default_sets(cloud, identities, first=first, most=most, progress=progress)
    return defaults.users(name), defaults


@dataclass(frozen=True, slots=True)
class TrackingLook:
    """The CNAME of a redirect domain."""

    wanted: str
    found: tuple[str, ...]

    @property
    def direct(self) -> bool:
        """It leads to SES itself. Another target may be a CDN, which HTTPS needs."""
        return any(each.rstrip(".").lower() == self.wanted for each in self.found)


async def look_at_tracking(cloud: Cloud, domain: str) -> TrackingLook:
    """What the redirect domain's CNAME says now."""
    (answer,) = await cloud.dns.ask([(domain, "CNAME")])
    return TrackingLook(tracking_target(cloud.connection.region), answer.values)
