"""A small Internet of name servers on 127.0.0.x, all on one port, in a process beside the tests.

One process a test worker, which loads dnspython once; each `Internet` is a new set of name servers
in it:

    {"127.0.0.2": {"zones": {"example.com": "zone file text"}, "faults": {"NAME/TYPE": KIND}}, …}

Kinds: servfail, refused, drop, lame, truncate (over UDP), `no:SECONDS` (an old no of a cache, with
what is left of it) and bogus (SERVFAIL, unless CD is set). NAME may be `*`. With `"resolver": true`
it answers as one that recurses: RA without AA.

`python -m tests.dnsserver` is the process: a JSON request a line on stdin, an answer on stdout.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import json
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.zone

from sestui.practice.dns.answer import respond, to_wire
from sestui.practice.dns.zone import Zone, build

ATTEMPTS = 50
"""To find a port that is free on all addresses."""


class Host:
    """One of the servers."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.zones = {dns.name.from_text(o): _zone(o, t) for o, t in spec["zones"].items()}
        self.faults: dict[str, str] = spec.get("faults", {})
        self.resolver: bool = spec.get("resolver", False)

    def zone_for(self, name: dns.name.Name) -> Zone | None:
        for depth in range(len(name.labels), 0, -1):
            if (zone := self.zones.get(dns.name.Name(name.labels[-depth:]))) is not None:
                return zone
        return None

    def reply(self, wire: bytes, udp: bool) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        fault = next(
            (self.faults[f"{n}/{k}"] for n in (name, "*") for k in (kind, "*")
             if f"{n}/{k}" in self.faults),
            "",
        )  # fmt: skip
        if fault == "drop":
            return None
        response = self.answer(query, fault, udp)
        if self.resolver:
            response.flags &= ~dns.flags.AA
            response.flags |= dns.flags.RA
        return to_wire(query, response, udp=udp)

    def answer(self, query: dns.message.Message, fault: str, udp: bool) -> dns.message.Message:
        checked = not query.flags & dns.flags.CD
        if not fault or (fault == "bogus" and not checked) or (fault == "truncate" and not udp):
            return respond(self, query)
        response = dns.message.make_response(query, our_payload=1232)
        match fault.partition(":")[0]:
            case "servfail":
                response.set_rcode(dns.rcode.SERVFAIL)
            case "bogus":
                response.set_rcode(dns.rcode.SERVFAIL)
                why = dns.edns.EDEOption(dns.edns.EDECode.DNSKEY_MISSING, "no DNSKEY")
                response.use_edns(0, options=[why])
            case "refused":
                response.set_rcode(dns.rcode.REFUSED)
            case "truncate":
                response.flags |= dns.flags.TC
            case "no":
                response.set_rcode(dns.rcode.NXDOMAIN)
                left = int(fault.partition(":")[2])
                soa = f"ns. admin. 1 7200 900 1209600 {left}"
                response.authority.append(dns.rrset.from_text("com.", left, "IN", "SOA", soa))
        return response


def _zone(origin: str, text: str) -> Zone:
    read = dns.zone.from_text(text, origin=origin, relativize=False, check_origin=False)
    return build(
        dns.name.from_text(origin),
        [(name, ttl, rdata) for name, ttl, rdata in read.iterate_rdatas()],
    )


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, host: Host) -> None:
        self.host = host

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if (out := self.host.reply(data, udp=True)) is not None:
            self.transport.sendto(out, addr)


@dataclass
class Bound:
    """The sockets of one Internet."""

    port: int = 0
    datagrams: list[asyncio.BaseTransport] = field(default_factory=list)
    streams: list[asyncio.Server] = field(default_factory=list)

    async def bind(self, address: str, host: Host) -> None:
        """UDP and TCP. Raises OSError where the port is taken on this address."""

        async def stream(reader: Any, writer: Any) -> None:
            try:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                out = host.reply(await reader.readexactly(length), udp=False)
                if out is not None:
                    writer.write(struct.pack("!H", len(out)) + out)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            writer.close()

        transport, _protocol = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Udp(host), local_addr=(address, self.port)
        )
        self.datagrams.append(transport)
        self.port = transport.get_extra_info("sockname")[1]
        self.streams.append(await asyncio.start_server(stream, address, self.port))

    def close(self) -> None:
        for part in (*self.datagrams, *self.streams):
            part.close()


async def _open(world: dict[str, Any]) -> Bound:
    hosts = {address: Host(spec) for address, spec in world.items()}
    for attempts_left in reversed(range(ATTEMPTS)):
        bound = Bound()
        try:
            for address, host in hosts.items():
                await bound.bind(address, host)
        except OSError:  # one of the addresses has that port taken
            bound.close()
            if not attempts_left:
                raise
        else:
            return bound
    raise AssertionError


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    open_now: dict[int, Bound] = {}
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        request = json.loads(line)
        answer: dict[str, Any] = {}
        try:
            if "open" in request:
                bound = await _open(request["open"])
                open_now[bound.port] = bound
                answer = {"port": bound.port}
            else:
                open_now.pop(request["close"]).close()
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


class _Process:
    """The process, and one request to it at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.dnsserver"],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Raises RuntimeError: what went wrong over there."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline() or '{"error": "ended"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def end(self) -> None:
        """It ends with its stdin."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(10)


@functools.cache
def _process() -> _Process:
    process = _Process()
    atexit.register(process.end)
    return process


class Internet:
    """Name servers, for a test: `with Internet(world) as internet: internet.port`."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.world = world
        self.port = 0

    def __enter__(self) -> Internet:
        self.port = _process().ask({"open": self.world})["port"]
        return self

    def __exit__(self, *_error: object) -> None:
        _process().ask({"close": self.port})


if __name__ == "__main__":
    asyncio.run(_serve())
