"""A check of a fixture zone, over sockets, by a name server that is a process of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from sestui.domain.diagnosis.report import Report
from sestui.gateways.dns import DnsPython
from sestui.gateways.dnswire import Wire
from sestui.workflows.check import Target, check_domain
from tests.workflows.zones import REGION, Fixture

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
QUICK = 0.3
"""Seconds of a time-out."""


def asking(*servers: tuple[str, int]) -> DnsPython:
    return DnsPython(servers, wire=Wire(timeout=QUICK), now=lambda: NOW)


async def look(fixture: Fixture, dns: DnsPython) -> Report:
    return await check_domain(dns, Target.of(fixture.identity, REGION), now=lambda: NOW)
