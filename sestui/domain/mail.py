"""The test mail: what is typed, what SES would refuse, and the four formats of the workshop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.i18n import _
from sestui.domain.mail_text import CONTROL, data_problem, parse_headers, raw_bytes, raw_problem
from sestui.domain.names import InvalidName, parse_address
from sestui.domain.text import quoted

SIMULATOR = "simulator.amazonses.com"

MAX_RECIPIENTS = 50


class Format(StrEnum):
    FORMATTED = "formatted"
    RAW = "raw"
    HEADERS = "headers"
    TEMPLATED = "templated"

    @property
    def word(self) -> str:
        return {
            Format.FORMATTED: _("Formatted"),
            Format.RAW: _("Raw"),
            Format.HEADERS: _("Custom headers"),
            Format.TEMPLATED: _("Templated"),
        }[self]


class Scenario(StrEnum):
    """The mailbox simulator's addresses; the value is the local part."""

    SUCCESS = "success"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    OUT_OF_OFFICE = "ooto"
    SUPPRESSED = "suppressionlist"

    @property
    def address(self) -> str:
        return f"{self.value}@{SIMULATOR}"

    @property
    def word(self) -> str:
        return {
            Scenario.SUCCESS: _("Successful delivery"),
            Scenario.BOUNCE: _("Bounce"),
            Scenario.COMPLAINT: _("Complaint"),
            Scenario.OUT_OF_OFFICE: _("Out of the office"),
            Scenario.SUPPRESSED: _("Address on the suppression list"),
        }[self]


@dataclass(frozen=True, slots=True)
class MailForm:
    """What is typed into the form, as typed."""

    format: Format = Format.FORMATTED
    sender: str = ""
    recipients: str = ""
    """Separated by commas."""
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: str = ""
    """One `Name: value` a line."""
    raw: str = ""
    template: str = ""
    template_data: str = "{}"
    configuration_set: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message SES will accept the form of."""

    format: Format
    sender: str
    recipients: tuple[str, ...]
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes = b""
    template: str = ""
    template_data: str = "{}"
    configuration_set: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Why a field cannot stay as it is. `field` is a field of `MailForm`."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """SES said yes: accepted, which is not yet delivered."""

    message: Message
    message_id: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """An e-mail template stored at SES."""

    name: str
    subject: str = ""
    text: str = ""
    html: str = ""


WORKSHOP_TEMPLATE = Template(
    "WorkshopTemplate",
    "Greetings, {{name}}!",
    "Dear {{name}},\nYour favourite animal is {{favoriteanimal}}.",
    "<h1>Hello {{name}}</h1><p>Your favourite animal is {{favoriteanimal}}.</p>",
)
WORKSHOP_TEMPLATE_DATA = '{"name": "Anaya", "favoriteanimal": "tiger"}'

RAW_EXAMPLE = """\
From: {sender}
To: {recipients}
Subject: Raw test mail from sestui
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

This message was written in full, headers and all.
"""


def build(form: MailForm) -> Message | tuple[FieldProblem, ...]:
    """The message of `form`, or everything that is wrong with it."""
    problems: list[FieldProblem] = []
    recipients = _recipients(form, problems)
    sender = _sender(form, problems)
    match form.format:
        case Format.RAW:
            if problem := raw_problem(form.raw):
                problems.append(FieldProblem("raw", problem))
        case Format.TEMPLATED:
            problems += _template_problems(form)
        case Format.FORMATTED | Format.HEADERS:
            if not form.subject.strip():
                problems.append(
                    FieldProblem("subject", _("A mail without a subject looks like spam."))
                )
            elif CONTROL.search(form.subject):
                problems.append(
                    FieldProblem("subject", _("The subject is one line of plain text."))
                )
            if not form.text.strip() and not form.html.strip():
                problems.append(FieldProblem("text", _("Write a text, HTML, or both.")))
    headers: tuple[tuple[str, str], ...] = ()
    if form.format is Format.HEADERS:
        headers = _headers(form, problems)
    if problems:
        return tuple(problems)
    if form.format is Format.RAW:
        return Message(
            form.format,
            sender,
            recipients,
            raw=raw_bytes(form.raw),
            configuration_set=form.configuration_set,
        )
    if form.format is Format.TEMPLATED:
        return Message(
            form.format,
            sender,
            recipients,
            template=form.template,
            template_data=form.template_data.strip() or "{}",
            configuration_set=form.configuration_set,
        )
    return Message(
        form.format,
        sender,
        recipients,
        subject=form.subject,
        text=form.text,
        html=form.html,
        headers=headers,
        configuration_set=form.configuration_set,
    )


def _sender(form: MailForm, problems: list[FieldProblem]) -> str:
    try:
        return str(parse_address(form.sender))
    except InvalidName as problem:
        problems.append(FieldProblem("sender", str(problem)))
        return ""


def _recipients(form: MailForm, problems: list[FieldProblem]) -> tuple[str, ...]:
    typed = [part for part in re.split(r"[,;]", form.recipients) if part.strip()]
    if not typed:
        problems.append(FieldProblem("recipients", _("Type at least one address.")))
        return ()
    if len(typed) > MAX_RECIPIENTS:
        problems.append(FieldProblem("recipients", _("SES takes at most 50 recipients a message.")))
    addresses: list[str] = []
    for part in typed:
        try:
            addresses.append(str(parse_address(part)))
        except InvalidName as problem:
            problems.append(FieldProblem("recipients", f"{quoted(part.strip())}: {problem}"))
            break
    return tuple(dict.fromkeys(addresses))


def _headers(form: MailForm, problems: list[FieldProblem]) -> tuple[tuple[str, str], ...]:
    try:
        headers = parse_headers(form.headers)
    except InvalidName as problem:
        problems.append(FieldProblem("headers", str(problem)))
        return ()
    if not headers:
        problems.append(
            FieldProblem("headers", _("Type at least one header, such as X-Campaign: 7."))
        )
    return headers


def _template_problems(form: MailForm) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if not form.template:
        problems.append(FieldProblem("template", _("Choose a template.")))
    if problem := data_problem(form.template_data.strip() or "{}"):
        problems.append(FieldProblem("template_data", problem))
    return problems


def sandbox_refuses(recipient: str, verified: frozenset[str]) -> bool:
    """True when the sandbox would not let mail to `recipient` out.

    It allows three kinds of recipient: verified addresses, any address at a verified domain, and
    the simulator. `verified` are the names of verified identities. (Developer Guide, "Request
    production access".)
    """
    local, _at, domain = recipient.rpartition("@")
    domain = domain.lower()
    if domain == SIMULATOR:
        return False
    plain = f"{local.split('+')[0]}@{domain}"
    parents = domain.split(".")
    domains = {".".join(parents[i:]) for i in range(len(parents))}
    # Domains have no case; SES tells addresses by theirs.
    names = {name if "@" in name else name.lower() for name in verified}
    return not (domains | {f"{local}@{domain}", plain}) & names
