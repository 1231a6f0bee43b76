"""The key of an encrypted topic: whether SES can use it, and how it is let.

Sources: SES Developer Guide, "Configuring Amazon SNS notifications" (the key policy); SNS Developer
Guide, "Key management" (the AWS-managed key has a policy that nobody can change).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sestui.domain.destinations.edits import PolicyEdit, with_statement
from sestui.domain.destinations.expected import key_policy
from sestui.domain.destinations.facts import Key
from sestui.domain.destinations.place import Place, last
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.resource_policy import SES, Answer, answer
from sestui.domain.text import quoted

ACTIONS = ("kms:GenerateDataKey*", "kms:Decrypt")
AWS_MANAGED = "alias/aws/sns"


def key_statement() -> dict[str, Any]:
    """Lets SES use a key of one's own."""
    return {
        "Sid": "sestui-ses",
        "Effect": "Allow",
        "Principal": {"Service": SES},
        "Action": list(ACTIONS),
        "Resource": "*",
    }


def is_aws_managed(key_id: str, key: Key | None) -> bool:
    """`key_id` is as in the topic's attributes: an alias, an id or an ARN."""
    if key is not None:
        return key.managed_by_aws
    return key_id.endswith(AWS_MANAGED)


def lets_ses(key: Key) -> bool:
    """Its policy is known and allows both calls."""
    return key.policy is not None and all(
        answer(key.policy, service=SES, action=each) is Answer.YES
        for each in ("kms:GenerateDataKey", "kms:Decrypt")
    )


def key_problem(key_id: str, key: Key | None, place: Place, *, unread: bool = False) -> str:
    """Why SES can never publish with this key; empty when it can or may be let.

    Args:
        unread: the key could not be looked at.
    """
    if not key_id:
        return ""
    if is_aws_managed(key_id, key):
        return _(
            "The topic is encrypted with alias/aws/sns. SES cannot use that key, and its policy "
            "is Amazon's. Choose a key of your own, or no encryption by key, or another topic."
        )
    if key is None:
        if unread:
            return ""
        return _("There is no key {key} here.").format(key=quoted(key_id))
    if not key.enabled:
        return _("The key {key} is disabled: nothing can be published with it.").format(
            key=quoted(last(key.arn))
        )
    if not place.here(key.arn) and not lets_ses(key):
        return _("The key is of another account; its owner must let {service} use it.").format(
            service=SES
        )
    return ""


def key_advice(key_id: str, key: Key | None, *, unread: bool = False) -> str:
    """What is not known, or will be changed; empty when nothing need be said."""
    if not key_id or is_aws_managed(key_id, key):
        return ""
    if (key is None and unread) or (key is not None and key.policy is None):
        return _("The policy of the key may not be read. It must have: {statement}").format(
            statement=json.dumps(key_statement())
        )
    if key is not None and key.policy is not None and not lets_ses(key):
        if all(
            answer(key.policy, service=SES, action=each) is not Answer.DENIED
            for each in ("kms:GenerateDataKey", "kms:Decrypt")
        ):
            return _("The key does not let SES use it yet; a statement is added to its policy.")
        return _("The policy of the key forbids it to SES outright. Take that Deny away first.")
    return ""


def key_edits(key: Key | None, place: Place) -> Iterator[PolicyEdit]:
    """The key's policy with the statement SES needs, where it is not there."""
    if key is None or key.policy is None or key.managed_by_aws or lets_ses(key):
        return
    if not place.here(key.arn):
        return
    after = with_statement(key.policy, key_statement())
    title = _("Let SES use the key {key}: one statement is added to its policy").format(
        key=last(key.arn)
    )
    parameters = {"KeyId": key.arn, "PolicyName": "default", "Policy": json.dumps(after)}
    call = Call("kms", "PutKeyPolicy", title, parameters, expected=key_policy(key))
    yield PolicyEdit(title, key.policy, after, call)
