"""How one event gets to one kind of destination, through boto3. A new kind is a function here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sestui.practice.events import policy
from sestui.practice.events.build import Event, headers_of
from sestui.practice.events.kinds import Kind
from sestui.practice.ports import ACCOUNT_ID, Accepted

SES = "ses.amazonaws.com"
SUBJECT = "Amazon SES Email Event Notification"


class Undeliverable(Exception):
    """A destination does not take events; the text says why."""


class Clients(Protocol):
    """boto3 clients of the neighbours."""

    def client(self, service: str, region: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """An event, what it is about, and the configuration set it is published for."""

    clients: Clients
    mail: Accepted
    kind: Kind
    event: Event

    @property
    def set_arn(self) -> str:
        return set_arn(self.mail.region, self.mail.configuration_set or "")

    @property
    def json(self) -> str:
        return json.dumps(self.event, ensure_ascii=False)

    def client(self, service: str) -> Any:
        return self.clients.client(service, self.mail.region)


Channel = Callable[[Parcel, Mapping[str, Any]], None]
"""Delivers; `Mapping` is the destination's own part. May raise Undeliverable and boto3's errors."""


def set_arn(region: str, name: str) -> str:
    return f"arn:aws:ses:{region}:{ACCOUNT_ID}:configuration-set/{name}"


def publish_to_topic(
    clients: Clients, region: str, configuration_set: str, topic: str, message: str
) -> None:
    """Publish as SES does, where the topic lets it.

    Raises:
        Undeliverable: the topic, its policy or its key do not allow it.
        botocore.exceptions.ClientError, BotoCoreError: SNS refused, or did not answer.
    """
    sns = clients.client("sns", region)
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    if topic.endswith(".fifo"):
        raise Undeliverable("SES does not publish to FIFO topics")
    context = policy.ses_context(ACCOUNT_ID, set_arn(region, configuration_set))
    text = attributes.get("Policy", "")
    if not policy.allows(text, service=SES, action="sns:Publish", resource=topic, context=context):
        raise Undeliverable(f"the policy of {topic} does not allow {SES} to publish")
    if key := attributes.get("KmsMasterKeyId"):
        _check_key(clients.client("kms", region), key, context)
    sns.publish(TopicArn=topic, Message=message, Subject=SUBJECT)


def _check_key(kms: Any, key: str, context: Mapping[str, str]) -> None:
    """An encrypted topic: SES needs the key as well, which the AWS-managed one never gives."""
    if key.endswith("alias/aws/sns"):
        raise Undeliverable("SES cannot use the key alias/aws/sns; its policy is Amazon's")
    key_id = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyId"]
    text = kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        if not policy.allows(text, service=SES, action=action, context=context):
            raise Undeliverable(f"the policy of the key {key} does not allow SES {action}")


def _sns(parcel: Parcel, destination: Mapping[str, Any]) -> None:
    mail = parcel.mail
    topic = destination["TopicArn"]
    publish_to_topic(parcel.clients, mail.region, mail.configuration_set or "", topic, parcel.json)


def _event_bridge(parcel: Parcel, destination: Mapping[str, Any]) -> None:
    entry = {
        "Source": "aws.ses",
        "DetailType": parcel.kind.detail_type,
        "Detail": parcel.json,
        "EventBusName": destination["EventBusArn"].rpartition("/")[2],
        "Resources": [parcel.set_arn],
        "Time": parcel.mail.at,
    }
    answer = parcel.client("events").put_events(Entries=[entry])
    if answer.get("FailedEntryCount"):
        raise Undeliverable(str(answer["Entries"][0].get("ErrorMessage", "refused")))


def _firehose(parcel: Parcel, destination: Mapping[str, Any]) -> None:
    role = destination["IamRoleArn"].rpartition("/")[2]
    stream = destination["DeliveryStreamArn"]
    iam = parcel.client("iam")
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    context = policy.ses_context(ACCOUNT_ID, parcel.set_arn)
    if not policy.allows(trust, service=SES, action="sts:AssumeRole", context=context):
        raise Undeliverable(f"the trust policy of {role} does not allow {SES}")
    action = "firehose:PutRecordBatch"
    if not any(
        policy.allows(each, service=SES, action=action, resource=stream, context={})
        for each in _role_policies(iam, role)
    ):
        raise Undeliverable(f"the role {role} has no {action} on {stream}")
    answer = parcel.client("firehose").put_record_batch(
        DeliveryStreamName=stream.rpartition("/")[2],
        Records=[{"Data": f"{parcel.json}\n".encode()}],
    )
    if answer.get("FailedPutCount"):
        raise Undeliverable(f"{stream} did not take the record")


def _role_policies(iam: Any, role: str) -> list[Any]:
    """Inline and attached policies of a role."""
    found = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    for each in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = each["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        answer = iam.get_policy_version(PolicyArn=arn, VersionId=version)
        found.append(answer["PolicyVersion"]["Document"])
    return found


def _cloudwatch(parcel: Parcel, destination: Mapping[str, Any]) -> None:
    headers = {name.lower(): value for name, value in reversed(headers_of(parcel.mail.mime))}
    dimensions = []
    for each in destination["DimensionConfigurations"]:
        name, value = each["DimensionName"], None
        if each["DimensionValueSource"] == "MESSAGE_TAG":
            value = next(iter(parcel.mail.tags.get(name, ())), None)
        elif each["DimensionValueSource"] == "EMAIL_HEADER":
            value = headers.get(name.lower())
        dimensions.append({"Name": name, "Value": value or each["DefaultDimensionValue"]})
    metric = {
        "MetricName": parcel.kind.metric,
        "Value": 1.0,
        "Unit": "Count",
        "Dimensions": dimensions,
    }
    parcel.client("cloudwatch").put_metric_data(Namespace="AWS/SES", MetricData=[metric])


CHANNELS: Mapping[str, Channel] = {
    "SnsDestination": _sns,
    "EventBridgeDestination": _event_bridge,
    "KinesisFirehoseDestination": _firehose,
    "CloudWatchDestination": _cloudwatch,
}
"""By the member of an event destination that holds its part."""
