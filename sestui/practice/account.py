"""The whole practice account in one object: SES, DNS, mail and the neighbours, wired together."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote

from botocore.loaders import create_loader

from sestui.practice import files
from sestui.practice.clock import Clock
from sestui.practice.control import CONFIRM, MAX_HOURS, Control
from sestui.practice.dns.server import HOST, DnsServer
from sestui.practice.dns.world import World
from sestui.practice.events.channels import Undeliverable
from sestui.practice.events.publish import Events
from sestui.practice.events.record import Record
from sestui.practice.http import LoopbackServer
from sestui.practice.lock import FolderLock
from sestui.practice.mail.lookup import Lookup
from sestui.practice.mail.mailbox import Mailbox
from sestui.practice.mail.postmaster import PracticePostmaster
from sestui.practice.neighbours import PATIENCE, Neighbours
from sestui.practice.owner import Owner
from sestui.practice.ports import DEFAULT_REGION, SigningKey
from sestui.practice.ses.service import SesService
from sestui.practice.ses.world import DestinationRefused, Options
from sestui.practice.smtp.account import AccountGate
from sestui.practice.smtp.server import SmtpServer
from sestui.practice.store import Store

_OURS = ("state", "mailbox", "spool", "smtp", "wizard", "lock", "neighbours.jsonl", "events.jsonl")
"""What is in a data folder; the wizard's own part included."""
_MOST_AHEAD = 1000 * MAX_HOURS * 3600
"""Seconds that the clock can have been hurried by."""

FAST = Options(
    control_rate=None, send_rate=None, check_every=0.1, recheck_every=0.5, review_takes=1.0
)
"""For tests: no rate limits, and records are looked up ten times a second."""

_Started = TypeVar("_Started")


class PracticeAccount:
    """Start it and stop it, or use it as a context manager; one at a time in a process.

    Attributes:
        folder: all of its state; a temporary folder, removed by `stop`, when none was given.
        owner: the keys that open it.
        damaged: what was found damaged in the folder and set aside, in words.
        ses, dns, world, mailbox, postmaster, events, neighbours, control, clock, smtp: its parts.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        region: str = DEFAULT_REGION,
        options: Options | None = None,
        told: Callable[[str], None] = lambda _text: None,
        failed: Callable[[str], None] = lambda _text: None,
    ) -> None:
        """Make the parts; nothing is bound or written before `start`, except for the folder.

        Args:
            data_dir: where to keep the state between runs; made when it is not there.
            region: the Region to announce. Every Region works.
            options: the pace of SES; `FAST` for tests.
            told: hears of each thing in the folder that is damaged and was set aside.
            failed: hears, from any thread, why a part cannot run. The others do.

        Raises:
            InUse: another process uses `data_dir`.
            OSError: the folder cannot be used.
        """
        self.region = region
        self._temporary = data_dir is None
        self.folder = data_dir or Path(tempfile.mkdtemp(prefix="sestui-practice-"))
        files.make_folder(self.folder)
        files.close_folder(self.folder, _OURS)
        self.damaged: list[str] = []
        self._told = told
        self._failed = failed
        self._lock = FolderLock(self.folder)
        self._lock.take()
        self._options = options or Options()
        self._keys = _LateKeys()
        self._closing: list[Callable[[], None]] = []
        try:
            self._make()
        except BaseException:
            self.stop()
            raise

    def _make(self) -> None:
        told = self._tell
        self.store = Store(self.folder / "state", told)
        kept = self.store.load("clock", _is_clock) or {"ahead": 0}
        self.clock = Clock(timedelta(seconds=kept["ahead"]))
        self.owner = Owner.of(self.store)
        self.world = World(self._keys, self.store)
        self.dns = DnsServer(self.world)
        self.neighbours = Neighbours(
            self.folder / "neighbours.jsonl",
            functools.partial(setattr, self.world, "route53"),
            owner=self.owner,
            told=told,
            failed=self._failed,
        )
        self.mailbox = Mailbox(self.folder / "mailbox")
        self.record = Record(self.folder / "events.jsonl", told)
        self.events = Events(
            self.neighbours, self._keys, self._reputation_metrics, keep=self.record.add
        )
        self.seed_reputation = functools.partial(self.events.seed_reputation, region=self.region)
        self.postmaster = PracticePostmaster(
            mailbox=self.mailbox,
            spool_folder=self.folder / "spool",
            told=told,
            lookup=Lookup(lambda: self.dns.address),
            keys=self._keys,
            events=self.events,
            clock=self.clock,
            place=region_name,
        )
        self.ses: SesService
        self.smtp: SmtpServer
        self.control: LoopbackServer

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def nameserver(self) -> tuple[str, int]:
        """Host and port of the name server."""
        return self.dns.address

    @property
    def endpoint(self) -> str:
        """The endpoint of SES."""
        return f"http://{HOST}:{self._ses_port}"

    @property
    def control_url(self) -> str:
        """What `/_practice/state` and the like are appended to."""
        return f"http://{HOST}:{self.control.port}"

    def start(self) -> None:
        """Bind all ports and begin. SES, DNS and mail answer at once, the neighbours when loaded.

        Raises:
            OSError: no port could be bound.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        # The ports of the last run, where they are still free: links in old mail go on working.
        ports = self.store.load("ports", _are_ports) or {}
        ports["dns"] = _on_port(self.dns.start, ports.get("dns", 0))
        self._closing.append(self.dns.stop)
        self.ses = SesService(
            self.clock,
            self.store,
            nameserver=self.dns.address,
            postmaster=self.postmaster,
            link_for=lambda token: f"{self.control_url}{CONFIRM}?token={quote(token)}",
            find_login=lambda key_id: self.neighbours.login(key_id, PATIENCE),
            options=self._options,
            on_destination_created=self._destination_created,
            events_of=self.record.of_message,
        )
        self._keys.service = self.ses
        self.control = _on_port(
            lambda port: LoopbackServer(self._control(), port), ports.get("control", 0)
        )
        self.control.start()
        self._closing.append(self.control.stop)
        ports["control"] = self.control.port
        self.postmaster.start()
        self._closing.append(self.postmaster.stop)
        self._ses_port = ports["ses"] = _on_port(self.ses.start, ports.get("ses", 0))
        self._closing.append(self.ses.stop)
        self.smtp = SmtpServer(
            AccountGate(self.ses, self.neighbours, self.region),
            self.region,
            self.folder / "smtp",
            failed=self._failed,
        )
        self._closing.append(self.smtp.stop)
        for name in ("smtp", "smtp_tls"):
            ports[name] = _on_port(self.smtp.bind, ports.get(name, 0))
        self.smtp.start()
        ports["neighbours"] = _on_port(self.neighbours.start, ports.get("neighbours", 0))
        # Last of all: mail in hand still has events to publish.
        self._closing.insert(0, self.neighbours.stop)
        self.store.save("ports", ports)

    def stop(self) -> None:
        """End everything and free the folder; may be called twice."""
        while self._closing:
            self._closing.pop()()
        self._lock.release()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """What `aws`, boto3 scripts and a second sestui need to use this account."""
        host, port = self.nameserver
        return {
            "AWS_ENDPOINT_URL_SESV2": self.endpoint,
            "AWS_ENDPOINT_URL_SES": self.endpoint,
            "AWS_ENDPOINT_URL": self.neighbours.endpoint,
            "AWS_ACCESS_KEY_ID": self.owner.access_key,
            "AWS_SECRET_ACCESS_KEY": self.owner.secret_key,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "SESTUI_NAMESERVER": f"{host}:{port}",
            **self.smtp.environment(),
            "SESTUI_PRACTICE": self.control_url,
            "SESTUI_PRACTICE_TOKEN": self.owner.token,
            "SESTUI_MAILBOX": str(self.mailbox.folder),
        }

    def hurry(self, by: timedelta) -> None:
        """Let `by` pass at once, and remember it. Raises ValueError when it is negative."""
        self.clock.hurry(by)
        self.store.save("clock", {"ahead": self.clock.offset.total_seconds()})

    def _tell(self, text: str) -> None:
        self.damaged.append(text)
        self._told(text)

    def _control(self) -> Control:
        return Control(
            clock=self.clock,
            mailbox=self.mailbox,
            panel=self.world.panel,
            record=self.record,
            dns_faults=self.dns.faults,
            ses_faults=self.ses.faults,
            confirm=self.ses.confirm,
            check_now=self.ses.check_now,
            hurry=self.hurry,
            seed_reputation=self.seed_reputation,
            state=self._state,
            has_token=self.owner.has_sent,
        )

    def _state(self) -> dict[str, Any]:
        host, port = self.nameserver
        return {
            "region": self.region,
            "damaged": list(self.damaged),
            "nameserver": f"{host}:{port}",
            "smtp_ready": self.smtp.wait(0),
            "smtp_problem": self.smtp.problem,
            "neighbours_ready": self.neighbours.ready,
            "neighbours_problem": self.neighbours.problem,
            "event_problems": list(self.events.problems),
            "mail_problems": list(self.postmaster.problems),
        }

    def _destination_created(
        self, region: str, configuration_set: str, destination: dict[str, Any]
    ) -> None:
        try:
            self.events.destination_created(region, configuration_set, destination)
        except Undeliverable as error:
            raise DestinationRefused(str(error)) from error

    def _reputation_metrics(self, region: str, configuration_set: str) -> bool:
        """Whether a set has them on, from what SES has stored; its lock is not needed for that."""
        for each in self.store.load(f"ses-{region}-sets") or []:
            if each["name"] == configuration_set:
                options = each["options"].get("ReputationOptions", {})
                return bool(options.get("ReputationMetricsEnabled"))
        return False


class _LateKeys:
    """`SigningKeys` and `Destinations` of a service that needs the name server to exist first."""

    service: SesService | None = None

    def _there(self) -> SesService:
        if self.service is None:
            raise RuntimeError("the account has not been started")
        return self.service

    def signing_key(self, region: str, identity: str) -> SigningKey | None:
        return self._there().signing_key(region, identity)

    def amazonses_key(self, region: str) -> SigningKey:
        return self._there().amazonses_key(region)

    def public_keys(self) -> Mapping[str, str]:
        return self.service.public_keys() if self.service else {}

    def event_destinations(self, region: str, configuration_set: str) -> list[dict[str, Any]]:
        return self._there().event_destinations(region, configuration_set)


def region_name(region: str) -> str:
    """A Region's name as AWS writes it, "Europe (Ireland)"; the code where there is none."""
    for partition in create_loader().load_data("partitions")["partitions"]:
        if found := partition["regions"].get(region):
            return str(found["description"])
    return region


def _is_clock(kept: Any) -> bool:
    ahead = kept.get("ahead") if isinstance(kept, dict) else None
    return isinstance(ahead, int | float) and 0 <= ahead <= _MOST_AHEAD


def _are_ports(kept: Any) -> bool:
    return isinstance(kept, dict) and all(
        isinstance(port, int) and 0 < port < 65536 for port in kept.values()
    )


def _on_port(bind: Callable[[int], _Started], port: int) -> _Started:
    """Bind to `port`, or to a free one where that is taken."""
    if port:
        try:
            return bind(port)
        except OSError:
            pass
    return bind(0)
