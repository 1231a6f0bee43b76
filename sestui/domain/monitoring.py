"""The plan of the Monitoring step: a configuration set whose events reach a destination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sestui.domain.configset import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    default_bus,
    default_dimension,
    parse_set_name,
    set_arn,
)
from sestui.domain.destinations.facts import Topic
from sestui.domain.destinations.firehose import new_role
from sestui.domain.destinations.place import Place
from sestui.domain.destinations.subscriptions import (
    Subscriber,
    subscribe,
    subscription_protocol,
)
from sestui.domain.destinations.topics import new_topic, topic_edit
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.plan import EXISTS, Call
from sestui.domain.steps import MonitoringForm

__all__ = [
    "Existing",
    "Place",
    "destination_of",
    "monitoring_plan",
    "subscription_protocol",
]


@dataclass(frozen=True, slots=True)
class Existing:
    """What the Monitoring step found before it plans."""

    configuration_set: ConfigurationSet | None = None
    topic_policy: Mapping[str, Any] | None = None
    """None: there is no such topic."""
    subscribed: frozenset[str] = frozenset()
    """Endpoints subscribed to the topic, confirmed or not."""
    role_exists: bool = False
    identity_default: str = ""
    """The identity's default configuration set."""


def monitoring_plan(
    form: MonitoringForm, identity: str, place: Place, existing: Existing
) -> tuple[Call, ...]:
    """Create or complete a configuration set with one event destination.

    Raises:
        InvalidName: the form cannot be used as it is.
    """
    name = parse_set_name(form.set_name)
    destination = destination_of(form, place)
    plan = _set_calls(form, name, existing.configuration_set)
    arn = set_arn(place.region, place.account, name)
    match form.kind:
        case DestinationKind.SNS:
            plan += _topic_calls(form, destination.target, place, arn, existing)
        case DestinationKind.FIREHOSE:
            plan += _role_calls(destination, place, arn, existing)
        case _other:
            pass
    plan += _destination_calls(name, destination, existing.configuration_set)
    if form.make_default and existing.identity_default != name:
        plan.append(
            Call(
                "sesv2",
                "PutEmailIdentityConfigurationSetAttributes",
                _("Make {set} the default set of {identity}").format(set=name, identity=identity),
                {"EmailIdentity": identity, "ConfigurationSetName": name},
            )
        )
    return tuple(plan)


def destination_of(form: MonitoringForm, place: Place) -> Destination:
    """The event destination that `form` describes. Raises InvalidName."""
    name = parse_set_name(form.destination_name)
    events = form.events
    if not events:
        raise InvalidName(_("Choose at least one event."))
    match form.kind:
        case DestinationKind.SNS:
            return Destination(name, form.kind, events, place.topic(form.topic))
        case DestinationKind.EVENTBRIDGE:
            return Destination(name, form.kind, events, default_bus(place.region, place.account))
        case DestinationKind.FIREHOSE:
            # IAM takes 64 characters, as many as the set's name alone may have.
            role = place.role(form.role.strip() or f"ses-{form.set_name.strip()[:50]}-firehose")
            return Destination(name, form.kind, events, place.stream(form.stream), role)
        case _cloudwatch:
            dimension = default_dimension(form.set_name.strip())
            return Destination(name, DestinationKind.CLOUDWATCH, events, dimensions=(dimension,))


def _set_calls(form: MonitoringForm, name: str, existing: ConfigurationSet | None) -> list[Call]:
    if existing is None:
        return [
            Call(
                "sesv2",
                "CreateConfigurationSet",
                _("Create the configuration set {name}").format(name=name),
                {
                    "ConfigurationSetName": name,
                    # Always explicit: SES takes an omitted boolean for false.
                    "ReputationOptions": {"ReputationMetricsEnabled": form.reputation_metrics},
                    "SendingOptions": {"SendingEnabled": True},
                },
                (EXISTS,),
            )
        ]
    if existing.reputation_metrics == form.reputation_metrics:
        return []
    words = _("Switch reputation metrics on") if form.reputation_metrics else _("Switch them off")
    return [
        Call(
            "sesv2",
            "PutConfigurationSetReputationOptions",
            words,
            {"ConfigurationSetName": name, "ReputationMetricsEnabled": form.reputation_metrics},
        )
    ]


def _topic_calls(
    form: MonitoringForm, topic: str, place: Place, arn: str, existing: Existing
) -> list[Call]:
    there = None
    if existing.topic_policy is not None:
        there = Topic(topic, existing.topic_policy)
    edit = new_topic(topic, arn, place) if there is None else topic_edit(there, arn, place)
    calls = [edit.call] if edit is not None else []
    endpoint = form.subscriber.strip()
    if endpoint and endpoint not in existing.subscribed:
        calls += subscribe(topic, Subscriber(endpoint))
    return calls


def _role_calls(destination: Destination, place: Place, arn: str, existing: Existing) -> list[Call]:
    if existing.role_exists:
        return []
    steps = new_role(destination.role, destination.target, arn, place)
    return [step.call for step in steps]


def _destination_calls(
    set_name: str, destination: Destination, existing: ConfigurationSet | None
) -> list[Call]:
    before = {d.name: d for d in existing.destinations} if existing else {}
    update = destination.name in before
    if update:
        destination = replace(destination, other_events=before[destination.name].other_events)
    if before.get(destination.name) == destination:
        return []
    words = (
        _("Change the event destination {name}") if update else _("Send events to a {kind}: {name}")
    )
    return [
        Call(
            "sesv2",
            ("Update" if update else "Create") + "ConfigurationSetEventDestination",
            words.format(name=destination.name, kind=destination.kind.word),
            {
                "ConfigurationSetName": set_name,
                "EventDestinationName": destination.name,
                "EventDestination": destination.as_parameter(),
            },
            # A role that was made a moment ago is not known everywhere yet.
            settles=30.0 if destination.kind is DestinationKind.FIREHOSE else 0.0,
        )
    ]
