"""The IAM policies that are handed out allow what the code does, and nothing else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.policy_validation import IAMPolicyDocumentValidator

import sestui
from sestui.domain.policy import sending_policy, statement_for, wizard_policy

SERVICES = {
    "sesv2": "ses", "ses": "ses", "sns": "sns", "sqs": "sqs", "events": "events", "iam": "iam",
    "kms": "kms", "firehose": "firehose", "cloudwatch": "cloudwatch", "lambda": "lambda",
    "logs": "logs", "sts": "sts",
}  # fmt: skip
"""boto3's name of a service, and what its actions begin with in a policy."""
OTHERWISE = {
    "sts:GetCallerIdentity": None,  # allowed to everybody
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
}
"""Calls that IAM knows by another name."""
BESIDE = {
    "ses:SendRawEmail": "SendEmail with a raw message, and SMTP",
    "sqs:TagQueue": "CreateQueue with tags",
    "events:TagResource": "PutRule with tags",
    "iam:PassRole": "a destination whose role SES takes over",
}
"""What IAM asks for beside the call itself."""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    root = Path(sestui.__file__).parent
    for path in sorted(root.rglob("*.py")):
        # The practice account answers calls; cleaning up is for whoever may delete it all.
        # A table of what answers hold names calls of other commands, too.
        apart = {"practice", "cli", "policy.py", "answer_needs.py"}
        if not apart & set(path.relative_to(root).parts):
            yield path, ast.parse(path.read_text("utf-8"))


def words(tree: ast.Module) -> set[Any]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def called() -> set[str]:
    """The actions of all calls in the code: those of plans, and those that the gateways make."""
    session = botocore.session.get_session()
    operations = {
        service: set(session.get_service_model(service).operation_names) for service in SERVICES
    }
    found = set()
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Call":
                names = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                found |= {(names[0], names[1])} if len(names) == 2 else set()
        if "gateways" in path.parts:
            for service in SERVICES.keys() & words(tree):
                found |= {(service, name) for name in operations[service] & words(tree)}
    return {f"{SERVICES[service]}:{operation}" for service, operation in found}


def allows(policy: dict[str, Any], action: str, resource: str = "*") -> bool:
    """What moto, which evaluates policies as IAM does, says to a call."""
    text = json.dumps(policy)
    IAMPolicyDocumentValidator(text).validate()
    answer = IAMPolicy({"policy_document": text}).is_action_permitted(action, resource)
    return answer is PermissionResult.PERMITTED


def actions() -> list[str]:
    """All that the wizard is allowed, in order."""
    found = [statement["Action"] for statement in wizard_policy()["Statement"]]
    return [action for each in found for action in ([each] if isinstance(each, str) else each)]


def test_the_wizard_may_make_every_call_that_it_makes():
    calls = called()
    assert {"ses:GetAccount", "sns:ListTopics", "sqs:ReceiveMessage", "iam:CreateRole"} <= calls
    wanted = {OTHERWISE.get(call, call) for call in calls} - {None}
    assert [call for call in sorted(wanted) if not allows(wizard_policy(), call)] == []


def test_the_wizard_may_make_no_call_that_it_never_makes():
    named = {word for _path, tree in sources() for word in words(tree)}
    reasons = {*BESIDE, *OTHERWISE.values()}
    unused = [each for each in actions() if each.partition(":")[2] not in named]
    assert [action for action in unused if action not in reasons] == []
    assert [call for call in BESIDE if not allows(wizard_policy(), call)] == []


def test_a_call_that_the_policy_does_not_name_is_not_allowed():
    assert not allows(wizard_policy(), "ses:DeleteEmailIdentity")
    assert not allows(wizard_policy(), "iam:DeleteRole")


def test_the_policy_is_one_that_iam_takes():
    statements = wizard_policy()["Statement"]
    names = [statement["Sid"] for statement in statements]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z0-9]+", name) for name in names)
    assert len(json.dumps(wizard_policy())) < 6_144  # of a managed policy
    IAMPolicyDocumentValidator(json.dumps(wizard_policy())).validate()


def test_each_permission_is_given_once():
    assert len(actions()) == len(set(actions()))


def test_a_role_may_be_passed_to_ses_only():
    passing = wizard_policy()["Statement"][-1]
    assert (passing["Effect"], passing["Action"], passing["Resource"]) == (
        "Allow", "iam:PassRole", "*"
    )  # fmt: skip
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "ses.amazonaws.com"}}


def test_the_wizard_may_delete_only_what_can_be_made_again_in_a_moment():
    assert {action for action in actions() if "Delete" in action} == {
        "ses:DeleteEmailTemplate",
        "ses:DeleteSuppressedDestination",
        "ses:DeleteConfigurationSet",
        "ses:DeleteConfigurationSetEventDestination",
        # What a proof has made, and a rule of an event destination.
        "events:DeleteRule",
        "sqs:DeleteQueue",
        "sqs:DeleteMessage",
    }


def test_an_application_may_send_as_one_address_with_one_set():
    """The whole document, because it is pasted into IAM as it is."""
    policy = sending_policy(
        "us-gov-west-1", "123456789012", "example.com", "noreply@example.com", "production-emails"
    )
    assert policy == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "SendOnlyAsThisAddress",
                "Effect": "Allow",
                "Action": ["ses:SendEmail", "ses:SendRawEmail"],
                "Resource": [
                    "arn:aws-us-gov:ses:us-gov-west-1:123456789012:identity/example.com",
                    "arn:aws-us-gov:ses:us-gov-west-1:123456789012:configuration-set/production-emails",
                ],
                "Condition": {"StringEquals": {"ses:FromAddress": "noreply@example.com"}},
            }
        ],
    }


def test_an_application_may_send_as_a_whole_domain():
    policy = sending_policy("us-east-1", "1", "example.com", "*@example.com")
    (statement,) = policy["Statement"]
    assert statement["Resource"] == ["arn:aws:ses:us-east-1:1:identity/example.com"]
    assert statement["Condition"] == {"StringLike": {"ses:FromAddress": "*@example.com"}}


@pytest.mark.parametrize("resource", ["*", "arn:aws:sqs:us-east-1:1:queue"])
def test_a_statement_for_one_call(resource):
    document = {"Version": "2012-10-17", "Statement": [statement_for("sqs:GetQueueUrl", resource)]}
    assert allows(document, "sqs:GetQueueUrl", resource)
    assert not allows(document, "sqs:DeleteQueue", resource)
    assert statement_for("ses:GetAccount") == statement_for("ses:GetAccount", "*")
