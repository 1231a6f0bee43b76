"""What the mail form begins with: something sensible, and never in place of what was typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sestui.domain.identity import Identity, IdentityKind, IdentitySummary, Status
from sestui.domain.mail.first import first_form
from sestui.domain.mail.form import MailForm
from sestui.domain.steps import WizardState

DOMAIN = Identity("shop.example", IdentityKind.DOMAIN, Status.SUCCESS, True)
STATE = WizardState(
    practice=True,
    identity=DOMAIN,
    identities=(
        IdentitySummary("shop.example", IdentityKind.DOMAIN, Status.SUCCESS, True),
        IdentitySummary("ann@mail.example", IdentityKind.EMAIL, Status.SUCCESS, True),
    ),
)
OWN = "From: me\nSubject: Mine\n\nAn hour of work.\n"


def test_an_empty_form_is_filled_in():
    form = first_form(STATE)
    assert (form.sender, form.to) == ("hello@shop.example", "inbox@shop.example")
    assert form.subject
    assert form.text
    assert form.raw.startswith("From: hello@shop.example\nTo: inbox@shop.example\n")


@pytest.mark.parametrize(
    "sender", ["a@shop.example", "a@SHOP.example", "a@news.shop.example", "ann@mail.example"]
)
def test_whoever_may_send_stays_and_so_does_all_else(sender):
    form = MailForm(sender=sender, to="b@c.example", subject="s", text="t", raw=OWN, headers="A: b")
    kept = first_form(replace(STATE, mail_form=form))
    assert kept == replace(form, template_data=kept.template_data)


def test_another_identity_takes_what_was_given_for_the_one_before():
    before = first_form(STATE)
    other = replace(DOMAIN, name="other.example")
    form = first_form(WizardState(practice=True, identity=other, mail_form=before))
    assert (form.sender, form.to) == ("hello@other.example", "inbox@other.example")
    assert "shop.example" not in form.raw


@pytest.mark.parametrize("sender", ["", "half", "x@elsewhere.example", "ann@mail.example.org"])
def test_what_was_typed_stays_when_the_sender_cannot(sender):
    typed = MailForm(sender=sender, to="b@c.example", raw=OWN, subject="s", text="t")
    form = first_form(replace(STATE, mail_form=typed))
    assert form.sender == "hello@shop.example"
    assert (form.to, form.raw) == ("b@c.example", OWN)
