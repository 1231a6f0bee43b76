"""The plan of the Monitoring step: a configuration set whose events reach a destination."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sestui.domain.configset import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    parse_set_name,
)
from sestui.domain.configset.expected import destination_as_read
from sestui.domain.destinations.dimensions import proposed
from sestui.domain.destinations.facts import Existing as Around
from sestui.domain.destinations.firehose import FirehoseForm
from sestui.domain.destinations.form import DestinationForm, judge
from sestui.domain.destinations.form import destination_of as made_of
from sestui.domain.destinations.form import plan as around_plan
from sestui.domain.destinations.place import Place
from sestui.domain.destinations.subscriptions import Subscriber, subscription_protocol
from sestui.domain.destinations.topics import TopicForm
from sestui.domain.expected import default_set_as_read
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
    around: Around = field(default_factory=Around)
    """Topics, queues, keys, streams and roles."""
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
    around = destination_form(form)
    if problems := judge(around, place, existing.around):
        raise InvalidName(next(iter(problems.values())))
    plan += around_plan(around, place, existing.around)
    plan += _destination_calls(name, destination, existing.configuration_set)
    if form.make_default and existing.identity_default != name:
        plan.append(
            Call(
                "sesv2",
                "PutEmailIdentityConfigurationSetAttributes",
                _("Make {set} the default set of {identity}").format(set=name, identity=identity),
                {"EmailIdentity": identity, "ConfigurationSetName": name},
                expected=default_set_as_read(identity, existing.identity_default),
            )
        )
    return tuple(plan)


def destination_form(form: MonitoringForm) -> DestinationForm:
    """The one destination, as the dialog for a destination has it."""
    who = form.subscriber.strip()
    return DestinationForm(
        form.set_name.strip(),
        form.destination_name,
        form.kind,
        form.events,
        topic=TopicForm(form.topic, add=(Subscriber(who),) if who else ()),
        firehose=FirehoseForm(form.stream, form.role),
        dimensions=proposed(form.set_name.strip()),
    )


def destination_of(form: MonitoringForm, place: Place) -> Destination:
    """The event destination that `form` describes. Raises InvalidName."""
    if not form.events:
        raise InvalidName(_("Choose at least one event."))
    return made_of(destination_form(form), place)


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


def _destination_calls(
    set_name: str, destination: Destination, existing: ConfigurationSet | None
) -> list[Call]:
    before = {d.name: d for d in existing.destinations} if existing else {}
    update = destination.name in before
    if update:
        destination = replace(destination, other_events=before[destination.name].other_events)
    was = before.get(destination.name)
    if was == destination:
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
            expected=None if was is None else destination_as_read(set_name, was),
        )
    ]
