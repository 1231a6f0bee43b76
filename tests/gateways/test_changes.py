from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from sestui.domain.errors import Trouble
from sestui.domain.plan import Call
from sestui.gateways.changes import BotoChanges
from sestui.gateways.journal import Journal
from sestui.gateways.limiter import Limiter
from sestui.gateways.ports import GatewayError
from sestui.gateways.threads import in_thread
from sestui.practice.ses.faults import Fault
from sestui.practice.ses.service import SesService
from tests.gateways.conftest import HASTY, ONCE, Connect, answer
from tests.gateways.servers import HANG, ScriptedHttp

CREATE = Call(
    "sesv2",
    "CreateEmailIdentity",
    "Create it",
    {"EmailIdentity": "example.com"},
    tolerate=("AlreadyExistsException",),
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state")


def events(journal: Journal) -> list[str]:
    return [entry["event"] for entry in journal.entries()]


@pytest.fixture
def changes(service: SesService, connect: Connect, journal: Journal) -> BotoChanges:
    return BotoChanges(connect(service.url), journal, "123456789012")


async def test_made_and_in_the_journal(changes: BotoChanges, journal: Journal) -> None:
    made = await changes.make(CREATE)
    assert made["IdentityType"] == "DOMAIN"
    assert "ResponseMetadata" not in made
    begun, done = journal.entries()
    assert (begun["event"], done["event"]) == ("begun", "done")
    assert begun["id"] == done["id"]
    assert done["answer"]["DkimAttributes"]["Tokens"] == made["DkimAttributes"]["Tokens"]


async def test_done_already_is_fine_where_the_call_says_so(
    changes: BotoChanges, journal: Journal
) -> None:
    await changes.make(CREATE)
    assert await changes.make(CREATE) == {}
    assert list(journal.entries())[-1]["note"] == "AlreadyExistsException"
    strict = Call("sesv2", "CreateEmailIdentity", "Create it", CREATE.parameters)
    with pytest.raises(GatewayError) as failed:
        await changes.make(strict)
    assert failed.value.trouble is Trouble.EXISTS
    assert events(journal)[-1] == "failed"


@pytest.mark.parametrize("kind", ["timeout", "timeout_after", "reset"])
async def test_a_lost_answer_is_a_maybe(
    service: SesService, connect: Connect, journal: Journal, kind: str
) -> None:
    limits = ONCE if kind == "reset" else HASTY
    changes = BotoChanges(connect(service.url, limits=limits), journal, "123456789012")
    service.faults.add(Fault("CreateEmailIdentity", kind, 1))  # type: ignore[arg-type]
    with pytest.raises(GatewayError) as failed:
        await changes.make(CREATE)
    assert failed.value.trouble is Trouble.MAYBE_DONE
    assert list(journal.entries())[-1]["problem"]["trouble"] == "maybe_done"
    again = BotoChanges(connect(service.url), journal, "123456789012")
    await again.make(CREATE)  # picks up whatever there is


async def test_no_journal_no_change(service: SesService, connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    changes = BotoChanges(connect(service.url), Journal(tmp_path / "file"), "1")
    with pytest.raises(GatewayError) as failed:
        await changes.make(CREATE)
    assert failed.value.trouble is Trouble.LOCAL
    assert service.calls == []
    assert await changes.make(CREATE)  # the person was told and goes on


async def test_leaving_during_a_call_still_writes_its_end(
    http: ScriptedHttp, connect: Connect, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = asyncio.Event()
    loop = asyncio.get_running_loop()
    failed = journal.failed

    def note(*args: object) -> None:
        failed(*args)  # type: ignore[arg-type]
        loop.call_soon_threadsafe(written.set)

    monkeypatch.setattr(journal, "failed", note)
    http.replies = [HANG]
    changes = BotoChanges(connect(http.url, limits=HASTY), journal, "1")
    making = asyncio.ensure_future(changes.make(CREATE))
    assert await in_thread(http.asked.wait, 5)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    await asyncio.wait_for(written.wait(), 5)
    assert events(journal) == ["begun", "failed"]


async def test_the_neighbours_do_not_wait_for_the_rate_of_ses(
    http: ScriptedHttp, connect: Connect, journal: Journal
) -> None:
    result = b"<CreateTopicResult><TopicArn>arn:t\x7f</TopicArn></CreateTopicResult>"
    http.replies = [(200, b"<CreateTopicResponse>%b</CreateTopicResponse>" % result)]
    limiter = Limiter(rate=1e-9, burst=1)
    limiter.drain()
    changes = BotoChanges(connect(http.url, limiter), journal, "1")
    made = await changes.make(Call("sns", "CreateTopic", "Create it", {"Name": "t"}))
    assert made == {"TopicArn": "arn:t\\x7f"}
    assert b"Name=t" in http.requests[0][2]


async def test_a_mistyped_parameter_never_leaves_the_machine(
    http: ScriptedHttp, connect: Connect, journal: Journal
) -> None:
    http.replies = [answer()]
    changes = BotoChanges(connect(http.url), journal, "1")
    with pytest.raises(GatewayError) as failed:
        await changes.make(Call("sesv2", "CreateEmailIdentity", "x", {"Nope": 1}))
    assert failed.value.trouble is Trouble.REFUSED
    assert http.requests == []
    key = {"DomainSigningSelector": "s", "DomainSigningPrivateKey": "SECRETKEY"}
    await changes.make(
        Call(
            "sesv2",
            "CreateEmailIdentity",
            "x",
            {"EmailIdentity": "a.com", "DkimSigningAttributes": key},
        )
    )
    assert json.loads(http.requests[0][2])["DkimSigningAttributes"] == key
    assert "SECRETKEY" not in journal.path.read_text()
