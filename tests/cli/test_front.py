"""The front door: what it loads, what it refuses, how it ends."""

from __future__ import annotations

import json
import os
import signal
import sys

import pytest

from sestui.cli.app import COMMANDS
from sestui.cli.output import ExitCode
from sestui.cli.session import Front
from sestui.cli.words import Options
from sestui.domain.errors import Problem, Trouble
from sestui.gateways.ports import GatewayError
from tests.cli.at_once import OPENED
from tests.cli.conftest import Run
from tests.cli.running import TERMINAL, Ran

HEAVY = {"textual", "rich", "boto3", "botocore", "dns", "asyncio", "keyring", "moto"}


def opening(sestui: Run, error: BaseException, **environment: str) -> Ran:
    """Open a wizard that fails like this."""

    def fail(_options: Options) -> int:
        raise error

    front = Front(wizard=fail, practice=fail)
    return sestui(terminal=("stdin", "stdout"), front=front, **environment)


def test_help_and_refusals_load_nothing_heavy(sestui_process):
    """Each in the process of the one before, from the lightest on."""
    asked = sestui_process(module="tests.cli.loaded").end().json
    assert [each["code"] for each in asked] == [ExitCode.OK, ExitCode.OK, ExitCode.USAGE]
    version, help_, refusal = (set(each["loaded"]) for each in asked)
    for loaded in (version, help_):
        assert "sestui.cli.app" in loaded
        assert not loaded & HEAVY
        assert not loaded & {f"sestui.cli.{name}" for name in COMMANDS}
    assert "sestui.cli.check" in refusal
    assert not refusal & {"textual", "boto3", "moto"}


def test_a_process_says_what_a_run_in_this_one_says(sestui, sestui_process):
    """So that all the other tests need none."""
    for arguments in (("policy",), ("check", "exa mple.com")):
        here = sestui(*arguments)
        assert sestui_process(*arguments, module="sestui").end() == here
        assert here.out or here.err


def test_a_run_in_this_process_leaves_nothing_of_itself(sestui, expected, published):
    def around() -> tuple[object, ...]:
        return sys.stdin, sys.stdout, sys.stderr, dict(os.environ), signal.getsignal(signal.SIGINT)

    before = around()
    arguments = ("check", "example.com", "--expect", str(expected))
    assert sestui(*arguments, SESTUI_NAMESERVER=published.place).code == ExitCode.OK
    assert around() == before


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


@pytest.mark.parametrize("here", [("stdin",), ("stdout",), ("stdin", "stdout")])
def test_the_wizard_needs_a_terminal_on_both_sides(sestui, here):
    ran = sestui(terminal=here)
    assert ran.code == (OPENED if len(here) == 2 else ExitCode.USAGE)


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


def test_ctrl_c_ends_quietly(sestui_process, expected, names):
    arguments = ("check", "example.com", "--expect", str(expected), "--wait")
    running = sestui_process(*arguments, "--nameserver", names.place, module="sestui")
    running.until("0 of 4 records match")  # it waits now
    ran = running.end(signal.SIGINT)
    assert (ran.code, ran.out) == (ExitCode.INTERRUPTED, "")
    assert "Traceback" not in ran.err


def test_an_unexpected_error_tells_its_place_and_no_more(sestui):
    ran = opening(sestui, ValueError("the password is hunter2"))
    assert (ran.code, ran.out) == (ExitCode.ERROR, "")
    assert "ValueError" in ran.err
    assert "hunter2" not in ran.err
    assert "Traceback" not in ran.err


def test_the_traceback_is_there_for_who_asks(sestui):
    with pytest.raises(ValueError, match="of the code"):
        opening(sestui, ValueError("of the code"), SESTUI_DEBUG="1")


def test_a_failed_call_is_told_with_what_to_do(sestui):
    problem = Problem(
        "The token\x1b[31m has expired.", "Log in again.", Trouble.CREDENTIALS, request_id="r-1"
    )
    ran = opening(sestui, GatewayError(problem))
    assert ran.code == ExitCode.ERROR
    assert "Log in again." in ran.err
    assert "r-1" in ran.err
    assert "\x1b" not in ran.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), EOFError()])
def test_an_interrupted_wizard_ends_with_130(sestui, error):
    assert opening(sestui, error).code == ExitCode.INTERRUPTED


def test_the_options_reach_the_wizard(sestui):
    seen = []

    def wizard(options):
        seen.append(options)
        return 0

    arguments = ["--profile", "p", "--region", "eu-west-1", "--nameserver", "127.0.0.1:5353"]
    front = Front(wizard, wizard)
    assert sestui(*arguments, "--lang", "en", terminal=TERMINAL, front=front).code == 0
    (options,) = seen
    assert (options.profile, options.region) == ("p", "eu-west-1")
    assert options.nameservers == ("127.0.0.1:5353",)
    assert options.lang == "en"


def test_a_reader_that_leaves_early_is_no_drama(sestui_process):
    ran = sestui_process("policy", module="sestui", reader=False).end()
    assert (ran.code, ran.err) == (ExitCode.ERROR, "")


def test_an_encoding_without_the_glyphs_is_no_drama(sestui, expected, published):
    arguments = ["check", "example.com", "--expect", str(expected), "--nameserver", published.place]
    ran = sestui(*arguments, encoding="ascii")
    assert ran.code == 0
    assert "? matches" in ran.out
    with_json = sestui(*arguments, "--json", encoding="ascii")
    assert json.loads(with_json.out)["status"] == "ok"
