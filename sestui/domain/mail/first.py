"""The mail form with sensible values where nothing is typed yet."""

from __future__ import annotations

from dataclasses import replace

from sestui.domain.i18n import _
from sestui.domain.mail.form import MailForm, Scenario
from sestui.domain.mail.raw import RAW_EXAMPLE
from sestui.domain.mail.template import WORKSHOP_TEMPLATE_DATA
from sestui.domain.names import is_below
from sestui.domain.steps import WizardState


def first_form(state: WizardState) -> MailForm:
    """The form to begin with; what it was given for another identity goes, what is typed stays."""
    form, identity = state.mail_form, state.identity
    if identity is None:
        return form
    if not _ours(form.sender, state.verified_names | {identity.name}):
        sender = f"hello@{identity.name}" if identity.is_domain else identity.name
        # In practice every mailbox exists; elsewhere one may not, and a bounce would harm.
        own = f"inbox@{identity.name}" if identity.is_domain else identity.name
        recipient = own if state.practice or not identity.is_domain else Scenario.SUCCESS.address
        form = replace(
            form,
            sender=sender,
            to=recipient if _given_recipient(form) else form.to,
            raw="" if _given_message(form.raw) else form.raw,
        )
    return replace(
        form,
        subject=form.subject or _("Hello from Amazon SES"),
        text=form.text or _("This mail was sent with Amazon SES, through sestui."),
        headers=form.headers or "X-Campaign: workshop",
        raw=form.raw or RAW_EXAMPLE.format(sender=form.sender, to=form.to),
        template_data=(
            WORKSHOP_TEMPLATE_DATA if form.template_data in ("", "{}") else form.template_data
        ),
    )


def _ours(sender: str, names: frozenset[str]) -> bool:
    """Whether one of these identities, by itself or as the domain above, is that of `sender`."""
    host = sender.rpartition("@")[2].lower()
    return any(
        sender == name if "@" in name else bool(host) and is_below(host, name) for name in names
    )


def _given_recipient(form: MailForm) -> bool:
    """Nobody has typed who it goes to."""
    host = form.sender.rpartition("@")[2]
    return form.to in ("", form.sender, f"inbox@{host}", Scenario.SUCCESS.address)


def _given_message(raw: str) -> bool:
    """It is the example still, whoever it is from and to."""
    return raw.partition("\nSubject:")[2] == RAW_EXAMPLE.partition("\nSubject:")[2]
