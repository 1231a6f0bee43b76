"""The most frequent errors of sending, raised by the practice account and explained by sestui.

Each goes over HTTP with the SDK between, so that codes, texts and null messages are the real ones.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sestui.domain.errors import Problem, Trouble
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import Message
from sestui.domain.preflight import ActionKind, Facts
from sestui.domain.preflight.refused import actions_after
from sestui.gateways.ports import Cloud, GatewayError
from sestui.practice.ses.faults import KINDS, Fault
from sestui.practice.ses.service import SesService
from sestui.workflows.send import send_test
from tests.gateways.conftest import CALLER, HASTY, ONCE, REGION, Connect, Post
from tests.gateways.test_sending import MAIL, cloud_of

TO = replace(MAIL, to=("b@elsewhere.org", "bounce@simulator.amazonses.com"))
TEMPLATED = replace(TO, format=Format.TEMPLATED, template="hello")


@pytest.fixture
def cloud(service: SesService, connect: Connect) -> Cloud:
    """By an SDK that repeats calls."""
    service.seed_identities(REGION, ["example.com"])
    return cloud_of(connect(service.url, limits=replace(ONCE, attempts=3)))


async def refused(service: SesService, cloud: Cloud, kind: Any, message: Message = TO) -> Problem:
    """What is said of the one attempt, which is counted at the server."""
    service.faults.add(Fault("SendEmail", kind))
    with pytest.raises(GatewayError) as failed:
        await send_test(cloud, message, nonce=lambda: "abc", facts=Facts(region=REGION))
    assert [call.operation for call in service.calls].count("SendEmail") == 1
    return failed.value.problem


NAMED = replace(TO, configuration_set="events")
IDENTITIES = "arn:aws:ses:eu-west-1:123456789012:identity/"
ERRORS = [
    ("message_rejected", TO, Trouble.REFUSED,
     "info@example.com is your sender, and not verified in eu-west-1",
     "Verify info@example.com or its domain", ActionKind.USE_SIMULATOR),
    ("message_rejected", TO, Trouble.REFUSED,
     "b@elsewhere.org: a recipient, and this account is in the sandbox",
     "Production access lifts that", ActionKind.REQUEST_PRODUCTION),
    ("access_denied", TO, Trouble.DENIED,
     f"user/practice may not do ses:SendEmail on {IDENTITIES}info@example.com",
     "Add this statement", None),
    ("mail_from_not_verified", TO, Trouble.REFUSED,
     "MAIL FROM domain mail.example.com is not verified", "MX record", ActionKind.OPEN_VERIFY),
    ("paused", TO, Trouble.REFUSED, "AWS has paused", "Support Center", None),
    ("set_paused", NAMED, Trouble.REFUSED, "configuration set events", "Switch sending on",
     ActionKind.RESUME_SET),
    ("suspended", TO, Trouble.REFUSED, "permanently restricted", "AWS Support", None),
    ("throttle", TO, Trouble.THROTTLED, "faster than SES allows", "Wait a few seconds", None),
    ("daily_quota", TO, Trouble.REFUSED, "quota of the last 24 hours", "24 hours old",
     ActionKind.REQUEST_PRODUCTION),
    ("set_not_found", NAMED, Trouble.GONE, "no configuration set events in eu-west-1",
     "Create the configuration set", ActionKind.CREATE_SET),
    (
        "server_error", TO, Trouble.MAYBE_DONE, "may have been sent", "sestui-test=abc",
        ActionKind.LOOK_FOR,
    ),
    ("expired_token", TO, Trouble.CREDENTIALS, "expired", "aws sso login", None),
    ("invalid_token", TO, Trouble.CREDENTIALS, "does not know these credentials", "deleted", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "message", "trouble", "what", "advice", "action"), ERRORS)
async def test_each_says_what_happened_to_whom_and_what_to_do(
    service: SesService,
    cloud: Cloud,
    post: Post,
    kind: str,
    message: Message,
    trouble: Trouble,
    what: str,
    advice: str,
    action: ActionKind | None,
) -> None:
    problem = await refused(service, cloud, kind, message)
    assert problem.trouble is trouble
    assert what in problem.what
    assert advice in problem.advice
    assert problem.operation == "SendEmail"
    assert problem.request_id
    kinds = [each.kind for each in actions_after(problem, message, Facts(region=REGION))]
    assert (action in kinds) if action else not kinds
    assert not post.accepted


async def test_a_template_that_is_gone_between_the_look_and_the_send(
    service: SesService, cloud: Cloud, connect: Connect
) -> None:
    content = {"Subject": "Hi", "Text": "x"}
    await connect(service.url).call(
        "sesv2", "CreateEmailTemplate", {"TemplateName": "hello", "TemplateContent": content}
    )
    problem = await refused(service, cloud, "template_not_found", TEMPLATED)
    assert "no template hello in eu-west-1" in problem.what
    assert actions_after(problem, TEMPLATED, Facts())[0].kind is ActionKind.CHOOSE_TEMPLATE


async def test_the_statement_for_what_was_denied(service: SesService, cloud: Cloud) -> None:
    raw = replace(TO, format=Format.RAW, raw=b"From: info@example.com\r\n\r\nhello\r\n")
    problem = await refused(service, cloud, "access_denied", raw)
    statement = json.loads(problem.policy)
    assert statement["Action"] == "ses:SendRawEmail"
    assert statement["Resource"].endswith("identity/info@example.com")


@pytest.mark.parametrize("kind", KINDS)
async def test_there_is_one_attempt_under_every_fault(
    service: SesService, cloud: Cloud, connect: Connect, kind: Any
) -> None:
    if kind in ("timeout", "timeout_after"):
        cloud = cloud_of(connect(service.url, limits=replace(HASTY, attempts=3)))
    problem = await refused(service, cloud, kind)
    assert problem.what
    assert problem.advice
    assert CALLER.arn not in problem.what  # who it was is said by the end of the ARN
