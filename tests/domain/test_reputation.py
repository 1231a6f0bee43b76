"""What rates are worth, and how they are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.account import Account, Quota
from sestui.domain.plot import LINE, Role, plot, spread
from sestui.domain.reputation import (
    THRESHOLDS,
    Point,
    RateKind,
    Rates,
    Series,
    Trend,
    judge_account,
    judge_rate,
    no_data_reason,
    percent,
)
from sestui.domain.severity import Severity

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
BOUNCE, COMPLAINT = RateKind.BOUNCE, RateKind.COMPLAINT
OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
ACCOUNT = Account(True, True, "HEALTHY", Quota(50_000, 14, 10))


@pytest.mark.parametrize(
    ("kind", "value", "severity", "word"),
    [
        (BOUNCE, None, Severity.UNKNOWN, "no data"),
        (BOUNCE, 0.0, OK, "healthy"),
        (BOUNCE, 0.0199, OK, "healthy"),
        (BOUNCE, 0.02, WARNING, "more than advised"),
        (BOUNCE, 0.0499, WARNING, "more than advised"),
        (BOUNCE, 0.05, ERROR, "review"),
        (BOUNCE, 0.0999, ERROR, "review"),
        (BOUNCE, 0.10, ERROR, "pause"),
        (COMPLAINT, 0.0, OK, "healthy"),
        (COMPLAINT, 0.00049, OK, "healthy"),
        (COMPLAINT, 0.0005, WARNING, "near the limit"),
        (COMPLAINT, 0.001, ERROR, "review"),
        (COMPLAINT, 0.00499, ERROR, "review"),
        (COMPLAINT, 0.005, ERROR, "pause"),
    ],
)
def test_a_rate_is_judged_by_the_thresholds_of_aws(kind, value, severity, word):
    judged = judge_rate(kind, value)
    assert judged.severity is severity
    assert word in judged.word
    # What is not well comes with something to do; what is well needs nothing.
    assert bool(judged.advice) == (severity in (WARNING, ERROR))


@pytest.mark.parametrize(
    ("changes", "severity", "word"),
    [
        ({}, OK, "healthy"),
        ({"enforcement": ""}, OK, "healthy"),
        ({"enforcement": "PROBATION"}, WARNING, "under review"),
        ({"enforcement": "SHUTDOWN"}, ERROR, "paused by AWS"),
        # Sending is off then, too; the person cannot switch it on.
        ({"enforcement": "SHUTDOWN", "sending_enabled": False}, ERROR, "paused by AWS"),
        ({"sending_enabled": False}, ERROR, "switched off"),
        ({"enforcement": "SOMETHING_NEW"}, Severity.UNKNOWN, "something_new"),
    ],
)
def test_the_state_of_the_account(changes, severity, word):
    judged = judge_account(replace(ACCOUNT, **changes))
    assert judged.severity is severity
    assert word in judged.word


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 %"),
        (0.00001, "< 0.01 %"),
        (0.0001, "0.01 %"),
        (0.001, "0.1 %"),
        (0.0049, "0.49 %"),
        (0.05, "5 %"),
        (0.0512, "5.1 %"),
        (0.1, "10 %"),
        (1.0, "100 %"),
    ],
)
def test_percent(value, text):
    assert percent(value) == text


def series(kind, *values):
    start = NOW - timedelta(hours=len(values))
    return Series(kind, tuple(Point(start + timedelta(hours=n), v) for n, v in enumerate(values)))


@pytest.mark.parametrize(
    ("values", "trend"),
    [
        ((), None),
        ((0.01, 0.02, 0.03), None),
        ((0.01, 0.01, 0.01, 0.01), Trend.STEADY),
        ((0.010, 0.010, 0.014, 0.014), Trend.STEADY),  # a ripple
        ((0.01, 0.01, 0.03, 0.03), Trend.RISING),
        ((0.09, 0.08, 0.02, 0.01), Trend.FALLING),
    ],
)
def test_the_trend_compares_the_halves(values, trend):
    assert series(BOUNCE, *values).trend is trend


def test_a_ripple_of_bounces_is_a_wave_of_complaints():
    values = (0.0001, 0.0001, 0.003, 0.003)
    assert series(BOUNCE, *values).trend is Trend.STEADY
    assert series(COMPLAINT, *values).trend is Trend.RISING


def test_the_latest_and_emptiness():
    assert series(BOUNCE, 0.01, 0.02).latest.value == 0.02
    assert Series(BOUNCE).latest is None
    assert Rates().empty
    assert not Rates(bounces=series(BOUNCE, 0.0)).empty


def test_why_there_is_nothing_to_draw():
    assert "off for this set" in no_data_reason(of_set=True, metrics_on=False)
    for of_set in (True, False):
        assert "simulator does not count" in " ".join(no_data_reason(of_set=of_set).split())


# The plot


def texts(values, width, height, kind=BOUNCE):
    return [row.text for row in plot(values, width, height, THRESHOLDS[kind])]


def test_a_healthy_rate_is_drawn_below_the_line_of_the_review():
    rows = plot((0.01, 0.02), 6, 4, THRESHOLDS[BOUNCE])
    assert [row.text for row in rows] == [LINE * 6, " " * 6, "   ▃▃▃", "▆▆▆███"]
    assert [row.threshold for row in rows] == [0.05, None, None, None]
    assert rows[0].runs == ((LINE * 6, Role.REVIEW_LINE),)
    assert rows[3].runs == (("▆▆▆", Role.GOOD), ("███", Role.ADVISED))


def test_a_rate_over_the_line_brings_the_next_one_into_sight():
    rows = plot((0.06,), 3, 5, THRESHOLDS[BOUNCE])
    assert [row.threshold for row in rows] == [0.10, None, 0.05, None, None]
    assert {role for row in rows[2:] for _text, role in row.runs} == {Role.REVIEW}
    over = plot((0.9,), 3, 4, THRESHOLDS[BOUNCE])
    assert [row.threshold for row in over] == [None, None, None, 0.10]  # both lie in one row
    assert over[0].text.strip()
    assert over[-1].runs == (("███", Role.PAUSE),)


def test_zero_is_a_thin_line_and_nothing_is_nothing():
    assert texts((0.0, None), 4, 3)[-1] == "▁▁  "
    assert texts((), 4, 3)[-1] == "    "


def test_many_values_keep_their_peak_and_few_are_stretched():
    many = [0.0] * 100
    many[57] = 0.09
    assert texts(many, 10, 4)[-1] == "▁▁▁▁▁█▁▁▁▁"
    assert texts((0.0, 0.09), 4, 4)[-1] == "▁▁██"


@given(
    st.lists(st.none() | st.floats(0, 1), max_size=60),
    st.integers(0, 40),
    st.integers(0, 12),
    st.sampled_from(RateKind),
)
def test_any_values_fill_exactly_the_room(values, width, height, kind):
    rows = plot(values, width, height, THRESHOLDS[kind])
    assert len(rows) == (height if width else 0)
    assert all(len(row.text) == width for row in rows)
    # Columns stand on the ground: below what is drawn there is no gap.
    for column in range(width if rows else 0):
        drawn = [row.text[column] not in (" ", LINE) for row in rows]
        assert drawn == sorted(drawn)


def test_points_are_spread_over_the_time():
    since, until = NOW - timedelta(days=4), NOW
    points = (
        Point(since - timedelta(minutes=30), 0.01),  # CloudWatch rounds down
        Point(since + timedelta(days=1, hours=1), 0.02),
        Point(since + timedelta(days=1, hours=2), 0.04),
        Point(until, 0.03),
    )
    assert spread(points, since, until, 4) == (0.01, 0.04, None, 0.03)
    assert spread(points, until, until, 2) == (None, 0.04)
    assert spread((), since, until, 3) == (None, None, None)
