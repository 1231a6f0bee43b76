"""The form of the test mail: a message SES takes the form of, or all that is wrong, by field."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.mail.build import build
from sestui.domain.mail.form import FieldProblem, Format, MailForm, Scenario
from sestui.domain.mail.headers import FORBIDDEN_HEADERS, parse_headers
from sestui.domain.mail.message import Message
from sestui.domain.mail.raw import RAW_EXAMPLE
from sestui.domain.mail.template import WORKSHOP_TEMPLATE, WORKSHOP_TEMPLATE_DATA
from sestui.domain.names import InvalidName
from sestui.domain.text import printable

anything = st.text(st.characters(), max_size=60)


def check_that_it_can_be_drawn(refused: InvalidName) -> None:
    assert printable(str(refused)) == str(refused)


FORMATTED = MailForm(
    sender="me@example.com",
    to="success@simulator.amazonses.com",
    subject="Hello",
    text="Hello, world",
)
RAW = dataclasses.replace(
    FORMATTED, format=Format.RAW, raw="From: me@example.com\nSubject: Hi\n\nHello\n"
)
TEMPLATED = dataclasses.replace(
    FORMATTED,
    format=Format.TEMPLATED,
    template=WORKSHOP_TEMPLATE.name,
    template_data=WORKSHOP_TEMPLATE_DATA,
)
HEADERS = dataclasses.replace(FORMATTED, format=Format.HEADERS, headers="X-Campaign: 7")


def problem(form: MailForm, field: str) -> str:
    """What is said about `field`, the only one with a problem."""
    problems = build(form)
    assert isinstance(problems, tuple)
    assert [p.field for p in problems] == [field]
    return problems[0].text


def message(form: MailForm) -> Message:
    built = build(form)
    assert isinstance(built, Message), built
    return built


def test_a_formatted_mail():
    form = dataclasses.replace(
        FORMATTED, html="<p>Hello</p>", to="A@Example.com; b@example.com,", headers="X: y"
    )
    assert message(form) == Message(
        Format.FORMATTED,
        "me@example.com",
        ("A@example.com", "b@example.com"),
        subject="Hello",
        text="Hello, world",
        html="<p>Hello</p>",
    )


def test_a_mail_with_headers_of_its_own():
    assert message(HEADERS).headers == (("X-Campaign", "7"),)


def test_a_mail_from_a_template_says_only_which_and_with_what():
    built = message(dataclasses.replace(TEMPLATED, configuration_set="production-emails"))
    assert (built.template, built.template_data) == ("WorkshopTemplate", WORKSHOP_TEMPLATE_DATA)
    assert built.configuration_set == "production-emails"
    assert built.subject == built.text == ""


@pytest.mark.parametrize("typed", ["", "  ", "{}"])
def test_a_template_may_have_no_data(typed):
    assert message(dataclasses.replace(TEMPLATED, template_data=typed)).template_data == "{}"


def test_a_raw_mail_goes_out_byte_for_byte_with_lines_ended_by_crlf():
    raw = "From: me@example.com\rSubject: Hi\n\nform\x0cfeed, line\u2028separator: é\r\n"
    assert message(dataclasses.replace(RAW, raw=raw)).raw == (
        b"From: me@example.com\r\nSubject: Hi\r\n\r\n"
        + "form\x0cfeed, line\u2028separator: é\r\n".encode()
    )


def test_the_raw_example_is_one():
    raw = RAW_EXAMPLE.format(sender="me@example.com", to="you@example.com")
    assert message(dataclasses.replace(RAW, raw=raw)).raw.startswith(b"From: me@example.com\r\n")


def test_everything_that_is_wrong_is_said_at_once():
    problems = build(MailForm())
    assert isinstance(problems, tuple)
    assert [p.field for p in problems] == ["sender", "subject", "text", "to"]
    problems = build(MailForm(format=Format.TEMPLATED, template_data="{"))
    assert isinstance(problems, tuple)
    assert [p.field for p in problems] == ["sender", "template", "template_data", "to"]


@pytest.mark.parametrize(
    ("form", "field", "typed", "why"),
    [
        (FORMATTED, "sender", "me", "The @ and the domain"),
        (FORMATTED, "to", " , ;", "at least one"),
        (FORMATTED, "to", "a@b.com, c", "c: The @ and the domain"),
        (FORMATTED, "to", "\x1b[31m@", "\\x1b[31m@: The domain after"),
        (FORMATTED, "to", ",".join(f"a{i}@b.com" for i in range(51)), "at most 50"),
        (FORMATTED, "subject", "  ", "without a subject"),
        (FORMATTED, "subject", "a\r\nBcc: b@example.com", "one line"),
        (FORMATTED, "subject", "a\x1b[31m", "one line"),
        (FORMATTED, "text", " \n", "a text, HTML, or both"),
        (HEADERS, "headers", "\n", "at least one header"),
        (HEADERS, "headers", "X-Campaign", "of the form Name: value"),
        (TEMPLATED, "template", "", "Choose a template"),
        (TEMPLATED, "template_data", '{"name": }', "at 1:10"),
        (TEMPLATED, "template_data", '{"name": NaN}', "no JSON that SES would take"),
        (TEMPLATED, "template_data", '{"n": ' + "9" * 5_000 + "}", "no JSON that SES would take"),
        (TEMPLATED, "template_data", "[" * 200_000, "no JSON that SES would take"),
        (TEMPLATED, "template_data", "[]", "an object"),
        (TEMPLATED, "template_data", f'{{"a": "{"x" * 262_144}"}}', "262,144"),
        (RAW, "raw", "\n ", "Write the whole message"),
        (RAW, "raw", "From: a@b.com\nSubject: x\n", "blank line"),
        (RAW, "raw", "From: a@b.com\n \nbody", "blank line"),
        (RAW, "raw", "From: a@b.com\nno header\n\nbody", "Line 2 is not a header"),
        (RAW, "raw", " From: a@b.com\n\nbody", "Line 1 is not a header"),
        (RAW, "raw", "From a: b\n\nbody", "Line 1 is not a header"),
        (RAW, "raw", ": a@b.com\n\nbody", "Line 1 is not a header"),
        (RAW, "raw", "To: a@b.com\n\nFrom: a@b.com", "From: is missing"),
        (RAW, "raw", "From: \nTo: a@b.com\n\nbody", "From: is missing"),
        (RAW, "raw", "\nbody", "From: is missing"),
        (RAW, "raw", 'From: "<" <\n\nbody', "From: "),
        (RAW, "raw", "From: a@b.com\nSubject: x\nsubject: y\n\nbody", "the first is in line 2"),
        (RAW, "raw", "From: a@b.com\n\nbo\0dy", "Line 3 has a NUL"),
        (RAW, "raw", "From: a@b.com\n\n" + "é" * 500, "Line 3 is over 998 bytes"),
    ],
)
def test_a_field_that_ses_would_refuse(form, field, typed, why):
    assert why in problem(dataclasses.replace(form, **{field: typed}), field)


@pytest.mark.parametrize(
    "subject", ["Tiếng Việt", "a family: 👨‍👩‍👧", "a fixed\u00a0space", "عنوان\u200f"]
)
def test_a_subject_may_be_in_any_script(subject):
    assert message(dataclasses.replace(FORMATTED, subject=subject)).subject == subject


@pytest.mark.parametrize(
    "raw",
    [
        "from : a@b.com\n\nbody",
        "From:\n a@b.com\n\nbody",
        "To: a@b.com,\n\tb@b.com\nFrom: a@b.com\n\n",
        "From: a@b.com\n\n" + "x" * 998,
    ],
)
def test_a_raw_message_that_is_one(raw):
    assert message(dataclasses.replace(RAW, raw=raw)).raw


def test_what_is_no_text_at_all_is_no_reason_to_crash():
    form = dataclasses.replace(RAW, raw="From: a@b.com\n\n\ud800")
    assert message(form).raw.endswith(b"?\r\n")


def test_a_recipient_named_twice_gets_one_mail():
    form = dataclasses.replace(FORMATTED, to="a@b.com, a@B.com, A@b.com")
    assert message(form).recipients == ("a@b.com", "A@b.com")


forms = st.builds(
    MailForm,
    format=st.sampled_from(Format),
    sender=st.just("me@example.com") | anything,
    to=st.just("a@example.com") | anything,
    subject=anything,
    text=anything,
    html=anything,
    headers=anything | st.just("X-A: b"),
    raw=anything | anything.map("From: a@b.com\n{}\n\nbody".format),
    template=anything,
    template_data=anything | st.just('{"a": 1}'),
    configuration_set=st.just(""),
)


@given(forms)
def test_every_form_is_a_message_or_problems_of_its_fields_that_can_be_drawn(form):
    fields = {field.name for field in dataclasses.fields(MailForm)}
    built = build(form)
    if isinstance(built, Message):
        assert built.sender
        assert built.recipients
        assert isinstance(json.loads(built.template_data), dict)
        assert b"\n" not in built.raw.replace(b"\r\n", b"")
        assert b"\r" not in built.raw.replace(b"\r\n", b"")
    else:
        assert built
        assert all(isinstance(p, FieldProblem) and p.field in fields for p in built)
        assert all(printable(p.text) == p.text for p in built)


@pytest.mark.parametrize(
    ("typed", "headers"),
    [
        ("", ()),
        ("X-A: b", (("X-A", "b"),)),
        ("X-A:b\n\n  X-B :  c: d \r\n", (("X-A", "b"), ("X-B", "c: d"))),
        (
            (
                "List-Unsubscribe: <https://example.com/u>, <mailto:u@example.com>\n"
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
            ),
            (
                ("List-Unsubscribe", "<https://example.com/u>, <mailto:u@example.com>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ),
        ),
        ("x" * 126 + ": " + "y" * 870, (("x" * 126, "y" * 870),)),
    ],
)
def test_headers_are_lines_of_name_and_value(typed, headers):
    assert parse_headers(typed) == headers


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("X-A", "of the form"),
        ("X-A:", "X-A has no value"),
        (": b", "cannot be a header's name"),
        ("X A: b", "“X A” cannot be"),
        ("x" * 127 + ": y", "cannot be a header's name"),
        ("\x1b]0;T\x07: y", "“\\x1b]0;T\\x07” cannot be"),
        ("bcc: b@example.com", "bcc has a field of its own"),
        ("message-id: <a@b>", "message-id is set by SES"),
        ("X-SES-MESSAGE-TAGS: a=b", "use the fields Config set and Tags"),
        ("X-A: é", "plain ASCII"),
        ("X-A: b\nx-a: c", "x-a is there twice"),
        ("X-A: b\x0bBcc: c@example.com", "plain ASCII"),
        ("X-A: " + "y" * 996, "995 characters"),
        ("x" * 126 + ": " + "y" * 871, "995 characters"),
        ("\n".join(f"X-{i}: y" for i in range(16)), "at most 15"),
    ],
)
def test_a_header_that_ses_would_refuse(typed, why):
    with pytest.raises(InvalidName) as refused:
        parse_headers(typed)
    assert why in str(refused.value)


@given(anything | st.text("Xx-:\n\r é\x0b", max_size=60))
def test_whatever_is_typed_the_headers_are_ones_that_ses_takes(typed):
    try:
        headers = parse_headers(typed)
    except InvalidName as refused:
        check_that_it_can_be_drawn(refused)
    else:
        for name, value in headers:
            assert name.isascii()
            assert name.isprintable()
            assert ":" not in name
            assert name.lower() not in FORBIDDEN_HEADERS
            assert value.isascii()
            assert value.isprintable()
        assert parse_headers("\n".join(f"{name}: {value}" for name, value in headers)) == headers


def test_every_choice_has_a_word_of_its_own():
    for choices in (Format, Scenario):
        assert len({choice.word for choice in choices}) == len(choices)
    assert Scenario.OUT_OF_OFFICE.address == "ooto@simulator.amazonses.com"
