"""What is typed into the mail form; light, since the first frame needs it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.i18n import _

SIMULATOR = "simulator.amazonses.com"


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


class Transport(StrEnum):
    """How a mail is handed to SES."""

    API = "api"
    SMTP = "smtp"

    @property
    def word(self) -> str:
        return {
            Transport.API: _("API (HTTPS)"),
            Transport.SMTP: _("SMTP"),
        }[self]


@dataclass(frozen=True, slots=True)
class MailForm:
    """What is typed into the form, as typed."""

    format: Format = Format.FORMATTED
    sender: str = ""
    """The From address; a raw message brings its own."""
    display_name: str = ""
    to: str = ""
    """Addresses separated by commas; `cc`, `bcc` and `reply_to` likewise."""
    cc: str = ""
    bcc: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: str = ""
    """One `Name: value` a line."""
    raw: str = ""
    template: str = ""
    template_data: str = "{}"
    attachments: tuple[str, ...] = ()
    """Paths of files."""
    configuration_set: str = ""
    tags: str = ""
    """`name=value`, separated by commas."""
    transport: Transport = Transport.API


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Why a field cannot stay as it is. `field` is a field of `MailForm`."""

    field: str
    text: str
    line: int = 0
    """Of a long field, counted from 1; 0 where it is not about one line."""
