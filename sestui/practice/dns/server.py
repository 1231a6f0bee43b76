"""The sockets: one event loop in one thread, UDP and TCP on the same port of 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import threading
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from sestui.practice.dns import answer
from sestui.practice.dns.faults import DnsFaults, Fault

HOST = "127.0.0.1"
_IDLE_SECONDS = 10.0
_RCODES = {"servfail": dns.rcode.SERVFAIL, "refused": dns.rcode.REFUSED}


class DnsServer:
    """Answers for `zones` from `start` to `stop`; `faults` may be changed at any time."""

    def __init__(self, zones: answer.Zones, faults: DnsFaults | None = None) -> None:
        self.faults = faults or DnsFaults()
        self.port = 0
        self.queries = 0
        """How many queries have been read."""
        self._zones = zones
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closing: asyncio.Event | None = None

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.port

    def start(self, port: int = 0) -> int:
        """Bind and answer; returns the port.

        Raises:
            OSError: the port is taken.
        """
        udp, tcp = _bind(port)
        self.port = udp.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(udp, tcp, ready)), name="dns", daemon=True
        )
        self._thread.start()
        ready.wait()
        return self.port

    def stop(self) -> None:
        """Close the sockets; waiting queries are dropped. May be called twice."""
        loop, closing, thread = self._loop, self._closing, self._thread
        self._loop = None
        if loop is None or closing is None or thread is None:
            return
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(closing.set)
        thread.join()

    async def _serve(self, udp: socket.socket, tcp: socket.socket, ready: threading.Event) -> None:
        loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        self._loop = loop
        tasks: set[asyncio.Task[None]] = set()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(self, tasks), sock=udp)

        async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = cast("asyncio.Task[None]", asyncio.current_task())
            tasks.add(task)
            try:
                await self._stream(reader, writer)
            finally:
                tasks.discard(task)

        server = await asyncio.start_server(stream, sock=tcp)
        ready.set()
        await self._closing.wait()
        transport.close()
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Queries of one TCP connection, one after another (RFC 7766)."""
        try:
            while True:
                async with asyncio.timeout(_IDLE_SECONDS):
                    (length,) = struct.unpack("!H", await reader.readexactly(2))
                    wire = await reader.readexactly(length)
                out = await self.reply(wire, udp=False)
                if out is None:
                    break
                writer.write(struct.pack("!H", len(out)) + out)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def reply(self, wire: bytes, *, udp: bool) -> bytes | None:
        """The octets to answer `wire` with; None is silence."""
        self.queries += 1
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return _format_error(wire)
        if query.flags & dns.flags.QR:
            return None
        fault = self._fault(query)
        if fault is not None:
            if fault.kind == "drop":
                return None
            if fault.kind == "delay":
                await asyncio.sleep(fault.ms / 1000)
            else:
                return answer.to_wire(query, _spoiled(query, fault), udp=udp)
        try:
            # In a thread of its own: a DKIM key may have to be made first.
            response = await asyncio.to_thread(answer.respond, self._zones, query)
            return answer.to_wire(query, response, udp=udp)
        except Exception:  # a name server that hits a bug says SERVFAIL and lives on
            response = dns.message.make_response(query)
            response.set_rcode(dns.rcode.SERVFAIL)
            return answer.to_wire(query, response, udp=udp)

    def _fault(self, query: dns.message.Message) -> Fault | None:
        if not query.question:
            return None
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        return self.faults.take(name, dns.rdatatype.to_text(question.rdtype))


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, server: DnsServer, tasks: set[asyncio.Task[None]]) -> None:
        self._server = server
        self._tasks = tasks
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, data: bytes, addr: tuple[str, int]) -> None:
        out = await self._server.reply(data, udp=True)
        if out is not None and self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(out, addr)


def _bind(port: int) -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket on the same port; tries again where a free one is taken for TCP."""
    for attempts_left in reversed(range(20)):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # Windows means something else by the option
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tcp.bind((HOST, port))
            tcp.listen(64)
            udp.bind((HOST, tcp.getsockname()[1]))
            return udp, tcp
        except OSError:
            udp.close()
            tcp.close()
            if port or not attempts_left:
                raise
    raise AssertionError("unreachable")


def _spoiled(query: dns.message.Message, fault: Fault) -> dns.message.Message:
    response = dns.message.make_response(query, our_payload=answer.MAX_UDP)
    # A lame server knows nothing of the zone: no error, no data, not authoritative.
    response.set_rcode(_RCODES.get(fault.kind, dns.rcode.NOERROR))
    return response


def _format_error(wire: bytes) -> bytes | None:
    """FORMERR for a query whose header can be read, silence for anything else."""
    if len(wire) < 12 or wire[2] & 0x80:
        return None
    return wire[:2] + bytes([0x80 | (wire[2] & 0x79), dns.rcode.FORMERR]) + bytes(8)
