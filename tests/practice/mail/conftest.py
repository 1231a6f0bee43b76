"""A postmaster with a real name server, real keys, and a list in place of AWS for its events."""

import functools
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import pytest

from sestui.practice.clock import Clock
from sestui.practice.dns.server import DnsServer
from sestui.practice.dns.world import World
from sestui.practice.mail.lookup import Lookup
from sestui.practice.mail.mailbox import Mailbox
from sestui.practice.mail.postmaster import PracticePostmaster
from sestui.practice.ports import Accepted, SigningKey
from sestui.practice.ses.keys import new_key, public_value

AT = datetime(2026, 11, 24, 8, 0, 0, 123000, UTC)
DOMAIN = "shop.example"
MIME = (
    b"From: Shop <hello@shop.example>\r\n"
    b"To: you@mail.example\r\n"
    b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= <b>[red]\r\n"
    b"Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n"
    b"Message-ID: <0102-1@eu-west-1.amazonses.com>\r\n"
    b"List-Unsubscribe: <https://shop.example/u>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"\r\n"
    b"Hello.\r\n"
)


@functools.cache
def pem(number: int) -> str:
    """A key per number; making one takes a while."""
    return new_key(1024)


class Keys:
    """SigningKeys for one domain."""

    def __init__(self) -> None:
        self.own: SigningKey | None = SigningKey(DOMAIN, "tok", pem(1).encode())
        self.public = {
            "tok.dkim.amazonses.com": f"p={public_value(pem(1))}",
            "ses._domainkey.amazonses.com": f"p={public_value(pem(2))}",
        }

    def signing_key(self, region: str, identity: str) -> SigningKey | None:
        return self.own

    def amazonses_key(self, region: str) -> SigningKey:
        return SigningKey("amazonses.com", "ses", pem(2).encode())

    def public_keys(self) -> Mapping[str, str]:
        return self.public


class Seen:
    """An EventSink that keeps everything."""

    def __init__(self) -> None:
        self.events: list[dict] = []
        self.reputation_puts = 0
        self.changed = threading.Condition()

    def publish(self, mail: Accepted, event: dict) -> None:
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def reputation(self, mail: Accepted) -> None:
        self.reputation_puts += 1

    def wait(self, count: int) -> list[str]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.events) >= count, 10), self.events
        return [event["eventType"] for event in self.events]


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def world(keys: Keys) -> World:
    world = World(keys)
    world.panel.add(f"tok._domainkey.{DOMAIN}", "CNAME", "tok.dkim.amazonses.com")
    world.panel.add(f"mail.{DOMAIN}", "MX", "10 feedback-smtp.eu-west-1.amazonses.com")
    world.panel.add(f"mail.{DOMAIN}", "TXT", "v=spf1 include:amazonses.com ~all")
    world.panel.add(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=none;")
    return world


@pytest.fixture
def dns(world: World) -> Iterator[DnsServer]:
    server = DnsServer(world)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def lookup(dns: DnsServer) -> Lookup:
    return Lookup(lambda: dns.address)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def new_postmaster(tmp_path, lookup, keys, seen) -> Iterator[Callable[[], PracticePostmaster]]:
    made = []

    def new() -> PracticePostmaster:
        postmaster = PracticePostmaster(
            mailbox=Mailbox(tmp_path / "mailbox"),
            spool_folder=tmp_path / "spool",
            lookup=lookup,
            keys=keys,
            events=seen,
            clock=Clock(),
            place=lambda region: f"Europe ({region})",
        )
        made.append(postmaster)
        return postmaster

    yield new
    for postmaster in made:
        postmaster.stop()


@pytest.fixture
def postmaster(new_postmaster) -> PracticePostmaster:
    postmaster = new_postmaster()
    postmaster.start()
    return postmaster


def accepted(*recipients: str, mime: bytes = MIME, **more) -> Accepted:
    fields = {
        "message_id": "0102-1",
        "region": "eu-west-1",
        "at": AT,
        "source": f"hello@{DOMAIN}",
        "identity": DOMAIN,
        "envelope_from": f"0102-1@mail.{DOMAIN}",
        "recipients": recipients or ("you@mail.example",),
        "mime": mime,
        "configuration_set": "production-emails",
        "tags": {"ses:configuration-set": ["production-emails"]},
    }
    return Accepted(**(fields | more))


def arrived(mailbox: Mailbox, count: int = 1):
    assert mailbox.wait(lambda letters: len(letters) >= count, 10)
    return mailbox.letters()
