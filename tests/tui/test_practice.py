"""Parts of the workshop that need the practice account to play along: time, mail, templates."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from textual.widgets import Select, TextArea

from sestui.domain.changes import template_plan
from sestui.domain.identity import Status
from sestui.domain.mail.form import Format
from sestui.domain.mail.template import WORKSHOP_TEMPLATE
from sestui.domain.steps import Step
from sestui.tui.modals.mailbox import MailboxModal
from sestui.tui.modals.panel import PanelModal
from sestui.tui.modals.templates import TemplatesModal
from tests.practice.conftest import verified_domain

from .walking import adopt, agree, at, connected, fill, open_step, showing


async def test_after_72_hours_ses_gives_up_and_one_key_starts_it_again(wizard, account, until):
    async with wizard().run_test(notifications=True) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, "late.example")
        account.hurry(timedelta(hours=73))
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.state.identity.dkim.status is Status.FAILED)
        assert "SES has stopped looking" in showing(pilot)
        await pilot.press("x")
        await agree(pilot, until)
        await until(pilot, lambda: at(pilot, Step.VERIFY))
        await until(pilot, lambda: pilot.app.state.identity.dkim.status is Status.PENDING)
        await until(pilot, lambda: pilot.app.state.identity.mail_from.status is Status.PENDING)


async def test_the_verification_mail_is_sent_again_by_one_key(wizard, account, until):
    address = "again@example.org"
    async with wizard().run_test(notifications=True) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, address)

        def mails() -> int:
            return sum(letter.to == address for letter in account.mailbox.letters())

        await until(pilot, lambda: mails() == 1)
        await pilot.press("s")
        await agree(pilot, until)
        await until(pilot, lambda: mails() == 2)


async def test_a_name_typed_in_full_is_doubled_as_in_a_real_panel(wizard, account, until):
    domain = "doubled.example"
    async with wizard().run_test(size=(120, 40)) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, domain)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PanelModal))
        await pilot.pause()
        fill(pilot, "panel-name", f"_dmarc.{domain}")
        await pilot.pause()
        assert f"becomes _dmarc.{domain}.{domain}" in showing(pilot)
        await pilot.click("#one")
        await until(pilot, lambda: pilot.app.screen.published)
        names = [row["name"] for row in account.world.panel.listing()]
        assert any(f"_dmarc.{domain}.{domain}" in name for name in names)


@pytest.mark.parametrize("chosen", Format)
async def test_each_format_arrives_as_it_was_written(wizard, account, until, chosen):
    domain = f"{chosen.value}.example"
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        verified_domain(account, account.client("sesv2"), domain)
        await open_step(pilot, until, Step.TEST, domain)
        screen = pilot.app.screen
        screen.query_one("#format", Select).value = chosen
        fill(pilot, "subject", "Grüße an alle ✓")
        screen.query_one("#text", TextArea).text = "Zwölf Boxkämpfer"
        screen.query_one("#html", TextArea).text = "<p>Zwölf Boxkämpfer</p>"
        name, value = list(screen.query("#headers Input"))[:2]
        name.value, value.value = "X-Campaign", "7"
        await pilot.pause()
        if chosen is Format.TEMPLATED:
            await pilot.press("f9")
            await until(pilot, lambda: isinstance(pilot.app.screen, TemplatesModal))
            modal = pilot.app.screen
            await until(pilot, lambda: not modal.workers or "Reading" not in showing(pilot))
            await pilot.press("w")
            await agree(pilot, until)
            await until(pilot, lambda: WORKSHOP_TEMPLATE.name in modal.names)
            await until(pilot, lambda: pilot.app.screen is modal)
            await pilot.press("enter")
            await until(pilot, lambda: pilot.app.state.mail_form.template)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.state.sent and screen.arrived)
        assert "dmarc=pass" in next(iter(screen.arrived.values()))

        letter = next(x for x in account.mailbox.letters() if domain in x.sender)
        mail = message_from_bytes(account.mailbox.raw(letter.id), policy=policy.default)
        body = mail.get_body(("plain",)).get_content()
        match chosen:
            case Format.TEMPLATED:
                assert mail["Subject"] == "Greetings, Anaya!"
                assert "favourite animal is tiger" in body
                assert WORKSHOP_TEMPLATE.name in await pilot.app.cloud.ses.templates()
            case Format.RAW:
                assert mail["Subject"] == "Raw test mail from sestui"
            case Format.HEADERS | Format.FORMATTED:
                assert mail["Subject"] == "Grüße an alle ✓"
                assert body.strip() == "Zwölf Boxkämpfer"
                assert "<p>Zwölf" in mail.get_body(("html",)).get_content()
                assert mail["X-Campaign"] == ("7" if chosen is Format.HEADERS else None)


async def test_a_template_with_a_missing_variable_is_not_sent(wizard, account, until):
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        account.ses.seed_identities("eu-west-1", ["missing.example"])
        await open_step(pilot, until, Step.TEST, "missing.example")
        if WORKSHOP_TEMPLATE.name not in await pilot.app.cloud.ses.templates():
            await pilot.app.cloud.changes.make(template_plan()[0])
        pilot.app.screen.query_one("#format", Select).value = Format.TEMPLATED
        await until(pilot, lambda: pilot.app.state.mail_form.template)
        pilot.app.screen.query_one("#template-data", TextArea).text = '{"name": "Anaya"}'
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.screen.problem_box.problem is not None)
        await until(pilot, lambda: "Attribute 'favoriteanimal' is not present" in showing(pilot))
        assert pilot.app.state.sent == ()


async def test_the_mailbox_of_an_account_without_mail_says_so(wizard, account, until):
    async with wizard().run_test() as pilot:
        await connected(pilot, until)

        class Empty:
            async def mailbox(self):
                return ()

        pilot.app.push_screen(MailboxModal(Empty()))
        await until(pilot, lambda: "Nothing has arrived yet" in showing(pilot))
