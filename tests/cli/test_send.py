"""`sestui send` against a practice account: what it says before, what arrives, how it ends."""

from __future__ import annotations

import json
import signal
from email import message_from_bytes, policy

import pytest

from sestui.cli.output import ExitCode
from sestui.practice.ports import DEFAULT_REGION
from sestui.practice.ses.faults import Fault
from tests.cli.running import until

pytestmark = pytest.mark.usefixtures("on_practice")

BASIC = ("--from", "info@shop.test", "--subject", "Grüße", "--text", "Guten Tag")


@pytest.fixture(scope="module", autouse=True)
def shop(account):
    account.ses.seed_identities(DEFAULT_REGION, ["shop.test"])


def sends(account) -> int:
    return sum(call.operation in ("SendEmail", "SendRawEmail") for call in account.ses.calls)


def arrived(account, message_id):
    """The mail as it was delivered, parsed."""

    def mine(letter):
        return letter.message_id.startswith(f"<{message_id}@")

    assert account.mailbox.wait(lambda letters: any(map(mine, letters)), 10)
    letter = next(each for each in account.mailbox.letters() if mine(each))
    raw = account.mailbox.path(letter.id).read_bytes()
    return raw, message_from_bytes(raw, policy=policy.default)


def test_a_formatted_mail_with_all_that_belongs_to_it(sestui, account, tmp_path):
    (tmp_path / "Bericht é.pdf").write_bytes(b"%PDF\x00\xff")
    ran = sestui(
        "send", *BASIC, "--html", "<p>Guten Tag</p>", "--name", "Änne", "--to", "b@shop.test",
        "--cc", "c@shop.test,d@shop.test", "--reply-to", "r@shop.test", "--tag", "run=7",
        "--attach", str(tmp_path / "Bericht é.pdf"), "--json",
    )  # fmt: skip
    assert ran.code == ExitCode.OK, ran.err
    said = ran.json
    assert (said["schema"], said["status"]) == ("sestui.send/1", "accepted")
    assert said["cc"] == ["c@shop.test", "d@shop.test"]
    assert said["tag"]["name"] == "sestui-test"
    assert said["request_id"]
    _raw, mail = arrived(account, said["message_id"])
    assert mail["subject"] == "Grüße"
    assert mail["from"] == "Änne <info@shop.test>"
    assert mail["reply-to"] == "r@shop.test"
    assert mail.get_body(("plain",)).get_content().strip() == "Guten Tag"
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("Bericht é.pdf", b"%PDF\x00\xff")


def test_a_person_is_told_before_and_after(sestui):
    ran = sestui("send", *BASIC, "--scenario", "success")
    assert ran.code == ExitCode.OK
    assert "SES accepted the mail: message id " in ran.out
    assert "sestui-test=" in ran.out
    assert "simulator has no inbox" in ran.err


def test_a_raw_file_goes_byte_for_byte(sestui, account, tmp_path):
    body = b"From: info@shop.test\nTo: b@shop.test\nSubject: raw\n\nlatin \xe9 and  spaces \n"
    (tmp_path / "mail.eml").write_bytes(body)
    ran = sestui("send", "--raw", str(tmp_path / "mail.eml"), "--json")
    assert ran.code == ExitCode.OK, ran.err
    assert ran.json["to"] == ["b@shop.test"]
    delivered, _mail = arrived(account, ran.json["message_id"])
    assert b"\nlatin \xe9 and  spaces \n" in delivered.replace(b"\r\n", b"\n")


def test_a_raw_mail_from_stdin_to_another_recipient(sestui):
    typed = "From: info@shop.test\nTo: list@shop.test\n\nhello\n"
    ran = sestui("send", "--raw", "-", "--to", "b@shop.test", "--json", typed=typed)
    assert ran.code == ExitCode.OK, ran.err
    assert ran.json["to"] == ["b@shop.test"]


def test_headers_of_ones_own(sestui, account):
    ran = sestui(
        "send", *BASIC, "--to", "b@shop.test", "--header", "X-Campaign: 7",
        "--header", "List-Unsubscribe: <https://shop.test/u>",
        "--header", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "--json",
    )  # fmt: skip
    assert ran.code == ExitCode.OK, ran.err
    _raw, mail = arrived(account, ran.json["message_id"])
    assert mail["X-Campaign"] == "7"


def test_a_template_and_the_variable_it_misses(sestui, account, ses, tmp_path):
    ses.create_email_template(
        TemplateName="hello", TemplateContent={"Subject": "Hi {{name}}", "Text": "x"}
    )
    (tmp_path / "data.json").write_text('{"name": "Ann"}', "utf-8")
    words = ("send", "--from", "info@shop.test", "--to", "b@shop.test", "--template", "hello")
    before = sends(account)
    missing = sestui(*words)
    assert missing.code == ExitCode.ERROR
    assert "'name'" in missing.err
    assert sends(account) == before
    ran = sestui(*words, "--data", f"@{tmp_path / 'data.json'}", "--json")
    assert ran.code == ExitCode.OK, ran.err
    assert arrived(account, ran.json["message_id"])[1]["subject"] == "Hi Ann"


def test_a_rehearsal_sends_nothing_and_shows_the_command(sestui, account):
    before = sends(account)
    ran = sestui("send", *BASIC, "--to", "b@shop.test", "--dry-run")
    assert ran.code == ExitCode.OK, ran.err
    assert "SES would accept this mail. Nothing was sent." in ran.out
    assert "aws sesv2 send-email --from-email-address info@shop.test" in ran.out
    assert "--region eu-west-1" in ran.out
    assert sends(account) == before


def test_a_rehearsal_of_what_would_be_refused(sestui, account):
    account.ses.suppress(DEFAULT_REGION, "gone@shop.test", "BOUNCE")
    ran = sestui(
        "send", *BASIC, "--to", "gone@shop.test,you@elsewhere.test", "--configuration-set", "nope",
        "--dry-run", "--json",
    )  # fmt: skip
    assert ran.code == ExitCode.NOT_READY
    assert ran.json["status"] == "would_refuse"
    notes = {note["code"]: note for note in ran.json["notes"]}
    assert notes["sandbox_recipient"]["stops"]
    assert notes["set_missing"]["actions"][0] == {"kind": "create_set", "argument": "nope"}
    assert not notes["suppressed"]["stops"]
    assert notes["suppressed"]["actions"][0]["argument"] == "gone@shop.test"
    assert "message_id" not in ran.json
    person = sestui("send", *BASIC, "--to", "you@elsewhere.test", "--dry-run")
    assert person.code == ExitCode.NOT_READY
    assert "✗ The sandbox lets no mail out to you@elsewhere.test" in person.out


def test_what_ses_refuses(sestui, account):
    before = sends(account)
    ran = sestui("send", *BASIC, "--to", "you@elsewhere.test", "--json")
    assert ran.code == ExitCode.ERROR
    assert ran.out == ""
    assert ran.error["kind"] == "refused"
    assert (
        "you@elsewhere.test: a recipient, and this account is in the sandbox" in ran.error["what"]
    )
    assert "Nothing is wrong with your domain" in ran.error["advice"]
    assert sends(account) == before + 1


@pytest.mark.parametrize(
    ("kind", "word"), [("server_error", "maybe_done"), ("throttle", "throttled")]
)
def test_there_is_one_attempt_whatever_comes_back(sestui, account, kind, word):
    account.ses.faults.add(Fault("SendEmail", kind))
    before = sends(account)
    ran = sestui("send", *BASIC, "--to", "b@shop.test", "--json")
    assert ran.code == ExitCode.ERROR
    assert ran.error["kind"] == word
    assert ("sestui-test=" in ran.error["advice"]) is (kind == "server_error")
    assert sends(account) == before + 1


def test_ctrl_c_amid_a_send_names_the_tag_to_look_for(sestui_process, account):
    account.ses.faults.add(Fault("SendEmail", "timeout_after"))
    before = sends(account)
    running = sestui_process("send", *BASIC, "--to", "b@shop.test")
    until(lambda: sends(account) > before)  # SES has it, and does not answer
    ran = running.end(signal.SIGINT)
    assert (ran.code, ran.out) == (ExitCode.INTERRUPTED, "")
    assert "the mail may have been sent" in ran.err
    assert "sestui-test=" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "b@shop.test"), "--from"),
        ((*BASIC,), "--to: Type at least one address"),
        ((*BASIC, "--to", "b@"), "--to: "),
        (("--from", "info", "--to", "b@shop.test", "--text", "x"), "--from: "),
        ((*BASIC, "--to", "b@shop.test", "--header", "Bcc: x@y.z"), "--header: "),
        ((*BASIC, "--to", "b@shop.test", "--header", "X-A: b\nBcc: x@y.z"), "A header is one line"),
        ((*BASIC, "--to", "b@shop.test", "--tag", "a"), "--tag: "),
        ((*BASIC, "--to", "b@shop.test", "--attach", "/no/such.pdf"), "--attach: "),
        ((*BASIC, "--to", "b@shop.test", "--template", "t"), "--subject does not go with"),
        ((*BASIC, "--to", "b@shop.test", "--data", "{}"), "--data is for a template"),
        ((*BASIC, "--to", "b@shop.test", "--port", "25"), "--port is for --smtp"),
        ((*BASIC, "--raw", "-"), "--from does not go with --raw"),
        (("--raw", "-"), "--raw: "),
        (
            ("--from", "a@b.c", "--to", "b@c.d", "--template", "t", "--data", "@/no"),
            "cannot be read",
        ),
        (("--from", "a@b.c", "--to", "b@c.d", "--template", "t", "--data", "{"), "--data: "),
    ],
)
def test_what_is_wrong_is_said_with_its_option(sestui, account, words, said):
    before = len(account.ses.calls)
    ran = sestui("send", *words, typed="")
    assert ran.code == ExitCode.USAGE
    assert said in ran.err
    assert ran.out == ""
    assert len(account.ses.calls) == before  # nobody was asked


def test_smtp_with_credentials_made_of_the_keys(sestui, account):
    before = sends(account)
    ran = sestui("send", *BASIC, "--to", "b@shop.test", "--smtp", "--json")
    assert ran.code == ExitCode.OK, ran.err
    assert ran.json["transport"] == "smtp"
    assert sends(account) == before + 1
    _raw, mail = arrived(account, ran.json["message_id"])
    assert mail["subject"] == "Grüße"


def test_smtp_with_a_wrong_password_that_nobody_gets_to_see(sestui, account):
    secret = "BNotThePassword0123456789/abcdefghijklmnopqr"  # 44 characters
    ran = sestui(
        "send", *BASIC, "--to", "b@shop.test", "--smtp",
        SESTUI_SMTP_USER="AKIAIOSFODNN7EXAMPLE", SESTUI_SMTP_PASSWORD=secret, SESTUI_DEBUG="1",
    )  # fmt: skip
    assert ran.code == ExitCode.ERROR
    assert secret not in ran.out + ran.err
    assert "password" in ran.err.lower()
    assert json.dumps(secret) not in ran.err
