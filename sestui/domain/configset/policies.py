"""The policies and names that let events out of SES (Developer Guide, "Event publishing")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import Any

from sestui.domain.regions import partition


def default_bus(region: str, account: str) -> str:
    """SES publishes to the default bus only."""
    return f"arn:{partition(region)}:events:{region}:{account}:event-bus/default"


def set_arn(region: str, account: str, name: str) -> str:
    return f"arn:{partition(region)}:ses:{region}:{account}:configuration-set/{name}"


def topic_statement(topic: str, account: str, set_arn: str) -> dict[str, Any]:
    """Lets SES publish events of one set to `topic` (Developer Guide, "SNS destination")."""
    return {
        "Sid": "sestui-" + re.sub(r"[^A-Za-z0-9]", "", set_arn.rsplit("/", 1)[-1]),
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceAccount": account, "AWS:SourceArn": set_arn}},
    }


def merged_policy(policy: Mapping[str, Any], statement: Mapping[str, Any]) -> dict[str, Any]:
    """`policy` with `statement` added; nothing that is there already is changed or left out.

    The policy itself when a statement there says the same, whatever its Sid. A Sid that is taken
    (two sets may be called `a-b` and `ab`) gets a number.
    """
    statements = policy.get("Statement") or []
    if isinstance(statements, Mapping):
        statements = [statements]
    if any(_meaning(s) == _meaning(statement) for s in statements):
        return dict(policy)
    mine = dict(statement)
    if sid := statement.get("Sid"):
        taken = {s.get("Sid") for s in statements}
        names = (sid if number == 1 else f"{sid}-{number}" for number in count(1))
        mine["Sid"] = next(name for name in names if name not in taken)
    return {"Version": "2012-10-17", **policy, "Statement": [*statements, mine]}


def _meaning(statement: Mapping[str, Any]) -> dict[str, Any]:
    """`statement` without its name, and with one-element lists as what is in them."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(inner) for key, inner in value.items()}
        return value[0] if isinstance(value, list) and len(value) == 1 else value

    return {key: plain(value) for key, value in statement.items() if key != "Sid"}


def firehose_trust(account: str, set_arn: str) -> dict[str, Any]:
    """Lets SES take the role for one set."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ses.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"AWS:SourceAccount": account, "AWS:SourceArn": set_arn}
                },
            }
        ],
    }


def firehose_permission(stream: str) -> dict[str, Any]:
    """Lets the role put records into `stream`."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["firehose:PutRecordBatch"], "Resource": [stream]}
        ],
    }
