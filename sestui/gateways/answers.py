"""Whether an answer of AWS can be believed, judged before botocore makes anything of it.

botocore takes a body that it cannot read for an empty answer, "there is nothing", and hands on what
is of another type than its model says. So each answer that comes in is looked at first: it has the
announced length, it is in the format of its service, each member is of its type, and what sestui
cannot do without is there (`answer_needs`). Unknown members and unknown values of an enumeration
are no flaw; `null` is the same as absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sestui.domain.advice_answer import BadAnswer, Flaw
from sestui.gateways.answer_formats import FORMATS, Flawed, misfit
from sestui.gateways.answer_needs import NEEDS
from sestui.gateways.failures import AnswerError

_PAGE = re.compile(
    rb"(?>\xef\xbb\xbf|\s|<!--.*?-->|<\?xml[^>]*>)*+"
    rb"<(?:!doctype\s+html|(?:html|head|body|meta|title|script)\b)",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_BEGINS_WITHIN = 4096
_NOT_OFFERED = (404, 405, 501)
_SIGN_IN_FIRST = 511
"""Network Authentication Required: of the network's, never of the service's."""


def watch(core: Any) -> None:
    """Have every answer to every client of a botocore session judged."""
    core.register("before-parse", _before_parse)


def _before_parse(operation_model: Any, response_dict: dict[str, Any], **_more: Any) -> None:
    """Raises AnswerError."""
    status: int = response_dict["status_code"]
    try:
        _judge(operation_model, response_dict)
    except Flawed as flawed:
        if status >= 500 and status not in (*_NOT_OFFERED, _SIGN_IN_FIRST):
            # A fault of the service, or of something before it, whatever the page says. Without a
            # body botocore goes by the status: it tries again, and names it.
            response_dict["body"] = b""
            return
        flaw = flawed.flaw
        if status in _NOT_OFFERED and flaw in (Flaw.WEB_PAGE, Flaw.UNREADABLE):
            flaw = Flaw.NOT_OFFERED
        service = str(operation_model.service_model.service_id)
        raise AnswerError(
            BadAnswer(
                flaw,
                _NAMES.get(service, service),
                operation_model.name,
                status,
                _request_id(response_dict["headers"]),
                flawed.detail,
            )
        ) from None


_NAMES = {"SESv2": "SES", "CloudWatch Logs": "CloudWatch"}
"""Where botocore's name is not the one that people use."""


def _request_id(headers: Mapping[str, str]) -> str:
    return str(headers.get("x-amzn-requestid") or headers.get("x-amz-request-id") or "")


def _judge(model: Any, response: Mapping[str, Any]) -> None:
    status, headers, body = response["status_code"], response["headers"], response["body"]
    if not isinstance(body, bytes):  # a stream, which is read elsewhere
        return
    if 300 <= status < 400:
        raise Flawed(Flaw.WEB_PAGE, str(headers.get("location") or ""))
    if _PAGE.match(body[:_PAGE_BEGINS_WITHIN]):
        raise Flawed(Flaw.WEB_PAGE)
    announced = str(headers.get("content-length") or "")
    chunked = "chunked" in str(headers.get("transfer-encoding") or "").lower()
    if announced.isdecimal() and not chunked and len(body) < int(announced):
        raise Flawed(Flaw.CUT_OFF)
    kind = FORMATS.get(model.service_model.resolved_protocol)
    if kind is None:
        return
    if status >= 400:
        kind.judge_error(body)
        return
    value = kind.read(model, body)
    shape = model.output_shape
    if shape is not None and (path := misfit(shape, value)) is not None:
        raise Flawed(Flaw.WRONG_TYPE, ".".join(path))
    key = model.service_model.service_name, model.name
    for need in NEEDS.get(key, ()):
        if lacking(value, need.split(".")):
            raise Flawed(Flaw.INCOMPLETE, need.replace("?", "").removesuffix("[]"))


def lacking(value: Any, need: list[str]) -> bool:
    """Whether something that is needed is not in `value`.

    Args:
        need: a way into it, by the rules of `answer_needs`. An empty text counts as nothing.
    """
    if not need:
        return value is None or value == ""
    head, *rest = need
    name = head.rstrip("?[]")
    found = value.get(name)
    if found is None:
        return "?" not in head
    if head.endswith("[]"):
        return any(lacking(each, rest) for each in found)
    return lacking(found, rest)
