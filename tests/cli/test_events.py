"""`sestui events` against a practice account: consent, results, exit codes, and how it ends."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex

import pytest

from sestui.cli.output import ExitCode
from sestui.domain.account import Choice
from sestui.domain.prove import Question
from sestui.practice.ports import DEFAULT_REGION
from sestui.workflows.carry_out import carry_out
from sestui.workflows.prove import HOPELESS
from sestui.workflows.tail import plan_tail
from tests.cli.at_once import sleep, world
from tests.cli.running import PATIENCE, TERMINAL, until
from tests.workflows.proving import DOMAIN, Scenery

pytestmark = pytest.mark.usefixtures("on_practice")


@pytest.fixture(scope="module", autouse=True)
def shop(account):
    account.ses.seed_identities(DEFAULT_REGION, [DOMAIN])


@pytest.fixture
def scenery(account, ses):
    scenery = Scenery(account, ses).to_topic()
    yield scenery
    assert scenery.temporary() == []


def test_a_proof_for_people(sestui, scenery):
    scenery.make_default()
    ran = sestui("events", "prove", scenery.name, "--yes")
    assert ran.code == ExitCode.OK, ran.err
    assert "✓ Set         " in ran.out
    assert f"Mail from {DOMAIN} goes through it by default." in ran.out
    assert "── events" in ran.out
    assert "Bounce came after" in ran.out
    assert "! Proven: the events arrive." in ran.out  # nobody else is subscribed
    assert "Waiting for their events" in ran.err


def test_a_proof_for_programs(sestui, scenery):
    ran = sestui("events", "prove", scenery.name, "--yes", "--named", "--json")
    assert ran.code == ExitCode.OK, ran.err
    document = ran.json
    assert (document["schema"], document["status"]) == ("sestui.prove/1", "amber")
    arrived = [hop for hop in document["hops"] if hop["hop"] == "arrived"]
    assert [(hop["about"], hop["state"]) for hop in arrived] == [
        ("success", "green"),
        ("bounce", "green"),
        ("complaint", "green"),
    ]
    assert json.loads(arrived[1]["json"])["eventType"] == "Bounce"
    assert all(hop["since"] for hop in document["hops"])
    assert [mail["to"] for mail in document["mails"]] == [
        f"{each}+{document['nonce']}@simulator.amazonses.com"
        for each in ("success", "bounce", "complaint")
    ]
    assert ran.err == ""


def test_a_broken_way_shows_the_fix(sestui, scenery):
    scenery.set_policy()
    ran = sestui("events", "prove", scenery.name, "--yes", "--named", "--timeout", "1")
    assert ran.code == ExitCode.NOT_READY
    assert "does not let SES publish" in ran.out
    assert '"Service": "ses.amazonaws.com"' in ran.out
    assert "$ aws sns set-topic-attributes" in ran.out
    assert "✗ Broken: see the first red hop." in ran.out
    (seconds,) = set(re.findall(r"did not come within (\d+) s", ran.out))
    assert int(seconds) < HOPELESS  # where nobody says how long to wait


def test_a_set_that_is_not_there_changes_nothing(sestui, scenery):
    ran = sestui("events", "prove", "nowhere", "--yes", "--json")
    assert ran.code == ExitCode.NOT_READY
    assert ran.json["hops"][0]["code"] == "set_missing"
    assert ran.json["mails"] == []


@pytest.mark.parametrize("command", ["prove", "tail"])
def test_nothing_is_done_where_nobody_can_be_asked(sestui, scenery, command):
    ran = sestui("events", command, scenery.name)
    assert ran.code == ExitCode.USAGE
    assert "Say --yes" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("prove", "a set"), "Only letters, digits"),
        (("prove", "x", "--yes", "--queue", "events"), "The ARN of an SQS queue"),
        (("prove", "x", "--yes", "--from", "anna"), "--from"),
        (("tail", "x", "--yes", "--kind", "bounced"), "--kind"),
    ],
)
def test_a_wrong_command_line(sestui, scenery, arguments, said):
    ran = sestui("events", *arguments)
    assert ran.code == ExitCode.USAGE
    assert said in ran.err


def test_on_a_terminal_it_shows_the_plan_and_asks(sestui, scenery):
    prove = ("events", "prove", scenery.name, "--named")
    ran = sestui(*prove, terminal=TERMINAL, typed="n\n")
    assert (ran.code, ran.out.strip()) == (ExitCode.ERROR, "")
    assert "Create the temporary queue sestui-prove-" in ran.err
    assert "aws sqs create-queue" in ran.err
    assert "And removed again at the end" in ran.err
    assert "Nothing was done." in ran.err


def test_yes_on_a_terminal(sestui_process, scenery):
    running = sestui_process("events", "prove", scenery.name, "--named", terminal=True)
    running.until("Do it?")
    running.type("y\n")
    ran = running.end()
    assert ran.code == ExitCode.OK
    assert "Proven: the events arrive." in ran.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_proof_removes_what_it_made(sestui_process, scenery, number):
    scenery.set_policy()  # so that it waits
    running = sestui_process("events", "prove", scenery.name, "--yes", "--named")
    running.until("Waiting")
    assert scenery.temporary()
    ran = running.end(number)
    assert (ran.code, ran.out) == (ExitCode.INTERRUPTED, "")
    assert scenery.temporary() == []


def test_the_tail_of_a_set(sestui, scenery, ses):
    def send_when_it_listens() -> None:
        until(lambda: len(scenery.temporary()) == 2)  # the queue and its subscription
        send(ses, scenery)

    with meanwhile(send_when_it_listens):
        ran = sestui(
            "events", "tail", scenery.name, "--yes", "--kind", "bounce", "--count", "1",
            "--timeout", str(PATIENCE),
        )  # fmt: skip
    assert ran.code == ExitCode.OK
    assert "✗ Bounced" in ran.out
    assert "bounce@simulator.amazonses.com" in ran.out
    assert "Accepted" not in ran.out
    assert "Waiting for events" in ran.err


def test_the_tail_of_a_queue_for_programs(sestui, scenery, ses):
    queue = scenery.subscribe_queue()
    send(ses, scenery)
    ran = sestui(
        "events",
        "tail",
        scenery.name,
        "--queue",
        queue,
        "--json",
        "--count",
        "2",
        "--timeout",
        "30",
    )
    assert ran.code == ExitCode.OK, ran.err
    events = [json.loads(line) for line in ran.out.splitlines()]
    assert [each["schema"] for each in events] == ["sestui.event/1"] * 2
    assert {each["kind"] for each in events} == {"SEND", "BOUNCE"}
    assert events[0]["event"]["mail"]["messageId"] == events[0]["message_id"]


def test_a_tail_ends_after_its_time(sestui, scenery):
    ran = sestui("events", "tail", scenery.name, "--yes", "--timeout", "1")
    assert (ran.code, ran.out) == (ExitCode.OK, "")


@pytest.fixture
def handler():
    """A handler of SIGTERM and SIGHUP, as an editor or a plug-in may have set it."""

    def handle(*_: object) -> None:
        pytest.fail("nobody has sent a signal")

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield handle
    for number, each in before.items():
        signal.signal(number, each)


def test_the_signals_that_a_proof_handles_are_given_back(sestui, handler):
    assert sestui("events", "prove", "nowhere", "--yes").code == ExitCode.NOT_READY
    assert signal.getsignal(signal.SIGTERM) is signal.getsignal(signal.SIGHUP) is handler


def test_an_interrupted_tail_removes_what_it_made(sestui_process, scenery):
    running = sestui_process("events", "tail", scenery.name, "--yes")
    running.until("Waiting")
    until(lambda: len(scenery.temporary()) == 2)
    assert running.end(signal.SIGINT).code == ExitCode.INTERRUPTED
    assert scenery.temporary() == []


def test_there_is_nothing_to_follow(sestui, scenery):
    ran = sestui("events", "tail", "nowhere", "--yes", "--json")
    assert ran.code == ExitCode.ERROR
    assert "There is no configuration set nowhere" in ran.error["what"]


# What is left when the end does not come to clean up


def test_after_a_kill_cleanup_lists_it_and_removes_it(sestui, sestui_process, scenery):
    scenery.set_policy()  # so that it waits
    running = sestui_process("events", "prove", scenery.name, "--yes", "--named")
    running.until("Waiting")
    running.end(signal.SIGKILL)
    name = queue_of(scenery)
    ran = sestui("cleanup", "--json")
    kinds = {(thing["kind"], thing["name"]) for thing in ran.json["things"]}
    assert {("temporary queue", name), ("subscription", name)} <= kinds
    assert sestui("cleanup", "--yes").code == ExitCode.OK


def leave_behind(scenery) -> str:
    """Make what a proof or a tail makes; the name of the queue."""

    async def work() -> None:
        cloud = await world().connect(Choice())
        plan = await plan_tail(cloud, Question(scenery.name, token_hex(4)))
        async for _progress in carry_out(cloud.changes, plan.plan, sleep):
            pass

    asyncio.run(work())
    return queue_of(scenery)


def queue_of(scenery) -> str:
    queue, *_rest = scenery.temporary()
    return queue.rsplit("/", 1)[-1]


def test_the_next_proof_offers_to_remove_what_is_left(sestui, scenery):
    name = leave_behind(scenery)
    ran = sestui("events", "prove", "nowhere", terminal=TERMINAL, typed="y\n")
    assert "An interrupted run has left things behind" in ran.err
    assert f"queue  {name}" in ran.err
    assert f"Delete the temporary queue {name}" in ran.err


def test_with_yes_what_may_be_of_another_run_stays(sestui, scenery):
    name = leave_behind(scenery)
    ran = sestui("events", "prove", "nowhere", "--yes")
    assert f"queue {name} is of another run" in ran.err
    assert scenery.temporary()
    assert sestui("cleanup", "--yes").code == ExitCode.OK


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Do `work` in a thread while the block runs."""
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    try:
        yield
    finally:
        thread.join(PATIENCE)
    assert failed == []


def send(ses, scenery) -> None:
    ses.send_email(
        FromEmailAddress=f"hello@{DOMAIN}",
        Destination={"ToAddresses": ["bounce@simulator.amazonses.com"]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
        ConfigurationSetName=scenery.name,
    )
