"""Who is let through to moto, which lets everybody through, and to which parts of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from sestui.practice import guard
from sestui.practice.http import Request
from sestui.practice.ports import FindLogin
from sestui.practice.replay import Environ, StartResponse, WsgiApp, request_body
from sestui.practice.signature import Unproven, verify

_ROOT = r"/"
_PATHS = {
    "events": _ROOT,
    "firehose": _ROOT,
    "iam": _ROOT,
    "kms": _ROOT,
    "logs": _ROOT,
    "monitoring": r"/|/service/\w+/operation/\w+",
    "route53": r"/2013-04-01/.*",
    # The buckets of Firehose streams. moto serves its own pages from these names, at any service.
    "s3": r"/(?!moto-api|latest/|favicon\.ico).*",
    "sns": _ROOT,
    "sqs": r"/|/\d{12}/[\w.-]+/?",
    "sts": _ROOT,
}
"""By the name that a request is signed for: the paths that its requests have."""


class Door:
    """WSGI middleware: passes on what somebody with a key has signed, for a service we offer."""

    def __init__(self, app: WsgiApp, find_login: FindLogin) -> None:
        self._app = app
        self._find_login = find_login

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = _request(environ)
        if reason := guard.refusal(request):
            return _refuse(request, start_response, 403, "AccessDeniedException", reason)
        try:
            signed = verify(request, self._find_login, _PATHS)
        except Unproven as error:
            code = error.xml_code if _speaks_xml(request) else error.json_code
            return _refuse(request, start_response, 403, code, str(error))
        # Not the path as it was sent: moto goes by this one.
        if not re.fullmatch(_PATHS[signed.service], environ.get("PATH_INFO", ""), re.DOTALL):
            text = "The practice account has nothing there."
            return _refuse(request, start_response, 404, "UnknownOperationException", text)
        # moto finds the service and the caller by it.
        environ["HTTP_AUTHORIZATION"] = signed.header
        return self._app(environ, start_response)


def _request(environ: Environ) -> Request:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    return Request(
        environ["REQUEST_METHOD"],
        environ["RAW_URI"],
        headers,
        request_body(environ),
    )


def _speaks_xml(request: Request) -> bool:
    return "x-amz-target" not in request.headers and "smithy-protocol" not in request.headers


def _refuse(
    request: Request, start_response: StartResponse, status: int, code: str, text: str
) -> list[bytes]:
    """An error in the form that the client's protocol has for it."""
    if "smithy-protocol" in request.headers:
        kind, body = "application/cbor", _cbor({"__type": code, "message": text})
    elif _speaks_xml(request):
        error = f"<Code>{code}</Code><Message>{escape(text)}</Message>"
        kind = "text/xml"
        body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>".encode()
    else:
        kind = "application/x-amz-json-1.1"
        body = json.dumps({"__type": code, "message": text}).encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    if "smithy-protocol" in request.headers:
        headers.append(("smithy-protocol", request.headers["smithy-protocol"]))
    start_response(f"{status} {code}", headers)
    return [body]


def _cbor(members: dict[str, str]) -> bytes:
    """A map of short texts (RFC 8949, section 3)."""

    def head(kind: int, size: int) -> bytes:
        return bytes([kind << 5 | 25]) + size.to_bytes(2)

    texts = [each.encode() for pair in members.items() for each in pair]
    return head(5, len(members)) + b"".join(head(3, len(text)) + text for text in texts)
