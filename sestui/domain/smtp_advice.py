"""What an answer of SES over SMTP means and what to do about it.

Source: SES developer guide, "SMTP response codes returned by Amazon SES"; RFC 5321 section 4.2.3.
What SES says of a mail itself it says with the words of the API, so `advice` explains that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from sestui.domain.account import Secret
from sestui.domain.advice import advise
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.smtp import Credentials
from sestui.domain.smtp_login import diagnose_535
from sestui.domain.text import printable

Said = tuple[Trouble, str, str]
"""The kind of trouble, what happened, what to do."""


class Stage(StrEnum):
    """Where in the conversation; the value is the command that was answered."""

    CONNECT = "connect"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    DATA = "DATA"
    BODY = "message"
    """After the final dot: the mail is SES's from here on."""


def smtp_problem(
    code: int,
    text: str,
    stage: Stage,
    *,
    region: str = "",
    sender: str = "",
    recipients: Sequence[str] = (),
    credentials: Credentials | None = None,
    secret: Secret | None = None,
) -> Problem:
    """What to tell a person about an answer that is a no.

    Args:
        code: of the answer; below 200 for something that is no answer of SMTP.
        text: what follows it.
        sender: From of the mail that was refused; `recipients` likewise.
        credentials: what was tried; `secret` the key they may be made of, when it is known.
    """
    said = printable(" ".join(text.split()))
    if stage is Stage.AUTH:
        # An answer might repeat what it was sent.
        said = re.sub(r"[A-Za-z0-9+/=]{16,}", "…", said)
    if code == 535 and credentials is not None and "subscribed" not in said:
        return diagnose_535(credentials, region, secret)
    problem = _of_the_api(code, said, region, sender, tuple(recipients))
    if problem is not None:  # with the code of the API, by which others know it
        return replace(problem, operation=f"SMTP {stage} {code}")
    trouble, what, advice = (
        _busy(code, said)
        or _access(code, said)
        or _of_the_mail(code, said, stage)
        or _rest(code, said, stage)
    )
    return Problem(
        what,
        advice,
        trouble,
        code=str(code) if code > 0 else "",
        operation=f"SMTP {stage}",
        said=said,
    )


def _of_the_api(
    code: int, said: str, region: str, sender: str, recipients: tuple[str, ...]
) -> Problem | None:
    """The API's errors, whose texts come over SMTP too."""
    kind, _colon, rest = said.partition(": ")
    kind = kind.lower()
    if code == 454 and kind == "throttling failure":
        return advise("SendEmail", "ThrottlingException", rest, region=region)
    if code == 535 and "subscribed" in said:
        return advise("SendEmail", "OptInRequired", said, region=region)
    if code != 554:
        return None
    if kind == "access denied":
        return advise("SendRawEmail", "AccessDeniedException", rest, region=region, sender=sender)
    if kind not in ("message rejected", "transaction failed"):
        return None
    lower = rest.lower()
    error = "MessageRejected"
    if "configuration set" in lower and "not exist" in lower:
        error = "ConfigurationSetDoesNotExist"
    elif "paused" in lower:
        error = "SendingPausedException"
    elif "mail from domain" in lower or "mail-from domain" in lower:
        error = "MailFromDomainNotVerifiedException"
    return advise("SendEmail", error, rest, region=region, sender=sender, recipients=recipients)


def _busy(code: int, said: str) -> Said | None:
    lower = said.lower()
    if code == 421 and "concurrent" in lower:
        return (
            Trouble.THROTTLED,
            _("There are too many SMTP connections of this account at once."),
            _("Wait a moment; another program may be sending with the same account."),
        )
    if code == 451 and "timeout" in lower:
        return (
            Trouble.NETWORK,
            _("SES waited too long for this machine and closed the connection."),
            _("The network is slow, or its MTU is above 1500. Nothing was sent; try again."),
        )
    if code == 454 and "authentication" in lower:
        return (
            Trouble.THROTTLED,
            _("SES could not check the password just now; it says nothing of whether it is right."),
            _("Try again in a minute. If it stays, look at AWS's Health Dashboard."),
        )
    if code in (421, 451, 454):
        return (
            Trouble.NETWORK,
            _("SES cannot do it right now: {text}").format(text=said or str(code)),
            _("Nothing was sent. Try again in a moment."),
        )
    return None


def _access(code: int, said: str) -> Said | None:
    lower = said.lower()
    if code == 530 and "starttls" in lower:
        return (
            Trouble.REFUSED,
            _("SES takes nothing before the connection is encrypted."),
            _("Use STARTTLS on 587, or a port that begins with TLS: 465 or 2465."),
        )
    if code == 530:
        return (
            Trouble.CREDENTIALS,
            _("SES wants a user name and a password, and got none."),
            _("Switch authentication on, with the SMTP user name and password of the Region."),
        )
    if code == 535:
        return (
            Trouble.CREDENTIALS,
            _("SES does not accept this user name with this password."),
            _("They are SMTP credentials, made for one Region; not those of the API."),
        )
    if code in (504, 534, 538):
        return (
            Trouble.REFUSED,
            _("The server does not take this way of signing in: {text}").format(text=said),
            _("SES takes AUTH PLAIN and AUTH LOGIN; this may be another server."),
        )
    return None


def _of_the_mail(code: int, said: str, stage: Stage) -> Said | None:
    if code == 552 or (code == 554 and "too long" in said.lower()):
        return (
            Trouble.REFUSED,
            _("The mail is too large: {text}").format(text=said),
            _("SES takes 40 MB with everything in base64, which is 29 MB of files."),
        )
    if code in (501, 553, 555) and stage in (Stage.MAIL, Stage.RCPT):
        return (
            Trouble.REFUSED,
            _("SES does not take the sender's address: {text}").format(text=said)
            if stage is Stage.MAIL
            else _("SES does not take a recipient's address: {text}").format(text=said),
            _("Only the bare address, in ASCII, its domain as Punycode. Nothing was sent."),
        )
    return None


def _rest(code: int, said: str, stage: Stage) -> Said:
    answer = f"{code} {said}".strip() if code > 0 else said
    if code < 200 and stage is Stage.STARTTLS:
        return (
            Trouble.NETWORK,
            _("The server offers no encryption on this port."),
            _(
                "SES always does: something between removes it. No password was given away; try "
                "a port that begins with TLS, 465 or 2465."
            ),
        )
    if code < 200:
        return (
            Trouble.NETWORK,
            _("What answers there does not speak SMTP: {text}").format(text=answer)
            if answer
            else _("What answers there does not speak SMTP."),
            _("A proxy or another server may be between; try another port."),
        )
    if code < 500:
        return (
            Trouble.NETWORK,
            _("SES said no for the moment: {text}").format(text=answer),
            _("Nothing was sent. Try again in a moment."),
        )
    if stage in (Stage.CONNECT, Stage.EHLO, Stage.STARTTLS):
        return (
            Trouble.NETWORK,
            _("The server would not begin: {text}").format(text=answer),
            _("A proxy or another server may be between; try another port."),
        )
    return (
        Trouble.REFUSED,
        _("SES refused at {stage}: {text}").format(stage=stage, text=answer),
        _("Check sender, recipients and headers; nothing was sent."),
    )
