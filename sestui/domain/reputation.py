"""Bounce and complaint rates: what they are worth, and how they are drawn.

Sources: Developer Guide, "Reputation metrics messages" (5 and 10 % of bounces, 0.1 and 0.5 % of
complaints), "Amazon SES sending review process FAQs" (below 2 and 0.1 % is healthy), "Creating
reputation monitoring alarms using CloudWatch" (the metrics are fractions of 1). They are counted
over a representative volume of mail, not over a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sestui.domain.i18n import _
from sestui.domain.severity import Severity

if TYPE_CHECKING:
    from sestui.domain.account import Account

DAYS = 14
"""How far back the plots go."""


class RateKind(StrEnum):
    BOUNCE = "bounce"
    COMPLAINT = "complaint"

    @property
    def word(self) -> str:
        return {
            RateKind.BOUNCE: _("Bounce rate"),
            RateKind.COMPLAINT: _("Complaint rate"),
        }[self]

    @property
    def metric(self) -> str:
        """Its name in CloudWatch, namespace AWS/SES."""
        return {
            RateKind.BOUNCE: "Reputation.BounceRate",
            RateKind.COMPLAINT: "Reputation.ComplaintRate",
        }[self]


class Thresholds(NamedTuple):
    """Fractions of 1."""

    advised: float
    """Below this AWS sees no cause for concern."""
    review: float
    """From here on AWS may look into the account."""
    pause: float
    """From here on AWS may stop its sending."""


THRESHOLDS: Mapping[RateKind, Thresholds] = {
    RateKind.BOUNCE: Thresholds(0.02, 0.05, 0.10),
    RateKind.COMPLAINT: Thresholds(0.001, 0.001, 0.005),
}


class Trend(StrEnum):
    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"

    @property
    def word(self) -> str:
        return {
            Trend.RISING: _("rising"),
            Trend.FALLING: _("falling"),
            Trend.STEADY: _("steady"),
        }[self]

    @property
    def glyph(self) -> str:
        return {Trend.RISING: "↗", Trend.FALLING: "↘", Trend.STEADY: "→"}[self]


class Point(NamedTuple):
    at: datetime
    value: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Series:
    """One rate over some days, the oldest first."""

    kind: RateKind
    points: tuple[Point, ...] = ()

    @property
    def latest(self) -> Point | None:
        return self.points[-1] if self.points else None

    @property
    def trend(self) -> Trend | None:
        """Whether the later half is higher than the earlier one; None with too little to say.

        A tenth of what gets an account reviewed is no more than a ripple.
        """
        if len(self.points) < 4:
            return None
        middle = len(self.points) // 2
        by = _mean(self.points[middle:]) - _mean(self.points[:middle])
        ripple = THRESHOLDS[self.kind].review / 10
        if abs(by) < ripple:
            return Trend.STEADY
        return Trend.RISING if by > 0 else Trend.FALLING


@dataclass(frozen=True, slots=True)
class Rates:
    """Of the account, or of one configuration set."""

    bounces: Series = Series(RateKind.BOUNCE)
    complaints: Series = Series(RateKind.COMPLAINT)

    @property
    def empty(self) -> bool:
        return not (self.bounces.points or self.complaints.points)


class Judgement(NamedTuple):
    severity: Severity
    word: str
    advice: str = ""


def judge_rate(kind: RateKind, value: float | None) -> Judgement:
    """What a rate means for the account; None when there is none yet."""
    if value is None:
        return Judgement(Severity.UNKNOWN, _("no data yet"))
    limits = THRESHOLDS[kind]
    if value >= limits.pause:
        return Judgement(Severity.ERROR, _("AWS may pause sending"), _urgent(kind))
    if value >= limits.review:
        return Judgement(Severity.ERROR, _("AWS may review the account"), _urgent(kind))
    if value >= limits.advised:
        return Judgement(Severity.WARNING, _("more than advised"), _gentle(kind))
    # Complaints have one limit for both; halfway to it is the time to look.
    if kind is RateKind.COMPLAINT and value >= limits.review / 2:
        return Judgement(Severity.WARNING, _("near the limit"), _gentle(kind))
    return Judgement(Severity.OK, _("healthy"))


def _urgent(kind: RateKind) -> str:
    if kind is RateKind.BOUNCE:
        return _("Stop mail to old or bought lists, and take out every address that bounced.")
    return _("Stop the mail they complain about; write to who asked, and let them leave easily.")


def _gentle(kind: RateKind) -> str:
    if kind is RateKind.BOUNCE:
        return _("Look at the bounces, and take out addresses that do not exist.")
    return _("Look at who complains about which mail, and make leaving easier than complaining.")


def judge_account(account: Account) -> Judgement:
    """Enforcement and sending state (API v2, GetAccount)."""
    match account.enforcement:
        case "SHUTDOWN":
            return Judgement(
                Severity.ERROR,
                _("paused by AWS"),
                _("No setting changes that: answer the Support case that AWS opened."),
            )
        case _ if not account.sending_enabled:
            return Judgement(
                Severity.ERROR,
                _("switched off"),
                _("It was switched off here, not by AWS, and can be switched on again."),
            )
        case "PROBATION":
            return Judgement(
                Severity.WARNING,
                _("under review by AWS"),
                _("Mend the cause, and answer the mail or the Support case from AWS."),
            )
        case "HEALTHY" | "":
            return Judgement(Severity.OK, _("healthy"))
        case other:
            return Judgement(Severity.UNKNOWN, other.lower())


def no_data_reason(*, of_set: bool, metrics_on: bool = True) -> str:
    """Why there is nothing to draw."""
    if of_set and not metrics_on:
        return _("Reputation metrics are off for this set.")
    if of_set:
        return _(
            "Nothing yet. It begins with mail through this set to real people; the simulator does "
            "not count, and CloudWatch is some minutes behind."
        )
    return _(
        "Nothing yet. It begins with mail to real people; the simulator does not count, and "
        "CloudWatch is some minutes behind."
    )


def percent(value: float) -> str:
    """With as many digits as tell it from the thresholds."""
    number = value * 100
    if number == 0:
        return "0 %"
    if number < 0.01:
        return "< 0.01 %"
    text = f"{number:.2f}" if number < 1 else f"{number:.1f}"
    return f"{text.rstrip('0').rstrip('.')} %"


def _mean(points: tuple[Point, ...]) -> float:
    return sum(each.value for each in points) / len(points)
