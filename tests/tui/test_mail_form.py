"""Filling in the form of the test mail: what each key does, and what is said at its place."""

from __future__ import annotations

import webbrowser
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select, TextArea

from sestui.domain.mail.form import Format, MailForm, Transport
from sestui.domain.steps import Step
from sestui.tui.modals.file import FileModal
from sestui.tui.modals.pick import PickModal
from sestui.tui.widgets.files_list import FilesList
from sestui.tui.widgets.headers_table import HeaderRow, HeadersTable
from sestui.tui.widgets.mail_form import MailFormView
from sestui.tui.widgets.notes_list import NotesList

from .sizes import narrow_always
from .states import drawn
from .walking import fill, showing

FORM = MailForm(sender="hello@example.com", to="you@example.com", subject="Hello", text="Hi")


def mail_step(**changes: object):
    return drawn("test", mail_form=replace(FORM, **changes))


def form(pilot: Pilot) -> MailForm:
    return pilot.app.screen.query_one(MailFormView).read()


async def test_the_sender_is_picked_from_the_verified_identities(until):
    async with mail_step().run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        pilot.app.screen.query_one("#sender").focus()
        await pilot.press("down")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickModal))
        await pilot.pause()
        assert "old.example.net" not in showing(pilot)  # not verified
        await pilot.press(*"you")
        await pilot.press("enter")
        await until(pilot, lambda: form(pilot).sender == "you@example.com")


async def test_a_domain_that_is_picked_keeps_the_part_before_the_at(until):
    app = mail_step(sender="news@elsewhere.example")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        fill(pilot, "sender", "news@elsewhere.example")
        pilot.app.screen.query_one("#sender-field").put("shop.example")
        await until(pilot, lambda: form(pilot).sender == "news@shop.example")


@narrow_always
async def test_most_mails_need_few_fields_and_f3_shows_the_others(size):
    async with mail_step().run_test(size=size) as pilot:
        await pilot.pause()
        cc = pilot.app.screen.query_one("#cc-field")
        assert not cc.display
        await pilot.press("f3")
        await pilot.pause()
        assert cc.display
        assert pilot.app.focused is pilot.app.screen.query_one("#cc")
        await pilot.press("f3")
        await pilot.pause()
        assert not cc.display


async def test_fields_that_are_in_use_are_shown_at_once():
    async with mail_step(bcc="x@example.com").run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert pilot.app.screen.query_one("#bcc-field").display


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("to", "you@example.com, me", "me: The @ and the domain"),
        ("cc", "a b@example.com", "An address has"),
        ("tags", "campaign", "name=value"),
        ("sender", "hello", "The @ and the domain"),
    ],
)
async def test_what_is_wrong_is_said_where_it_is(field, typed, said):
    async with mail_step(cc="c@example.com").run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        fill(pilot, field, typed)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert said in showing(pilot)
        assert pilot.app.focused is pilot.app.screen.query_one(f"#{field}")
        assert not pilot.app.state.sent[1:]


async def test_a_file_is_attached_and_removed(until, tmp_path: Path):
    (tmp_path / "[b]report.pdf").write_bytes(b"x" * 2_000)
    (tmp_path / "run.exe").write_bytes(b"x")
    async with mail_step().run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for name in ("[b]report.pdf", "run.exe"):
            await pilot.press("f7")
            await until(pilot, lambda: isinstance(pilot.app.screen, FileModal))
            await pilot.pause()
            fill(pilot, "path", str(tmp_path / name))
            await pilot.press("enter")
            await until(pilot, lambda name=name: name in "".join(form(pilot).attachments))
        await until(pilot, lambda: "2 KB" in showing(pilot))
        assert "[b]report.pdf" in showing(pilot)
        assert "SES sends no .exe files" in showing(pilot).replace("\n", " ")
        files = pilot.app.screen.query_one(FilesList)
        files.focus()
        await pilot.press("end", "delete")
        await until(pilot, lambda: len(form(pilot).attachments) == 1)


async def test_a_path_that_leads_nowhere_is_said_so(until, tmp_path: Path):
    async with mail_step().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.screen, FileModal))
        await pilot.pause()
        fill(pilot, "path", str(tmp_path / "nothing.pdf"))
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: "no such file" in showing(pilot))
        await pilot.press("escape")


async def test_a_raw_message_from_a_file(until, tmp_path: Path):
    path = tmp_path / "mail.eml"
    path.write_bytes("From: hello@example.com\r\nSubject: é\r\n\r\nbody\r\n".encode())
    async with mail_step(format=Format.RAW).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.screen, FileModal))
        await pilot.pause()
        fill(pilot, "path", str(path))
        await pilot.press("enter")
        await until(pilot, lambda: "Subject: é" in form(pilot).raw)


async def test_a_raw_message_from_the_form(until):
    async with mail_step(format=Format.RAW, cc="c@example.com").run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("f9")
        await until(pilot, lambda: "Subject: Hello" in form(pilot).raw)
        assert "Cc: c@example.com" in form(pilot).raw


async def test_the_place_of_a_problem_in_a_raw_message(until):
    raw = "From: hello@example.com\nno header\n\nbody"
    async with mail_step(format=Format.RAW, raw=raw).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Line 2 is not a header" in showing(pilot))
        area = pilot.app.screen.query_one("#raw", TextArea)
        assert pilot.app.focused is area
        assert area.cursor_location == (1, 0)


async def test_headers_are_judged_as_they_are_typed(until):
    async with mail_step(format=Format.HEADERS, headers="").run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        name, value = list(pilot.app.screen.query("#headers Input"))[:2]
        name.focus()
        await pilot.press(*"Bcc")
        await until(pilot, lambda: "Bcc has a field of its own" in showing(pilot))
        name.value, value.value = "X-Campaign", "7"
        await until(pilot, lambda: form(pilot).headers == "X-Campaign: 7")
        await until(pilot, lambda: "field of its own" not in showing(pilot))
        rows = len(pilot.app.screen.query(HeaderRow))
        assert rows >= 2  # the next one is typed into the empty row


async def test_one_key_adds_a_correct_unsubscribe_pair(until):
    async with mail_step(format=Format.HEADERS, headers="X-A: b").run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f9")
        await until(pilot, lambda: "List-Unsubscribe-Post" in form(pilot).headers)
        headers = dict(pilot.app.screen.query_one(HeadersTable).headers)
        assert headers["X-A"] == "b"
        assert headers["List-Unsubscribe"].startswith("<https://example.com/")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_html_is_opened_in_the_browser(wizard, until, tmp_path: Path, monkeypatch):
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\ncp "${{1#file://}}" {seen}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    monkeypatch.setattr(webbrowser, "_tryorder", None)  # Python looks once a run which there are
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.switch_screen(app.screen_for(Step.TEST))
        await until(pilot, lambda: pilot.app.screen.query("#html"))
        await pilot.pause()
        pilot.app.screen.query_one("#html", TextArea).text = "<h1>Chào</h1>"
        await until(pilot, lambda: pilot.app.state.mail_form.html)
        await pilot.press("f5")
        await until(pilot, lambda: seen.exists() and "Chào" in seen.read_text(encoding="utf-8"))


async def test_a_note_does_what_it_advises(until):
    async with mail_step(to="stranger@elsewhere.org").run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        notes = pilot.app.screen.query_one(NotesList)
        assert "stranger@elsewhere.org" in notes.notes[0].text
        notes.focus()
        await pilot.pause()
        offered = [str(notes.get_option_at_index(i).prompt) for i in range(notes.option_count)]
        simulator = next(i for i, text in enumerate(offered) if "Send to success@" in text)
        notes.highlighted = simulator
        await pilot.press("enter")
        await until(pilot, lambda: form(pilot).to == "success@simulator.amazonses.com")


async def test_a_scenario_is_an_address(until):
    async with mail_step().run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        select = pilot.app.screen.query_one("#scenario", Select)
        select.value = "complaint@simulator.amazonses.com"
        await until(pilot, lambda: form(pilot).to == "complaint@simulator.amazonses.com")


async def test_what_is_typed_outlives_the_step_and_the_program(until):
    everything = replace(
        FORM,
        display_name="Ann",
        cc="c@example.com",
        reply_to="r@example.com",
        tags="a=b",
        attachments=("/tmp/a.pdf",),
        transport=Transport.SMTP,
        html="<p>Hi</p>",
    )
    from sestui.workflows.memory import recall, remembered

    app = drawn("test", mail_form=everything)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        pilot.app.screen.query_one("#subject", Input).value = "Half a sent"
        await pilot.press("ctrl+b")
        await pilot.pause()
        state = app.state
    again = recall(replace(state, mail_form=MailForm()), remembered(state))
    assert again.mail_form == replace(app.state.mail_form, subject="Half a sent")
    assert again.mail_form.attachments == ("/tmp/a.pdf",)


@narrow_always
async def test_enter_in_a_field_goes_on_to_the_next_and_sends_nothing(until, size):
    async with mail_step(format=Format.HEADERS, headers="").run_test(size=size) as pilot:
        await pilot.pause()
        screen = pilot.app.screen
        name, value = list(screen.query("#headers Input"))[:2]
        for field, after in (("sender", "display-name"), ("to", "subject")):
            screen.query_one(f"#{field}").focus()
            await pilot.press("enter")
            await until(pilot, lambda after=after: pilot.app.focused.id == after)
        name.focus()
        await pilot.press(*"X-A", "enter")
        await until(pilot, lambda: pilot.app.focused is value)
        assert not screen.sending


async def test_the_configuration_set_is_remembered_before_the_account_tells_its_own(until):
    async with mail_step(configuration_set="beta").run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        fill(pilot, "subject", "typed at once")
        await until(pilot, lambda: pilot.app.state.mail_form.subject == "typed at once")
        assert pilot.app.state.mail_form.configuration_set == "beta"
        pilot.app.screen.query_one(MailFormView).offer_sets(("alpha", "beta"))
        assert form(pilot).configuration_set == "beta"


async def test_the_scenario_is_the_one_of_the_address(until):
    async with mail_step().run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        select = pilot.app.screen.query_one("#scenario", Select)
        fill(pilot, "to", "bounce@simulator.amazonses.com")
        await until(pilot, lambda: select.value == "bounce@simulator.amazonses.com")
        fill(pilot, "to", "you@example.com")
        await until(pilot, lambda: select.value == "")
        assert form(pilot).to == "you@example.com"


@pytest.mark.parametrize("path", ["~nobody-of-this-name/x", "/" + "x" * 5_000])
async def test_a_path_that_cannot_be_looked_at_is_said_so(until, path):
    async with mail_step().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.screen, FileModal))
        await pilot.pause()
        fill(pilot, "path", path)
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: "✗" in showing(pilot))
        await pilot.press("escape")
