"""The parts of a mail: envelope, tags, files, the unsubscribe pair, and the whole as MIME."""

import base64
import dataclasses
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.mail.attachment import (
    BLOCKED_EXTENSIONS,
    MAX_MESSAGE,
    Attachment,
    attachment_problem,
    attachments_problem,
    encoded_size,
)
from sestui.domain.mail.build import build, without
from sestui.domain.mail.form import Format, MailForm
from sestui.domain.mail.headers import (
    header_lines,
    headers_problem,
    unsubscribe_pair,
    unsubscribe_problem,
    with_unsubscribe,
)
from sestui.domain.mail.message import FIND_TAG, Message
from sestui.domain.mail.mime import mailbox, mime
from sestui.domain.mail.raw import raw_bytes, raw_problem, read_head, with_crlf
from sestui.domain.mail.tags import parse_tags
from sestui.domain.names import InvalidName
from sestui.domain.text import printable

FORM = MailForm(
    sender="hello@example.com",
    display_name="Nguyễn Văn A",
    to="a@bücher.example, b@example.com",
    cc="c@example.com",
    bcc="d@example.com; b@example.com",
    reply_to="answers@example.com",
    subject="Chào 👋",
    text="Xin chào\n",
    html="<p>Xin chào</p>",
    tags="campaign=spring, env=test",
)


def message(form: MailForm = FORM, *files: Attachment) -> Message:
    built = build(form, files)
    assert isinstance(built, Message), built
    return built


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, _class=EmailMessage, policy=default)


def test_everyone_gets_it_once():
    built = message()
    assert built.to == ("a@xn--bcher-kva.example", "b@example.com")
    assert built.recipients == (*built.to, "c@example.com", "d@example.com")
    assert built.reply_to == ("answers@example.com",)


@pytest.mark.parametrize("field", ["cc", "bcc"])
def test_a_hidden_recipient_alone_is_enough(field):
    form = dataclasses.replace(FORM, to="", cc="", bcc="")
    assert message(dataclasses.replace(form, **{field: "x@example.com"})).recipients == (
        "x@example.com",
    )


def test_a_raw_message_says_itself_from_and_to_whom_it_goes():
    raw = "From: Anna <anna@example.com>\nTo: b@example.com\nCc: c@example.com\n\nbody"
    built = message(MailForm(Format.RAW, sender="ignored", raw=raw))
    assert built.sender == "anna@example.com"
    assert built.recipients == ("b@example.com", "c@example.com")
    built = message(MailForm(Format.RAW, to="x@example.com", raw=raw))
    assert built.recipients == ("x@example.com",)


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", ()),
        ("a=b", (("a", "b"),)),
        (" a=b;c=d ,, e=f", (("a", "b"), ("c", "d"), ("e", "f"))),
        ("ses:feedback-id-a=7", (("ses:feedback-id-a", "7"),)),
    ],
)
def test_tags(typed, tags):
    assert parse_tags(typed) == tags


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("a", "name=value"),
        ("a=", "letters, digits"),
        ("a=é", "letters, digits"),
        ("a:b=c", "letters, digits"),
        ("ses:operation=x", "SES's own"),
        ("a=b, a=c", "there twice"),
        ("a=" + "x" * 257, "letters, digits"),
        ("\x1b]0;x=y", "\\x1b]0"),
    ],
)
def test_a_tag_that_ses_would_refuse(typed, why):
    with pytest.raises(InvalidName) as refused:
        parse_tags(typed)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("name", "size", "why"),
    [
        ("report.pdf", 10_000, ""),
        ("réport.pdf", 10_000, ""),
        ("report", 10, "an extension"),
        (".profile", 10, "an extension"),
        ("run.EXE", 10, "no .exe files"),
        ("x" * 252 + ".pdf", 10, "255 characters"),
        ("a\nb.pdf", 10, "no mail may have"),
        ("=?utf-8?q?=0d=0aBcc:_x?=.pdf", 10, "no mail may have"),
        ("film.mp4", 30 * 1024 * 1024, "too large"),
    ],
)
def test_an_attachment(name, size, why):
    problem = attachment_problem(name, size)
    assert why in problem
    assert bool(why) == bool(problem)
    assert printable(problem) == problem


def test_attachments_count_together():
    assert not attachments_problem([("a.pdf", 15_000_000)])
    assert "Together" in attachments_problem([("a.pdf", 15_000_000), ("b.pdf", 16_000_000)])
    assert "exe" in BLOCKED_EXTENSIONS


@given(st.integers(0, 5_000))
def test_the_size_as_base64_is_the_one_that_goes_out(size):
    lines = base64.encodebytes(bytes(size)).replace(b"\n", b"\r\n")
    assert encoded_size(size) == len(lines)
    assert encoded_size(size) < MAX_MESSAGE


def test_a_mail_sent_along_is_a_file():
    # base64 is not allowed for message/rfc822 (RFC 2046 section 5.2.1)
    assert Attachment("a.eml", b"").content_type == "application/octet-stream"
    assert Attachment("a.pdf", b"").content_type == "application/pdf"
    assert Attachment("a.tar.gz", b"").content_type == "application/octet-stream"
    assert Attachment("a.unknown", b"").content_type == "application/octet-stream"


def test_the_unsubscribe_pair_is_one_that_ses_and_receivers_take():
    pair = unsubscribe_pair("example.com")
    assert headers_problem(pair) == (0, "")
    assert not unsubscribe_problem(pair)
    assert dict(pair)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert dict(pair)["List-Unsubscribe"].startswith("<https://example.com/")


def test_the_pair_is_added_once_and_what_is_right_stays():
    own = (("X-A", "b"), ("List-Unsubscribe", "<https://own.example/u>"))
    with_it = with_unsubscribe(own, "example.com")
    assert with_it == (*own, ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    assert with_unsubscribe(with_it, "example.com") == with_it
    wrong = (("list-unsubscribe", "mailto:u@example.com"),)
    assert with_unsubscribe(wrong, "example.com") == unsubscribe_pair("example.com")
    assert "List-Unsubscribe: <https" in header_lines(with_it)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}, "without List-Unsubscribe"),
        (
            {
                "List-Unsubscribe": "<mailto:u@example.com>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            "https://",
        ),
        (
            {"List-Unsubscribe": "<https://example.com>", "List-Unsubscribe-Post": "One-Click"},
            "exactly",
        ),
        ({"List-Unsubscribe": "<mailto:u@example.com>"}, ""),
    ],
)
def test_a_pair_that_receivers_would_not_take(headers, why):
    problem = unsubscribe_problem(tuple(headers.items()))
    assert why in problem
    assert bool(why) == bool(problem)


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=120))
def test_a_display_name_survives_as_ascii(name):
    written = mailbox(name, "a@example.com")
    assert written.isascii()
    assert written.isprintable()
    assert all(len(word) <= 75 for word in written.split() if word.startswith("=?"))
    shown, address = parseaddr(written)
    assert address == "a@example.com"
    assert str(make_header(decode_header(shown))) == name


def test_over_smtp_it_says_the_same():
    file = Attachment("ảnh.bin", bytes(range(256)))
    sent = dataclasses.replace(message(FORM, file), configuration_set="production-emails")
    data = mime(sent)
    assert data.isascii()
    arrived = read(data)
    assert arrived["From"].addresses[0].display_name == "Nguyễn Văn A"
    assert [a.addr_spec for a in arrived["To"].addresses] == list(sent.to)
    assert arrived["Bcc"] is None
    assert arrived["Subject"] == "Chào 👋"
    assert arrived["Reply-To"] == "answers@example.com"
    assert arrived["X-SES-CONFIGURATION-SET"] == "production-emails"
    assert arrived["X-SES-MESSAGE-TAGS"] == "campaign=spring, env=test"
    body = arrived.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["Xin chào"]
    (attached,) = arrived.iter_attachments()
    assert attached.get_filename() == "ảnh.bin"
    assert attached.get_content() == bytes(range(256))


def test_what_is_edited_tells_the_hidden_recipients_and_is_a_raw_message():
    data = mime(message(), with_bcc=True)
    assert read_head(data)["bcc"] == "d@example.com, b@example.com"
    assert raw_problem(data) is None


def test_a_template_is_filled_in_by_ses_only():
    templated = Message(Format.TEMPLATED, "a@example.com", ("b@example.com",), template="t")
    with pytest.raises(ValueError, match="API only"):
        mime(templated)


def test_a_raw_message_goes_out_as_it_is_behind_what_ses_reads():
    raw = b"From: a@example.com\r\n\r\n\xff\xfe"
    sent = Message(
        Format.RAW, "a@example.com", ("b@example.com",), raw=raw, tags=((FIND_TAG, "7"),)
    )
    assert mime(sent) == b"X-SES-MESSAGE-TAGS: sestui-test=7\r\n" + raw
    assert sent.find_tag == "7"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (b"", b""),
        (b"a", b"a\r\n"),
        (b"a\nb\rc\r\nd", b"a\r\nb\r\nc\r\nd\r\n"),
        (b"\xff\x0c\n", b"\xff\x0c\r\n"),
    ],
)
def test_lines_of_a_file_end_with_crlf(written, sent):
    assert with_crlf(written) == sent


@given(st.binary(max_size=200))
def test_whatever_the_file_holds_it_is_judged_with_a_place(data):
    problem = raw_problem(with_crlf(data))
    if problem is not None:
        assert printable(problem.text) == problem.text
        assert 0 <= problem.line <= with_crlf(data).count(b"\r\n") + 1


def test_the_place_of_a_problem():
    problem = raw_problem(raw_bytes("From: a@b.com\nno header\n\nbody"))
    assert problem is not None
    assert problem.line == 2


ENCODED = "=?utf-8?q?x=0d=0aBcc:_c@example.com?="


@pytest.mark.parametrize("field", ["subject", "display_name"])
@pytest.mark.parametrize("typed", [ENCODED, f"Hello {ENCODED}", "=?utf-8?b?DQpCY2M6IHg=?="])
def test_what_looks_like_an_encoded_word_is_text_and_adds_no_header(field, typed):
    """The email package would decode it, and write the line break that comes of it."""
    built = build(dataclasses.replace(FORM, **{field: typed}, bcc=""))
    assert isinstance(built, Message)
    arrived = read(mime(built))
    assert arrived["Bcc"] is None
    assert ENCODED.encode() not in mime(built)
    shown = {"subject": arrived["Subject"]}
    shown["display_name"] = arrived["From"].addresses[0].display_name
    assert shown[field] == typed


def test_the_value_of_a_header_of_ones_own_goes_out_as_it_is_written():
    form = dataclasses.replace(FORM, format=Format.HEADERS, headers=f"X-A: {ENCODED}\nSender: <")
    built = build(form)
    assert isinstance(built, Message)
    assert f"\r\nX-A: {ENCODED}\r\nSender: <\r\n".encode() in mime(built)


def test_no_line_of_a_message_is_longer_than_a_line_may_be():
    many = ", ".join(f"recipient-{number}@example.com" for number in range(50))
    form = dataclasses.replace(
        FORM,
        format=Format.HEADERS,
        display_name="Ả" * 320,
        subject="x" * 3_000,
        to=many,
        cc="",
        bcc="",
        headers="X-A: " + "b" * 990,
    )
    built = build(form)
    assert isinstance(built, Message)
    assert max(map(len, mime(built).split(b"\r\n"))) <= 998
    arrived = read(mime(built))
    assert arrived["Subject"] == form.subject
    assert len(arrived["To"].addresses) == 50
    # `policy.default` of Python 3.11 reads a space between two encoded words of a name.
    shown, _address = parseaddr(message_from_bytes(mime(built))["From"])
    assert str(make_header(decode_header(shown))) == form.display_name


@pytest.mark.parametrize("name", ["x\r\nBcc: c@example.com", "a b", "ü", "x" * 65])
def test_the_name_of_a_configuration_set_is_one_line(name):
    problems = build(dataclasses.replace(FORM, configuration_set=name))
    assert not isinstance(problems, Message)
    assert [problem.field for problem in problems] == ["configuration_set"]


@pytest.mark.parametrize("field", ["subject", "text", "html", "display_name", "to"])
def test_half_a_character_is_refused_where_it_is(field):
    problems = build(dataclasses.replace(FORM, **{field: "a\udcffb"}))
    assert not isinstance(problems, Message)
    assert problems[0].field == field
    assert "Half a character" in problems[0].text


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("a@x.com, b@x.com", "b@x.com"),
        ("b@x.com; a@X.com", "b@x.com"),
        ("a@x.com", ""),
        ("b@x.com;c@x.com", "b@x.com;c@x.com"),  # what is right is not touched
        ("a@x.com, half", "half"),
    ],
)
def test_a_recipient_is_left_out(typed, left):
    assert without(typed, "a@x.com") == left


hostile = st.text(st.sampled_from('a@b.,\r\n:<>"=?é \x00\u2028'), max_size=40)


@given(
    st.builds(
        MailForm,
        format=st.sampled_from([Format.FORMATTED, Format.HEADERS]),
        sender=st.just("a@example.com") | hostile,
        display_name=hostile | st.just(ENCODED),
        to=st.just("b@example.com") | hostile,
        cc=hostile,
        reply_to=hostile,
        subject=st.just("s") | hostile | st.just(ENCODED),
        text=st.just("t"),
        headers=st.just("X-A: b") | hostile,
        tags=hostile,
    )
)
def test_nothing_typed_can_add_a_header(form):
    built = build(form)
    if isinstance(built, Message):
        names = {"from", "to", "cc", "reply-to", "subject", "mime-version", "content-type",
                 "content-transfer-encoding", "x-ses-message-tags"}  # fmt: skip
        names |= {name.lower() for name, _value in built.headers}
        assert {name.lower() for name in read(mime(built))} <= names
        assert not set("\r\n") & set(mailbox(built.display_name, built.sender))


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        (b"From: a\r\nBcc: x@y.z\r\nTo: b\r\n\r\nBcc: stays\r\n", b"From: a\r\nTo: b\r\n\r\n"),
        (b"BCC : x,\r\n y\r\nFrom: a\r\n\r\n", b"From: a\r\n\r\n"),
        (b"From: a\r\n\r\nbody", b"From: a\r\n\r\n"),
    ],
)
def test_a_raw_message_over_smtp_does_not_tell_who_gets_it_hidden(raw, left):
    data = mime(Message(Format.RAW, "a@example.com", ("b@example.com",), raw=raw))
    assert data.startswith(left)
    assert data[len(left) :] == raw.partition(b"\r\n\r\n")[2]


def test_what_a_raw_message_tells_ses_itself_is_not_told_twice():
    raw = b"X-SES-Configuration-Set: own\r\nFrom: a@example.com\r\n\r\n"
    sent = Message(
        Format.RAW, "a@example.com", ("b@example.com",), raw=raw, configuration_set="other"
    )
    assert mime(sent) == raw
    raw = b"X-SES-MESSAGE-TAGS: a=b\r\nFrom: a@example.com\r\n\r\n"
    sent = dataclasses.replace(sent, raw=raw, configuration_set="", tags=((FIND_TAG, "7"),))
    expected = b"X-SES-MESSAGE-TAGS: a=b, sestui-test=7\r\nFrom: a@example.com\r\n\r\n"
    assert mime(sent) == expected
