"""`sestui events` against a practice account: consent, results, exit codes, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from sestui.cli.output import ExitCode
from sestui.practice.account import FAST, PracticeAccount
from sestui.practice.ports import DEFAULT_REGION
from tests.practice.conftest import ses_client
from tests.workflows.proving import DOMAIN, Scenery

from .conftest import in_terminal


@pytest.fixture(scope="module")
def account():
    with PracticeAccount(options=FAST) as account:
        assert account.neighbours.wait(60)
        account.ses.seed_identities(DEFAULT_REGION, [DOMAIN])
        yield account


@pytest.fixture(scope="module")
def ses(account):
    client = ses_client(account)
    yield client
    client.close()


@pytest.fixture
def scenery(account, ses, monkeypatch):
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)
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


def test_on_a_terminal_it_shows_the_plan_and_asks(scenery):
    said = in_terminal(["events", "prove", scenery.name, "--named"], typed="n\n")
    assert "Create the temporary queue sestui-prove-" in said
    assert "aws sqs create-queue" in said
    assert "And removed again at the end" in said
    assert "Nothing was done." in said


def test_yes_on_a_terminal(scenery):
    said = in_terminal(["events", "prove", scenery.name, "--named"], typed="y\n")
    assert "Proven: the events arrive." in said


class Running:
    """A command that goes on until it is told to end."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sestui", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )

    def until(self, word: str) -> None:
        """Read stderr up to a word."""
        for line in self.process.stderr:
            if word in line:
                return
        pytest.fail(f"it ended without “{word}”")

    def end(self, number: int) -> tuple[int, str]:
        self.process.send_signal(number)
        out, _err = self.process.communicate(timeout=60)
        return self.process.returncode, out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_proof_removes_what_it_made(scenery, number):
    scenery.set_policy()  # so that it waits
    running = Running("events", "prove", scenery.name, "--yes", "--named")
    running.until("Waiting")
    assert scenery.temporary()
    code, out = running.end(number)
    assert (code, out) == (ExitCode.INTERRUPTED, "")
    assert scenery.temporary() == []


def test_the_tail_of_a_set(sestui, scenery, ses):
    running = Running("events", "tail", scenery.name, "--yes", "--kind", "bounce", "--count", "1")
    running.until("Waiting")
    while len(scenery.temporary()) < 2:  # the queue and its subscription
        assert running.process.poll() is None
    send(ses, scenery)
    out, _err = running.process.communicate(timeout=60)
    assert running.process.returncode == ExitCode.OK
    assert "✗ Bounced" in out
    assert "bounce@simulator.amazonses.com" in out
    assert "Accepted" not in out


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


def test_an_interrupted_tail_removes_what_it_made(scenery):
    running = Running("events", "tail", scenery.name, "--yes")
    running.until("Waiting")
    while len(scenery.temporary()) < 2:
        assert running.process.poll() is None
    assert running.end(signal.SIGINT)[0] == ExitCode.INTERRUPTED
    assert scenery.temporary() == []


def test_there_is_nothing_to_follow(sestui, scenery):
    ran = sestui("events", "tail", "nowhere", "--yes", "--json")
    assert ran.code == ExitCode.ERROR
    assert "There is no configuration set nowhere" in ran.error["what"]


# kill -9


def kill_a_proof(scenery) -> str:
    """The name of the queue that it leaves."""
    scenery.set_policy()
    running = Running("events", "prove", scenery.name, "--yes", "--named")
    running.until("Waiting")
    running.end(signal.SIGKILL)
    queue, *_rest = scenery.temporary()
    return queue.rsplit("/", 1)[-1]


def test_after_a_kill_the_next_proof_offers_to_remove_what_is_left(scenery):
    name = kill_a_proof(scenery)
    said = in_terminal(["events", "prove", "nowhere"], typed="y\n")
    assert "An interrupted run has left things behind" in said
    assert f"queue  {name}" in said
    assert f"Delete the temporary queue {name}" in said


def test_after_a_kill_cleanup_lists_it_and_removes_it(sestui, scenery):
    name = kill_a_proof(scenery)
    ran = sestui("cleanup", "--json")
    kinds = {(thing["kind"], thing["name"]) for thing in ran.json["things"]}
    assert {("temporary queue", name), ("subscription", name)} <= kinds
    assert sestui("cleanup", "--yes").code == ExitCode.OK


def test_with_yes_what_may_be_of_another_run_stays(sestui, scenery):
    name = kill_a_proof(scenery)
    ran = sestui("events", "prove", "nowhere", "--yes")
    assert f"queue {name} is of another run" in ran.err
    assert scenery.temporary()
    assert sestui("cleanup", "--yes").code == ExitCode.OK


def send(ses, scenery) -> None:
    ses.send_email(
        FromEmailAddress=f"hello@{DOMAIN}",
        Destination={"ToAddresses": ["bounce@simulator.amazonses.com"]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
        ConfigurationSetName=scenery.name,
    )
