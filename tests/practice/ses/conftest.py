"""A running service, the real boto3 in front of it, and a small name server behind it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from botocore.config import Config

from sestui.practice.clock import Clock
from sestui.practice.ports import DEFAULT_REGION, Accepted
from sestui.practice.ses.service import SesService
from sestui.practice.ses.world import Options
from sestui.practice.store import Store
from tests.keys import ACCESS_KEY, SECRET_KEY, find_login

SOA = "ns1.provider.test. hostmaster.provider.test. 2026010101 7200 900 1209600 300"


class NameServer:
    """Answers over UDP from a dictionary of (name, type) to values; all names in one zone."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.rcode: dns.rcode.Rcode | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def publish(self, name: str, type_: str, *values: str) -> None:
        self.records[(name.lower(), type_)] = list(values)

    def remove(self, name: str, type_: str) -> None:
        del self.records[(name.lower(), type_)]

    def publish_dkim(self, identity: dict[str, Any], domain: str) -> None:
        attributes = identity["DkimAttributes"]
        for token in attributes["Tokens"]:
            target = f"{token}.{attributes['SigningHostedZone']}."
            self.publish(f"{token}._domainkey.{domain}", "CNAME", target)

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while True:
            wire, peer = self._socket.recvfrom(4096)
            if wire == b"stop":
                return
            self._socket.sendto(self._answer(dns.message.from_wire(wire)).to_wire(), peer)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        type_ = dns.rdatatype.to_text(question.rdtype)
        if self.rcode is not None:
            response.set_rcode(self.rcode)
        elif values := self.records.get((name, type_)):
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", type_, *values))
        else:
            if not any(known.endswith(name) for known, _ in self.records):
                response.set_rcode(dns.rcode.NXDOMAIN)
            zone = dns.name.from_text(".".join(name.split(".")[-2:]))
            response.authority.append(dns.rrset.from_text(zone, 300, "IN", "SOA", SOA))
        return response


@dataclass
class PostOffice:
    """A postmaster that only keeps what it is given."""

    accepted: list[Accepted] = field(default_factory=list)
    verification: list[tuple[str, str, str]] = field(default_factory=list)

    def accept(self, mail: Accepted) -> None:
        self.accepted.append(mail)

    def verification_mail(self, address: str, region: str, link: str) -> None:
        self.verification.append((address, region, link))

    def token(self, address: str) -> str:
        """The token in the newest link to an address."""
        links = [link for to, _, link in self.verification if to == address]
        return links[-1].rpartition("/")[2]


@dataclass
class Practice:
    """A service with everything around it."""

    clock: Clock
    service: SesService
    post: PostOffice
    names: NameServer
    store: Store
    port: int = 0
    clients: list[Any] = field(default_factory=list)

    def client(self, region: str = DEFAULT_REGION, *, api: str = "sesv2", **config: Any) -> Any:
        settings = {"retries": {"total_max_attempts": 1}, "read_timeout": 10} | config
        made = boto3.client(
            api,
            region_name=region,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(**settings),
        )
        self.clients.append(made)
        return made

    def verified_domain(self, ses: Any, domain: str) -> None:
        """Create a domain identity and publish what makes it verified."""
        self.names.publish_dkim(ses.create_email_identity(EmailIdentity=domain), domain)
        self.service.check_now()

    def verified_address(self, ses: Any, address: str) -> None:
        ses.create_email_identity(EmailIdentity=address)
        assert self.service.confirm(self.post.token(address)) == address


# Nothing happens by itself: the tests look up, and let time pass, when they mean to.
QUIET = Options(
    control_rate=None, send_rate=None, check_every=1e9, recheck_every=1e9, dns_timeout=1.0
)

Start = Callable[..., Practice]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts services; the same folder each time, so that one can follow another."""
    running: list[Practice] = []

    def make(options: Options = QUIET, **settings: Any) -> Practice:
        clock, post, names = Clock(), PostOffice(), NameServer()
        store = Store(tmp_path / "state")
        service = SesService(
            clock,
            store,
            nameserver=("127.0.0.1", names.port),
            postmaster=post,
            link_for=lambda token: f"http://127.0.0.1:1/verify/{token}",
            options=options,
            **{"find_login": find_login, **settings},
        )
        practice = Practice(clock, service, post, names, store)
        practice.port = service.start()
        running.append(practice)
        return practice

    yield make
    for practice in running:
        for client in practice.clients:
            client.close()
        practice.service.stop()
        practice.names.stop()


@pytest.fixture
def practice(start: Start) -> Practice:
    return start()


@pytest.fixture
def ses(practice: Practice) -> Any:
    return practice.client()
