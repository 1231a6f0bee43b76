"""What becomes of an identity when its records are looked up, and when time passes.

The pure part: what to look up, and what follows from it. `verifier.py` does the work.
Source: developer guide, "Creating and verifying identities" and "Using a custom MAIL FROM domain".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sestui.practice.ses import lookups
from sestui.practice.ses.dkim import effective, is_replica, parent_of
from sestui.practice.ses.keys import pem_from_given, public_value
from sestui.practice.ses.lookups import Answer
from sestui.practice.ses.regions import feedback_host
from sestui.practice.ses.state import Identity, Region
from sestui.practice.ses.world import World

HOUR = 3600.0
DOMAIN_WINDOW = 72 * HOUR
LINK_WINDOW = 24 * HOUR
_OPEN = ("PENDING", "TEMPORARY_FAILURE")
_LOOKED_UP = (*_OPEN, "SUCCESS")


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be looked up for an identity.

    Attributes:
        created, generation: the identity's when the task was made; what is found is for that
            one only.
        cnames, txt: what DKIM needs, by its kind; both empty when DKIM is not looked up.
        refused: the error that needs no look-up, of a replica without a parent.
        mail_from: the MAIL FROM domain, "" for none.
    """

    region: str
    name: str
    created: float
    generation: int
    cnames: tuple[tuple[str, str], ...] = ()
    txt: tuple[str, str] | None = None
    refused: str = ""
    mail_from: str = ""

    @property
    def has_dkim(self) -> bool:
        return bool(self.cnames or self.txt or self.refused)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `dkim` is "" or an error, `mail_from` None when not looked up."""

    dkim: str
    mail_from: bool | None
    soa: dict[str, Any] | None


def is_open(identity: Identity) -> bool:
    """Whether SES is still trying: it then looks often."""
    statuses = (identity.dkim.status, identity.mail_from.status, identity.status)
    return any(status in _OPEN for status in statuses)


def task_for(world: World, region: Region, identity: Identity) -> Task | None:
    """What to look up now, or None: failed is failed until it is set up anew."""
    mail_from = identity.mail_from.domain if identity.mail_from.status in _LOOKED_UP else ""
    task = Task(
        region.name, identity.name, identity.created, identity.generation, mail_from=mail_from
    )
    if not identity.is_address and identity.dkim.status in _LOOKED_UP:
        task = _with_dkim(world, identity, task)
    return task if task.has_dkim or task.mail_from else None


def _with_dkim(world: World, identity: Identity, task: Task) -> Task:
    keys, refused = effective(world, identity), ""
    if is_replica(identity.dkim):
        _, refused = parent_of(world, identity)
    cnames: tuple[tuple[str, str], ...] = ()
    txt: tuple[str, str] | None = None
    if keys.origin == "EXTERNAL":
        public = public_value(pem_from_given(keys.private_key))
        txt = (f"{keys.selector}._domainkey.{identity.name}", public)
    elif not refused:
        cnames = tuple(
            (f"{token}._domainkey.{identity.name}", f"{token}.{keys.zone}") for token in keys.tokens
        )
    return replace(task, cnames=cnames, txt=txt, refused=refused)


def look(
    task: Task,
    ask: Callable[[str, str], Answer],
    soa: Callable[[str], dict[str, Any] | None],
) -> Found:
    """Do the look-ups of a task. Takes as long as the name server takes."""
    error = task.refused
    if task.cnames:
        error = lookups.dkim_cnames(ask, task.cnames)
    elif task.txt is not None:
        error = lookups.dkim_txt(ask, *task.txt)
    found = None
    if task.mail_from:
        found = lookups.mail_from_mx(ask, task.mail_from, feedback_host(task.region))
    return Found(error, found, soa(task.name) if task.has_dkim else None)


def apply(identity: Identity, task: Task, found: Found, now: float) -> bool:
    """Let what was found change the identity; nothing when it has changed meanwhile.

    Returns:
        Whether there is more to remember than the time of the look-up.
    """
    if (identity.created, identity.generation) != (task.created, task.generation):
        return False
    before = _picture(identity)
    if task.has_dkim:
        identity.checked, identity.soa, identity.error = now, found.soa, found.dkim
        if found.dkim:
            _dkim_missing(identity, now)
        else:
            identity.succeeded = now
            _dkim_found(identity, now)
    if found.mail_from is not None:
        _mail_from_seen(identity, found.mail_from, now)
    return _picture(identity) != before


def _picture(identity: Identity) -> tuple[object, ...]:
    return (
        identity.status,
        identity.error,
        identity.soa,
        identity.dkim.status,
        identity.mail_from.status,
    )


def expire(identity: Identity, now: float) -> bool:
    """Let an address fail whose link was not used in 24 hours; whether it did."""
    if not identity.is_address or identity.status != "PENDING":
        return False
    if now - identity.since < LINK_WINDOW:
        return False
    identity.status = "FAILED"
    return True


def _dkim_found(identity: Identity, now: float) -> None:
    dkim = identity.dkim
    if dkim.status != "SUCCESS":
        dkim.status, dkim.since = "SUCCESS", now
    if identity.status != "SUCCESS":
        identity.status, identity.since = "SUCCESS", now
    identity.verified = True


def _dkim_missing(identity: Identity, now: float) -> None:
    dkim = identity.dkim
    if dkim.status == "SUCCESS":
        # Lost what was there: 72 hours to bring it back, and mail goes on meanwhile.
        dkim.status, dkim.since = "TEMPORARY_FAILURE", now
        identity.status, identity.since = "TEMPORARY_FAILURE", now
    elif now - dkim.since >= DOMAIN_WINDOW:
        dkim.status = identity.status = "FAILED"
        identity.verified = False


def _mail_from_seen(identity: Identity, found: bool, now: float) -> None:
    mail_from = identity.mail_from
    if found:
        if mail_from.status != "SUCCESS":
            mail_from.status, mail_from.since = "SUCCESS", now
    elif mail_from.status == "SUCCESS":
        mail_from.status, mail_from.since = "TEMPORARY_FAILURE", now
    elif now - mail_from.since >= DOMAIN_WINDOW:
        mail_from.status = "FAILED"
