"""Both workshop paths, from an empty account to the go-live review, under Pilot."""

from __future__ import annotations

import json

from sestui.domain.steps import Step
from sestui.tui.modals.mail import MailModal
from sestui.tui.modals.mailbox import MailboxModal
from sestui.tui.modals.panel import PanelModal

from .sizes import narrow_always
from .walking import adopt, agree, at, connected, fill, showing


@narrow_always
async def test_an_address_is_verified_by_the_link_and_writes_to_itself(
    wizard, account, until, size
):
    address = f"anna{size[0]}@example.org"
    async with wizard().run_test(size=size, notifications=True) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, address)
        assert "no-reply-aws@amazon.com" in showing(pilot)

        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailboxModal))
        await until(pilot, lambda: pilot.app.screen.mails)
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MailModal))
        await until(pilot, lambda: pilot.app.screen.link)
        await pilot.press("o")
        await until(pilot, lambda: pilot.app.state.identity.verified)
        await until(pilot, lambda: at(pilot, Step.VERIFY))

        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.TEST))
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.state.sent)
        sent = pilot.app.state.sent[0]
        assert sent.message.recipients == (address,)
        await until(pilot, lambda: pilot.app.screen.arrived)


@narrow_always
async def test_a_domain_goes_from_nothing_to_a_monitored_delivered_mail(
    wizard, account, until, size
):
    domain = f"shop{size[0]}.example"
    queue = account.client("sqs").create_queue(QueueName=f"events{size[0]}")["QueueUrl"]
    queue_arn = f"arn:aws:sqs:eu-west-1:123456789012:events{size[0]}"
    async with wizard().run_test(size=size, notifications=True) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, domain)
        await until(pilot, lambda: len(pilot.app.state.checks) == 6)
        assert {check.verdict.value for check in pilot.app.state.checks} == {"missing"}

        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PanelModal))
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.state.identity.complete, 30)
        assert {check.verdict.value for check in pilot.app.state.checks} == {"ok"}

        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.TEST))
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.screen.arrived)
        results = next(iter(pilot.app.screen.arrived.values()))
        assert f"dkim=pass header.d={domain}" in results
        assert f"spf=pass smtp.mailfrom=mail.{domain}" in results
        assert "dmarc=pass" in results

        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.MONITORING))
        await pilot.pause()
        fill(pilot, "set-name", f"set{size[0]}")
        fill(pilot, "topic", f"topic{size[0]}")
        fill(pilot, "subscriber", queue_arn)
        await pilot.pause()
        await pilot.press("ctrl+s")
        await agree(pilot, until)
        await until(pilot, lambda: pilot.app.state.default_set is not None)

        await pilot.press("ctrl+b")
        await until(pilot, lambda: at(pilot, Step.TEST))
        await pilot.pause()
        fill(pilot, "to", "bounce@simulator.amazonses.com")
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(pilot.app.state.sent) == 2)
        assert "bounce" in await bounces(account, queue, until, pilot)

        await pilot.press("6")
        await until(pilot, lambda: at(pilot, Step.LIVE))
        await until(pilot, lambda: pilot.app.state.review is not None)
        open_points = [i.code for i in pilot.app.state.review.items if i.state.value == "open"]
        assert open_points == ["production"]

    stored = account.client("sesv2").get_email_identity(EmailIdentity=domain)
    assert stored["ConfigurationSetName"] == f"set{size[0]}"
    assert stored["MailFromAttributes"]["MailFromDomain"] == f"mail.{domain}"


async def bounces(account, queue, until, pilot) -> dict:
    """The first bounce event in the queue."""
    sqs = account.client("sqs")
    seen: list[dict] = []

    def arrived() -> bool:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            text = json.loads(message["Body"])["Message"]
            if text.startswith("{"):  # the first is a plain "Successfully validated …"
                seen.append(json.loads(text))
        return any(event["eventType"] == "Bounce" for event in seen)

    await until(pilot, arrived, 20)
    return next(event for event in seen if event["eventType"] == "Bounce")
