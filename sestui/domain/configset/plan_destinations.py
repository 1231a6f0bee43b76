"""The calls for event destinations, and for the topic policies they need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sestui.domain.configset.expected import destination_as_read
from sestui.domain.configset.model import Destination, DestinationKind
from sestui.domain.configset.policies import merged_policy, topic_statement
from sestui.domain.destinations.expected import topic_policy
from sestui.domain.i18n import _
from sestui.domain.plan import NOT_FOUND, Call

Policies = Mapping[str, Mapping[str, Any]]
"""Policies of topics by ARN, as they are."""

ROLE_SETTLES = 30.0
"""Seconds until a role that was just made is known everywhere."""


def new_destinations(
    set_name: str, destinations: Iterable[Destination], arn: str, policies: Policies
) -> Iterator[Call]:
    """Each topic's policy is completed before SES looks whether it may publish there."""
    each = tuple(destinations)
    yield from _topic_calls(each, arn, policies)
    yield from (add_destination(set_name, destination) for destination in each)


def changed_destinations(
    set_name: str,
    old: Mapping[str, Destination],
    new: Mapping[str, Destination],
    arn: str,
    policies: Policies,
) -> Iterator[Call]:
    """Raises ValueError: one of a kind that is not known would be replaced."""
    changed = [each for name, each in new.items() if name in old and old[name] != each]
    moved = [each for each in changed if old[each.name].target != each.target]
    yield from _topic_calls(moved, arn, policies)
    for each in changed:
        yield change_destination(set_name, old[each.name], each)


def removed_destinations(set_name: str, names: Iterable[str]) -> Iterator[Call]:
    return (remove_destination(set_name, name) for name in names)


def add_destination(set_name: str, destination: Destination) -> Call:
    """Raises ValueError: its kind is not known."""
    words = _("Send events to a {kind}: {name}")
    return _write("CreateConfigurationSetEventDestination", words, set_name, destination)


def change_destination(set_name: str, before: Destination, after: Destination) -> Call:
    """Events that this version does not know stay, whatever the form made of them.

    An update takes a whole definition, another kind included, so there is no moment without one.

    Raises:
        ValueError: its kind is not known, so that an update would replace what is there.
    """
    after = replace(after, other_events=before.other_events or after.other_events)
    words = _("Change the event destination {name}")
    if before.unknown:
        raise ValueError(before.name)
    call = _write("UpdateConfigurationSetEventDestination", words, set_name, after)
    return replace(call, expected=destination_as_read(set_name, before))


def remove_destination(set_name: str, name: str) -> Call:
    words = _("Remove the event destination {name}").format(name=name)
    parameters = {"ConfigurationSetName": set_name, "EventDestinationName": name}
    return Call("sesv2", "DeleteConfigurationSetEventDestination", words, parameters, (NOT_FOUND,))


def _write(operation: str, words: str, set_name: str, destination: Destination) -> Call:
    if destination.unknown:
        raise ValueError(destination.name)
    return Call(
        "sesv2",
        operation,
        words.format(name=destination.name, kind=destination.kind.word),
        {
            "ConfigurationSetName": set_name,
            "EventDestinationName": destination.name,
            "EventDestination": destination.as_parameter(),
        },
        settles=ROLE_SETTLES if destination.kind is DestinationKind.FIREHOSE else 0.0,
    )


def _topic_calls(
    destinations: Iterable[Destination], arn: str, policies: Policies
) -> Iterator[Call]:
    topics = (each.target for each in destinations if each.kind is DestinationKind.SNS)
    for topic in dict.fromkeys(topics):
        if topic not in policies:
            continue
        # The account is that of the set, for which SES publishes; the topic may be another's.
        account = arn.split(":")[4]
        policy = merged_policy(policies[topic], topic_statement(topic, account, arn))
        if policy != policies[topic]:
            words = _("Let SES publish to {topic}: one statement is added to its policy")
            parameters = {
                "TopicArn": topic,
                "AttributeName": "Policy",
                "AttributeValue": json.dumps(policy),
            }
            name = topic.rsplit(":", 1)[-1]
            was = topic_policy(topic, policies[topic])
            words = words.format(topic=name)
            yield Call("sns", "SetTopicAttributes", words, parameters, expected=was)
