"""The dialog of the suppression list, on a practice account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from textual.widgets import Input

from sestui.domain.suppression import Suppressed, SuppressionPage, Wanted
from sestui.practice.ses.faults import Fault
from sestui.tui.modals.plan import PlanModal
from sestui.tui.modals.suppression import SuppressionModal
from sestui.tui.modals.suppression_forms import SuppressForModal, SuppressModal
from sestui.tui.widgets.suppressed_list import SuppressedList
from tests.account_process import practice_account

from .sizes import both_sizes
from .states import ACCOUNT, CONNECTION, NOW, drawn
from .test_screens import settle
from .walking import agree, connected, showing

REGION = "eu-west-1"


@pytest.fixture
def account():
    """One for each test, which looks at its list as a whole; out of the sandbox."""
    with practice_account() as account:
        account.ses.decide_review(REGION, "GRANTED")
        yield account


def suppress_for(account, *reasons: str) -> None:
    """What the account suppresses for from now on."""
    account.client("sesv2").put_account_suppression_attributes(SuppressedReasons=reasons)


async def opened(pilot, until, **more) -> SuppressionModal:
    app = pilot.app
    modal = SuppressionModal(app.cloud, app.screen.carry_out, **more)
    app.push_screen(modal)
    await until(pilot, lambda: modal.is_mounted and modal.read is not None)
    await until(pilot, lambda: not modal.read.reading and modal.account is not None)
    await pilot.pause()
    return modal


def addresses(modal) -> list[str]:
    return [each.address for each in modal.suppressed.rows]


def flowing(pilot) -> str:
    """What is drawn as one text, without frames and line ends."""
    return " ".join(showing(pilot).replace("│", " ").split())


def search(modal, text) -> None:
    modal.query_one("#suppression-search", Input).value = text


async def listed(pilot) -> dict[str, str]:
    page = await pilot.app.cloud.ses.suppression_page(Wanted())
    return {each.address: each.reason for each in page.entries}


async def test_thousands_are_read_page_by_page_and_filtered_as_typed(account, wizard, until):
    reasons = {
        f"c{number:04}@shop.example": "COMPLAINT" if number % 100 == 0 else "BOUNCE"
        for number in range(2_100)
    }
    account.ses.seed_suppression(REGION, reasons)
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until)
        assert "2,100 addresses" in showing(pilot)
        # Only what is in sight is drawn.
        assert "c0000@shop.example" in showing(pilot)
        assert "c0100@shop.example" not in showing(pilot)
        await pilot.press("end")
        await until(pilot, lambda: "c2099@shop.example" in showing(pilot))
        await pilot.press("slash", *"77@")
        await until(pilot, lambda: "21 of 2,100 addresses" in showing(pilot))
        assert addresses(modal)[:2] == ["c0077@shop.example", "c0177@shop.example"]
        await pilot.press("escape")  # clears what is typed, and goes back to the list
        await until(pilot, lambda: len(modal.suppressed.rows) == 2_100)
        assert modal.suppressed.has_focus
        await pilot.press("f", "f")  # bounced, complained
        await until(pilot, lambda: "21 addresses · who complained" in showing(pilot))
        await pilot.press("t")
        await until(pilot, lambda: "who complained · in 24 hours" in showing(pilot))
        await until(pilot, lambda: len(modal.suppressed.rows) == 21)


async def test_one_address_is_asked_for_exactly(account, wizard, until):
    account.ses.suppress(REGION, "Anna@shop.example", "BOUNCE", message_id="message-7")
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until)
        await pilot.press("enter")
        await until(pilot, lambda: "mail message-7" in showing(pilot))
        search(modal, "anna@shop.example")
        await pilot.press("slash", "enter")
        await until(pilot, lambda: "anna@shop.example is not on the list." in showing(pilot))
        assert "But Anna@shop.example is" in showing(pilot)


async def test_an_address_far_down_the_list_is_found_all_the_same(account, wizard, until):
    account.ses.suppress(REGION, "far@shop.example", "COMPLAINT")
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        account.ses.faults.add(Fault("ListSuppressedDestinations", "access_denied", 1))
        app = pilot.app
        modal = SuppressionModal(app.cloud, app.screen.carry_out, address="far@shop.example")
        app.push_screen(modal)
        await until(pilot, lambda: modal.is_mounted and modal.known)
        await until(pilot, lambda: "complained" in showing(pilot))
        await until(pilot, lambda: "ses:ListSuppressedDestinations" in showing(pilot))
        assert addresses(modal) == ["far@shop.example"]


async def test_removing_says_what_it_means_and_can_be_taken_back(account, wizard, until):
    for name in ("a", "b", "c"):
        account.ses.suppress(REGION, f"{name}@shop.example", "COMPLAINT")
    removed: list[Suppressed] = []
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until, removed=removed)
        assert not modal.check_action("undo", ())
        await pilot.press("down", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanModal))
        await pilot.pause()
        assert "called your mail spam" in flowing(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "b@shop.example is off the list. u puts it" in showing(pilot))
        assert sorted(await listed(pilot)) == ["a@shop.example", "c@shop.example"]
        assert addresses(modal) == ["a@shop.example", "c@shop.example"]
        # Another dialog of the same run knows of it.
        await pilot.press("escape")
        modal = await opened(pilot, until, removed=removed)
        await pilot.press("u")
        await agree(pilot, until)
        await until(pilot, lambda: "is on the list again" in showing(pilot))
        assert (await listed(pilot))["b@shop.example"] == "COMPLAINT"
        assert modal.suppressed.current.address == "b@shop.example"
        assert removed == []


async def test_who_does_not_agree_changes_nothing(account, wizard, until):
    account.ses.suppress(REGION, "a@shop.example", "BOUNCE")
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanModal))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is modal and not modal.working)
        assert addresses(modal) == ["a@shop.example"]
        assert list(await listed(pilot)) == ["a@shop.example"]
        assert not modal.removed


async def test_adding_with_a_reason(account, wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuppressModal))
        await pilot.pause()
        await pilot.press(*"nobody", "enter")  # not an address yet
        await until(pilot, lambda: "The @ and the domain are missing" in showing(pilot))
        await pilot.press(*"@shop.example")
        await pilot.press("tab", "down", "space", "tab", "tab", "enter")
        await agree(pilot, until)
        await until(pilot, lambda: "nobody@shop.example is on the list." in showing(pilot))
        assert await listed(pilot) == {"nobody@shop.example": "COMPLAINT"}
        assert modal.suppressed.current.address == "nobody@shop.example"
        assert modal.suppressed.current.since is not None


async def test_what_is_typed_outlives_a_refusal(account, wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until)
        account.ses.faults.add(Fault("PutSuppressedDestination", "access_denied", 1))
        search(modal, "kept@shop.example")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuppressModal))
        await pilot.pause()
        await pilot.press("enter")
        await agree(pilot, until)
        await until(pilot, lambda: isinstance(pilot.app.screen, SuppressModal))
        assert "ses:PutSuppressedDestination" in modal.problem_box.problem.what
        await pilot.pause()
        assert pilot.app.screen.query_one(Input).value == "kept@shop.example"
        await pilot.press("enter")
        await agree(pilot, until)
        await until(pilot, lambda: "kept@shop.example is on the list." in showing(pilot))


async def test_in_the_sandbox_adding_is_not_offered(account, wizard, until):
    account.ses.decide_review(REGION, "FAILED")
    account.ses.suppress(REGION, "a@shop.example", "BOUNCE")
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        await opened(pilot, until)
        await pilot.press("a")
        await until(pilot, lambda: "In the sandbox AWS lets nobody add" in showing(pilot))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanModal))
        await pilot.pause()
        assert "In the sandbox you cannot put it back." in flowing(pilot)


async def test_what_the_account_suppresses_for(account, wizard, until):
    suppress_for(account, "BOUNCE")
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until)
        assert "✓ bounced ✗ complained  o puts that right" in showing(pilot)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuppressForModal))
        await pilot.pause()
        assert "AWS advises both" in showing(pilot)
        await pilot.press("tab", "space")
        await until(pilot, lambda: "As AWS advises." in showing(pilot))
        await pilot.press("enter")
        await agree(pilot, until)
        await until(pilot, lambda: "✓ bounced ✓ complained" in showing(pilot))
        found = await pilot.app.cloud.ses.account()
        assert set(found.suppressed_reasons) == {"BOUNCE", "COMPLAINT"}
        assert modal.account.suppressed_reasons == ("BOUNCE", "COMPLAINT")


async def test_looking_again_sees_what_others_have_changed(account, wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await connected(pilot, until)
        modal = await opened(pilot, until, account=pilot.app.state.account)
        account.ses.suppress(REGION, "new@shop.example", "BOUNCE")
        suppress_for(account)
        await pilot.press("r")
        await until(pilot, lambda: addresses(modal) == ["new@shop.example"])
        await until(pilot, lambda: "✗ bounced ✗ complained" in showing(pilot))


# What it looks like


ROWS = tuple(
    Suppressed(
        f"customer{number:05}@{'mail' if number % 3 else 'shop'}.example",
        "COMPLAINT" if number % 7 == 0 else "BOUNCE",
        NOW - timedelta(hours=number * 5),
    )
    for number in range(2_345)
)
HOSTILE = Suppressed("[@click=app.quit]x[/]\x1b]0;T\x07[b@evil.example", "[bold]\x1b[31m", NOW)


class Standing:
    """An SES whose list stands still."""

    def __init__(self, rows) -> None:
        self.rows = rows

    async def account(self):
        return replace(ACCOUNT, suppressed_reasons=("BOUNCE",))

    async def suppressed(self, address):
        found = next((each for each in self.rows if each.address == address), None)
        if found is None:
            return None
        mail = "0102018f2ab4c7d0-5e1f6f0a-3c1d-4a43-9d3b-1f8e2c7b9a10-000000"
        return replace(found, message_id=mail, feedback_id="0102018f2ab4c7d0-aaaa-bbbb")

    async def suppression_page(self, wanted, token=""):
        start = int(token or 0)
        more = str(start + 1_000) if start + 1_000 < len(self.rows) else ""
        return SuppressionPage(self.rows[start : start + 1_000], more)


async def agreed(_plan, _busy) -> bool:
    return True


def standing(rows=ROWS) -> SuppressionModal:
    return SuppressionModal(SimpleNamespace(ses=Standing(rows), connection=CONNECTION), agreed)


LOOKS = {
    "list": (standing, ("down", "down", "enter")),
    "empty": (lambda: standing(()), ()),
    "add": (SuppressModal, ()),
    "for": (lambda: SuppressForModal(("BOUNCE",)), ()),
}


@both_sizes
@pytest.mark.parametrize("look", LOOKS)
async def test_what_it_looks_like(look, size, same_screen):
    make, keys = LOOKS[look]
    app = drawn("account")
    async with app.run_test(size=size) as pilot:
        app.push_screen(make())
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        same_screen(app)


async def test_text_from_outside_is_drawn_as_it_is(until):
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        modal = standing((HOSTILE,))
        app.push_screen(modal)
        await until(pilot, lambda: "@evil.example" in showing(pilot))
        assert "\x1b" not in showing(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "mail 0102" in showing(pilot))
        assert isinstance(modal.query_one(SuppressedList).current, Suppressed)


async def test_the_cursor_stays_on_its_row_while_the_list_grows(until):
    app = drawn("account")
    async with app.run_test(size=(80, 24)) as pilot:
        modal = standing()
        app.push_screen(modal)
        await until(pilot, lambda: modal.read is not None and not modal.read.reading)
        await pilot.press("down", "down")
        modal.insert(Suppressed("new@shop.example", "BOUNCE", NOW))
        assert modal.suppressed.current.address == "new@shop.example"
        modal.suppressed.cursor = 3
        here = modal.suppressed.current
        modal.forget(modal.suppressed.rows[0])
        assert modal.suppressed.current == here
