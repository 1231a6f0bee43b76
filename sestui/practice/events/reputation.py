"""What the account's reputation is said to be, since nothing here really bounces.

The rates of the account and of its sets are those that were last seeded, zero at first; mail to the
simulator and to suppressed addresses does not touch them, as in the real service.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

NAMESPACE = "AWS/SES"
METRICS = ("Reputation.BounceRate", "Reputation.ComplaintRate")
MOST_DATA = 500
"""Of one PutMetricData; AWS takes a thousand."""

Rates = tuple[float, float]
"""Bounces and complaints, 0 to 1."""


class Reputation:
    """The rates by Region and configuration set; the account's have no set. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rates: dict[tuple[str, str], Rates] = {}

    def rates(self, region: str, configuration_set: str = "") -> Rates:
        with self._lock:
            return self._rates.get((region, configuration_set), (0.0, 0.0))

    def now_is(self, region: str, configuration_set: str, rates: Rates) -> None:
        with self._lock:
            self._rates[region, configuration_set] = rates


def metric_data(
    configuration_set: str, rates: Rates, at: datetime | None = None
) -> list[dict[str, Any]]:
    """MetricData of PutMetricData; without a time it is the server's."""
    dimensions = (
        [{"Name": "ses:configuration-set", "Value": configuration_set}] if configuration_set else []
    )
    when = {} if at is None else {"Timestamp": at}
    return [
        {"MetricName": name, "Value": value, "Dimensions": dimensions, **when}
        for name, value in zip(METRICS, rates, strict=True)
    ]


def history(
    configuration_set: str,
    bounces: Sequence[float],
    complaints: Sequence[float],
    until: datetime,
    days: float,
) -> Iterator[list[dict[str, Any]]]:
    """Spread the rates evenly over the `days` before `until`, in pieces for PutMetricData.

    Raises:
        ValueError: there are none, not as many of both, or one that is no rate.
    """
    if not bounces or len(bounces) != len(complaints):
        raise ValueError("give as many bounce rates as complaint rates, and one of each at least")
    if not all(0 <= rate <= 1 for rate in (*bounces, *complaints)):
        raise ValueError("a rate is between 0 and 1")
    if not 0 < days <= 450:
        raise ValueError("days is 450 at most")
    step = timedelta(days=days) / len(bounces)
    data = [
        each
        for number, rates in enumerate(zip(bounces, complaints, strict=True), 1)
        for each in metric_data(configuration_set, rates, until - (len(bounces) - number) * step)
    ]
    for start in range(0, len(data), MOST_DATA):
        yield data[start : start + MOST_DATA]
