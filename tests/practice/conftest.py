"""A whole practice account for a module's tests.

In this process, since its internals are looked at; a new one a module, since there can be one at a
time in a process and some tests make their own. When moto is loaded that takes a fifth of a second.
"""

import time
from collections.abc import Callable, Iterator

import pytest

from sestui.practice.account import FAST, PracticeAccount
from sestui.practice.ports import DEFAULT_REGION
from tests.account_process import boto_client


@pytest.fixture(scope="module")
def account() -> Iterator[PracticeAccount]:
    with PracticeAccount(options=FAST) as account:
        assert account.neighbours.wait(60), account.neighbours.problem
        yield account


@pytest.fixture(scope="module")
def ses(account):
    client = ses_client(account)
    yield client
    client.close()


def ses_client(account, region: str = DEFAULT_REGION):
    return boto_client("sesv2", account.endpoint, region, owner=account.owner)


def verified_domain(account, ses, domain: str, publish=None) -> None:
    """Create `domain` with a custom MAIL FROM, publish its records, and let SES look."""
    publish = publish or account.world.panel.add
    created = ses.create_email_identity(EmailIdentity=domain)["DkimAttributes"]
    ses.put_email_identity_mail_from_attributes(
        EmailIdentity=domain,
        MailFromDomain=f"mail.{domain}",
        BehaviorOnMxFailure="USE_DEFAULT_VALUE",
    )
    for token in created["Tokens"]:
        target = f"{token}.{created['SigningHostedZone']}"
        publish(f"{token}._domainkey.{domain}", "CNAME", target)
    feedback = f"10 feedback-smtp.{DEFAULT_REGION}.amazonses.com"
    publish(f"mail.{domain}", "MX", feedback)
    publish(f"mail.{domain}", "TXT", '"v=spf1 include:amazonses.com ~all"')
    publish(f"_dmarc.{domain}", "TXT", '"v=DMARC1; p=none;"')
    account.ses.check_now()
    identity = ses.get_email_identity(EmailIdentity=domain)
    assert identity["VerifiedForSendingStatus"]
    assert identity["DkimAttributes"]["Status"] == "SUCCESS"
    assert identity["MailFromAttributes"]["MailFromDomainStatus"] == "SUCCESS"


def simple(subject: str = "Hello") -> dict:
    title = {"Data": subject, "Charset": "UTF-8"}
    return {"Simple": {"Subject": title, "Body": {"Text": {"Data": "Hi."}}}}


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for what a thread of the account does in its own time and tells nobody."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not so within {seconds:g} s"
        time.sleep(0.005)


def letter_to(account, address):
    def there(letters):
        return any(letter.to == address for letter in letters)

    assert account.mailbox.wait(there, 10), account.postmaster.problems
    return next(letter for letter in account.mailbox.letters() if letter.to == address)
