"""`sestui headers`: a file or stdin becomes a verdict, for a person, a program and a script."""

from __future__ import annotations

import dkim
import pytest

from sestui.cli.output import ExitCode
from sestui.practice.ses.keys import new_key, public_value
from tests.cli.conftest import EVERY_NAME
from tests.cli.running import TERMINAL
from tests.domain.received.samples import GMAIL, GMAIL_RESULTS, WRITTEN


@pytest.fixture(scope="module")
def pem() -> str:
    return new_key(1024)


@pytest.fixture
def mail(tmp_path, pem):
    """A mail with a real signature by example.com, as Gmail has it."""
    message = (WRITTEN + "\nHello.\n").replace("\n", "\r\n").encode()
    signature = dkim.sign(
        message, b"sel", b"example.com", pem.encode(), include_headers=[b"from", b"subject"]
    )
    path = tmp_path / "mail.eml"
    top = GMAIL.partition("DKIM-Signature")[0].replace(" header.b=Xy12AbCd", "")
    top = top.replace("header.s=abcdefghijklmnopqrstuvwxyz012345", "header.s=sel")
    path.write_bytes(top.replace("\n", "\r\n").encode() + signature + message)
    return path


@pytest.fixture
def with_key(names, pem):
    names.records["sel._domainkey.example.com", "TXT"] = [f'"v=DKIM1; p={public_value(pem)}"']
    names.records["_dmarc.example.com", "TXT"] = ['"v=DMARC1; p=none;"']
    return names


@pytest.fixture
def no_dns(names):
    names.broken.add(EVERY_NAME)
    return names


def test_a_mail_that_arrived_well(sestui, mail, with_key):
    ran = sestui("headers", str(mail), "--nameserver", with_key.place)
    assert (ran.code, ran.err) == (0, "")
    for words in (
        "✓ SPF    pass       aligned       mail.example.com",
        "✓ DKIM   pass       aligned       example.com",
        "✓ DMARC  pass",
        "Judged by  Gmail (mx.google.com)",
        "the receiver: pass, checked here: valid",
        "amazonses.com",
        "TLS 1.2",
        "✓ It arrived well",
    ):
        assert words in ran.out
    assert "\x1b" not in ran.out


def test_the_same_for_a_program(sestui, mail, with_key):
    ran = sestui("headers", str(mail), "--json", "--nameserver", with_key.place)
    assert ran.code == 0
    found = ran.json
    assert (found["schema"], found["status"]) == ("sestui.headers/1", "well")
    assert (found["from"], found["domain"]) == ("hello@example.com", "example.com")
    assert found["headers_only"] is False
    methods = {each["method"]: each for each in found["mechanisms"]}
    assert methods["spf"]["aligned"] == methods["dkim"]["aligned"] == "yes"
    assert methods["dmarc"]["result"] == "pass"
    assert methods["dmarc"]["aligned"] is None
    own = next(each for each in found["signatures"] if each["domain"] == "example.com")
    assert (own["check"], own["by_amazon"], own["result"]) == ("valid", False, "pass")
    assert own["signed_headers"] == ["from", "subject"]
    assert found["hops"][0]["from"] == "a8-30.smtp-out.eu-west-1.amazonses.com"
    assert found["hops"][0]["delay_seconds"] == 1.0
    assert found["ses"]["region"] == "eu-west-1"
    assert {each["severity"] for each in found["findings"]} == {"ok"}


def test_headers_pasted_into_stdin(sestui, no_dns):
    ran = sestui("headers", "-", "--nameserver", no_dns.place, typed=GMAIL)
    assert ran.code == 0
    assert "Only the headers are here" in ran.out


def test_what_is_not_well_is_3(sestui, with_key):
    bad = GMAIL_RESULTS.replace("dmarc=pass", "dmarc=fail").replace("dkim=pass", "dkim=fail")
    ran = sestui("headers", "-", "--nameserver", with_key.place, typed=bad)
    assert ran.code == ExitCode.NOT_READY
    assert "✗ DMARC  fail" in ran.out
    assert "→ " in ran.out


def test_what_could_not_be_found_out_is_1(sestui, no_dns):
    ran = sestui("headers", "-", "--nameserver", no_dns.place, typed=WRITTEN)
    assert ran.code == ExitCode.ERROR
    assert "Show original" in ran.out
    assert ran.err == ""


def test_what_is_no_mail_is_an_error(sestui):
    ran = sestui("headers", "-", typed="Hello.\n")
    assert (ran.code, ran.out) == (ExitCode.ERROR, "")
    assert "This is no mail: no headers." in ran.err
    told = sestui("headers", "-", "--json", typed="Hello.\n").error
    assert (told["schema"], told["kind"]) == ("sestui.error/1", "no_mail")


@pytest.mark.parametrize("arguments", [[], ["/no/such/file"], ["-", "--region", "eu-west-1"]])
def test_usage(sestui, arguments):
    ran = sestui("headers", *arguments, typed="")
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")


def test_hostile_headers_are_shown_without_control_characters(sestui, with_key):
    text = GMAIL.replace("Subject: ", "Subject: \x1b]0;owned\x07\x9b").replace("mx.g", "m\x1bx.g")
    for more in ((), ("--json",)):
        ran = sestui("headers", "-", "--nameserver", with_key.place, *more, typed=text)
        assert "owned" in ran.out
        assert not {"\x1b", "\x07", "\x9b"} & set(ran.out)


def test_colour_in_a_terminal(sestui, mail, with_key):
    ran = sestui("headers", str(mail), "--nameserver", with_key.place, terminal=TERMINAL)
    assert ran.code == ExitCode.OK
    assert "\x1b[32m✓ DKIM" in ran.out


def test_on_a_terminal_it_tells_how_to_paste(sestui, no_dns):
    arguments = ("headers", "-", "--nameserver", no_dns.place)
    ran = sestui(*arguments, typed=GMAIL, terminal=TERMINAL)
    assert "Paste the mail or its headers, then press Ctrl+D." in ran.err
    assert "Paste" not in sestui(*arguments, typed=GMAIL).err
