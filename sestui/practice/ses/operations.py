"""All operations there are, by name."""

from __future__ import annotations

from typing import Any

from sestui.practice.ses import (
    account,
    configuration_sets,
    destinations,
    dkim,
    identities,
    insights,
    policies,
    sending,
    suppression,
    tags,
    templates,
)
from sestui.practice.ses.world import Operation

OPERATIONS: dict[str, Operation] = {
    **account.OPERATIONS,
    **configuration_sets.OPERATIONS,
    **destinations.OPERATIONS,
    **dkim.OPERATIONS,
    **identities.OPERATIONS,
    **insights.OPERATIONS,
    **policies.OPERATIONS,
    **sending.OPERATIONS,
    **suppression.OPERATIONS,
    **tags.OPERATIONS,
    **templates.OPERATIONS,
}

# Not throttled like the rest: they have the sending rate.
UNPACED = frozenset(("SendEmail",))


def action_of(operation: str, members: dict[str, Any]) -> str:
    """The IAM action an operation needs, without "ses:"; raw mail needs another one."""
    raw = operation == "SendEmail" and "Raw" in members.get("Content", {})
    return "SendRawEmail" if raw else operation


def resource_of(members: dict[str, Any], arn_prefix: str) -> str:
    """The ARN an access check of a request would be about, "*" when it is about no resource.

    Args:
        arn_prefix: "arn:aws:ses:REGION:ACCOUNT:".
    """
    kinds = {
        "EmailIdentity": "identity",
        "ConfigurationSetName": "configuration-set",
        "TemplateName": "template",
    }
    if isinstance(source := members.get("FromEmailAddress"), str):
        return f"{arn_prefix}identity/{source.rpartition('<')[2].rstrip('>')}"
    if isinstance(arn := members.get("ResourceArn"), str):
        return arn
    for member, kind in kinds.items():
        if isinstance(name := members.get(member), str):
            return f"{arn_prefix}{kind}/{name}"
    return "*"
