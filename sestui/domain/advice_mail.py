"""Why SES did not take a mail. Source: API v2 SendEmail; Developer Guide "Troubleshooting"."""

from __future__ import annotations

import re

from sestui.domain.advice_rejected import explain_rejection
from sestui.domain.errors import Trouble
from sestui.domain.i18n import _

Said = tuple[Trouble, str, str]

SENDING = ("SendEmail", "SendRawEmail", "SendBulkEmail")
# v2 answers NotFoundException for one that the caller names, and BadRequestException for an
# identity's default that was deleted; the other two are version 1's, which SMTP has too.
_NO_SET = {"NotFoundException", "ConfigurationSetDoesNotExist", "BadRequestException"}
_NO_TEMPLATE = {"NotFoundException", "TemplateDoesNotExist"}
_SET = re.compile(r"[Cc]onfiguration set:? <?([A-Za-z0-9_-]+)>?")
_TEMPLATE = re.compile(r"[Tt]emplate:? <?([^\s<>]+?)>? does not exist")
_DOMAIN = re.compile(r"([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\.?\s*$")


def refused_mail(
    code: str,
    text: str,
    *,
    operation: str = "SendEmail",
    region: str = "",
    sender: str = "",
    recipients: tuple[str, ...] = (),
    sandbox: bool | None = None,
    verified: frozenset[str] = frozenset(),
) -> Said | None:
    """What happened and what to do; None for a code that is not about a mail."""
    match code:
        case "MessageRejected":
            return explain_rejection(
                text,
                region=region,
                senders=(sender,) if sender else (),
                recipients=recipients,
                sandbox=sandbox,
                verified=verified,
            )
        case "MailFromDomainNotVerifiedException":
            return _mail_from(text)
        case "AccountSuspendedException":
            return (
                Trouble.REFUSED,
                _("AWS has permanently restricted this account from sending."),
                _(
                    "Only AWS Support can lift that: open a case from the account's console. "
                    "Sending again is of no use."
                ),
            )
        case "SendingPausedException":
            return _paused(text)
    return _missing(code, text, region) if operation in SENDING else None


def missing_set(text: str) -> str:
    """The configuration set that `text` says does not exist; empty for none."""
    found = _SET.search(text)
    return found[1] if found and "not exist" in text else ""


def missing_template(text: str) -> str:
    """The template that `text` says does not exist; empty for none."""
    found = _TEMPLATE.search(text)
    return found[1] if found else ""


def paused_set(text: str) -> str:
    """The configuration set whose sending `text` says is paused; empty for the account."""
    found = _SET.search(text)
    return found[1] if found else ""


def paused_by_aws(text: str) -> bool | None:
    """Whether AWS has paused the account, or its owner; None when `text` does not tell."""
    lower = text.lower()
    if "inbox" in lower:  # "check the inbox of the email address associated with your account"
        return True
    return False if "disabled" in lower else None


def _paused(text: str) -> Said:
    if name := paused_set(text):
        return (
            Trouble.REFUSED,
            _("Sending is switched off in the configuration set {name}.").format(name=name),
            _("Switch sending on for this configuration set, or choose another one."),
        )
    by_aws = paused_by_aws(text)
    if by_aws:
        return (
            Trouble.REFUSED,
            _("AWS has paused sending for this account."),
            _(
                "Read the mail to the account's owner and answer the case in the AWS Support "
                "Center; nobody else can lift it."
            ),
        )
    if by_aws is False:
        return (
            Trouble.REFUSED,
            _("Sending is switched off for this account in this Region."),
            _("Switch it on again: aws sesv2 put-account-sending-attributes --sending-enabled"),
        )
    return (
        Trouble.REFUSED,
        _("Sending is paused for this account."),
        _(
            "If AWS paused it, the enforcement status says so and the mail to the "
            "account's owner says why; else switch sending on again."
        ),
    )


def _mail_from(text: str) -> Said:
    found = _DOMAIN.search(text)
    what = (
        _("The custom MAIL FROM domain {domain} is not verified, and SES may not do without it.")
        if found
        else _("The custom MAIL FROM domain is not verified, and SES may not do without it.")
    )
    return (
        Trouble.REFUSED,
        what.format(domain=found[1] if found else ""),
        _(
            "Publish its MX record, or let SES use its own domain meanwhile: Verify, behaviour on "
            "MX failure."
        ),
    )


def _missing(code: str, text: str, region: str) -> Said | None:
    region = region or _("this Region")
    if code in _NO_SET and (name := missing_set(text)):
        default = code == "BadRequestException"
        what = (
            _("The sender's default configuration set {name} is gone: every send fails.")
            if default
            else _("There is no configuration set {name} in {region}.")
        )
        return (
            Trouble.REFUSED if default else Trouble.GONE,
            what.format(name=name, region=region),
            _("Create the configuration set, or choose another one. Each Region has its own."),
        )
    if code in _NO_TEMPLATE and (name := missing_template(text)):
        return (
            Trouble.GONE,
            _("There is no template {name} in {region}.").format(name=name, region=region),
            _("Create the template, or choose another one. Each Region has its own."),
        )
    return None
