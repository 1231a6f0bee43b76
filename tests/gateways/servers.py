"""Small servers that answer what a test tells them to."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

from sestui.practice.serving import ServeLoop

HANG = "hang"
RESET = "reset"
Reply = tuple[int, bytes] | str


class ScriptedHttp:
    """Answers requests with `replies`, in order; the last one for ever. HANG never answers, RESET
    breaks the connection after the request has been read."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.requests: list[tuple[str, str, bytes]] = []
        """Method, path with query, body."""
        self.headers: list[Any] = []
        self.asked = threading.Event()
        """Set by the first request."""
        self._over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                outer.requests.append((self.command, self.path, body))
                outer.headers.append(self.headers)
                outer.asked.set()
                reply = outer.replies.pop(0) if len(outer.replies) > 1 else outer.replies[0]
                match reply:
                    case "hang":
                        outer._over.wait()
                        self.close_connection = True
                    case "reset":
                        linger = struct.pack("ii", 1, 0)
                        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        self.connection.close()
                        self.close_connection = True
                    case status, content:
                        self.send_response(status)  # type: ignore[arg-type]
                        self.send_header("Content-Length", str(len(content)))
                        if content.startswith(b"<html"):  # type: ignore[union-attr]
                            self.send_header("Content-Type", "text/html; charset=utf-8")
                        self.send_header("x-amzn-RequestId", "request-1")
                        self.end_headers()
                        self.wfile.write(content)  # type: ignore[arg-type]

            do_GET = do_POST = do_PUT = do_DELETE = _serve

            def log_message(self, *_args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_args: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._loop = ServeLoop(self._server)
        self._thread = threading.Thread(target=self._loop.run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._loop.end()
        self._thread.join()
        self._server.server_close()


def _bind_both() -> tuple[socket.socket, socket.socket]:
    """UDP and TCP on the same free port."""
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        udp.bind(("127.0.0.1", 0))
        try:
            tcp.bind(udp.getsockname())
            tcp.listen()
        except OSError:  # someone else has it
            udp.close()
            tcp.close()
            continue
        return udp, tcp


Behaviour = Callable[[dns.message.Message], dns.message.Message | bytes | None]


class NameServer:
    """A name server on UDP and TCP of one loopback port.

    `zone` holds lines such as `example.com. 300 IN TXT "x"`; `odd` overrides what is answered to a
    (name, type): a function from the query to the answer, to raw bytes, or to None for silence.
    """

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], dns.rrset.RRset] = {}
        self.odd: dict[tuple[str, str], Behaviour] = {}
        self.queries: list[tuple[str, str, bool]] = []
        """Name, type, whether over TCP."""
        self.flags = dns.flags.AA
        self.recursion_wanted: list[bool] = []
        self._udp, self._tcp = _bind_both()
        self.port = self._udp.getsockname()[1]
        targets = (self._serve_udp, self._serve_tcp)
        self._threads = [threading.Thread(target=target, daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()

    @property
    def place(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    def add(self, *lines: str) -> None:
        for line in lines:
            name, _ttl, _class, kind, value = line.split(None, 4)
            key = (name.lower().rstrip("."), kind)
            rrset = dns.rrset.from_text(name, 300, "IN", kind, value)
            if key in self.records:
                self.records[key].update(rrset)
            else:
                self.records[key] = rrset

    def stop(self) -> None:
        for each in (self._udp, self._tcp):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._udp.close()
        self._tcp.close()

    def reply(self, query: dns.message.Message, tcp: bool) -> bytes | None:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.queries.append((name, kind, tcp))
        self.recursion_wanted.append(bool(query.flags & dns.flags.RD))
        behaviour = self.odd.get((name, kind)) or self.odd.get((name, "*"))
        found = behaviour(query) if behaviour else self.usual(query)
        if found is None or isinstance(found, bytes):
            return found
        size = 65535 if tcp else 1232
        return found.to_wire(max_size=size, prefer_truncation=True)

    def usual(self, query: dns.message.Message) -> dns.message.Message:
        """What an authoritative server says: aliases followed while it knows them."""
        response = dns.message.make_response(query)
        response.flags |= self.flags
        question = query.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        current = question.name
        for _hop in range(20):
            key = current.to_text(omit_final_dot=True).lower()
            if (rrset := self.records.get((key, kind))) is not None:
                response.answer.append(rrset)
                return response
            alias = self.records.get((key, "CNAME"))
            if alias is None or kind == "CNAME":
                if not any(name == key or name.endswith("." + key) for name, _ in self.records):
                    response.set_rcode(dns.rcode.NXDOMAIN)
                self._soa(response, current)
                return response
            response.answer.append(alias)
            current = alias[0].target
        return response

    def _soa(self, response: dns.message.Message, name: dns.name.Name) -> None:
        while name != dns.name.root:
            key = (name.to_text(omit_final_dot=True).lower(), "SOA")
            if key in self.records:
                response.authority.append(self.records[key])
                return
            name = name.parent()

    def _serve_udp(self) -> None:
        while True:
            try:
                wire, peer = self._udp.recvfrom(65535)
            except OSError:
                return
            if not wire:  # shut down
                return
            reply = self.reply(dns.message.from_wire(wire), tcp=False)
            if reply is not None:
                self._udp.sendto(reply, peer)

    def _serve_tcp(self) -> None:
        while True:
            try:
                connection, _peer = self._tcp.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                length = stream.read(2)
                if len(length) < 2:
                    continue
                wire = stream.read(int.from_bytes(length))
                reply = self.reply(dns.message.from_wire(wire), tcp=True)
                if reply is not None:
                    connection.sendall(len(reply).to_bytes(2) + reply)


def failing(rcode: int) -> Behaviour:
    def behave(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.set_rcode(rcode)  # type: ignore[arg-type]
        return response

    return behave


def silent(_query: dns.message.Message) -> None:
    """Never answer."""


def lame(query: dns.message.Message) -> dns.message.Message:
    """NOERROR, not authoritative, nothing in it."""
    return dns.message.make_response(query)
