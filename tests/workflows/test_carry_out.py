"""A plan is made call by call; one whose ground has to settle first is tried again for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sestui.domain.errors import Problem, Trouble
from sestui.domain.plan import Call
from sestui.gateways.ports import GatewayError
from sestui.workflows.carry_out import SETTLE_PAUSE, Progress, carry_out

ROLE, POLICY = Call("iam", "CreateRole", "Create it."), Call("iam", "PutRolePolicy", "Allow it.")
DESTINATION = Call("sesv2", "CreateDestination", "Send events there.", settles=10.0)


class Account:
    """Changes at AWS: each operation answers with what is left of its troubles, then well."""

    def __init__(self, **troubles: list[Trouble]) -> None:
        self.troubles = troubles
        self.made: list[str] = []
        self.slept: list[float] = []

    async def make(self, call: Call) -> Mapping[str, Any]:
        self.made.append(call.operation)
        if self.troubles.get(call.operation):
            trouble = self.troubles[call.operation].pop(0)
            raise GatewayError(Problem(f"{call.operation} failed", trouble=trouble))
        return {"Answer": call.operation}

    async def history(self) -> list[Mapping[str, Any]]:
        return []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def carry_out(self, *plan: Call) -> list[Progress]:
        return [progress async for progress in carry_out(self, plan, self.sleep)]


async def test_each_call_is_told_before_it_is_made_and_after() -> None:
    account = Account()
    told = []
    async for progress in carry_out(account, (ROLE, POLICY), account.sleep):
        told.append((progress, [*account.made]))
    assert told == [
        (Progress(ROLE, 1, 2), []),
        (Progress(ROLE, 1, 2, {"Answer": "CreateRole"}), ["CreateRole"]),
        (Progress(POLICY, 2, 2), ["CreateRole"]),
        (Progress(POLICY, 2, 2, {"Answer": "PutRolePolicy"}), ["CreateRole", "PutRolePolicy"]),
    ]
    assert account.slept == []


async def test_an_empty_plan_makes_nothing() -> None:
    account = Account()
    assert await account.carry_out() == []
    assert account.made == []


async def test_a_call_that_fails_ends_the_plan() -> None:
    account = Account(CreateRole=[Trouble.REFUSED])
    with pytest.raises(GatewayError, match="CreateRole failed"):
        await account.carry_out(ROLE, POLICY)
    assert account.made == ["CreateRole"]
    assert account.slept == []


@pytest.mark.parametrize("refusals", [0, 1, 2, 4])
async def test_what_is_refused_while_a_role_settles_is_tried_again(refusals: int) -> None:
    account = Account(CreateDestination=[Trouble.REFUSED] * refusals)
    told = await account.carry_out(ROLE, DESTINATION)
    assert told[-1] == Progress(DESTINATION, 2, 2, {"Answer": "CreateDestination"})
    assert account.made.count("CreateDestination") == refusals + 1
    assert account.made.count("CreateRole") == 1
    assert account.slept == [SETTLE_PAUSE] * refusals


@pytest.mark.parametrize(
    ("settles", "tries"),
    [(0.0, 1), (0.5, 2), (SETTLE_PAUSE, 2), (SETTLE_PAUSE + 0.5, 3), (10.0, 5)],
)
async def test_it_is_tried_for_as_long_as_it_may_settle(settles: float, tries: int) -> None:
    """The last try comes when the time is over, so that none of it is given away."""
    account = Account(CreateDestination=[Trouble.REFUSED] * 100)
    call = Call("sesv2", "CreateDestination", "Send events there.", settles=settles)
    with pytest.raises(GatewayError, match="CreateDestination failed"):
        await account.carry_out(call)
    assert len(account.made) == tries
    assert settles <= sum(account.slept) < settles + SETTLE_PAUSE
    assert set(account.slept) <= {SETTLE_PAUSE}


@pytest.mark.parametrize("trouble", [each for each in Trouble if each is not Trouble.REFUSED])
async def test_only_a_refusal_is_tried_again(trouble: Trouble) -> None:
    """Above all not what may have happened already."""
    account = Account(CreateDestination=[trouble])
    with pytest.raises(GatewayError):
        await account.carry_out(DESTINATION)
    assert (account.made, account.slept) == (["CreateDestination"], [])


async def test_other_trouble_amid_the_tries_ends_them() -> None:
    account = Account(CreateDestination=[Trouble.REFUSED, Trouble.DENIED])
    with pytest.raises(GatewayError) as caught:
        await account.carry_out(DESTINATION)
    assert caught.value.trouble is Trouble.DENIED
    assert len(account.made) == 2
