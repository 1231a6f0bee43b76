"""The practice account's own interface, over the real thing where it matters and a script else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from sestui.domain.errors import Trouble
from sestui.gateways.ports import GatewayError, PracticeMail
from sestui.gateways.practice import PracticeAccess, PracticeHttp, page_text
from tests.gateways.servers import RESET, ScriptedHttp

LETTER = {
    "id": "20261001T120000000000Z-1",
    "to": "anna@example.com",
    "from": "Amazon \x1b[31m<no-reply-aws@amazon.com>",
    "subject": "Verify",
    "at": "2026-10-01T12:00:00+00:00",
    "auth": {"header": "mx; dkim=pass", "dkim": "pass"},
    "message_id": "<0102-3-000000@eu-west-1.amazonses.com>",
    "size": 7,
}


async def test_the_mailbox(practice: PracticeHttp, http: ScriptedHttp) -> None:
    http.replies = [(200, json.dumps([LETTER]).encode())]
    assert await practice.mailbox() == (
        PracticeMail(
            id="20261001T120000000000Z-1",
            at=datetime(2026, 10, 1, 12, tzinfo=UTC),
            sender="Amazon \\x1b[31m<no-reply-aws@amazon.com>",
            recipient="anna@example.com",
            subject="Verify",
            results="mx; dkim=pass",
            message_id="0102-3-000000",
        ),
    )
    assert http.requests[0][:2] == ("GET", "/_practice/mailbox")


async def test_a_message_is_not_touched(practice: PracticeHttp, http: ScriptedHttp) -> None:
    http.replies = [(200, b"From: x\r\n\r\n\x1b\xff")]
    assert await practice.read("a/../b") == b"From: x\r\n\r\n\x1b\xff"
    assert http.requests[0][1] == "/_practice/mailbox/a%2F..%2Fb"


async def test_records_go_into_the_panel(practice: PracticeHttp, http: ScriptedHttp) -> None:
    http.replies = [(201, b"[]")]
    await practice.publish([("a.example.com", "TXT", "x"), ("b.example.com", "MX", "10 c.d")])
    assert [json.loads(body) for _m, _p, body in http.requests] == [
        {"name": "a.example.com", "type": "TXT", "value": "x"},
        {"name": "b.example.com", "type": "MX", "value": "10 c.d"},
    ]
    assert {head["Content-Type"] for head in http.headers} == {"application/json"}


async def test_what_the_panel_refuses_is_said(practice: PracticeHttp, http: ScriptedHttp) -> None:
    http.replies = [(400, b'{"error": "a CNAME is\\u001b alone"}')]
    with pytest.raises(GatewayError) as failed:
        await practice.publish([("a.example.com", "TXT", "x")])
    assert failed.value.trouble is Trouble.REFUSED
    assert "a CNAME is\\x1b alone" in failed.value.problem.what


async def test_the_clock(practice: PracticeHttp, http: ScriptedHttp) -> None:
    http.replies = [(200, b"{}")]
    await practice.hurry(72)
    assert http.requests[0][1:] == ("/_practice/clock", b'{"hours": 72}')


async def test_a_link_of_its_own_is_followed(practice: PracticeHttp, http: ScriptedHttp) -> None:
    page = b"<!doctype html><title>Done</title><h1>Done</h1><p>a@b.com &amp; \x1bmore</p>"
    http.replies = [(200, page)]
    assert await practice.open_link(f"{http.url}/_practice/confirm?token=a%3D") == (
        "Done\na@b.com & \\x1bmore"
    )
    assert http.requests[0][1] == "/_practice/confirm?token=a%3D"
    http.replies = [(400, b"<h1>Verification failed</h1>")]
    with pytest.raises(GatewayError) as failed:
        await practice.open_link(f"{http.url}/_practice/confirm?token=old")
    assert "Verification failed" in failed.value.problem.what


@pytest.mark.parametrize(
    "url", ["http://example.com/x", "file:///etc/passwd", "http://127.0.0.1:1/x", "", "http://[x"]
)
async def test_no_other_link_is(practice: PracticeHttp, http: ScriptedHttp, url: str) -> None:
    with pytest.raises(GatewayError) as failed:
        await practice.open_link(url)
    assert failed.value.trouble is Trouble.REFUSED
    assert http.requests == []


async def test_one_that_is_gone(practice: PracticeHttp, http: ScriptedHttp) -> None:
    http.replies = [RESET]
    with pytest.raises(GatewayError) as failed:
        await practice.mailbox()
    assert failed.value.trouble is Trouble.NETWORK
    http.replies = [(200, b"no json")]
    with pytest.raises(GatewayError) as failed:
        await practice.mailbox()
    assert failed.value.trouble is Trouble.REFUSED


def test_a_page_without_its_markup() -> None:
    page = "<style>h1 {}</style><script>x<y</script><p>one<br>two</p>\n<p> three  four </p>"
    assert page_text(page) == "one\ntwo\nthree four"


def test_access_from_what_serve_exports() -> None:
    values = {
        "SESTUI_PRACTICE": "http://127.0.0.1:1",
        "SESTUI_PRACTICE_TOKEN": "t0ken",
        "AWS_ENDPOINT_URL_SESV2": "http://127.0.0.1:2",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:3",
        "SESTUI_NAMESERVER": "127.0.0.1:4",
        "SESTUI_SMTP": "127.0.0.1:5",
        "SESTUI_SMTP_TLS": "127.0.0.1:6",
        "SESTUI_SMTP_CA": "/tmp/a/ca.pem",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "AWS_REGION": "eu-west-1",
    }
    access = PracticeAccess.of(values)
    assert access.nameserver == ("127.0.0.1", 4)
    assert (access.smtp, access.smtp_tls) == ("127.0.0.1:5", "127.0.0.1:6")
    assert access.smtp_ca == "/tmp/a/ca.pem"
    assert access.keys.secret.reveal() == "s3cret"
    assert access.token.reveal() == "t0ken"
    assert "s3cret" not in repr(access)
    assert "t0ken" not in repr(access)
    del values["AWS_ENDPOINT_URL"]
    with pytest.raises(ValueError, match="AWS_ENDPOINT_URL is missing"):
        PracticeAccess.of(values)
