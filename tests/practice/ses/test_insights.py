"""GetMessageInsights: for accounts with Virtual Deliverability Manager, and single recipients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sestui.practice.events import build
from sestui.practice.ports import Accepted
from tests.practice.ses.conftest import Start
from tests.practice.ses.test_identities import failure

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def accepted(message_id: str, *recipients: str, region: str = "eu-west-1") -> Accepted:
    return Accepted(
        message_id=message_id,
        region=region,
        at=AT,
        source="hello@example.com",
        identity="example.com",
        envelope_from="x@mail.example.com",
        recipients=recipients,
        mime=b"Subject: Hello\r\n\r\nHi\r\n",
        tags={"sestui-test": ["7"]},
    )


ONE = accepted("one", "anna@example.net")
MANY = accepted("many", "anna@example.net", "ben@example.net")
SIMULATED = accepted("simulated", "bounce@simulator.amazonses.com")
ELSEWHERE = accepted("elsewhere", "anna@example.net", region="us-east-1")
EVENTS = {
    mail.message_id: [build.send(mail), build.hard_bounce(mail, mail.recipients, AT)]
    for mail in (ONE, MANY, SIMULATED, ELSEWHERE)
}
EVENTS["one"].append(build.complaint(ONE, ONE.recipients, AT))


@pytest.fixture
def ses(start: Start) -> Any:
    return start(events_of=lambda message_id: EVENTS.get(message_id, [])).client()


def test_the_events_of_a_message(ses: Any) -> None:
    ses.put_account_vdm_attributes(VdmAttributes={"VdmEnabled": "ENABLED"})
    found = ses.get_message_insights(MessageId="one")
    assert found["MessageId"] == "one"
    assert found["FromEmailAddress"] == "hello@example.com"
    assert found["Subject"] == "Hello"
    assert found["EmailTags"] == [{"Name": "sestui-test", "Value": "7"}]
    (insight,) = found["Insights"]
    assert insight["Destination"] == "anna@example.net"
    sent, bounced, complained = insight["Events"]
    assert (sent["Type"], sent["Timestamp"]) == ("SEND", AT)
    assert bounced["Details"]["Bounce"] == {
        "BounceType": "PERMANENT",
        "BounceSubType": "General",
        "DiagnosticCode": "smtp; 550 5.1.1 user unknown",
    }
    assert complained["Details"]["Complaint"] == {"ComplaintFeedbackType": "abuse"}


@pytest.mark.parametrize("message_id", ["unknown", "many", "simulated", "elsewhere"])
def test_what_is_not_in_it(ses: Any, message_id: str) -> None:
    ses.put_account_vdm_attributes(VdmAttributes={"VdmEnabled": "ENABLED"})
    with pytest.raises(ses.exceptions.NotFoundException) as error:
        ses.get_message_insights(MessageId=message_id)
    assert failure(error)[2] == 404


def test_without_vdm_there_is_none(ses: Any) -> None:
    for attributes in (None, {"VdmEnabled": "DISABLED"}):
        if attributes:
            ses.put_account_vdm_attributes(VdmAttributes=attributes)
        with pytest.raises(ses.exceptions.BadRequestException):
            ses.get_message_insights(MessageId="one")
