"""The suppression list, read from the practice account's SES."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sestui.domain.errors import Trouble
from sestui.domain.suppression import Reason, Suppressed, SuppressionPage, Wanted
from sestui.gateways.ports import GatewayError
from sestui.gateways.ses import BotoSes
from sestui.practice.ses.faults import Fault
from sestui.practice.ses.service import SesService
from sestui.workflows.suppression import PAGES_AT_ONCE, Read, read_list
from tests.gateways.servers import ScriptedHttp

REGION = "eu-west-1"
OLD = datetime.now(UTC) - timedelta(days=40)


@pytest.fixture
def ses(service: SesService, connect) -> BotoSes:
    return BotoSes(connect(service.url))


def fill(service: SesService, number: int) -> None:
    service.seed_suppression(
        REGION,
        {
            f"c{index:05}@shop.example": "BOUNCE" if index % 10 else "COMPLAINT"
            for index in range(number)
        },
    )


async def test_one_address_with_the_mail_that_brought_it_there(service: SesService, ses: BotoSes):
    assert service.suppress(
        REGION, "Anna@shop.example", "BOUNCE", message_id="message-1", feedback_id="feedback-1"
    )
    found = await ses.suppressed("Anna@shop.example")
    assert found is not None
    assert found.reason == "BOUNCE"
    assert (found.message_id, found.feedback_id) == ("message-1", "feedback-1")
    assert found.since is not None
    assert datetime.now(UTC) - found.since < timedelta(minutes=1)
    # Upper and lower case make different addresses.
    assert await ses.suppressed("anna@shop.example") is None


async def test_the_list_comes_in_pages(service: SesService, ses: BotoSes):
    fill(service, 2_500)
    first = await ses.suppression_page(Wanted())
    assert (len(first.entries), bool(first.token)) == (1_000, True)
    second = await ses.suppression_page(Wanted(), first.token)
    third = await ses.suppression_page(Wanted(), second.token)
    assert (len(third.entries), third.token) == (500, "")
    addresses = {each.address for page in (first, second, third) for each in page.entries}
    assert len(addresses) == 2_500
    assert isinstance(first.entries[0], Suppressed)
    assert first.entries[0].since is not None


async def test_the_list_by_reason_and_time(service: SesService, ses: BotoSes):
    fill(service, 20)
    complained = await ses.suppression_page(Wanted(reason=Reason.COMPLAINT))
    assert [each.address for each in complained.entries] == [
        "c00000@shop.example",
        "c00010@shop.example",
    ]
    assert (await ses.suppression_page(Wanted(until=OLD))).entries == ()
    assert len((await ses.suppression_page(Wanted(since=OLD))).entries) == 20
    ahead = datetime.now(UTC) + timedelta(days=1)
    assert (await ses.suppression_page(Wanted(since=ahead))).entries == ()


async def test_a_token_that_comes_again_ends_it(http: ScriptedHttp, connect):
    row = b'{"EmailAddress": "a@b.example\\u001b", "Reason": "BOUNCE"}'
    page = b'{"SuppressedDestinationSummaries": [%b], "NextToken": "same"}' % row
    http.replies = [(200, page)]
    ses = BotoSes(connect(http.url))
    first = await ses.suppression_page(Wanted())
    assert first.token == "same"
    assert len(first.entries) == 1
    assert "\x1b" not in first.entries[0].address
    assert (await ses.suppression_page(Wanted(), "same")).token == ""


# The workflow over it


class Cloud:
    def __init__(self, ses: BotoSes) -> None:
        self.ses = ses


class Slept:
    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


async def test_a_long_list_is_read_on_and_on(service: SesService, ses: BotoSes):
    fill(service, 2_500)
    seen = [read async for read in read_list(Cloud(ses), Wanted(), Slept())]
    assert [len(read.entries) for read in seen] == [1_000, 2_000, 2_500]
    assert [read.reading for read in seen] == [True, True, False]
    assert seen[-1].token == ""


async def test_a_very_long_list_waits_for_a_word():
    class Endless:
        asked = 0

        async def suppression_page(self, _wanted, token=""):
            self.asked += 1
            entry = Suppressed(f"{self.asked}@shop.example", "BOUNCE")
            return SuppressionPage((entry,), f"{token}x")

    ses = Endless()
    *_before, last = [read async for read in read_list(Cloud(ses), Wanted(), Slept())]
    assert ses.asked == PAGES_AT_ONCE == len(last.entries)
    assert (bool(last.token), last.reading) == (True, False)
    *_before, more = [read async for read in read_list(Cloud(ses), Wanted(), Slept(), last)]
    assert len(more.entries) == 2 * PAGES_AT_ONCE
    assert more.entries[: len(last.entries)] == last.entries


async def test_patience_with_the_rate(service: SesService, ses: BotoSes):
    fill(service, 3)
    service.faults.add(Fault("ListSuppressedDestinations", "throttle", 2))
    slept = Slept()
    seen = [read async for read in read_list(Cloud(ses), Wanted(), slept)]
    assert [len(read.entries) for read in seen] == [3]
    assert len(slept.seconds) == 2


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [("throttle", Trouble.THROTTLED), ("access_denied", Trouble.DENIED)],
)
async def test_what_does_not_pass_is_told(service: SesService, ses: BotoSes, kind, trouble):
    service.faults.add(Fault("ListSuppressedDestinations", kind))
    with pytest.raises(GatewayError) as caught:
        async for _read in read_list(Cloud(ses), Wanted(), Slept(), Read(())):
            pass
    assert caught.value.trouble is trouble
