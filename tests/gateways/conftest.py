"""Real servers on loopback for the gateways: HTTP by a script, SES of the practice account, DNS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sestui.domain.account import Caller, Keys, Secret
from sestui.gateways.aws import Aws, Endpoints
from sestui.gateways.limiter import Limiter
from sestui.gateways.session import new_session
from sestui.practice.clock import Clock
from sestui.practice.ports import ACCESS_KEY, ACCOUNT_ID, SECRET_KEY
from sestui.practice.ses.service import SesService
from sestui.practice.ses.world import Options
from sestui.practice.store import Store
from tests.gateways.servers import NameServer, ScriptedHttp

REGION = "eu-west-1"
CALLER = Caller(ACCOUNT_ID, f"arn:aws:iam::{ACCOUNT_ID}:user/anna")
Connect = Callable[..., Aws]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt and short time-outs, so that a bad day takes no time."""
    monkeypatch.setattr("sestui.gateways.aws.ATTEMPTS", 1)
    monkeypatch.setattr("sestui.gateways.aws.READ_TIMEOUT", 0.4)
    monkeypatch.setattr("sestui.gateways.aws.CONNECT_TIMEOUT", 2)


@pytest.fixture
def http() -> Iterator[ScriptedHttp]:
    server = ScriptedHttp()
    yield server
    server.stop()


@pytest.fixture
def connect() -> Connect:
    """`connect(url)`: an `Aws` that finds all services there; its limiter never waits."""

    def make(url: str, limiter: Limiter | None = None) -> Aws:
        session = new_session(keys=Keys(ACCESS_KEY, Secret(SECRET_KEY)), alone=True)
        aws = Aws(session, REGION, Endpoints(url, url))
        aws.known_as(CALLER, limiter or Limiter(rate=1e6, burst=1000))
        return aws

    return make


class Post:
    """A postmaster that keeps what it is given."""

    def __init__(self) -> None:
        self.accepted: list[Any] = []
        self.links: list[str] = []

    def accept(self, mail: Any) -> None:
        self.accepted.append(mail)

    def verification_mail(self, address: str, region: str, link: str) -> None:
        self.links.append(link)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def service(tmp_path: Path, post: Post) -> Iterator[SesService]:
    """The practice account's SES, without rate limits; `service.url` is where it listens."""
    service = SesService(
        Clock(),
        Store(tmp_path / "ses"),
        nameserver=("127.0.0.1", 9),
        postmaster=post,
        link_for=lambda token: f"http://127.0.0.1/{token}",
        options=Options(control_rate=None, send_rate=None, check_every=1e6, recheck_every=1e6),
    )
    service.url = f"http://127.0.0.1:{service.start()}"  # type: ignore[attr-defined]
    yield service
    service.stop()


@pytest.fixture
def name_server() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.stop()


def answer(**members: Any) -> tuple[int, bytes]:
    """A JSON answer of SES."""
    return 200, json.dumps(members).encode()
