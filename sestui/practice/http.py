"""HTTP/1.1 on a loopback socket. Knows nothing of SES."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sestui.practice.serving import ServeLoop

MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is path and query as on the request line; header names are in lower case, the values
    of one that is repeated are joined by commas."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Reset(Exception):
    """Raised by an application: break the connection without an answer."""


class Hold(Exception):
    """Raised by an application: never answer."""


Application = Callable[[Request], Response]


class LoopbackServer(ThreadingHTTPServer):
    """Serves an application on 127.0.0.1, each connection in a daemon thread."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, application: Application, port: int = 0) -> None:
        """Bind to `port`, or to a free one. Raises OSError when it is taken."""
        self.application = application
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._loop: ServeLoop | None = None
        self._thread: threading.Thread | None = None
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        self._loop = ServeLoop(self)
        self._thread = threading.Thread(target=self._loop.run, name="http", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and break what is still connected."""
        self.stopping.set()
        if self._loop is not None and self._thread is not None:
            self._loop.end()
            self._thread.join()
        self.server_close()
        with self._guard:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news, and stderr may be a terminal in use."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one write

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()
            return
        self.close_connection = True

    def _serve(self) -> None:
        try:
            length = int(self.headers.get("content-length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= MOST_BYTES or "transfer-encoding" in self.headers:
            self.close_connection = True
            self._write(Response(413, "text/plain", b"the request is too large\n"))
            return
        names = {name.lower() for name in self.headers}
        headers = {name: ",".join(self.headers.get_all(name, [])) for name in names}
        body = self.rfile.read(length)
        request = Request(self.command, self.path, headers, body)
        try:
            response = self.server.application(request)
        except Reset:
            # Lingering for no time makes the close a reset.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            self.close_connection = True
            return
        except Hold:
            self._hold()
            return
        self._write(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _serve  # noqa: N815 - stdlib

    def _hold(self) -> None:
        """Keep the connection without an answer until the client gives up or we stop."""
        self.close_connection = True
        while not self.server.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.2)
            if readable:
                return

    def _write(self, response: Response) -> None:
        self.send_response_only(response.status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: stderr may be a terminal in use."""
