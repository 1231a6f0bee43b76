from __future__ import annotations

import threading
from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from sestui.domain.account import Keys, Secret
from sestui.domain.errors import Trouble
from sestui.gateways.keyring import OsKeyring
from sestui.gateways.ports import GatewayError

KEYS = Keys("AKIAEXAMPLE", Secret("s3cret"))


class Memory(keyring.backend.KeyringBackend):
    priority = 5  # type: ignore[assignment]
    name = "a keyring for tests"  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.fails: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.fails:
            raise self.fails
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.fails:
            raise self.fails
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise keyring.errors.PasswordDeleteError
        del self.entries[service, username]


@pytest.fixture
def backend() -> Iterator[Memory]:
    before = keyring.get_keyring()
    memory = Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


async def test_keys_are_kept_found_and_forgotten(backend: Memory) -> None:
    store = OsKeyring()
    temporary = Keys("ASIAEXAMPLE", Secret("other"), Secret("token"))
    await store.keep("work", KEYS)
    await store.keep("names", temporary)
    await store.keep("work", KEYS)
    assert await store.look() == ("a keyring for tests", ("work", "names"))
    assert await store.keys("work") == KEYS
    assert await store.keys("names") == temporary
    await store.forget("work")
    await store.forget("work")
    assert await store.keys("work") is None
    assert await store.look() == ("a keyring for tests", ("names",))


async def test_a_strange_entry_is_no_crash(backend: Memory) -> None:
    backend.entries["sestui", "x"] = "[1]"
    backend.entries["sestui-names", "names"] = "{"
    assert await OsKeyring().keys("x") is None
    assert await OsKeyring().look() == ("a keyring for tests", ())


async def test_a_locked_keyring_says_so_without_the_secret(backend: Memory) -> None:
    backend.fails = keyring.errors.KeyringLocked("cannot store s3cret")
    with pytest.raises(GatewayError) as failed:
        await OsKeyring().keep("work", KEYS)
    problem = failed.value.problem
    assert problem.trouble is Trouble.LOCAL
    assert "s3cret" not in repr(problem)
    assert "KeyringLocked" in problem.what
    assert failed.value.__cause__ is None
    assert await OsKeyring().look() == ("a keyring for tests", ())


async def test_one_that_waits_for_a_person_holds_nothing_up(
    backend: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(backend, "get_password", lambda *_: over.wait())
    store = OsKeyring(limit=0.05, quick=0.05)
    assert await store.look() == ("a keyring for tests", ())
    with pytest.raises(GatewayError) as failed:
        await store.keys("work")
    assert failed.value.trouble is Trouble.LOCAL
    over.set()


class Plaintext(Memory):
    priority = 0.5  # type: ignore[assignment]


@pytest.mark.parametrize(
    "useless",
    [
        keyring.backends.fail.Keyring,
        keyring.backends.null.Keyring,
        keyring.backends.chainer.ChainerBackend,
        Plaintext,
    ],
)
async def test_a_machine_that_can_keep_no_secret(
    backend: Memory, useless: type[keyring.backend.KeyringBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    if useless is keyring.backends.chainer.ChainerBackend:
        monkeypatch.setattr(useless, "backends", [])
    keyring.set_keyring(useless())
    assert await OsKeyring().look() == ("", ())
    with pytest.raises(GatewayError) as failed:
        await OsKeyring().keep("work", KEYS)
    assert failed.value.trouble is Trouble.LOCAL


async def test_a_chain_goes_by_the_name_of_its_first(
    backend: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    chainer = keyring.backends.chainer.ChainerBackend
    monkeypatch.setattr(chainer, "backends", [Plaintext(), Memory()])
    keyring.set_keyring(chainer())
    assert (await OsKeyring().look())[0] == "a keyring for tests"
