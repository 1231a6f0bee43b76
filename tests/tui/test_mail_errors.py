"""A send that fails: the screen says what happened, whose fault it is, and what to do."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sestui.domain.errors import Problem
from sestui.domain.mail.form import MailForm
from sestui.domain.steps import Step
from sestui.practice.ses.faults import Fault
from sestui.tui.modals.fate import FateModal
from sestui.tui.widgets.notes_list import NotesList

from .sizes import narrow_always
from .walking import at, notices, open_step, showing

DOMAIN = "errors.example"


REFUSALS = {
    "message_rejected": (f"hello@{DOMAIN}", "erif"),
    "access_denied": ("may not do ses:SendEmail", "F4 copies the policy statement"),
    "mail_from_not_verified": ("MAIL FROM", "MX"),
    "paused": ("AWS has paused sending", "answer the case"),
    "set_paused": ("configuration set", "witch"),
    "suspended": ("permanently restricted", "AWS Support"),
    "throttle": ("faster than SES allows", "Wait"),
    "daily_quota": ("last 24 hours is used up", "24 hours old"),
    "set_not_found": ("There is no configuration set", "Create the configuration set"),
    "expired_token": ("have expired", "Sign in again"),
}
"""What is said of each refusal, and what is advised."""


@pytest.fixture
def faults(account):
    account.ses.seed_identities("eu-west-1", [DOMAIN])
    yield account.ses.faults
    account.ses.faults.clear()


@pytest.fixture
def sends(account):
    """How many mails SES was given in this test."""
    before = len(account.ses.calls)

    def count() -> int:
        return sum(call.operation == "SendEmail" for call in account.ses.calls[before:])

    return count


async def filled_in(pilot, until) -> None:
    """The step of the test mail, with a mail that SES would take."""
    form = MailForm(sender=f"hello@{DOMAIN}", to=f"inbox@{DOMAIN}", subject="Hello", text="Hi.")
    await open_step(pilot, until, Step.TEST, DOMAIN, mail_form=form)


async def problem_after_sending(pilot, until) -> Problem:
    box = pilot.app.screen.problem_box
    before = box.problem
    await pilot.press("ctrl+s")
    await until(pilot, lambda: box.problem is not None and box.problem is not before)
    await pilot.pause()
    return box.problem


@narrow_always
async def test_each_refusal_is_explained(wizard, until, faults, size):
    async with wizard().run_test(size=size, notifications=True) as pilot:
        await filled_in(pilot, until)
        for kind, (what, advice) in REFUSALS.items():
            faults.load_json([{"operation": "SendEmail", "kind": kind}])
            problem = await problem_after_sending(pilot, until)
            screen = " ".join(showing(pilot).split())
            assert what in problem.what, kind
            assert advice in f"{problem.advice} {screen}", kind
            assert problem.what.split()[0] in screen, kind  # it is in sight
            assert not pilot.app.state.sent


async def test_no_answer_is_no_failure_and_names_the_tag_to_look_for(wizard, until, faults, sends):
    faults.add(Fault("SendEmail", "reset_after"))
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await filled_in(pilot, until)
        problem = await problem_after_sending(pilot, until)
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
    assert sends() == 1


class Slow:
    """An SES whose answer to a mail comes when the test says so."""

    def __init__(self, ses) -> None:
        self._ses = ses
        self.answers = asyncio.Event()

    def __getattr__(self, name: str):
        return getattr(self._ses, name)

    async def send(self, message):
        sent = await self._ses.send(message)
        await self.answers.wait()
        return sent


async def test_while_a_mail_is_on_its_way_no_second_one_is_sent_and_the_step_stays(
    wizard, until, faults, sends
):
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await filled_in(pilot, until)
        app = pilot.app
        ses = Slow(app.cloud.ses)
        app.cloud = replace(app.cloud, ses=ses)
        screen = app.screen
        await pilot.press("ctrl+s")
        await until(pilot, sends)
        await pilot.press("ctrl+s", "ctrl+s")
        screen.action_open(Step.ACCOUNT)
        await pilot.pause()
        assert app.screen is screen
        ses.answers.set()
        await until(pilot, lambda: app.state.sent)
        assert sends() == 1
        screen.action_open(Step.ACCOUNT)
        await until(pilot, lambda: at(pilot, Step.ACCOUNT))
        await pilot.pause()


async def test_leaving_while_a_mail_is_on_its_way_says_what_is_missed_and_is_quick_all_the_same(
    wizard, until, faults, sends
):
    faults.add(Fault("SendEmail", "timeout_after", 1))
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await filled_in(pilot, until)
        await pilot.press("ctrl+s")
        await until(pilot, sends)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: notices(pilot))
        said = notices(pilot)[-1]
        assert "sestui-test=" in said
        assert "Ctrl+Q again" in said
        assert pilot.app.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: pilot.app.return_code == 0)


async def test_what_can_be_done_is_offered_beside_the_form(wizard, until, faults):
    faults.add(Fault("SendEmail", "message_rejected"))
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await filled_in(pilot, until)
        await problem_after_sending(pilot, until)
        notes = pilot.app.screen.query_one(NotesList)
        await until(pilot, lambda: notes.notes and notes.notes[0].code == "refused")
        assert notes.notes[0].actions
