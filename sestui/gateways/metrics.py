"""Reading the reputation metrics of SES from CloudWatch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sestui.domain.reputation import Point, RateKind, Rates, Series
from sestui.gateways.aws import Aws

NAMESPACE = "AWS/SES"
DIMENSION = "ses:configuration-set"
PERIOD = 3600
"""Seconds. CloudWatch keeps points of an hour for 15 months."""
_PAGES = 20
"""At most; two metrics of two weeks fit into one."""


class BotoMetrics:
    """`Metrics`, over boto3. GetMetricData is charged by the metric, so nothing here polls."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    async def rates(self, since: datetime, until: datetime, set_name: str = "") -> Rates:
        parameters: dict[str, Any] = {
            "MetricDataQueries": [_query(kind, set_name) for kind in RateKind],
            "StartTime": since,
            "EndTime": until,
            "ScanBy": "TimestampAscending",
        }
        found: dict[RateKind, dict[datetime, float]] = {kind: {} for kind in RateKind}
        for _number in range(_PAGES):
            answer = await self._aws.call("cloudwatch", "GetMetricData", parameters)
            for result in answer.get("MetricDataResults") or ():
                if result.get("Id") in set(RateKind):
                    found[RateKind(result["Id"])] |= _points(result)
            token = answer.get("NextToken")
            if not token or token == parameters.get("NextToken"):
                break
            parameters["NextToken"] = token
        return Rates(*(_series(kind, found[kind]) for kind in RateKind))


def _query(kind: RateKind, set_name: str) -> dict[str, Any]:
    dimensions = [{"Name": DIMENSION, "Value": set_name}] if set_name else []
    metric = {"Namespace": NAMESPACE, "MetricName": kind.metric, "Dimensions": dimensions}
    return {
        "Id": str(kind),
        "MetricStat": {"Metric": metric, "Period": PERIOD, "Stat": "Average"},
        "ReturnData": True,
    }


def _points(result: Mapping[str, Any]) -> dict[datetime, float]:
    rows = zip(result.get("Timestamps") or (), result.get("Values") or (), strict=False)
    return {at: float(value) for at, value in rows}


def _series(kind: RateKind, points: Mapping[datetime, float]) -> Series:
    return Series(kind, tuple(Point(at, points[at]) for at in sorted(points)))
