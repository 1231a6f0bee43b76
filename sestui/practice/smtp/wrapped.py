"""TLS from the first octet."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable


class Doorway(asyncio.Protocol):
    """Leads a connection through the handshake and to its conversation.

    asyncio's own TLS servers do not tell which connections are in the handshake, so that nobody
    could end those.
    """

    def __init__(
        self,
        make: Callable[[], asyncio.Protocol],
        context: ssl.SSLContext,
        open_: set[Doorway],
    ) -> None:
        """`make` is called after the handshake; `open_` holds this one until then."""
        self._make = make
        self._context = context
        self._open = open_
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a TCP server
        self._transport = transport
        self._open.add(self)
        self._task = asyncio.get_running_loop().create_task(self._enter(transport))
        self._task.add_done_callback(lambda _task: self._open.discard(self))

    async def end(self) -> None:
        """Break the connection within the handshake."""
        if self._transport is not None:
            self._transport.abort()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=1.0)

    async def _enter(self, transport: asyncio.Transport) -> None:
        conversation = self._make()
        with contextlib.suppress(OSError):  # no TLS, or no trust: the client is gone already
            secured = await asyncio.get_running_loop().start_tls(
                transport, conversation, self._context, server_side=True
            )
            if secured is not None:
                conversation.connection_made(secured)
