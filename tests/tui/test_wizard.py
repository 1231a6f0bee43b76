"""What the wizard does with what is typed, pressed, found and lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input, Select, TextArea

from sestui.domain.dns import Answer, Outcome
from sestui.domain.errors import Problem, Trouble
from sestui.domain.identity import IdentityKind, IdentitySummary, Soa, Status, Verification
from sestui.domain.mail.form import Format
from sestui.domain.records import as_zone_file
from sestui.domain.steps import IdentityForm, Step
from sestui.tui.modals.plan import PlanModal
from sestui.tui.modals.text import TextModal
from sestui.tui.widgets.name_list import IdentityList
from sestui.tui.widgets.notes_list import NotesList

from .states import BASE, MIXED, PENDING, RECORDS, STATES, drawn
from .walking import adopt, at, connected, fill, notices, showing

HOSTILE = "[@click=app.quit]x[/]\x1b]0;T\x07[b + c\x9b31m\u202e"


def written(account) -> list[str]:
    """The operations that changed something at the practice account."""
    changing = ("Create", "Put", "Delete", "Update", "Verify", "Send")
    return [c.operation for c in account.ses.calls if c.operation.startswith(changing)]


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        (IdentityKind.DOMAIN, "exa mple..com", "no spaces"),
        (IdentityKind.DOMAIN, "www.example.com", "Leave out www"),
        (IdentityKind.DOMAIN, "a" * 64 + ".com", "63 characters"),
        (IdentityKind.DOMAIN, "https://example.com", "https://"),
        (IdentityKind.EMAIL, "anna", "@"),
        (IdentityKind.EMAIL, "anna@", "domain after the @"),
    ],
)
async def test_a_name_that_cannot_be_is_refused_where_it_is_typed(until, kind, typed, reason):
    app = drawn("identity-address", identity_form=IdentityForm(kind, typed))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        field = app.screen.query_one("#name-field")
        assert field.has_class("-invalid")
        assert reason in showing(pilot)
        assert app.focused is app.screen.query_one("#name", Input)
        assert not isinstance(app.screen, PlanModal)


async def test_nothing_is_done_when_the_plan_is_cancelled(wizard, account, until):
    async with wizard().run_test() as pilot:
        await connected(pilot, until)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.IDENTITY))
        await pilot.pause()
        fill(pilot, "name", "cancelled@example.org")
        await pilot.pause()
        before = written(account)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanModal))
        assert "aws sesv2 create-email-identity" in showing(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: at(pilot, Step.IDENTITY))
        await pilot.pause()
        assert written(account) == before
        assert pilot.app.screen.query_one("#name", Input).value == "cancelled@example.org"


async def test_an_identity_that_exists_is_adopted_and_nothing_is_made_twice(wizard, account, until):
    async with wizard().run_test() as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, "twice@example.org")
        before = written(account)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: at(pilot, Step.IDENTITY))
        await pilot.pause()
        assert "is there already" in showing(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: at(pilot, Step.VERIFY))
        assert written(account) == before


async def test_back_and_jumping_lose_nothing_typed(until):
    app = drawn("test")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        fill(pilot, "subject", "Half a sent")
        app.screen.query_one("#text", TextArea).text = "Dear"
        await pilot.pause()
        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.MONITORING))
        await pilot.pause()
        fill(pilot, "topic", "my-topic")
        await pilot.pause()
        await pilot.press("ctrl+b")
        await until(pilot, lambda: at(pilot, Step.TEST))
        await pilot.pause()
        assert app.screen.query_one("#subject", Input).value == "Half a sent"
        assert app.screen.query_one("#text", TextArea).text == "Dear"
        await pilot.press("5")
        await until(pilot, lambda: at(pilot, Step.MONITORING))
        await pilot.pause()
        assert app.screen.query_one("#topic", Input).value == "my-topic"


async def test_a_step_that_cannot_be_opened_says_what_it_waits_for(until):
    app = drawn("account")
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("4")
        await until(pilot, lambda: notices(pilot))
        (notice,) = notices(pilot)
        assert "opens when “Identity” is done" in notice
        assert at(pilot, Step.ACCOUNT)


async def test_the_next_start_continues_where_the_last_one_ended(wizard, account, until):
    async with wizard().run_test() as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, "later.example")
        await pilot.press("ctrl+b")
        await until(pilot, lambda: at(pilot, Step.IDENTITY))
        await pilot.press("ctrl+b")
        await until(pilot, lambda: at(pilot, Step.ACCOUNT))
        await pilot.press("ctrl+q")
    async with wizard().run_test() as pilot:
        await until(pilot, lambda: at(pilot, Step.VERIFY), 20)
        assert pilot.app.state.identity.name == "later.example"
        assert pilot.app.state.identity_form.name == "later.example"


@pytest.mark.parametrize(
    ("key", "copied"),
    [
        ("c", RECORDS[0].value),
        ("n", RECORDS[0].name),
        ("y", RECORDS[0].line),
        ("a", as_zone_file(RECORDS)),
    ],
)
async def test_records_are_copied_by_one_key_each(until, key, copied):
    app = drawn("verify-mixed")
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await until(pilot, lambda: notices(pilot))
        assert app.clipboard == copied
        assert "Copied" in notices(pilot)[0]


async def test_the_whole_value_can_be_read_without_scrolling_sideways(until):
    app = drawn("verify-mixed")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert RECORDS[0].value in showing(pilot)
        assert RECORDS[0].name in showing(pilot)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, TextModal))
        await pilot.pause()
        assert RECORDS[0].value in showing(pilot)


async def test_the_cursor_stays_while_verdicts_change():
    app = drawn("verify-mixed")
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("down", "down")
        app.screen.update_state(checks=MIXED[:3])
        await pilot.pause()
        assert app.screen.query_one("#records").selected == RECORDS[2]


async def test_hostile_dns_text_is_drawn_as_text(wizard, account, until):
    domain = "hostile.example"
    async with wizard().run_test(size=(120, 40)) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, domain)
        account.world.panel.add(f"_dmarc.{domain}", "TXT", HOSTILE)
        await pilot.press("r")
        await until(
            pilot,
            lambda: [c for c in pilot.app.state.checks if c.found and c.record.type == "TXT"],
        )
        for _row in range(5):
            await pilot.press("down")
        await pilot.pause()
        assert "[@click=app.quit]x[/]" in showing(pilot)
        assert not controls(showing(pilot))


@pytest.mark.parametrize("name", STATES)
async def test_hostile_text_from_anywhere_neither_acts_nor_crashes(name):
    """Should a gateway let it through, the widgets still draw it as it is."""
    identity = replace(
        PENDING, verification=Verification("HOST_NOT_FOUND", None, None, Soa(HOSTILE, HOSTILE, 1))
    )
    record = RECORDS[0]
    answer = Answer(record.name, record.type, Outcome.FOUND, (HOSTILE,), HOSTILE, HOSTILE)
    checks = (replace(MIXED[1], record=record, answer=answer, cause=HOSTILE), *MIXED[1:])
    _step, state = STATES[name]
    changes = {"identity": identity, "checks": checks} if state.identity else {}
    app = drawn(name, **changes)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.screen.show_problem(
            Problem(HOSTILE, HOSTILE, Trouble.DENIED, HOSTILE, HOSTILE, HOSTILE, policy=HOSTILE)
        )
        await pilot.pause()
        assert app.is_running
        assert not controls(showing(pilot))


def controls(text: str) -> list[str]:
    """What a terminal would act on."""
    bad = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u202e"} - {"\n"}
    return [char for char in text if char in bad]


async def test_ten_thousand_identities_scroll_like_ten(until):
    rows = tuple(
        IdentitySummary(f"user{n:05}@example.com", IdentityKind.EMAIL, Status.SUCCESS, True)
        for n in range(10_000)
    )
    app = drawn("account", identities=rows)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await until(pilot, lambda: app.screen.query(IdentityList))
        listed = app.screen.query_one(IdentityList)
        await until(pilot, lambda: listed.rows)
        listed.focus()
        await pilot.press("end")
        await pilot.pause()
        assert listed.rows[listed.cursor].name == "user09999@example.com"
        assert "user09999@example.com" in showing(pilot)
        app.screen.query_one("#filter", Input).value = "user0500"
        await pilot.pause()
        assert len(listed.rows) == 10


async def test_each_format_shows_its_own_fields_only():
    app = drawn("test")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        seen = {}
        for chosen in Format:
            app.screen.query_one("#format", Select).value = chosen
            await pilot.pause()
            seen[chosen] = {
                name
                for name in ("subject-field", "text-row", "headers-row", "raw-row", "template-row")
                if app.screen.query_one(f"#{name}").display
            }
        assert seen == {
            Format.FORMATTED: {"subject-field", "text-row"},
            Format.RAW: {"raw-row"},
            Format.HEADERS: {"subject-field", "text-row", "headers-row"},
            Format.TEMPLATED: {"template-row"},
        }


async def test_a_deleted_identity_is_told_and_the_rest_goes_on(wizard, account, until):
    name = "gone@example.org"
    async with wizard().run_test(notifications=True) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, name)
        await until(pilot, lambda: pilot.app.screen.next_look)
        await pilot.app.cloud.changes.make(delete(name))
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.state.identity is None)
        await until(pilot, lambda: any("someone deleted it" in text for text in notices(pilot)))
        await pilot.press("ctrl+b")
        await until(pilot, lambda: at(pilot, Step.IDENTITY))


def delete(name: str):
    from sestui.domain.plan import Call

    return Call("sesv2", "DeleteEmailIdentity", "by someone else", {"EmailIdentity": name})


async def test_what_the_sandbox_refuses_is_said_before_the_send():
    app = drawn("test", mail_form=replace(BASE.mail_form, sender="hello@example.com"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        fill(pilot, "to", "stranger@example.net")
        await pilot.pause()
        notes = app.screen.query_one(NotesList).notes
        assert "The sandbox lets no mail out to stranger@example.net" in notes[0].text
        assert notes[0].stops


async def test_the_help_panel_lists_every_key_and_goes_away_again():
    app = drawn("verify-mixed")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("f1")
        await pilot.pause()
        assert "HelpPanel" in [type(node).__name__ for node in app.screen.walk_children()]
        await pilot.press("f1")
        await pilot.pause()
        assert "HelpPanel" not in [type(node).__name__ for node in app.screen.walk_children()]
