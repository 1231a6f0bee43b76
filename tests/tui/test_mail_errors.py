"""A send that fails: the screen says what happened, whose fault it is, and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sestui.domain.mail.form import MailForm
from sestui.domain.steps import Step
from sestui.practice.ses.faults import Fault
from sestui.tui.modals.fate import FateModal
from sestui.tui.widgets.notes_list import NotesList

from .walking import connected, showing

DOMAIN = "errors.example"


@pytest.fixture
def faults(account, monkeypatch):
    monkeypatch.setattr("sestui.gateways.aws.READ_TIMEOUT", 3)
    account.ses.seed_identities("eu-west-1", [DOMAIN])
    yield account.ses.faults
    account.ses.faults.clear()


async def send(pilot, until) -> None:
    app = pilot.app
    await connected(pilot, until)
    app.state = replace(
        app.state,
        mail_form=MailForm(
            sender=f"hello@{DOMAIN}", to=f"inbox@{DOMAIN}", subject="Hello", text="Hi."
        ),
    )
    app.switch_screen(app.screen_for(Step.TEST))
    await until(pilot, lambda: pilot.app.screen.query("#send"))
    await pilot.pause()
    await pilot.press("ctrl+s")


@pytest.mark.parametrize(
    ("kind", "what", "advice"),
    [
        ("message_rejected", f"hello@{DOMAIN}", "erif"),
        ("access_denied", "may not do ses:SendEmail", "F4 copies the policy statement"),
        ("mail_from_not_verified", "MAIL FROM", "MX"),
        ("paused", "AWS has paused sending", "answer the case"),
        ("set_paused", "configuration set", "witch"),
        ("suspended", "permanently restricted", "AWS Support"),
        ("throttle", "faster than SES allows", "Wait"),
        ("daily_quota", "last 24 hours is used up", "24 hours old"),
        ("set_not_found", "There is no configuration set", "Create the configuration set"),
        ("expired_token", "have expired", "Sign in again"),
    ],
)
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_each_refusal_is_explained(wizard, until, faults, size, kind, what, advice):
    faults.add(Fault("SendEmail", kind))
    async with wizard().run_test(size=size, notifications=True) as pilot:
        await send(pilot, until)
        await until(pilot, lambda: pilot.app.screen.problem_box.problem is not None)
        await pilot.pause()
        screen = " ".join(showing(pilot).split())
        problem = pilot.app.screen.problem_box.problem
        assert what in problem.what
        assert advice in problem.advice or advice in screen
        assert problem.what.split()[0] in screen  # it is in sight
        assert not pilot.app.state.sent


async def test_no_answer_is_no_failure_and_names_the_tag_to_look_for(
    wizard, until, account, faults
):
    before = len(account.ses.calls)
    faults.add(Fault("SendEmail", "timeout_after"))
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await send(pilot, until)
        await until(pilot, lambda: pilot.app.screen.problem_box.problem is not None, 60)
        problem = pilot.app.screen.problem_box.problem
        assert problem.what.startswith("The mail may have been sent.")
        assert "sestui-test=" in problem.advice
        assert "a repeat is a second mail" in problem.advice
        notes = pilot.app.screen.query_one(NotesList)
        await until(pilot, lambda: notes.notes and notes.notes[0].code == "not-known")
        notes.focus()
        await until(pilot, lambda: "See whether it was sent" in showing(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FateModal))
        await until(pilot, lambda: pilot.app.screen.message_id)  # by its tag it was found
    sends = [call for call in account.ses.calls[before:] if call.operation == "SendEmail"]
    assert len(sends) == 1


async def test_while_a_mail_is_on_its_way_no_second_one_is_sent_and_the_step_stays(
    wizard, until, account, faults
):
    before = len(account.ses.calls)
    faults.add(Fault("SendEmail", "timeout_after", 1))

    def sends() -> int:
        return sum(call.operation == "SendEmail" for call in account.ses.calls[before:])

    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await send(pilot, until)
        await until(pilot, sends)
        screen = pilot.app.screen
        await pilot.press("ctrl+s", "ctrl+s")
        screen.action_open(Step.ACCOUNT)
        await pilot.pause()
        assert pilot.app.screen is screen
        await until(pilot, lambda: screen.problem_box.problem is not None, 60)
        assert sends() == 1
        screen.action_open(Step.ACCOUNT)
        await until(pilot, lambda: pilot.app.screen is not screen)


async def test_leaving_while_a_mail_is_on_its_way_says_what_is_missed_and_is_quick_all_the_same(
    wizard, until, account, faults
):
    before = len(account.ses.calls)
    faults.add(Fault("SendEmail", "timeout_after", 1))
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await send(pilot, until)
        await until(
            pilot, lambda: any(c.operation == "SendEmail" for c in account.ses.calls[before:])
        )
        await pilot.press("ctrl+q")
        await until(pilot, lambda: len(pilot.app._notifications))
        said = list(pilot.app._notifications)[-1].message
        assert "sestui-test=" in said
        assert "Ctrl+Q again" in said
        assert pilot.app.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: pilot.app._exit)


async def test_what_can_be_done_is_offered_beside_the_form(wizard, until, faults):
    faults.add(Fault("SendEmail", "message_rejected"))
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await send(pilot, until)
        await until(pilot, lambda: pilot.app.screen.problem_box.problem is not None)
        notes = pilot.app.screen.query_one(NotesList)
        await until(pilot, lambda: notes.notes and notes.notes[0].code == "refused")
        assert notes.notes[0].actions
