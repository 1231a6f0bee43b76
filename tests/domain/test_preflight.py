"""What would become of a mail, said before it is sent; and what is read of one that arrived."""

import dataclasses
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.account import Account, Quota
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import Message
from sestui.domain.preflight import covered, forecast
from sestui.domain.received import body_text, verification_link

SANDBOX = Account(False, True, "HEALTHY", Quota(200, 1, 0))
PRODUCTION = dataclasses.replace(SANDBOX, production=True)
VERIFIED = frozenset({"example.com", "Me@gmail.com"})
MESSAGE = Message(Format.FORMATTED, "a@example.com", ("success@simulator.amazonses.com",))


def notes(account=SANDBOX, **changes) -> list[str]:
    found = forecast(dataclasses.replace(MESSAGE, **changes), account, VERIFIED)
    assert all(note.advice and note.stops for note in found)
    return [note.text for note in found]


def test_a_mail_that_ses_would_take():
    assert notes() == []
    assert notes(PRODUCTION, to=("you@elsewhere.org",)) == []


def test_the_sandbox_names_each_recipient_it_would_refuse():
    said = notes(to=("b@example.com", "you@elsewhere.org", "she@elsewhere.org"))
    assert len(said) == 2
    assert "you@elsewhere.org" in said[0]
    assert "she@elsewhere.org" in said[1]


def test_a_sender_has_to_be_verified():
    (said,) = notes(sender="a@elsewhere.org")
    assert "a@elsewhere.org is not a verified sender" in said


@pytest.mark.parametrize(("most", "sent", "count"), [(200, 199, 2), (200, 500, 1), (200, 200, 1)])
def test_recipients_are_counted_against_the_quota(most, sent, count):
    account = dataclasses.replace(PRODUCTION, quota=Quota(most, 1, sent))
    recipients = tuple(f"a{i}@example.com" for i in range(count))
    (said,) = notes(account, to=recipients)
    assert f"Only {max(most - sent, 0)} recipients" in said


@pytest.mark.parametrize("most", [200, -1])
def test_the_simulator_is_not_counted_and_an_unlimited_quota_never_ends(most):
    assert notes(dataclasses.replace(SANDBOX, quota=Quota(most, 1, 200))) == []


@pytest.mark.parametrize(
    ("enabled", "enforcement", "why"),
    [(False, "HEALTHY", "switched off"), (False, "SHUTDOWN", "AWS has paused")],
)
def test_an_account_that_may_not_send(enabled, enforcement, why):
    account = dataclasses.replace(SANDBOX, sending_enabled=enabled, enforcement=enforcement)
    (said,) = notes(account)
    assert why in said


@pytest.mark.parametrize(
    ("address", "is_covered"),
    [
        ("a@example.com", True),
        ("a@Mail.Example.com", True),
        ("a@notexample.com", False),
        ("Me@gmail.com", True),
        ("Me+label@gmail.com", True),
        ("me@gmail.com", False),
        ("x@sub.gmail.com", False),
    ],
)
def test_what_an_identity_covers(address, is_covered):
    assert covered(address, VERIFIED) is is_covered


def body(raw: bytes) -> str:
    return body_text(message_from_bytes(raw, policy=policy.default))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"From: a@b.com\n\nHello\n", "Hello\n"),
        (b"Content-Type: text/html\n\n<p>Hello</p>", "<p>Hello</p>"),
        (b"Content-Type: text/plain; charset=utf-8\n\n\xc3\xa9", "é"),
        (b"Content-Type: text/plain; charset=no-such\n\nHello", "Hello"),
        (b"Content-Type: image/png\n\nHello", ""),
        (
            (
                b"Content-Type: multipart/alternative; boundary=x\n\n"
                b"--x\nContent-Type: text/html\n\n<p>\n"
                b"--x\nContent-Type: text/plain\n\ntext\n--x--\n"
            ),
            "text",
        ),
    ],
)
def test_the_text_of_a_mail(raw, text):
    assert body(raw).strip("\n") == text.strip("\n")


pieces = st.sampled_from(
    [
        b"Content-Type: ", b"text/plain", b"text/html", b"multipart/mixed", b"; charset=", b"utf-8",
        b"no-such", b"Content-Transfer-Encoding: ", b"base64", b"quoted-printable", b"\n", b"\n\n",
        b"; boundary=", b'"a"', b"--a", b"--a--", b"=E9", b"\xff", b"<", b'"', b"*0*=", b"\x00",
    ]
)  # fmt: skip


@given(st.lists(pieces, max_size=25).map(b"".join))
def test_a_mangled_mail_is_no_reason_to_crash(raw):
    assert isinstance(body(raw), str)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (
            "Click:\nhttps://email-verification.us-east-1.amazonaws.com/?Context=1&x=2\nBye",
            "https://email-verification.us-east-1.amazonaws.com/?Context=1&x=2",
        ),
        ('<a href="http://127.0.0.1:1/confirm?t=a">', "http://127.0.0.1:1/confirm?t=a"),
        ("https://aws.amazon.com/", ""),
        ("", ""),
    ],
)
def test_the_link_of_the_verification_mail(text, link):
    assert verification_link(text) == link
