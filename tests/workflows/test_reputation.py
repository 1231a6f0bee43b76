"""Looking at a reputation: what is known when, and what becomes of the parts that fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from sestui.domain.account import Account, Quota
from sestui.domain.configset import ConfigurationSet
from sestui.domain.errors import Problem, Trouble
from sestui.domain.reputation import DAYS, Point, RateKind, Rates, Series
from sestui.gateways.ports import GatewayError
from sestui.workflows.reputation import look

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KNOWN = Account(True, True, "HEALTHY", Quota(200, 1, 0))
NEWER = Account(True, True, "PROBATION", Quota(200, 1, 5))
SET = ConfigurationSet("set")
OWN = Rates(bounces=Series(RateKind.BOUNCE, (Point(NOW, 0.01),)))
OF_SET = Rates(bounces=Series(RateKind.BOUNCE, (Point(NOW, 0.02),)))
DENIED = Problem("no", "ask", Trouble.DENIED, policy="{}")


class Parts:
    """CloudWatch and SES at once; a part that is a Problem is raised."""

    def __init__(self, *, account=NEWER, found=SET, own=OWN, of_set=OF_SET) -> None:
        self.account_, self.found, self.own, self.of_set = account, found, own, of_set
        self.asked: list[tuple[str, datetime, datetime]] = []

    async def rates(self, since, until, set_name=""):
        self.asked.append((set_name, since, until))
        return self.said(self.of_set if set_name else self.own)

    async def account(self):
        return self.said(self.account_)

    async def configuration_set(self, _name):
        return self.said(self.found)

    def said(self, part):
        if isinstance(part, Problem):
            raise GatewayError(part)
        return part


async def seen(parts, set_name="set", account=KNOWN):
    cloud = SimpleNamespace(ses=parts, metrics=parts)
    return [each async for each in look(cloud, account, set_name, NOW)]


async def test_what_is_known_comes_first_and_cloudwatch_before_ses():
    parts = Parts()
    first, rates, account, last = await seen(parts)
    assert (first.account, first.of_account, first.of_set) == (KNOWN, None, None)
    assert (rates.of_account, rates.of_set, rates.account) == (OWN, OF_SET, KNOWN)
    assert account.account == NEWER
    assert not account.done
    assert (last.configuration_set, last.done, last.problem) == (SET, True, None)
    assert [name for name, _since, _until in parts.asked] == ["", "set"]
    for _name, since, until in parts.asked:
        assert since == NOW - timedelta(days=DAYS)
        assert until > NOW


async def test_without_a_set_nobody_is_asked_for_one():
    parts = Parts()
    last = (await seen(parts, ""))[-1]
    assert (last.done, last.of_set, last.configuration_set) == (True, None, None)
    assert len(parts.asked) == 1


async def test_each_part_may_fail_alone():
    last = (await seen(Parts(own=DENIED)))[-1]
    assert last.of_account is DENIED
    assert (last.of_set, last.account, last.problem) == (OF_SET, NEWER, DENIED)
    last = (await seen(Parts(account=DENIED)))[-1]
    assert (last.account, last.account_problem, last.problem) == (KNOWN, DENIED, DENIED)
    last = (await seen(Parts(found=DENIED)))[-1]
    assert (last.of_account, last.problem) == (OWN, DENIED)


async def test_a_set_that_is_gone_is_told():
    last = (await seen(Parts(found=None)))[-1]
    assert last.problem.trouble is Trouble.GONE
    assert "set" in last.problem.what
    assert last.done


async def test_a_connection_without_cloudwatch():
    cloud = SimpleNamespace(ses=Parts(), metrics=None)
    *_before, last = [each async for each in look(cloud, None, "", NOW)]
    assert isinstance(last.of_account, Problem)
    assert last.account == NEWER
