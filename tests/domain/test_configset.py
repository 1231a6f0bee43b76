"""Configuration sets, event destinations, and policies that are only ever added to."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.configset import (
    DEFAULT_EVENTS,
    ConfigurationSet,
    Destination,
    DestinationKind,
    Dimension,
    EventType,
    default_bus,
    default_dimension,
    firehose_permission,
    firehose_trust,
    merged_policy,
    parse_set_name,
    set_arn,
    topic_statement,
)
from sestui.domain.names import InvalidName

ARN = "arn:aws:sns:us-east-1:123456789012:ses-events"
NAME = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
TEXT = st.text(min_size=1, max_size=20)

kinds = st.one_of(
    st.builds(lambda arn: {"SnsDestination": {"TopicArn": arn}}, TEXT),
    st.builds(lambda arn: {"EventBridgeDestination": {"EventBusArn": arn}}, TEXT),
    st.builds(
        lambda role, arn: {
            "KinesisFirehoseDestination": {"IamRoleArn": role, "DeliveryStreamArn": arn}
        },
        TEXT,
        TEXT,
    ),
    st.builds(
        lambda dimensions: {"CloudWatchDestination": {"DimensionConfigurations": dimensions}},
        st.lists(
            st.fixed_dictionaries(
                {
                    "DimensionName": TEXT,
                    "DimensionValueSource": st.sampled_from(
                        ["MESSAGE_TAG", "EMAIL_HEADER", "LINK_TAG"]
                    ),
                    "DefaultDimensionValue": TEXT,
                }
            ),
            min_size=1,
            max_size=3,
        ),
    ),
    st.builds(lambda arn: {"PinpointDestination": {"ApplicationArn": arn}}, TEXT),
    st.just({"PinpointDestination": {}}),
)
answers = st.builds(
    lambda name, enabled, events, kind: {
        "Name": name,
        "Enabled": enabled,
        "MatchingEventTypes": events,
        **kind,
    },
    NAME,
    st.booleans(),
    st.lists(st.sampled_from([*map(str, EventType), "TELEPATHY"]), unique=True),
    kinds,
)


@given(answers)
def test_a_destination_goes_back_to_aws_as_it_came(answer):
    back = Destination.parse(answer).as_parameter()
    expected = {key: value for key, value in answer.items() if key != "Name"}
    assert sorted(back.pop("MatchingEventTypes")) == sorted(expected.pop("MatchingEventTypes"))
    assert back == expected


@given(answers)
def test_reading_what_was_written_gives_the_same_destination(answer):
    destination = Destination.parse(answer)
    again = Destination.parse({"Name": destination.name, **destination.as_parameter()})
    assert again == destination


def test_the_boolean_is_always_written_because_an_omitted_one_means_off():
    destination = Destination("d", DestinationKind.SNS, frozenset(), ARN, enabled=False)
    assert destination.as_parameter()["Enabled"] is False
    assert Destination.parse({"Name": "d"}).enabled is False


def test_an_event_that_is_new_at_aws_is_not_taken_away_by_an_update():
    answer = {"Name": "d", "MatchingEventTypes": ["SEND", "TELEPATHY"], "SnsDestination": {}}
    destination = Destination.parse(answer)
    assert destination.events == {EventType.SEND}
    assert destination.as_parameter()["MatchingEventTypes"] == ["SEND", "TELEPATHY"]


def test_only_an_enabled_destination_hears():
    on = Destination("a", DestinationKind.SNS, frozenset({EventType.BOUNCE}), ARN)
    off = Destination("b", DestinationKind.SNS, frozenset({EventType.OPEN}), ARN, enabled=False)
    monitored = ConfigurationSet("s", destinations=(on, off))
    assert monitored.hears(EventType.BOUNCE)
    assert not monitored.hears(EventType.OPEN)
    assert not monitored.hears(EventType.CLICK)


def test_events_that_rewrite_the_mail_are_not_chosen_by_default():
    assert {e for e in EventType if e.rewrites_mail} == {EventType.OPEN, EventType.CLICK}
    assert not any(event.rewrites_mail for event in DEFAULT_EVENTS)


@pytest.mark.parametrize("name", ["production-emails", "A_1", "-", "x" * 64])
def test_a_name_that_a_set_may_have(name):
    assert parse_set_name(f" {name} ") == name


@pytest.mark.parametrize("typed", ["", " ", "a b", "a.b", "é", "x" * 65, "a\x1b", "١"])
def test_a_name_that_no_set_may_have(typed):
    with pytest.raises(InvalidName):
        parse_set_name(typed)


@pytest.mark.parametrize(
    ("region", "arn"),
    [
        ("us-east-1", "arn:aws:events:us-east-1:123456789012:event-bus/default"),
        ("us-gov-west-1", "arn:aws-us-gov:events:us-gov-west-1:123456789012:event-bus/default"),
    ],
)
def test_ses_publishes_to_the_default_bus_only(region, arn):
    assert default_bus(region, "123456789012") == arn


def test_the_default_dimension_is_the_set_itself():
    assert default_dimension("s") == Dimension("ses:configuration-set", "MESSAGE_TAG", "s")


STATEMENT = topic_statement(ARN, "123456789012", set_arn("us-east-1", "123456789012", "a-b"))


def test_the_statement_allows_one_set_to_publish_to_one_topic():
    assert STATEMENT == {
        "Sid": "sestui-ab",
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": ARN,
        "Condition": {
            "StringEquals": {
                "AWS:SourceAccount": "123456789012",
                "AWS:SourceArn": "arn:aws:ses:us-east-1:123456789012:configuration-set/a-b",
            }
        },
    }


@pytest.mark.parametrize("policy", [{}, {"Statement": None}, {"Statement": []}])
def test_a_policy_with_nothing_in_it_gets_the_statement(policy):
    assert merged_policy(policy, STATEMENT)["Statement"] == [STATEMENT]
    assert merged_policy(policy, STATEMENT)["Version"] == "2012-10-17"


def test_a_policy_whose_only_statement_is_no_list_keeps_it():
    other = {"Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": ARN}
    policy = {"Version": "2008-10-17", "Id": "theirs", "Statement": other}
    assert merged_policy(policy, STATEMENT) == {
        "Version": "2008-10-17",
        "Id": "theirs",
        "Statement": [other, STATEMENT],
    }


def test_a_name_that_is_taken_is_left_to_its_owner():
    taken = {**STATEMENT, "Effect": "Deny"}
    once = merged_policy({"Statement": [taken]}, STATEMENT)
    assert once["Statement"] == [taken, {**STATEMENT, "Sid": "sestui-ab-2"}]
    assert merged_policy(once, STATEMENT) == once
    other_set = topic_statement(ARN, "123456789012", set_arn("us-east-1", "123456789012", "ab"))
    twice = merged_policy(once, other_set)
    assert [s["Sid"] for s in twice["Statement"]] == ["sestui-ab", "sestui-ab-2", "sestui-ab-3"]
    assert twice["Statement"][:2] == once["Statement"]


@pytest.mark.parametrize(
    "same",
    [
        STATEMENT,
        {key: value for key, value in STATEMENT.items() if key != "Sid"},
        {**STATEMENT, "Sid": "written-by-hand", "Action": ["sns:Publish"]},
        {**STATEMENT, "Principal": {"Service": ["ses.amazonaws.com"]}},
    ],
)
def test_a_statement_that_says_the_same_is_enough(same):
    for policy in ({"Statement": [same]}, {"Statement": same}):
        assert merged_policy(policy, STATEMENT) == policy


values = st.text(max_size=3) | st.lists(st.text(max_size=3), max_size=2)
statements = st.dictionaries(
    st.sampled_from(["Effect", "Action", "Principal", "Condition"]),
    values | st.dictionaries(st.text(max_size=3), values, max_size=2),
    min_size=1,
) | st.just(STATEMENT)
sids = st.sampled_from(["sestui-ab", "sestui-ab-2", "sestui-ab-3", "x"])
named = st.builds(lambda statement, sid: {**statement, "Sid": sid}, statements, sids)
policies = st.fixed_dictionaries(
    {"Version": st.sampled_from(["2008-10-17", "2012-10-17"])},
    optional={"Id": TEXT, "Statement": named | st.lists(named | statements, max_size=4)},
)


@given(policies, statements | named)
def test_merging_keeps_all_that_was_there_and_adds_at_most_one_statement(policy, statement):
    before = copy.deepcopy(policy)
    merged = merged_policy(policy, statement)
    assert policy == before
    old = policy.get("Statement", [])
    old = [old] if isinstance(old, dict) else old
    if merged != policy:
        assert merged["Statement"][:-1] == old
        assert {**merged, "Statement": None} == {**policy, "Statement": None}
        added = merged["Statement"][-1]
        assert {**added, "Sid": None} == {**statement, "Sid": None}
        assert "Sid" not in added or added["Sid"] not in [s.get("Sid") for s in old]
    assert merged_policy(merged, statement) == merged


def test_what_firehose_needs_of_iam():
    trust = firehose_trust("123456789012", "arn:set")["Statement"][0]
    assert trust["Action"] == "sts:AssumeRole"
    assert trust["Condition"]["StringEquals"]["AWS:SourceArn"] == "arn:set"
    permission = firehose_permission("arn:stream")["Statement"][0]
    assert permission["Action"] == ["firehose:PutRecordBatch"]
    assert permission["Resource"] == ["arn:stream"]


def test_every_choice_has_a_word_of_its_own():
    for choices in (EventType, DestinationKind):
        assert len({choice.word for choice in choices}) == len(choices)
