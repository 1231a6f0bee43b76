"""What is in the message itself."""

from __future__ import annotations

from collections.abc import Iterator

from sestui.domain.i18n import _
from sestui.domain.mail.attachment import MAX_MESSAGE, SLOW_MESSAGE, encoded_size
from sestui.domain.mail.form import Format, Transport
from sestui.domain.mail.headers import UNSUBSCRIBE, unsubscribe_problem
from sestui.domain.mail.message import Message
from sestui.domain.mail.raw import read_head
from sestui.domain.preflight.facts import Facts, counted
from sestui.domain.preflight.note import Action, ActionKind, Note, stop, tell, warn

_MANY = 5
"""Recipients from which on a mail looks like one to a list."""


def message_notes(message: Message, facts: Facts) -> Iterator[Note]:
    yield from _size(message)
    yield from _unsubscribe(message)
    if facts.transport is Transport.SMTP and message.format is Format.TEMPLATED:
        yield stop(
            "template_over_smtp",
            _("A template is filled in by SES, which does so over the API only."),
            _("Send it through the API."),
            Action(ActionKind.USE_API),
        )
    elif facts.transport is Transport.SMTP and facts.region and not facts.has_smtp:
        yield stop(
            "no_smtp",
            _("SES has no SMTP in {region}.").format(region=facts.region),
            _("Send it through the API."),
            Action(ActionKind.USE_API),
        )


def size(message: Message) -> int:
    """Bytes on the wire, without headers: near enough to warn by."""
    if message.format is Format.RAW:
        return len(message.raw)
    texts = sum(len(text.encode(errors="replace")) for text in (message.text, message.html))
    return texts + sum(encoded_size(len(file.content)) for file in message.attachments)


def _size(message: Message) -> Iterator[Note]:
    megabytes = size(message) / (1024 * 1024)
    if size(message) > MAX_MESSAGE:
        yield stop(
            "too_big",
            _("The mail is {n:.1f} MB with its files as base64; SES takes 40 MB.").format(
                n=megabytes
            ),
            _("Leave a file out, or send a link to it."),
        )
    elif size(message) > SLOW_MESSAGE:
        yield tell(
            "big",
            _("The mail is {n:.1f} MB; above 10 MB SES is slow, and many mailboxes refuse.").format(
                n=megabytes
            ),
        )


def _unsubscribe(message: Message) -> Iterator[Note]:
    headers = message.headers
    if message.format is Format.RAW:
        headers = read_head(message.raw).fields
    action = Action(ActionKind.ADD_UNSUBSCRIBE)
    if problem := unsubscribe_problem(headers):
        yield warn("unsubscribe", problem, "", action)
    elif len(counted(message)) >= _MANY and not any(
        name.lower() == UNSUBSCRIBE.lower() for name, _value in headers
    ):
        yield tell(
            "no_unsubscribe",
            _("Mail to many without List-Unsubscribe: Gmail and Yahoo want it in bulk mail."),
            _("Mail that people asked for one by one, such as a receipt, needs none."),
            action,
        )
