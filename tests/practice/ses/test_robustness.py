"""Whatever a caller sends, the answer is an error of the API and never one of the service."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sestui.practice.ses.model import service_model
from sestui.practice.ses.operations import OPERATIONS
from tests.practice.ses.conftest import Practice

MODEL = service_model()
ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["a@b.com", "me@example.com", "example.com", "x", "{{a}}", "{{#if a}}", "é@ü.de"]
    ),
    st.sampled_from(["A <me@example.com>", "<", "a\r\nBcc: b@c.de", "ENABLED", "t", "set"]),
)


def members(shape: Any) -> st.SearchStrategy[Any]:
    """Values of a shape: of the right type, and often not what the service wants."""
    match shape.type_name:
        case "structure":
            required = {
                k: members(v) for k, v in shape.members.items() if k in shape.required_members
            }
            rest = {k: members(v) for k, v in shape.members.items() if k not in required}
            return st.fixed_dictionaries(required, optional=rest)
        case "list":
            return st.lists(members(shape.member), max_size=3)
        case "map":
            return st.dictionaries(ODD, ODD, max_size=2)
        case "boolean":
            return st.booleans()
        case "integer" | "long":
            return st.integers(-10, 100_000)
        case "blob":
            return st.binary(max_size=60)
        case "timestamp":
            return st.integers(0, 2_000_000_000)
        case _:
            values = shape.metadata.get("enum")
            return st.sampled_from(values) | ODD if values else ODD


def status_of(call: Callable[[], Any]) -> int:
    try:
        answer = call()
    except ClientError as error:
        answer = error.response
    status: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status


def some(share: int) -> settings:
    """A share of the examples that the lane asks for; they use one service, one after another."""
    most = settings.default.max_examples // share
    return settings(max_examples=most, suppress_health_check=list(HealthCheck))


@pytest.fixture
def furnished(practice: Practice) -> Practice:
    """Of each kind, one thing that names may refer to; the first client validates nothing."""
    ses = practice.client(parameter_validation=False)
    practice.verified_domain(ses, "example.com")
    ses.create_configuration_set(ConfigurationSetName="set")
    ses.create_email_template(TemplateName="t", TemplateContent={"Subject": "{{a}}"})
    return practice


@pytest.mark.parametrize("name", sorted(OPERATIONS))
@some(7)
@given(data=st.data())
def test_no_request_breaks_the_service(furnished: Practice, name: str, data: st.DataObject) -> None:
    shape = MODEL.operation_model(name).input_shape
    request = data.draw(members(shape))
    # botocore itself refuses an empty path member, and lone surrogates.
    path = [k for k, v in shape.members.items() if v.serialization.get("location") == "uri"]
    if any(not request.get(member) for member in path):
        return
    request.pop("EndpointId", None)  # makes another host name of it, without asking us
    call = getattr(furnished.clients[0], xform_name(name))
    assert status_of(lambda: call(**request)) in (200, 400, 404, 409, 501)


NASTY = st.one_of(ODD, st.text(st.characters(codec="utf-8"), max_size=80))


@some(1)
@given(st.lists(NASTY, min_size=8, max_size=8), st.binary(max_size=50), st.booleans())
def test_no_text_in_a_message_breaks_the_service(
    furnished: Practice, texts: list[str], data: bytes, named: bool
) -> None:
    sender, reply, subject, body, html, name, value, file = texts
    request = {
        "FromEmailAddress": f"{sender} <me@example.com>" if named else "me@example.com",
        "Destination": {"ToAddresses": [f"{reply} <success@simulator.amazonses.com>"]},
        "ReplyToAddresses": [f'"{reply}" <a@b.com>'],
        "Content": {
            "Simple": {
                "Subject": {"Data": subject, "Charset": "utf-8"},
                "Body": {
                    "Text": {"Data": body, "Charset": "iso-8859-1"},
                    "Html": {"Data": html, "Charset": "utf-8"},
                },
                "Headers": [{"Name": f"X-{name}", "Value": value}],
                "Attachments": [
                    {
                        "FileName": f"{file}.txt",
                        "RawContent": data,
                        "ContentDescription": value,
                        "ContentId": name,
                        "ContentTransferEncoding": "QUOTED_PRINTABLE",
                    }
                ],
            }
        },
    }
    assert status_of(lambda: furnished.clients[0].send_email(**request)) in (200, 400)


@some(3)
@given(st.binary(max_size=200))
@example(b"From: me@example.com\n\n")
@example(b"From: =?utf-8?q?x?= <me@example.com>\nTo: a\n\xff\xfe")
@example(b"From: me@example.com\nContent-Type: multipart/mixed; boundary=\n\nx")
@example(b'From: ,;<>@\nTo: "\n\n')
def test_no_raw_message_breaks_the_service(furnished: Practice, data: bytes) -> None:
    request = {
        "Destination": {"ToAddresses": ["success@simulator.amazonses.com"]},
        "Content": {"Raw": {"Data": data}},
    }
    assert status_of(lambda: furnished.clients[0].send_email(**request)) in (200, 400)


def test_deep_json_is_refused(furnished: Practice) -> None:
    ses = furnished.clients[0]
    for data in ("[" * 100_000, json.dumps([1]), "null", "NaN", r'{"a": "\ud800"}'):
        with pytest.raises(ses.exceptions.BadRequestException):
            ses.test_render_email_template(TemplateName="t", TemplateData=data)
