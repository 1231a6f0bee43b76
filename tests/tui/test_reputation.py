"""The dialog of the reputation: on a practice account, and drawn from numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from sestui.domain.account import Quota
from sestui.domain.advice import advise
from sestui.domain.errors import Problem
from sestui.domain.plan import Call
from sestui.domain.reputation import Point, RateKind, Rates, Series
from sestui.gateways.ports import GatewayError
from sestui.practice.ses.faults import Fault
from sestui.tui.modals.reputation import ReputationModal

from .sizes import both_sizes
from .states import ACCOUNT, CONNECTION, NOW, SET, drawn
from .test_screens import settle
from .walking import agree, connected, showing

LIVE = replace(ACCOUNT, production=True, quota=Quota(50_000, 14, 12_345))


@pytest.fixture(autouse=True)
def no_bad_day(account):
    account.ses.faults.clear()
    account.ses.set_enforcement("eu-west-1", "HEALTHY")


async def opened(pilot, until, set_name=""):
    app = pilot.app
    modal = ReputationModal(app.cloud, app.state.account, set_name, app.screen.carry_out)
    app.push_screen(modal)
    await until(pilot, lambda: modal.seen is not None and modal.seen.done)
    await pilot.pause()
    return modal


async def create_set(pilot, name, *, metrics):
    call = Call(
        "sesv2",
        "CreateConfigurationSet",
        "",
        {
            "ConfigurationSetName": name,
            "SendingOptions": {"SendingEnabled": True},
            "ReputationOptions": {"ReputationMetricsEnabled": metrics},
        },
        ("AlreadyExistsException",),
    )
    await pilot.app.cloud.changes.make(call)


async def test_before_any_mail_it_says_why_there_is_nothing(wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        await opened(pilot, until)
        shown = " ".join(showing(pilot).replace("│", " ").split())
        assert "Account: healthy" in shown
        assert "sandbox" in shown
        assert "Nothing yet." in shown
        assert "the simulator does" in shown


async def test_metrics_that_are_off_can_be_switched_on(wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        await create_set(pilot, "quiet", metrics=False)
        modal = await opened(pilot, until, "quiet")
        assert "Reputation metrics are off for this set. m switches them on" in showing(pilot)
        await pilot.press("m")
        await agree(pilot, until)
        await until(pilot, lambda: not modal.metrics_off)
        await until(pilot, lambda: "are off" not in showing(pilot))
        stored = await pilot.app.cloud.ses.configuration_set("quiet")
        assert stored.reputation_metrics
        assert stored.sending_enabled
        assert not modal.check_action("metrics", ())


async def test_rates_trends_and_advice_and_looking_again(account, wizard, until):
    async with wizard().run_test(size=(120, 40)) as pilot:
        await connected(pilot, until)
        await create_set(pilot, "loud", metrics=True)
        account.seed_reputation([0.01, 0.01, 0.015, 0.015], [0.0] * 4)
        account.seed_reputation([0.02, 0.03, 0.07, 0.08], [0.0] * 4, configuration_set="loud")
        modal = await opened(pilot, until, "loud")
        shown = showing(pilot)
        assert "1.5 %" in shown
        assert "8 %" in shown
        assert "↗ rising" in shown
        assert "✗ AWS may review the account" in shown
        assert "Bounce rate: loud 8 % → Stop mail to old or bought lists" in shown
        assert "14 days ago" in shown

        account.seed_reputation([0.15], [0.0], configuration_set="loud", days=0.001)
        account.ses.set_enforcement("eu-west-1", "PROBATION")
        await pilot.press("r")
        await until(pilot, lambda: modal.seen.account.enforcement == "PROBATION")
        await until(pilot, lambda: "✗ AWS may pause sending" in showing(pilot))
        assert "! Account: under review by AWS" in showing(pilot)


async def test_a_set_that_is_gone_and_an_account_that_may_not_be_read(account, wizard, until):
    async with wizard().run_test(size=(120, 40)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until, "nowhere")
        assert "There is no configuration set nowhere in this Region." in showing(pilot)
        account.ses.faults.add(Fault("GetAccount", "access_denied"))
        await pilot.press("r")
        await until(pilot, lambda: "ses:GetAccount" in showing(pilot))
        # What was known is not taken away by a look that failed.
        assert modal.account is not None
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ReputationModal))


# What it looks like, from numbers


def series(kind, first, last, *, days=14, without=()):
    points = []
    for hour in range(24 * days):
        if hour // 24 in without:
            continue
        value = first + (last - first) * hour / (24 * days)
        value *= 1 + 0.15 * math.sin(hour / 9)
        points.append(Point(NOW - timedelta(days=days) + timedelta(hours=hour), value))
    return Series(kind, tuple(points))


GOOD = Rates(series(RateKind.BOUNCE, 0.008, 0.017), series(RateKind.COMPLAINT, 0.0001, 0.0002))
BAD = Rates(
    series(RateKind.BOUNCE, 0.01, 0.12),
    series(RateKind.COMPLAINT, 0.0002, 0.0016, without=(3, 4)),
)
DENIED = advise(
    "GetMetricData",
    "AccessDenied",
    "User: arn:aws:iam::123456789012:user/anna is not authorized to perform: "
    "cloudwatch:GetMetricData",
    http_status=403,
    request_id="0f6a",
    service="cloudwatch",
)


def cloud(of_account, of_set, *, account=LIVE, found=SET):
    class Numbers:
        """The Metrics and the Ses of an account that stands still."""

        async def rates(self, since, until, set_name=""):
            wanted = of_set if set_name else of_account
            if isinstance(wanted, Problem):
                raise GatewayError(wanted)
            return wanted

        async def account(self):
            return account

        async def configuration_set(self, name):
            return found

    return SimpleNamespace(ses=Numbers(), metrics=Numbers(), connection=CONNECTION)


CASES = {
    "good-and-bad": cloud(GOOD, BAD),
    "nothing": cloud(
        Rates(), Rates(), account=ACCOUNT, found=replace(SET, reputation_metrics=False)
    ),
    "denied": cloud(DENIED, DENIED),
    "paused": cloud(BAD, Rates(), account=replace(LIVE, enforcement="SHUTDOWN")),
}


async def agreed(_plan, _busy) -> bool:
    return True


@both_sizes
@pytest.mark.parametrize("case", CASES)
async def test_what_it_looks_like(case, size, same_screen):
    app = drawn("account")
    async with app.run_test(size=size) as pilot:
        app.push_screen(ReputationModal(CASES[case], LIVE, SET.name, agreed))
        await settle(pilot)
        same_screen(app)


async def test_the_policy_is_one_key_away(until):
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ReputationModal(CASES["denied"], LIVE))
        await until(pilot, lambda: "F4 copies the policy" in showing(pilot))
        await pilot.press("f4")
        await until(pilot, lambda: "cloudwatch:GetMetricData" in app.clipboard)
