"""The reputation metrics, read from moto's CloudWatch and from one that says no."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from sestui.domain.errors import Trouble
from sestui.domain.reputation import RateKind
from sestui.gateways.metrics import BotoMetrics
from sestui.gateways.ports import GatewayError
from tests.gateways.servers import ScriptedHttp

BOUNCES, COMPLAINTS = [0.01, 0.02, 0.03], [0.0, 0.0002, 0.0004]


@pytest.fixture(scope="module")
def seeded(account):
    account.seed_reputation(BOUNCES, COMPLAINTS)
    account.seed_reputation([0.4], [0.2], configuration_set="set")
    return account


@pytest.fixture
def metrics(seeded, connect) -> BotoMetrics:
    return BotoMetrics(connect(seeded.neighbours.endpoint, owner=seeded.owner))


def lately(days: float = 14) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(days=days), now + timedelta(minutes=1)


async def test_the_rates_of_the_account_are_its_own_and_in_order(metrics):
    rates = await metrics.rates(*lately())
    assert [point.value for point in rates.bounces.points] == pytest.approx(BOUNCES)
    assert [point.value for point in rates.complaints.points] == pytest.approx(COMPLAINTS)
    assert rates.bounces.kind is RateKind.BOUNCE
    times = [point.at for point in rates.bounces.points]
    assert times == sorted(times)
    assert times[-1].tzinfo is not None
    assert datetime.now(UTC) - times[-1] < timedelta(hours=2)


async def test_the_rates_of_a_set(metrics):
    rates = await metrics.rates(*lately(), "set")
    assert [point.value for point in rates.bounces.points] == [0.4]
    assert [point.value for point in rates.complaints.points] == [0.2]
    assert (await metrics.rates(*lately(), "another")).empty


async def test_what_is_older_is_not_asked_for(metrics):
    rates = await metrics.rates(*lately(days=1))
    assert [point.value for point in rates.bounces.points] == pytest.approx(BOUNCES[-1:])


DENIED = (
    "User: arn:aws:iam::123456789012:user/anna is not authorized to perform: "
    "cloudwatch:GetMetricData because no identity-based policy allows the "
    "cloudwatch:GetMetricData action"
)


@pytest.mark.parametrize("kind", ["AccessDenied", "com.amazonaws#AccessDeniedException"])
async def test_without_the_permission_it_is_named(http: ScriptedHttp, connect, kind):
    http.replies = [(403, json.dumps({"__type": kind, "message": DENIED}).encode())]
    with pytest.raises(GatewayError) as caught:
        await BotoMetrics(connect(http.url)).rates(*lately())
    problem = caught.value.problem
    assert problem.trouble is Trouble.DENIED
    assert "user/anna may not do cloudwatch:GetMetricData" in problem.what
    assert '"cloudwatch:GetMetricData"' in problem.policy
    assert problem.request_id == "request-1"


def result(kind, *points, token: str = "") -> bytes:
    row = {
        "Id": kind,
        "Timestamps": [at.timestamp() for at, _value in points],
        "Values": [value for _at, value in points],
    }
    answer = {"MetricDataResults": [row]} | ({"NextToken": token} if token else {})
    return json.dumps(answer).encode()


async def test_pages_are_put_together(http: ScriptedHttp, connect):
    first, second = (datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (8, 9))
    http.replies = [
        (200, result("bounce", (second, 0.02), token="more")),
        (200, result("bounce", (first, 0.01), (second, 0.03), token="more")),
    ]
    rates = await BotoMetrics(connect(http.url)).rates(first, second)
    # Both pages, and the later word on a moment; the token that comes again ends it.
    assert [(point.at, point.value) for point in rates.bounces.points] == [
        (first, 0.01),
        (second, 0.03),
    ]
    assert len(http.requests) == 2
    assert rates.complaints.points == ()


async def test_a_result_that_was_not_asked_for_is_left_out(http: ScriptedHttp, connect):
    http.replies = [(200, result("another", (datetime(2026, 11, 24, tzinfo=UTC), 0.5)))]
    assert (await BotoMetrics(connect(http.url)).rates(*lately())).empty
