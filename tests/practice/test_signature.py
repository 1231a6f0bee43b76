"""Signatures as botocore makes them are those that the practice account computes."""

from __future__ import annotations

import string
from urllib.parse import quote, urlencode, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from sestui.practice.http import Request
from sestui.practice.signature import Unproven, verify
from tests.keys import ACCESS_KEY, SECRET_KEY, find_login

HOST, REGION, SERVICES = "127.0.0.1:4100", "eu-west-1", ("s3", "ses")
SIGNERS = {
    ("ses", False): SigV4Auth,
    ("ses", True): SigV4QueryAuth,
    ("s3", False): S3SigV4Auth,
    ("s3", True): S3SigV4QueryAuth,
}
NAMES = st.text(string.ascii_lowercase + "-", min_size=1).map("x-".__add__)
TEXTS = st.text(string.ascii_letters + string.digits + " +=&%/?~!*'(),;:@ü€")


def sign(service, method, path, query, headers, body, *, in_query=False):
    """The request as it goes over the wire."""
    url = f"http://{HOST}{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method, url, {**headers, "Host": HOST}, body)
    keys = Credentials(ACCESS_KEY, SECRET_KEY)
    SIGNERS[service, in_query](keys, service, REGION).add_auth(request)
    parts = urlsplit(request.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = {name.lower(): str(value) for name, value in request.headers.items()}
    return Request(method, target, sent, body)


@given(
    service=st.sampled_from(SERVICES),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]),
    parts=st.lists(st.text().filter(lambda part: part not in (".", "..")), max_size=3),
    query=st.dictionaries(TEXTS, TEXTS, max_size=3),
    headers=st.dictionaries(NAMES, TEXTS.filter(str.isascii), max_size=3),
    body=st.binary(),
)
def test_what_botocore_signs_is_right(service, method, parts, query, headers, body):
    # As the SDKs write them.
    path = "/" + "/".join(quote(part, safe="~", errors="replace") for part in parts)
    text = urlencode(query, quote_via=quote, safe="-_.~")
    request = sign(service, method, path, text, headers, body)
    signed = verify(request, find_login, SERVICES)
    assert (signed.region, signed.service) == (REGION, service)
    assert signed.login.secret == SECRET_KEY
    changed = Request(method, request.target + "x", request.headers, body)
    with pytest.raises(Unproven):
        verify(changed, find_login, SERVICES)
    if service != "s3":
        changed = Request(method, request.target, request.headers, body + b"x")
        with pytest.raises(Unproven):
            verify(changed, find_login, SERVICES)


@pytest.mark.parametrize("service", SERVICES)
@given(query=st.dictionaries(TEXTS.filter(bool), TEXTS, max_size=3))
def test_so_is_a_link(service, query):
    text = urlencode(query, quote_via=quote, safe="-_.~")
    request = sign(service, "GET", "/a/b%20c", text, {}, b"", in_query=True)
    signed = verify(request, find_login, SERVICES)
    # What stands for the query in front of moto, which reads headers only.
    assert f"Credential={ACCESS_KEY}/" in signed.header
    for method in ("POST", "DELETE"):
        with pytest.raises(Unproven, match="Missing"):
            verify(Request(method, request.target, request.headers, b""), find_login, SERVICES)


HEADER = f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20260101/eu-west-1/ses/aws4_request"


@given(
    st.text(st.characters(max_codepoint=255))
    | st.lists(
        st.sampled_from(
            [
                HEADER, ", ", ",", "SignedHeaders=host", "SignedHeaders=", "Signature=" + "0" * 64,
                "Signature=", "=", ";", " ", "AWS4-HMAC-SHA256", "é",
            ]
        )
    ).map("".join),
    st.text(st.characters(max_codepoint=255)),
)  # fmt: skip
def test_nonsense_proves_nothing(header, query):
    headers = {"authorization": header, "host": HOST, "x-amz-date": "20260101T000000Z"}
    for each in (headers, {"host": HOST}):
        request = Request("GET", f"/?{query}", each, b"")
        with pytest.raises(Unproven):
            verify(request, find_login, SERVICES)


@pytest.mark.parametrize(
    "change",
    [
        {"x-amz-date": ""},
        {"x-amz-date": "20270101T000000Z"},  # not of the day that the key is for
        {"host": "127.0.0.1:4101"},
    ],
)
def test_what_is_signed_may_not_change(change):
    request = sign("ses", "GET", "/v2/email/account", "", {}, b"")
    changed = Request("GET", request.target, {**request.headers, **change}, b"")
    with pytest.raises(Unproven):
        verify(changed, find_login, SERVICES)


def test_a_signature_without_the_host_is_none():
    """It would be good for every address."""
    request = sign("ses", "GET", "/v2/email/account", "", {}, b"")
    header = request.headers["authorization"].replace("SignedHeaders=host;", "SignedHeaders=")
    changed = Request("GET", request.target, {**request.headers, "authorization": header}, b"")
    with pytest.raises(Unproven, match="no complete"):
        verify(changed, find_login, SERVICES)
