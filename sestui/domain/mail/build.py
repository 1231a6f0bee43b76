"""From what is typed to a message SES will accept the form of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace

from sestui.domain.configset import parse_set_name
from sestui.domain.i18n import _
from sestui.domain.mail.attachment import Attachment, attachments_problem
from sestui.domain.mail.form import FieldProblem, Format, MailForm
from sestui.domain.mail.headers import headers_problem, read_headers
from sestui.domain.mail.message import Message
from sestui.domain.mail.raw import raw_bytes, raw_problem, read_head
from sestui.domain.mail.tags import parse_tags
from sestui.domain.mail.template import data_problem
from sestui.domain.names import InvalidName, parse_address
from sestui.domain.text import quoted

MAX_RECIPIENTS = 50
MAX_DISPLAY_NAME = 320
_HALF = re.compile("[\ud800-\udfff]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Problems = tuple[FieldProblem, ...]


def build(form: MailForm, attachments: Sequence[Attachment] = ()) -> Message | Problems:
    """The message of `form`, or everything that is wrong with it.

    Args:
        attachments: the files that `form.attachments` names, read; a raw message has none.
    """
    if form.format is Format.RAW:
        return build_raw(form, raw_bytes(form.raw))
    if halves := _half_characters(form):
        return halves
    problems: list[FieldProblem] = []
    message = Message(
        form.format,
        _sender(form, problems),
        (),
        display_name=_display_name(form, problems),
        subject=form.subject,
        text=form.text,
        html=form.html,
        headers=_headers(form, problems),
        attachments=tuple(attachments),
    )
    if form.format is Format.TEMPLATED:
        problems += _template_problems(form)
        message = replace(
            message,
            subject="",
            text="",
            html="",
            template=form.template,
            template_data=form.template_data.strip() or "{}",
        )
    else:
        problems += _content_problems(form)
    if problem := attachments_problem([(file.name, len(file.content)) for file in attachments]):
        problems.append(FieldProblem("attachments", problem))
    return _addressed(form, message, problems)


def build_raw(form: MailForm, raw: bytes) -> Message | Problems:
    """The message `raw`, whose lines end with CR LF, from and to whom it says itself.

    The recipients of `form` are the envelope's; without any it is those that `raw` names.
    """
    problems: list[FieldProblem] = []
    if problem := raw_problem(raw):
        return (FieldProblem("raw", problem.text, problem.line),)
    head = read_head(raw)
    senders = head.addresses("from")
    try:
        sender = str(parse_address(senders[0] if senders else head["from"]))
    except InvalidName as refused:
        return (FieldProblem("raw", _("From: {problem}").format(problem=refused)),)
    if not any(part.strip() for part in (form.to, form.cc, form.bcc)):
        form = replace(
            form,
            to=", ".join(head.addresses("to")),
            cc=", ".join(head.addresses("cc")),
            bcc=", ".join(head.addresses("bcc")),
        )
    return _addressed(
        replace(form, reply_to=""), Message(form.format, sender, (), raw=raw), problems
    )


def _addressed(
    form: MailForm, message: Message, problems: list[FieldProblem]
) -> Message | Problems:
    """`message` with its recipients, tags and set."""
    message = replace(
        message,
        to=_addresses("to", form.to, problems),
        cc=_addresses("cc", form.cc, problems),
        bcc=_addresses("bcc", form.bcc, problems),
        reply_to=_addresses("reply_to", form.reply_to, problems),
        configuration_set=_set_name(form, problems),
        tags=_tags(form, problems),
    )
    if not any(problem.field in ("to", "cc", "bcc") for problem in problems):
        if not message.recipients:
            problems.append(FieldProblem("to", _("Type at least one address.")))
        elif len(message.recipients) > MAX_RECIPIENTS:
            problems.append(FieldProblem("to", _("SES takes at most 50 recipients a message.")))
    return tuple(problems) if problems else message


def _sender(form: MailForm, problems: list[FieldProblem]) -> str:
    try:
        return str(parse_address(form.sender))
    except InvalidName as problem:
        problems.append(FieldProblem("sender", str(problem)))
        return ""


def _display_name(form: MailForm, problems: list[FieldProblem]) -> str:
    name = form.display_name.strip()
    if CONTROL.search(name):
        problems.append(FieldProblem("display_name", _("The name is one line of plain text.")))
    elif len(name) > MAX_DISPLAY_NAME:
        problems.append(FieldProblem("display_name", _("The name is very long.")))
    return name


def _addresses(field: str, typed: str, problems: list[FieldProblem]) -> tuple[str, ...]:
    try:
        return parse_addresses(typed)
    except InvalidName as problem:
        problems.append(FieldProblem(field, str(problem)))
        return ()


def parse_addresses(text: str) -> tuple[str, ...]:
    """The addresses in `text`, separated by commas or semicolons, each once.

    Raises:
        InvalidName: one of them is none; the message names it.
    """
    addresses: list[str] = []
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        try:
            addresses.append(str(parse_address(part)))
        except InvalidName as problem:
            raise InvalidName(f"{quoted(part.strip())}: {problem}") from None
    return tuple(dict.fromkeys(addresses))


def without(typed: str, address: str) -> str:
    """The addresses of `typed` but for `address`, which is as `parse_addresses` spells it."""
    parts = [part.strip() for part in re.split(r"[,;]", typed) if part.strip()]
    kept = [part for part in parts if not _means(part, address)]
    return typed if kept == parts else ", ".join(kept)


def _means(typed: str, address: str) -> bool:
    try:
        return str(parse_address(typed)) == address
    except InvalidName:
        return False


def _content_problems(form: MailForm) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if not form.subject.strip():
        problems.append(FieldProblem("subject", _("A mail without a subject looks like spam.")))
    elif CONTROL.search(form.subject):
        problems.append(FieldProblem("subject", _("The subject is one line of plain text.")))
    if not form.text.strip() and not form.html.strip():
        problems.append(FieldProblem("text", _("Write a text, HTML, or both.")))
    return problems


def _headers(form: MailForm, problems: list[FieldProblem]) -> tuple[tuple[str, str], ...]:
    if form.format is not Format.HEADERS:
        return ()
    try:
        lines = read_headers(form.headers)
    except InvalidName as problem:
        problems.append(FieldProblem("headers", str(problem)))
        return ()
    headers = tuple((name, value) for name, value, _line in lines)
    number, text = headers_problem(headers)
    if text:
        problems.append(FieldProblem("headers", text, lines[number][2]))
    elif not headers:
        problems.append(
            FieldProblem("headers", _("Type at least one header, such as X-Campaign: 7."))
        )
    return headers


def _half_characters(form: MailForm) -> Problems:
    """Bytes of the command line that are no UTF-8 come as lone surrogates; no mail can hold any."""
    text = _("Half a character is in it; SES takes whole ones.")
    return tuple(
        FieldProblem(name, text)
        for name, value in asdict(form).items()
        if type(value) is str and _HALF.search(value)
    )


def _set_name(form: MailForm, problems: list[FieldProblem]) -> str:
    """Over SMTP it is a header field, so it must be one line."""
    if not form.configuration_set:
        return ""
    try:
        return parse_set_name(form.configuration_set)
    except InvalidName as problem:
        problems.append(FieldProblem("configuration_set", str(problem)))
        return ""


def _tags(form: MailForm, problems: list[FieldProblem]) -> tuple[tuple[str, str], ...]:
    try:
        return parse_tags(form.tags)
    except InvalidName as problem:
        problems.append(FieldProblem("tags", str(problem)))
        return ()


def _template_problems(form: MailForm) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if not form.template:
        problems.append(FieldProblem("template", _("Choose a template.")))
    if problem := data_problem(form.template_data.strip() or "{}"):
        problems.append(FieldProblem("template_data", problem))
    return problems
