"""A folder that has been used for long opens like a new one: what is not asked for is not read."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from sestui.practice.events.record import MOST, Record
from sestui.practice.mail.mailbox import Mailbox
from tests.account_process import boto_client, practice_account

EVENTS, MAILS = 100_000, 5_000
HEAD = "From: a@b.example\r\nTo: c@d.example\r\nSubject: {}\r\nMessage-ID: <{}@b.example>\r\n\r\n"


def line(number: int) -> str:
    mail = {"messageId": f"{number:08}", "tags": {"run": [str(number % 7)]}, "padding": "x" * 900}
    return json.dumps({"eventType": "Send", "mail": mail, "send": {}}) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("big")
    with (folder / "events.jsonl").open("w") as file:
        file.writelines(map(line, range(EVENTS)))
    (folder / "mailbox").mkdir()
    for number in range(MAILS):
        path = folder / "mailbox" / f"20260101T{number:012}Z-m{number}.eml"
        path.write_text(HEAD.format(number, number) + "Hi.\r\n")
    return folder


def octets_read(pid: int) -> int:
    """What a process has read since it began."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("rchar"))


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="Linux counts what is read")
def test_it_is_opened_without_reading_all_of_it(folder, tmp_path):
    with practice_account(tmp_path / "new"):
        pid = int((tmp_path / "new" / "lock").read_text())
    before = octets_read(pid)
    with practice_account(folder) as account:
        ses = boto_client("sesv2", account.endpoint, owner=account.owner)
        with closing(ses):
            assert ses.get_account()["SendingEnabled"]
        read = octets_read(pid) - before
        size = (folder / "events.jsonl").stat().st_size
        assert read < size / 20, f"{read} of {size}"
        last = f"{EVENTS - 1:08}"
        assert account.record.of_message(last)[0]["mail"]["messageId"] == last
        assert len(account.mailbox.letters()) == MAILS
        assert account.damaged == []


def test_a_record_that_has_become_long_is_cut_at_the_next_event(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text("".join(map(line, range(10 * MOST))))
    record = Record(path)
    record.add(json.loads(line(10 * MOST)))
    kept = [json.loads(each)["mail"]["messageId"] for each in path.read_text().splitlines()]
    assert kept == [f"{number:08}" for number in range(9 * MOST + 1, 10 * MOST + 1)]


@pytest.mark.parametrize("head", [200, 1 << 14, (1 << 14) - 2, 100_000])
def test_a_list_of_mail_is_made_of_their_heads(tmp_path, head):
    """However long these are, and whatever the size of the rest."""
    start = HEAD.format("Hello", "id").removesuffix("\r\n")
    padded = start + f"X-Long: {'x' * (head - len(start.encode()))}\r\n" + "Cc: last@b.example\r\n"
    content = (padded + "\r\n" + "Body: no header\r\n\r\nSubject: no\r\n" * 10_000).encode()
    mailbox = Mailbox(tmp_path)
    path = tmp_path / "20260101T000000000000Z-m.eml"
    path.write_bytes(content)
    (letter,) = mailbox.letters()
    assert letter.subject == "Hello"
    assert (letter.message_id, letter.size) == ("<id@b.example>", len(content))
