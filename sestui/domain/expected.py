"""What changes of identities and templates are planned from, to be read again before each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sestui.domain.identity import Dkim, MailFrom, OnMxFailure, Status
from sestui.domain.mail.template import Template
from sestui.domain.plan import Expected


def mail_from_as_read(identity: str, mail_from: MailFrom) -> Expected:
    """The custom MAIL FROM domain, with what SES does when its MX is missing."""

    def read(answer: Mapping[str, Any]) -> object:
        found = answer.get("MailFromAttributes") or {}
        return _mail_from(
            found.get("MailFromDomain") or "",
            found.get("BehaviorOnMxFailure") == OnMxFailure.REJECT,
        )

    reject = mail_from.on_mx_failure is OnMxFailure.REJECT
    return _identity(identity, read, _mail_from(mail_from.domain, reject))


def _mail_from(domain: str, reject: bool) -> tuple[str, bool]:
    # Without a domain there is nothing to be lost.
    return domain, reject and bool(domain)


def dkim_as_read(identity: str, dkim: Dkim) -> Expected:
    """Whose keys sign: a restart of Easy DKIM takes the place of keys that are one's own."""

    def read(answer: Mapping[str, Any]) -> object:
        found = answer.get("DkimAttributes") or {}
        origin = found.get("SigningAttributesOrigin") or "AWS_SES"
        return origin, Status.parse(found.get("Status"))

    return _identity(identity, read, (dkim.origin, dkim.status))


def default_set_as_read(identity: str, current: str) -> Expected:
    """The identity's default configuration set; empty for none."""
    return _identity(identity, lambda answer: answer.get("ConfigurationSetName") or "", current)


def template_as_read(template: Template) -> Expected:
    def read(answer: Mapping[str, Any]) -> object:
        found = answer.get("TemplateContent") or {}
        return tuple(found.get(part) or "" for part in ("Subject", "Text", "Html"))

    was = template.subject, template.text, template.html
    return Expected("sesv2", "GetEmailTemplate", {"TemplateName": template.name}, read, was)


def _identity(name: str, read: Callable[[Mapping[str, Any]], object], was: object) -> Expected:
    return Expected("sesv2", "GetEmailIdentity", {"EmailIdentity": name}, read, was)
