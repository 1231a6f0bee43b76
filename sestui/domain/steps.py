"""The six steps of the workshop and what the wizard knows while it walks through them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sestui.domain.configset import DEFAULT_EVENTS, WORKSHOP_SET, DestinationKind, EventType
from sestui.domain.i18n import _
from sestui.domain.identity import IdentityKind
from sestui.domain.mail.form import MailForm

if TYPE_CHECKING:
    # The first frame needs nothing of them, and the diagnosis is a hundred milliseconds.
    from sestui.domain.account import Account, Connection
    from sestui.domain.configset import ConfigurationSet
    from sestui.domain.diagnosis import RecordCheck
    from sestui.domain.diagnosis.report import Report
    from sestui.domain.diagnosis.timeline import Event
    from sestui.domain.identity import Identity, IdentitySummary
    from sestui.domain.mail.message import Sent
    from sestui.domain.readiness import Review


class Step(StrEnum):
    ACCOUNT = "account"
    IDENTITY = "identity"
    VERIFY = "verify"
    TEST = "test"
    MONITORING = "monitoring"
    LIVE = "live"

    @property
    def word(self) -> str:
        return {
            Step.ACCOUNT: _("Account"),
            Step.IDENTITY: _("Identity"),
            Step.VERIFY: _("Verify"),
            Step.TEST: _("Test mail"),
            Step.MONITORING: _("Monitoring"),
            Step.LIVE: _("Go live"),
        }[self]

    @property
    def number(self) -> int:
        return list(Step).index(self) + 1


class Mark(StrEnum):
    """How a step stands; the value is its glyph."""

    OPEN = "○"
    CURRENT = "●"
    DONE = "✓"
    BLOCKED = "–"

    @property
    def word(self) -> str:
        return {
            Mark.OPEN: _("open"),
            Mark.CURRENT: _("here"),
            Mark.DONE: _("done"),
            Mark.BLOCKED: _("not yet"),
        }[self]


@dataclass(frozen=True, slots=True)
class IdentityForm:
    """What is typed in the Identity step, as typed."""

    kind: IdentityKind = IdentityKind.EMAIL
    name: str = ""
    custom_mail_from: bool = True
    label: str = "mail"
    reject_on_mx_failure: bool = False
    key_length: str = "RSA_2048_BIT"


@dataclass(frozen=True, slots=True)
class MonitoringForm:
    """What is typed in the Monitoring step, as typed."""

    set_name: str = WORKSHOP_SET
    reputation_metrics: bool = True
    make_default: bool = True
    destination_name: str = "bounces-and-complaints"
    kind: DestinationKind = DestinationKind.SNS
    events: frozenset[EventType] = DEFAULT_EVENTS
    topic: str = "ses-events"
    """A topic's name, or its ARN when it exists."""
    subscriber: str = ""
    """An address or a queue's ARN that is subscribed to the topic; may be empty."""
    stream: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class WizardState:
    """All of it, in one frozen value; replaced, never mutated. AWS and DNS hold the truth."""

    connection: Connection | None = None
    account: Account | None = None
    identities: tuple[IdentitySummary, ...] = ()
    identity: Identity | None = None
    checks: tuple[RecordCheck, ...] = ()
    report: Report | None = None
    """All that the last look at DNS has found out, the checks among it."""
    timeline: tuple[Event, ...] = ()
    """What changed when while this was watched, the oldest first."""
    sent: tuple[Sent, ...] = ()
    """Of this run; SES keeps no list of what was sent."""
    tested: bool = False
    """A test mail from this identity was accepted in an earlier run."""
    sets: tuple[str, ...] = ()
    default_set: ConfigurationSet | None = None
    review: Review | None = None
    practice: bool = False
    identity_form: IdentityForm = field(default_factory=IdentityForm)
    mail_form: MailForm = field(default_factory=MailForm)
    monitoring_form: MonitoringForm = field(default_factory=MonitoringForm)

    @property
    def verified_names(self) -> frozenset[str]:
        """The identities that mail can be sent from and, in the sandbox, to."""
        names = {s.name for s in self.identities if s.sending_enabled}
        if self.identity is not None and self.identity.verified:
            names.add(self.identity.name)
        return frozenset(names)

    @property
    def region(self) -> str:
        return self.connection.region if self.connection else ""


def complete(state: WizardState, step: Step) -> bool:
    """What the step is for has been reached, by what AWS and DNS said last."""
    match step:
        case Step.ACCOUNT:
            return state.connection is not None
        case Step.IDENTITY:
            return state.identity is not None
        case Step.VERIFY:
            if state.identity is None or not state.identity.complete:
                return False
            from sestui.domain.severity import Severity

            # Without DMARC it is verified all the same; the review in the last step asks for it.
            return not any(check.severity is Severity.ERROR for check in state.checks)
        case Step.TEST:
            return state.tested or bool(state.sent)
        case Step.MONITORING:
            return state.default_set is not None and any(
                destination.enabled for destination in state.default_set.destinations
            )
        case Step.LIVE:
            return state.review is not None and state.review.ready


_NEEDS: dict[Step, tuple[Step, ...]] = {
    Step.ACCOUNT: (),
    Step.IDENTITY: (Step.ACCOUNT,),
    Step.VERIFY: (Step.ACCOUNT, Step.IDENTITY),
    # The simulator takes mail while a domain still waits for DNS, but only from a verified
    # identity; the form says so. A monitored set can be made at any time.
    Step.TEST: (Step.ACCOUNT, Step.IDENTITY),
    Step.MONITORING: (Step.ACCOUNT, Step.IDENTITY),
    Step.LIVE: (Step.ACCOUNT, Step.IDENTITY),
}


def blocked_by(state: WizardState, step: Step) -> Step | None:
    """The first step that must be done before `step` can be opened; None when it can be."""
    return next((need for need in _NEEDS[step] if not complete(state, need)), None)


def reachable(state: WizardState, step: Step) -> bool:
    return blocked_by(state, step) is None


def mark(state: WizardState, step: Step, current: Step) -> Mark:
    """The rail's glyph for `step`."""
    if step is current:
        return Mark.CURRENT
    if complete(state, step):
        return Mark.DONE
    return Mark.OPEN if reachable(state, step) else Mark.BLOCKED


def first_open(state: WizardState) -> Step:
    """Where a run that was left continues: the first step that is not done."""
    return next((step for step in Step if not complete(state, step)), Step.LIVE)


def following(step: Step) -> Step | None:
    steps = list(Step)
    return steps[step.number] if step.number < len(steps) else None


def preceding(step: Step) -> Step | None:
    return list(Step)[step.number - 2] if step.number > 1 else None
