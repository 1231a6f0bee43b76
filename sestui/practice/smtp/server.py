"""The sockets of the SMTP interface: one port for STARTTLS, one that is TLS from the start."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sestui.practice.smtp.gate import Gate

if TYPE_CHECKING:
    from sestui.practice.smtp.protocol import Conversation
    from sestui.practice.smtp.wrapped import Doorway

HOST = "127.0.0.1"


class SmtpServer:
    """Listens once `start` has returned, answers once it has loaded; `wait` tells when.

    What it loads, and the certificate, are made in its own thread: nobody's first screen waits for
    them. Clients that come early wait for the greeting.
    """

    def __init__(
        self,
        gate: Gate,
        region: str,
        folder: Path,
        *,
        failed: Callable[[str], None] = lambda _text: None,
    ) -> None:
        """`folder` is for the certificate and is made when it is not there. `failed` hears of what
        `problem` says."""
        self.problem = ""
        """Why it does not answer; empty when all is well."""
        self._gate = gate
        self._region = region
        self._folder = folder
        self._failed = failed
        self._sockets: list[socket.socket] = []
        self._ports: list[int] = []
        self._open: set[Conversation] = set()
        self._doorways: set[Doorway] = set()
        self._ready = threading.Event()
        self._running = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def authority(self) -> Path:
        """The certificate to trust, PEM; there when it answers, and in the later runs."""
        return self._folder / "ca.pem"

    def bind(self, port: int = 0) -> int:
        """Open a port: the first is for STARTTLS, the second for TLS. Returns its number.

        Raises:
            OSError: the port is taken.
        """
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # Windows means something else by the option
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(64)
        except OSError:
            listener.close()
            raise
        self._sockets.append(listener)
        self._ports.append(int(listener.getsockname()[1]))
        return self._ports[-1]

    def environment(self) -> dict[str, str]:
        """What a client needs to know. Both ports have been opened."""
        plain, wrapped = self._ports
        return {
            "SESTUI_SMTP": f"{HOST}:{plain}",
            "SESTUI_SMTP_TLS": f"{HOST}:{wrapped}",
            "SESTUI_SMTP_CA": str(self.authority),
        }

    def start(self) -> None:
        """Begin to load, and then to answer on both ports."""
        self._thread = threading.Thread(target=self._run, name="smtp", daemon=True)
        self._thread.start()

    def wait(self, timeout: float) -> bool:
        """Wait until it answers, or cannot; whether it does."""
        return self._ready.wait(timeout) and not self.problem

    def stop(self) -> None:
        """Close the ports and break what is still connected. May be called twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._running.wait()
            if self._loop is not None and self._closing is not None:
                with contextlib.suppress(RuntimeError):  # it has ended by itself
                    self._loop.call_soon_threadsafe(self._closing.set)
            thread.join()
        self._close()

    def _close(self) -> None:
        while self._sockets:
            self._sockets.pop().close()

    def _run(self) -> None:
        try:
            # Before the loop: these take their time, and asyncio minds.
            from sestui.practice.smtp import certificates, protocol, wrapped  # noqa: F401

            context = certificates.context(self._folder)
            asyncio.run(self._serve(context))
        except Exception as error:  # SES goes on without it
            self.problem = f"{type(error).__name__}: {error}"
            self._close()
            self._failed(f"SMTP cannot run: {self.problem}")
        finally:
            self._running.set()
            self._ready.set()

    async def _serve(self, context: ssl.SSLContext) -> None:
        from sestui.practice.smtp.protocol import Conversation
        from sestui.practice.smtp.wrapped import Doorway

        loop = asyncio.get_running_loop()
        # A client that went away is no news, and stderr may be a terminal in use.
        loop.set_exception_handler(lambda _loop, _context: None)
        self._loop, self._closing = loop, asyncio.Event()
        self._running.set()

        def converse(wrapped: bool) -> Conversation:
            return Conversation(
                self._gate, self._region, context, wrapped=wrapped, open_=self._open
            )

        def wrap() -> Doorway:
            return Doorway(lambda: converse(True), context, self._doorways)

        plain, wrapped = self._sockets
        servers = [
            await loop.create_server(lambda: converse(False), sock=plain),
            await loop.create_server(wrap, sock=wrapped),
        ]
        self._ready.set()
        await self._closing.wait()
        for listener in self._sockets:
            # A connection that asyncio takes while its server closes is never closed by it.
            with contextlib.suppress(NotImplementedError):  # Windows
                loop.remove_reader(listener)
        await _turns()
        for server in servers:
            server.close()
        for doorway in list(self._doorways):
            await doorway.end()
        for conversation in list(self._open):
            await conversation.end()
        await _turns()


async def _turns() -> None:
    """Let what is under way arrive: asyncio accepts and closes a connection in several steps."""
    for _ in range(8):
        await asyncio.sleep(0)
