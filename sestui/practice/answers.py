"""Where moto's answers do not say what they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sestui.practice.replay import Environ, StartResponse, WsgiApp


class ProperTypes:
    """WSGI middleware: JSON is called JSON.

    moto says text/html for some services, KMS among them. sestui takes that for the page of a
    network that wants one to sign in, as it would be in front of AWS.
    """

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_X_AMZ_TARGET" not in environ:
            return self._app(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            kept = [each for each in headers if each[0].lower() != "content-type"]
            typed = [*kept, ("Content-Type", "application/x-amz-json-1.1")]
            return start_response(status, typed, *more)

        return self._app(environ, start)
