"""The front door: what it loads, what it refuses, how it ends."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from sestui.cli.app import COMMANDS, run
from sestui.cli.output import ExitCode
from sestui.cli.session import Front
from sestui.domain.errors import Problem, Trouble
from sestui.gateways.ports import GatewayError

HEAVY = {"textual", "rich", "boto3", "botocore", "dns", "asyncio", "keyring", "moto"}


def fronted(error: BaseException) -> Front:
    def fail(_options: object) -> int:
        raise error

    return Front(wizard=fail, practice=fail)


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr("sestui.cli.app.has_terminal", lambda: True)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "no domain"]])
def test_help_and_refusals_load_nothing_heavy(arguments):
    code = (
        "import sys; from sestui.__main__ import main; main(sys.argv[1:]);"
        "print('|'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8", check=True
    )
    loaded = set(done.stderr.splitlines()[-1].split("|"))
    if arguments[0].startswith("--"):
        assert not loaded & HEAVY
        assert not any(f"sestui.cli.{name}" in loaded for name in COMMANDS)
    assert not loaded & {"textual", "boto3", "moto"}


def test_help_names_every_command_and_the_exit_codes(sestui):
    ran = sestui("--help")
    assert ran.code == 0
    assert all(name in ran.out for name in COMMANDS)
    assert "130" in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(sestui, command):
    ran = sestui(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"Usage: sestui {command}" in ran.out


def test_version(sestui):
    from sestui import __version__

    assert sestui("--version").out == f"sestui {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "instead"), [((), "sestui check"), (("practice",), "sestui practice --serve")]
)
def test_the_wizard_refuses_without_a_terminal(sestui, arguments, instead):
    ran = sestui(*arguments)
    assert ran.code == ExitCode.USAGE
    assert ran.out == ""
    assert instead in ran.err


def test_the_wizard_refuses_when_only_stdout_is_no_terminal():
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sestui"],
            stdin=theirs,
            capture_output=True,
            timeout=30,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == ExitCode.USAGE


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["check"],
        ["check", "exa mple..com"],
        ["check", "user@example.com"],
        ["check", "example.com", "--nameserver", "1.2.3.4:99999"],
        ["check", "example.com", "--expect", "/no/such/file"],
        ["check", "example.com", "--timeout", "-1"],
        ["ready", "-x"],
        ["records", "example.com", "--format", "yaml"],
        ["--lang", "xx", "policy"],
        ["policy", "--for", "sending"],
    ],
)
def test_usage_errors_say_so_on_stderr(sestui, arguments):
    ran = sestui(*arguments)
    assert ran.code == ExitCode.USAGE
    assert ran.out == ""
    assert "Usage: sestui" in ran.err
    assert "Traceback" not in ran.err


def test_a_domain_alone_gets_a_hint(sestui):
    assert "sestui check example.com" in sestui("example.com").err


def test_what_was_typed_is_repeated_without_control_characters(sestui):
    ran = sestui("check", "evil\x1b]0;owned\x07.com")
    assert ran.code == ExitCode.USAGE
    assert "\x1b" not in ran.err
    assert "\x07" not in ran.err


def test_a_usage_error_is_json_with_json(sestui):
    ran = sestui("check", "exa mple.com", "--json")
    assert ran.out == ""
    assert ran.error["schema"] == "sestui.error/1"
    assert ran.error["kind"] == "usage"


def test_ctrl_c_ends_quietly(expected):
    command = ["check", "example.com", "--expect", str(expected), "--wait"]
    with subprocess.Popen(
        [sys.executable, "-m", "sestui", *command, "--nameserver", "127.0.0.1:1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()  # it waits now
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        out, err = process.communicate(timeout=20)
    assert process.returncode == ExitCode.INTERRUPTED
    assert time.monotonic() - started < 5
    assert out == ""
    assert "Traceback" not in err


@pytest.mark.usefixtures("terminal")
def test_an_unexpected_error_tells_its_place_and_no_more(capsys):
    assert run([], fronted(ValueError("the password is hunter2"))) == ExitCode.ERROR
    said = capsys.readouterr()
    assert said.out == ""
    assert "ValueError" in said.err
    assert "hunter2" not in said.err
    assert "Traceback" not in said.err


@pytest.mark.usefixtures("terminal")
def test_the_traceback_is_there_for_who_asks(monkeypatch):
    monkeypatch.setenv("SESTUI_DEBUG", "1")
    with pytest.raises(ValueError, match="of the code"):
        run([], fronted(ValueError("of the code")))


@pytest.mark.usefixtures("terminal")
def test_a_failed_call_is_told_with_what_to_do(capsys):
    problem = Problem(
        "The token\x1b[31m has expired.", "Log in again.", Trouble.CREDENTIALS, request_id="r-1"
    )
    assert run([], fronted(GatewayError(problem))) == ExitCode.ERROR
    err = capsys.readouterr().err
    assert "Log in again." in err
    assert "r-1" in err
    assert "\x1b[31m" not in err


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), EOFError()])
def test_an_interrupted_wizard_ends_with_130(error):
    assert run([], fronted(error)) == ExitCode.INTERRUPTED


@pytest.mark.usefixtures("terminal")
def test_the_options_reach_the_wizard():
    seen = []

    def wizard(options):
        seen.append(options)
        return 0

    arguments = ["--profile", "p", "--region", "eu-west-1", "--nameserver", "127.0.0.1:5353"]
    assert run([*arguments, "--lang", "en"], Front(wizard, wizard)) == 0
    (options,) = seen
    assert (options.profile, options.region) == ("p", "eu-west-1")
    assert options.nameservers == ("127.0.0.1:5353",)
    assert options.lang == "en"


def test_a_reader_that_leaves_early_is_no_drama():
    command = [sys.executable, "-m", "sestui", "policy"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == ExitCode.ERROR


def test_an_encoding_without_the_glyphs_is_no_drama(sestui, expected, published):
    arguments = ["check", "example.com", "--expect", str(expected), "--nameserver", published.place]
    ran = sestui(*arguments, PYTHONIOENCODING="ascii")
    assert ran.code == 0
    assert "? matches" in ran.out
    with_json = sestui(*arguments, "--json", PYTHONIOENCODING="ascii")
    assert json.loads(with_json.out)["status"] == "ok"
