"""A message as MIME: for SMTP, and for the raw editor to begin with what the form says."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import quote

from sestui.domain.i18n import _
from sestui.domain.mail.attachment import Attachment
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import Message
from sestui.domain.mail.raw import read_head, without

# 7 bit on the wire, so that no relay has to convert what DKIM has signed.
_POLICY = SMTP.clone(cte_type="7bit")
_SET, _TAGS = "X-SES-CONFIGURATION-SET", "X-SES-MESSAGE-TAGS"
_ENCODED = "=?"
"""How an encoded word begins (RFC 2047)."""
_FOLDED_COMMA = ",\r\n "
_MOST_BARE = 900
"""Characters; a line has 998 at most (RFC 5321 section 4.5.3.1.6)."""


def mailbox(name: str, address: str) -> str:
    """`address` with a display name, in ASCII: words of other scripts as RFC 2047 has them."""
    if not name:
        return address
    if name.isascii() and _ENCODED not in name:
        return f'"{quote(name)}" <{address}>'
    encoded = Header(name, "utf-8", maxlinelen=75).encode(linesep="").replace("\n", "")
    return f"{encoded} <{address}>"


def mime(message: Message, *, with_bcc: bool = False) -> bytes:
    """`message` as it goes out over SMTP; a raw one as it is, but for its Bcc.

    What SES sets by other parameters of the API is in header fields here: the configuration set and
    the tags (Developer Guide, "Amazon SES header fields").

    Args:
        with_bcc: for a message that is edited; one that is sent must not tell.

    Raises:
        ValueError: a templated message; only SES can fill it in.
    """
    if message.format is Format.RAW:
        return _special_headers(message) + without(message.raw, ("bcc", _TAGS.lower()))
    if message.format is Format.TEMPLATED:
        raise ValueError(_("A template is filled in by SES, which does so over the API only."))
    mail = EmailMessage(_POLICY)
    if message.text or not message.html:
        mail.set_content(message.text)
    if message.text and message.html:
        mail.add_alternative(message.html, subtype="html")
    elif message.html:
        mail.set_content(message.html, subtype="html")
    for file in message.attachments:
        _attach(mail, file)
    return _special_headers(message) + _head(message, with_bcc) + mail.as_bytes()


def _head(message: Message, with_bcc: bool) -> bytes:
    """The header fields but for those of the body.

    The email package would decode what is typed as an encoded word, and write the line breaks that
    it finds there as they are: `=?utf-8?q?=0d=0aBcc:…?=` in a subject would be a header.
    """
    sender = mailbox(message.display_name, message.sender)
    if sender.startswith(_ENCODED):
        sender = sender.replace(" ", "\r\n ")  # all in one line may be longer than a line can be
    lines = [f"From: {sender}"]
    for name, addresses in (
        ("To", message.to),
        ("Cc", message.cc),
        ("Bcc", message.bcc if with_bcc else ()),
        ("Reply-To", message.reply_to),
    ):
        if addresses:
            lines.append(f"{name}: {_FOLDED_COMMA.join(addresses)}")
    lines.append(f"Subject: {_unstructured(message.subject)}")
    lines += (f"{name}: {value}" for name, value in message.headers)  # 996 bytes at most
    return b"".join(line.encode("ascii") + b"\r\n" for line in lines)


def _unstructured(text: str) -> str:
    """`text` as the value of the header field Subject, so that it is read as it was typed."""
    bare = text.isascii() and _ENCODED not in text and text == text.strip()
    if bare and len(text) <= _MOST_BARE:
        return text
    return Header(text, "utf-8", maxlinelen=75, header_name="Subject").encode(linesep="\r\n")


def _special_headers(message: Message) -> bytes:
    """What SES reads, each once: a raw message may say some of it itself."""
    own = read_head(message.raw)
    lines = ""
    if message.configuration_set and not own[_SET.lower()]:
        lines += f"{_SET}: {message.configuration_set}\r\n"
    tags = [f"{name}={value}" for name, value in message.tags]
    if theirs := own[_TAGS.lower()]:
        tags.insert(0, theirs)
    if tags:
        lines += f"{_TAGS}: {', '.join(tags)}\r\n"
    return lines.encode("utf-8")


def _attach(mail: EmailMessage, file: Attachment) -> None:
    kind, _slash, subtype = file.content_type.partition("/")
    mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
