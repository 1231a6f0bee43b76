"""A part that cannot run ends the account at once, and whoever started it hears why."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sestui.connect import World
from sestui.domain.account import Choice, Source
from sestui.domain.errors import Trouble
from sestui.gateways.ports import GatewayError
from sestui.launch import PracticeProcess
from tests.journeys.wizard import descendants

ADVICE = "pip install --upgrade 'sestui[practice]'"
SOON = 30.0
"""Seconds; the calls of a wizard that waits for an answer take a minute."""

BIND = """
import socket
def bind(self, address):
    raise OSError(99, "Cannot assign requested address")
socket.socket.bind = bind
"""
SMTP = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "sestui.practice.smtp.wrapped":
            raise MemoryError("no room")
sys.meta_path.insert(0, Finder())
"""
FAULTS = {
    "moto of another version": (
        {"moto/__init__.py": "raise ImportError(\"cannot import name 'x' from 'moto.y'\")"},
        "the services beside SES cannot run: ImportError: cannot import name 'x' from 'moto.y'",
        ADVICE,
    ),
    "no moto": (
        {"moto/__init__.py": "raise ModuleNotFoundError(\"No module named 'moto'\")"},
        "the services beside SES cannot run: ModuleNotFoundError: No module named 'moto'",
        ADVICE,
    ),
    "no cryptography": (
        {"cryptography/__init__.py": "raise ImportError(\"No module named 'cryptography'\")"},
        "No module named 'cryptography'",
        ADVICE,
    ),
    "no aiosmtpd": (
        {"aiosmtpd/__init__.py": "raise ImportError(\"No module named 'aiosmtpd'\")"},
        "SMTP cannot run: ImportError: No module named 'aiosmtpd'",
        ADVICE,
    ),
    "no port": ({"sitecustomize.py": BIND}, "no port can be opened on 127.0.0.1: Cannot", ""),
    "SMTP's thread dies": (
        {"sitecustomize.py": SMTP}, "SMTP cannot run: MemoryError: no room", "",
    ),
}  # fmt: skip


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """`broken(files)`: the programs that are started from now on find these first."""

    def make(files):
        place = tmp_path / "broken"
        for name, content in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        found = [str(place), os.environ.get("PYTHONPATH", "")]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, found)))
        return place

    return make


@pytest.mark.parametrize(("files", "reason", "advice"), FAULTS.values(), ids=FAULTS)
def test_it_says_so_and_ends(broken, files, reason, advice):
    broken(files)
    with subprocess.Popen(
        [sys.executable, "-m", "sestui.practice.serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.read()  # to its end: it is not told to stop
        said = process.stderr.read()
        assert process.wait(SOON) == 1
    (line,) = [line for line in said.splitlines() if line.startswith("sestui practice: ")]
    assert reason in line
    assert (ADVICE in said) is bool(advice)
    assert "Traceback" not in said


def test_a_certificate_that_cannot_be_written(tmp_path):
    (tmp_path / "smtp").write_text("a file in the way")
    done = subprocess.run(
        [sys.executable, "-m", "sestui.practice.serve", "--data-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=SOON,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""  # nobody evaluates lines of an account that is gone
    assert "sestui practice: SMTP cannot run: FileExistsError" in done.stderr


def wizards_world(tmp_path) -> tuple[PracticeProcess, World]:
    """As `launch.run_practice` puts it together."""
    child = PracticeProcess(None, "", tmp_path / "wizard" / "practice.log")
    world = World(practice=child.start, practice_ends=child.ended, state=tmp_path, config=tmp_path)
    return child, world


@pytest.mark.parametrize("kind", ["moto of another version", "no cryptography", "no port"])
async def test_the_wizard_does_not_wait_for_what_cannot_come(broken, tmp_path, kind):
    files, reason, advice = FAULTS[kind]
    broken(files)
    child, world = wizards_world(tmp_path)
    began = time.monotonic()
    with pytest.raises(GatewayError) as failed:
        await world.connect(Choice(Source.PRACTICE))
    assert time.monotonic() - began < SOON
    child.end()
    problem = failed.value.problem
    assert problem.trouble is Trouble.LOCAL
    assert reason in problem.what
    assert not problem.what.startswith("sestui practice")
    assert (advice or "sestui practice --serve") in problem.advice


async def test_an_account_that_was_killed_is_said_and_started_again(tmp_path):
    child, world = wizards_world(tmp_path)
    before = descendants(os.getpid())
    try:
        await world.connect(Choice(Source.PRACTICE))
        (pid,) = descendants(os.getpid()) - before
        os.kill(pid, 9)
        with pytest.raises(GatewayError, match="cannot run"):
            await world.connect(Choice(Source.PRACTICE))
        assert await world.connect(Choice(Source.PRACTICE))
    finally:
        child.end()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads Linux's /proc")
async def test_the_child_knows_nothing_of_real_accounts(tmp_path, monkeypatch):
    real = {
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "canary",
        "AWS_SESSION_TOKEN": "canary",
        "AWS_PROFILE": "canary",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "canary",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "BOTO_CONFIG": "/canary",
        "AWS_CONFIG_FILE": "/canary",
        "AWS_SHARED_CREDENTIALS_FILE": "/canary",
        "AWS_CA_BUNDLE": "/canary",
        "MOTO_ENABLE_RECORDING": "canary",
        "SESTUI_SMTP_PASSWORD": "canary",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "https_proxy": "http://canary:canary@127.0.0.1:9",
    }
    for name, value in real.items():
        monkeypatch.setenv(name, value)
    home = Path(os.environ["HOME"]) / ".aws"
    home.mkdir()
    (home / "config").write_text("[default\nbroken")
    child, world = wizards_world(tmp_path)
    before = descendants(os.getpid())
    try:
        await world.connect(Choice(Source.PRACTICE))
        (pid,) = descendants(os.getpid()) - before
        with open(f"/proc/{pid}/environ") as file:  # noqa: ASYNC230 - it is in memory
            known = file.read()
    finally:
        child.end()
    assert "canary" not in known
    assert "AKIAREAL" not in known
    assert "127.0.0.1:9" not in known
    assert "PATH=" in known


def test_a_served_account_needs_nothing_of_real_accounts(tmp_path, monkeypatch):
    """`practice --serve` in a shell that is set up for AWS, and for a proxy that is not there."""
    for name, value in {
        "AWS_PROFILE": "gone",
        "AWS_CA_BUNDLE": "/nowhere",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    with subprocess.Popen(
        [sys.executable, "-m", "sestui.practice.serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said = process.stderr.readline()
        process.terminate()
        process.communicate()
    assert said == "sestui practice: all is ready\n"
