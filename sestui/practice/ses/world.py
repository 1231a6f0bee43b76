"""What every operation is given: the service's state and surroundings, and the call itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sestui.practice.clock import Clock
from sestui.practice.ports import ACCOUNT_ID, Postmaster
from sestui.practice.ses.limits import TokenBucket
from sestui.practice.ses.state import SECTIONS, Region, Section
from sestui.practice.store import Store


class DestinationRefused(Exception):
    """Raised by `on_destination_created`; its text becomes the error of the API."""


DestinationHook = Callable[[str, str, dict[str, Any]], None]
"""Region, configuration set, destination as GetConfigurationSetEventDestinations returns it."""


EventsOf = Callable[[str], list[dict[str, Any]]]
"""All events of a message so far, by its id, as they are published."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the service behaves where the real one leaves no choice. Seconds of the practice clock.

    Attributes:
        control_rate: requests a second on the control plane, per Region; None switches it off.
        control_burst: how many of them may come at once after a rest.
        send_rate: SendEmail calls a second; None switches it off; negative takes the account's
            own MaxSendRate.
        check_every: how often a pending identity is looked up.
        recheck_every: how often a verified one is.
        review_takes: from PutAccountDetails to production access.
        dns_timeout: real seconds to wait for one answer of the name server.
    """

    control_rate: float | None = 1.0
    control_burst: float = 5.0
    send_rate: float | None = -1.0
    check_every: float = 3.0
    recheck_every: float = 30.0
    review_takes: float = 24 * 3600.0
    dns_timeout: float = 2.0


@dataclass(slots=True)
class World:
    """The service's state and what it is connected to. `lock` guards `regions` and all in it."""

    clock: Clock
    store: Store
    postmaster: Postmaster
    link_for: Callable[[str], str]
    options: Options
    on_destination_created: DestinationHook
    events_of: EventsOf
    lock: threading.RLock = field(default_factory=threading.RLock)
    regions: dict[str, Region] = field(default_factory=dict)
    send_limits: dict[str, tuple[float, TokenBucket]] = field(default_factory=dict)

    def now(self) -> float:
        return self.clock.now().timestamp()

    def region(self, name: str) -> Region:
        return self.regions.setdefault(name, Region(name))

    def save(self, region: Region, *sections: Section) -> None:
        for section in sections:
            self.store.save(f"ses-{region.name}-{section}", region.section(section))

    def load(self) -> None:
        """Take everything back that was saved; what is damaged is set aside.

        Raises:
            OSError: a document cannot be read.
        """
        for name in self.store.names():
            prefix, _, rest = name.partition("-")
            region, _, section = rest.rpartition("-")
            for known in SECTIONS:
                if prefix == "ses" and section == known:
                    self._restore(self.region(region), known, name)

    def _restore(self, region: Region, section: Section, name: str) -> None:
        kind = dict if section in ("account", "keys", "sending") else list
        data = self.store.load(name, lambda data: isinstance(data, kind))
        if data is not None and (damaged := region.restore(section, data)):
            self.store.keep_copy(name, f"damaged: {', '.join(damaged)}")
            self.save(region, section)


@dataclass(slots=True)
class Call:
    """One request: where, by whom, when.

    What an operation appends to `after` is done once the new state is saved: mail must not leave
    with a link or an id that is then forgotten.
    """

    world: World
    region: Region
    caller_arn: str
    now: float
    after: list[Callable[[], None]] = field(default_factory=list)

    def arn(self, kind: str, name: str) -> str:
        """The ARN of an `identity`, `configuration-set` or `template`."""
        return f"arn:aws:ses:{self.region.name}:{ACCOUNT_ID}:{kind}/{name}"


Members = dict[str, Any]
Run = Callable[[Call, Members], Members]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, and the sections of the state it may change.

    `run` is called with the lock held; `prepare`, before it, without: for what takes its time,
    like asking a neighbour. It may raise ServiceError too.
    """

    run: Run
    writes: tuple[Section, ...] = ()
    prepare: Callable[[Call, Members], None] | None = None


def reads(run: Run) -> Operation:
    return Operation(run)


def writes(section: Section, run: Run) -> Operation:
    return Operation(run, (section,))
