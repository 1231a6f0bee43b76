"""The fixture zones through a server of somebody else's, as far as zone data can express them.

Knot does not follow an alias into another of its zones, and refuses what it does not serve.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sestui.domain.diagnosis import Severity
from tests.workflows.fixtures import FIXTURES
from tests.workflows.healthy import HEALTHY
from tests.workflows.knot import KNOTD, knot
from tests.workflows.looking import asking, look
from tests.workflows.test_verdicts import judge
from tests.workflows.zones import Fixture

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(KNOTD is None, reason="knotd is not installed"),
]


@pytest.mark.parametrize("fixture", [f for f in FIXTURES if f.plain], ids=lambda f: f.id)
async def test_the_same_verdicts(fixture: Fixture, tmp_path: Path) -> None:
    with knot(tmp_path, fixture.zones) as place:
        report = await look(fixture, asking(place))
    judge(fixture, report)


@pytest.mark.parametrize("fixture", HEALTHY, ids=lambda f: f.id)
async def test_nothing_healthy_is_wrong(fixture: Fixture, tmp_path: Path) -> None:
    with knot(tmp_path, fixture.zones) as place:
        report = await look(fixture, asking(place))
    assert {c.record.key: c.cause for c in report.checks if c.severity is not Severity.OK} == {}
