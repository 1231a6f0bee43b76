"""The account as a process of its own."""

import os
import shlex
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import urllib.request

import dns.message
import dns.query
import pytest

from sestui.practice import serve
from sestui.practice.owner import Owner
from tests.account_process import boto_client

NAMES = [
    "AWS_ENDPOINT_URL_SESV2",
    "AWS_ENDPOINT_URL_SES",
    "AWS_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "SESTUI_NAMESERVER",
    "SESTUI_SMTP",
    "SESTUI_SMTP_TLS",
    "SESTUI_SMTP_CA",
    "SESTUI_PRACTICE",
    "SESTUI_PRACTICE_TOKEN",
    "SESTUI_MAILBOX",
]


class Served:
    """A child and the environment it announced."""

    def __init__(self, tmp_path, *arguments):
        self.temporary = tmp_path / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-m", "sestui.practice.serve", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(self.temporary)},
        )
        self.environment = {}
        for _ in NAMES:
            export, name, value = shlex.split(self.process.stdout.readline().replace("=", " ", 1))
            assert export == "export"
            self.environment[name] = value

    def client(self, service, endpoint="AWS_ENDPOINT_URL"):
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "SESTUI_PRACTICE_TOKEN")
        owner = Owner(*(self.environment[name] for name in names))
        region = self.environment["AWS_REGION"]
        return boto_client(service, self.environment[endpoint], region, owner=owner)

    def end(self):
        """Status, what else was on stdout, and stderr."""
        out, err = self.process.communicate(timeout=10)
        return self.process.returncode, out, err


@pytest.fixture
def served(tmp_path):
    started = []

    def start(*arguments):
        started.append(Served(tmp_path, *arguments))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()


def test_all_that_was_announced_answers(served):
    child = served()
    assert list(child.environment) == NAMES
    ses = child.client("sesv2", "AWS_ENDPOINT_URL_SESV2")
    assert ses.get_account()["ProductionAccessEnabled"] is False
    sts = child.client("sts")  # waits until moto has loaded
    assert sts.get_caller_identity()["Account"] == "123456789012"
    host, _, port = child.environment["SESTUI_NAMESERVER"].partition(":")
    query = dns.message.make_query("workshop.example", "SOA")
    assert dns.query.udp(query, host, port=int(port), timeout=5).answer
    request = urllib.request.Request(
        child.environment["SESTUI_PRACTICE"] + "/_practice/state",
        headers={"Authorization": f"Bearer {child.environment['SESTUI_PRACTICE_TOKEN']}"},
    )
    with urllib.request.urlopen(request) as state:
        assert state.status == 200
    assert os.path.isdir(child.environment["SESTUI_MAILBOX"])
    assert child.environment["SESTUI_MAILBOX"].startswith(str(child.temporary))
    for client in (ses, sts):
        client.close()
    # The certificate is there, too: a script goes on with its next line.
    trust = ssl.create_default_context(cafile=child.environment["SESTUI_SMTP_CA"])
    host, _, port = child.environment["SESTUI_SMTP"].partition(":")
    with smtplib.SMTP(host, int(port), timeout=10) as smtp:
        smtp.starttls(context=trust)
    host, _, port = child.environment["SESTUI_SMTP_TLS"].partition(":")
    with smtplib.SMTP_SSL(host, int(port), context=trust, timeout=10):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(served, number):
    child = served()
    child.process.send_signal(number)
    status, out, err = child.end()
    assert (status, out) == (0, "")
    assert err in ("", "sestui practice: all is ready\n")
    assert list(child.temporary.iterdir()) == []


def test_a_child_ends_with_its_stdin_and_not_with_the_terminals_interrupt(served):
    child = served("--until-stdin-closes")
    child.process.send_signal(signal.SIGINT)
    ses = child.client("sesv2", "AWS_ENDPOINT_URL_SESV2")
    assert ses.get_account()
    ses.close()
    status, out, err = child.end()  # closes its stdin
    assert (status, out) == (0, "")
    assert "Traceback" not in err
    assert list(child.temporary.iterdir()) == []


def test_the_child_of_a_killed_parent_ends(tmp_path):
    """kill -9 of the wizard: its end of the pipe closes with it."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    script = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'sestui.practice.serve',"
        " '--until-stdin-closes'], stdin=subprocess.PIPE)\n"
        "child.wait()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    )
    parent.stdout.readline()
    parent.kill()
    # Both write to these pipes: they end when the child has, too.
    _, err = parent.communicate(timeout=10)
    assert "Traceback" not in err
    assert list(temporary.iterdir()) == []


def test_values_are_quoted_for_the_shell(tmp_path, monkeypatch):
    folder = tmp_path / "a folder; with 'quotes'"
    lines = []

    def announce(line):
        lines.append(line)
        if line.startswith("export SESTUI_MAILBOX"):
            raise BrokenPipeError

    assert serve.run(folder, announce=announce) == 0
    (line,) = [line for line in lines if "MAILBOX" in line]
    assert shlex.split(line) == ["export", f"SESTUI_MAILBOX={folder / 'mailbox'}"]


def test_a_folder_that_cannot_be_is_an_error(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert serve.main(["--data-dir", str(tmp_path / "file")]) == 1
    assert "file" in capsys.readouterr().err


def test_ports_that_were_taken_meanwhile_are_replaced(tmp_path):
    lines = []

    def announce(line):
        lines.append(line)
        if len(lines) % len(NAMES) == 0:
            raise BrokenPipeError

    serve.run(tmp_path, announce=announce)
    port = int(lines[0].rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        serve.run(tmp_path, announce=announce)
    assert lines[len(NAMES)] != lines[0]
    assert lines[len(NAMES) + 7] == lines[7]
