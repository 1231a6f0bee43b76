"""Configuration sets and their option groups."""

from __future__ import annotations

from typing import Any

from sestui.practice.ses.errors import (
    ServiceError,
    already_exists,
    bad_request,
    configuration_set_missing,
    limit_exceeded,
    not_found,
)
from sestui.practice.ses.names import is_resource_name
from sestui.practice.ses.paging import page
from sestui.practice.ses.state import ConfigurationSet
from sestui.practice.ses.tags import check_tags
from sestui.practice.ses.world import Call, Members, Operation, Run, reads, writes

MOST_SETS = 10_000
POOLS = ("practice-pool",)
"""Of dedicated addresses; the practice account has one, so that a set can use it."""

Options = dict[str, Any]


def find(call: Call, name: str) -> ConfigurationSet:
    """The configuration set called `name`. Raises ServiceError, NotFoundException."""
    found = call.region.sets.get(name)
    if found is None:
        raise not_found(configuration_set_missing(name))
    return found


def create(call: Call, members: Members) -> Members:
    name = members["ConfigurationSetName"]
    if not is_resource_name(name):
        raise bad_request(
            f"Invalid configuration set name <{name}>: only alphanumeric ASCII characters, '_', "
            "and '-' are allowed."
        )
    tags = check_tags(members.get("Tags", []))
    given = {group: members[group] for group in _CHECKS if group in members}
    if "SuppressedReasons" not in given.get("SuppressionOptions", {"SuppressedReasons": []}):
        # The real service fails too.
        raise ServiceError("InternalFailure", "An internal failure has occurred.", 500)
    options = {group: _CHECKS[group](call, value) for group, value in given.items()}
    options = {group: value for group, value in options.items() if value}
    if name in call.region.sets:
        raise already_exists(f"Configuration set {name} already exists.")
    if len(call.region.sets) >= MOST_SETS:
        raise limit_exceeded(f"You can have at most {MOST_SETS} configuration sets.")
    # A group that is left out starts enabled; one that is given empty, disabled: see _switches.
    defaults: dict[str, Options] = {
        "DeliveryOptions": {"TlsPolicy": "OPTIONAL"},
        "ReputationOptions": {"ReputationMetricsEnabled": True},
        "SendingOptions": {"SendingEnabled": True},
    }
    call.region.sets[name] = ConfigurationSet(name, call.now, defaults | options, tags=tags)
    return {}


def get(call: Call, members: Members) -> Members:
    found = find(call, members["ConfigurationSetName"])
    return {"ConfigurationSetName": found.name, "Tags": list(found.tags)} | found.options


def list_all(call: Call, members: Members) -> Members:
    part = members.get("Filter", {}).get("CONFIGURATION_SET_NAME_CONTAINS")
    if part is not None and not 3 <= len(part) <= 64:
        raise bad_request("CONFIGURATION_SET_NAME_CONTAINS must be between 3 and 64 characters")
    names, token = page(
        [name for name in call.region.sets if (part or "").lower() in name.lower()],
        members.get("PageSize"),
        members.get("NextToken"),
        most=1000,
    )
    return {"ConfigurationSets": names, "NextToken": token}


def delete(call: Call, members: Members) -> Members:
    # Identities that have it as their default keep the name; their sends then fail, as on AWS.
    del call.region.sets[find(call, members["ConfigurationSetName"]).name]
    return {}


def update(call: Call, members: Members) -> Members:
    found = find(call, members["ConfigurationSetName"])
    if "MessageSecurityOptions" in members:
        found.options["MessageSecurityOptions"] = _security(call, members["MessageSecurityOptions"])
    return {}


def _tracking(call: Call, options: Options) -> Options:
    domain = options.get("CustomRedirectDomain")
    if (domain is not None and not domain.strip()) or (domain is None and options):
        raise bad_request("CustomRedirectDomain must be specified.")
    if domain is None:
        return {}
    identity = call.region.identities.get(domain.lower())
    if identity is None or not identity.verified:
        raise bad_request(f"Domain <{domain}> is not verified under this account.")
    return {"HttpsPolicy": "OPTIONAL", **options}


def _delivery(_call: Call, options: Options) -> Options:
    pool = options.get("SendingPoolName")
    if pool is not None and not pool.strip():
        raise bad_request("sendingPoolName can't be blank.")
    if pool is not None and pool not in POOLS:
        raise bad_request(f"SendingPool <{pool}> doesn't exist")
    return {"TlsPolicy": "OPTIONAL", **options}


def _reputation(_call: Call, options: Options) -> Options:
    return {"ReputationMetricsEnabled": options.get("ReputationMetricsEnabled", False)}


def _sending(_call: Call, options: Options) -> Options:
    return {"SendingEnabled": options.get("SendingEnabled", False)}


def _suppression(_call: Call, options: Options) -> Options:
    if options.get("SuppressionScope") == "TENANT":
        raise bad_request("The practice account has no tenants.")
    # A list is the set's own, an empty one too. Without one, the account's reasons hold again:
    # what Terraform has seen of AWS (hashicorp/terraform-provider-aws, pull request 45756).
    return options


def _security(_call: Call, options: Options) -> Options:
    scheme = options.get("SigningScheme", {})
    if len(scheme) > 1:
        raise bad_request("SigningScheme must have exactly one member.")
    return options


def _vdm(_call: Call, options: Options) -> Options:
    return {name: given for name, given in options.items() if given}


def _as_given(_call: Call, options: Options) -> Options:
    return options


_CHECKS = {
    "TrackingOptions": _tracking,
    "DeliveryOptions": _delivery,
    "ReputationOptions": _reputation,
    "SendingOptions": _sending,
    "SuppressionOptions": _suppression,
    "VdmOptions": _vdm,
    "ArchivingOptions": _as_given,
    "MessageSecurityOptions": _security,
}


def _put(group: str, nested: bool = False) -> Operation:
    """Put…Options: replaces a group by the members of the request.

    Args:
        nested: the request has the group as one member, instead of the group's members.
    """

    def run(call: Call, members: Members) -> Members:
        found = find(call, members.pop("ConfigurationSetName"))
        given = members.get(group, {}) if nested else members
        options = _CHECKS[group](call, given)
        if options:
            found.options[group] = options
        else:
            found.options.pop(group, None)
        return {}

    typed: Run = run
    return writes("sets", typed)


OPERATIONS = {
    "CreateConfigurationSet": writes("sets", create),
    "GetConfigurationSet": reads(get),
    "ListConfigurationSets": reads(list_all),
    "DeleteConfigurationSet": writes("sets", delete),
    "UpdateConfigurationSet": writes("sets", update),
    "PutConfigurationSetTrackingOptions": _put("TrackingOptions"),
    "PutConfigurationSetDeliveryOptions": _put("DeliveryOptions"),
    "PutConfigurationSetReputationOptions": _put("ReputationOptions"),
    "PutConfigurationSetSendingOptions": _put("SendingOptions"),
    "PutConfigurationSetSuppressionOptions": _put("SuppressionOptions"),
    "PutConfigurationSetVdmOptions": _put("VdmOptions", nested=True),
    "PutConfigurationSetArchivingOptions": _put("ArchivingOptions"),
}
