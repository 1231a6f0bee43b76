"""Running a socketserver in a thread without polling."""

from __future__ import annotations

import selectors
import socket
import socketserver


class ServeLoop:
    """Serves what comes to `server` from `run` to `end`.

    `serve_forever` looks every so many milliseconds whether it is to end: at rest that wakes the
    processor, and whoever ends it waits for the next look.
    """

    def __init__(self, server: socketserver.TCPServer) -> None:
        self._server = server
        server.timeout = 0  # `handle_request` is called when there is one
        self._ended, self._end = socket.socketpair()

    def run(self) -> None:
        """Serve until `end` is called, which may have been before."""
        with self._ended, selectors.DefaultSelector() as selector:
            selector.register(self._server, selectors.EVENT_READ)
            selector.register(self._ended, selectors.EVENT_READ)
            while self._ended not in [key.fileobj for key, _events in selector.select()]:
                self._server.handle_request()

    def end(self) -> None:
        """Let `run` return; may be called twice, and from any thread."""
        self._end.close()
