"""Event destinations of configuration sets."""

from __future__ import annotations

import re
from typing import Any

from sestui.practice.ports import ACCOUNT_ID
from sestui.practice.ses.configuration_sets import find
from sestui.practice.ses.errors import (
    ServiceError,
    already_exists,
    bad_request,
    limit_exceeded,
    not_found,
)
from sestui.practice.ses.names import is_resource_name
from sestui.practice.ses.state import ConfigurationSet
from sestui.practice.ses.world import Call, DestinationRefused, Members, Operation, reads, writes

MOST_DESTINATIONS = 10
MOST_DIMENSIONS = 10

_KINDS = (
    "KinesisFirehoseDestination",
    "CloudWatchDestination",
    "SnsDestination",
    "EventBridgeDestination",
    "PinpointDestination",
)
# Auto-tags are the only dimension names that may have a colon.
_AUTO_TAGS = frozenset(
    f"ses:{name}"
    for name in (
        "configuration-set",
        "from-domain",
        "source-ip",
        "caller-identity",
        "outgoing-ip",
        "source-tls-version",
        "outgoing-tls-version",
    )
)
_NO_DIMENSION = frozenset(
    ("received", "to", "from", "dkim-signature", "cc", "message-id", "return-path")
)
_DIMENSION_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_DIMENSION_VALUE = re.compile(r"[A-Za-z0-9_@.-]{1,255}")


def create(call: Call, members: Members) -> Members:
    found, destination = _new(call, members)
    found.destinations.append(destination)
    return {}


def announce_new(call: Call, members: Members) -> None:
    """Before a destination is created: SES publishes a message to see whether it can."""
    with call.world.lock:
        found, destination = _new(call, members)
    _announce(call, found, destination)


def _new(call: Call, members: Members) -> tuple[ConfigurationSet, dict[str, Any]]:
    name = members["EventDestinationName"]
    _check_name(name)
    destination = _checked(call, name, members["EventDestination"])
    found = find(call, members["ConfigurationSetName"])
    if any(each["Name"] == name for each in found.destinations):
        raise already_exists(
            f"An event destination with name <{name}> already exists for configuration set "
            f"<{found.name}>."
        )
    if len(found.destinations) >= MOST_DESTINATIONS:
        raise limit_exceeded(
            f"Configuration set <{found.name}> may have at most {MOST_DESTINATIONS} event "
            "destinations."
        )
    return found, destination


def get_all(call: Call, members: Members) -> Members:
    return {"EventDestinations": list(find(call, members["ConfigurationSetName"]).destinations)}


def update(call: Call, members: Members) -> Members:
    found, position, destination = _changed(call, members)
    found.destinations[position] = destination
    return {}


def announce_changed(call: Call, members: Members) -> None:
    """Like `announce_new`, when it is the target that changes."""
    with call.world.lock:
        found, position, destination = _changed(call, members)
        old = found.destinations[position]
    if any(destination.get(kind) != old.get(kind) for kind in _KINDS):
        _announce(call, found, destination)


def _changed(call: Call, members: Members) -> tuple[ConfigurationSet, int, dict[str, Any]]:
    name = members["EventDestinationName"]
    _check_name(name)
    destination = _checked(call, name, members["EventDestination"])
    found = find(call, members["ConfigurationSetName"])
    return found, _position(found, name), destination


def delete(call: Call, members: Members) -> Members:
    found = find(call, members["ConfigurationSetName"])
    del found.destinations[_position(found, members["EventDestinationName"])]
    return {}


def _position(found: ConfigurationSet, name: str) -> int:
    for position, each in enumerate(found.destinations):
        if each["Name"] == name:
            return position
    raise not_found(
        f"An event destination with name <{name}> does not exist for configuration set "
        f"<{found.name}>."
    )


def _announce(call: Call, found: ConfigurationSet, destination: dict[str, Any]) -> None:
    try:
        call.world.on_destination_created(call.region.name, found.name, destination)
    except DestinationRefused as refused:
        raise bad_request(str(refused)) from None


def _check_name(name: str) -> None:
    if not is_resource_name(name):
        raise bad_request(
            f"Invalid event destination name <{name}>: only alphanumeric ASCII characters, '_', "
            "and '-' are allowed."
        )


def _checked(call: Call, name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The destination as it is kept, or ServiceError, BadRequestException."""
    if not given.get("MatchingEventTypes"):
        raise bad_request("At least one event type must be specified.")
    kinds = [kind for kind in _KINDS if kind in given]
    if not kinds:
        raise bad_request("Event destination is not provided.")
    if len(kinds) > 1:
        raise bad_request(
            "Please provide only one destination with each request. Either a Firehose Destination "
            "or a Cloudwatch Destination or an SNS Destination or an EventBridge Destination."
        )
    match kinds[0]:
        case "SnsDestination":
            _check_topic(call, given["SnsDestination"]["TopicArn"])
        case "EventBridgeDestination":
            _check_bus(call, given["EventBridgeDestination"]["EventBusArn"])
        case "KinesisFirehoseDestination":
            _check_stream(call, given["KinesisFirehoseDestination"])
        case "CloudWatchDestination":
            _check_dimensions(given["CloudWatchDestination"]["DimensionConfigurations"])
        case "PinpointDestination":
            _check_pinpoint(given["MatchingEventTypes"])
    types = list(dict.fromkeys(given["MatchingEventTypes"]))
    kept = {kind: given[kind] for kind in kinds}
    return {
        "Name": name,
        "Enabled": given.get("Enabled", False),
        "MatchingEventTypes": types,
    } | kept


def _arn(call: Call, arn: str, service: str, wrong: ServiceError) -> str:
    """The resource part of an ARN of this account and Region, or `wrong`."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[:5] != ["arn", "aws", service, call.region.name, ACCOUNT_ID]:
        raise wrong
    return parts[5]


# The texts of the next four for v2 are not known; these are ours, near v1's.


def _check_topic(call: Call, arn: str) -> None:
    topic = _arn(call, arn, "sns", bad_request(f"Invalid SNS topic ARN: <{arn}>."))
    if topic.endswith(".fifo"):
        raise bad_request(f"SNS FIFO topics are not supported: <{arn}>.")


def _check_bus(call: Call, arn: str) -> None:
    wrong = bad_request(f"Invalid event bus ARN: <{arn}>. Only the default event bus is supported.")
    if _arn(call, arn, "events", wrong) != "event-bus/default":
        raise wrong


def _check_stream(call: Call, given: dict[str, str]) -> None:
    stream, role = given["DeliveryStreamArn"], given["IamRoleArn"]
    wrong = bad_request(f"Invalid delivery stream ARN: <{stream}>.")
    if not _arn(call, stream, "firehose", wrong).startswith("deliverystream/"):
        raise wrong
    if not role.startswith(f"arn:aws:iam::{ACCOUNT_ID}:role/"):
        raise bad_request(f"Invalid IAM role ARN: <{role}>.")


def _check_pinpoint(types: list[str]) -> None:
    """Pinpoint has retired, but an account may still have such a destination: it is taken."""
    if unknown := {"DELIVERY_DELAY", "SUBSCRIPTION"} & set(types):
        raise bad_request(f"Amazon Pinpoint does not take {', '.join(sorted(unknown))} events.")


def _check_dimensions(dimensions: list[dict[str, str]]) -> None:
    if not dimensions:
        raise bad_request("CloudWatch metrics dimension configuration list cannot be empty.")
    if len(dimensions) > MOST_DIMENSIONS:
        raise limit_exceeded(f"At most {MOST_DIMENSIONS} CloudWatch dimensions are allowed.")
    names = [dimension["DimensionName"] for dimension in dimensions]
    if len(set(names)) != len(names):
        raise bad_request("Duplicate CloudWatch dimension names are not allowed.")
    for dimension in dimensions:
        name, value = dimension["DimensionName"], dimension["DefaultDimensionValue"]
        source = dimension["DimensionValueSource"]
        if not (
            _DIMENSION_NAME.fullmatch(name) or (name in _AUTO_TAGS and source == "MESSAGE_TAG")
        ):
            raise bad_request(f"Invalid CloudWatch dimension name <{name}>.")
        if source == "EMAIL_HEADER" and name.lower() in _NO_DIMENSION:
            raise bad_request(f"The header <{name}> cannot be a CloudWatch dimension.")
        if not _DIMENSION_VALUE.fullmatch(value):
            raise bad_request(f"Invalid CloudWatch default dimension value <{value}>.")


OPERATIONS = {
    "CreateConfigurationSetEventDestination": Operation(create, ("sets",), announce_new),
    "GetConfigurationSetEventDestinations": reads(get_all),
    "UpdateConfigurationSetEventDestination": Operation(update, ("sets",), announce_changed),
    "DeleteConfigurationSetEventDestination": writes("sets", delete),
}
