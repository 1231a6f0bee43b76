"""The folder of messages."""

from datetime import UTC, datetime, timedelta

import pytest

from sestui.practice.mail.mailbox import Mailbox

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def mailbox(tmp_path):
    return Mailbox(tmp_path / "mailbox")


def test_newest_first_and_read_again_from_the_folder(mailbox):
    for minutes in (0, 2, 1):
        mailbox.deliver(
            f"Subject: {minutes}\r\n\r\n".encode(), AT + timedelta(minutes=minutes), "x"
        )
    assert [letter.subject for letter in mailbox.letters()] == ["2", "1", "0"]
    assert Mailbox(mailbox.folder).letters() == mailbox.letters()
    assert mailbox.letters()[0].at == AT + timedelta(minutes=2)


def test_what_someone_deletes_or_adds_is_respected(mailbox):
    letter_id = mailbox.deliver(b"Subject: x\r\n\r\n", AT, "x")
    (mailbox.folder / "notes.txt").write_text("mine")
    (mailbox.folder / "other.eml").write_text("Subject: y\n\n")
    assert [letter.id for letter in mailbox.letters()] == [letter_id]
    mailbox.path(letter_id).unlink()
    with pytest.raises(KeyError):
        mailbox.raw(letter_id)


@pytest.mark.parametrize("letter_id", ["", "..", "../../etc/passwd", "20261124T080000000000Z-a/b"])
def test_other_files_are_out_of_reach(mailbox, letter_id):
    with pytest.raises(KeyError):
        mailbox.raw(letter_id)
    with pytest.raises(KeyError):
        mailbox.path(letter_id)


def test_authentication_results_are_read(mailbox):
    mailbox.deliver(
        b"Authentication-Results: mx.practice.example;\r\n"
        b"\tdkim=fail (body hash) header.d=a.example;\r\n\tdkim=pass header.d=amazonses.com;\r\n"
        b"\tspf=softfail smtp.mailfrom=a.example; dmarc=fail (p=reject) header.from=a.example\r\n"
        b"\r\n",
        AT,
        "x",
    )
    (letter,) = mailbox.letters()
    assert (letter.dkim, letter.spf, letter.dmarc) == ("pass", "softfail", "fail")
    assert letter.to_json()["auth"]["dmarc"] == "fail"
    mailbox.deliver(b"\r\n", AT, "y")
    assert mailbox.letters()[0].dkim == "none"


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        (b"=?utf-8?b?4oKs?= and =?iso-8859-1?q?=E9?=", "€ and é"),
        (b"=?no-such-charset?q?x?=", "=?no-such-charset?q?x?="),
        (b"=?utf-8?b?!!!?=", None),
        (b"folded\r\n into two", "folded into two"),
        (b"\xff\xfe raw", None),
        (b"\x1b[31mred", "\x1b[31mred"),
    ],
)
def test_subjects(mailbox, subject, shown):
    mailbox.deliver(b"Subject: " + subject + b"\r\n\r\n", AT, "x")
    (letter,) = mailbox.letters()
    assert isinstance(letter.subject, str)
    if shown is not None:
        assert letter.subject == shown


def test_waiting_ends(mailbox):
    assert not mailbox.wait(lambda letters: len(letters) > 0, 0.01)
    mailbox.deliver(b"\r\n", AT, "x")
    assert mailbox.wait(lambda letters: len(letters) > 0, 0)
