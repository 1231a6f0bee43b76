"""Running sestui's commands, a practice account for them, and a small name server to ask."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from tests.account_process import RemoteAccount, boto_client, practice_account
from tests.cli.running import Process, Ran, run_here

Run = Callable[..., Ran]
Start = Callable[..., Process]


@pytest.fixture
def sestui() -> Run:
    """`sestui("check", "example.com")`, in this process; see `run_here`."""
    return run_here


@pytest.fixture
def sestui_process() -> Iterator[Start]:
    """`sestui_process("check", "example.com")` starts a `Process`, which takes a second.

    Only for what a process alone can show: what is imported, signals, pipes, a terminal.
    """
    started: list[Process] = []

    def start(*arguments: str, module: str = "tests.cli.at_once", **more: Any) -> Process:
        started.append(Process(*arguments, module=module, **more))
        return started[-1]

    yield start
    for process in started:
        process.close()


@pytest.fixture(scope="module")
def account() -> Iterator[RemoteAccount]:
    """A practice account of a module's own; what a test needs in it has a name of its own."""
    with practice_account() as account:
        yield account


@pytest.fixture(scope="module")
def ses(account: RemoteAccount) -> Iterator[Any]:
    """boto3's client of the account's SES."""
    client = boto_client("sesv2", account.endpoint, owner=account.owner)
    yield client
    client.close()


@pytest.fixture
def on_practice(account: RemoteAccount, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands and boto3 use the practice account, which is without faults again at the end."""
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)
    yield
    account.ses.faults.clear()


EVERY_NAME = "*"


@dataclass
class Names:
    """A name server that answers from `records`; a name it has nothing for does not exist.

    `broken` names (or EVERY_NAME) get SERVFAIL; `silent` ones no answer at all.
    """

    port: int
    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def reply(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        if name in self.silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        if self.broken & {name, EVERY_NAME}:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif values := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif not any(owner == name for owner, _kind in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


@pytest.fixture
def names() -> Iterator[Names]:
    with serving() as server:
        yield server


@pytest.fixture
def other_names() -> Iterator[Names]:
    with serving() as server:
        yield server


@contextmanager
def serving() -> Iterator[Names]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        server = Names(sock.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    wire, client = sock.recvfrom(4096)
                except OSError:
                    return
                if not wire:
                    return
                if (reply := server.reply(wire)) is not None:
                    sock.sendto(reply, client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", ("127.0.0.1", server.port))
        thread.join(5)


RECORDS = [
    ("dkim", "CNAME", "tok._domainkey.example.com", "tok.dkim.amazonses.com"),
    ("mail_from", "MX", "mail.example.com", "10 feedback-smtp.eu-west-1.amazonses.com"),
    ("mail_from", "TXT", "mail.example.com", "v=spf1 include:amazonses.com ~all"),
    ("dmarc", "TXT", "_dmarc.example.com", "v=DMARC1; p=none;"),
]


@pytest.fixture
def expected(tmp_path: Path) -> Path:
    """`sestui.records/1` of example.com."""
    path = tmp_path / "records.json"
    members = ("purpose", "type", "name", "value")
    rows = [dict(zip(members, row, strict=True)) for row in RECORDS]
    document = {
        "schema": "sestui.records/1",
        "identity": "example.com",
        "region": "eu-west-1",
        "records": rows,
    }
    path.write_text(json.dumps(document), "utf-8")
    return path


@pytest.fixture
def published(names: Names) -> Names:
    """The name server with all of these records."""
    for _purpose, kind, name, value in RECORDS:
        text = f'"{value}"' if kind == "TXT" else f"{value}."
        names.records[name, kind] = [text]
    return names
