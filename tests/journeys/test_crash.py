"""kill -9 at any moment: the next run picks up what is there, and makes nothing twice."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

from sestui.gateways.journal import Journal
from tests.journeys.proxy import AFTER, BEFORE, CountingProxy
from tests.journeys.served import FAST, Served
from tests.journeys.terminal import PATIENCE
from tests.journeys.wizard import Wizard, descendants

CHANGES = (
    "CreateEmailIdentity",
    "CreateConfigurationSet",
    "CreateTopic",
    "Subscribe",
    "CreateConfigurationSetEventDestination",
    "PutEmailIdentityConfigurationSetAttributes",
)
"""What each walk changes, among other things."""


class Walker:
    """Starts walks, each in a process of its own; see `walk`."""

    def __init__(self, proxy: CountingProxy, queue: str, folder: Path) -> None:
        self._proxy = proxy
        self._queue = queue
        self.folder = folder
        """Each walk has its journal in a folder of its own here."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.walk"],
            env={**os.environ, **proxy.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.communicate(timeout=20)

    def walk(self, name: str, at: int = 0, when: str = BEFORE) -> int:
        """Walk with names of its own; killed at call `at` if that is given. How it has ended."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        self._proxy.arm(at, when)
        words = [self.folder / name, f"{name}.example", f"set-{name}", f"topic-{name}"]
        print(*words, self._queue, file=process.stdin, flush=True)
        self._proxy.caller_is(int(process.stdout.readline()))
        return int(process.stdout.readline())


def everything(account: Served, name: str) -> dict[str, Any]:
    """All that the account has of one walk, as boto3 reads it, with its name left out."""
    ses, sns = account.client("sesv2"), account.client("sns")
    identity = ses.get_email_identity(EmailIdentity=f"{name}.example")
    sets = ses.list_configuration_sets(PageSize=1000)["ConfigurationSets"]
    found: dict[str, Any] = {
        "identities": [
            each["IdentityName"]
            for each in ses.list_email_identities(PageSize=1000)["EmailIdentities"]
            if name in each["IdentityName"]
        ],
        "mail from": identity["MailFromAttributes"],
        "default set": identity.get("ConfigurationSetName"),
        "keys": identity["DkimAttributes"]["NextSigningKeyLength"],
        "sets": [each for each in sets if name in each],
    }
    for each in found["sets"]:
        got = ses.get_configuration_set(ConfigurationSetName=each)
        del got["ResponseMetadata"]
        place = {"ConfigurationSetName": each}
        got["destinations"] = ses.get_configuration_set_event_destinations(**place)[
            "EventDestinations"
        ]
        found[each] = got
    topics = [each["TopicArn"] for each in sns.list_topics()["Topics"]]
    found["topics"] = [topic for topic in topics if topic.endswith(f":topic-{name}")]
    for topic in found["topics"]:
        policy = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
        subscriptions = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        found[topic] = {
            "policy": json.loads(policy),
            "subscriptions": [(each["Protocol"], each["Endpoint"]) for each in subscriptions],
        }
    return json.loads(json.dumps(found).replace(name, "NAME"))


@pytest.fixture(scope="module")
def account():
    with Served(command=FAST) as served:
        yield served


@pytest.fixture(scope="module")
def proxy(account):
    with CountingProxy(account.environment) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def walker(account, proxy, tmp_path_factory):
    queue = account.client("sqs").create_queue(QueueName="events")["QueueUrl"]
    wanted = account.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    queue_arn = wanted["Attributes"]["QueueArn"]
    with Walker(proxy, queue_arn, tmp_path_factory.mktemp("walks")) as walker:
        yield walker


@dataclass(frozen=True)
class Whole:
    """What a walk that nobody kills calls, in its order, and what it leaves."""

    operations: list[str]
    left: dict[str, Any]


@pytest.fixture(scope="module")
def whole(account, proxy, walker):
    assert walker.walk("whole") == 0
    assert set(proxy.operations) >= set(CHANGES), "it has not gone all the way"
    return Whole(proxy.operations, everything(account, "whole"))


def test_a_walk_over_what_is_there_already_changes_nothing(account, walker, whole):
    assert walker.walk("whole") == 0
    assert everything(account, "whole") == whole.left


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_killed_at_the_changes(account, walker, whole, when):
    """Before the first one and the last, when least and most is there; after those between."""
    at = [CHANGES[0], CHANGES[-1]] if when == BEFORE else CHANGES[1:-1]
    for operation in at:
        killed_at(whole.operations.index(operation) + 1, when, account, walker, whole)


@pytest.mark.thorough
@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_killed_at_each_call_in_turn(account, walker, whole, when):
    for number in range(1, len(whole.operations) + 1):
        killed_at(number, when, account, walker, whole)


def killed_at(number: int, when: str, account: Served, walker: Walker, whole: Whole) -> None:
    """A walk that is killed and one after it leave what a whole one does."""
    name = f"{when}{number:02}"
    about = f"killed {when} call {number}, {whole.operations[number - 1]}"
    assert walker.walk(name, number, when) == -signal.SIGKILL, about
    assert walker.walk(name) == 0, about
    assert everything(account, name) == whole.left, about
    _the_journal_tells_all_of_it(walker.folder / name)


def _the_journal_tells_all_of_it(folder: Path) -> None:
    """Every change, by either run, has its line; one of unknown end has no second line."""
    entries = list(Journal(folder).entries())
    begun = [each for each in entries if each["event"] == "begun"]
    ended = [each["id"] for each in entries if each["event"] != "begun"]
    assert {*CHANGES} <= {each["operation"] for each in begun}
    assert len(set(ended)) == len(ended)
    assert sum(each["id"] not in ended for each in begun) <= 1


def test_a_killed_wizard_leaves_no_account_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Wizard("practice") as wizard:
        wizard.see("No identities in eu-west-1 yet")
        started = descendants(wizard.process.pid)
        assert started
        assert list(tmp_path.glob("sestui-practice-*"))
        wizard.process.kill()
        for pid in started:
            wait_until_gone(pid)
    assert not list(tmp_path.glob("sestui-practice-*"))


def test_a_killed_wizard_goes_on_where_it_was(tmp_path):
    practice = ("practice", "--data-dir", str(tmp_path / "account"))
    with Wizard(*practice) as wizard:
        wizard.see("No identities in eu-west-1 yet")
        wizard.create_domain("shop.example")
        wizard.press("4")
        wizard.see("^s Send", "Subject Hello from Amazon SES")
        wizard.retype("Hello from Amazon SES", "Hello once more")
        preferences = tmp_path / "account" / "wizard" / "preferences.json"
        wizard.wait_until(lambda: "once more" in preferences.read_text("utf-8"))
        started = descendants(wizard.process.pid)
        wizard.process.kill()
        for pid in started:
            wait_until_gone(pid)

    with Wizard(*practice) as wizard:
        wizard.see("3 Verify", "absent", "p DNS", "· shop.example")
        wizard.press("2")
        wizard.see("shop.example is chosen", "mail.shop.example")
        wizard.press("ctrl+n")
        wizard.see("p DNS")
        wizard.press("ctrl+n")
        wizard.see("^s Send", "Hello once more")
        wizard.quit()


def wait_until_gone(pid: int) -> None:
    """Until the process, which need not be a child of ours, has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([handle], [], [], PATIENCE)
        assert ready, f"process {pid} still runs"
    finally:
        os.close(handle)
