"""States of the wizard, made by hand: what each screen looks like must not depend on a network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sestui.domain.account import (
    Account,
    Caller,
    Choice,
    Connection,
    Quota,
    RegionSource,
    Source,
    Sources,
)
from sestui.domain.configset import (
    DEFAULT_EVENTS,
    ConfigurationSet,
    Destination,
    DestinationKind,
)
from sestui.domain.diagnosis import diagnose
from sestui.domain.dns import Answer, Outcome
from sestui.domain.identity import (
    Dkim,
    Identity,
    IdentityKind,
    IdentitySummary,
    MailFrom,
    Soa,
    Status,
    Verification,
)
from sestui.domain.mail.build import build
from sestui.domain.mail.form import MailForm
from sestui.domain.mail.message import Sent
from sestui.domain.readiness import review
from sestui.domain.records import required_records
from sestui.domain.steps import IdentityForm, Step, WizardState
from sestui.gateways.files import DiskFiles
from sestui.tui.app import WizardApp

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

CONNECTION = Connection(
    Choice(Source.PROFILE, "workshop"),
    Caller("123456789012", "arn:aws:iam::123456789012:user/anna"),
    "eu-west-1",
    RegionSource.PROFILE,
    "shared-credentials-file",
)
ACCOUNT = Account(False, True, "HEALTHY", Quota(200, 1, 3), ("BOUNCE", "COMPLAINT"))
TOKENS = tuple(letter + "bcdefghijklmnopqrstuvwxyz234567" for letter in "abc")
PENDING = Identity(
    "example.com",
    IdentityKind.DOMAIN,
    Status.PENDING,
    False,
    Verification(
        "HOST_NOT_FOUND",
        NOW - timedelta(seconds=40),
        None,
        Soa("ns1.example.net", "hostmaster.example.net", 2026112401),
    ),
    Dkim(Status.PENDING, True, "AWS_SES", TOKENS, "dkim.amazonses.com"),
    MailFrom("mail.example.com", Status.PENDING),
)
VERIFIED = replace(
    PENDING,
    status=Status.SUCCESS,
    verified=True,
    verification=Verification(),
    dkim=replace(PENDING.dkim, status=Status.SUCCESS),
    mail_from=replace(PENDING.mail_from, status=Status.SUCCESS),
    configuration_set="production-emails",
)
ADDRESS = Identity("you@example.com", IdentityKind.EMAIL, Status.PENDING, False)
RECORDS = required_records(PENDING, "eu-west-1")
SET = ConfigurationSet(
    "production-emails",
    reputation_metrics=True,
    destinations=(
        Destination(
            "bounces-and-complaints",
            DestinationKind.SNS,
            DEFAULT_EVENTS,
            "arn:aws:sns:eu-west-1:123456789012:ses-events",
        ),
    ),
)

_OUTCOMES = [
    (Outcome.FOUND, (RECORDS[0].value,)),
    (Outcome.NO_SUCH_NAME, ()),
    (Outcome.TIMED_OUT, ()),
    (Outcome.FOUND, ("10 mx1.example.net", "20 mx2.example.net")),
    (Outcome.NO_SUCH_TYPE, ()),
    (Outcome.NO_SUCH_NAME, ()),
]
MIXED = tuple(
    replace(
        diagnose(record, Answer(record.name, record.type, outcome, values, "ns1.example.net")),
        since=NOW - timedelta(minutes=3),
    )
    for record, (outcome, values) in zip(RECORDS, _OUTCOMES, strict=True)
)
MATCHING = tuple(
    replace(
        diagnose(
            record,
            Answer(record.name, record.type, Outcome.FOUND, (record.value,), "ns1.example.net"),
        ),
        since=NOW - timedelta(hours=2),
    )
    for record in RECORDS
)

BASE = WizardState(
    CONNECTION,
    ACCOUNT,
    (
        IdentitySummary("example.com", IdentityKind.DOMAIN, Status.PENDING),
        IdentitySummary("you@example.com", IdentityKind.EMAIL, Status.SUCCESS, True),
        IdentitySummary("old.example.net", IdentityKind.DOMAIN, Status.FAILED),
    ),
)
DONE = replace(BASE, identity=VERIFIED, checks=MATCHING, default_set=SET, tested=True)


def sent() -> Sent:
    message = build(
        MailForm(
            sender="hello@example.com",
            to="bounce@simulator.amazonses.com",
            subject="Hello",
            text="Hello",
        )
    )
    assert not isinstance(message, tuple)
    return Sent(message, "0102018f2ab4c7d0-5e1f6f0a-3c1d-4a43-9d3b-1f8e2c7b9a10-000000")


STATES: dict[str, tuple[Step, WizardState]] = {
    "account-first": (Step.ACCOUNT, WizardState()),
    "account": (Step.ACCOUNT, BASE),
    "identity-address": (
        Step.IDENTITY,
        replace(BASE, identity_form=IdentityForm(IdentityKind.EMAIL, "you@shop.example")),
    ),
    "identity-domain": (
        Step.IDENTITY,
        replace(BASE, identity_form=IdentityForm(IdentityKind.DOMAIN, "münchen.example")),
    ),
    "verify-address": (Step.VERIFY, replace(BASE, identity=ADDRESS)),
    "verify-mixed": (Step.VERIFY, replace(BASE, identity=PENDING, checks=MIXED)),
    "verify-done": (Step.VERIFY, DONE),
    "test": (Step.TEST, replace(DONE, sent=(sent(),))),
    "monitoring-first": (Step.MONITORING, replace(BASE, identity=PENDING)),
    "monitoring": (Step.MONITORING, DONE),
    "live": (
        Step.LIVE,
        replace(DONE, review=review(ACCOUNT, VERIFIED, MATCHING, SET)),
    ),
}


class Nowhere:
    """An outside with nothing in it: screens are drawn from their state alone."""

    practice = None

    def __init__(self) -> None:
        self.preferences = self
        self.clipboard = self
        self.keyring = self
        self.files = DiskFiles()
        self.saved: dict[str, object] = {}

    def load(self) -> dict[str, object]:
        return dict(self.saved)

    def save(self, values) -> None:
        self.saved = dict(values)

    async def copy(self, text: str) -> bool:
        return False

    async def sources(self) -> Sources:
        return Sources(("default", "workshop"), region="eu-west-1")

    async def connect(self, choice):
        raise AssertionError("no screen connects by itself")


def drawn(name: str, **changes: object) -> WizardApp:
    """The wizard on one screen, with nothing to connect to and a clock that stands still."""
    step, state = STATES[name]
    return WizardApp(Nowhere(), replace(state, **changes), opening=step, now=lambda: NOW)
