"""The mail form with sensible values where nothing is typed yet."""

from __future__ import annotations

from dataclasses import replace

from sestui.domain.i18n import _
from sestui.domain.mail.form import MailForm, Scenario
from sestui.domain.mail.raw import RAW_EXAMPLE
from sestui.domain.mail.template import WORKSHOP_TEMPLATE_DATA
from sestui.domain.steps import WizardState


def first_form(state: WizardState) -> MailForm:
    """The form to begin with; what belongs to another identity goes."""
    form, identity = state.mail_form, state.identity
    if identity is None:
        return form
    ours = form.sender == identity.name or form.sender.endswith("@" + identity.name)
    if not form.sender or not (ours or form.sender.rpartition("@")[2] in state.verified_names):
        sender = f"hello@{identity.name}" if identity.is_domain else identity.name
        # In practice every mailbox exists; elsewhere one may not, and a bounce would harm.
        own = f"inbox@{identity.name}" if identity.is_domain else identity.name
        recipient = own if state.practice or not identity.is_domain else Scenario.SUCCESS.address
        form = replace(form, sender=sender, to=recipient, raw="")
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
