"""Look at the reputation of an account and of a configuration set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sestui.domain.account import Account
from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.plans import edit_plan
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.reputation import DAYS, Rates
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.configset import arn_of


@dataclass(frozen=True, slots=True)
class Reputation:
    """What is known so far; a part that could not be read has its problem instead."""

    since: datetime
    until: datetime
    account: Account | None = None
    account_problem: Problem | None = None
    of_account: Rates | Problem | None = None
    """None: not read yet."""
    configuration_set: ConfigurationSet | None = None
    set_problem: Problem | None = None
    """Of the set itself, such as that it is gone."""
    of_set: Rates | Problem | None = None
    done: bool = False
    """All of it has been read."""

    @property
    def problem(self) -> Problem | None:
        """The first that is worth a place of its own: one of the permission is said once."""
        rates = (each for each in (self.of_account, self.of_set) if isinstance(each, Problem))
        return next(
            (each for each in (*rates, self.account_problem, self.set_problem) if each), None
        )


async def look(
    cloud: Cloud, account: Account | None, set_name: str, now: datetime
) -> AsyncIterator[Reputation]:
    """Read CloudWatch at once and SES after it, one question a second.

    Args:
        account: as it was known before.
        set_name: empty for the account alone.

    Yields:
        What is known so far, the last time with `done`. Nothing is raised.
    """
    seen = Reputation(now - timedelta(days=DAYS), now, account)
    yield seen
    if set_name:
        of_account, of_set = await asyncio.gather(
            _rates(cloud, seen), _rates(cloud, seen, set_name)
        )
        seen = replace(seen, of_account=of_account, of_set=of_set)
    else:
        seen = replace(seen, of_account=await _rates(cloud, seen))
    yield seen
    try:
        seen = replace(seen, account=await cloud.ses.account())
    except GatewayError as error:
        seen = replace(seen, account_problem=error.problem)
    if set_name:
        yield seen
        try:
            found = await cloud.ses.configuration_set(set_name)
        except GatewayError as error:
            seen = replace(seen, set_problem=error.problem)
        else:
            problem = None if found else _gone(set_name)
            seen = replace(seen, configuration_set=found, set_problem=problem)
    yield replace(seen, done=True)


def metrics_plan(cloud: Cloud, configuration_set: ConfigurationSet) -> tuple[Call, ...]:
    """Switch the reputation metrics of a set on."""
    wanted = replace(configuration_set, reputation_metrics=True)
    return edit_plan(configuration_set, wanted, arn_of(cloud, configuration_set.name))


async def _rates(cloud: Cloud, seen: Reputation, set_name: str = "") -> Rates | Problem:
    if cloud.metrics is None:
        return Problem(_("CloudWatch cannot be asked here."), trouble=Trouble.OTHER)
    try:
        # A little more than now: the point of this moment is not to be missed.
        until = seen.until + timedelta(minutes=1)
        return await cloud.metrics.rates(seen.since, until, set_name)
    except GatewayError as error:
        return error.problem


def _gone(name: str) -> Problem:
    what = _("There is no configuration set {name} in this Region.").format(name=name)
    return Problem(what, _("Choose another one, or create it."), Trouble.GONE)
