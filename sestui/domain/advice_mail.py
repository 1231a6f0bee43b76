"""Why SES did not take a mail. Source: API v2 SendEmail; Developer Guide "Troubleshooting"."""

from __future__ import annotations

import re

from sestui.domain.errors import Trouble
from sestui.domain.i18n import _

_FAILED = re.compile(r"failed the check in region ([A-Z0-9-]+):\s*(.+)$", re.DOTALL)


def refused_mail(
    code: str, text: str, *, region: str = "", sender: str = "", recipients: tuple[str, ...] = ()
) -> tuple[Trouble, str, str] | None:
    """What happened and what to do; None for a code that is not about a mail."""
    match code:
        case "MessageRejected":
            return _rejected(text, region, sender, recipients)
        case "MailFromDomainNotVerifiedException":
            return (
                Trouble.REFUSED,
                _("The custom MAIL FROM domain is not verified, and SES may not do without it."),
                _(
                    "Publish its MX record, or let SES use its own domain meanwhile: Verify, "
                    "behaviour on MX failure."
                ),
            )
        case "AccountSuspendedException":
            return (
                Trouble.REFUSED,
                _("AWS has permanently restricted this account from sending."),
                _("Only AWS Support can lift that: open a case from the account's console."),
            )
        case "SendingPausedException":
            if "configuration set" in text.lower():
                return (
                    Trouble.REFUSED,
                    text,
                    _("Switch sending on for this configuration set, or choose another one."),
                )
            return (
                Trouble.REFUSED,
                _("Sending is paused for this account."),
                _(
                    "If AWS paused it, the enforcement status says so and the mail to the "
                    "account's owner says why; else switch sending on again."
                ),
            )
    return None


def failed_identities(text: str) -> tuple[str, tuple[str, ...]]:
    """The Region and the identities that a MessageRejected names; ("", ()) when it names none.

    AWS writes the Region in upper case and may end a long list with an ellipsis.
    """
    found = _FAILED.search(text)
    if found is None:
        return "", ()
    names = (part.strip(" .…") for part in found[2].split(","))
    return found[1].lower(), tuple(name for name in names if name)


def _rejected(
    text: str, region: str, sender: str, recipients: tuple[str, ...]
) -> tuple[Trouble, str, str]:
    where, names = failed_identities(text)
    if not names:
        return (
            Trouble.REFUSED,
            _("SES rejected the mail: {text}").format(text=text)
            if text
            else _("SES rejected the mail without saying why."),
            _("Check sender, recipients and headers; nothing was sent."),
        )
    region = where or region
    what = _("Not verified in {region}: {names}.").format(region=region, names=", ".join(names))
    # SES names From, Return-Path or Sender, as `Name <a@b.c>` where the mail says so.
    named = {_address(name) for name in names}
    advice: list[str] = []
    if sender and sender in named:
        advice.append(
            _("Verify {sender} or its domain in {region}, or send from one that is.").format(
                sender=sender, region=region
            )
        )
    if named & set(recipients):
        advice.append(
            _(
                "In the sandbox a recipient must be a verified address, at a verified domain, or "
                "at the simulator. Production access lifts that."
            )
        )
    if not advice:
        advice.append(
            _(
                "Verify them in this Region. In the sandbox recipients count too: a verified "
                "address, a verified domain, or the simulator."
            )
        )
    if any(name != name.lower() for name in named):
        advice.append(_("SES tells upper from lower case before the @; compare letter by letter."))
    return Trouble.REFUSED, what, " ".join(advice)


def _address(name: str) -> str:
    found = re.search(r"<([^<>]+)>\s*$", name)
    return found[1] if found else name
