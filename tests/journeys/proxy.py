"""A proxy before an account that counts the calls and ends the caller at one of them."""

from __future__ import annotations

import http.client
import os
import signal
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from sestui.practice.serving import ServeLoop
from sestui.practice.ses.model import service_model
from sestui.practice.ses.routes import Routes

BEFORE = "before"
"""The caller ends when it is about to make the call, with all of the earlier answers in hand."""
AFTER = "after"
"""The call is made, and the caller ends without having seen the answer."""


class CountingProxy:
    """Stands before the endpoints in `environment`, each call to whichever of them counts.

    Attributes:
        environment: the same, with the endpoints of the proxy.
        operations: that were called since `arm`, in their order.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.operations: list[str] = []
        self._routes = Routes(service_model())
        self._at, self._when = 0, BEFORE
        self._lock = threading.Lock()
        self._victim = 0
        self._known = threading.Event()
        self._running: list[tuple[ThreadingHTTPServer, ServeLoop, threading.Thread]] = []
        for name in ("AWS_ENDPOINT_URL_SESV2", "AWS_ENDPOINT_URL_SES", "AWS_ENDPOINT_URL"):
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, environment[name]))
            server.daemon_threads = True
            self.environment[name] = f"http://127.0.0.1:{server.server_port}"
            loop = ServeLoop(server)
            thread = threading.Thread(target=loop.run, daemon=True)
            thread.start()
            self._running.append((server, loop, thread))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for server, loop, thread in self._running:
            loop.end()
            thread.join()
            server.server_close()

    def arm(self, at: int = 0, when: str = BEFORE) -> None:
        """End the next caller at call `at`, counted from 1; 0: let it live."""
        with self._lock:
            self.operations = []
            self._at, self._when = at, when
            self._known.clear()

    def caller_is(self, pid: int) -> None:
        self._victim = pid
        self._known.set()

    def count(self, request: BaseHTTPRequestHandler, body: bytes) -> str:
        """When this call is to be the caller's last; empty when it is not."""
        name = self._operation(request, body)
        with self._lock:
            self.operations.append(name)
            return self._when if len(self.operations) == self._at else ""

    def _operation(self, request: BaseHTTPRequestHandler, body: bytes) -> str:
        """Its name, which each protocol of AWS has in another place."""
        if match := self._routes.match(request.command, request.path):
            return str(match.operation.name)
        if target := request.headers.get("X-Amz-Target"):
            return target.rpartition(".")[2]
        return parse_qs(body.decode())["Action"][0]

    def end_caller(self) -> None:
        self._known.wait()
        os.kill(self._victim, signal.SIGKILL)


def _handler(proxy: CountingProxy, target: str) -> type[BaseHTTPRequestHandler]:
    place = urlsplit(target).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            last = proxy.count(self, body)
            if last == BEFORE:
                proxy.end_caller()
                self.close_connection = True
                return
            connection = http.client.HTTPConnection(place, timeout=30)
            try:
                # The caller has signed its headers, Host among them.
                connection.putrequest(
                    self.command, self.path, skip_host=True, skip_accept_encoding=True
                )
                for name, value in self.headers.items():
                    connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                content = answer.read()
            finally:
                connection.close()
            if last == AFTER:
                proxy.end_caller()
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _pass_on

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
