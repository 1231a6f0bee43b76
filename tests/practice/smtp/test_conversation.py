"""What the server says before there is a message."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl

import pytest

from sestui.domain.smtp import smtp_password
from sestui.practice.ses.faults import Fault
from sestui.practice.smtp.server import HOST, SmtpServer
from tests.keys import ACCESS_KEY, SECRET_KEY
from tests.practice.smtp.conftest import PASSWORD, SENDER, SUCCESS, serve


@pytest.fixture
def plain(endpoint):
    with smtplib.SMTP(HOST, endpoint.plain, timeout=10) as client:
        yield client


def test_before_tls(plain):
    assert plain.ehlo("me")[0] == 250
    assert set(plain.esmtp_features) == {"8bitmime", "size", "starttls", "ok"}
    assert plain.esmtp_features["size"] == str(40 * 1024 * 1024)
    first = (530, b"Must issue a STARTTLS command first")
    assert plain.docmd("MAIL", f"FROM:<{SENDER}>") == first
    assert plain.docmd("AUTH", "PLAIN") == first


def test_after_tls(endpoint, connect):
    client = connect(login=False)
    client.ehlo("me")
    assert client.ehlo_resp.startswith(b"email-smtp.eu-west-1.amazonaws.com\n")
    assert set(client.esmtp_features) == {"8bitmime", "size", "auth", "ok"}
    assert client.esmtp_features["auth"].split() == ["PLAIN", "LOGIN"]
    needed = (530, b"Authentication required")
    assert client.docmd("MAIL", f"FROM:<{SENDER}>") == needed
    assert client.docmd("RCPT", f"TO:<{SUCCESS}>") == needed
    assert client.docmd("DATA") == needed


def test_the_greeting_names_the_region(endpoint):
    client = smtplib.SMTP(timeout=10)
    code, text = client.connect(HOST, endpoint.plain)
    client.close()
    assert code == 220
    assert text.startswith(b"email-smtp.eu-west-1.amazonaws.com ESMTP SimpleEmailService")


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_each_mechanism(connect, mechanism):
    client = connect(login=False)
    client.ehlo("me")
    client.user, client.password = ACCESS_KEY, PASSWORD
    offered = {"PLAIN": client.auth_plain, "LOGIN": client.auth_login}
    assert client.auth(mechanism.lower(), offered[mechanism]) == (
        235,
        b"Authentication successful.",
    )
    assert client.docmd("MAIL", f"FROM:<{SENDER}>") == (250, b"Ok")


def test_wrapped_in_tls(endpoint):
    with smtplib.SMTP_SSL(HOST, endpoint.wrapped, context=endpoint.trust(), timeout=10) as client:
        client.ehlo("me")
        assert set(client.esmtp_features) == {"8bitmime", "size", "auth", "ok"}
        assert client.docmd("MAIL", f"FROM:<{SENDER}>") == (530, b"Authentication required")
        assert client.login(ACCESS_KEY, PASSWORD)[0] == 235


@pytest.mark.parametrize(
    ("user", "password"),
    [
        (ACCESS_KEY, "wrong"),
        (ACCESS_KEY, "fal\u017fch"),
        (ACCESS_KEY, SECRET_KEY),  # the secret key itself: the usual mistake
        (ACCESS_KEY, smtp_password(SECRET_KEY, "us-east-1")),  # the next usual one
        ("ASIA" + ACCESS_KEY[4:], PASSWORD),
        ("", ""),
    ],
)
def test_wrong_credentials(connect, user, password):
    client = connect(login=False)
    client.ehlo("me")
    given = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    assert client.docmd("AUTH", f"PLAIN {given}") == (535, b"Authentication Credentials Invalid")
    assert client.docmd("MAIL", f"FROM:<{SENDER}>")[0] == 530
    client.login(ACCESS_KEY, PASSWORD)


def test_nonsense_instead_of_credentials(connect):
    client = connect(login=False)
    client.ehlo("me")
    assert client.docmd("AUTH", "PLAIN !!!")[0] == 501
    assert client.docmd("AUTH", "CRAM-MD5")[0] == 504
    assert client.docmd("AUTH")[0] == 501
    assert client.docmd("AUTH", "PLAIN " + base64.b64encode(b"x").decode())[0] == 501
    client.login(ACCESS_KEY, PASSWORD)


def test_while_iam_is_loading_other_keys_are_asked_to_come_again(connect):
    client = connect(login=False)
    with pytest.raises(smtplib.SMTPAuthenticationError) as error:
        client.login("AKIAOTHER00000000001", PASSWORD)
    assert (error.value.smtp_code, error.value.smtp_error) == (
        454,
        b"Temporary authentication failure",
    )


@pytest.mark.parametrize(
    ("kind", "code", "text"),
    [
        ("not_subscribed", 535, b"Account not subscribed to SES"),
        ("temporary_failure", 454, b"Temporary authentication failure"),
        ("invalid_token", 535, b"Authentication Credentials Invalid"),
    ],
)
def test_faults_of_the_login(practice, connect, kind, code, text):
    """One of them befalls one connection, though smtplib tries PLAIN and then LOGIN."""
    practice.service.faults.add(Fault("AUTH", kind, 1))
    client = connect(login=False)
    with pytest.raises(smtplib.SMTPAuthenticationError) as error:
        client.login(ACCESS_KEY, PASSWORD)
    assert (error.value.smtp_code, error.value.smtp_error) == (code, text)
    connect()
    assert practice.service.calls == []


def test_a_fault_of_everything_is_met_by_messages_and_not_by_logins(practice, connect):
    practice.service.faults.add(Fault("*", "paused", 1))
    connect()
    assert practice.service.faults.to_json()


@pytest.mark.parametrize("kind", ["reset", "timeout"])
def test_a_login_without_an_answer(practice, connect, kind):
    practice.service.faults.add(Fault("AUTH", kind, 1))
    client = connect(login=False, timeout=0.3 if kind == "timeout" else 10)
    with pytest.raises((OSError, smtplib.SMTPServerDisconnected)):
        client.login(ACCESS_KEY, PASSWORD)


@pytest.mark.parametrize("address", ["nobody", "@example.com", "a@", "<>"])
def test_addresses_that_are_none(connect, address):
    client = connect()
    assert client.docmd("MAIL", f"FROM:<{address}>")[0] in (501, 553)
    client.docmd("MAIL", f"FROM:<{SENDER}>")
    assert client.docmd("RCPT", f"TO:<{address}>")[0] in (501, 553)


def test_no_smtputf8(connect):
    client = connect()
    client.docmd("MAIL", f"FROM:<{SENDER}>")
    client.putcmd("RCPT", "TO:<x@example.com> SMTPUTF8")
    assert client.getreply()[0] == 555
    client.rset()
    assert client.docmd("MAIL", f"FROM:<{SENDER}> SMTPUTF8")[0] == 501


def test_a_message_that_is_too_long_is_refused_before_it_is_sent(connect):
    client = connect()
    size = 40 * 1024 * 1024 + 1
    assert client.docmd("MAIL", f"FROM:<{SENDER}> SIZE={size}") == (552, b"Message is too long.")
    assert client.docmd("MAIL", f"FROM:<{SENDER}> SIZE={size - 1}") == (250, b"Ok")


def test_whoever_does_not_trust_us_gets_nowhere_and_we_live_on(endpoint, connect):
    client = smtplib.SMTP(HOST, endpoint.plain, timeout=10)
    with pytest.raises(ssl.SSLCertVerificationError):
        client.starttls(context=ssl.create_default_context())
    client.close()
    with pytest.raises(ssl.SSLCertVerificationError):
        smtplib.SMTP_SSL(HOST, endpoint.wrapped, context=ssl.create_default_context(), timeout=10)
    connect()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\r\n\0\xff\r\n" * 20,
        b"EHLO me\r\nSTARTTLS\r\n",
        b"EHLO me\r\nSTARTTLS\r\nno TLS at all\r\n",
        b"EHLO me\r\n" + b"x" * 5000,
    ],
)
@pytest.mark.parametrize("port", ["plain", "wrapped"])
def test_clients_that_talk_nonsense_and_leave(endpoint, connect, said, port):
    with socket.create_connection((HOST, getattr(endpoint, port)), 10) as rude:
        rude.sendall(said)
    assert connect().noop()[0] == 250


@pytest.mark.parametrize("said", [b"", b"EHLO me\r\n", b"EHLO me\r\nSTARTTLS\r\n"])
@pytest.mark.parametrize("port", ["plain", "wrapped"])
def test_stopping_does_not_wait_for_those_who_are_connected(practice, tmp_path, said, port):
    endpoint = serve(practice, tmp_path / "smtp")
    with socket.create_connection((HOST, getattr(endpoint, port)), 10) as idle:
        idle.sendall(said)
        if port == "plain":
            assert idle.recv(1000).startswith(b"220 ")
        endpoint.server.stop()
        endpoint.server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, endpoint.plain), 10)


def test_a_folder_that_cannot_be_is_said_and_nobody_waits(tmp_path):
    (tmp_path / "file").write_text("")
    server = SmtpServer(None, "eu-west-1", tmp_path / "file")
    port = server.bind()
    server.bind()
    server.start()
    assert not server.wait(20)
    assert "file" in server.problem
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port), 10)
    server.stop()


def test_stopping_while_it_loads(tmp_path):
    server = SmtpServer(None, "eu-west-1", tmp_path)
    server.bind()
    server.bind()
    server.start()
    server.stop()
    assert not server.problem
