"""Plans: the calls that lead from what an account has to what a person wants.

Each is made of what is there now, so that a plan made again after a crash holds only what is left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sestui.domain.expected import dkim_as_read, mail_from_as_read, template_as_read
from sestui.domain.i18n import _
from sestui.domain.identity import Identity, IdentityKind, MailFrom, OnMxFailure, Status
from sestui.domain.mail.template import WORKSHOP_TEMPLATE, Template
from sestui.domain.names import parse_address, parse_domain, parse_label
from sestui.domain.plan import EXISTS, NOT_FOUND, Call
from sestui.domain.steps import IdentityForm


def identity_name(form: IdentityForm) -> str:
    """The identity that `form` names. Raises InvalidName."""
    if form.kind is IdentityKind.EMAIL:
        return str(parse_address(form.name))
    return parse_domain(form.name)


def identity_plan(form: IdentityForm, existing: Identity | None) -> tuple[Call, ...]:
    """Create the identity, or add what an existing one lacks. Empty when nothing is left to do.

    What exists is never weakened: a custom MAIL FROM that is set stays as it is.

    Raises:
        InvalidName: the form cannot be used as it is.
    """
    name = identity_name(form)
    domain = form.kind is IdentityKind.DOMAIN
    plan: list[Call] = []
    if existing is None:
        parameters: dict[str, Any] = {"EmailIdentity": name}
        if domain:
            parameters["DkimSigningAttributes"] = {"NextSigningKeyLength": form.key_length}
        words = (
            _("Create the domain identity {name} with Easy DKIM")
            if domain
            else _("Create the address identity {name}; Amazon sends a mail with a link to it")
        )
        plan.append(
            Call("sesv2", "CreateEmailIdentity", words.format(name=name), parameters, (EXISTS,))
        )
    elif domain and existing.dkim.status in (Status.FAILED, Status.NOT_STARTED):
        plan += restart_dkim(existing)
    if domain and form.custom_mail_from and not (existing and existing.mail_from.domain):
        was = existing.mail_from if existing else MailFrom()
        label = parse_label(form.label, name)
        plan.append(_mail_from_call(name, label, form.reject_on_mx_failure, was))
    return tuple(plan)


def _mail_from_call(identity: str, mail_from: str, reject: bool, was: MailFrom) -> Call:
    """Use `mail_from` as custom MAIL FROM domain; also what starts a failed one again."""
    behaviour = OnMxFailure.REJECT if reject else OnMxFailure.DEFAULT
    return Call(
        "sesv2",
        "PutEmailIdentityMailFromAttributes",
        _("Use {mail_from} as the custom MAIL FROM domain").format(mail_from=mail_from),
        {
            "EmailIdentity": identity,
            "MailFromDomain": mail_from,
            "BehaviorOnMxFailure": str(behaviour),
        },
        expected=mail_from_as_read(identity, was),
    )


def restart_dkim(identity: Identity) -> tuple[Call, ...]:
    """Start a failed Easy DKIM verification again; BYODKIM and replicas are left alone."""
    if identity.dkim.origin != "AWS_SES":
        return ()
    return (
        Call(
            "sesv2",
            "PutEmailIdentityDkimSigningAttributes",
            _("Start the DKIM verification of {name} again").format(name=identity.name),
            {"EmailIdentity": identity.name, "SigningAttributesOrigin": "AWS_SES"},
            expected=dkim_as_read(identity.name, identity.dkim),
        ),
    )


def restart_plan(identity: Identity) -> tuple[Call, ...]:
    """What makes SES look again after FAILED, which it never leaves by itself."""
    plan: list[Call] = []
    if identity.dkim.status is Status.FAILED:
        plan += restart_dkim(identity)
    if identity.mail_from.status is Status.FAILED:
        was = identity.mail_from
        reject = was.on_mx_failure is OnMxFailure.REJECT
        plan.append(_mail_from_call(identity.name, was.domain, reject, was))
    return tuple(plan)


def resend_plan(address: str) -> tuple[Call, ...]:
    """Send the verification mail again; API v2 has no operation for it, version 1 has."""
    words = _("Send the verification mail to {name} again").format(name=address)
    return (Call("ses", "VerifyEmailIdentity", words, {"EmailAddress": address}),)


def template_plan() -> tuple[Call, ...]:
    """The workshop's template; one of its name serves as well."""
    (call,) = save_template_plan(WORKSHOP_TEMPLATE)
    return (replace(call, tolerate=(EXISTS,)),)


def save_template_plan(template: Template, stored: Template | None = None) -> tuple[Call, ...]:
    """Create `template`, or change the stored one of its name. Empty when nothing differs."""
    if template == stored:
        return ()
    content = {"Subject": template.subject, "Text": template.text, "Html": template.html}
    words = _("Create the template {name}") if stored is None else _("Change the template {name}")
    return (
        Call(
            "sesv2",
            "CreateEmailTemplate" if stored is None else "UpdateEmailTemplate",
            words.format(name=template.name),
            {
                "TemplateName": template.name,
                "TemplateContent": {part: text for part, text in content.items() if text},
            },
            expected=None if stored is None else template_as_read(stored),
        ),
    )


def delete_template_plan(name: str) -> tuple[Call, ...]:
    words = _("Delete the template {name}; mail that names it is refused from then on")
    parameters = {"TemplateName": name}
    return (
        Call("sesv2", "DeleteEmailTemplate", words.format(name=name), parameters, (NOT_FOUND,)),
    )


def production_plan(mail_type: str, website: str, contacts: tuple[str, ...]) -> tuple[Call, ...]:
    """Ask AWS to lift the sandbox. It opens a Support case; the API has no way back."""
    parameters: dict[str, Any] = {
        "MailType": mail_type,
        "WebsiteURL": website,
        "ContactLanguage": "EN",
        "ProductionAccessEnabled": True,
    }
    if contacts:  # an empty list is an error
        parameters["AdditionalContactEmailAddresses"] = list(contacts)
    words = _("Ask AWS for production access; this opens a Support case")
    return (Call("sesv2", "PutAccountDetails", words, parameters),)


def unsuppress_plan(address: str) -> tuple[Call, ...]:
    """Take an address off the account's suppression list."""
    return (
        Call(
            "sesv2",
            "DeleteSuppressedDestination",
            _("Take {address} off the suppression list").format(address=address),
            {"EmailAddress": address},
            (NOT_FOUND,),
        ),
    )


def resume_set_plan(name: str) -> tuple[Call, ...]:
    """Switch sending on in a configuration set."""
    return (
        Call(
            "sesv2",
            "PutConfigurationSetSendingOptions",
            _("Switch sending on in the configuration set {name}").format(name=name),
            # Always explicit: SES takes an omitted boolean for false.
            {"ConfigurationSetName": name, "SendingEnabled": True},
        ),
    )


def resume_account_plan() -> tuple[Call, ...]:
    """Switch sending on for the account in this Region; it does not lift a pause by AWS."""
    return (
        Call(
            "sesv2",
            "PutAccountSendingAttributes",
            _("Switch sending on for the account in this Region"),
            {"SendingEnabled": True},
        ),
    )
