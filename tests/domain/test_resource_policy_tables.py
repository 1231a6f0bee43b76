"""Whether a policy lets SES in: a table, and the practice account's own reading as a second one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.resource_policy import SES, Answer, answer, for_everyone
from sestui.practice.events import policy as practice

TOPIC = "arn:aws:sns:eu-west-1:123456789012:ses-events"
SET = "arn:aws:ses:eu-west-1:123456789012:configuration-set/mine"
CONTEXT = {"aws:sourceaccount": "123456789012", "aws:sourcearn": SET}


def says(*statements, **changes) -> Answer:
    given_ = {"service": SES, "action": "sns:Publish", "resource": TOPIC, "context": CONTEXT}
    return answer({"Statement": list(statements)}, **{**given_, **changes})


def allow(**changes):
    return {
        "Effect": "Allow",
        "Principal": {"Service": SES},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        **changes,
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Answer.YES),
        ({"Action": ["SNS:Subscribe", "SNS:Publish"]}, Answer.YES),
        ({"Action": "sns:*"}, Answer.YES),
        ({"Action": "sns:Subscribe"}, Answer.NO),
        ({"Principal": "*"}, Answer.YES),
        ({"Principal": {"AWS": "*"}}, Answer.YES),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, Answer.NO),
        ({"Principal": {"Service": ["events.amazonaws.com", SES]}}, Answer.YES),
        ({"Resource": "*"}, Answer.YES),
        ({"Resource": TOPIC + "-2"}, Answer.NO),
        ({"NotResource": "x"}, Answer.YES),
        ({"Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}}}, Answer.YES),
        ({"Condition": {"StringEquals": {"AWS:SourceAccount": "210987654321"}}}, Answer.NO),
        ({"Condition": {"StringEquals": {"aws:SourceArn": ["x", SET]}}}, Answer.YES),
        (
            {"Condition": {"ArnLike": {"aws:SourceArn": SET.replace("mine", "*")}}},
            Answer.YES,
        ),
        ({"Condition": {"StringEquals": {"aws:SourceArn": SET + "2"}}}, Answer.NO),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, Answer.NO),
        # What a new topic comes with is about its owner, and names no service.
        ({"Condition": {"StringEquals": {"AWS:SourceOwner": "123456789012"}}}, Answer.NO),
        ({"Condition": {"StringNotEquals": {"aws:SourceArn": SET}}}, Answer.NO),
        ({"Condition": {"Bool": {"aws:SecureTransport": True}}}, Answer.YES),
    ],
)
def test_one_statement(change, expected):
    assert says(allow(**change)) is expected


def test_a_deny_wins_wherever_it_stands():
    deny = allow(Effect="Deny")
    assert says(allow(), deny) is says(deny, allow()) is Answer.DENIED


def test_a_deny_for_plain_http_is_not_about_ses():
    deny = allow(Effect="Deny", Principal="*", Action="sns:*")
    deny["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    assert says(allow(), deny) is Answer.YES


def test_the_policy_of_a_role_names_nobody():
    role = {"Effect": "Allow", "Action": ["firehose:Put*"], "Resource": "*"}
    wanted = {"service": SES, "action": "firehose:PutRecordBatch", "resource": "arn:x"}
    assert answer(for_everyone({"Statement": role}), **wanted) is Answer.YES
    assert answer({"Statement": role}, **wanted) is Answer.NO


@pytest.mark.parametrize("policy", [{}, {"Statement": None}, {"Statement": ["x", 3]}])
def test_nonsense_allows_nothing(policy):
    assert answer(policy, service=SES, action="sns:Publish") is Answer.NO


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Principal": st.sampled_from(["*", {"AWS": "*"}, {"Service": SES}, {"AWS": "x"}]),
        "Action": st.sampled_from(["sns:Publish", "sns:*", ["a", "SNS:publish"], "sns:Get*"]),
        "Resource": st.sampled_from(["*", TOPIC, [TOPIC + "x"], "arn:aws:sns:*"]),
        "Condition": st.dictionaries(
            st.sampled_from(["StringEquals", "ArnLike", "StringNotLike", "StringLikeIfExists"]),
            st.dictionaries(
                st.sampled_from(["aws:SourceArn", "AWS:SourceAccount", "aws:Nothing"]),
                st.sampled_from([SET, "123456789012", "arn:aws:ses:*", ["x", SET]]),
                max_size=2,
            ),
            max_size=2,
        ),
    }
)


@given(st.lists(STATEMENTS, max_size=4))
def test_the_practice_account_reads_it_alike(statements):
    context = {**CONTEXT, "aws:securetransport": "true"}
    allowed = practice.allows(
        {"Statement": statements},
        service=SES,
        action="sns:Publish",
        resource=TOPIC,
        context=context,
    )
    assert (says(*statements) is Answer.YES) is allowed
