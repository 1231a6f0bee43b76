"""What an interrupted proof has left in the account, found by its name and by the journal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sestui.domain.errors import Trouble
from sestui.domain.prove.plan import Leftover, Sort, is_temporary, queue_arn
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.proof_queue import running


async def leftover_proofs(cloud: Cloud) -> tuple[Leftover, ...]:
    """What is still there of proofs and tails, also of those on other machines.

    Those that run in this process are left out; `Leftover.may_be_in_use` tells which are so young
    that they may be of another one. A service that may not be asked is left out, too.
    `removal_plan` makes the plan that removes them.

    Raises:
        GatewayError: the network, or the credentials; nothing that one permission would mend.
    """
    proofs = cloud.proofs
    if proofs is None:
        return ()
    noted = await cloud.changes.history(_noted)
    found: list[Leftover] = []
    for ask in (proofs.subscriptions, proofs.rules, proofs.queues):
        found += await _allowed(ask)
    found += await _known_to_the_journal(cloud, noted, found)
    # A queue tells when it was made; what leads to it has its name, and was made with it.
    when = {each.name: each.made for each in found if each.made}
    return tuple(
        replace(each, made=when.get(each.name) or noted.get(each.name), known=each.name in noted)
        for each in found
        if each.name not in running
    )


async def _allowed(ask: Callable[[], Awaitable[tuple[Leftover, ...]]]) -> tuple[Leftover, ...]:
    try:
        return await ask()
    except GatewayError as error:
        if error.trouble in (Trouble.NETWORK, Trouble.CREDENTIALS):
            raise
        return ()


async def _known_to_the_journal(
    cloud: Cloud, noted: Mapping[str, datetime | None], found: Iterable[Leftover]
) -> list[Leftover]:
    """Queues that a list does not show: it may not be asked for, or is a minute late."""
    listed = {each.name for each in found if each.sort is Sort.QUEUE}
    more: list[Leftover] = []
    place = cloud.connection
    for name in noted:
        if name in listed or cloud.queues is None:
            continue
        try:
            url = await cloud.queues.url(queue_arn(place.region, place.caller.account, name))
        except GatewayError as error:
            if error.trouble in (Trouble.NETWORK, Trouble.CREDENTIALS):
                raise
            continue
        if url:
            more.append(Leftover(Sort.QUEUE, name, url))
    return more


def _noted(entries: Iterable[Mapping[str, Any]]) -> dict[str, datetime | None]:
    """Names of queues that were begun and not deleted, by the journal, and when."""
    names: dict[str, datetime | None] = {}
    for entry in entries:
        given = entry.get("parameters") or {}
        match entry.get("service"), entry.get("operation"), entry.get("event"):
            case "sqs", "CreateQueue", _event:
                name = str(given.get("QueueName", ""))
                if is_temporary(name):
                    names.setdefault(name, _time(entry.get("at")))
            case "sqs", "DeleteQueue", "done":
                names.pop(str(given.get("QueueUrl", "")).rsplit("/", 1)[-1], None)
    return names


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
