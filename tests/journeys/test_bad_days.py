"""Bad days: a sentence that says what happened and what to do, and the rest goes on.

The wizard is a second sestui, with the environment that `sestui practice --serve` has printed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest

from tests.journeys.served import FAST, Served
from tests.journeys.wizard import Wizard

DOMAIN = "shop.example"
A_LOOK = 90.0
"""Seconds in which the wizard has looked again by itself, also after some time without news."""


@pytest.fixture(scope="module")
def account() -> Iterator[Served]:
    with Served(command=FAST) as served:
        create(served, DOMAIN)
        yield served


def create(account: Served, domain: str) -> None:
    ses = account.client("sesv2")
    ses.create_email_identity(EmailIdentity=domain)
    ses.put_email_identity_mail_from_attributes(
        EmailIdentity=domain, MailFromDomain=f"mail.{domain}"
    )


@pytest.fixture
def verifying(account: Served) -> Iterator[Wizard]:
    """The wizard at the Verify step of the domain, whose records are absent."""
    account.no_faults()
    with Wizard(env=account.for_a_program()) as wizard:
        open_domain(wizard)
        yield wizard
    account.no_faults()


def open_domain(wizard: Wizard) -> None:
    wizard.see(f"… {DOMAIN}", "Enter continues with the marked identity")
    wizard.press("enter")
    wizard.see("3 Verify", "p DNS", f"· {DOMAIN}", "absent")


def test_no_credentials():
    with Wizard() as wizard:
        wizard.see("Choose where the credentials come from", "environment or default profile")
        wizard.focus("tab", "environment or default")
        wizard.focus("tab", "Connect")
        wizard.press("enter")
        wizard.see(
            "✗ There are no AWS credentials here",
            "Run `aws configure`, `aws sso login`",
            "type an access key",
            "not connected",
        )
        wizard.press("ctrl+n")  # there is no way on, and no crash
        wizard.wait_for("Choose where the credentials come from")
        wizard.quit()


def test_a_region_that_does_not_exist(account):
    with Wizard("--region", "eu-wst-1", env=account.for_a_program()) as wizard:
        wizard.see("✗ There is no such Region for SES", "'eu-wst-1'", "Choose a Region")
        wizard.quit()


def test_a_region_where_nothing_is(account):
    with Wizard("--region", "us-west-2", env=account.for_a_program()) as wizard:
        wizard.see("No identities in us-west-2 yet", "us-west-2 (Oregon) from --region")
        wizard.quit()


def test_a_call_that_is_not_allowed(account):
    account.no_faults()
    account.ses_fault("access_denied", "ListEmailIdentities")
    with Wizard(env=account.for_a_program()) as wizard:
        wizard.see(
            "user/practice may not do ses:ListEmailIdentities",
            "F4 copies the policy statement",
            "f4 Copy policy",
            "200 recipients in 24 hours",  # what is allowed is shown
        )
        wizard.press("f4")
        wizard.wait_for("Copied the policy statement")
        statement = json.loads(base64.b64decode(wizard.copied[-1]))
        assert statement["Effect"] == "Allow"
        assert statement["Action"] == "ses:ListEmailIdentities"
        account.no_faults()
        wizard.press("r")
        wizard.wait_gone("may not do")
        wizard.see(f"… {DOMAIN}")
        wizard.quit()


TROUBLE = {
    "throttle": "✗ Too many requests at once",
    "reset": "✗ AWS took the request and did not answer",
    "expired_token": "✗ The temporary credentials have expired",
}


def test_trouble_of_ses_is_said_until_it_is_over(account, verifying):
    for kind, sentence in TROUBLE.items():
        account.ses_fault(kind)
        verifying.press("r")
        verifying.see(sentence, "absent")  # of the names it goes on telling
        account.no_faults()
        verifying.press("r")
        verifying.wait_gone(sentence)
        verifying.see("Identity … pending", "absent")
    verifying.quit()


def test_trouble_is_still_there_when_one_comes_back(account, verifying):
    sentence = TROUBLE["throttle"]
    account.ses_fault("throttle")
    verifying.press("r")
    verifying.see(sentence)
    verifying.press("4")
    verifying.see("^s Send", f"From hello@{DOMAIN}")
    verifying.press("ctrl+b")
    verifying.see(sentence, "absent")
    verifying.quit()


@pytest.mark.thorough
@pytest.mark.parametrize(("kind", "sentence"), TROUBLE.items())
def test_the_watch_goes_on_by_itself(account, verifying, kind, sentence):
    account.ses_fault(kind)
    verifying.press("r")
    verifying.see(sentence)
    account.no_faults()
    verifying.wait_gone(sentence, A_LOOK)
    verifying.see("Identity … pending", "absent")
    verifying.quit()


@pytest.mark.parametrize("by_itself", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_the_network_is_gone_and_comes_back(tmp_path, by_itself):
    folder = str(tmp_path / "account")
    with Served("--data-dir", folder) as first:
        create(first, DOMAIN)
        environment = first.for_a_program()
        with Wizard(env=environment) as wizard:
            open_domain(wizard)
            first.end()
            wizard.press("r")
            wizard.see("✗ Nothing answers at http://127.0.0.1", "could not find out")
            assert "absent" not in wizard.screen
            with Served("--data-dir", folder) as second:
                assert second.environment == first.environment
                if not by_itself:
                    wizard.press("r")
                wizard.wait_gone("Nothing answers", A_LOOK)
                wizard.see("Identity … pending", "absent")
                wizard.quit()


SILENCE = {
    "servfail": "answered with an error (SERVFAIL), not with yes or no",
    "drop": "The record may well be there",
}


def test_a_name_server_that_says_nothing_of_use(account, verifying):
    """Never "absent": that is something to be seen."""
    for kind, cause in SILENCE.items():
        account.dns_fault(kind)
        verifying.press("r")
        verifying.wait_until(lambda: verifying.screen.count("could not find out") == 6)
        verifying.see(cause, "Identity … pending")
        assert "absent" not in verifying.screen
        account.no_faults()
        verifying.press("r")
        verifying.wait_until(lambda: verifying.screen.count("absent") == 6)
    verifying.quit()


@pytest.mark.thorough
@pytest.mark.parametrize("kind", SILENCE)
def test_a_name_server_is_asked_again_without_a_word(account, verifying, kind):
    account.dns_fault(kind)
    verifying.press("r")
    verifying.wait_until(lambda: verifying.screen.count("could not find out") == 6)
    account.no_faults()
    verifying.wait_until(lambda: verifying.screen.count("absent") == 6, A_LOOK)
    verifying.quit()


def test_an_identity_that_was_deleted_meanwhile(account):
    ses = account.client("sesv2")
    account.no_faults()
    create(account, "gone.example")
    with Wizard(env=account.for_a_program()) as wizard:
        wizard.see("… gone.example", "Enter continues with the marked identity")
        wizard.press("enter")
        wizard.see("3 Verify", "p DNS", "· gone.example", "absent")
        ses.delete_email_identity(EmailIdentity="gone.example")
        wizard.press("r")
        wizard.see("✗ The identity is gone: someone deleted it", "Ctrl+B: back to step 2")
        wizard.press("ctrl+b")
        wizard.see("Domain gone.example")
        wizard.press("enter")
        wizard.agree("2 changes to your account")
        wizard.see("3 Verify", "p DNS", "· gone.example", "absent")
        wizard.quit()
    ses.delete_email_identity(EmailIdentity="gone.example")
