"""Sending authorization policies of identities."""

from __future__ import annotations

import json

from sestui.practice.ses.errors import already_exists, bad_request, limit_exceeded, not_found
from sestui.practice.ses.identities import find
from sestui.practice.ses.names import is_resource_name
from sestui.practice.ses.world import Call, Members, reads, writes

MOST_POLICIES = 20
MOST_BYTES = 4096


def _check(name: str, policy: str) -> None:
    if not is_resource_name(name):
        raise bad_request(f"Invalid policy name {name}.")
    if len(policy.encode()) > MOST_BYTES:
        raise bad_request("Policy size limit exceeded: it may have 4096 bytes at most.")
    try:
        document = json.loads(policy)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or "Statement" not in document:
        raise bad_request("Invalid policy: it is not a policy document in JSON.")


def create(call: Call, members: Members) -> Members:
    identity, name = find(call, members["EmailIdentity"]), members["PolicyName"]
    _check(name, members["Policy"])
    if not identity.verified:
        raise bad_request(f"Identity {identity.name} is not verified.")
    if name in identity.policies:
        raise already_exists(f"Policy <{name}> already exists.")
    if len(identity.policies) >= MOST_POLICIES:
        raise limit_exceeded(
            f"Number of policies for <{identity.name}> exceeds max allowed number of policies per "
            "resource"
        )
    identity.policies[name] = members["Policy"]
    return {}


def get_all(call: Call, members: Members) -> Members:
    return {"Policies": dict(find(call, members["EmailIdentity"]).policies)}


def update(call: Call, members: Members) -> Members:
    identity, name = find(call, members["EmailIdentity"]), members["PolicyName"]
    _check(name, members["Policy"])
    if name not in identity.policies:
        raise not_found(f"Policy <{name}> does not exist.")
    identity.policies[name] = members["Policy"]
    return {}


def delete(call: Call, members: Members) -> Members:
    # Deleting a policy that is not there succeeds.
    find(call, members["EmailIdentity"]).policies.pop(members["PolicyName"], None)
    return {}


OPERATIONS = {
    "CreateEmailIdentityPolicy": writes("identities", create),
    "GetEmailIdentityPolicies": reads(get_all),
    "UpdateEmailIdentityPolicy": writes("identities", update),
    "DeleteEmailIdentityPolicy": writes("identities", delete),
}
