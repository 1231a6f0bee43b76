"""Whether a policy lets SES in."""

import json

import pytest

from sestui.practice.events.policy import allows, matches, ses_context

TOPIC = "arn:aws:sns:eu-west-1:123456789012:events"
SET = "arn:aws:ses:eu-west-1:123456789012:configuration-set/production-emails"
CONTEXT = ses_context("123456789012", SET)


def statement(**changes):
    return {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    } | changes


def allowed(*statements):
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return allows(
        policy, service="ses.amazonaws.com", action="sns:Publish", resource=TOPIC, context=CONTEXT
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"Service": ["s3.amazonaws.com", "ses.amazonaws.com"]}},
        {"Action": ["SNS:Subscribe", "SNS:publish"]},
        {"Action": "sns:*"},
        {"Resource": "arn:aws:sns:*:*:ev?nts"},
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}}},
        {"Condition": {"StringEquals": {"aws:SourceArn": [SET + "-other", SET]}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": SET.replace("production", "*")}}},
        {"Condition": {"StringNotEquals": {"aws:SourceAccount": "999999999999"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": True}}},
        {"Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"StringEquals": {"AWS:SourceOwner": "123456789012"}}},
    ],
)
def test_let_in(changes):
    assert allowed(statement(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"Principal": {"Service": "s3.amazonaws.com"}},
        {"Principal": {"AWS": "123456789012"}},
        {"Principal": None},
        {"Action": "sns:Subscribe"},
        {"Resource": TOPIC + ".fifo"},
        {"Effect": "Deny"},
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "999999999999"}}},
        {"Condition": {"StringEquals": {"AWS:SourceArn": SET[:-1]}}},
        {"Condition": {"StringEquals": {"AWS:SourceArn": SET.replace("ses", "*")}}},
        {"Condition": {"StringNotLike": {"aws:SourceArn": "arn:aws:ses:*"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"NewOperator": {"aws:SourceAccount": "123456789012"}}},
        {
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012", "aws:SourceArn": "x"}
            }
        },
    ],
)
def test_kept_out(changes):
    assert not allowed(statement(**changes))


def test_a_deny_wins_and_nothing_is_no_permission():
    assert not allowed(statement(), statement(Effect="Deny", Action="*", Principal="*"))
    assert allowed(statement(Action="sns:Subscribe"), statement())
    assert not allowed()


@pytest.mark.parametrize(
    "policy", ["", "{", "[]", '"x"', '{"Statement": "x"}', '{"Statement": {}}']
)
def test_what_is_no_policy_allows_nothing(policy):
    assert not allows(policy, service="ses.amazonaws.com", action="sns:Publish", context={})


def test_wildcards_are_iams_and_not_the_shells():
    assert matches("a*[1]?", "ab[1]2")
    assert not matches("a[b]", "ab")
    assert not matches("A", "a")
