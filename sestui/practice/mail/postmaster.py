"""The postmaster: takes what SES accepts, and brings it where it goes."""

from __future__ import annotations

import collections
import email.utils
import hashlib
import queue
import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import dkim

from sestui.practice import files
from sestui.practice.clock import Clock
from sestui.practice.events import build
from sestui.practice.events.build import Event
from sestui.practice.mail import letters, signing, simulator
from sestui.practice.mail.judge import RECEIVER, SENDING_IP, judge
from sestui.practice.mail.lookup import Lookup
from sestui.practice.mail.mailbox import Mailbox
from sestui.practice.mail.spool import Job, Spool, Verification
from sestui.practice.ports import Accepted, SigningKey, SigningKeys

_HEADER_FORBIDDEN = re.compile(r"[\x00-\x20\x7f<>]")


class EventSink(Protocol):
    """Where events go; never raises."""

    def publish(self, mail: Accepted, event: Event) -> None: ...

    def reputation(self, mail: Accepted) -> None: ...


class PracticePostmaster:
    """Implements `ports.Postmaster` with one thread; `start` and `stop` it."""

    def __init__(
        self,
        *,
        mailbox: Mailbox,
        spool_folder: Path,
        lookup: Lookup,
        keys: SigningKeys,
        events: EventSink,
        clock: Clock,
        place: Callable[[str], str] = lambda region: region,
        told: files.Told = lambda _text: None,
    ) -> None:
        """`place(region)` is what the verification mail calls a Region: "Europe (Ireland)"; `told`
        hears of damaged mail in the spool."""
        self.mailbox = mailbox
        self.problems: collections.deque[str] = collections.deque(maxlen=20)
        """The last things that went wrong here, in words."""
        self._lookup = lookup
        self._keys = keys
        self._events = events
        self._clock = clock
        self._place = place
        self._spool = Spool(spool_folder, told)
        self._queue: queue.SimpleQueue[tuple[Path, Job] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin with what an earlier run left behind."""
        for each in self._spool.left():
            self._queue.put(each)
        self._thread = threading.Thread(target=self._work, name="postmaster", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 0.5) -> None:
        """End after the message in hand; the others stay in the spool. May be called twice.

        Waits `timeout` seconds for that message, whose events may wait for neighbours that load.
        """
        self._stopping.set()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None

    def accept(self, mail: Accepted) -> None:
        """Take `mail`; it is on disk when this returns. Raises OSError when the disk refuses."""
        self._queue.put((self._spool.keep(mail), mail))

    def verification_mail(self, address: str, region: str, link: str) -> None:
        """See `ports.Postmaster`. Raises OSError when the disk refuses."""
        job = Verification(address, region, link, self._clock.now())
        self._queue.put((self._spool.keep(job), job))

    def _work(self) -> None:
        while (item := self._queue.get()) is not None and not self._stopping.is_set():
            path, job = item
            try:
                if isinstance(job, Verification):
                    self._verify(job)
                else:
                    self._process(job)
            except Exception as error:  # one bad message does not stop the mail
                self.problems.append(f"{type(error).__name__}: {error}")
            path.unlink(missing_ok=True)

    def _verify(self, job: Verification) -> None:
        message = letters.verification(job.address, self._place(job.region), job.link, job.at)
        envelope = f"{_digest(job.link)}@{job.region}.amazonses.com"
        message = self._signed(message, [self._keys.amazonses_key(job.region)])
        self._into_mailbox(
            message,
            unique=job.link,
            envelope=envelope,
            recipient=job.address,
            at=job.at,
            region=job.region,
        )

    def _process(self, mail: Accepted) -> None:
        if mail.rendering_failure:
            self._events.publish(mail, build.rendering_failure(mail))
            return
        self._events.publish(mail, build.send(mail))
        if mail.rejected:
            self._events.publish(mail, build.reject(mail))
            return
        held = [each for each in mail.recipients if each in mail.suppressed]
        if held:
            self._events.publish(mail, build.suppressed(mail, held, self._clock.now()))
        by_fate = simulator.sort(each for each in mail.recipients if each not in mail.suppressed)
        ours = by_fate.get("mailbox", [])
        if ours:
            self._deliver(mail, ours)
        self._simulate(mail, by_fate)
        if ours:
            # Simulated and suppressed mail does not touch the reputation.
            self._events.reputation(mail)

    def _simulate(self, mail: Accepted, by_fate: dict[simulator.Fate, list[str]]) -> None:
        """facts/ses.md section 4; several bounces of one request are one event."""
        fates: tuple[simulator.Fate, ...] = ("success", "ooto", "complaint")
        delivered = [recipient for fate in fates for recipient in by_fate.get(fate, [])]
        if delivered:
            self._events.publish(mail, build.delivery(mail, delivered, self._clock.now()))
        if bounced := by_fate.get("bounce"):
            self._events.publish(mail, build.hard_bounce(mail, bounced, self._clock.now()))
        if listed := by_fate.get("suppressionlist"):
            event = build.suppressed(mail, listed, self._clock.now(), everywhere=True)
            self._events.publish(mail, event)
        if complained := by_fate.get("complaint"):
            self._events.publish(mail, build.complaint(mail, complained, self._clock.now()))
        if by_fate.get("ooto"):
            at = self._clock.now()
            reply = self._signed(
                letters.out_of_office(mail, at), [self._keys.amazonses_key(mail.region)]
            )
            envelope = f"{_digest(mail.message_id)}@{mail.region}.amazonses.com"
            self._into_mailbox(
                reply,
                unique=f"ooto {mail.message_id}",
                envelope=envelope,
                recipient=mail.envelope_from,
                at=mail.at,
                region=mail.region,
            )

    def _deliver(self, mail: Accepted, recipients: list[str]) -> None:
        own = self._keys.signing_key(mail.region, mail.identity)
        keys = [self._keys.amazonses_key(mail.region), *([own] if own else [])]
        message = self._signed(mail.mime, keys)
        for recipient in recipients:
            self._into_mailbox(
                message,
                unique=mail.message_id,
                envelope=mail.envelope_from,
                recipient=recipient,
                at=mail.at,
                region=mail.region,
            )
        for at_one_domain in _by_domain(recipients):
            event = build.delivery(mail, at_one_domain, self._clock.now())
            self._events.publish(mail, event)

    def _signed(self, message: bytes, keys: Iterable[SigningKey]) -> bytes:
        """`message` with a signature per key, the last on top; unsigned where that cannot be."""
        for key in keys:
            try:
                message = signing.sign(message, key)
            except dkim.DKIMException as error:
                self.problems.append(f"not signed for {key.domain}: {error}")
        return message

    def _into_mailbox(
        self,
        message: bytes,
        *,
        unique: str,
        envelope: str,
        recipient: str,
        at: datetime,
        region: str,
    ) -> None:
        judgement = judge(message, envelope, self._lookup)
        # Mail that is delivered again after a crash takes the place of its first copy.
        name = _digest(f"{unique} {recipient}")[:16]
        top = (
            f"Return-Path: <{_safe(envelope)}>\r\n"
            f"Delivered-To: {_safe(recipient)}\r\n"
            f"Received: from {build.outgoing_host(region)} ([{SENDING_IP}])\r\n"
            f"\tby {RECEIVER} with ESMTPS id {name}\r\n"
            f"\tfor <{_safe(recipient)}>\r\n"
            f"\t(version=TLSv1.3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128);\r\n"
            f"\t{email.utils.format_datetime(at)}\r\n"
        )
        content = top.encode("utf-8", "replace") + judgement.header() + message
        self.mailbox.deliver(content, at, name)


def _by_domain(recipients: list[str]) -> list[list[str]]:
    """Recipients of one domain get their mail, and their Delivery event, together."""
    groups: dict[str, list[str]] = {}
    for each in recipients:
        groups.setdefault(each.rpartition("@")[2].lower(), []).append(each)
    return list(groups.values())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _safe(address: str) -> str:
    """An address as it may stand in a header: no line ends, no angle brackets."""
    return _HEADER_FORBIDDEN.sub("", address)
