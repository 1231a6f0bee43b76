"""The account's suppression list. Addresses are matched exactly, case included."""

from __future__ import annotations

from sestui.practice.ses.account import settle
from sestui.practice.ses.errors import bad_request, not_found
from sestui.practice.ses.paging import page
from sestui.practice.ses.state import Region, Suppressed
from sestui.practice.ses.world import Call, Members, reads, writes


def reasons_for(region: Region, configuration_set: str) -> list[str]:
    """Why addresses are suppressed for mail sent with a configuration set.

    The set's own reasons, when it has any list of them, replace the account's; with an empty list,
    nobody is suppressed.
    """
    found = region.sets.get(configuration_set)
    own = found.options.get("SuppressionOptions", {}) if found is not None else {}
    reasons: list[str] = own.get("SuppressedReasons", region.account.suppressed_reasons)
    return reasons


def applying(region: Region, configuration_set: str, recipients: list[str]) -> frozenset[str]:
    """Those of `recipients` that mail sent with a configuration set is not delivered to."""
    reasons = reasons_for(region, configuration_set)
    return frozenset(
        address
        for address in recipients
        if (entry := region.suppression.get(address)) is not None and entry.reason in reasons
    )


def _find(call: Call, address: str) -> Suppressed:
    entry = call.region.suppression.get(address)
    if entry is None:
        raise not_found(f"Email address {address} does not exist on your suppression list.")
    return entry


def _no_tenants(members: Members) -> None:
    if "TenantName" in members:
        raise not_found(f"Tenant {members['TenantName']} does not exist.")


def put(call: Call, members: Members) -> Members:
    _no_tenants(members)
    if not settle(call.region.account, call.world.options, call.now).production:
        # The guide says that these are disabled in the sandbox; AWS's text is not known.
        raise bad_request("Suppression list management is not available in the sandbox.")
    address = members["EmailAddress"]
    call.region.suppression[address] = Suppressed(address, members["Reason"], call.now)
    return {}


def get(call: Call, members: Members) -> Members:
    _no_tenants(members)
    entry = _find(call, members["EmailAddress"])
    cause = {"MessageId": entry.message_id, "FeedbackId": entry.feedback_id}
    return {
        "SuppressedDestination": {
            "EmailAddress": entry.address,
            "Reason": entry.reason,
            "LastUpdateTime": entry.updated,
            "Attributes": cause if entry.message_id else None,
        }
    }


def delete(call: Call, members: Members) -> Members:
    _no_tenants(members)
    del call.region.suppression[_find(call, members["EmailAddress"]).address]
    return {}


def list_all(call: Call, members: Members) -> Members:
    _no_tenants(members)
    reasons = members.get("Reasons") or ["BOUNCE", "COMPLAINT"]
    start, end = members.get("StartDate", 0.0), members.get("EndDate", float("inf"))
    entries = {
        entry.address: entry
        for entry in call.region.suppression.values()
        if entry.reason in reasons and start <= entry.updated <= end
    }
    names, token = page(list(entries), members.get("PageSize"), members.get("NextToken"), most=1000)
    return {
        "SuppressedDestinationSummaries": [
            {
                "EmailAddress": name,
                "Reason": entries[name].reason,
                "LastUpdateTime": entries[name].updated,
            }
            for name in names
        ],
        "NextToken": token,
    }


OPERATIONS = {
    "PutSuppressedDestination": writes("suppression", put),
    "GetSuppressedDestination": reads(get),
    "DeleteSuppressedDestination": writes("suppression", delete),
    "ListSuppressedDestinations": reads(list_all),
}
