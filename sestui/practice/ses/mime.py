"""Messages built from Simple and Template content."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from sestui.practice.ses.errors import ServiceError, bad_request

MOST_LINE = 900
"""Characters of a header line that is not folded; a line has 998 at most."""
# 7 bit on the wire: a text that is not ASCII becomes quoted-printable or base64.
POLICY = SMTP.clone(cte_type="7bit")

# The developer guide's lists: "Unsupported attachment types" and "Header fields".
_BLOCKED = """
ade adp app asp bas bat cer chm cmd com cpl crt csh der exe fxp gadget hlp hta inf ins isp its
js jse ksh lib lnk mad maf mag mam maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz msc msh
msh1 msh2 mshxml msh1xml msh2xml msi msp mst ops pcd pif plg prf prg reg scf scr sct shb shs
sys ps1 ps1xml ps2 ps2xml psc1 psc2 tmp url vb vbe vbs vps vsmacros vss vst vsw vxd ws wsc wsf
wsh xnk
"""
BLOCKED_EXTENSIONS = frozenset(_BLOCKED.split())
_FORBIDDEN = """
bcc cc content-disposition content-type date from message-id mime-version reply-to return-path
subject to
"""
FORBIDDEN_HEADERS = frozenset(_FORBIDDEN.split())
# In two halves, so that no virus scanner takes this file for the test virus.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_ENCODINGS = {"BASE64": "base64", "QUOTED_PRINTABLE": "quoted-printable", "SEVEN_BIT": "7bit"}


@dataclass(frozen=True, slots=True)
class Text:
    """A part of the content, with the character set it is to be sent in."""

    text: str
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message is built from."""

    sender: str
    to: Sequence[str]
    cc: Sequence[str]
    reply_to: Sequence[str]
    subject: str
    text: Text | None
    html: Text | None
    headers: Sequence[Mapping[str, str]] = ()
    attachments: Sequence[Mapping[str, Any]] = field(default_factory=list)


def header_date(at: datetime) -> str:
    return format_datetime(at)


def alternative(text: str, html: str) -> EmailMessage:
    """multipart/alternative with both parts, even when they are empty."""
    message = EmailMessage(POLICY)
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def decode(content: Mapping[str, str]) -> Text:
    """A Content structure (Data, Charset). Without a charset it is 7-bit ASCII, as SES has it.

    Raises:
        ServiceError: BadRequestException for a charset that does not exist.
    """
    charset = content.get("Charset", "us-ascii")
    try:
        # What the charset cannot say is lost. This is how people find out about Charset.
        text = content["Data"].encode(charset, "replace").decode(charset)
    except LookupError:
        raise bad_request(f"Invalid charset: {charset}.") from None
    return Text(text, charset)


def build(draft: Draft, extra: Mapping[str, str]) -> bytes:
    """The whole message with CRLF line ends.

    Args:
        extra: the headers SES sets: Date, Message-ID …

    Raises:
        ServiceError: BadRequestException for headers or attachments that SES refuses.
    """
    try:
        return _head(draft, extra) + _body(draft).as_bytes()
    except ServiceError:
        raise
    except Exception as error:
        # An attachment's name or type that the stdlib stumbles over with IndexError,
        # AttributeError and the like: it is the text that is wrong.
        raise bad_request(f"Invalid header or attachment: {error}") from None


def _body(draft: Draft) -> EmailMessage:
    message = EmailMessage(POLICY)
    _set_body(message, draft)
    for attachment in draft.attachments:
        _attach(message, attachment)
    return message


def _head(draft: Draft, extra: Mapping[str, str]) -> bytes:
    """The header fields but for those of the body.

    Written here: the email package decodes encoded words, and line breaks in them with it, so that
    `=?utf-8?q?=0d=0aBcc:…?=` in a subject would become a header.
    """
    addresses = {"From": [draft.sender], "To": draft.to, "Cc": draft.cc, "Reply-To": draft.reply_to}
    fields = [
        (name, ", ".join(map(_mailbox, values))) for name, values in addresses.items() if values
    ]
    fields.append(("Subject", _subject(draft.subject)))
    fields += [*extra.items(), *_custom(draft.headers)]
    return b"".join(_line(name, value) for name, value in fields)


def _mailbox(written: str) -> str:
    """In ASCII; what is encoded already stays as it is."""
    return written if written.isascii() else formataddr(parseaddr(written))


def _line(name: str, value: str) -> bytes:
    unfolded = value.replace("\r\n ", " ")
    if any(char in unfolded for char in "\r\n\0"):
        raise bad_request(f"Invalid header {name}: it has a line break.")
    folded = value if len(value) < MOST_LINE else value.replace(", ", ",\r\n ")
    return f"{name}: {folded}\r\n".encode("ascii")


def _subject(text: str) -> str:
    if text.isascii() and "=?" not in text and len(text) < MOST_LINE:
        return text
    return Header(text, "utf-8", maxlinelen=75, header_name="Subject").encode(linesep="\r\n")


def has_virus(message: bytes) -> bool:
    """Whether a part of the message is the EICAR test file."""
    parts = message_from_bytes(message).walk()
    return any(
        isinstance(payload := part.get_payload(decode=True), bytes) and _EICAR in payload
        for part in parts
    )


def _set_body(message: EmailMessage, draft: Draft) -> None:
    text, html = draft.text, draft.html
    if text is not None:
        message.set_content(text.text, charset=text.charset)
    if text is not None and html is not None:
        message.add_alternative(html.text, subtype="html", charset=html.charset)
    elif html is not None:
        message.set_content(html.text, subtype="html", charset=html.charset)


def _custom(headers: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    seen: set[str] = set()
    for header in headers:
        name = header["Name"].lower()
        if name in FORBIDDEN_HEADERS:
            raise bad_request(f"Header name {header['Name']} is not allowed.")
        if len(header["Name"]) + len(header["Value"]) > 996:
            raise bad_request(f"Header {header['Name']} is longer than 996 characters.")
        if name in seen:
            raise bad_request(f"Duplicate header '{header['Name']}'.")
        seen.add(name)
    return [(header["Name"], header["Value"]) for header in headers]


def _attach(message: EmailMessage, attachment: Mapping[str, Any]) -> None:
    name: str = attachment["FileName"]
    data: bytes = attachment["RawContent"]
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        raise bad_request(f"Attachment {name} must have a file extension.")
    if extension.lower() in BLOCKED_EXTENSIONS:
        raise bad_request(f"Attachment type .{extension.lower()} is not supported.")
    encoding = _ENCODINGS[attachment.get("ContentTransferEncoding", "SEVEN_BIT")]
    if encoding == "7bit" and not data.isascii():
        # What AWS does here is not documented; a file that arrives broken helps nobody.
        raise bad_request(
            f"Attachment {name} is not 7-bit text: set ContentTransferEncoding to BASE64."
        )
    type_ = attachment.get("ContentType") or mimetypes.guess_type(name)[0]
    maintype, _, subtype = (type_ or "application/octet-stream").partition("/")
    if not subtype or maintype in ("multipart", "message"):
        maintype, subtype = "application", "octet-stream"
    cid = attachment.get("ContentId")
    options: dict[str, Any] = {"filename": name, "cte": encoding}
    if cid:
        options["cid"] = f"<{cid.strip('<>')}>"
    if description := attachment.get("ContentDescription"):
        options["headers"] = [f"Content-Description: {' '.join(description.split())}"]
    subtype = subtype.split(";")[0].strip()
    inline = attachment.get("ContentDisposition") == "INLINE"
    html = message.get_body(("html",)) if inline else None
    if html is not None:
        html.add_related(data, maintype, subtype, disposition="inline", **options)
    else:
        disposition = "inline" if inline else "attachment"
        message.add_attachment(data, maintype, subtype, disposition=disposition, **options)
