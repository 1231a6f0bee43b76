"""An SMTP interface in front of a service, and smtplib in front of that."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sestui.domain.smtp import smtp_password
from sestui.practice.neighbours import Neighbours
from sestui.practice.ports import DEFAULT_REGION
from sestui.practice.smtp.account import AccountGate
from sestui.practice.smtp.server import HOST, SmtpServer
from tests.keys import ACCESS_KEY, OWNER, SECRET_KEY
from tests.practice.ses.conftest import Practice, practice, ses, start

__all__ = ["practice", "ses", "start"]

PASSWORD = smtp_password(SECRET_KEY, DEFAULT_REGION)
SENDER = "hello@example.com"
SUCCESS = "success@simulator.amazonses.com"


@dataclass
class Endpoint:
    """Where to connect, and how to trust it."""

    server: SmtpServer
    plain: int
    wrapped: int

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.server.authority)


Connect = Callable[..., smtplib.SMTP]


def serve(practice: Practice, folder: Path) -> Endpoint:
    # Neighbours that are never started: IAM is loading for ever.
    gate = AccountGate(practice.service, Neighbours(owner=OWNER), DEFAULT_REGION)
    server = SmtpServer(gate, DEFAULT_REGION, folder)
    endpoint = Endpoint(server, server.bind(), server.bind())
    server.start()
    assert server.wait(20), server.problem
    return endpoint


@pytest.fixture
def endpoint(practice: Practice, tmp_path: Path) -> Iterator[Endpoint]:
    served = serve(practice, tmp_path / "smtp")
    yield served
    served.server.stop()


@pytest.fixture
def connect(endpoint: Endpoint) -> Iterator[Connect]:
    with ExitStack() as stack:

        def make(at: Any = endpoint, *, login: bool = True, timeout: float = 10) -> smtplib.SMTP:
            client = smtplib.SMTP(HOST, at.plain, timeout=timeout)
            stack.callback(client.close)
            client.starttls(context=at.trust())
            if login:
                client.login(ACCESS_KEY, PASSWORD)
            return client

        yield make


@pytest.fixture
def sender(practice: Practice, ses: Any) -> None:
    """A verified domain; its account is still in the sandbox."""
    practice.verified_domain(ses, "example.com")
