"""The go-live review, from what AWS and DNS say now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sestui.domain.account import Account
from sestui.domain.configset import ConfigurationSet
from sestui.domain.diagnosis import RecordCheck
from sestui.domain.identity import Identity
from sestui.domain.readiness import Review, review
from sestui.gateways.ports import Cloud
from sestui.workflows.check import Target, check_domain
from sestui.workflows.survey import open_identity


@dataclass(frozen=True, slots=True)
class Reviewed:
    account: Account
    identity: Identity
    checks: tuple[RecordCheck, ...]
    default_set: ConfigurationSet | None
    review: Review


async def look(
    cloud: Cloud, name: str, before: tuple[RecordCheck, ...], now: Callable[[], datetime]
) -> Reviewed | None:
    """Ask AWS and DNS for all that the review is about; None when there is no such identity.

    Raises:
        GatewayError: AWS could not be asked.
    """
    opened = await open_identity(cloud, name)
    if opened is None:
        return None
    identity, default_set = opened
    account = await cloud.ses.account()
    target = Target.of(identity, cloud.connection.region)
    checks = (await check_domain(cloud.dns, target, before, now=now)).checks
    return Reviewed(
        account, identity, checks, default_set, review(account, identity, checks, default_set)
    )
