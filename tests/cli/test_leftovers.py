"""What the journal tells about what sestui made, and how that is deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sestui.cli.leftovers import Kind, Thing, deletion, deletions, made

HERE = ("123456789012", "eu-west-1")
IDENTITY = ("sesv2", "CreateEmailIdentity", {"EmailIdentity": "a.com"})


def line(
    service: str, operation: str, parameters: dict[str, Any], event: str = "done", **more: Any
) -> dict[str, Any]:
    return {
        "account": HERE[0], "region": HERE[1], "service": service, "operation": operation,
        "parameters": parameters, "event": event, "at": "2026-11-24T08:00:00+00:00", **more,
    }  # fmt: skip


def names(entries: list[dict[str, Any]]) -> list[tuple[Kind, str]]:
    return [(thing.kind, thing.name) for thing in made(entries, *HERE).things]


def test_what_was_made_is_known():
    entries = [
        line(*IDENTITY, event="begun"),
        line(*IDENTITY),
        line("sesv2", "CreateConfigurationSet", {"ConfigurationSetName": "s"}),
        line("sns", "CreateTopic", {"Name": "t"}, answer={"TopicArn": "arn:t"}),
        line("iam", "CreateRole", {"RoleName": "r"}),
        line("sesv2", "CreateEmailTemplate", {"TemplateName": "w"}),
    ]
    assert names(entries) == [
        (Kind.CONFIGURATION_SET, "s"),
        (Kind.TOPIC, "t"),
        (Kind.ROLE, "r"),
        (Kind.TEMPLATE, "w"),
        (Kind.IDENTITY, "a.com"),
    ]
    assert not made(entries, *HERE).unsure


def test_what_was_there_before_is_not_ours():
    assert not names([line(*IDENTITY, note="AlreadyExistsException")])


def test_what_failed_was_not_made():
    refused = line(*IDENTITY, event="failed", problem={"trouble": "refused"})
    result = made([line(*IDENTITY, event="begun"), refused], *HERE)
    assert not result.things
    assert not result.unsure


@pytest.mark.parametrize(
    "last", [None, line(*IDENTITY, event="failed", problem={"trouble": "maybe_done"})]
)
def test_a_call_that_never_came_back_is_unsure(last):
    entries = [line(*IDENTITY, event="begun"), *([last] if last else [])]
    result = made(entries, *HERE)
    assert not result.things
    assert [thing.name for thing in result.unsure] == ["a.com"]


def test_what_was_deleted_again_is_gone():
    gone = line("sesv2", "DeleteEmailIdentity", {"EmailIdentity": "a.com"})
    assert not names([line(*IDENTITY), gone])
    assert names([line(*IDENTITY), gone, line(*IDENTITY)])


@pytest.mark.parametrize("place", [{"account": "999999999999"}, {"region": "us-east-1"}])
def test_other_accounts_and_regions_are_left_alone(place):
    assert not names([{**line(*IDENTITY), **place}])


def test_only_our_statement_leaves_a_topic_s_policy():
    mine = {"Sid": "sestui-s", "Effect": "Allow", "Action": "sns:Publish"}
    theirs = {"Sid": "theirs", "Effect": "Allow", "Action": "sns:Publish"}
    policy = {"Version": "2012-10-17", "Id": "x", "Statement": [theirs, mine]}
    parameters = {
        "TopicArn": "arn:t", "AttributeName": "Policy", "AttributeValue": json.dumps(policy)
    }  # fmt: skip
    (thing,) = made([line("sns", "SetTopicAttributes", parameters)], *HERE).things
    assert (thing.kind, thing.name, thing.within) == (Kind.STATEMENT, "sestui-s", "arn:t")
    later = {**policy, "Statement": [theirs, mine, {"Sid": "new"}]}
    (call,) = deletion(thing, later)
    left = json.loads(call.parameters["AttributeValue"])
    assert left == {**later, "Statement": [theirs, {"Sid": "new"}]}


@pytest.mark.parametrize(
    ("kind", "operations"),
    [
        (Kind.DESTINATION, ["DeleteConfigurationSetEventDestination"]),
        (Kind.DEFAULT_SET, ["PutEmailIdentityConfigurationSetAttributes"]),
        (Kind.SUBSCRIPTION, ["Unsubscribe"]),
        (Kind.STATEMENT, ["SetTopicAttributes"]),
        (Kind.CONFIGURATION_SET, ["DeleteConfigurationSet"]),
        (Kind.RULE, ["RemoveTargets", "DeleteRule"]),
        (Kind.QUEUE, ["DeleteQueue"]),
        (Kind.TOPIC, ["DeleteTopic"]),
        (Kind.ROLE, ["DeleteRolePolicy", "DeleteRole"]),
        (Kind.TEMPLATE, ["DeleteEmailTemplate"]),
        (Kind.IDENTITY, ["DeleteEmailIdentity"]),
    ],
)
def test_how_each_kind_is_deleted(kind, operations):
    detail = {"arn": "arn:x", "statement": {"Sid": "s"}}
    calls = deletion(Thing(kind, "name", "within", detail=detail), {"Statement": []})
    assert [call.operation for call in calls] == operations
    assert {call.command("eu-west-1").split()[0] for call in calls} == {"aws"}


def test_several_statements_of_one_topic_go_one_after_the_other():
    """Each is taken out of what the one before has left, or it would come back with the next."""
    ours = [{"Sid": f"sestui-{name}", "Effect": "Allow"} for name in "ab"]
    policy = {"Version": "2012-10-17", "Statement": [ours[0], {"Sid": "Theirs"}, ours[1]]}
    things = [
        Thing(Kind.STATEMENT, each["Sid"], "arn:t", None, {"statement": each}) for each in ours
    ]
    first, second = deletions(things, lambda _thing: policy)
    left = [json.loads(call.parameters["AttributeValue"]) for call in (first, second)]
    assert left[0]["Statement"] == [{"Sid": "Theirs"}, ours[1]]
    assert left[1] == {"Version": "2012-10-17", "Statement": [{"Sid": "Theirs"}]}
    assert first.expected.was == policy
    assert second.expected.was == left[0]


def test_what_refers_to_another_thing_is_deleted_before_it():
    entries = [
        line("sesv2", "CreateEmailIdentity", {"EmailIdentity": "a.com"}),
        line("sns", "CreateTopic", {"Name": "t"}),
        line("sesv2", "CreateConfigurationSet", {"ConfigurationSetName": "s"}),
        line("sns", "Subscribe", {"TopicArn": "arn:t", "Endpoint": "arn:q"}),
        line("sesv2", "CreateConfigurationSetEventDestination",
             {"ConfigurationSetName": "s", "EventDestinationName": "d"}),
    ]  # fmt: skip
    assert [kind for kind, _name in names(entries)] == [
        Kind.DESTINATION, Kind.SUBSCRIPTION, Kind.CONFIGURATION_SET, Kind.TOPIC, Kind.IDENTITY
    ]  # fmt: skip


def test_a_damaged_journal_is_no_drama():
    entries: list[dict[str, Any]] = [
        {}, {"account": HERE[0], "region": HERE[1]}, line("sesv2", "CreateEmailIdentity", {}),
        line(*IDENTITY, at="yesterday"),
        line("sns", "SetTopicAttributes", {"AttributeName": "Policy", "AttributeValue": "{"}),
    ]  # fmt: skip
    assert (Kind.IDENTITY, "a.com") in names(entries)
