"""Sending over SMTP: one attempt, what was sent when it fails, and where the password is seen."""

from __future__ import annotations

import base64
import io
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.traceback import Traceback

from sestui.domain.account import Keys, Secret
from sestui.domain.errors import Trouble
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import FIND_TAG, Message
from sestui.domain.smtp import Credentials, Endpoint, Security, derive
from sestui.domain.smtp_ports import Reach
from sestui.gateways.ports import GatewayError
from sestui.gateways.smtp import SesSmtp
from sestui.gateways.smtpplace import Place
from sestui.gateways.smtptrust import Timeouts
from sestui.gateways.smtpwire import message_id, stuffed
from tests.gateways.servers import HANG, RESET
from tests.gateways.smtp_server import ScriptedSmtp

REGION = "eu-west-1"
KEYS = Keys("AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
GOOD = derive(KEYS, REGION)
ID = "0102018f2ab4c7d0-5e1f6f0a-000000"
MAIL = Message(
    Format.FORMATTED,
    "info@example.com",
    ("a@example.com",),
    bcc=("b@example.com",),
    subject="Grüße",
    text="Guten Tag\n.\nEnde",
    tags=((FIND_TAG, "run-42"),),
)
HASTY = Timeouts(read=0.5, final=0.3, probe=1.0)
"""For an answer that never comes."""
Serve = Callable[..., ScriptedSmtp]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("smtp")


@pytest.fixture
def serve(certificates: Path) -> Iterator[Serve]:
    """`serve(body="554 no")`: a server with these replies."""
    servers: list[ScriptedSmtp] = []

    def start(*, tls: bool = False, **replies: str) -> ScriptedSmtp:
        servers.append(ScriptedSmtp(certificates, tls=tls, **replies))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def place(*servers: ScriptedSmtp | Endpoint, authority: str = "") -> Place:
    endpoints = []
    for server in servers:
        if isinstance(server, ScriptedSmtp):
            security = Security.TLS if server.tls else Security.STARTTLS
            authority = authority or server.authority
            endpoints.append(Endpoint("127.0.0.1", server.port, security))
        else:
            endpoints.append(server)
    return Place(tuple(endpoints), authority=authority)


def smtp(*servers: ScriptedSmtp | Endpoint, keys: Keys = KEYS) -> SesSmtp:
    scripted = [server for server in servers if isinstance(server, ScriptedSmtp)]
    hangs = any(HANG in server.replies.values() for server in scripted)
    return SesSmtp(REGION, lambda: keys, place(*servers), timeouts=HASTY if hangs else None)


def nobody() -> Endpoint:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return Endpoint("127.0.0.1", listener.getsockname()[1], Security.STARTTLS)


async def failing(
    gateway: SesSmtp, message: Message = MAIL, credentials: Credentials = GOOD
) -> GatewayError:
    with pytest.raises(GatewayError) as failed:
        await gateway.send(message, credentials)
    return failed.value


@pytest.mark.parametrize("tls", [False, True], ids=["STARTTLS", "TLS"])
async def test_a_mail_is_sent(serve: Serve, tls: bool) -> None:
    server = serve(tls=tls)
    sent = await smtp(server).send(MAIL, GOOD)
    assert sent.message is MAIL
    assert sent.message_id == ID
    begin = [] if tls else ["EHLO", "STARTTLS"]
    assert server.verbs() == [*begin, "EHLO", "AUTH", "MAIL", "RCPT", "RCPT", "DATA", "QUIT"]
    assert server.commands[0] == "ehlo [127.0.0.1]"
    assert all(server.secured[len(begin) :])
    (body,) = server.bodies
    assert f"X-SES-MESSAGE-TAGS: {FIND_TAG}=run-42\r\n".encode() in body
    assert b"\r\n..\r\nEnde" in body, "a lone dot would end the mail"
    assert b"b@example.com" not in body


async def test_the_envelope(serve: Serve) -> None:
    server = serve()
    raw = replace(MAIL, format=Format.RAW, raw="Subject: ü\r\n\r\nü\r\n".encode())
    await smtp(server).send(raw, GOOD)
    mail, first, second = (line for line in server.commands if line[:4] in ("MAIL", "RCPT"))
    assert mail.startswith("MAIL FROM:<info@example.com> SIZE=")
    assert mail.endswith(" BODY=8BITMIME")
    assert [first, second] == ["RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>"]


@pytest.mark.parametrize(
    ("offers", "how"), [("AUTH PLAIN LOGIN", "PLAIN"), ("AUTH LOGIN", "LOGIN")]
)
async def test_both_ways_to_sign_in(serve: Serve, offers: str, how: str) -> None:
    server = serve()
    server.offers = ("STARTTLS", offers)
    await smtp(server).send(MAIL, GOOD)
    (auth,) = (line for line in server.commands if line.startswith("AUTH"))
    assert auth.split()[1] == how
    password = GOOD.password.reveal()
    if how == "PLAIN":
        assert base64.b64decode(auth.split()[2]).decode() == f"\0{GOOD.user}\0{password}"
    else:
        assert base64.b64decode(auth.split()[2]).decode() == GOOD.user
        assert base64.b64encode(password.encode()).decode() in server.commands


async def test_no_password_without_encryption(serve: Serve) -> None:
    server = serve()
    server.offers = ("AUTH PLAIN LOGIN",)
    error = await failing(smtp(server))
    assert error.trouble is Trouble.NETWORK
    assert "offers no encryption" in error.problem.what
    assert "AUTH" not in server.verbs()


@pytest.mark.parametrize("tls", [False, True], ids=["STARTTLS", "TLS"])
async def test_no_password_to_a_stranger(serve: Serve, tls: bool) -> None:
    server = serve(tls=tls)
    stranger = Place(place(server).endpoints)  # the system's certificates do not know it
    error = await failing(SesSmtp(REGION, lambda: KEYS, stranger))
    assert error.trouble is Trouble.NETWORK
    assert "not to be trusted" in error.problem.what
    assert "answers in its place" in error.problem.advice
    assert "AUTH" not in server.verbs()


async def test_the_name_on_the_certificate_counts(serve: Serve, monkeypatch) -> None:
    server = serve(tls=True)
    endpoint = Endpoint("127.0.0.2", server.port, Security.TLS)
    connect = socket.create_connection
    monkeypatch.setattr(
        "socket.create_connection", lambda _place, *rest: connect(("127.0.0.1", server.port), *rest)
    )
    gateway = SesSmtp(REGION, lambda: KEYS, place(endpoint, authority=server.authority))
    assert "not to be trusted" in (await failing(gateway)).problem.what


SAID = [
    ({"greeting": "421 Too many concurrent SMTP connections"}, Trouble.THROTTLED, "too many"),
    ({"greeting": "554 no"}, Trouble.NETWORK, "would not begin"),
    ({"greeting": "HTTP/1.1 400 Bad Request"}, Trouble.NETWORK, "does not speak SMTP"),
    ({"greeting": RESET}, Trouble.NETWORK, "broke off"),
    ({"EHLO": "502 no"}, Trouble.NETWORK, "would not begin"),
    ({"STARTTLS": "454 TLS not available"}, Trouble.NETWORK, "TLS not available"),
    ({"AUTH": "535 Authentication Credentials Invalid"}, Trouble.CREDENTIALS, "switched off"),
    ({"AUTH": "535 Account not subscribed to SES"}, Trouble.CREDENTIALS, "not signed up"),
    ({"AUTH": "454 Temporary authentication failure"}, Trouble.THROTTLED, "could not check"),
    ({"AUTH": HANG}, Trouble.NETWORK, "No answer came in time"),
    ({"AUTH": RESET}, Trouble.NETWORK, "connection"),
    ({"MAIL": "530 Authentication required"}, Trouble.CREDENTIALS, "user name"),
    ({"MAIL": "501 Invalid MAIL FROM address provided"}, Trouble.REFUSED, "sender's address"),
    ({"DATA": "451 Temporary service failure"}, Trouble.NETWORK, "right now"),
    ({"DATA": HANG}, Trouble.NETWORK, "No answer came in time"),
    ({"DATA": RESET}, Trouble.NETWORK, "connection"),
    ({"body": "454 Throttling failure: Maximum sending rate exceeded"}, Trouble.THROTTLED,
     "faster"),
    ({"body": "554 Message rejected: Email address is not verified. The following identities "
              "failed the check in region EU-WEST-1: info@example.com"},
     Trouble.REFUSED, "verified in eu-west-1"),
    ({"body": "552 Message is too long."}, Trouble.REFUSED, "too large"),
    # After the final dot nobody knows.
    ({"body": HANG}, Trouble.MAYBE_DONE, "may have taken it"),
    ({"body": RESET}, Trouble.MAYBE_DONE, "may have taken it"),
    ({"body": "\x1b]0;x\x07"}, Trouble.MAYBE_DONE, "may have taken it"),
]  # fmt: skip


@pytest.mark.parametrize(("replies", "trouble", "says"), SAID, ids=lambda value: str(value)[:40])
async def test_a_no(serve: Serve, replies: dict[str, str], trouble: Trouble, says: str) -> None:
    server = serve(**replies)
    error = await failing(smtp(server))
    assert error.trouble is trouble
    assert says in f"{error.problem.what} {error.problem.advice}"
    assert error.problem.operation.startswith("SMTP ")
    assert server.connections == 1
    assert len(server.bodies) == (1 if "body" in replies else 0)


async def test_a_mail_in_doubt_says_how_to_find_it(serve: Serve) -> None:
    error = await failing(smtp(serve(body=HANG)))
    assert f"{FIND_TAG}=run-42" in error.problem.advice
    assert not error.problem.passes
    error = await failing(smtp(serve(body=HANG)), replace(MAIL, tags=()))
    assert "inbox" in error.problem.advice


async def test_a_connection_lost_within_the_message_has_sent_nothing(serve: Serve) -> None:
    server = serve(middle=RESET)
    large = replace(
        MAIL, format=Format.RAW, raw=b"Subject: x\r\n\r\n" + (b"x" * 900 + b"\r\n") * 20_000
    )
    error = await failing(smtp(server), large)
    assert error.trouble is Trouble.NETWORK
    assert "Nothing was sent" in error.problem.advice
    assert server.bodies == []


async def test_a_refused_recipient_stops_it_for_all(serve: Serve) -> None:
    server = serve(**{"RCPT b@example.com": "501 Invalid RCPT TO address provided"})
    error = await failing(smtp(server))
    assert error.trouble is Trouble.REFUSED
    assert error.problem.what == (
        "SES refuses one of 2 recipients: b@example.com (501 Invalid RCPT TO address provided). "
        "Nothing was sent to anybody."
    )
    assert server.verbs()[-2:] == ["RSET", "QUIT"]
    assert server.bodies == []


# Which port


async def test_the_first_port_that_leads_to_ses(serve: Serve) -> None:
    bad, good = serve(greeting=RESET), serve()
    sent = await smtp(nobody(), bad, good).send(MAIL, GOOD)
    assert sent.message_id == ID
    assert [bad.connections, good.connections] == [1, 1]


@pytest.mark.parametrize("when", ["AUTH", "DATA", "body"])
async def test_no_second_attempt_once_it_has_signed_in(serve: Serve, when: str) -> None:
    first, second = serve(**{when: RESET}), serve()
    await failing(smtp(first, second))
    assert second.connections == 0


async def test_one_port_only(serve: Serve) -> None:
    first, second = serve(), serve()
    await smtp(first, second).send(MAIL, GOOD, second.port)
    assert first.connections == 0
    with pytest.raises(GatewayError, match="no SMTP on port 2525"):
        await smtp(first).send(MAIL, GOOD, 2525)


async def test_when_no_port_leads_there(serve: Serve) -> None:
    lost, reset = nobody(), serve(greeting=RESET)
    error = await failing(smtp(lost, reset))
    assert error.trouble is Trouble.NETWORK
    assert f"{lost.port}: Nothing listens there" in error.problem.what
    assert f"{reset.port}: The connection broke off." in error.problem.what
    assert "the API may still get through" in error.problem.advice
    assert f"127.0.0.1:{lost.port}: Nothing" in (await failing(smtp(lost))).problem.what


async def test_a_certificate_is_worse_news_than_a_port_that_is_shut(serve: Serve) -> None:
    server = serve(tls=True)
    gateway = SesSmtp(REGION, lambda: KEYS, Place((*place(server).endpoints, nobody())))
    assert "answers in its place" in (await failing(gateway)).problem.advice


async def test_a_host_that_is_not_there() -> None:
    error = await failing(smtp(Endpoint("no-such-host.invalid", 587, Security.STARTTLS)))
    assert error.trouble is Trouble.NETWORK


# What is found before anybody is asked


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        (replace(GOOD, user="ASIAIOSFODNN7EXAMPLE"), "temporary"),
        (replace(GOOD, user="ses-smtp-user.2024"), "IAM user's name"),
        (Credentials(GOOD.user, KEYS.secret), "secret access key"),
        (Credentials(GOOD.user, Secret(f"{GOOD.password.reveal()} ")), "a space"),
    ],
)
async def test_wrong_by_their_form(serve: Serve, credentials: Credentials, says: str) -> None:
    server = serve()
    error = await failing(smtp(server), credentials=credentials)
    assert says in error.problem.what
    assert error.trouble is Trouble.CREDENTIALS
    assert server.connections == 0


async def test_a_password_of_another_region(serve: Serve) -> None:
    server = serve(AUTH="535 Authentication Credentials Invalid")
    error = await failing(smtp(server), credentials=derive(KEYS, "us-east-1"))
    assert "password for us-east-1, but you connect to eu-west-1" in error.problem.what
    stranger = replace(KEYS, access_key_id="AKIAIOSFODNN7ANOTHER")
    error = await failing(smtp(server, keys=stranger), credentials=derive(KEYS, "us-east-1"))
    assert "Type the secret access key" in error.problem.advice


async def test_a_template_is_for_the_api(serve: Serve) -> None:
    server = serve()
    error = await failing(smtp(server), replace(MAIL, format=Format.TEMPLATED, template="t"))
    assert "over the API only" in error.problem.what
    assert server.connections == 0


async def test_the_credentials_of_the_connection() -> None:
    assert await smtp().credentials() == GOOD
    temporary = Keys("ASIAIOSFODNN7EXAMPLE", Secret("s"), Secret("t"))
    with pytest.raises(GatewayError, match="temporary keys") as failed:
        await smtp(keys=temporary).credentials()
    assert "ses:SendRawEmail" in failed.value.problem.policy
    with pytest.raises(GatewayError, match="has 20 letters"):
        await smtp(keys=Keys("AKIA1", Secret("s"))).credentials()


async def test_certificates_that_cannot_be_read(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    gone = Place(place(server).endpoints, authority=str(tmp_path / "gone.pem"))
    at_once = Timeouts(certificate=0.0)
    error = await failing(SesSmtp(REGION, lambda: KEYS, gone, timeouts=at_once))
    assert error.trouble is Trouble.LOCAL
    assert "gone.pem" in error.problem.what
    (tmp_path / "empty.pem").write_text("nothing")
    bundle = SesSmtp(REGION, lambda: KEYS, Place(gone.endpoints), str(tmp_path / "empty.pem"))
    assert (await failing(bundle)).trouble is Trouble.LOCAL


# The password is nowhere to be seen


@pytest.mark.parametrize(
    "replies",
    [
        {"AUTH": "535 Authentication Credentials Invalid"},
        {"AUTH": HANG},
        {"AUTH": RESET},
        {"AUTH": "nonsense"},
        {"MAIL": RESET},
        {"body": RESET},
    ],
)
@pytest.mark.parametrize("offers", ["AUTH PLAIN", "AUTH LOGIN"])
async def test_no_traceback_shows_the_password(
    serve: Serve, replies: dict[str, str], offers: str
) -> None:
    server = serve(**replies, **({"password": replies["AUTH"]} if "AUTH" in replies else {}))
    server.offers = ("STARTTLS", offers)
    gateway = smtp(server)
    try:
        await gateway.send(MAIL, GOOD)
    except GatewayError as error:
        trace = Traceback.from_exception(
            type(error), error, error.__traceback__, show_locals=True, locals_max_length=10_000,
            locals_max_string=100_000,
        )  # fmt: skip
    shown = io.StringIO()
    Console(file=shown, width=4000, soft_wrap=True).print(trace)
    text = "".join(shown.getvalue().split())
    assert "credentials=" in text, "else this would prove nothing"
    password = GOOD.password.reveal()
    both = f"\0{GOOD.user}\0{password}".encode()
    for secret in (
        password,
        KEYS.secret.reveal(),
        base64.b64encode(password.encode()).decode(),
        base64.b64encode(both).decode(),
    ):
        assert secret not in text


async def test_nothing_is_printed(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    await smtp(serve()).send(MAIL, GOOD)
    await failing(smtp(serve(AUTH=RESET)))
    assert capsys.readouterr() == ("", "")


# Ports


async def test_each_port_is_tried(serve: Serve) -> None:
    plain, tls, silent = serve(), serve(tls=True), serve(greeting=HANG)
    strange, shut = serve(greeting="554 go away"), nobody()
    found = place(plain, tls, silent, strange, shut)
    api = Endpoint("127.0.0.1", plain.port, Security.NONE)
    gateway = SesSmtp(REGION, lambda: KEYS, replace(found, api=api), timeouts=HASTY)
    probes = await gateway.probe()
    assert [probe.reach for probe in probes] == [
        Reach.OPEN, Reach.OPEN, Reach.TIMED_OUT, Reach.OTHER, Reach.REFUSED, Reach.OPEN,
    ]  # fmt: skip
    assert "SimpleEmailService" in probes[0].said
    assert "SimpleEmailService" in probes[1].said
    assert probes[3].words == "554 go away"
    assert all(probe.milliseconds > 0 for probe in probes)
    assert [probe.smtp for probe in probes] == [True] * 5 + [False]
    assert {*plain.verbs(), *tls.verbs()} <= {"QUIT"}


async def test_a_port_that_is_read_along_is_told(serve: Serve) -> None:
    endpoints = place(serve(tls=True), serve()).endpoints
    tls_where_none_is = replace(endpoints[1], security=Security.TLS)
    probes = await SesSmtp(REGION, lambda: KEYS, Place((endpoints[0], tls_where_none_is))).probe()
    assert probes[0].reach is Reach.UNTRUSTED
    assert probes[1].words == "no TLS there"


async def test_a_name_that_is_not_there_is_told() -> None:
    (probe,) = await smtp(Endpoint("no-such-host.invalid", 587, Security.STARTTLS)).probe()
    assert (probe.reach, probe.words) == (Reach.OTHER, "the name was not found")


# Small things


@given(st.binary())
def test_a_message_ends_where_it_ends(content: bytes) -> None:
    lines = stuffed(content).split(b"\r\n")
    assert b"." not in lines
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert lines[-1] == b""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Ok {ID}", ID),
        ("OK <a.b>", "a.b"),
        ("Ok", ""),
        ("2.0.0 queued as 1", ""),
        ("Ok \x1b[", ""),
    ],
)
def test_the_message_id(text: str, found: str) -> None:
    assert message_id(text) == found
