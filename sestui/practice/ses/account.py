"""The account: sandbox, production access, quota, suppression, sending, VDM."""

from __future__ import annotations

import secrets
from typing import Any

from sestui.practice.ses.errors import bad_request, conflict
from sestui.practice.ses.state import Account, Region
from sestui.practice.ses.world import Call, Members, Options, reads, writes

SANDBOX_DAILY, SANDBOX_RATE = 200.0, 1.0
# AWS publishes no fixed numbers for production; these are what accounts used to be given.
PRODUCTION_DAILY, PRODUCTION_RATE = 50_000.0, 14.0
DAY = 24 * 3600.0


def settle(account: Account, options: Options, now: float) -> Account:
    """Grant production access when the review has taken its time."""
    if account.review == "PENDING" and now - account.review_since >= options.review_takes:
        account.review = "GRANTED"
        account.production = True
    return account


def sent_last_day(region: Region, now: float) -> int:
    """Recipients of the last 24 hours; forgets what is older."""
    region.sending.sent = [entry for entry in region.sending.sent if entry[0] > now - DAY]
    return sum(count for _, count in region.sending.sent)


def quota(account: Account) -> tuple[float, float]:
    """Recipients in 24 hours, sends a second."""
    if account.production:
        return PRODUCTION_DAILY, PRODUCTION_RATE
    return SANDBOX_DAILY, SANDBOX_RATE


def get_account(call: Call, _members: Members) -> Members:
    account = settle(call.region.account, call.world.options, call.now)
    daily, rate = quota(account)
    suppression: dict[str, Any] = {
        "SuppressedReasons": account.suppressed_reasons,
        "ValidationAttributes": account.validation,
    }
    details = None
    if account.details is not None:
        review = {"Status": account.review, "CaseId": account.case_id} if account.review else None
        details = account.details | {"ReviewDetails": review}
    return {
        "DedicatedIpAutoWarmupEnabled": True,
        "EnforcementStatus": account.enforcement,
        "ProductionAccessEnabled": account.production,
        "SendQuota": {
            "Max24HourSend": daily,
            "MaxSendRate": rate,
            "SentLast24Hours": float(sent_last_day(call.region, call.now)),
        },
        "SendingEnabled": account.sending_enabled and account.enforcement != "SHUTDOWN",
        "SuppressionAttributes": {k: v for k, v in suppression.items() if v is not None},
        "Details": details,
        "VdmAttributes": account.vdm,
        # New accounts have been on Essentials since July 2026.
        "PricingAttributes": {"CurrentPlan": "ESSENTIALS", "NextPlan": "ESSENTIALS"},
    }


def put_account_details(call: Call, members: Members) -> Members:
    account = settle(call.region.account, call.world.options, call.now)
    if account.review in ("PENDING", "DENIED"):
        raise conflict()
    production = members.pop("ProductionAccessEnabled", False)
    account.details = {"ContactLanguage": "EN", **members}
    if production and not account.production:
        account.review = "PENDING"
        account.review_since = call.now
        account.case_id = f"17{secrets.randbelow(10**13):013d}"
    return {}


def put_suppression(call: Call, members: Members) -> Members:
    call.region.account.suppressed_reasons = list(members.get("SuppressedReasons", []))
    if "ValidationAttributes" in members:
        call.region.account.validation = members["ValidationAttributes"]
    return {}


def put_sending(call: Call, members: Members) -> Members:
    account = call.region.account
    enabled = members.get("SendingEnabled", False)
    if enabled and account.enforcement == "SHUTDOWN":
        # AWS gives no text for this; the developer guide says only that it cannot be done.
        raise bad_request("Sending was paused by Amazon SES and cannot be enabled by the account.")
    account.sending_enabled = enabled
    return {}


def put_vdm(call: Call, members: Members) -> Members:
    call.region.account.vdm = members["VdmAttributes"]
    return {}


OPERATIONS = {
    "GetAccount": reads(get_account),
    "PutAccountDetails": writes("account", put_account_details),
    "PutAccountSuppressionAttributes": writes("account", put_suppression),
    "PutAccountSendingAttributes": writes("account", put_sending),
    "PutAccountVdmAttributes": writes("account", put_vdm),
}
