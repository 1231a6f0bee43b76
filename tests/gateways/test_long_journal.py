"""A journal only grows: reading it takes no more memory for that."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from sestui.cli.leftovers import Kind, made
from sestui.gateways.journal import SCHEMA, Journal
from tests.account_process import practice_account

ACCOUNT, REGION = "123456789012", "eu-west-1"
MAKES = [
    ("sesv2", "CreateEmailIdentity", {"EmailIdentity": "d{n}.example"}),
    ("sesv2", "DeleteEmailIdentity", {"EmailIdentity": "d{n}.example"}),
    ("sns", "CreateTopic", {"Name": "t{n}"}),
    ("sns", "DeleteTopic", {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t{{n}}"}),
    ("sqs", "CreateQueue", {"QueueName": "sestui-prove-{n}"}),
    ("sqs", "DeleteQueue", {"QueueUrl": "http://x/sestui-prove-{n}"}),
    ("sesv2", "PutEmailIdentityMailFromAttributes", {"EmailIdentity": "d{n}.example"}),
]


def write(path, lines: int) -> None:
    """A journal in which all that was made was deleted again, apart from one identity."""
    with path.open("w") as file:
        for number in range(lines // 2):
            service, operation, given = MAKES[number % len(MAKES)]
            entry = {
                "schema": SCHEMA,
                "at": "2026-01-01T00:00:00+00:00",
                "id": f"{number:032}",
                "account": ACCOUNT,
                "region": REGION,
                "service": service,
                "operation": operation,
                "parameters": {
                    name: value.format(n=number // len(MAKES)) for name, value in given.items()
                },
            }
            answer = {"padding": "x" * 300}
            file.write(json.dumps({**entry, "event": "begun"}) + "\n")
            file.write(json.dumps({**entry, "event": "done", "answer": answer}) + "\n")
        entry |= {"operation": "CreateEmailIdentity", "parameters": {"EmailIdentity": "left.test"}}
        file.write(json.dumps({**entry, "service": "sesv2", "event": "done"}) + "\n")


def test_thirty_thousand_lines_take_a_few_megabytes(tmp_path):
    write(tmp_path / "journal.jsonl", 30_000)
    script = (
        "import resource, pathlib\n"
        "from sestui.cli.leftovers import made\n"
        "from sestui.gateways.journal import Journal\n"
        "from sestui.workflows import leftover_proofs\n"
        f"journal = Journal(pathlib.Path({str(tmp_path)!r}))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"found = made(journal.entries(), {ACCOUNT!r}, {REGION!r})\n"
        "assert [thing.name for thing in found.things] == ['left.test'], found\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 10e6  # the file itself has 15


@pytest.mark.parametrize(
    "line",
    [
        b'{"schema": "sestui.journal/1", "account": "123456789012", "region": "eu-w',
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"schema": "sestui.journal/1", "parameters": 7}',
        b'{"schema": "sestui.journal/1", "account": ["123456789012"]}',
        b'{"schema": "sestui.journal/1", "problem": "none"}',
        b'{"schema": "sestui.journal/9"}',
    ],
    ids=lambda line: line[-20:].decode("latin-1"),
)
def test_a_damaged_line_loses_itself_only(tmp_path, line):
    journal = Journal(tmp_path)
    write(journal.path, 14)
    lines = journal.path.read_bytes().splitlines()
    journal.path.write_bytes(b"\n".join([*lines[:5], line, *lines[5:]]) + b"\n")
    assert len(list(journal.entries())) == len(lines)
    (left,) = made(journal.entries(), ACCOUNT, REGION).things
    assert (left.kind, left.name) == (Kind.IDENTITY, "left.test")


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="wait4 is of POSIX")
def test_cleanup_over_a_hundred_thousand_lines(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "sestui").mkdir()
    write(tmp_path / "sestui" / "journal.jsonl", 100_000)
    with practice_account() as account:
        environment = os.environ | account.environment()
        command = [sys.executable, "-m", "sestui", "cleanup"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            assert b"Nothing is left" in process.stdout.read()
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    unit = 1 if sys.platform == "darwin" else 1024
    assert usage.ru_maxrss * unit < 100e6
