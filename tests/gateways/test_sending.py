"""Before the send and the send itself, against the practice account's SES over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sestui.domain.account import Choice, Connection, RegionSource
from sestui.domain.errors import Trouble
from sestui.domain.mail.form import FieldProblem, Format, MailForm
from sestui.domain.mail.message import FIND_TAG, Message
from sestui.domain.preflight import ActionKind, Facts, action_plan, forecast
from sestui.gateways.aws import Aws
from sestui.gateways.files import DiskFiles
from sestui.gateways.ports import Cloud, GatewayError
from sestui.gateways.ses import BotoSes
from sestui.practice.ses.faults import Fault
from sestui.practice.ses.service import SesService
from sestui.workflows.preflight import MOST_LOOKUPS, look
from sestui.workflows.send import prepare, send_test, tagged
from tests.gateways.conftest import CALLER, HASTY, ONCE, REGION, Connect, Post

MAIL = Message(
    Format.FORMATTED, "info@example.com", ("b@example.com",), subject="Hello", text="Hi."
)
CONNECTION = Connection(Choice(), CALLER, REGION, RegionSource.CHOSEN, "env")


def cloud_of(aws: Aws) -> Cloud:
    nothing: Any = None  # neither changes nor DNS are asked here
    return Cloud(CONNECTION, BotoSes(aws), nothing, nothing, nothing)


@pytest.fixture
def cloud(service: SesService, connect: Connect) -> Cloud:
    service.seed_identities(REGION, ["example.com"])
    return cloud_of(connect(service.url))


async def found(cloud: Cloud, message: Message, known: Facts | None = None) -> list[Facts]:
    return [facts async for facts in look(cloud, message, known or Facts())]


def asked(service: SesService) -> list[str]:
    return [call.operation for call in service.calls]


# Before the send


async def test_first_what_is_known_then_more_and_more(service: SesService, cloud: Cloud) -> None:
    service.suppress(REGION, "b@example.com", "BOUNCE")
    seen = await found(cloud, replace(MAIL, configuration_set="none-such"))
    assert seen[0].account is None
    assert seen[1].account is not None
    assert seen[1].suppressed == {}
    notes = {note.code: note for note in forecast(MAIL, seen[-1])}
    assert {"suppressed", "quota_left"} <= notes.keys()
    assert "not_found_out" not in notes
    stopped = forecast(replace(MAIL, configuration_set="none-such"), seen[-1])
    assert stopped[0].code == "set_missing"
    assert seen[-1].details["example.com"] is not None


async def test_what_is_known_is_not_asked_for_again(service: SesService, cloud: Cloud) -> None:
    known = (await found(cloud, MAIL))[-1]
    before = len(asked(service))
    again = await found(cloud, MAIL, known)
    assert again == [known]
    other = (await found(cloud, replace(MAIL, to=("c@example.com",)), known))[-1]
    assert asked(service)[before:] == ["GetSuppressedDestination"]
    assert other.suppressed == {"b@example.com": None, "c@example.com": None}


async def test_the_simulator_is_not_looked_up_and_the_rest_only_so_far(
    service: SesService, cloud: Cloud
) -> None:
    many = tuple(f"a{i}@example.com" for i in range(12))
    last = (await found(cloud, replace(MAIL, to=("bounce@simulator.amazonses.com", *many))))[-1]
    assert asked(service).count("GetSuppressedDestination") == MOST_LOOKUPS
    assert "2 more recipients" in last.gaps[0].about


@pytest.mark.parametrize(
    "operation",
    [
        "GetAccount", "ListEmailIdentities", "GetConfigurationSet", "GetSuppressedDestination",
        "GetEmailIdentity",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["access_denied", "server_error", "reset"])
async def test_what_cannot_be_looked_up_is_said_and_blocks_nothing(
    service: SesService, cloud: Cloud, operation: str, kind: Any
) -> None:
    service.faults.add(Fault(operation, kind))
    mail = replace(MAIL, configuration_set="events")
    last = (await found(cloud, mail))[-1]
    (gap,) = last.gaps
    assert gap.why
    notes = {note.code: note for note in forecast(mail, last)}
    assert "could not be found out" in notes["not_found_out"].text
    assert not notes["not_found_out"].stops
    service.faults.clear()
    assert (await found(cloud, mail, last))[-1].gaps == ()


async def test_a_suppressed_address_is_taken_off_and_looked_up_again(
    service: SesService, cloud: Cloud, connect: Connect
) -> None:
    service.suppress(REGION, "b@example.com", "COMPLAINT")
    facts = (await found(cloud, MAIL))[-1]
    note = next(note for note in forecast(MAIL, facts) if note.code == "suppressed")
    assert note.action is not None
    assert note.action.kind is ActionKind.UNSUPPRESS
    for call in action_plan(note.action):
        await connect(service.url).call(call.service, call.operation, call.parameters)
    facts = (await found(cloud, MAIL, facts.without(note.action)))[-1]
    assert facts.suppressed == {"b@example.com": None}


# The files of a mail


@pytest.fixture
def files() -> DiskFiles:
    return DiskFiles()


async def test_files_are_read_when_the_mail_is_made(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "été.pdf").write_bytes(b"%PDF\0")
    form = MailForm(
        sender="a@example.com", to="b@example.com", subject="s", text="t",
        attachments=(str(tmp_path / "été.pdf"),),
    )  # fmt: skip
    message = await prepare(form, files)
    assert isinstance(message, Message)
    assert [(f.name, f.content) for f in message.attachments] == [("été.pdf", b"%PDF\0")]
    gone = await prepare(replace(form, attachments=(str(tmp_path / "{gone}\x1b.pdf"),)), files)
    assert isinstance(gone, tuple)
    (problem,) = gone
    assert isinstance(problem, FieldProblem)
    assert problem.field == "attachments"
    assert "{gone}\\x1b.pdf cannot be read: No such file" in problem.text
    both = await prepare(
        replace(form, subject="", attachments=(str(tmp_path / "gone.pdf"),)), files
    )
    assert isinstance(both, tuple)
    assert [p.field for p in both] == ["subject", "attachments"]


async def test_a_raw_file_goes_byte_for_byte(files: DiskFiles) -> None:
    raw = b"From: a@example.com\r\nTo: b@example.com\r\n\r\nlatin \xe9 \r\n"
    message = await prepare(MailForm(format=Format.RAW), files, raw)
    assert isinstance(message, Message)
    assert message.raw == raw
    assert message.to == ("b@example.com",)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda folder: str(folder), "is not a file"),
        (lambda folder: str(folder / "gone"), "No such file"),
        (lambda folder: "~nobody-of-that-name/x", "There is no file"),
        (lambda folder: "a\0b", "There is no file"),
        (lambda folder: _huge(folder), "too large"),
        (lambda folder: "/dev/zero", "is not a file"),
    ],
)
async def test_what_is_no_readable_file(
    files: DiskFiles, tmp_path: Path, make: Callable[[Path], str], word: str
) -> None:
    path = make(tmp_path)
    with pytest.raises(GatewayError) as failed:
        await files.read(path)
    assert failed.value.trouble is Trouble.LOCAL
    assert word in failed.value.problem.what
    (tmp_path / "small.txt").write_bytes(b"12345")
    small = str(tmp_path / "small.txt")
    sizes = await files.sizes((path, small))
    assert sizes[small] == 5
    assert sizes.get(path, 41 << 20) > 40 << 20  # only the huge one has a size


def _huge(folder: Path) -> str:
    with (folder / "huge.bin").open("wb") as file:
        file.truncate((40 << 20) + 1)
    return str(folder / "huge.bin")


# The send


async def test_sent_with_a_tag_to_find_it_by(cloud: Cloud, post: Post) -> None:
    sent = await send_test(cloud, replace(MAIL, tags=(("run", "7"),)), nonce=lambda: "abc")
    assert sent.message.find_tag == "abc"
    assert post.accepted[0].tags[FIND_TAG] == ["abc"]
    assert post.accepted[0].tags["run"] == ["7"]
    assert tagged(sent.message, lambda: "other") == sent.message


async def test_a_raw_mail_is_found_by_its_tag_too(cloud: Cloud, post: Post) -> None:
    raw = b"From: info@example.com\r\nSubject: raw\r\n\r\nhello\r\n"
    mail = replace(MAIL, format=Format.RAW, raw=raw)
    await send_test(cloud, mail, nonce=lambda: "abc")
    assert post.accepted[0].tags[FIND_TAG] == ["abc"]


@pytest.mark.parametrize("kind", ["timeout", "timeout_after", "reset", "server_error"])
async def test_without_an_answer_the_tag_is_named(
    service: SesService, connect: Connect, post: Post, kind: Any
) -> None:
    service.seed_identities(REGION, ["example.com"])
    cloud = cloud_of(connect(service.url, limits=HASTY if "timeout" in kind else ONCE))
    service.faults.add(Fault("SendEmail", kind))
    with pytest.raises(GatewayError) as failed:
        await send_test(cloud, MAIL, nonce=lambda: "abc")
    problem = failed.value.problem
    assert problem.trouble is Trouble.MAYBE_DONE
    assert "may have been sent" in problem.what
    assert f"{FIND_TAG}=abc" in problem.advice
    assert asked(service).count("SendEmail") == 1
    assert len(post.accepted) == (kind == "timeout_after")


async def test_a_template_whose_variable_is_missing_is_not_sent(
    service: SesService, cloud: Cloud, connect: Connect, post: Post
) -> None:
    content = {"Subject": "Hi {{name}}", "Text": "x"}
    await connect(service.url).call(
        "sesv2", "CreateEmailTemplate", {"TemplateName": "t", "TemplateContent": content}
    )
    mail = replace(MAIL, format=Format.TEMPLATED, template="t", template_data="{}")
    with pytest.raises(GatewayError) as failed:
        await send_test(cloud, mail, nonce=lambda: "abc")
    assert re.search("name", failed.value.problem.what)
    assert not post.accepted
    await send_test(cloud, replace(mail, template_data='{"name": "Ann"}'), nonce=lambda: "abc")
    assert len(post.accepted) == 1
