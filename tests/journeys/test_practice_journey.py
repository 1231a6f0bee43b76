"""Both ways through the workshop, with the real command in a real terminal."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from sestui.gateways.aws import READ_TIMEOUT
from tests.journeys.served import client
from tests.journeys.terminal import PATIENCE
from tests.journeys.wizard import SIZES, Wizard, account_in, look_up_now, switch_on

SOON = 0.5
"""Seconds in which a quit has to be over, whatever is under way."""
SMALL, LARGE = (pytest.param(size, id="{}x{}".format(*size)) for size in SIZES)


def thoroughly(size):
    return pytest.param(*size.values, id=size.id, marks=pytest.mark.thorough)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "account"


@pytest.fixture
def wizard(size, folder):
    with Wizard("practice", "--data-dir", str(folder), size=size) as wizard:
        wizard.see("No identities in eu-west-1 yet")
        yield wizard


@pytest.mark.parametrize("size", [SMALL, thoroughly(LARGE)])
def test_an_address_of_ones_own(wizard):
    address = "me@shop.example"
    wizard.create_address(address)
    wizard.wait_for("Identity … pending", "no-reply-aws@amazon.com")

    wizard.press("m")
    wizard.wait_for("enter opens", "Email Address Verification Request")
    wizard.press("enter")
    wizard.wait_for("o opens the link", "Dear Amazon Web Services Customer")
    wizard.press("o")
    wizard.see("Identity ✓ verified", "all is well", f"{address} is verified.")

    wizard.press("ctrl+n")
    wizard.see("^s Send", f"To {address}")
    wizard.press("ctrl+s")
    wizard.see("SES has accepted the mail")
    wizard.scroll_to("arrived: ✓ dkim ✓ spf")
    wizard.press("f6")
    wizard.wait_for("enter opens", f"{address} → {address}")
    wizard.press("enter")
    wizard.wait_for("h all headers", f"From: {address}", "Subject: Hello from Amazon SES")
    wizard.close("h all headers")
    wizard.close("enter opens")
    wizard.quit()


@pytest.mark.parametrize("size", [LARGE, thoroughly(SMALL)])
def test_a_domain_and_its_bounces(wizard, folder):
    domain = "shop.example"
    wizard.create_domain(domain)
    wizard.wait_for("Identity … pending DKIM … pending MAIL FROM … pending")

    wizard.press("p")
    wizard.wait_for("DNS panel", "Publish all 6")
    wizard.press("enter")
    wizard.wait_until(lambda: wizard.screen.count("matches") == 6)
    look_up_now(account_in(folder))
    wizard.press("r")  # it looks by itself only a quarter of a minute after the last time
    wizard.see("Identity ✓ verified DKIM ✓ verified MAIL FROM ✓ verified", "all is well")

    wizard.press("ctrl+n")
    wizard.see("^s Send", f"From hello@{domain}", f"To inbox@{domain}")
    wizard.press("ctrl+s")
    wizard.see("SES has accepted the mail")
    wizard.scroll_to("arrived: ✓ dkim ✓ spf ✓ dmarc")
    wizard.press("f6")
    wizard.wait_for("enter opens", f"hello@{domain} →")
    wizard.press("enter")
    wizard.wait_for("h all headers", "dkim=pass", "spf=pass", "dmarc=pass", f"header.d={domain}")
    wizard.close("h all headers")
    wizard.close("enter opens")

    sqs = client(account_in(folder), "sqs")
    queue = sqs.create_queue(QueueName="bounces")["QueueUrl"]
    wanted = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    queue_arn = wanted["Attributes"]["QueueArn"]
    wizard.press("ctrl+n")
    wizard.see("The workshop's values are filled in", "^s Review")
    wizard.click("an address or a queue")
    wizard.type(queue_arn)
    wizard.wait_for(queue_arn)
    wizard.press("ctrl+s")
    wizard.agree("6 changes to your account")
    wizard.see("Events go out", "bounces-and-complaints → SNS topic ses-events")
    wizard.wait_for("bounces and complaints: received")

    # Before the proof: it sends three mails, and the sandbox takes one a second.
    wizard.press("ctrl+b")
    wizard.see("^s Send", f"To inbox@{domain}", "default: production-emails")
    wizard.retype(f"inbox@{domain}", "bounce@simulator.amazonses.com")
    wizard.press("ctrl+s")
    bounce = _event(sqs, queue, "Bounce", "bounce@simulator.amazonses.com")
    assert bounce["bounce"]["bounceType"] == "Permanent"
    assert bounce["mail"]["tags"]["ses:configuration-set"] == ["production-emails"]

    wizard.press("ctrl+n")
    wizard.see("Events go out", "f5 Prove")
    wizard.press("f5")
    wizard.wait_for("Three mails go to the simulator", "Create the temporary queue")
    wizard.press("enter")
    wizard.wait_for("Proven: the events arrive")
    wizard.close("Proven: the events arrive")
    assert not [url for url in sqs.list_queues()["QueueUrls"] if "sestui-prove" in url]
    sqs.close()

    wizard.press("ctrl+n")
    wizard.see(
        "✗ Still in the sandbox",
        "✓ DKIM: mail is signed with your domain",
        f"✓ MAIL FROM: mail.{domain} is in use",
        "✓ DMARC: there is a policy",
        "✓ Bounces and complaints reach a destination of yours",
    )
    wizard.quit()


def _event(sqs: Any, queue: str, kind: str, to: str) -> dict[str, Any]:
    """The SES event of `kind` of a mail to `to` that comes to the queue, by way of SNS."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in got.get("Messages", []):
            text = json.loads(message["Body"])["Message"]
            if text.startswith("Successfully validated SNS topic"):
                continue  # what SES says to a new destination
            event: dict[str, Any] = json.loads(text)
            if event["eventType"] == kind and event["mail"]["destination"] == [to]:
                return event
    raise AssertionError(f"no {kind} event of {to} has come")


def test_leaving_amid_a_call_does_not_wait_for_it(tmp_path):
    """The call would take as long as its time-out."""
    assert _leave_amid_a_call(tmp_path) < READ_TIMEOUT


@pytest.mark.thorough
def test_leaving_amid_a_call_is_quick(tmp_path):
    """Three times, since another program may have the processor just then."""
    took = [_leave_amid_a_call(tmp_path / str(number)) for number in range(3)]
    assert min(took) < SOON


def _leave_amid_a_call(folder: Path) -> float:
    with Wizard("practice", "--data-dir", str(folder)) as wizard:
        wizard.see("No identities in eu-west-1 yet")
        switch_on(account_in(folder), "timeout")
        wizard.press("r")
        wizard.wait_for("Reading the account …")
        begin = time.monotonic()
        wizard.quit()
        return time.monotonic() - begin
