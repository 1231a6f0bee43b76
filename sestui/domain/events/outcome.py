"""How it ended for each recipient, as far as the events tell."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sestui.domain.configset import EventType
from sestui.domain.events.model import Bounce, MailEvent
from sestui.domain.i18n import _
from sestui.domain.mail.form import SIMULATOR, Scenario
from sestui.domain.severity import Severity


class Outcome(StrEnum):
    UNKNOWN = "unknown"
    SENT = "sent"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    REJECTED = "rejected"
    NOT_RENDERED = "not rendered"

    @property
    def word(self) -> str:
        return {
            Outcome.UNKNOWN: _("nothing known yet"),
            Outcome.SENT: _("on its way"),
            Outcome.DELAYED: _("delayed, SES goes on trying"),
            Outcome.DELIVERED: _("delivered"),
            Outcome.BOUNCED: _("not delivered"),
            Outcome.COMPLAINED: _("delivered, and reported as spam"),
            Outcome.REJECTED: _("not sent"),
            Outcome.NOT_RENDERED: _("not sent"),
        }[self]

    @property
    def final(self) -> bool:
        """Nothing is left to wait for."""
        return self not in (Outcome.UNKNOWN, Outcome.SENT, Outcome.DELAYED)

    @property
    def severity(self) -> Severity:
        match self:
            case Outcome.DELIVERED:
                return Severity.OK
            case Outcome.DELAYED:
                return Severity.WARNING
            case Outcome.UNKNOWN | Outcome.SENT:
                return Severity.UNKNOWN
        return Severity.ERROR


def outcome_of(recipient: str, events: Iterable[MailEvent]) -> Outcome:
    """How it stands for `recipient`, from the events of one message."""
    mine = [event for event in events if _concerns(event, recipient)]
    kinds = {event.kind for event in mine}
    delivered = EventType.DELIVERY in kinds
    if EventType.COMPLAINT in kinds:
        return Outcome.COMPLAINED
    if any(_fails(event, delivered) for event in mine):
        return Outcome.BOUNCED
    if EventType.REJECT in kinds:
        return Outcome.REJECTED
    if EventType.RENDERING_FAILURE in kinds:
        return Outcome.NOT_RENDERED
    if delivered or kinds & {EventType.OPEN, EventType.CLICK}:
        return Outcome.DELIVERED
    if EventType.DELIVERY_DELAY in kinds:
        return Outcome.DELAYED
    return Outcome.SENT if EventType.SEND in kinds else Outcome.UNKNOWN


def settled(recipient: str, outcome: Outcome) -> bool:
    """Whether nothing more is expected. The simulator's complaint comes after its delivery."""
    local, _at, domain = recipient.lower().rpartition("@")
    complains = domain == SIMULATOR and local.partition("+")[0] == Scenario.COMPLAINT.value
    if complains and outcome is Outcome.DELIVERED:
        return False
    return outcome.final


def _concerns(event: MailEvent, recipient: str) -> bool:
    return recipient.lower() in (address.lower() for address in event.recipients)


def _fails(event: MailEvent, delivered: bool) -> bool:
    """Whether it is a bounce that means failure: an automatic reply to what was delivered, such as
    an out-of-office note, comes as a Transient/General one (Developer Guide, "Bounce types")."""
    if event.kind is not EventType.BOUNCE:
        return False
    reply = isinstance(event.details, Bounce) and event.details.type == "Transient"
    return not (delivered and reply)
