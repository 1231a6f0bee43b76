"""Running `python -m sestui` as a person or a script does, and a small name server to ask."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

Run = Callable[..., "Ran"]


@dataclass(frozen=True)
class Ran:
    """What came of one run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        return json.loads(self.err)


@pytest.fixture
def sestui() -> Run:
    """`sestui("check", "example.com")`, without a terminal, in an environment of its own."""

    def run(*arguments: str, typed: str | None = None, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "tests.cli.hurried", *arguments],
            input=typed,
            stdin=subprocess.DEVNULL if typed is None else None,
            capture_output=True,
            encoding="utf-8",
            timeout=90,
            check=False,
            env={**os.environ, **environment},
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


def in_terminal(arguments: list[str], typed: str = "", **environment: str) -> str:
    """Run sestui in a pseudo-terminal, answer its question, and return what it said."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sestui", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **environment},
    )
    os.close(theirs)
    said = b""
    end = time.monotonic() + 60
    answered = False
    while time.monotonic() < end:
        try:
            said += os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if typed and not answered and b"?" in said and said.rstrip().endswith(b":"):
            os.write(ours, typed.encode())
            answered = True
    process.wait(30)
    os.close(ours)
    return said.decode()


@dataclass
class Names:
    """A name server that answers from `records`; a name it has nothing for does not exist.

    `broken` names get SERVFAIL; `silent` ones no answer at all.
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
        if name in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif values := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif not any(owner == name for owner, _kind in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


@pytest.fixture
def names() -> Iterator[Names]:
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
