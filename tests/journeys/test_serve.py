"""`sestui practice --serve`, as boto3 scripts and the AWS CLI use it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.served import SERVE, Served
from tests.journeys.terminal import Terminal

SCRIPT = """
import boto3
print(boto3.client("sesv2").get_account()["ProductionAccessEnabled"])
print(boto3.client("sts").get_caller_identity()["Arn"])
boto3.client("ses").verify_email_identity(EmailAddress="me@script.example")
listed = boto3.client("sesv2").list_email_identities()["EmailIdentities"]
print("me@script.example" in [row["IdentityName"] for row in listed])
print(boto3.client("sns").create_topic(Name="of-a-script")["TopicArn"])
"""


@pytest.fixture(scope="module")
def account():
    with Served() as served:
        yield served


def test_a_shell_and_a_script_that_know_nothing_of_sestui(account, tmp_path):
    """As people do it: `eval "$(...)"`, then whatever there is."""
    exports = tmp_path / "exports"
    exports.write_text("".join(account.lines))
    shell = '. "$0" && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", shell, str(exports), sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "False",
        "arn:aws:iam::123456789012:user/practice",
        "True",
        "arn:aws:sns:eu-west-1:123456789012:of-a-script",
    ]


def test_every_line_is_an_export(account):
    assert all(re.fullmatch(r"export [A-Z0-9_]+=\S+\n", line) for line in account.lines)
    assert {
        "AWS_ENDPOINT_URL_SESV2",
        "AWS_ENDPOINT_URL_SES",
        "AWS_ENDPOINT_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_REGION",
        "SESTUI_NAMESERVER",
        "SESTUI_SMTP",
        "SESTUI_SMTP_TLS",
        "SESTUI_SMTP_CA",
        "SESTUI_PRACTICE",
        "SESTUI_PRACTICE_TOKEN",
        "SESTUI_MAILBOX",
    } <= set(account.environment)
    assert Path(account.environment["SESTUI_MAILBOX"]).is_dir()


def aws_cli() -> str | None:
    beside = Path(sys.executable).with_name("aws")
    return str(beside) if beside.exists() else shutil.which("aws")


@pytest.mark.thorough
@pytest.mark.skipif(aws_cli() is None, reason="there is no AWS CLI: pip install awscli")
def test_the_aws_cli(account):
    def aws(*arguments):
        done = subprocess.run(
            [aws_cli(), *arguments, "--output", "json"],
            env=account.for_a_program(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    got = aws("sesv2", "get-account")
    assert got["ProductionAccessEnabled"] is False
    assert got["SendQuota"]["Max24HourSend"] == 200
    created = aws("sesv2", "create-email-identity", "--email-identity", "cli.example")
    assert created["IdentityType"] == "DOMAIN"
    assert len(created["DkimAttributes"]["Tokens"]) == 3
    listed = aws("sesv2", "list-email-identities")["EmailIdentities"]
    assert "cli.example" in [each["IdentityName"] for each in listed]
    assert aws("sts", "get-caller-identity")["Account"] == "123456789012"


def test_ctrl_c_ends_it(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Terminal(SERVE, size=(120, 40)) as terminal:
        terminal.wait_for("export SESTUI_MAILBOX=", "all is ready")
        terminal.press("ctrl+c")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.screen
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_it_starts(tmp_path, monkeypatch):
    """Before it has said anything: an end without a trace all the same."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Terminal(SERVE, size=(120, 40)) as terminal:
        terminal.wait_for("export AWS_ENDPOINT_URL_SESV2=")
        terminal.press("ctrl+c")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.screen
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_listens_on_loopback_only(account):
    assert account.client("sts").get_caller_identity()  # all of it is up
    places = listening(account.process.pid)
    assert len(places) >= 5  # SES, its own interface, the neighbours, and the names twice
    assert {address for _protocol, address in places} == {"0100007F"}


def listening(pid: int) -> list[tuple[str, str]]:
    """The protocol and the address, as the kernel writes it, of each socket that listens."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(os.readlink(descriptor))
        except FileNotFoundError:
            continue
    found = []
    for protocol, state in {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}.items():
        for line in Path(f"/proc/{pid}/net/{protocol}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == state and f"socket:[{fields[9]}]" in inodes:
                found.append((protocol, fields[1].partition(":")[0]))
    return found


def test_its_state_is_kept_and_its_folder_is_its_own(tmp_path):
    folder = str(tmp_path / "account")
    with Served("--data-dir", folder, "--region", "eu-south-1") as first:
        assert first.environment["AWS_REGION"] == "eu-south-1"
        made = first.client("sesv2").create_email_identity(EmailIdentity="kept.example")
        topic = first.client("sns").create_topic(Name="kept")["TopicArn"]
        second = subprocess.run(
            [*SERVE, "--data-dir", folder], capture_output=True, text=True, timeout=30, check=False
        )
        assert (second.returncode, second.stdout) == (1, "")
        assert f"in use by another practice account (process {first.process.pid})" in second.stderr
        assert "Traceback" not in second.stderr
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()

    with Served("--data-dir", folder, "--region", "eu-south-1") as again:
        assert again.environment == first.environment
        found = again.client("sesv2").get_email_identity(EmailIdentity="kept.example")
        assert found["DkimAttributes"]["Tokens"] == made["DkimAttributes"]["Tokens"]
        topics = again.client("sns").list_topics()["Topics"]
        assert [each["TopicArn"] for each in topics] == [topic]
