"""A stream, and the role in which SES writes to it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sestui.domain.advice import advise as advise_failure
from sestui.domain.configset import DestinationKind
from sestui.domain.configset.policies import firehose_permission, firehose_trust
from sestui.domain.destinations.facts import Existing, Role, Stream
from sestui.domain.destinations.firehose import FirehoseForm, pass_role_statement
from sestui.domain.destinations.form import DestinationForm, advise, destination_of, judge, plan
from sestui.domain.destinations.place import Place

PLACE = Place("eu-west-1", "123456789012")
STREAM = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/events"
SET = "arn:aws:ses:eu-west-1:123456789012:configuration-set/mine"
ARN = "arn:aws:iam::123456789012:role/service-role/writer"
LAMBDA = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
TRUST = firehose_trust(PLACE.account, SET)
WRITE = firehose_permission(STREAM)
GOOD = Role(ARN, TRUST, (("ses-events", WRITE),), ())
STRANGER = Role(ARN, {"Version": "2012-10-17", "Statement": [LAMBDA]}, (), ())
ACTIVE = Stream(STREAM, "ACTIVE")


def form(**hose) -> DestinationForm:
    hose = {"stream": "events", **hose}
    return DestinationForm("mine", kind=DestinationKind.FIREHOSE, firehose=FirehoseForm(**hose))


def operations(made, existing) -> list[str]:
    return [call.operation for call in plan(made, PLACE, existing)]


@pytest.mark.parametrize(
    ("typed", "existing", "field"),
    [
        ({}, Existing(stream=ACTIVE), ""),
        ({"stream": ""}, Existing(), "stream"),
        ({"stream": "a b"}, Existing(), "stream"),
        ({}, Existing(stream=Stream(STREAM, "CREATING")), "stream"),
        ({"role": "x" * 65}, Existing(stream=ACTIVE), "role"),
        ({"role": ARN}, Existing(stream=ACTIVE, role=GOOD), ""),
        ({"role": ARN}, Existing(stream=ACTIVE, role=STRANGER), "role"),
        ({"role": ARN, "open_role": True}, Existing(stream=ACTIVE, role=STRANGER), ""),
        ({"role": "arn:aws:sns:eu-west-1:123456789012:x"}, Existing(), "role"),
    ],
)
def test_as_typed(typed, existing, field):
    assert list(judge(form(**typed), PLACE, existing)) == ([field] if field else [])


def test_a_role_is_made_for_the_set():
    create, permit = plan(form(), PLACE, Existing(stream=ACTIVE))
    assert create.parameters["RoleName"] == "ses-mine-firehose"
    assert json.loads(create.parameters["AssumeRolePolicyDocument"]) == TRUST
    assert json.loads(permit.parameters["PolicyDocument"]) == WRITE
    assert destination_of(form(), PLACE).role.endswith(":role/ses-mine-firehose")


def test_a_role_that_is_there_is_changed_only_when_that_was_chosen():
    existing = Existing(stream=ACTIVE, role=STRANGER)
    assert operations(form(role=ARN), existing) == []
    trust, permit = plan(form(role=ARN, open_role=True), PLACE, existing)
    statements = json.loads(trust.parameters["PolicyDocument"])["Statement"]
    assert statements == [LAMBDA, TRUST["Statement"][0]]
    assert permit.parameters["RoleName"] == "writer"
    assert operations(form(role=ARN, open_role=True), Existing(stream=ACTIVE, role=GOOD)) == []


def test_a_policy_of_the_same_name_keeps_what_it_has():
    other = firehose_permission(STREAM + "-2")
    role = replace(GOOD, inline=(("ses-events", other),))
    (permit,) = plan(form(role=ARN, open_role=True), PLACE, Existing(stream=ACTIVE, role=role))
    statements = json.loads(permit.parameters["PolicyDocument"])["Statement"]
    assert statements == [*other["Statement"], *WRITE["Statement"]]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (GOOD, None),
        (replace(GOOD, inline=(), attached=(WRITE,)), None),
        (replace(GOOD, inline=None, attached=None), None),
        (replace(GOOD, inline=()), "not to be seen"),
    ],
)
def test_whether_it_may_write_is_said_where_it_is_known(role, words):
    found = advise(form(role=ARN), PLACE, Existing(stream=ACTIVE, role=role)).get("role")
    assert found is None if words is None else words in found


def test_a_role_that_may_not_be_read_is_not_made_again():
    existing = Existing(stream=ACTIVE, unread=("role",))
    assert operations(form(role="writer"), existing) == []


def test_the_statement_for_handing_it_over():
    assert pass_role_statement(ARN) == {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": ARN,
        "Condition": {"StringEquals": {"iam:PassedToService": "ses.amazonaws.com"}},
    }


def test_a_refusal_to_hand_the_role_over_shows_the_same_statement():
    text = (
        f"User: arn:aws:iam::1:user/a is not authorized to perform: iam:PassRole on resource: {ARN}"
    )
    problem = advise_failure(
        "CreateConfigurationSetEventDestination", "AccessDeniedException", text, service="sesv2"
    )
    assert json.loads(problem.policy) == pass_role_statement(ARN)
    assert "for SES only" in problem.advice
