"""The way of an event from SES to whoever receives it, as hops that hold or do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sestui.domain.configset import DestinationKind, EventType
from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.mail.form import SIMULATOR, Scenario
from sestui.domain.plan import Call


class State(StrEnum):
    WAITING = "waiting"
    GREEN = "green"
    AMBER = "amber"
    """It holds, and something about it wants a person's attention."""
    RED = "red"
    UNKNOWN = "unknown"
    """Cannot be seen from here, or could not be found out."""

    @property
    def glyph(self) -> str:
        return {"waiting": "…", "green": "✓", "amber": "!", "red": "✗", "unknown": "?"}[self.value]

    @property
    def word(self) -> str:
        return {
            State.WAITING: _("waiting"),
            State.GREEN: _("good"),
            State.AMBER: _("look"),
            State.RED: _("broken"),
            State.UNKNOWN: _("not seen"),
        }[self]


class HopKind(StrEnum):
    """In the order in which an event passes them."""

    SET = "set"
    IDENTITY = "identity"
    ACCEPTED = "accepted"
    CHOSEN = "chosen"
    PUBLISHED = "published"
    SUBSCRIBED = "subscribed"
    ARRIVED = "arrived"

    @property
    def word(self) -> str:
        return {
            HopKind.SET: _("Set"),
            HopKind.IDENTITY: _("Identity"),
            HopKind.ACCEPTED: _("Accepted"),
            HopKind.CHOSEN: _("Chosen"),
            HopKind.PUBLISHED: _("Published"),
            HopKind.SUBSCRIBED: _("Subscribed"),
            HopKind.ARRIVED: _("Arrived"),
        }[self]


@dataclass(frozen=True, slots=True)
class Fix:
    """How to mend a hop."""

    advice: str
    plan: tuple[Call, ...] = ()
    """What would mend it, to be agreed to; empty where only a person can."""
    text: str = ""
    """JSON to be copied: a statement, a policy."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop. `code` tells what is wrong apart for programs; all texts are printable."""

    kind: HopKind
    state: State
    text: str
    code: str = ""
    route: str = ""
    """Name of the event destination; empty for what all mail passes."""
    about: str = ""
    """The simulator's scenario, or the endpoint of a subscription."""
    fix: Fix | None = None
    since: datetime | None = None
    """When it came to be as it is."""

    @property
    def key(self) -> tuple[HopKind, str, str]:
        return self.kind, self.route, self.about


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be proven."""

    set_name: str
    nonce: str
    """Letters and digits, of nobody else's making: it marks the mails, the queue and the rule."""
    sender: str = ""
    """A From address; empty: one of the identity that uses the set."""
    queue: str = ""
    """ARN of a queue that gets the events already; empty: a temporary one."""
    raw: bool | None = None
    """What the receiver expects: the event alone (raw delivery), or SNS's envelope around it. None:
    either will do."""
    named: bool = False
    """The application names the set in each mail, so it need not be the identity's default."""


SCENARIOS: tuple[tuple[Scenario, EventType], ...] = (
    (Scenario.SUCCESS, EventType.DELIVERY),
    (Scenario.BOUNCE, EventType.BOUNCE),
    (Scenario.COMPLAINT, EventType.COMPLAINT),
)
"""What is sent to the simulator, and the event that proves it."""


def address_of(scenario: Scenario, nonce: str) -> str:
    """The simulator takes labels (Developer Guide, "Mailbox simulator")."""
    return f"{scenario.value}+{nonce}@{SIMULATOR}"


@dataclass(frozen=True, slots=True)
class Route:
    """A destination whose events can be caught, and what they are caught with."""

    name: str
    kind: DestinationKind
    target: str
    events: frozenset[EventType]
    queue: str
    """ARN of the queue, temporary or the person's."""
    rule: str = ""
    """Name of the temporary EventBridge rule."""
    topic: str = ""
    """ARN, for SNS."""


@dataclass(frozen=True, slots=True)
class ProofMail:
    scenario: Scenario
    address: str
    message_id: str = ""
    sent: datetime | None = None
    problem: Problem | None = None


class Phase(StrEnum):
    PREPARING = "preparing"
    SENDING = "sending"
    WATCHING = "watching"
    CLEANING = "cleaning"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Proof:
    """How it stands at one moment."""

    question: Question
    hops: tuple[Hop, ...]
    phase: Phase
    at: datetime
    mails: tuple[ProofMail, ...] = ()
    began: datetime | None = None
    problem: Problem | None = None
    """Why it could not be carried out."""
    left: tuple[tuple[str, Problem], ...] = ()
    """What could not be removed, and why."""

    @property
    def done(self) -> bool:
        return self.phase is Phase.DONE

    @property
    def broken(self) -> tuple[Hop, ...]:
        return tuple(hop for hop in self.hops if hop.state is State.RED)

    @property
    def state(self) -> State:
        """Of all of it: the worst, as long as something has arrived at all."""
        states = {hop.state for hop in self.hops}
        if State.RED in states:
            return State.RED
        if not self.done:
            return State.WAITING
        arrived = [hop.state for hop in self.hops if hop.kind is HopKind.ARRIVED]
        if self.problem is not None or State.GREEN not in arrived:
            return State.UNKNOWN
        return State.AMBER if State.AMBER in states else State.GREEN


def updated(hops: Iterable[Hop], *changed: Hop) -> tuple[Hop, ...]:
    """`hops` with those of `changed` in the place of the ones they follow."""
    news = {hop.key: hop for hop in changed}
    return tuple(news.get(hop.key, hop) for hop in hops)


def stamped(before: Iterable[Hop], now: Iterable[Hop], at: datetime) -> tuple[Hop, ...]:
    """`now`, each hop with the time since when it is as it is."""
    from dataclasses import replace

    known = {hop.key: hop for hop in before}
    found = []
    for hop in now:
        old = known.get(hop.key)
        same = old is not None and (old.state, old.text) == (hop.state, hop.text)
        found.append(replace(hop, since=old.since if same and old is not None else at))
    return tuple(found)
