"""Paste what you received: the form, the verdict in its place, and practice mail judged."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input, TextArea

from sestui.domain.steps import Step
from sestui.gateways.files import DiskFiles
from sestui.tui.modals.mail import MailModal
from sestui.tui.modals.received import ReceivedModal
from tests.domain.received.samples import GMAIL
from tests.practice.conftest import verified_domain

from .sizes import narrow_always
from .states import drawn
from .walking import open_step, showing


@pytest.fixture
def app():
    app = drawn("live")
    app.outside.files = DiskFiles()
    return app


@narrow_always
async def test_headers_are_pasted_and_judged_by_the_keyboard_alone(app, until, size):
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.push_screen(ReceivedModal(None))
        await until(pilot, lambda: "Show original" in showing(pilot))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Paste a mail" in showing(pilot))
        app.post_message(events.Paste(GMAIL))
        await until(pilot, lambda: "X-SES-Outgoing" in showing(pilot))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "It arrived well" in showing(pilot))
        assert "✓ SPF   pass      aligned      mail.example.com" in showing(pilot)
        await pilot.press("end")
        await until(pilot, lambda: "Sent by Amazon SES in eu-west-1" in showing(pilot))
        await pilot.press("e")
        await until(pilot, lambda: "X-SES-Outgoing" in showing(pilot))
        await pilot.press("e")  # typed now
        assert app.screen.query_one(TextArea).text.count("e") == GMAIL.count("e") + 1
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ReceivedModal))


async def test_what_is_no_mail_is_said_beside_the_text(app, until):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.push_screen(ReceivedModal(None, "Hello [red] there."))
        await until(pilot, lambda: "✗ This is no mail: no headers." in showing(pilot))
        assert "Hello [red] there." in showing(pilot)


async def test_a_file_is_judged_by_its_path(app, until, tmp_path):
    path = tmp_path / "mail [1].eml"
    path.write_text(GMAIL.replace("dmarc=pass", "dmarc=fail") + "\nHi.\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.push_screen(ReceivedModal(None))
        await until(pilot, lambda: "path of an .eml" in showing(pilot))
        field = app.screen.query_one("#received-path", Input)
        field.focus()
        field.value = str(path) + ".gone"
        await pilot.press("enter")
        await until(pilot, lambda: "✗ " in showing(pilot))
        field.value = str(path)
        await pilot.press("enter")
        await until(pilot, lambda: "✗ DMARC fail" in showing(pilot))


async def test_no_control_character_of_a_mail_reaches_the_terminal(app, until):
    hostile = GMAIL.replace("Subject: ", "Subject: \x1b]0;x\x07\x9b") + "X-More: [red]\x1b[2J\n"
    async with app.run_test(size=(120, 60)) as pilot:
        await pilot.pause()
        app.push_screen(ReceivedModal(None, hostile))
        await until(pilot, lambda: "Judged by" in showing(pilot))
        assert not {"\x1b", "\x07", "\x9b"} & set(showing(pilot))
        await pilot.press("e")
        await until(pilot, lambda: "X-More: [red]" in showing(pilot))
        assert not {"\x1b", "\x07", "\x9b"} & set(showing(pilot))


async def test_a_practice_mail_is_judged_where_it_is_read(wizard, account, until):
    domain = "judged.example"
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        verified_domain(account, account.client("sesv2"), domain)
        await open_step(pilot, until, Step.TEST, domain)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: any(domain in each.sender for each in account.mailbox.letters()))
        letter = next(each for each in account.mailbox.letters() if domain in each.sender)
        app = pilot.app
        app.push_screen(MailModal(app.outside.practice, letter.id))
        await until(pilot, lambda: isinstance(app.screen, MailModal) and app.screen.content)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, ReceivedModal))
        await until(pilot, lambda: "It arrived well" in showing(pilot), 10)
        assert "the receiver: pass, checked here: valid" in showing(pilot)
        assert "Judged by the practice account" in showing(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MailModal))
