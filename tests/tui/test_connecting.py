"""Getting in: typed keys, a keyring or none, wrong keys, no keys."""

from __future__ import annotations

import keyring
import keyring.backend
import pytest
from textual.widgets import Select

from sestui.connect import World
from sestui.domain.account import Source
from sestui.tui.app import WizardApp
from tests.practice_cloud import NoRateLimit

from .walking import fill, offered, showing


class KeyringInMemory(keyring.backend.KeyringBackend):
    priority = 1
    name = "a keyring of the test"

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def own_keyring():
    before = keyring.get_keyring()
    mine = KeyringInMemory()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.fixture
def aws(account, monkeypatch, tmp_path):
    """A wizard that takes the practice account for AWS, and has no keys yet."""
    values = account.environment()
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SESV2", "AWS_ENDPOINT_URL_SES"):
        monkeypatch.setenv(name, values[name])
    monkeypatch.setenv("SESTUI_NAMESERVER", values["SESTUI_NAMESERVER"])

    def start() -> WizardApp:
        clock = NoRateLimit()
        world = World(state=tmp_path, config=tmp_path, monotonic=clock.monotonic, sleep=clock.sleep)
        return WizardApp(world)

    return start


async def type_keys(pilot, until, access: str, secret: str, *, keep: bool = False) -> None:
    screen = pilot.app.screen
    await until(pilot, lambda: len(screen.query("SelectCurrent #label")) == 2)
    select = screen.query_one("#source", Select)
    select.value = (Source.TYPED, "")
    screen.query_one("#region", Select).value = "eu-west-1"
    await pilot.pause()
    fill(pilot, "access-key", access)
    fill(pilot, "secret", secret)
    screen.query_one("#keep").value = keep
    await pilot.pause()
    screen.query_one("#connect-button").press()


async def test_typed_keys_open_the_account_and_are_kept_nowhere(aws, account, until, tmp_path):
    owner = account.owner
    async with aws().run_test(size=(80, 24)) as pilot:
        await type_keys(pilot, until, owner.access_key, owner.secret_key)
        await until(pilot, lambda: pilot.app.state.account is not None, 20)
        await until(pilot, lambda: "typed here" in showing(pilot))
        await pilot.press("ctrl+q")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert owner.secret_key not in path.read_text("utf-8", "replace")


async def test_without_a_keyring_that_is_said_and_the_keys_live_for_the_session(aws, until):
    async with aws().run_test(size=(80, 30)) as pilot:
        await type_keys(pilot, until, "AKIA", "")
        await pilot.pause()
        assert "no keyring" in showing(pilot)
        assert pilot.app.screen.query_one("#keep").disabled


async def test_keys_are_kept_in_the_keyring_when_asked_and_used_by_the_next_start(
    aws, account, until, own_keyring
):
    owner = account.owner
    async with aws().run_test(size=(80, 30)) as pilot:
        await type_keys(pilot, until, owner.access_key, owner.secret_key, keep=True)
        await until(pilot, lambda: pilot.app.state.account is not None, 20)
        await until(pilot, lambda: any(owner.secret_key in v for v in own_keyring.kept.values()))
        await pilot.press("ctrl+q")
    async with aws().run_test(size=(80, 30)) as pilot:
        # Textual cannot end while a Select is being put together.
        await until(pilot, lambda: len(pilot.app.screen.query("SelectCurrent #label")) == 2)
        select = pilot.app.screen.query_one("#source", Select)
        await until(pilot, lambda: any(owner.access_key in text for text in offered(select)))


async def test_a_wrong_key_is_told_and_the_form_stays(aws, until):
    async with aws().run_test(size=(80, 30)) as pilot:
        await type_keys(pilot, until, "AKIAWRONGWRONGWRONG1", "not the secret")
        await pilot.pause()
        assert "no spaces" in showing(pilot)
        fill(pilot, "secret", "not-the-secret")
        await pilot.pause()
        pilot.app.screen.query_one("#connect-button").press()
        await until(pilot, lambda: pilot.app.screen.problem_box.problem is not None, 20)
        assert pilot.app.screen.query_one("#connect").display


async def test_no_credentials_at_all_says_what_to_do(aws, until):
    async with aws().run_test(size=(80, 30)) as pilot:
        screen = pilot.app.screen
        await until(pilot, lambda: screen.query("#connect-button"))
        screen.query_one("#connect-button").press()
        await until(pilot, lambda: screen.problem_box.problem is not None, 20)
        await until(pilot, lambda: "aws configure" in showing(pilot))
