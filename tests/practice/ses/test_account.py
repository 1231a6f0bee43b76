"""The account: sandbox, the way out of it, and what else is set on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.practice.ses.conftest import Practice
from tests.practice.ses.test_identities import failure, plain

DETAILS = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.com"}


def test_a_new_account_is_in_the_sandbox(ses: Any) -> None:
    account = plain(ses.get_account())
    assert account == {
        "DedicatedIpAutoWarmupEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": False,
        "SendQuota": {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 0.0},
        "SendingEnabled": True,
        "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
        "PricingAttributes": {"CurrentPlan": "ESSENTIALS", "NextPlan": "ESSENTIALS"},
    }


def test_production_access_takes_a_day(practice: Practice, ses: Any) -> None:
    ses.put_account_details(**DETAILS, ProductionAccessEnabled=True)
    account = ses.get_account()
    assert account["Details"]["ReviewDetails"]["Status"] == "PENDING"
    assert account["Details"]["ReviewDetails"]["CaseId"]
    assert account["Details"]["WebsiteURL"] == "https://example.com"
    assert account["ProductionAccessEnabled"] is False
    with pytest.raises(ses.exceptions.ConflictException) as error:
        ses.put_account_details(**DETAILS, ProductionAccessEnabled=True)
    assert failure(error) == ("ConflictException", None, 409)
    practice.clock.hurry(timedelta(hours=24))
    account = ses.get_account()
    assert account["Details"]["ReviewDetails"]["Status"] == "GRANTED"
    assert account["ProductionAccessEnabled"] is True
    assert account["SendQuota"]["Max24HourSend"] == 50_000.0
    other = practice.client("us-east-1").get_account()
    assert other["ProductionAccessEnabled"] is False


def test_a_review_can_be_decided(practice: Practice, ses: Any) -> None:
    ses.put_account_details(**DETAILS, ProductionAccessEnabled=True)
    practice.service.decide_review("eu-west-1", "DENIED")
    assert ses.get_account()["Details"]["ReviewDetails"]["Status"] == "DENIED"
    with pytest.raises(ses.exceptions.ConflictException):
        ses.put_account_details(**DETAILS, ProductionAccessEnabled=True)
    practice.service.decide_review("eu-west-1", "FAILED")
    ses.put_account_details(**DETAILS, ProductionAccessEnabled=True)
    with pytest.raises(ValueError, match="unknown review status"):
        practice.service.decide_review("eu-west-1", "MAYBE")


def test_attributes(ses: Any) -> None:
    ses.put_account_suppression_attributes(SuppressedReasons=["COMPLAINT"])
    ses.put_account_vdm_attributes(VdmAttributes={"VdmEnabled": "DISABLED"})
    ses.put_account_sending_attributes()
    account = ses.get_account()
    assert account["SuppressionAttributes"] == {"SuppressedReasons": ["COMPLAINT"]}
    assert account["VdmAttributes"] == {"VdmEnabled": "DISABLED"}
    assert account["SendingEnabled"] is False


def test_enforcement(practice: Practice, ses: Any) -> None:
    practice.service.set_enforcement("eu-west-1", "PROBATION")
    assert ses.get_account()["EnforcementStatus"] == "PROBATION"
    with pytest.raises(ValueError, match="unknown enforcement status"):
        practice.service.set_enforcement("eu-west-1", "SAD")
