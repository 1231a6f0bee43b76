"""The hops that all mail passes, and whether a destination was chosen for an event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sestui.domain.changes import resume_set_plan
from sestui.domain.configset import Destination, DestinationKind, EventType
from sestui.domain.configset.expected import destination_as_read
from sestui.domain.expected import default_set_as_read
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.prove.model import SCENARIOS, Fix, Hop, HopKind, Question, State
from sestui.domain.prove.scene import Scene

ALARMS = (EventType.BOUNCE, EventType.COMPLAINT)


def set_hop(scene: Scene) -> Hop:
    """Whether the set is there and lets mail through."""
    found, name = scene.configuration_set, scene.set_name
    if found is None:
        return Hop(
            HopKind.SET,
            State.RED,
            _("There is no configuration set {name} in {region}.").format(
                name=name, region=scene.region
            ),
            "set_missing",
            fix=Fix(_("Create it in the Monitoring step, or look in another Region.")),
        )
    if not found.sending_enabled:
        return Hop(
            HopKind.SET,
            State.RED,
            _("Sending is switched off in {name}: SES refuses every mail.").format(name=name),
            "set_paused",
            fix=Fix(_("Switch sending on again."), resume_set_plan(name)),
        )
    return Hop(HopKind.SET, State.GREEN, _("{name} is there and sends.").format(name=name))


def identity_hop(scene: Scene, question: Question) -> Hop:
    """Whether mail of the sender goes through the set."""
    identity, name = scene.identity, scene.set_name
    if scene.identity_problem is not None:
        problem = scene.identity_problem
        return Hop(HopKind.IDENTITY, State.UNKNOWN, problem.what, "unread", fix=Fix(problem.advice))
    if identity is None:
        text = (
            _("No identity in {region} covers {sender}.")
            if scene.sender
            else _("No identity in {region} may send.")
        ).format(region=scene.region, sender=scene.sender)
        advice = _("Verify one, in step 2, or name another sender.")
        return Hop(HopKind.IDENTITY, State.RED, text, "no_sender", fix=Fix(advice))
    if not identity.verified:
        text = _("{identity} is not verified, so {sender} cannot send.")
        advice = _("The Verify step shows what is missing.")
        return Hop(
            HopKind.IDENTITY,
            State.RED,
            text.format(identity=identity.name, sender=scene.sender),
            "not_verified",
            fix=Fix(advice),
        )
    if scene.default_set == name:
        text = _("Mail from {identity} goes through it by default.").format(identity=identity.name)
        return Hop(HopKind.IDENTITY, State.GREEN, text)
    other = scene.default_set
    if question.named:
        text = _("Each mail names it; {identity} has {other} as its default.").format(
            identity=identity.name, other=other or _("no set")
        )
        return Hop(HopKind.IDENTITY, State.GREEN, text)
    return _not_used(scene, identity.name, other)


def _not_used(scene: Scene, identity: str, other: str) -> Hop:
    """The most usual reason for silence: the mail never went through the set."""
    text = (
        _("{identity} does not use it: its mail goes through {other} instead.")
        if other
        else _("{identity} does not use it: its mail makes no events.")
    ).format(identity=identity, other=other)
    advice = _(
        "Make {set} the default of {identity}, or name it in each mail (ConfigurationSetName). "
        "This proof names it, to see the rest of the way."
    ).format(set=scene.set_name, identity=identity)
    words = _("Make {set} the default set of {identity}")
    call = Call(
        "sesv2",
        "PutEmailIdentityConfigurationSetAttributes",
        words.format(set=scene.set_name, identity=identity),
        {"EmailIdentity": identity, "ConfigurationSetName": scene.set_name},
        expected=default_set_as_read(identity, scene.default_set),
    )
    return Hop(HopKind.IDENTITY, State.RED, text, "set_not_used", fix=Fix(advice, (call,)))


def accepted_hop() -> Hop:
    return Hop(HopKind.ACCEPTED, State.WAITING, _("Three mails to the simulator."))


def no_destination_hop() -> Hop:
    return Hop(
        HopKind.CHOSEN,
        State.RED,
        _("The set has no event destination: nobody hears of anything."),
        "no_destination",
        fix=Fix(_("Add one in the Monitoring step.")),
    )


def chosen_hop(scene: Scene, destination: Destination) -> Hop:
    """Whether the destination is on, and gets bounces and complaints if no other one does."""
    name = destination.name

    def hop(state: State, text: str, code: str = "", fix: Fix | None = None) -> Hop:
        return Hop(HopKind.CHOSEN, state, text, code, name, fix=fix)

    if destination.unknown:
        text = _("It is of a kind that this version of sestui does not know.")
        return hop(State.UNKNOWN, text, "unknown_kind")
    if not destination.enabled:
        text = _("The destination is switched off and gets nothing.")
        fix = Fix(
            _("Switch it on."), (_update(scene, destination, replace(destination, enabled=True)),)
        )
        return hop(State.RED, text, "destination_disabled", fix)
    missing = [event for event in ALARMS if event not in destination.events]
    unheard = [event for event in missing if not _hears(scene, event)]
    chosen = ", ".join(event.word for event in EventType if event in destination.events)
    if unheard:
        words = ", ".join(event.word for event in unheard)
        text = _("{missing}: not chosen here, and no other destination gets it.")
        advice = _("Choose it here, or in another destination of the set.")
        wider = replace(destination, events=destination.events | frozenset(unheard))
        fix = Fix(advice, (_update(scene, destination, wider),))
        return hop(State.RED, text.format(missing=words), "event_not_chosen", fix)
    if not proving(destination):
        text = _("Nothing that the simulator can bring about is chosen: {events}.")
        return hop(State.UNKNOWN, text.format(events=chosen or "–"), "nothing_to_prove")
    return hop(State.GREEN, _("On, for {events}.").format(events=chosen))


def proving(destination: Destination) -> tuple[EventType, ...]:
    """The events of the destination that the proof brings about."""
    return tuple(event for _scenario, event in SCENARIOS if event in destination.events)


def watchable(destination: Destination) -> bool:
    """Events of it can arrive, and can be seen to."""
    seen = (DestinationKind.SNS, DestinationKind.EVENTBRIDGE, DestinationKind.CLOUDWATCH)
    live = destination.enabled and not destination.unknown
    return live and destination.kind in seen and bool(proving(destination))


def arrived_hops(destination: Destination) -> Iterator[Hop]:
    """One for each event that is to come; they wait."""
    for scenario, event in SCENARIOS:
        if event in destination.events:
            yield Hop(
                HopKind.ARRIVED,
                State.WAITING,
                _("{event}: not sent yet.").format(event=event.word),
                route=destination.name,
                about=scenario.value,
            )


def _hears(scene: Scene, event: EventType) -> bool:
    found = scene.configuration_set
    return found is not None and any(
        each.enabled and event in each.events for each in found.destinations
    )


def _update(scene: Scene, before: Destination, after: Destination) -> Call:
    words = _("Change the event destination {name}").format(name=before.name)
    return Call(
        "sesv2",
        "UpdateConfigurationSetEventDestination",
        words,
        {
            "ConfigurationSetName": scene.set_name,
            "EventDestinationName": before.name,
            "EventDestination": after.as_parameter(),
        },
        expected=destination_as_read(scene.set_name, before),
    )
