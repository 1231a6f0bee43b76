"""Bad days."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from sestui.practice.ses.faults import KINDS, Fault
from tests.practice.conftest import wait_until
from tests.practice.ses.conftest import Practice
from tests.practice.ses.test_identities import failure


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("throttle", "TooManyRequestsException", 429),
        ("access_denied", "AccessDeniedException", 403),
        ("expired_token", "ExpiredTokenException", 403),
        ("invalid_token", "UnrecognizedClientException", 403),
        ("server_error", "InternalServiceErrorException", 500),
        ("paused", "SendingPausedException", 400),
        ("suspended", "AccountSuspendedException", 400),
        ("daily_quota", "ThrottlingException", 400),
        ("not_subscribed", "OptInRequired", 403),
        ("temporary_failure", "ServiceUnavailable", 503),
    ],
)
def test_errors(practice: Practice, ses: Any, kind: Any, code: str, status: int) -> None:
    practice.service.faults.add(Fault("GetAccount", kind, count=1))
    ses.list_email_identities()
    with pytest.raises(ClientError) as error:
        ses.get_account()
    assert (failure(error)[0], failure(error)[2]) == (code, status)
    ses.get_account()


def test_access_denied_names_action_and_resource(practice: Practice, ses: Any) -> None:
    practice.service.faults.add(Fault("*", "access_denied"))
    with pytest.raises(ClientError) as error:
        ses.get_email_identity(EmailIdentity="example.com")
    assert failure(error)[1] == (
        "User `arn:aws:iam::123456789012:user/practice' is not authorized to perform "
        "`ses:GetEmailIdentity' on resource "
        "`arn:aws:ses:eu-west-1:123456789012:identity/example.com'"
    )
    with pytest.raises(ClientError, match="perform `ses:SendRawEmail' on resource"):
        ses.send_email(FromEmailAddress="a@b.com", Content={"Raw": {"Data": b"x"}})
    practice.service.faults.clear()
    ses.list_email_identities()


def test_no_answer_and_nothing_done(practice: Practice) -> None:
    ses = practice.client(read_timeout=0.2)
    practice.service.faults.add(Fault("CreateEmailIdentity", "timeout", 1))
    with pytest.raises(ReadTimeoutError):
        ses.create_email_identity(EmailIdentity="example.com")
    assert ses.list_email_identities()["EmailIdentities"] == []


def test_no_answer_but_done(practice: Practice) -> None:
    ses = practice.client(read_timeout=0.2)
    practice.service.faults.add(Fault("CreateEmailIdentity", "timeout_after", 1))
    with pytest.raises(ReadTimeoutError):
        ses.create_email_identity(EmailIdentity="example.com")
    assert len(ses.list_email_identities()["EmailIdentities"]) == 1


def test_a_broken_connection(practice: Practice, ses: Any) -> None:
    practice.service.faults.add(Fault("GetAccount", "reset", 1))
    with pytest.raises(ConnectionClosedError):
        ses.get_account()
    ses.get_account()


def test_a_broken_connection_but_done(practice: Practice, ses: Any) -> None:
    practice.service.faults.add(Fault("CreateEmailIdentity", "reset_after", 1))
    with pytest.raises(ConnectionClosedError):
        ses.create_email_identity(EmailIdentity="example.com")
    assert len(ses.list_email_identities()["EmailIdentities"]) == 1


def test_stopping_does_not_wait_for_those_who_are_held(practice: Practice) -> None:
    ses = practice.client(read_timeout=30)
    practice.service.faults.add(Fault("GetAccount", "timeout", 1))
    errors: list[BaseException] = []

    def call() -> None:
        try:
            ses.get_account()
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    wait_until(lambda: practice.service.calls)
    practice.service.stop()
    thread.join()
    assert isinstance(errors[0], ConnectionClosedError)


def test_faults_as_json(practice: Practice) -> None:
    faults = practice.service.faults
    faults.add(Fault("SendEmail", "throttle", 2))
    text = json.dumps(faults.to_json())
    faults.clear()
    faults.load_json(json.loads(text))
    assert faults.to_json() == [{"operation": "SendEmail", "kind": "throttle", "count": 2}]
    assert [faults.take("SendEmail") for _ in range(3)] == ["throttle", "throttle", None]
    for bad in ([{"x": 1}], 5, [{"operation": "*", "kind": "nonsense"}]):
        with pytest.raises(ValueError, match=r"fault"):
            faults.load_json(bad)
    with pytest.raises(ValueError, match="count"):
        faults.add(Fault("*", KINDS[0], 0))
