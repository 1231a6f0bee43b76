"""What goes over the wire: validation, signatures, pace, other paths."""

from __future__ import annotations

import http.client
import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from sestui.practice.ports import Login
from sestui.practice.ses.faults import Fault
from sestui.practice.ses.model import service_model
from sestui.practice.ses.operations import OPERATIONS
from sestui.practice.ses.routes import Routes
from sestui.practice.ses.validation import check
from sestui.practice.ses.wire import parse_request, serialize
from sestui.practice.ses.world import Options
from tests.keys import ACCESS_KEY, SECRET_KEY
from tests.practice.ses.conftest import Practice, Start
from tests.practice.ses.test_identities import failure


def get(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    answer = response.status, response.headers, response.read()
    connection.close()
    return answer


def test_all_operations_have_a_route_and_a_name_in_the_model() -> None:
    model = service_model()
    assert set(OPERATIONS) <= set(model.operation_names)
    routes = Routes(model)
    for name in model.operation_names:
        http_ = model.operation_model(name).http
        path = http_["requestUri"].replace("{", "").replace("}", "")
        match = routes.match(http_["method"], path)
        assert match is not None
        assert match.operation.name == name


def test_violations_are_told_all_at_once(practice: Practice) -> None:
    ses = practice.client(parameter_validation=False)
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        ses.put_account_details(MailType="X", AdditionalContactEmailAddresses=["a@b"])
    assert failure(error)[1] == (
        "3 validation errors detected: Value at 'websiteURL' failed to satisfy constraint: Member "
        "must not be null; Value at 'mailType' failed to satisfy constraint: Member must satisfy "
        "enum value set: [MARKETING, TRANSACTIONAL]; Value at "
        "'additionalContactEmailAddresses.1.member' failed to satisfy constraint: Member must have "
        "length greater than or equal to 6"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"EmailIdentity": 1}',
        b'{"EmailIdentity": "\\ud800"}',
        b'{"EmailIdentity": "a.com", "Tags": {}}',
    ],
)
def test_bodies_of_the_wrong_form(body: bytes) -> None:
    operation = service_model().operation_model("CreateEmailIdentity")
    with pytest.raises(Exception, match="SerializationException"):
        parse_request(operation, {}, {}, body)


def test_blobs_and_times() -> None:
    model = service_model()
    send = model.operation_model("SendEmail")
    members = parse_request(send, {}, {}, b'{"Content": {"Raw": {"Data": "aGk="}}}')
    assert members["Content"]["Raw"]["Data"] == b"hi"
    listed = model.operation_model("ListSuppressedDestinations")
    query = {"StartDate": ["2026-01-01T00:00:00Z"], "Reason": ["BOUNCE"], "PageSize": ["5"]}
    members = parse_request(listed, {}, query, b"")
    assert members == {"StartDate": 1767225600.0, "Reasons": ["BOUNCE"], "PageSize": 5}
    output = model.operation_model("GetEmailIdentity").output_shape
    assert json.loads(serialize(output, {"VerificationStatus": None, "Tags": []})) == {"Tags": []}
    with pytest.raises(ValueError, match="has no Nonsense"):
        serialize(output, {"Nonsense": 1})
    check(send.input_shape, {"Content": {}})


def test_what_is_not_offered_says_so(ses: Any) -> None:
    with pytest.raises(ClientError) as error:
        ses.list_contact_lists()
    assert failure(error) == (
        "NotImplementedException",
        "The practice account does not offer ListContactLists.",
        501,
    )


def client(practice: Practice, region: str, key: str, secret: str) -> Any:
    made = boto3.client(
        "sesv2",
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{practice.port}",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )
    practice.clients.append(made)
    return made


@pytest.mark.parametrize(
    ("region", "key", "secret", "code"),
    [
        ("eu-west-1", "AKIANOBODY", SECRET_KEY, "UnrecognizedClientException"),
        ("eu-west-1", ACCESS_KEY, "wrong", "InvalidSignatureException"),
        ("eu-nowhere-1", ACCESS_KEY, SECRET_KEY, "InvalidSignatureException"),
    ],
)
def test_callers_are_checked(
    practice: Practice, region: str, key: str, secret: str, code: str
) -> None:
    with pytest.raises(ClientError) as error:
        client(practice, region, key, secret).get_account()
    assert failure(error)[0] == code
    assert failure(error)[2] == 403
    assert practice.service.calls == []


def test_further_keys(start: Start) -> None:
    """The call is made by whoever the key belongs to."""
    app = Login("arn:aws:iam::123456789012:user/app", "more")
    practice = start(find_login={"AKIAMORE": app}.get)
    practice.service.faults.add(Fault("GetAccount", "access_denied"))
    with pytest.raises(ClientError, match="user/app' is not authorized"):
        client(practice, "eu-west-1", "AKIAMORE", "more").get_account()


def test_no_signature_at_all(practice: Practice) -> None:
    status, headers, body = get(practice.port, "/v2/email/account")
    assert status == 403
    assert headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    assert json.loads(body) == {"message": "Missing Authentication Token"}


def test_requests_have_ids_and_are_counted(practice: Practice, ses: Any) -> None:
    assert len(ses.get_account()["ResponseMetadata"]["RequestId"]) == 36
    with pytest.raises(ClientError) as error:
        ses.get_email_identity(EmailIdentity="no.com")
    assert len(error.value.response["ResponseMetadata"]["RequestId"]) == 36
    calls = [(call.operation, call.region, call.outcome) for call in practice.service.calls]
    assert calls == [
        ("GetAccount", "eu-west-1", ""),
        ("GetEmailIdentity", "eu-west-1", "NotFoundException"),
    ]


def test_the_control_plane_is_paced_and_sending_is_not(start: Start) -> None:
    practice = start(Options(control_rate=0.001, control_burst=2, send_rate=None, check_every=1e9))
    ses = practice.client()
    ses.get_account()
    ses.list_email_identities()
    with pytest.raises(ses.exceptions.TooManyRequestsException) as error:
        ses.get_account()
    assert failure(error)[1:] == ("Rate exceeded", 429)
    with pytest.raises(ses.exceptions.MessageRejected):
        ses.send_email(
            FromEmailAddress="a@b.com",
            Destination={"ToAddresses": ["a@b.com"]},
            Content={"Simple": {"Subject": {"Data": ""}, "Body": {"Text": {"Data": ""}}}},
        )
    practice.client("us-east-1").get_account()


def test_there_is_nothing_at_other_paths(practice: Practice) -> None:
    for path in ("/", "/nowhere", "/_practice/state"):
        status, headers, _ = get(practice.port, path)
        assert (status, headers["x-amzn-ErrorType"]) == (404, "UnknownOperationException")


def test_too_large_a_request_is_refused(practice: Practice) -> None:
    assert get(practice.port, "/", "POST", **{"Content-Length": str(10**10)})[0] == 413
    assert get(practice.port, "/", "POST", **{"Content-Length": "x"})[0] == 413
