"""The plan of the Monitoring step: a configuration set whose events reach a destination."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sestui.domain.configset import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    default_bus,
    default_dimension,
    firehose_permission,
    firehose_trust,
    merged_policy,
    parse_set_name,
    set_arn,
    topic_statement,
)
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_address
from sestui.domain.plan import EXISTS, Call
from sestui.domain.regions import partition
from sestui.domain.steps import MonitoringForm
from sestui.domain.text import quoted

# Of a topic, a stream or a role; each of the three takes most of these.
_NAME = re.compile(r"[\w+=,.@-]{1,256}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan is carried out."""

    region: str
    account: str

    def topic(self, typed: str) -> str:
        """A topic's ARN; one that is typed as such stays. Raises InvalidName."""
        if typed.strip().endswith(".fifo"):
            raise InvalidName(_("SES cannot publish to a FIFO topic; use a standard one."))
        return self._arn(typed, "sns", self.region, "")

    def role(self, typed: str) -> str:
        """A role's ARN, likewise. Raises InvalidName."""
        return self._arn(typed, "iam", "", "role/")

    def stream(self, typed: str) -> str:
        """A stream's ARN, likewise. Raises InvalidName."""
        return self._arn(typed, "firehose", self.region, "deliverystream/")

    def _arn(self, typed: str, service: str, region: str, kind: str) -> str:
        start = f"arn:{partition(self.region)}:{service}:{region}:"
        name = typed.strip()
        if name.startswith("arn:"):
            if not name.startswith(start) or not name.isprintable():
                raise InvalidName(_("SES takes an ARN that begins {start}").format(start=start))
            return name
        if not _NAME.fullmatch(name):
            raise InvalidName(_("“{name}” cannot be its name.").format(name=quoted(name)))
        return f"{start}{self.account}:{kind}{name}"


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
    calls: list[Call] = []
    statement = topic_statement(topic, place.account, arn)
    if existing.topic_policy is None:
        policy = merged_policy(_default_topic_policy(topic, place.account), statement)
        calls.append(
            Call(
                "sns",
                "CreateTopic",
                _("Create the SNS topic {name}, to which SES may publish").format(
                    name=topic.rsplit(":", 1)[-1]
                ),
                {"Name": topic.rsplit(":", 1)[-1], "Attributes": {"Policy": json.dumps(policy)}},
            )
        )
    elif (policy := merged_policy(existing.topic_policy, statement)) != existing.topic_policy:
        calls.append(
            Call(
                "sns",
                "SetTopicAttributes",
                _("Let SES publish to the topic: one statement is added to its policy"),
                {
                    "TopicArn": topic,
                    "AttributeName": "Policy",
                    "AttributeValue": json.dumps(policy),
                },
            )
        )
    endpoint = form.subscriber.strip()
    if endpoint and endpoint not in existing.subscribed:
        calls.append(
            Call(
                "sns",
                "Subscribe",
                _("Subscribe {endpoint} to the topic").format(endpoint=endpoint),
                {
                    "TopicArn": topic,
                    "Protocol": subscription_protocol(endpoint),
                    "Endpoint": endpoint,
                },
            )
        )
    return calls


def subscription_protocol(endpoint: str) -> str:
    """The SNS protocol that an endpoint asks for. Raises InvalidName: nothing SNS delivers to."""
    if endpoint.startswith("arn:"):
        service = endpoint.split(":")[2:3]
        if service in (["sqs"], ["lambda"]):
            return service[0]
        raise InvalidName(_("A subscriber's ARN is that of a queue or of a function."))
    scheme, separator, _rest = endpoint.partition("://")
    if separator and scheme in ("http", "https"):
        return scheme
    parse_address(endpoint)
    return "email"


def _role_calls(destination: Destination, place: Place, arn: str, existing: Existing) -> list[Call]:
    if existing.role_exists:
        return []
    name = destination.role.rsplit("/", 1)[-1]
    return [
        Call(
            "iam",
            "CreateRole",
            _("Create the role {name}, which SES may take").format(name=name),
            {
                "RoleName": name,
                "AssumeRolePolicyDocument": json.dumps(firehose_trust(place.account, arn)),
            },
            ("EntityAlreadyExists",),
        ),
        Call(
            "iam",
            "PutRolePolicy",
            _("Let the role put records into the stream"),
            {
                "RoleName": name,
                "PolicyName": "ses-events",
                "PolicyDocument": json.dumps(firehose_permission(destination.target)),
            },
        ),
    ]


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


def _default_topic_policy(topic: str, account: str) -> dict[str, Any]:
    """What SNS gives a new topic by itself; a policy given at creation replaces it."""
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [
                    "SNS:GetTopicAttributes",
                    "SNS:SetTopicAttributes",
                    "SNS:AddPermission",
                    "SNS:RemovePermission",
                    "SNS:DeleteTopic",
                    "SNS:Subscribe",
                    "SNS:ListSubscriptionsByTopic",
                    "SNS:Publish",
                ],
                "Resource": topic,
                "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
            }
        ],
    }
