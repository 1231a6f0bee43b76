"""What SES says over SMTP, and what a person is told of it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.account import Keys, Secret
from sestui.domain.advice import advise
from sestui.domain.errors import Trouble
from sestui.domain.smtp import SMTP_REGIONS, Credentials, derive
from sestui.domain.smtp_advice import Stage, smtp_problem
from sestui.domain.smtp_login import diagnose_535, no_smtp_problem, temporary_keys_problem

SECRET = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
USER = "AKIAIOSFODNN7EXAMPLE"
RIGHT = derive(Keys(USER, SECRET), "eu-west-1")
AMERICAN = derive(Keys(USER, SECRET), "us-east-1")
OLD = Secret(base64.b64encode(b"\x02" + bytes(32)).decode())
ARN = "arn:aws:iam::123456789012:user/ses"

ANSWERS = [
    (421, "Too many concurrent SMTP connections", Stage.CONNECT, Trouble.THROTTLED, "too many"),
    (421, "closing", Stage.MAIL, Trouble.NETWORK, "right now"),
    (451, "Timeout waiting for data from client", Stage.BODY, Trouble.NETWORK, "waited too long"),
    (451, "Temporary service failure", Stage.BODY, Trouble.NETWORK, "right now"),
    (454, "Temporary service failure", Stage.BODY, Trouble.NETWORK, "right now"),
    (454, "Temporary authentication failure", Stage.AUTH, Trouble.THROTTLED, "could not check"),
    (454, "Throttling failure: Daily message quota exceeded", Stage.BODY, Trouble.REFUSED, "quota"),
    (454, "Throttling failure: Maximum sending rate exceeded", Stage.BODY, Trouble.THROTTLED,
     "faster than SES allows"),
    (530, "Authentication required", Stage.MAIL, Trouble.CREDENTIALS, "wants a user name"),
    (530, "Must issue a STARTTLS command first", Stage.MAIL, Trouble.REFUSED, "encrypted"),
    (535, "Authentication Credentials Invalid", Stage.AUTH, Trouble.CREDENTIALS, "not accept"),
    (535, "Account not subscribed to SES", Stage.AUTH, Trouble.CREDENTIALS, "not signed up"),
    (504, "", Stage.AUTH, Trouble.REFUSED, "way of signing in"),
    (552, "Message is too long.", Stage.BODY, Trouble.REFUSED, "too large"),
    (554, "Error: Message too long", Stage.BODY, Trouble.REFUSED, "too large"),
    (501, "Invalid MAIL FROM address provided", Stage.MAIL, Trouble.REFUSED, "sender's address"),
    (501, "Invalid RCPT TO address provided", Stage.RCPT, Trouble.REFUSED, "recipient's address"),
    (555, "Unsupported option: SMTPUTF8", Stage.MAIL, Trouble.REFUSED, "SMTPUTF8"),
    (554, "Message rejected: Sending suspended", Stage.BODY, Trouble.REFUSED, "suspended"),
    (554, "Message rejected: Sending is paused for this account", Stage.BODY, Trouble.REFUSED,
     "paused"),
    (554, "Message rejected: Configuration set x does not exist.", Stage.BODY, Trouble.GONE,
     "onfiguration"),
    (554, "Message rejected: Custom MAIL FROM domain is not verified", Stage.BODY,
     Trouble.REFUSED, "custom MAIL FROM domain is not verified"),
    (554, "Transaction failed: Duplicate header 'Date'.", Stage.BODY, Trouble.REFUSED, "Duplicate"),
    (554, "no", Stage.CONNECT, Trouble.NETWORK, "would not begin"),
    (550, "no", Stage.BODY, Trouble.REFUSED, "550 no"),
    (450, "later", Stage.RCPT, Trouble.NETWORK, "for the moment"),
    (0, "HTTP/1.1 400 Bad Request", Stage.CONNECT, Trouble.NETWORK, "does not speak SMTP"),
    (0, "", Stage.EHLO, Trouble.NETWORK, "does not speak SMTP"),
    (0, "", Stage.STARTTLS, Trouble.NETWORK, "offers no encryption"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "stage", "trouble", "says"), ANSWERS)
def test_an_answer(code: int, text: str, stage: Stage, trouble: Trouble, says: str) -> None:
    problem = smtp_problem(code, text, stage, region="eu-west-1")
    assert problem.trouble is trouble
    assert says in problem.what
    assert problem.advice
    assert problem.operation.startswith(f"SMTP {stage}")
    assert str(code or "") in problem.reference


def test_the_sandbox_says_what_the_api_would() -> None:
    text = (
        "Email address is not verified. The following identities failed the check in region "
        "EU-WEST-1: you@example.net"
    )
    about = {"region": "eu-west-1", "sender": "info@example.com"}
    to = ("you@example.net",)
    problem = smtp_problem(554, f"Message rejected: {text}", Stage.BODY, **about, recipients=to)
    assert problem == replace(
        advise("SendEmail", "MessageRejected", text, **about, recipients=to),
        operation="SMTP message 554",
    )
    assert "you@example.net" in problem.what


def test_a_user_that_may_not_send_gets_the_statement_it_needs() -> None:
    identity = "arn:aws:ses:eu-west-1:123456789012:identity/example.com"
    problem = smtp_problem(
        554,
        f"Access denied: User `{ARN}' is not authorized to perform `ses:SendRawEmail' on resource "
        f"`{identity}'",
        Stage.BODY,
        sender="info@example.com",
    )
    assert problem.trouble is Trouble.DENIED
    assert "user/ses may not do ses:SendRawEmail" in problem.what
    statement = json.loads(problem.policy)
    assert statement["Action"] == "ses:SendRawEmail"
    assert statement["Resource"] == identity


@given(st.integers(-1, 999), st.text(), st.sampled_from(Stage))
def test_any_answer_can_be_shown(code: int, text: str, stage: Stage) -> None:
    problem = smtp_problem(code, text, stage, region="eu-west-1", credentials=RIGHT)
    assert problem.what.isprintable()
    assert problem.advice.isprintable()


def test_what_the_server_repeats_of_a_login_is_not_shown() -> None:
    given = base64.b64encode(f"\0{USER}\0{RIGHT.password.reveal()}".encode()).decode()
    problem = smtp_problem(500, f"unknown command {given}", Stage.AUTH, credentials=RIGHT)
    assert given not in str(problem)
    assert "unknown command …" in problem.what


@pytest.mark.parametrize(
    ("credentials", "secret", "says", "advice"),
    [
        (AMERICAN, SECRET, "This is the password for us-east-1, but you connect to eu-west-1.",
         "made for eu-west-1"),
        (RIGHT, SECRET, "The password is right for eu-west-1", "switched off"),
        (RIGHT, Secret("x" * 40), "not made of this access key", "another key"),
        (RIGHT, None, "does not accept", "Type the secret access key to find out"),
        (Credentials(USER, SECRET), None, "is a secret access key", "converted for eu-west-1"),
        (Credentials(USER, SECRET), SECRET, "is a secret access key", "converted"),
        (Credentials(USER, OLD), None, "before 2019", "in eu-west-1"),
        (Credentials(USER, Secret(f"{RIGHT.password.reveal()} ")), None, "a space", "Correct it"),
        (Credentials("ASIAIOSFODNN7EXAMPLE", RIGHT.password), None, "temporary key", "console"),
        (Credentials("ses-smtp-user.2024", RIGHT.password), None, "IAM user's name", "console"),
    ],
)  # fmt: skip
def test_why_535(credentials: Credentials, secret: Secret | None, says: str, advice: str) -> None:
    problem = smtp_problem(
        535,
        "Authentication Credentials Invalid",
        Stage.AUTH,
        region="eu-west-1",
        credentials=credentials,
        secret=secret,
    )
    assert says in problem.what
    assert advice in problem.advice
    assert problem.trouble is Trouble.CREDENTIALS
    assert credentials.password.reveal().strip() not in str(problem)


@pytest.mark.parametrize("made", SMTP_REGIONS)
def test_a_password_of_any_region_is_recognised(made: str) -> None:
    problem = diagnose_535(derive(Keys(USER, SECRET), made), "xx-else-1", SECRET)
    assert f"This is the password for {made}" in problem.what


def test_temporary_keys_and_regions_without_smtp() -> None:
    assert "ses:SendRawEmail" in temporary_keys_problem().policy
    problem = no_smtp_problem("il-central-1")
    assert "no SMTP interface in il-central-1" in problem.what
    assert "eu-west-1" in problem.advice
