"""Each format over the wire, by API and by SMTP: what arrives is what was written."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sestui.connect import PracticeAccess, World
from sestui.domain.account import Choice, Source
from sestui.domain.changes import save_template_plan
from sestui.domain.mail.form import Format, MailForm, Transport
from sestui.domain.mail.message import Message
from sestui.domain.mail.template import Template
from sestui.gateways.ports import Cloud
from sestui.workflows.send import prepare, send_test
from tests.account_process import RemoteAccount, practice_account

# One connection for all of the tests: making it takes longer than a mail.
pytestmark = pytest.mark.asyncio(loop_scope="module")

SUBJECT = "Chào mừng 👋 “Grüße”, Ω"
NAME = 'Nguyễn "Ann" Văn, A; <x>'
TEXT = "Xin chào\n.\nFrom here\n" + "dài " * 400 + "\nđuôi"
HTML = "<p>Xin chào – <b>đậm</b></p>"
SHORT = TEXT.replace("dài " * 400, "dài")
RAW = f"""\
From: hello@shop.example
Subject: plain
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{SHORT}
"""
BINARY = bytes(range(256)) * 40 + b"\r\n.\r\n\x00"


@pytest.fixture(scope="module")
def account():
    with practice_account() as practice:
        practice.ses.seed_identities("eu-west-1", ["shop.example", "xn--bcher-kva.example"])
        yield practice


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(account: RemoteAccount, tmp_path_factory: pytest.TempPathFactory) -> World:
    async def access() -> PracticeAccess:
        return PracticeAccess.of(account.environment())

    async def at_once(_seconds: float) -> None:
        await asyncio.sleep(0)

    folder = tmp_path_factory.mktemp("sestui")
    return World(practice=access, state=folder, config=folder, sleep=at_once)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cloud(world: World) -> Cloud:
    return await world.connect(Choice(Source.PRACTICE))


def written(chosen: Format, folder: Path) -> MailForm:
    """A mail with something difficult in every field."""
    (folder / "ảnh [x].bin").write_bytes(BINARY)
    (folder / "note.txt").write_bytes("dòng 1\r\ndòng 2\n".encode())
    return MailForm(
        format=chosen,
        sender="hello@shop.example",
        display_name=NAME,
        to="inbox@bücher.example",
        cc="copy@shop.example",
        reply_to="answers@shop.example",
        subject=SUBJECT,
        text=TEXT,
        html=HTML,
        headers="X-Campaign: 7",
        raw=RAW,
        template="arrives",
        template_data=json.dumps({"name": "Ngân"}),
        attachments=(str(folder / "ảnh [x].bin"), str(folder / "note.txt")),
        tags="campaign=spring",
    )


def delivered(account: RemoteAccount, message_id: str) -> EmailMessage:
    def found(letters: list[Any]) -> list[Any]:
        return [
            letter
            for letter in letters
            if message_id in letter.message_id and letter.to.startswith("inbox")
        ]

    assert account.mailbox.wait(lambda letters: bool(found(letters)), 60)
    raw = account.mailbox.raw(found(account.mailbox.letters())[0].id)
    return message_from_bytes(raw, _class=EmailMessage, policy=default)


def lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


@pytest.mark.parametrize(
    ("chosen", "transport"),
    [
        (chosen, transport)
        for chosen in Format
        for transport in Transport
        # SES fills in templates over the API only.
        if (chosen, transport) != (Format.TEMPLATED, Transport.SMTP)
    ],
)
async def test_what_arrives_is_what_was_written(
    account: RemoteAccount,
    world: World,
    cloud: Cloud,
    tmp_path: Path,
    chosen: Format,
    transport: Transport,
) -> None:
    if chosen is Format.TEMPLATED:
        template = Template("arrives", SUBJECT + " {{name}}", TEXT + " {{name}}", HTML)
        for call in save_template_plan(template):
            await cloud.changes.make(call)
    message = await prepare(written(chosen, tmp_path), world.files)
    assert isinstance(message, Message), message
    sent = await send_test(cloud, message, nonce=lambda: "abc", transport=transport)
    mail = delivered(account, sent.message_id)

    body = mail.get_body(("plain",))
    assert body is not None
    text = lines(body.get_content())
    if chosen is Format.RAW:
        assert text == lines(SHORT)
        return
    author = mail["From"].addresses[0]
    assert (author.display_name, author.addr_spec) == (NAME, "hello@shop.example")
    assert [a.addr_spec for a in mail["To"].addresses] == ["inbox@xn--bcher-kva.example"]
    assert mail["Cc"] == "copy@shop.example"
    assert mail["Reply-To"] == "answers@shop.example"
    ending = " Ngân" if chosen is Format.TEMPLATED else ""
    assert mail["Subject"] == SUBJECT + ending
    assert text == lines(TEXT + ending)
    html = mail.get_body(("html",))
    assert html is not None
    assert lines(html.get_content()) == [HTML]
    assert mail["X-Campaign"] == ("7" if chosen is Format.HEADERS else None)
    first, second = mail.iter_attachments()
    assert (first.get_filename(), first.get_content()) == ("ảnh [x].bin", BINARY)
    assert second.get_filename() == "note.txt"
    assert second.get_payload(decode=True) == "dòng 1\r\ndòng 2\n".encode()
    # What SES reads is not for the recipient.
    assert mail["X-SES-MESSAGE-TAGS"] is None


async def test_a_hidden_recipient_gets_it_and_nobody_sees_that(
    account: RemoteAccount, world: World, cloud: Cloud
) -> None:
    form = MailForm(
        sender="hello@shop.example",
        to="one@shop.example",
        bcc="inbox@shop.example",
        subject="s",
        text="t",
    )
    for transport in Transport:
        message = await prepare(replace(form, transport=transport), world.files)
        assert isinstance(message, Message)
        sent = await send_test(cloud, message, nonce=lambda: "abc", transport=transport)
        mail = delivered(account, sent.message_id)
        assert mail["Bcc"] is None
        assert "inbox@" not in str(mail["To"])


@pytest.mark.parametrize("transport", Transport)
async def test_an_encoded_word_that_is_typed_adds_no_header(
    account: RemoteAccount, world: World, cloud: Cloud, transport: Transport
) -> None:
    """`email` decodes such words, line breaks in them too, wherever a header is set with it."""
    nasty = "=?utf-8?q?x=0d=0aBcc:_z@shop.example?="
    form = MailForm(
        format=Format.HEADERS,
        sender="hello@shop.example",
        display_name=nasty,
        to="inbox@shop.example",
        subject=nasty,
        headers=f"X-Campaign: {nasty}",
        text="t",
    )
    message = await prepare(form, world.files)
    assert isinstance(message, Message)
    sent = await send_test(cloud, message, nonce=lambda: "abc", transport=transport)
    mail = delivered(account, sent.message_id)
    assert "Bcc" not in mail
    assert len(mail.get_all("Subject", [])) == 1
    assert str(mail["Subject"]) == nasty
