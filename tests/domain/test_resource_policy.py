"""Policies of topics, keys and queues: who is let in, and what is said of who is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.configset import topic_statement
from sestui.domain.resource_policy import (
    SES,
    Answer,
    Request,
    judge,
    matches,
    source_context,
)
from sestui.practice.events import policy as practice

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:ses-events"
SET = f"arn:aws:ses:eu-west-1:{ACCOUNT}:configuration-set/production-emails"
OTHER = SET + "-old"
REQUEST = Request(SES, "sns:Publish", TOPIC, source_context(ACCOUNT, SET))


def statement(**changes):
    plain = {
        "Effect": "Allow",
        "Principal": {"Service": SES},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    }
    return {key: value for key, value in {**plain, **changes}.items() if value is not None}


def when(operator: str, key: str, *values: str):
    return statement(Condition={operator: {key: values[0] if len(values) == 1 else list(values)}})


YES, NO, DENIED, UNSURE = Answer.YES, Answer.NO, Answer.DENIED, Answer.UNSURE


@pytest.mark.parametrize(
    ("answer", "statements"),
    [
        (YES, [topic_statement(TOPIC, ACCOUNT, SET)]),
        (YES, [statement()]),
        (YES, statement()),  # one alone, without a list
        (NO, []),
        (NO, [topic_statement(TOPIC, ACCOUNT, OTHER)]),
        (NO, [topic_statement(TOPIC, "999999999999", SET)]),
        (YES, [topic_statement(TOPIC, ACCOUNT, OTHER), topic_statement(TOPIC, ACCOUNT, SET)]),
        # Principals
        (YES, [statement(Principal="*")]),
        (YES, [statement(Principal={"AWS": "*"})]),
        (YES, [statement(Principal={"Service": ["s3.amazonaws.com", SES]})]),
        (NO, [statement(Principal={"Service": "s3.amazonaws.com"})]),
        (NO, [statement(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})]),
        (NO, [statement(Principal=None)]),
        (YES, [statement(Principal=None, NotPrincipal={"AWS": "arn:aws:iam::9:root"})]),
        (NO, [statement(Principal=None, NotPrincipal={"Service": SES})]),
        # Actions and resources
        (YES, [statement(Action="SNS:Publish")]),
        (YES, [statement(Action=["SNS:Subscribe", "sns:*"])]),
        (NO, [statement(Action="sns:Subscribe")]),
        (NO, [statement(Action=None, NotAction="sns:*")]),
        (YES, [statement(Action=None, NotAction=["sns:Subscribe"])]),
        (YES, [statement(Resource="*")]),
        (YES, [statement(Resource="arn:aws:sns:*:*:ses-*")]),
        (YES, [statement(Resource="arn:aws:sns:eu-west-1:123456789012:ses-event?")]),
        (NO, [statement(Resource=TOPIC + "x")]),
        (NO, [statement(Resource=None, NotResource=TOPIC)]),
        # Conditions
        (YES, [when("StringEquals", "AWS:SourceAccount", "1", ACCOUNT)]),
        (NO, [when("StringEquals", "aws:SourceArn", SET[:-6] + "*")]),
        (YES, [when("StringLike", "aws:SourceArn", SET[:-6] + "*")]),
        (YES, [when("ArnLike", "aws:SourceArn", f"arn:aws:ses:*:{ACCOUNT}:*")]),
        (YES, [when("ArnEquals", "aws:SourceArn", OTHER, SET)]),
        (NO, [when("ArnLike", "aws:SourceArn", "arn:aws:*:configuration-set/*")]),
        (NO, [when("ArnEquals", "aws:SourceArn", OTHER)]),
        (YES, [when("StringEqualsIgnoreCase", "AWS:SourceArn", SET.upper())]),
        (NO, [when("StringNotEquals", "AWS:SourceAccount", ACCOUNT)]),
        (YES, [when("StringNotEquals", "AWS:SourceAccount", "9")]),
        (YES, [when("StringEquals", "AWS:SourceOwner", ACCOUNT)]),
        (YES, [when("Bool", "aws:SecureTransport", "true")]),
        (YES, [statement(Condition={"Bool": {"aws:SecureTransport": True}})]),
        (NO, [when("StringEquals", "aws:PrincipalOrgID", "o-1")]),
        (YES, [when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1")]),
        (YES, [when("StringNotEquals", "aws:PrincipalOrgID", "o-1")]),
        (YES, [when("Null", "aws:PrincipalOrgID", "true")]),
        (NO, [when("Null", "aws:SourceArn", "true")]),
        (YES, [when("ForAnyValue:StringEquals", "aws:SourceAccount", ACCOUNT)]),
        (UNSURE, [when("StringEquals", "aws:SourceOrgID", "o-1")]),
        (UNSURE, [when("DateGreaterThan", "aws:CurrentTime", "2026-01-01")]),
        (UNSURE, [statement(Condition="nonsense")]),
        (YES, [when("StringEquals", "aws:SourceOrgID", "o-1"), statement()]),
        # Deny
        (DENIED, [statement(), statement(Effect="Deny")]),
        (DENIED, [statement(Effect="Deny", Principal="*", Action="*", Resource="*"), statement()]),
        (YES, [statement(), {**when("Bool", "aws:SecureTransport", "false"), "Effect": "Deny"}]),
        (
            UNSURE,
            [statement(), {**when("StringNotEquals", "aws:SourceOrgID", "o"), "Effect": "Deny"}],
        ),
        # Nonsense
        (NO, ["x", None, 7]),
        (NO, [statement(Effect="allow")]),
    ],
)
def test_who_is_let_in(answer, statements):
    assert judge({"Statement": statements}, REQUEST).answer is answer


def test_the_nearest_statement_is_named():
    rows = [
        statement(Action="sns:Subscribe"),
        topic_statement(TOPIC, ACCOUNT, OTHER),
    ]
    ruling = judge({"Statement": rows}, REQUEST)
    assert ruling.answer is NO
    assert ruling.key == "AWS:SourceArn"
    assert ruling.wanted == (OTHER,)
    assert ruling.sid == "sestui-productionemailsold"


def test_the_statement_that_forbids_is_named():
    rows = [statement(), statement(Effect="Deny", Sid="Closed")]
    assert judge({"Statement": rows}, REQUEST).sid == "Closed"


# Two people have written down the same rules: the practice account has its own. Where this one is
# sure, both must agree.

VALUES = st.sampled_from(
    [ACCOUNT, "999999999999", SET, OTHER, SET[:-3] + "*", "*", "true", "false"]
)
KEYS = st.sampled_from(
    ["AWS:SourceAccount", "aws:sourcearn", "aws:SourceOwner", "aws:SecureTransport"]
)
OPERATORS = st.sampled_from(
    ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIfExists"]
)
CONDITIONS = st.dictionaries(
    OPERATORS, st.dictionaries(KEYS, VALUES | st.lists(VALUES, min_size=1), max_size=2), max_size=2
)
STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Principal": st.sampled_from(
            ["*", {"AWS": "*"}, {"Service": SES}, {"Service": "s3.amazonaws.com"}]
        ),
        "Action": st.sampled_from(["sns:*", "SNS:Publish", "sns:Subscribe", ["sns:P*", "x:y"]]),
        "Resource": st.sampled_from([TOPIC, "*", TOPIC + "x", TOPIC[:-3] + "*"]),
        "Condition": CONDITIONS,
    }
)


@given(st.lists(STATEMENTS, max_size=3))
def test_it_agrees_with_the_practice_account(rows):
    policy = {"Statement": rows}
    lets_in = practice.allows(
        policy,
        service=SES,
        action="sns:Publish",
        resource=TOPIC,
        context=practice.ses_context(ACCOUNT, SET),
    )
    assert (judge(policy, REQUEST).answer is YES) is lets_in


@given(st.text("ab*?.[^", max_size=6), st.text("ab.[^\n", max_size=6))
def test_wildcards_are_iams_and_nothing_else(pattern, value):
    def slowly(p: str, v: str) -> bool:
        if not p:
            return not v
        if p[0] == "*":
            return slowly(p[1:], v) or (bool(v) and slowly(p, v[1:]))
        return bool(v) and p[0] in ("?", v[0]) and slowly(p[1:], v[1:])

    assert matches(pattern, value) is slowly(pattern, value)
