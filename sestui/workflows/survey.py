"""Look at the account, and at one identity with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.account import Account
from sestui.domain.configset import ConfigurationSet
from sestui.domain.errors import Problem, Trouble
from sestui.domain.identity import Identity, IdentitySummary
from sestui.gateways.ports import Cloud, GatewayError


@dataclass(frozen=True, slots=True)
class Survey:
    account: Account | None
    """None when these credentials may not read it."""
    identities: tuple[IdentitySummary, ...]
    problem: Problem | None = None
    """What could not be read, where the rest could."""


async def survey(cloud: Cloud) -> Survey:
    """Sandbox, quota and identities of one account and Region.

    Raises:
        GatewayError: nothing can be read; a single call that is denied is told in `problem`.
    """
    account: Account | None = None
    identities: tuple[IdentitySummary, ...] = ()
    problem: Problem | None = None
    try:
        account = await cloud.ses.account()
    except GatewayError as error:
        if error.trouble is not Trouble.DENIED:
            raise
        problem = error.problem
    try:
        identities = await cloud.ses.identities()
    except GatewayError as error:
        if error.trouble is not Trouble.DENIED:
            raise
        problem = problem or error.problem
    return Survey(account, identities, problem)


async def open_identity(cloud: Cloud, name: str) -> tuple[Identity, ConfigurationSet | None] | None:
    """An identity and its default configuration set; None when there is no such identity."""
    identity = await cloud.ses.identity(name)
    if identity is None:
        return None
    return identity, await default_set(cloud, identity)


async def default_set(cloud: Cloud, identity: Identity) -> ConfigurationSet | None:
    """The identity's default configuration set; None when it has none, or one that is gone."""
    if not identity.configuration_set:
        return None
    return await cloud.ses.configuration_set(identity.configuration_set)
