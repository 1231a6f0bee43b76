"""The default bus, a rule there and its target."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sestui.domain.configset import DestinationKind, EventType
from sestui.domain.destinations.bus import DETAIL_TYPES, BusForm, pattern
from sestui.domain.destinations.facts import Existing, Queue, Rule, Topic
from sestui.domain.destinations.form import DestinationForm, advise, destination_of, judge, plan
from sestui.domain.destinations.place import Place

PLACE = Place("eu-west-1", "123456789012")
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:bounces"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/events/ses"
RULE = "arn:aws:events:eu-west-1:123456789012:rule/mine"
EVENTS = frozenset({EventType.BOUNCE, EventType.COMPLAINT})
THERE = Rule("mine", RULE, pattern("set", EVENTS), targets=(("sestui-1", QUEUE),))
QUEUES = {QUEUE: Queue(QUEUE, "https://sqs/q")}


def form(**bus) -> DestinationForm:
    return DestinationForm(
        "set", kind=DestinationKind.EVENTBRIDGE, events=EVENTS, bus=BusForm(**bus)
    )


def operations(made, existing) -> list[str]:
    return [f"{call.service}:{call.operation}" for call in plan(made, PLACE, existing)]


def test_every_event_has_a_name_on_the_bus():
    assert set(DETAIL_TYPES) == set(EventType)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, ""),
        ({"bus": "default"}, ""),
        ({"bus": "arn:aws:events:eu-west-1:123456789012:event-bus/default"}, ""),
        ({"bus": "arn:aws:events:eu-west-1:123456789012:event-bus/mine"}, "bus"),
        ({"bus": "mine"}, "bus"),
        ({"rule": "mine", "target": QUEUE}, ""),
        ({"rule": "mine", "target": "/aws/events/ses"}, ""),
        ({"rule": "a b", "target": QUEUE}, "rule"),
        ({"target": QUEUE}, "rule"),
        ({"rule": "mine"}, "target"),
        ({"rule": "mine", "target": QUEUE + ".fifo"}, "target"),
        ({"rule": "mine", "target": QUEUE.replace("eu-west-1", "us-east-1")}, "target"),
        ({"rule": "mine", "target": "arn:aws:kinesis:eu-west-1:123456789012:stream/x"}, "target"),
    ],
)
def test_as_typed(typed, field):
    assert list(judge(form(**typed), PLACE)) == ([field] if field else [])


@pytest.mark.parametrize(
    ("existing", "field"),
    [
        (Existing(rule=THERE), ""),
        (Existing(rule=replace(THERE, pattern={"source": ["aws.ec2"]})), "rule"),
        (Existing(rule=replace(THERE, pattern=None)), "rule"),
        (Existing(rule=replace(THERE, managed_by="autoscaling.amazonaws.com")), "rule"),
        (Existing(unread=("rule",)), "rule"),
        (
            Existing(rule=replace(THERE, targets=tuple((str(n), f"x{n}") for n in range(5)))),
            "target",
        ),
    ],
)
def test_a_rule_that_is_there(existing, field):
    found = judge(form(rule="mine", target=QUEUE), PLACE, existing)
    assert list(found) == ([field] if field else [])


def test_the_destination_is_the_default_bus_and_nothing_else():
    made = destination_of(form(), PLACE).as_parameter()
    assert made["EventBridgeDestination"]["EventBusArn"].endswith(":event-bus/default")
    assert [key for key in made if key.endswith("Destination")] == ["EventBridgeDestination"]


def test_a_new_rule_and_its_queue():
    put, opened, target = plan(form(rule="mine", target=QUEUE), PLACE, Existing(queues=QUEUES))
    assert json.loads(put.parameters["EventPattern"]) == {
        "source": ["aws.ses"],
        "detail-type": ["Email Bounced", "Email Complaint Received"],
        "detail": {"mail": {"tags": {"ses:configuration-set": ["set"]}}},
    }
    assert put.parameters["State"] == "ENABLED"
    (statement,) = json.loads(opened.parameters["Attributes"]["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": RULE}}
    assert target.parameters == {"Rule": "mine", "Targets": [{"Id": "sestui-1", "Arn": QUEUE}]}


@pytest.mark.parametrize(
    ("target", "existing", "expected"),
    [
        (TOPIC, Existing(target_topic=Topic(TOPIC, {})), ["sns:SetTopicAttributes"]),
        (FUNCTION, Existing(), ["lambda:AddPermission"]),
        ("/aws/events/ses", Existing(), ["logs:CreateLogGroup", "logs:PutResourcePolicy"]),
        (GROUP + ":*", Existing(), ["logs:CreateLogGroup", "logs:PutResourcePolicy"]),
    ],
)
def test_what_each_target_needs(target, existing, expected):
    made = form(rule="mine", target=target)
    assert operations(made, existing) == ["events:PutRule", *expected, "events:PutTargets"]


def test_a_topic_gets_no_condition_since_eventbridge_fills_none_in():
    made = form(rule="mine", target=TOPIC)
    call = plan(made, PLACE, Existing(target_topic=Topic(TOPIC, {})))[1]
    (statement,) = json.loads(call.parameters["AttributeValue"])["Statement"]
    assert "Condition" not in statement
    guarded = {**statement, "Condition": {"ArnEquals": {"aws:SourceArn": RULE}}}
    there = Existing(target_topic=Topic(TOPIC, {"Statement": [guarded]}))
    assert "sns:SetTopicAttributes" in operations(made, there)


def test_nothing_is_done_twice():
    statement = json.loads(
        plan(form(rule="mine", target=QUEUE), PLACE, Existing(queues=QUEUES))[1].parameters[
            "Attributes"
        ]["Policy"]
    )
    done = Existing(rule=THERE, queues={QUEUE: Queue(QUEUE, "u", statement)})
    assert operations(form(rule="mine", target=QUEUE), done) == []


def test_a_changed_rule_keeps_what_else_it_has():
    there = replace(THERE, pattern=pattern("other", EVENTS), description="for ops", enabled=False)
    existing = Existing(rule=there)
    put, target = plan(form(rule="mine", target="/aws/events/ses"), PLACE, existing)[::3]
    assert put.parameters["Description"] == "for ops"
    assert target.parameters["Targets"][0]["Id"] == "sestui-2"
    assert "off" in advise(form(rule="mine", target=QUEUE), PLACE, existing)["rule"]


def test_a_rule_goes_after_its_targets():
    made = form(remove=("mine",))
    assert operations(made, Existing(old_rules=(THERE,))) == [
        "events:RemoveTargets",
        "events:DeleteRule",
    ]
    assert operations(made, Existing()) == []


def test_without_a_rule_it_is_said_that_nobody_gets_them():
    assert "nobody" in advise(form(), PLACE, Existing())["rule"]
