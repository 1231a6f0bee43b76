"""What the practice account must not do: call out of this machine."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from sestui.practice.replay import Environ, StartResponse, WsgiApp, identify, request_body

_LOCAL = {"127.0.0.1", "localhost", "::1"}
_REFUSAL = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>{}</Message>"
    "</Error></ErrorResponse>"
)


class LoopbackOnly:
    """WSGI middleware: refuses SNS subscriptions of web addresses elsewhere.

    moto would really post each message there.
    """

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if identify(environ) == ("sns", "Subscribe"):
            given = parse_qs(request_body(environ).decode("utf-8", "replace"))
            endpoint = given.get("Endpoint", [""])[0]
            if given.get("Protocol", [""])[0] in ("http", "https") and not _is_local(endpoint):
                text = f"The practice account delivers to this machine only, not to {endpoint}"
                start_response("400 BAD REQUEST", [("Content-Type", "text/xml")])
                return [_REFUSAL.format(escape(text)).encode()]
        return self._app(environ, start_response)


def _is_local(endpoint: str) -> bool:
    try:
        return urlsplit(endpoint).hostname in _LOCAL
    except ValueError:
        return False
