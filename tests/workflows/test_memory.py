"""What a run leaves for the next one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sestui.domain.account import Choice, Keys, Secret, Source
from sestui.domain.configset import DestinationKind, EventType
from sestui.domain.identity import IdentityKind
from sestui.domain.mail.form import Format, MailForm, Transport
from sestui.domain.steps import IdentityForm, MonitoringForm, WizardState
from sestui.workflows.memory import choice_of, recall, remembered
from tests.tui.states import DONE

FORMS = replace(
    DONE,
    identity_form=IdentityForm(IdentityKind.DOMAIN, "example.com", label="bounce"),
    mail_form=MailForm(
        Format.RAW,
        raw="From: a@example.com\n\nHi",
        attachments=("a.pdf",),
        transport=Transport.SMTP,
    ),
    monitoring_form=MonitoringForm(kind=DestinationKind.SNS, events=frozenset({EventType.BOUNCE})),
)


def test_forms_survive_a_trip_through_a_file():
    kept = json.loads(json.dumps(remembered(FORMS)))
    again = recall(WizardState(), kept)
    assert again.identity_form == FORMS.identity_form
    assert again.mail_form == FORMS.mail_form
    assert again.monitoring_form == FORMS.monitoring_form


def test_the_place_is_remembered():
    kept = remembered(FORMS)
    assert kept["identity"] == kept["tested"] == "example.com"
    assert choice_of(kept) == Choice(Source.PROFILE, "workshop", "eu-west-1")


def test_nothing_is_remembered_before_there_is_a_connection():
    assert remembered(WizardState()) == {}


def test_typed_keys_are_not_remembered():
    keys = Keys("AKIAEXAMPLE000000000", Secret("a canary"))
    connection = replace(FORMS.connection, choice=Choice(Source.TYPED, keys=keys))
    kept = remembered(replace(FORMS, connection=connection))
    assert "canary" not in json.dumps(kept)
    assert choice_of(kept).source is Source.DEFAULT


@pytest.mark.parametrize(
    "values",
    [
        {"identity_form": "nonsense"},
        {"identity_form": {"kind": "PLANET", "name": 7}},
        {"monitoring_form": {"events": ["BOUNCE", "LANDING"], "kind": None}},
        {"mail_form": {"format": [], "subject": None}},
        {"source": 7, "profile": [], "region": {}},
    ],
)
def test_what_cannot_be_read_counts_as_nothing(values):
    assert recall(WizardState(), values) == WizardState()
    assert choice_of(values) == Choice()
