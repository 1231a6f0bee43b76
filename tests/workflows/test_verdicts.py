"""Each verdict has a fixture zone, served over sockets; and nothing healthy is called wrong.

All zones are served by one process, each on a loopback address of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sestui.domain.diagnosis import Severity, Verdict
from sestui.domain.diagnosis.report import Report
from tests.dnsserver import Internet
from tests.workflows.fixtures import FIXTURES
from tests.workflows.healthy import HEALTHY
from tests.workflows.looking import asking, look
from tests.workflows.test_several_servers import SHOWN_BY
from tests.workflows.zones import Fixture

FAULTS = ["drop", "servfail", "refused", "lame"]
SERVED = [
    *FIXTURES,
    *HEALTHY,
    *(Fixture(fault, Verdict.BROKEN, faults={"*/*": fault}) for fault in FAULTS),
]


def address(fixture: Fixture) -> str:
    return f"127.0.1.{SERVED.index(fixture) + 1}"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    world = {
        address(each): {"zones": each.zones, "faults": each.faults, "resolver": each.resolver}
        for each in SERVED
    }
    with Internet(world) as internet:
        yield internet.port


def judge(fixture: Fixture, report: Report) -> None:
    """Whether the report says what the fixture wants, and nothing bad of the other records."""
    for check in report.checks:
        if not fixture.record or check.record.key == fixture.record:
            assert check.verdict is fixture.verdict, (check.record.key, check.cause)
            assert fixture.cause in check.cause
            assert check.evidence
            if fixture.value is not None:
                assert check.fix is not None
                assert check.fix.value == fixture.value
            if fixture.name_box is not None:
                assert check.fix is not None
                assert check.fix.name_box == fixture.name_box
    assert all((c.cause == "") is (c.severity is Severity.OK) for c in report.checks)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.id)
async def test_a_zone_gets_its_verdict(fixture: Fixture, port: int) -> None:
    judge(fixture, await look(fixture, asking((address(fixture), port))))


@pytest.mark.parametrize("fixture", HEALTHY, ids=lambda fixture: fixture.id)
async def test_nothing_healthy_is_wrong(fixture: Fixture, port: int) -> None:
    report = await look(fixture, asking((address(fixture), port)))
    assert {c.record.key: c.cause for c in report.checks if c.severity is not Severity.OK} == {}


def test_every_verdict_has_a_fixture() -> None:
    assert {fixture.verdict for fixture in FIXTURES} | set(SHOWN_BY) == set(Verdict)


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_answer_is_never_missing(fault: str, port: int) -> None:
    at = address(next(each for each in SERVED[::-1] if each.id == fault))
    report = await look(SERVED[0], asking((at, port)))
    assert {check.severity for check in report.checks} == {Severity.UNKNOWN}
    assert all(check.fix is None for check in report.checks)
