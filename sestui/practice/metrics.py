"""Where moto's CloudWatch is not like the real one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

_PLAIN = "sestui_plain"


def mend_cloudwatch() -> None:
    """Keep a metric without dimensions apart from its kin with dimensions.

    At AWS each combination of dimensions is a metric of its own. Whoever asks moto 5.2 for the one
    without dimensions gets the data of all: the account's bounce rate would have the sets' in it.
    """
    from moto.cloudwatch.models import CloudWatchBackend

    original: Any = CloudWatchBackend.get_metric_data
    if getattr(original, _PLAIN, False):
        return

    def get_metric_data(
        self: Any,
        queries: list[dict[str, Any]],
        start_time: datetime,
        end_time: datetime,
        scan_by: str = "TimestampAscending",
    ) -> list[dict[str, Any]]:
        if any("Expression" in each for each in queries):
            answer: list[dict[str, Any]] = original(self, queries, start_time, end_time, scan_by)
            return answer
        found: list[dict[str, Any]] = []
        for each in queries:
            plain = not each["MetricStat"]["Metric"].get("Dimensions")
            backend = _WithoutDimensions(self) if plain else self
            found += original(backend, [each], start_time, end_time, scan_by)
        return found

    setattr(get_metric_data, _PLAIN, True)
    setattr(CloudWatchBackend, "get_metric_data", get_metric_data)  # noqa: B010 - mypy minds


class _WithoutDimensions:
    """A backend with those metrics only."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def get_all_metrics(self) -> list[Any]:
        return [each for each in self._backend.get_all_metrics() if not each.dimensions]
