"""What a message in the queue proves, and whether it is as it should be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sestui.domain.configset import EventType
from sestui.domain.errors import Problem
from sestui.domain.events import MailEvent, NotAnEvent, parse_event
from sestui.domain.i18n import _
from sestui.domain.prove.model import SCENARIOS, Fix, Hop, HopKind, ProofMail, Question, State
from sestui.domain.text import printable_lines

_MOST_SHOWN = 4000
_REFUTED = ("topic_", "kms_", "queue_policy", "queue_kms", "rule_unseen", "unread")
"""Beginnings of the codes that one event proves wrong: nothing could get through."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message as it lay in the queue."""

    body: str
    event: MailEvent | None = None
    wrong: str = ""
    """Why it is no event."""
    topic: str = ""
    """ARN of the topic, from SNS's envelope."""
    enveloped: bool = False
    bus: bool = False

    @property
    def shown(self) -> str:
        """Fit to draw."""
        return self.event.raw if self.event else printable_lines(self.body[:_MOST_SHOWN])


def opened(body: str) -> Parcel:
    """What came, and in which envelope. `body` is hostile."""
    topic, enveloped, bus = "", False, False
    try:
        outer = json.loads(body)
    except (ValueError, RecursionError):
        outer = None
    if isinstance(outer, dict):
        enveloped = outer.get("Type") == "Notification"
        topic = str(outer.get("TopicArn", "")) if enveloped else ""
        bus = "detail-type" in outer
    try:
        return Parcel(body, parse_event(body), "", topic, enveloped, bus)
    except NotAnEvent as error:
        return Parcel(body, None, str(error), topic, enveloped, bus)


def belongs(parcel: Parcel, question: Question) -> bool:
    """It is about a mail of this proof: the nonce is in the address."""
    if parcel.event is None:
        return question.nonce in parcel.body
    mark = f"+{question.nonce}@"
    return any(mark in address for address in parcel.event.destination)


def wanted_event(hop: Hop) -> EventType:
    """The event that an ARRIVED hop waits for."""
    return next(event for scenario, event in SCENARIOS if scenario.value == hop.about)


def arrived(
    hop: Hop, parcels: Iterable[Parcel], question: Question, mail: ProofMail, at: datetime
) -> Hop | None:
    """What becomes of a waiting ARRIVED hop by what has come; None: nothing for it."""
    event = wanted_event(hop)
    for parcel in parcels:
        found = parcel.event
        if found is None:
            if mail.address in parcel.body:
                text = _("Something came, but no event of SES: {why}").format(why=parcel.wrong)
                fix = Fix(_("Does a rule or a program change the message?"), text=parcel.shown)
                return _as(hop, State.RED, text, "not_json", fix)
            continue
        if found.kind is not event or mail.address not in found.destination:
            continue
        if found.configuration_set and found.configuration_set != question.set_name:
            text = _("It came through another set, {other}.").format(other=found.configuration_set)
            return _as(hop, State.RED, text, "other_set", Fix("", text=parcel.shown))
        # A queue of the person's shows whether what they expect is what they get.
        if question.raw is not None and not parcel.bus and parcel.enveloped is question.raw:
            return _as(hop, State.RED, *_mismatch(question.raw), Fix("", text=parcel.shown))
        seconds = (at - mail.sent).total_seconds() if mail.sent else 0.0
        form = _form(parcel)
        text = _("{event} came after {seconds} s, {form}; its JSON is right.")
        text = text.format(event=event.word, seconds=f"{max(0.0, seconds):.1f}", form=form)
        return _as(hop, State.GREEN, text, "", Fix("", text=parcel.shown))
    return None


def _mismatch(raw: bool) -> tuple[str, str]:
    text = (
        _("It came in SNS's envelope, and the receiver expects the event alone.")
        if raw
        else _("The event came alone (raw), and the receiver expects SNS's envelope.")
    )
    return text, "raw_mismatch"


def _form(parcel: Parcel) -> str:
    if parcel.bus:
        return _("by EventBridge")
    return _("in SNS's envelope") if parcel.enveloped else _("raw")


def _as(hop: Hop, state: State, text: str, code: str, fix: Fix | None) -> Hop:
    return Hop(hop.kind, state, text, code, hop.route, hop.about, fix)


def given_up(hop: Hop, hops: Iterable[Hop], seconds: float, sent: bool) -> Hop:
    """An ARRIVED hop that waits no longer."""
    event = wanted_event(hop)
    if not sent:
        text = _("{event}: its mail was not sent.").format(event=event.word)
        return _as(hop, State.UNKNOWN, text, "not_sent", None)
    text = _("{event} did not come within {n} s.").format(event=event.word, n=round(seconds))
    before = [
        each
        for each in hops
        if each.route == hop.route
        and each.kind in (HopKind.PUBLISHED, HopKind.SUBSCRIBED)
        and each.state is State.RED
    ]
    advice = (
        _("The red hop before it is why.")
        if before
        else _(
            "All before it looks right. Try again; then look at policies that sestui cannot see: "
            "of the organization, of a key, of a rule."
        )
    )
    return _as(hop, State.RED, text, "not_arrived", Fix(advice))


def on_its_way(hop: Hop) -> Hop:
    """An ARRIVED hop whose mail has gone out."""
    text = _("{event}: on its way.").format(event=wanted_event(hop).word)
    return _as(hop, State.WAITING, text, "", None)


def counted(hop: Hop, metric: str, seconds: float) -> Hop:
    """An ARRIVED hop of CloudWatch, when the metric has grown."""
    text = _("The metric {metric} has grown after {seconds} s.")
    return _as(hop, State.GREEN, text.format(metric=metric, seconds=f"{seconds:.0f}"), "", None)


def not_counted(hop: Hop) -> Hop:
    """CloudWatch is late by nature, so this is no proof of anything."""
    text = _("{event}: not in CloudWatch yet; that may take some minutes.")
    text = text.format(event=wanted_event(hop).word)
    fix = Fix(_("Look again later, in the namespace AWS/SES."))
    return _as(hop, State.UNKNOWN, text, "no_metric", fix)


def not_tried(hop: Hop, *, broken: bool) -> Hop:
    """A hop that was to be seen by a mail that is not sent, or by a queue that is not there."""
    if hop.kind is not HopKind.ACCEPTED:
        text = _("Not tried.")
    elif broken:
        text = _("Nothing was sent: something is broken that it would run into.")
    else:
        text = _("Nothing was sent: none of its events could be seen.")
    return _as(hop, State.UNKNOWN, text, "not_tried", None)


def unread_queue(hop: Hop, problem: Problem) -> Hop:
    text = _("The queue cannot be looked into: {why}").format(why=problem.what)
    return _as(hop, State.UNKNOWN, text, "unread", Fix(problem.advice, text=problem.policy))


def proven_by_arrival(hop: Hop, hops: Iterable[Hop]) -> Hop | None:
    """A hop before an event that has arrived did hold, whatever its policy seems to say."""
    came = any(
        each.kind is HopKind.ARRIVED and each.route == hop.route and each.state is State.GREEN
        for each in hops
    )
    if not came or hop.about or not hop.code.startswith(_REFUTED):
        return None
    text = _("It does let events through: one came.")
    return Hop(hop.kind, State.GREEN, text, "", hop.route, hop.about)
