"""No answer is believed that is not whole, not in its format, of other types, or lacks what is
needed: every operation that sestui calls, over a socket, with every damage.
"""

from __future__ import annotations

import ast
import asyncio
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.parsers import create_parser
from hypothesis import given
from hypothesis import strategies as st

import sestui
from sestui.domain.account import Keys, Secret
from sestui.domain.advice_answer import Flaw
from sestui.domain.errors import Problem, Trouble
from sestui.gateways.answer_formats import FORMATS, Flawed, misfit
from sestui.gateways.answer_needs import NEEDS
from sestui.gateways.answers import lacking, watch
from sestui.gateways.aws import Aws, Endpoints
from sestui.gateways.failures import AnswerError, Where
from sestui.gateways.ports import GatewayError
from sestui.gateways.session import new_session
from tests.gateways.damage import (
    ATTRIBUTES,
    PAGE,
    Answer,
    Damage,
    DamagingServer,
    Sent,
    at,
    changed,
    cut,
    cut_chunk,
    cut_unannounced,
    dripped,
    emptied,
    encoded,
    head,
    mislabelled,
    places,
    redirected,
    replaced,
    sample,
    service_model,
    whole,
    whole_value,
)

OURS = [key for key in NEEDS if key[1] not in ("AssumeRole", "AssumeRoleWithWebIdentity")]
OURS = [key for key in OURS if key[0] not in ("sso", "sso-oidc")]
"""What sestui calls itself; the others are called by the SDK on the way to credentials."""
READING = ("Get", "List", "Describe", "Receive", "TestRender")
CORE = [
    ("sesv2", "GetAccount"),  # REST with JSON
    ("sesv2", "ListConfigurationSets"),
    ("sesv2", "PutEmailIdentityMailFromAttributes"),
    ("sesv2", "SendEmail"),
    ("sqs", "GetQueueAttributes"),  # JSON
    ("kms", "PutKeyPolicy"),
    ("sns", "GetTopicAttributes"),  # XML
    ("sns", "SetTopicAttributes"),
    ("sts", "GetCallerIdentity"),
]


def is_reading(operation: str) -> bool:
    return operation.startswith(READING)


def is_xml(service: str) -> bool:
    return service_model(service).resolved_protocol == "query"


def has_output(service: str, operation: str) -> bool:
    shape = service_model(service).operation_model(operation).output_shape
    return shape is not None and bool(shape.members)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt, and time enough for a busy machine: nothing here waits for a time-out."""
    monkeypatch.setattr("sestui.gateways.aws.ATTEMPTS", 1)


@pytest.fixture(scope="module")
def server() -> Iterator[DamagingServer]:
    server = DamagingServer(lambda _request: Sent((b"",)))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def aws(server: DamagingServer) -> Aws:
    """One connection for all: its clients read their models once."""
    session = new_session(keys=Keys("AKIA", Secret("s")), alone=True)
    return Aws(session, "eu-west-1", Endpoints(server.url, server.url))


class Calls:
    """Calls any operation, with an answer that is damaged on the way."""

    def __init__(self, aws: Aws, server: DamagingServer) -> None:
        self._aws = aws
        self._server = server

    def __call__(
        self,
        service: str,
        operation: str,
        damage: Damage = whole,
        *,
        value: Any = None,
        answer: Answer | None = None,
    ) -> dict[str, Any]:
        """Raises GatewayError."""
        if answer is None:
            given = whole_value(service, operation) if value is None else value
            answer = encoded(service, operation, given)
        sent = damage(answer)
        self._server.reply = lambda _request: sent
        shape = service_model(service).operation_model(operation).input_shape
        parameters = sample(shape, required_only=True) if shape is not None else {}
        where = Where(changes=not is_reading(operation))
        return self._aws.invoke(service, operation, parameters, where=where)

    def refused(self, *args: Any, **kwargs: Any) -> Problem:
        with pytest.raises(GatewayError) as failed:
            self(*args, **kwargs)
        return failed.value.problem


@pytest.fixture
def calls(aws: Aws, server: DamagingServer) -> Calls:
    return Calls(aws, server)


# The table


@cache
def sources() -> list[ast.AST]:
    root = Path(sestui.__file__).parent
    paths = [path for path in root.rglob("*.py") if path.relative_to(root).parts[0] != "practice"]
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]


def called() -> set[tuple[str, str]]:
    """What the sources call: `("sns", "Subscribe")` one after the other, among arguments."""
    found: set[tuple[Any, Any]] = set()
    for node in sources():
        if isinstance(node, ast.Call):
            found |= set(pairwise(a.value for a in node.args if isinstance(a, ast.Constant)))
    services = {service for service, _operation in NEEDS}
    return {
        (service, operation)
        for service, operation in found
        if service in services and operation in service_model(service).operation_names
    }


def operations_named() -> set[str]:
    """Every text in the sources that is the name of an operation of SES."""
    texts = {node.value for node in sources() if isinstance(node, ast.Constant)}
    return texts & set(service_model("sesv2").operation_names)


def test_each_operation_that_is_called_has_a_row() -> None:
    assert len(called()) > 60
    assert called() - set(NEEDS) == set()
    rows = {operation for service, operation in NEEDS if service == "sesv2"}
    # SendBulkEmail is only named, where advice is given on errors of sending.
    assert operations_named() - rows == {"SendBulkEmail"}


@pytest.mark.parametrize(("service", "operation"), NEEDS)
def test_each_row_names_members_that_there_are(service: str, operation: str) -> None:
    shape = service_model(service).operation_model(operation).output_shape
    for need in NEEDS[service, operation]:
        here = shape
        for step in need.split("."):
            if here.type_name == "map":
                assert step in ATTRIBUTES[operation]
                continue
            here = here.members[step.rstrip("?[]")]
            assert step.endswith("[]") == (here.type_name == "list"), need
            here = here.member if here.type_name == "list" else here


# Whole answers


@pytest.mark.parametrize(("service", "operation"), OURS)
def test_a_whole_answer_is_believed(calls: Calls, service: str, operation: str) -> None:
    calls(service, operation)


def test_what_is_unknown_is_no_flaw(calls: Calls) -> None:
    value = whole_value("sesv2", "GetEmailIdentity")
    value["VerificationStatus"] = "A_STATUS_OF_TOMORROW"
    value["AMember"] = [{"of": "tomorrow"}]
    value["DkimAttributes"]["Another"] = None
    answer = calls("sesv2", "GetEmailIdentity", value=value)
    assert answer["VerificationStatus"] == "A_STATUS_OF_TOMORROW"


def test_null_is_the_same_as_absent(calls: Calls) -> None:
    value = {**whole_value("sesv2", "ListConfigurationSets"), "NextToken": None}
    assert "NextToken" not in calls("sesv2", "ListConfigurationSets", value=value)


@pytest.mark.parametrize(
    ("service", "operation"),
    [("sqs", "ReceiveMessage"), ("sqs", "ListQueues"), ("kms", "PutKeyPolicy")],
)
def test_nothing_may_be_the_whole_answer(calls: Calls, service: str, operation: str) -> None:
    """SQS leaves empty lists out; KMS has nothing to say."""
    calls(service, operation, value={})


# Damage

FINE = ""
LOST = "The answer from {service} to {operation} was cut off."
SAID: dict[str, tuple[Damage, str, str]] = {
    "cut after the head": (cut(0), "CutOffAnswer", LOST),
    "cut at a third": (cut(0.33), "CutOffAnswer", LOST),
    "cut in the middle": (cut(0.5), "CutOffAnswer", LOST),
    "cut before its last byte": (cut(-1), "CutOffAnswer", LOST),
    "cut, and no length announced": (
        cut_unannounced,
        "UnreadableAnswer",
        "The answer from {service} to {operation} is not valid {format}.",
    ),
    "a chunk cut": (cut_chunk, "ConnectionClosedError", ""),
    "a text instead": (
        replaced(b"Service temporarily moved", kind="text/plain"),
        "UnreadableAnswer",
        "The answer from {service} to {operation} is not valid {format}.",
    ),
    "a list instead": (
        replaced(b"[]"),
        "UnreadableAnswer",
        "The answer from {service} to {operation} is not valid {format}.",
    ),
    "another XML instead": (
        replaced(b"<a/>"),
        "UnreadableAnswer",
        "The answer from {service} to {operation} is not valid {format}",
    ),
    "nested without end": (
        replaced(b"[" * 100_000),
        "UnreadableAnswer",
        "The answer from {service} to {operation} is not valid {format}.",
    ),
    "a web page": (
        replaced(PAGE),
        "WebPageAnswer",
        "A web page came back from {url} instead of an answer.",
    ),
    "a redirect": (
        redirected,
        "WebPageAnswer",
        "{url} redirected to http://portal.example/sign-in instead of answering.",
    ),
    "dripped": (dripped, FINE, ""),
    "mislabelled": (mislabelled, FINE, ""),
}
TABLE = [(*key, damage) for key in OURS for damage in SAID]


def walk(calls: Calls, url: str, service: str, operation: str, name: str) -> None:
    damage, code, words = SAID[name]
    if code == FINE:
        calls(service, operation, damage)
        return
    problem = calls.refused(service, operation, damage)
    label = {"sesv2": "SES", "ses": "SES", "events": "EventBridge", "logs": "CloudWatch"}
    label |= {"firehose": "Firehose", "cloudwatch": "CloudWatch", "lambda": "Lambda"}
    said = words.format(
        service=label.get(service, service.upper()),
        operation=operation,
        format="XML" if is_xml(service) else "JSON",
        url=url,
    )
    assert (problem.code, problem.operation) == (code, operation)
    assert said.removesuffix(".") in problem.what
    if is_reading(operation):
        assert problem.trouble in (Trouble.BAD_ANSWER, Trouble.NETWORK)
        assert problem.passes
    elif name == "a redirect":  # whoever redirects has not passed it on
        assert problem.trouble is Trouble.NETWORK
    else:
        assert problem.trouble is Trouble.MAYBE_DONE
        assert "may have been" in problem.what + problem.advice


@pytest.mark.parametrize(
    ("service", "operation", "name"), [row for row in TABLE if row[:2] in CORE]
)
def test_what_is_said_of_a_damaged_answer(
    calls: Calls, server: DamagingServer, service: str, operation: str, name: str
) -> None:
    walk(calls, server.url, service, operation, name)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_what_botocore_would_not_decode_is_not_believed(calls: Calls, encoding: str) -> None:
    value = whole_value("sesv2", "ListConfigurationSets")
    body = json.dumps(value).encode(encoding)
    problem = calls.refused("sesv2", "ListConfigurationSets", replaced(body))
    assert problem.code == "UnreadableAnswer"


@pytest.mark.thorough
@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_any_damaged_answer(
    calls: Calls, server: DamagingServer, name: str
) -> None:
    for service, operation in OURS:
        walk(calls, server.url, service, operation, name)


@pytest.mark.parametrize(("service", "operation"), OURS)
def test_an_emptied_answer_is_only_one_where_there_is_nothing_to_say(
    calls: Calls, service: str, operation: str
) -> None:
    if has_output(service, operation) or is_xml(service):
        assert calls.refused(service, operation, emptied).code == "UnreadableAnswer"
    else:
        calls(service, operation, emptied)


# Types

WRONG: dict[type, list[Any]] = {
    str: [["x"], {"x": "y"}, 5, True],
    bool: ["maybe", 2, [True], {}],
    int: ["many", [], {"n": 1}, True],
    float: ["many", [], {}, "1e5x"],
    list: ["x", 5, {"x": 1}],
    dict: ["x", 5, ["x"]],
}
IN_XML: dict[type, list[Any]] = {
    str: [["x"]],
    bool: ["maybe", "True", 1],
    int: ["many", "", ["x"]],
    float: ["many", ["x"]],
    list: ["x", 5],
    dict: ["x", 5],
}


def wrong_values(service: str, operation: str) -> Iterator[tuple[str, Any]]:
    """Each member of the answer in turn, with each value that is of another type."""
    value = whole_value(service, operation)
    table = IN_XML if is_xml(service) else WRONG
    for way in places(value):
        here = at(value, way)
        if here == 1790000000:  # a time
            for new in ("yesterday-ish", "9" * 40, ["x"]):
                yield f"{way}={new}", changed(value, way, new)
            continue
        if here == "eA==" or (is_xml(service) and isinstance(here, dict) and here == {}):
            continue
        for new in table[type(here)]:
            yield f"{way}={new}", changed(value, way, new)


def refuse_all_wrong_values(calls: Calls, service: str, operation: str) -> int:
    number = 0
    for name, value in wrong_values(service, operation):
        problem = calls.refused(service, operation, value=value)
        assert problem.code in ("WrongTypeAnswer", "IncompleteAnswer"), name
        number += 1
    return number


@pytest.mark.parametrize(("service", "operation"), CORE)
def test_a_member_of_another_type_is_refused(calls: Calls, service: str, operation: str) -> None:
    number = refuse_all_wrong_values(calls, service, operation)
    assert number > 1 or not has_output(service, operation)


@pytest.mark.thorough
@pytest.mark.parametrize(("service", "operation"), OURS)
def test_any_member_of_another_type_is_refused(calls: Calls, service: str, operation: str) -> None:
    refuse_all_wrong_values(calls, service, operation)


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("timestamp", 1.79e9, True),
        ("timestamp", "2026-11-27T10:00:00Z", True),
        ("timestamp", 1.79e12, False),  # milliseconds
        ("timestamp", -1e300, False),
        ("timestamp", True, False),
        ("timestamp", "", False),
        ("double", 3, True),
        ("double", float("nan"), False),
        ("double", float("inf"), False),
        ("double", 10**400, False),
        ("integer", 3.5, False),
        ("document", [None], True),
    ],
)
def test_numbers_and_times(kind: str, value: Any, fits: bool) -> None:
    class Shape:
        type_name = kind

    assert (misfit(Shape, value) is None) is fits


def test_which_member_it_is_is_said(calls: Calls) -> None:
    value = changed(
        whole_value("sesv2", "GetEmailIdentity"), ("DkimAttributes", "Tokens"), ["a", None]
    )
    problem = calls.refused("sesv2", "GetEmailIdentity", value=value)
    assert "SES to GetEmailIdentity, DkimAttributes.Tokens.[1] is not of the" in problem.what
    assert problem.reference == "GetEmailIdentity · WrongTypeAnswer · request-1"


# What is needed


def without(value: Any, steps: list[str]) -> Any:
    """`value` with what the need names taken out, of each element of a list."""
    head_, *rest = steps
    name = head_.rstrip("?[]")
    if not rest:
        return {key: each for key, each in value.items() if key != name}
    if head_.endswith("[]"):
        return {**value, name: [without(each, rest) for each in value[name]]}
    return {**value, name: without(value[name], rest)}


@pytest.mark.parametrize(
    ("service", "operation", "need"),
    [(*key, need) for key, needs in NEEDS.items() if key in OURS for need in needs],
)
def test_an_answer_that_lacks_what_is_needed_is_refused(
    calls: Calls, service: str, operation: str, need: str
) -> None:
    steps = need.split(".")
    value = without(whole_value(service, operation), steps)
    if steps[-1].rstrip("[]").endswith("?"):
        calls(service, operation, value=value)
        return
    problem = calls.refused(service, operation, value=value)
    assert problem.code == "IncompleteAnswer"
    assert problem.what.endswith(f"lacks {need.replace('?', '').removesuffix('[]')}.")


# Errors and what stands before the service


@pytest.mark.parametrize("service", ["sesv2", "sts"])
@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (200, "WebPageAnswer", Trouble.NETWORK),  # a captive portal
        (403, "WebPageAnswer", Trouble.NETWORK),  # a proxy that blocks
        (511, "WebPageAnswer", Trouble.NETWORK),
        (404, "NotOffered", Trouble.REFUSED),  # a server that is not AWS's
        (501, "NotOffered", Trouble.REFUSED),
        (502, "502", Trouble.NETWORK),  # a balancer, while the service is down
        (503, "503", Trouble.NETWORK),
    ],
)
def test_a_page_with_each_status(
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    status: int,
    code: str,
    trouble: Trouble,
) -> None:
    operation = {"sesv2": "GetAccount", "sts": "GetCallerIdentity"}[service]
    problem = calls.refused(service, operation, replaced(PAGE, status, "text/html"))
    assert (problem.code, problem.trouble) == (code, trouble)
    assert "html" not in problem.what.lower()


def test_at_aws_itself_a_missing_page_is_somebody_elses(calls: Calls) -> None:
    from sestui.domain.advice_answer import BadAnswer, explain_answer

    problem = explain_answer(BadAnswer(Flaw.NOT_OFFERED, "SES", "GetAccount", 404))
    assert problem.what == "A web page came back from AWS's address instead of an answer."


@pytest.mark.parametrize(
    "page",
    [
        b"<html>",
        b"\n\n <HTML lang=x>",
        b"\xef\xbb\xbf<!doctype  html>",
        b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC>",
        b"<!-- a --><!-- > --><head>",
        b"<title>Sign in</title>",
    ],
)
def test_what_a_web_page_is(calls: Calls, page: bytes) -> None:
    assert calls.refused("sts", "GetCallerIdentity", replaced(page)).code == "WebPageAnswer"


def test_looking_for_a_page_takes_no_time_that_grows(calls: Calls) -> None:
    """Comments that could be told apart in 2**1000 ways."""
    body = b"<!---->" * 1000
    assert calls.refused("sesv2", "GetAccount", replaced(body)).code == "UnreadableAnswer"


@pytest.mark.parametrize(
    ("service", "operation", "body"),
    [
        ("sesv2", "GetAccount", b'{"message": ["no"]}'),
        ("sqs", "GetQueueUrl", b'{"__type": 5}'),
        ("sqs", "GetQueueUrl", b"[]"),
        ("sesv2", "GetAccount", b'{"message": "cut of'),
        ("sts", "GetCallerIdentity", b"<ErrorResponse><Error/></ErrorResponse>"),
        ("sts", "GetCallerIdentity", b"<ErrorRes"),
        ("sts", "GetCallerIdentity", b""),
    ],
)
def test_an_error_that_cannot_be_read(
    calls: Calls, service: str, operation: str, body: bytes
) -> None:
    problem = calls.refused(service, operation, replaced(body, 400))
    assert problem.trouble is Trouble.BAD_ANSWER
    assert calls.refused(service, operation, replaced(body, 500)).code == "500"


def test_a_change_that_was_refused_is_not_taken_for_done(calls: Calls) -> None:
    """Why is cut off, that it was refused is not."""
    problem = calls.refused(
        "sesv2", "DeleteEmailIdentity", cut(5), answer=Answer(400, b'{"message": "no"}')
    )
    assert (problem.code, problem.trouble) == ("CutOffAnswer", Trouble.BAD_ANSWER)


def test_an_error_with_nothing_in_it_goes_by_its_status(calls: Calls) -> None:
    problem = calls.refused("sesv2", "GetAccount", replaced(b"", 403))
    assert problem.what == "AWS answered 403."


def test_a_mail_whose_answer_is_damaged_may_have_been_sent(calls: Calls) -> None:
    problem = calls.refused("sesv2", "SendEmail", value={})
    assert (problem.trouble, problem.code) == (Trouble.MAYBE_DONE, "IncompleteAnswer")
    assert "may have been sent" in problem.advice


async def test_an_answer_that_never_ends_is_given_up(
    aws: Aws, server: DamagingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sestui.gateways.aws.ANSWER_TIMEOUT", 0.3)
    answer = encoded("sesv2", "GetAccount", whole_value("sesv2", "GetAccount"))
    content = head(answer, 10**6)
    server.reply = lambda _request: Sent((content, *[b" "] * 100), 0.1)
    with pytest.raises(GatewayError) as failed:
        await asyncio.wait_for(aws.call("sesv2", "GetAccount"), 5)
    assert failed.value.problem.what == "AWS took the request and did not answer."


# What is believed is what botocore reads

SPOILT = st.tuples(
    st.sampled_from([key for key in OURS if NEEDS[key]]),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 6), st.binary(max_size=3)), min_size=1, max_size=3
    ),
)


@cache
def watched() -> Any:
    session = botocore.session.Session()
    watch(session)
    return session.get_component("event_emitter")


@given(SPOILT)
def test_botocore_finds_in_what_is_believed_all_that_is_needed(
    spoilt: tuple[tuple[str, str], list[tuple[float, int, bytes]]],
) -> None:
    """A few bytes are taken out of an answer, and others put there."""
    (service, operation), edits = spoilt
    body = encoded(service, operation, whole_value(service, operation)).body
    for share, gone, new in edits:
        start = int(share * len(body))
        body = body[:start] + new + body[start + gone :]
    model = service_model(service).operation_model(operation)
    response = {"status_code": 200, "headers": {}, "body": body}
    try:
        watched().emit("before-parse.x.y", operation_model=model, response_dict=response)
    except AnswerError:
        return
    parser = create_parser(model.service_model.resolved_protocol)
    parsed = parser.parse(response, model.output_shape)
    assert [need for need in NEEDS[service, operation] if lacking(parsed, need.split("."))] == []


# CBOR, which no service needs for now

CBOR = bytes.fromhex("a1 71") + b"MetricDataResults" + bytes.fromhex("80")


def test_cbor() -> None:
    model = service_model("cloudwatch").operation_model("GetMetricData")
    kind = FORMATS["smithy-rpc-v2-cbor"]
    assert kind.read(model, CBOR) == {"MetricDataResults": []}
    kind.judge_error(b"")
    for body in (CBOR[:-1], CBOR + b"\x00", b"\x80", b"", b"\xff" * 20):
        with pytest.raises(Flawed):
            kind.read(model, body)


def test_a_map_holds_no_nulls() -> None:
    """A policy that is null would pass for none."""
    shape = service_model("sqs").operation_model("GetQueueAttributes").output_shape
    value = json.loads('{"Attributes": {"QueueArn": "q", "Policy": null}}')
    assert misfit(shape, value) == ("Attributes", "Policy")
