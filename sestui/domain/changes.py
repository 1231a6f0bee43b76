"""Plans: the calls that lead from what an account has to what a person wants.

Each is made of what is there now, so that a plan made again after a crash holds only what is left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
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
from sestui.domain.identity import Identity, IdentityKind, OnMxFailure, Status
from sestui.domain.mail import WORKSHOP_TEMPLATE
from sestui.domain.names import parse_address, parse_domain, parse_label
from sestui.domain.plan import Call
from sestui.domain.regions import partition
from sestui.domain.steps import IdentityForm, MonitoringForm

EXISTS = "AlreadyExistsException"


def identity_name(form: IdentityForm) -> str:
    """The identity that `form` names. Raises InvalidName."""
    if form.kind is IdentityKind.EMAIL:
        return str(parse_address(form.name))
    return parse_domain(form.name)


def identity_plan(form: IdentityForm, existing: Identity | None) -> tuple[Call, ...]:
    """Create the identity, or add what an existing one lacks. Empty when nothing is left to do.

    What exists is never weakened: a custom MAIL FROM that is set stays as it is.

    Raises:
        InvalidName: the form cannot be used as it is.
    """
    name = identity_name(form)
    domain = form.kind is IdentityKind.DOMAIN
    plan: list[Call] = []
    if existing is None:
        parameters: dict[str, Any] = {"EmailIdentity": name}
        if domain:
            parameters["DkimSigningAttributes"] = {"NextSigningKeyLength": form.key_length}
        words = (
            _("Create the domain identity {name} with Easy DKIM")
            if domain
            else _("Create the address identity {name}; Amazon sends a mail with a link to it")
        )
        plan.append(
            Call("sesv2", "CreateEmailIdentity", words.format(name=name), parameters, (EXISTS,))
        )
    elif domain and existing.dkim.status in (Status.FAILED, Status.NOT_STARTED):
        plan += restart_dkim(existing)
    if domain and form.custom_mail_from and not (existing and existing.mail_from.domain):
        plan.append(mail_from_call(name, parse_label(form.label, name), form.reject_on_mx_failure))
    return tuple(plan)


def mail_from_call(identity: str, mail_from: str, reject: bool) -> Call:
    """Use `mail_from` as custom MAIL FROM domain; also what starts a failed one again."""
    behaviour = OnMxFailure.REJECT if reject else OnMxFailure.DEFAULT
    return Call(
        "sesv2",
        "PutEmailIdentityMailFromAttributes",
        _("Use {mail_from} as the custom MAIL FROM domain").format(mail_from=mail_from),
        {
            "EmailIdentity": identity,
            "MailFromDomain": mail_from,
            "BehaviorOnMxFailure": str(behaviour),
        },
    )


def restart_dkim(identity: Identity) -> tuple[Call, ...]:
    """Start a failed Easy DKIM verification again; BYODKIM and replicas are left alone."""
    if identity.dkim.origin != "AWS_SES":
        return ()
    return (
        Call(
            "sesv2",
            "PutEmailIdentityDkimSigningAttributes",
            _("Start the DKIM verification of {name} again").format(name=identity.name),
            {"EmailIdentity": identity.name, "SigningAttributesOrigin": "AWS_SES"},
        ),
    )


def restart_plan(identity: Identity) -> tuple[Call, ...]:
    """What makes SES look again after FAILED, which it never leaves by itself."""
    plan: list[Call] = []
    if identity.dkim.status is Status.FAILED:
        plan += restart_dkim(identity)
    if identity.mail_from.status is Status.FAILED:
        reject = identity.mail_from.on_mx_failure is OnMxFailure.REJECT
        plan.append(mail_from_call(identity.name, identity.mail_from.domain, reject))
    return tuple(plan)


def resend_plan(address: str) -> tuple[Call, ...]:
    """Send the verification mail again; API v2 has no operation for it, version 1 has."""
    words = _("Send the verification mail to {name} again").format(name=address)
    return (Call("ses", "VerifyEmailIdentity", words, {"EmailAddress": address}),)


def template_plan() -> tuple[Call, ...]:
    """The workshop's template."""
    template = WORKSHOP_TEMPLATE
    return (
        Call(
            "sesv2",
            "CreateEmailTemplate",
            _("Create the template {name}").format(name=template.name),
            {
                "TemplateName": template.name,
                "TemplateContent": {
                    "Subject": template.subject,
                    "Text": template.text,
                    "Html": template.html,
                },
            },
            (EXISTS,),
        ),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan is carried out."""

    region: str
    account: str

    def topic(self, name: str) -> str:
        """A topic's ARN; a name that is one already stays."""
        if name.startswith("arn:"):
            return name
        return f"arn:{partition(self.region)}:sns:{self.region}:{self.account}:{name}"

    def role(self, name: str) -> str:
        if name.startswith("arn:"):
            return name
        return f"arn:{partition(self.region)}:iam::{self.account}:role/{name}"

    def stream(self, name: str) -> str:
        if name.startswith("arn:"):
            return name
        prefix = f"arn:{partition(self.region)}:firehose:{self.region}:{self.account}"
        return f"{prefix}:deliverystream/{name}"


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
    match form.kind:
        case DestinationKind.SNS:
            return Destination(name, form.kind, events, place.topic(form.topic.strip()))
        case DestinationKind.EVENTBRIDGE:
            return Destination(name, form.kind, events, default_bus(place.region, place.account))
        case DestinationKind.FIREHOSE:
            role = place.role(form.role.strip() or f"ses-{form.set_name.strip()}-firehose")
            return Destination(name, form.kind, events, place.stream(form.stream.strip()), role)
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
    """The SNS protocol that an endpoint asks for."""
    if endpoint.startswith("arn:"):
        return endpoint.split(":")[2]
    return endpoint.split(":")[0] if "://" in endpoint else "email"


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
    if before.get(destination.name) == destination:
        return []
    update = destination.name in before
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


def production_plan(mail_type: str, website: str, contacts: tuple[str, ...]) -> tuple[Call, ...]:
    """Ask AWS to lift the sandbox. It opens a Support case; the API has no way back."""
    parameters: dict[str, Any] = {
        "MailType": mail_type,
        "WebsiteURL": website,
        "ContactLanguage": "EN",
        "ProductionAccessEnabled": True,
    }
    if contacts:  # an empty list is an error
        parameters["AdditionalContactEmailAddresses"] = list(contacts)
    words = _("Ask AWS for production access; this opens a Support case")
    return (Call("sesv2", "PutAccountDetails", words, parameters),)
