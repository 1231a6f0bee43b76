"""Messages by SMTP: they pass the gate that SendEmail passes."""

from __future__ import annotations

import email
import email.policy
import smtplib
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest

from sestui.practice.ports import DEFAULT_REGION
from sestui.practice.ses.faults import Fault
from sestui.practice.ses.world import Options
from sestui.practice.smtp import protocol
from sestui.practice.smtp.server import HOST
from tests.keys import ACCESS_KEY
from tests.practice.smtp.conftest import PASSWORD, SENDER, SUCCESS, serve


def message(subject="Hello", **headers):
    made = EmailMessage()
    made["From"] = f"Ünal <{SENDER}>"
    made["To"] = "Someone <other@example.com>"
    made["Subject"] = subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Hi.\n.\n..dots\n.hidden\nGrüße\n")
    return made


def refused(client, *, to=SUCCESS, sender=SENDER, text="From: hello@example.com\r\n\r\nHi.\r\n"):
    """The reply to a DATA that is not 250, as it was on the wire."""
    client.mail(sender)
    for each in [to] if isinstance(to, str) else to:
        assert client.rcpt(each)[0] == 250
    code, reply = client.data(text)
    assert code != 250
    return f"{code} {reply.decode()}"


def test_what_is_sent_arrives(practice, connect, sender):
    sent = message()
    client = connect()
    assert client.send_message(sent, SENDER, [SUCCESS, "bcc@example.com"]) == {}
    (mail,) = practice.post.accepted
    assert mail.recipients == (SUCCESS, "bcc@example.com")
    assert (mail.source, mail.identity, mail.region) == (SENDER, "example.com", DEFAULT_REGION)
    assert mail.envelope_from == f"{mail.message_id}@eu-west-1.amazonses.com"
    got = email.message_from_bytes(mail.mime, policy=email.policy.default)
    assert got["From"] == sent["From"]
    assert got["Subject"] == "Hello"
    assert got.get_content().replace("\r\n", "\n") == sent.get_content()
    assert got["Message-ID"] == f"<{mail.message_id}@eu-west-1.amazonses.com>"


def test_every_octet_of_headers_and_body(practice, connect, sender):
    """8BITMIME, folded headers, dots; only what SES sets itself is replaced."""
    head = (
        b"From: hello@example.com\r\nSubject: a  long\r\n\tone\r\nX-Raw: \xc3\xbc\xff\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n"
    )
    body = b"\r\n.\r\n..\r\n\xff\xfe\x00 gr\xc3\xbc\xc3\x9fe   \r\n" + b"x" * 998 + b"\r\n\r\n\r\n"
    client = connect()
    client.sendmail(SENDER, SUCCESS, head + b"\r\n" + body, ["BODY=8BITMIME"])
    (mail,) = practice.post.accepted
    got_head, _, got_body = mail.mime.partition(b"\r\n\r\n")
    assert got_body == body
    assert got_head.startswith(head)


def test_the_reply_is_the_message_id_and_a_second_message_follows(practice, connect, sender):
    client = connect()
    ids = []
    for _ in range(2):
        client.mail(SENDER)
        client.rcpt(SUCCESS)
        code, reply = client.data(b"From: hello@example.com\r\n\r\nHi.\r\n")
        said, _, message_id = reply.decode().partition(" ")
        assert (code, said) == (250, "Ok")
        ids.append(message_id)
    assert ids == [mail.message_id for mail in practice.post.accepted]
    assert [(call.operation, call.outcome) for call in practice.service.calls[-2:]] == [
        ("SendRawEmail", "")
    ] * 2


def test_wrapped_in_tls(practice, endpoint, sender):
    with smtplib.SMTP_SSL(HOST, endpoint.wrapped, context=endpoint.trust(), timeout=10) as client:
        client.login(ACCESS_KEY, PASSWORD)
        client.send_message(message(), SENDER, SUCCESS)
    assert len(practice.post.accepted) == 1


def test_configuration_set_and_tags_are_headers(practice, ses, connect, sender):
    ses.create_configuration_set(ConfigurationSetName="marketing")
    client = connect()
    headers = {"X_SES_CONFIGURATION_SET": "marketing", "X_SES_MESSAGE_TAGS": "campaign=a, b=c"}
    client.send_message(message(**headers), SENDER, SUCCESS)
    (mail,) = practice.post.accepted
    assert mail.configuration_set == "marketing"
    assert mail.tags["campaign"] == ["a"]
    assert mail.tags["b"] == ["c"]
    assert mail.tags["ses:operation"] == ["SendSmtpEmail"]
    assert mail.tags["ses:caller-identity"] == ["practice"]
    assert mail.tags["ses:configuration-set"] == ["marketing"]
    assert b"X-SES-CONF" not in mail.mime


def test_unverified(practice, connect, sender):
    client = connect()
    assert refused(client, sender="a@other.example", to=["b@third.example", SUCCESS]) == (
        "554 Message rejected: Email address is not verified. The following identities failed the "
        "check in region EU-WEST-1: a@other.example, b@third.example"
    )
    text = "From: x@fourth.example\r\n\r\nHi.\r\n"
    assert refused(client, text=text).endswith(": x@fourth.example")
    assert practice.post.accepted == []
    assert [call.outcome for call in practice.service.calls[-2:]] == ["MessageRejected"] * 2


def test_too_many_recipients(connect, sender):
    many = [f"r{number}@example.com" for number in range(51)]
    text = "554 Transaction failed: Recipient count exceeds 50."
    assert refused(connect(), to=many) == text


def test_messages_that_ses_refuses(connect, sender):
    client = connect()
    assert refused(client, text="Subject: x\r\n\r\nHi.\r\n") == (
        "554 Transaction failed: Missing required header 'From'."
    )
    unknown = "From: hello@example.com\r\nX-SES-CONFIGURATION-SET: none\r\n\r\nHi.\r\n"
    assert refused(client, text=unknown) == (
        "554 Transaction failed: Configuration set <none> does not exist."
    )
    odd = "From: hello@example.com\r\nX-SES-CONFIGURATION-SET: \u00fc\u2028\r\n\r\nHi.\r\n"
    assert refused(client, text=odd.encode()).isascii()


def test_a_message_that_turns_out_to_be_too_long(practice, connect, sender, monkeypatch):
    monkeypatch.setattr(protocol, "MOST_BYTES", 1000)
    text = "From: hello@example.com\r\n\r\n" + "0123456789\r\n" * 100
    assert refused(connect(), text=text) == "552 Message is too long."
    assert practice.post.accepted == []


def test_the_quota_of_the_day(connect, sender):
    client = connect()
    for _ in range(4):
        many = [f"r{number}@example.com" for number in range(50)]
        client.sendmail(SENDER, many, b"From: hello@example.com\r\n\r\nHi.\r\n")
    assert refused(client, to="one@example.com") == (
        "454 Throttling failure: Daily message quota exceeded."
    )


def test_the_rate_of_the_second(start, connect, tmp_path):
    practice = start(Options(control_rate=None, check_every=1e9, send_rate=0.001))
    practice.verified_domain(practice.client(), "example.com")
    own = serve(practice, tmp_path / "own")
    try:
        client = connect(own)
        client.send_message(message(), SENDER, SUCCESS)
        assert refused(client) == "454 Throttling failure: Maximum sending rate exceeded."
    finally:
        own.server.stop()


ARN = "arn:aws:iam::123456789012:user/practice"


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        ("throttle", "454 Throttling failure: Maximum sending rate exceeded."),
        ("daily_quota", "454 Throttling failure: Daily message quota exceeded."),
        (
            "access_denied",
            f"554 Access denied: User `{ARN}' is not authorized to perform `ses:SendRawEmail'",
        ),
        ("paused", "554 Message rejected: Sending paused for this account. For more information, "),
        ("suspended", "554 Message rejected: The account has been permanently restricted from"),
        ("server_error", "451 Temporary service failure"),
        ("temporary_failure", "454 Temporary service failure"),
        ("not_subscribed", "535 Account not subscribed to SES"),
        ("expired_token", "535 Authentication Credentials Invalid"),
    ],
)
def test_faults(practice, connect, sender, kind, reply):
    before = len(practice.service.calls)
    practice.service.faults.add(Fault("SendRawEmail", kind, 1))
    client = connect()
    assert refused(client).startswith(reply)
    assert practice.post.accepted == []
    client.send_message(message(), SENDER, SUCCESS)  # the fault is over, the connection is not
    assert len(practice.post.accepted) == 1
    assert len(practice.service.calls) == before + 2


def test_access_denied_names_the_identity(practice, connect, sender):
    practice.service.faults.add(Fault("SendRawEmail", "access_denied", 1))
    identity = f"arn:aws:ses:eu-west-1:123456789012:identity/{SENDER}"
    assert refused(connect()).endswith(f" on resource `{identity}'")


def test_accepted_and_no_answer(practice, connect, sender):
    practice.service.faults.add(Fault("SendRawEmail", "timeout_after", 1))
    client = connect(timeout=0.5)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        client.send_message(message(), SENDER, SUCCESS)
    assert len(practice.post.accepted) == 1
    assert practice.service.calls[-1].outcome == "hold"


def test_reset_before_it_is_accepted(practice, connect, sender):
    practice.service.faults.add(Fault("SendRawEmail", "reset", 1))
    client = connect()
    with pytest.raises((ConnectionError, smtplib.SMTPServerDisconnected)):
        client.send_message(message(), SENDER, SUCCESS)
    assert practice.post.accepted == []
    assert practice.service.calls[-1].outcome == "reset"
    connect().send_message(message(), SENDER, SUCCESS)
    assert len(practice.post.accepted) == 1


def test_a_client_that_leaves_within_a_message_has_sent_none(practice, connect, sender):
    client = connect()
    client.mail(SENDER)
    client.rcpt(SUCCESS)
    client.docmd("DATA")
    client.send(b"From: hello@example.com\r\n\r\nHalf of\r\n")
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    connect().send_message(message("whole"), SENDER, SUCCESS)
    (mail,) = practice.post.accepted
    assert b"Subject: whole" in mail.mime


def test_a_disk_that_is_full_is_a_temporary_failure(practice, connect, sender, monkeypatch):
    def full(_mail):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(practice.post, "accept", full)
    assert refused(connect()) == "451 Temporary service failure"


def test_many_at_once(practice, connect, sender):
    clients = [connect() for _ in range(6)]

    def send(numbered):
        number, client = numbered
        for each in range(5):
            client.send_message(message(f"{number}-{each}"), SENDER, SUCCESS)

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(send, enumerate(clients)))
    subjects = {email.message_from_bytes(mail.mime)["Subject"] for mail in practice.post.accepted}
    assert len(practice.post.accepted) == len(subjects) == 30
