"""Sending: the parameters of each format, one attempt only, and what a lost answer means."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sestui.domain.errors import Trouble
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import Message
from sestui.gateways.ports import GatewayError
from sestui.gateways.send import send_parameters
from sestui.gateways.ses import BotoSes
from sestui.practice.ses.faults import Fault
from sestui.practice.ses.service import SesService
from tests.gateways.conftest import HASTY, ONCE, REGION, Connect, Post, answer
from tests.gateways.servers import HANG, RESET, ScriptedHttp

MAIL = Message(
    Format.FORMATTED,
    "info@example.com",
    ("a@example.com", "b@example.com"),
    subject="Grüße",
    text="Guten Tag",
    html="<p>Guten Tag</p>",
)
TO = {"ToAddresses": ["a@example.com", "b@example.com"]}


def test_formatted() -> None:
    assert send_parameters(MAIL) == {
        "FromEmailAddress": "info@example.com",
        "Destination": TO,
        "Content": {
            "Simple": {
                "Subject": {"Data": "Grüße", "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": "Guten Tag", "Charset": "UTF-8"},
                    "Html": {"Data": "<p>Guten Tag</p>", "Charset": "UTF-8"},
                },
            }
        },
    }


def test_headers_tags_and_set() -> None:
    mail = Message(
        Format.HEADERS,
        "info@example.com",
        ("a@example.com",),
        subject="s",
        text="t",
        headers=(("X-Campaign", "7"),),
        configuration_set="production-emails",
        tags=(("run", "42"),),
    )
    parameters = send_parameters(mail)
    assert parameters["Content"]["Simple"]["Headers"] == [{"Name": "X-Campaign", "Value": "7"}]
    assert "Html" not in parameters["Content"]["Simple"]["Body"]
    assert parameters["ConfigurationSetName"] == "production-emails"
    assert parameters["EmailTags"] == [{"Name": "run", "Value": "42"}]


def test_raw_names_its_recipients_too() -> None:
    mail = Message(Format.RAW, "info@example.com", MAIL.recipients, raw=b"From: x\r\n\r\nhello")
    parameters = send_parameters(mail)
    assert parameters["Destination"] == TO
    assert parameters["Content"] == {"Raw": {"Data": b"From: x\r\n\r\nhello"}}


def test_templated() -> None:
    mail = Message(
        Format.TEMPLATED, "i@example.com", ("a@b.com",), template="t", template_data="{}"
    )
    assert send_parameters(mail)["Content"] == {
        "Template": {"TemplateName": "t", "TemplateData": "{}"}
    }


@pytest.fixture
def ses(service: SesService, connect: Connect) -> BotoSes:
    service.seed_identities(REGION, ["example.com"])
    return BotoSes(connect(service.url))


async def test_accepted(ses: BotoSes, post: Post) -> None:
    sent = await ses.send(MAIL)
    assert sent.message is MAIL
    assert sent.message_id == post.accepted[0].message_id
    assert sent.request_id
    assert post.accepted[0].recipients == MAIL.recipients


async def test_raw_accepted(ses: BotoSes, post: Post) -> None:
    raw = b"From: info@example.com\r\nSubject: raw\r\n\r\nhello\r\n"
    await ses.send(Message(Format.RAW, "info@example.com", ("hidden@example.com",), raw=raw))
    assert post.accepted[0].recipients == ("hidden@example.com",)


async def test_not_verified(ses: BotoSes) -> None:
    mail = Message(Format.FORMATTED, "a@other.com", ("x@elsewhere.com",), subject="s", text="t")
    with pytest.raises(GatewayError) as failed:
        await ses.send(mail)
    problem = failed.value.problem
    assert problem.trouble is Trouble.REFUSED
    assert "a@other.com" in problem.what
    assert "x@elsewhere.com" in problem.what
    assert "Verify a@other.com" in problem.advice
    assert "simulator" in problem.advice


@pytest.mark.parametrize("kind", ["timeout", "timeout_after", "reset", "server_error"])
async def test_without_an_answer_it_may_have_been_sent_and_is_not_sent_again(
    service: SesService, ses: BotoSes, connect: Connect, kind: str
) -> None:
    ses = BotoSes(connect(service.url, limits=replace(HASTY, attempts=3)))
    service.faults.add(Fault("SendEmail", kind))  # type: ignore[arg-type]
    with pytest.raises(GatewayError) as failed:
        await ses.send(MAIL)
    assert failed.value.trouble is Trouble.MAYBE_DONE
    assert not failed.value.problem.passes
    assert [call.operation for call in service.calls].count("SendEmail") == 1


async def test_a_connection_that_was_never_made_sent_nothing(connect: Connect) -> None:
    with pytest.raises(GatewayError) as failed:
        await BotoSes(connect("http://127.0.0.1:9")).send(MAIL)
    assert failed.value.trouble is Trouble.NETWORK


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        ("throttle", Trouble.THROTTLED),
        ("paused", Trouble.REFUSED),
        ("suspended", Trouble.REFUSED),
        ("access_denied", Trouble.DENIED),
    ],
)
async def test_a_no_is_a_no(service: SesService, ses: BotoSes, kind: str, trouble: Trouble) -> None:
    service.faults.add(Fault("SendEmail", kind))  # type: ignore[arg-type]
    with pytest.raises(GatewayError) as failed:
        await ses.send(MAIL)
    assert failed.value.trouble is trouble


async def test_reading_is_repeated_where_sending_is_not(
    http: ScriptedHttp, connect: Connect
) -> None:
    http.replies = [RESET, answer(ConfigurationSets=["a"])]
    ses = BotoSes(connect(http.url, limits=replace(ONCE, attempts=3)))
    assert await ses.configuration_sets() == ("a",)
    http.replies = [HANG, answer(MessageId="second")]
    ses = BotoSes(connect(http.url, limits=replace(HASTY, attempts=3)))
    with pytest.raises(GatewayError):
        await ses.send(MAIL)
    assert json.loads(http.replies[0][1]) == {"MessageId": "second"}  # nobody asked for it
