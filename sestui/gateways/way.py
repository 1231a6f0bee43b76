"""How one connection is made: which credentials, which Region, which endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sestui.domain.account import Choice, Connection, Keys, Source
from sestui.gateways.aws import AT_AWS, Aws, Endpoints
from sestui.gateways.failures import NOWHERE, Where
from sestui.gateways.region import find_region
from sestui.gateways.session import new_session, profile_region


@dataclass(frozen=True, slots=True)
class Way:
    """All that a connection needs to know beforehand."""

    choice: Choice
    endpoints: Endpoints = AT_AWS
    keys: Keys | None = None
    """Instead of what the SDK would find."""
    option: str = ""
    """The Region of the command line."""
    environment: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False
    """Without any AWS configuration of this machine."""
    where: Where = NOWHERE


def open_connection(way: Way) -> tuple[Aws, Connection]:
    """Make a session of its own, ask who we are, and have SES's client ready. Blocking.

    Raises:
        GatewayError: what is wrong with credentials, Region or network.
    """
    choice = way.choice
    named = choice.profile if choice.source is Source.PROFILE and not way.alone else ""
    session = new_session(profile=named, keys=way.keys, alone=way.alone)
    region, region_source = find_region(
        way.environment,
        # The headless commands put the option into the choice as well.
        chosen="" if choice.region == way.option else choice.region,
        option=way.option,
        profile=profile_region(session),
    )
    aws = Aws(session, region, way.endpoints, way.where)
    credentials = aws.provider()
    connection = Connection(
        choice=choice,
        caller=aws.caller(),
        region=region,
        region_source=region_source,
        credentials=credentials,
        endpoint=aws.endpoint(),
    )
    return aws, connection
