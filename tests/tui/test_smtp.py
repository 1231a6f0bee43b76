"""Signing in to SMTP: where the credentials come from, what is said of what is typed, the ports."""

from __future__ import annotations

import base64
from contextlib import asynccontextmanager

import keyring
import pytest
from textual.widgets import Input, Select

from sestui.domain.account import Keys, Secret
from sestui.domain.smtp import Credentials, derive, smtp_password
from sestui.domain.smtp_login import no_smtp_problem
from sestui.gateways.keyring import OsKeyring
from sestui.gateways.smtp import SesSmtp
from sestui.gateways.smtpplace import Given, Place, find_place
from sestui.tui.modals.smtp import Origin, SmtpModal
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from tests.gateways.smtp_server import RESET, ScriptedSmtp
from tests.gateways.test_keyring import Memory
from tests.gateways.test_smtp import KEYS, place

from .host import Host
from .states import CONNECTION, drawn
from .walking import offered

SECRET = KEYS.secret.reveal()
HERE = derive(KEYS, "eu-west-1")
NOWHERE = Place((), problem=no_smtp_problem("il-central-1"))
AT_AWS = find_place(CONNECTION, Given(), "https://email.eu-west-1.amazonaws.com")


@pytest.fixture
async def kept():
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    store = OsKeyring()
    await store.keep("work", KEYS)
    await store.keep("session", Keys("ASIAIOSFODNN7EXAMPLE", Secret("s"), Secret("t")))
    yield store
    keyring.set_keyring(before)


class Opened:
    """The modal on a screen, and what it was left with."""

    def __init__(self, pilot, until, modal: SmtpModal) -> None:
        self.pilot = pilot
        self.until = until
        self.modal = modal
        self.results: list[object] = []

    async def open(self) -> None:
        self.pilot.app.push_screen(self.modal, self.results.append)
        await self.until(self.pilot, lambda: self.modal.is_mounted and self.modal.query("#go"))
        await self.pilot.pause()

    def again(self) -> None:
        self.modal = SmtpModal(self.modal.smtp, self.modal.keyring)
        self.results.clear()

    async def choose(self, origin: Origin, name: str = "") -> None:
        self.modal.query_one("#smtp-source", Select).value = (origin, name)
        await self.pilot.pause()

    async def type(self, user: str, password: str) -> None:
        await self.choose(Origin.TYPED)
        self.modal.query_one("#smtp-user", Input).value = user
        self.modal.query_one("#smtp-password", Input).value = password
        await self.pilot.pause()

    async def use(self) -> None:
        await self.pilot.press("ctrl+s")
        await self.until(self.pilot, lambda: self.results)

    def text(self, widget: str) -> str:
        found = self.modal.query_one(widget, Plain)
        return str(found.content) if found.display else ""

    def note(self, field: str) -> str:
        return str(self.modal.query_one(f"#{field}-field", Field).query_one(Plain).content)

    @property
    def problem(self) -> str:
        problem = self.modal.query_one(ProblemBox).problem
        return f"{problem.what} {problem.advice}" if problem else ""


@pytest.fixture
def opened(until, kept):
    """`async with opened(place, keys) as modal`."""

    @asynccontextmanager
    async def start(where: Place = AT_AWS, keys: Keys = KEYS, *, practice=False, whole=False):
        async with (drawn("test") if whole else Host()).run_test(size=(80, 24)) as pilot:
            smtp = SesSmtp("eu-west-1", lambda: keys, where)
            modal = SmtpModal(smtp, kept, ("work", "session", "gone"), practice=practice)
            it = Opened(pilot, until, modal)
            await it.open()
            yield it

    return start


async def test_the_keys_of_the_connection(opened):
    async with opened() as it:
        await it.until(it.pilot, lambda: it.text("#smtp-source-note"))
        assert KEYS.access_key_id in it.text("#smtp-source-note")
        assert not it.modal.query_one("#smtp-typed").display
        await it.use()
        assert it.results == [(HERE, None)]


async def test_in_practice_it_is_the_practice_accounts_keys(opened):
    async with opened(practice=True) as it:
        source = it.modal.query_one("#smtp-source", Select)
        assert source.selection == (Origin.CONNECTION, "")
        assert offered(source)[0] == "the practice account's keys"


async def test_temporary_keys_are_told_before_anything_is_sent(opened):
    async with opened(keys=Keys("ASIAIOSFODNN7EXAMPLE", Secret("s"), Secret("t"))) as it:
        await it.until(it.pilot, lambda: "temporary keys" in it.problem)
        await it.pilot.press("f4")
        assert "ses:SendRawEmail" in it.pilot.app.clipboard
        await it.choose(Origin.TYPED)
        assert not it.problem


async def test_kept_keys(opened):
    async with opened() as it:
        await it.choose(Origin.KEYRING, "session")
        await it.until(it.pilot, lambda: "temporary keys" in it.problem)
        await it.choose(Origin.KEYRING, "gone")
        await it.until(it.pilot, lambda: "no keys called gone" in it.problem)
        await it.choose(Origin.KEYRING, "work")
        await it.use()
        assert it.results == [(HERE, None)]


async def test_what_is_typed_is_told_what_it_is_taken_for(opened):
    async with opened() as it:
        old = base64.b64encode(b"\x02" + bytes(32)).decode()
        for text, says in [
            ("x", "or the secret access key"),
            (SECRET, "its SMTP password for eu-west-1 is used"),
            (f"{SECRET} ", "space around it is left out"),
            (HERE.password.reveal(), "of which Region it does not tell"),
            (old, "before 2019"),
        ]:
            await it.type(KEYS.access_key_id, text)
            assert says in it.note("smtp-password")
            assert text.strip() == "x" or text.strip() not in it.note("smtp-password")
        assert it.modal.query_one("#smtp-password", Input).password


async def test_a_typed_secret_key_is_converted_and_a_password_kept(opened):
    american = smtp_password(SECRET, "us-east-1")
    async with opened() as it:
        for typed, password in [
            (SECRET, HERE.password),
            (f" {SECRET}", HERE.password),
            (HERE.password.reveal(), HERE.password),
            (american, Secret(american)),
        ]:
            it.again()
            await it.open()
            await it.type(f"{KEYS.access_key_id} ", typed)
            await it.use()
            assert it.results == [(Credentials(KEYS.access_key_id, password), None)]


async def test_what_cannot_be_right_stays(opened):
    async with opened() as it:
        await it.type("ses-smtp-user.2024", "hunter2")
        await it.pilot.press("ctrl+s")
        await it.until(it.pilot, lambda: "IAM user's name" in it.note("smtp-user"))
        assert "this has 7" in it.note("smtp-password")
        assert it.pilot.app.focused.id == "smtp-user"
        assert it.results == []
        # And goes when it is right.
        it.modal.query_one("#smtp-user", Input).value = KEYS.access_key_id
        await it.pilot.pause()
        assert "IAM" not in it.note("smtp-user")


async def test_a_port_of_ones_own(opened):
    async with opened() as it:
        it.modal.query_one("#smtp-port", Select).value = 2465
        await it.use()
        assert it.results == [(HERE, 2465)]


async def test_escape_is_not_now(opened):
    async with opened() as it:
        await it.pilot.press("escape")
        await it.until(it.pilot, lambda: it.results)
        assert it.results == [None]


async def test_the_ports_are_tried(opened, tmp_path):
    good, bad = ScriptedSmtp(tmp_path), ScriptedSmtp(tmp_path, greeting=RESET)
    try:
        async with opened(place(bad, good)) as it:
            await it.pilot.press("p")
            await it.until(it.pilot, lambda: "works" in it.text("#smtp-ports"))
            lines = it.text("#smtp-ports").splitlines()
            assert lines[0].startswith("?")
            assert str(bad.port) in lines[0]
            assert lines[1].startswith("✓")
            assert "answers" in lines[1]
            assert lines[2] == f"{bad.port} is blocked on this network, {good.port} works."
    finally:
        good.stop()
        bad.stop()


async def test_where_there_is_no_smtp(opened):
    async with opened(NOWHERE) as it:
        await it.pilot.press("f5")
        await it.until(it.pilot, lambda: "no SMTP interface in il-central-1" in it.problem)
        assert it.text("#smtp-ports") == ""


async def test_all_of_it_can_be_reached_by_the_keyboard(opened):
    async with opened(whole=True) as it:
        await it.choose(Origin.TYPED)
        seen = []
        for _ in range(8):
            focused = it.pilot.app.focused
            seen.append(focused.id)
            assert it.modal.query_one(".dialog").region.contains_region(focused.region)
            await it.pilot.press("tab")
        assert seen[:7] == [
            "smtp-source", "smtp-user", "smtp-password", "smtp-port", "cancel", "probe", "go",
        ]  # fmt: skip
