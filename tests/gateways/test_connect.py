"""The whole outside, put together, on a real practice account."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keyring
import pytest

from sestui.connect import PracticeAccess, World, name_servers
from sestui.domain.account import Choice, Keys, RegionSource, Secret, Source
from sestui.domain.dns import Outcome
from sestui.domain.errors import Problem, Trouble
from sestui.gateways.ports import GatewayError, Outside
from sestui.practice.ports import ACCOUNT_ID
from tests.account_process import RemoteAccount
from tests.gateways.servers import NameServer
from tests.gateways.test_keyring import Memory


@dataclass(frozen=True)
class Said:
    profile: str = ""
    region: str = ""
    endpoint_url: str = ""
    nameservers: tuple[str, ...] = ()


async def test_practice(account: RemoteAccount, tmp_path: Path) -> None:
    async def start() -> PracticeAccess:
        return PracticeAccess.of(account.environment())

    world: Outside = World(practice=start, state=tmp_path, config=tmp_path)
    assert (await world.sources()).profiles == ()
    cloud = await world.connect(Choice(Source.PRACTICE))
    assert cloud.connection.caller.account == ACCOUNT_ID
    assert cloud.connection.region == "eu-west-1"
    assert cloud.connection.endpoint.startswith("http://127.0.0.1:")
    assert (await cloud.ses.account()).sandbox
    assert world.practice is not None
    await world.practice.publish([("t._domainkey.example.com", "TXT", "p=MIIB")])
    (answer,) = await cloud.dns.ask([("t._domainkey.example.com", "TXT")])
    assert answer.values == ("p=MIIB",)
    assert isinstance(await world.practice.mailbox(), tuple)


async def test_practice_is_shut_off_from_this_machines_aws(
    account: RemoteAccount, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / ".aws").mkdir()
    (own_home / ".aws" / "config").write_text("[default\nbroken")
    monkeypatch.setenv("AWS_PROFILE", "gone")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    async def start() -> PracticeAccess:
        return PracticeAccess.of(account.environment())

    cloud = await World(practice=start).connect(Choice(Source.PRACTICE))
    assert cloud.connection.region == "eu-west-1"
    assert await cloud.ses.identities() is not None


async def test_a_start_that_fails_is_tried_again(account: RemoteAccount) -> None:
    tries: list[int] = []

    async def start() -> PracticeAccess:
        tries.append(1)
        if len(tries) == 1:
            raise GatewayError(Problem("no port", trouble=Trouble.LOCAL))
        return PracticeAccess.of(account.environment())

    world = World(practice=start)
    with pytest.raises(GatewayError):
        await world.connect(Choice(Source.PRACTICE))
    await asyncio.gather(*(world.practice_access() for _ in range(3)))
    assert len(tries) == 2


async def test_preferences_and_journal_of_practice_are_apart(own_home: Path) -> None:
    async def start() -> PracticeAccess:
        raise AssertionError

    practice, real = World(practice=start), World()
    practice.preferences.save({"identity": "practice.example"})
    assert real.preferences.load() == {}
    assert own_home in real.preferences.path.parents
    assert practice.journal.path != real.journal.path


@pytest.fixture
def at_aws(account: RemoteAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    """The practice account reached as `--serve` says: by the environment."""
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)


async def test_by_the_environment(at_aws: None) -> None:
    world = World()
    sources = await world.sources()
    assert (sources.region, sources.region_source) == ("eu-west-1", RegionSource.AWS_REGION)
    cloud = await world.connect(Choice())
    assert cloud.connection.credentials == "env"
    assert cloud.connection.region_source is RegionSource.AWS_REGION
    assert (await cloud.dns.ask([("example.com", "SOA")]))[0].outcome is not Outcome.TIMED_OUT
    assert world.practice is not None
    assert isinstance(await world.practice.mailbox(), tuple)


async def test_profile_option_and_region(
    at_aws: None, account: RemoteAccount, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    (own_home / ".aws").mkdir()
    (own_home / ".aws" / "config").write_text(
        f"[profile work]\nregion = eu-central-1\naws_access_key_id = {account.owner.access_key}\n"
        f"aws_secret_access_key = {account.owner.secret_key}\n[profile bare]\n"
    )
    world = World(Said(profile="work"))
    sources = await world.sources()
    assert sources.profiles == ("work", "bare")
    assert (sources.region, sources.region_source) == ("eu-central-1", RegionSource.PROFILE)
    assert sources.default_profile == "work"
    connection = (await world.connect(Choice())).connection
    assert connection.choice == Choice(Source.PROFILE, "work")
    assert (connection.region, connection.region_source) == ("eu-central-1", RegionSource.PROFILE)
    # As the headless commands do it.
    world = World(Said(profile="work", region="eu-west-2"))
    connection = (await world.connect(Choice(Source.PROFILE, "work", "eu-west-2"))).connection
    assert (connection.region, connection.region_source) == ("eu-west-2", RegionSource.OPTION)
    connection = (await world.connect(Choice(Source.PROFILE, "work", "us-west-1"))).connection
    assert (connection.region, connection.region_source) == ("us-west-1", RegionSource.CHOSEN)
    with pytest.raises(GatewayError) as failed:
        await world.connect(Choice(Source.PROFILE, "bare"))
    assert failed.value.trouble is Trouble.CREDENTIALS


@pytest.fixture
def kept() -> Iterator[Memory]:
    before = keyring.get_keyring()
    memory = Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


async def test_typed_and_kept_keys(at_aws: None, account: RemoteAccount, kept: Memory) -> None:
    world = World()
    keys = Keys(account.owner.access_key, Secret(account.owner.secret_key))
    connection = (
        await world.connect(Choice(Source.TYPED, region="eu-west-1", keys=keys))
    ).connection
    assert connection.region_source is RegionSource.CHOSEN
    assert account.owner.secret_key not in repr(connection)
    await world.keyring.keep("work", keys)
    assert (await world.sources()).kept_keys == ("work",)
    assert await world.connect(Choice(Source.KEYRING, "work"))
    for choice in (Choice(Source.KEYRING, "other"), Choice(Source.TYPED), Choice(Source.PRACTICE)):
        with pytest.raises(GatewayError):
            await world.connect(choice)


async def test_wrong_keys_are_said_with_advice(at_aws: None) -> None:
    wrong = Keys("AKIANOBODY0000000000", Secret("x"))
    with pytest.raises(GatewayError) as failed:
        await World().connect(Choice(Source.TYPED, keys=wrong))
    assert failed.value.trouble is Trouble.CREDENTIALS


async def test_one_option_for_all_endpoints() -> None:
    world = World(Said(endpoint_url="http://127.0.0.1:9", region="eu-west-1"))
    with pytest.raises(GatewayError) as failed:
        await world.connect(Choice(Source.TYPED, keys=Keys("AKIA", Secret("s"))))
    assert failed.value.trouble is Trouble.NETWORK
    assert "http://127.0.0.1:9" in failed.value.problem.what


async def test_name_servers_alone(name_server: NameServer) -> None:
    name_server.add('example.com. 300 IN TXT "x"')
    dns_ = name_servers([f"127.0.0.1:{name_server.port}"])
    assert (await dns_.ask([("example.com", "TXT")]))[0].values == ("x",)
    for make in (
        lambda: name_servers(["a b"]),
        lambda: World(Said(nameservers=("1.2.3.4:x",))),
        lambda: World(environment={"SESTUI_NAMESERVER": "nope:"}),
    ):
        with pytest.raises(GatewayError):
            make()


@pytest.mark.parametrize("url", ["", "https://example.com", "file:///x", "http://10.0.0.1:1"])
def test_a_practice_account_is_on_this_machine(url: str) -> None:
    assert World(environment={"SESTUI_PRACTICE": url}).practice is None
