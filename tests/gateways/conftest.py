"""Real servers on loopback for the gateways: HTTP by a script, SES of the practice account, DNS."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sestui.domain.account import Caller, Keys, Secret
from sestui.gateways.aws import Aws, CallLimits, Endpoints
from sestui.gateways.limiter import Limiter
from sestui.gateways.practice import PracticeHttp
from sestui.gateways.session import new_session
from sestui.practice.clock import Clock
from sestui.practice.owner import Owner
from sestui.practice.ports import ACCOUNT_ID
from sestui.practice.ses.service import SesService
from sestui.practice.ses.world import Options
from sestui.practice.store import Store
from tests.account_process import RemoteAccount, practice_account
from tests.gateways.servers import NameServer, ScriptedHttp
from tests.keys import OWNER, find_login

REGION = "eu-west-1"
CALLER = Caller(ACCOUNT_ID, f"arn:aws:iam::{ACCOUNT_ID}:user/anna")
ONCE = CallLimits(connect=5, read=20, attempts=1)
"""One attempt, and patience with a busy machine."""
HASTY = CallLimits(connect=5, read=0.5, attempts=1)
"""For an answer that never comes."""
QUIET = Options(control_rate=None, send_rate=None, check_every=1e6, recheck_every=1e6)
"""No rate limits, and nothing is looked up by itself."""
Connect = Callable[..., Aws]


@functools.cache
def session(owner: Owner) -> Any:
    """The session of all tests, one after the other: reading the SDK's models takes its time."""
    return new_session(keys=Keys(owner.access_key, Secret(owner.secret_key)), alone=True)


def aws_at(
    url: str,
    limiter: Limiter | None = None,
    limits: CallLimits = ONCE,
    *,
    owner: Owner = OWNER,
) -> Aws:
    """An `Aws` that finds all services at `url`; without a limiter of its own it never waits."""
    aws = Aws(session(owner), REGION, Endpoints(url, url), limits=limits)
    aws.known_as(CALLER, limiter or Limiter(rate=1e6, burst=1000))
    return aws


@pytest.fixture
def connect() -> Connect:
    """`aws_at`, for tests that are handed it beside a server."""
    return aws_at


@pytest.fixture
def http() -> Iterator[ScriptedHttp]:
    server = ScriptedHttp()
    yield server
    server.stop()


@pytest.fixture
def practice(http: ScriptedHttp) -> PracticeHttp:
    """The practice account's own interface, by a script."""

    async def place() -> tuple[str, Secret]:
        return http.url, Secret("t0ken")

    return PracticeHttp(place)


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


@contextmanager
def ses_service(folder: Path, post: Post) -> Iterator[SesService]:
    """The practice account's SES, `QUIET`; `url` is where it listens."""
    service = SesService(
        Clock(),
        Store(folder),
        nameserver=("127.0.0.1", 9),
        postmaster=post,
        link_for=lambda token: f"http://127.0.0.1/{token}",
        find_login=find_login,
        options=QUIET,
    )
    service.url = f"http://127.0.0.1:{service.start()}"  # type: ignore[attr-defined]
    try:
        yield service
    finally:
        service.stop()


@pytest.fixture
def service(tmp_path: Path, post: Post) -> Iterator[SesService]:
    with ses_service(tmp_path / "ses", post) as service:
        yield service


@pytest.fixture(scope="module")
def account() -> Iterator[RemoteAccount]:
    """A whole practice account, moto's services included."""
    with practice_account() as account:
        yield account


@pytest.fixture
def name_server() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.stop()


def answer(**members: Any) -> tuple[int, bytes]:
    """A JSON answer of SES."""
    return 200, json.dumps(members).encode()
