"""An edited configuration set before it is sent: what differs from SES now, and the calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.changes import Change, changes
from sestui.domain.configset.merge import Conflict, merge
from sestui.domain.configset.plan_destinations import Policies
from sestui.domain.configset.plans import create_plan, edit_plan
from sestui.domain.plan import Call, Plan
from sestui.gateways.ports import Cloud
from sestui.workflows.carry_out import Progress, Sleep, carry_out
from sestui.workflows.configset import (
    Applied,
    SetExists,
    SetGone,
    apply_create,
    apply_edit,
    arn_of,
    topic_policies,
    topics_of,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the person is asked to agree to."""

    base: ConfigurationSet | None
    """As SES has it now; None when the set is to be created."""
    wanted: ConfigurationSet
    changes: tuple[Change, ...]
    """From what is at SES to what is wanted."""
    plan: tuple[Call, ...]
    """All calls, those around SES first."""
    around: int = 0
    """How many of them are for what is around SES: topics, roles, rules."""
    taken_over: tuple[Change, ...] = ()
    """What others have changed meanwhile, and what stays."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Both have changed the same; each has to be decided before anything can be proposed."""

    conflicts: tuple[Conflict, ...]


async def propose(
    cloud: Cloud,
    base: ConfigurationSet | None,
    mine: ConfigurationSet,
    before: Sequence[Call] = (),
    *,
    planned_topics: Iterable[str] = (),
    mine_wins: Iterable[str] = (),
    theirs_wins: Iterable[str] = (),
) -> Proposal | Contradiction:
    """Read the set once more, and say what would be done. Nothing is changed.

    Args:
        base: what `mine` was made from; None for a new set.
        before: calls for what the destinations need.
        planned_topics: those whose policy is among `before` already.
        mine_wins: fields of conflicts that the person has decided; so for `theirs_wins`.

    Raises:
        SetGone: it was deleted. SetExists: the name of a new one is taken.
        GatewayError: it cannot be read.
    """
    there = await cloud.ses.configuration_set(mine.name)
    if base is None:
        if there is not None:
            raise SetExists(there)
        policies = await _policies(cloud, mine, None, planned_topics)
        plan = create_plan(mine, arn_of(cloud, mine.name), policies)
        empty = ConfigurationSet(mine.name)
        return Proposal(None, mine, changes(empty, mine), (*before, *plan), len(before))
    if there is None:
        raise SetGone(base.name)
    merged = merge(base, there, mine, mine_wins, theirs_wins)
    if merged.conflicts:
        return Contradiction(merged.conflicts)
    wanted = merged.result
    policies = await _policies(cloud, wanted, there, planned_topics)
    plan = edit_plan(there, wanted, arn_of(cloud, base.name), policies)
    differs = changes(there, wanted)
    return Proposal(there, wanted, differs, (*before, *plan), len(before), merged.taken_over)


async def _policies(
    cloud: Cloud,
    after: ConfigurationSet,
    before: ConfigurationSet | None,
    planned: Iterable[str],
) -> Policies:
    known = {*planned, *(topics_of(before.destinations) if before else ())}
    return await topic_policies(
        cloud, [each for each in topics_of(after.destinations) if each not in known]
    )


async def carry_through(
    cloud: Cloud, proposal: Proposal, sleep: Sleep
) -> AsyncIterator[Progress | Applied]:
    """Do what was agreed to; last comes `Applied`.

    Raises:
        SetConflict: someone has changed the same since the proposal was made.
        SetGone, SetExists: likewise deleted, created.
        GatewayError: a call failed; those before it are done.
    """
    around: Plan = proposal.plan[: proposal.around]
    of = len(proposal.plan)
    async for step in carry_out(cloud.changes, around, sleep):
        yield Progress(step.call, step.number, of, step.answer)
    steps = (
        apply_create(cloud, proposal.wanted, sleep)
        if proposal.base is None
        else apply_edit(cloud, proposal.base, proposal.wanted, sleep)
    )
    async for each in steps:
        if isinstance(each, Progress):
            number = each.number + len(around)
            yield Progress(each.call, number, max(of, number), each.answer)
        else:
            yield each
