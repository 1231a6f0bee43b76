"""The list of sets at a glance: what cannot be read of one, or not now, is not the end of it."""

from __future__ import annotations

import pytest

from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.plans import create_plan, delete_plan
from sestui.domain.configset.trouble import Reach
from sestui.domain.errors import Trouble
from sestui.gateways.ports import GatewayError
from sestui.practice.ses.faults import Fault
from sestui.workflows import set_overview
from sestui.workflows.configset import arn_of
from sestui.workflows.set_overview import Overview, overview
from tests.domain.configset.samples import bus
from tests.practice_cloud import at_once

NAMES = ("first", "second", "third")


@pytest.fixture
async def cloud(account, cloud):
    """The account, with three sets that each have a destination."""
    for name in NAMES:
        for call in delete_plan(name):
            await cloud.changes.make(call)
        wanted = ConfigurationSet(name, destinations=(bus(),))
        for call in create_plan(wanted, arn_of(cloud, name)):
            await cloud.changes.make(call)
    yield cloud
    account.ses.faults.clear()


async def last(cloud, sleep=at_once, **how) -> Overview:
    seen = Overview()
    async for each in overview(cloud, (), sleep, **how):
        seen = each
    return seen


async def test_a_set_that_may_not_be_read_is_told_and_the_others_are_read(cloud, account):
    account.ses.faults.add(Fault("GetConfigurationSet", "access_denied", 1))
    seen = await last(cloud)
    assert set(seen.unread) == {"first"}
    assert seen.unread["first"].trouble is Trouble.DENIED
    assert seen.summary("first") is None
    assert [seen.summary(name).alarms for name in NAMES[1:]] == [Reach.SOMEBODY] * 2


async def test_somebody_else_may_have_used_up_the_rate(cloud, account):
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        account.ses.faults.clear()

    account.ses.faults.add(Fault("GetConfigurationSet", "throttle"))
    seen = await last(cloud, sleep)
    assert not seen.unread
    assert all(seen.summary(name) for name in NAMES)
    assert slept


async def test_without_credentials_it_ends(cloud, account):
    account.ses.faults.add(Fault("GetConfigurationSet", "expired_token"))
    with pytest.raises(GatewayError) as error:
        await last(cloud)
    assert error.value.trouble is Trouble.CREDENTIALS


async def test_what_is_left_out_is_said(cloud, monkeypatch):
    monkeypatch.setattr(set_overview, "MOST_SETS", 2)
    seen = await last(cloud, first=("third", "no such set"))
    assert set(seen.sets) == {"third", "first"}
    assert seen.left_out == {"second"}


async def test_what_was_known_stays_until_it_is_read_again(cloud):
    known = await last(cloud)
    async for seen in overview(cloud, (), at_once, before=known):
        assert all(seen.summary(name) for name in NAMES)
