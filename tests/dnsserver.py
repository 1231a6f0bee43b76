"""A small Internet of name servers, as a process of its own on addresses 127.0.0.x of one port.

`python tests/dnsserver.py` reads a JSON object from stdin:

    {"127.0.0.2": {"zones": {"example.com": "zone file text"}, "faults": {"NAME/TYPE": KIND}}, …}

and prints the port once all of them answer; it ends when stdin is closed. Kinds: servfail, refused,
drop, lame, truncate (over UDP), `no:SECONDS` (an old no of a cache, with what is left of it) and
bogus (SERVFAIL, unless CD is set). NAME may be `*`. With `"resolver": true` it answers as one that
recurses: RA without AA.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import subprocess
import sys
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


async def _serve(world: dict[str, Any]) -> None:
    loop = asyncio.get_running_loop()
    port = 0
    while True:
        try:
            port = await _bind(loop, world)
            break
        except OSError:  # one of the addresses has that port taken
            continue
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


async def _bind(loop: asyncio.AbstractEventLoop, world: dict[str, Any]) -> int:
    port = 0
    for address, spec in world.items():
        host = Host(spec)

        async def stream(reader: Any, writer: Any, host: Host = host) -> None:
            try:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                out = host.reply(await reader.readexactly(length), udp=False)
                if out is not None:
                    writer.write(struct.pack("!H", len(out)) + out)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            writer.close()

        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((address, port))
        port = udp.getsockname()[1]
        await loop.create_datagram_endpoint(lambda host=host: _Udp(host), sock=udp)
        await asyncio.start_server(stream, address, port)
    return port


class Internet:
    """The process, for a test: `with Internet(world) as internet: internet.port`."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.world = world
        self.port = 0

    def __enter__(self) -> Internet:
        root = Path(__file__).parent.parent
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.dnsserver"],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(self.world) + "\n")
        self._process.stdin.flush()
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


if __name__ == "__main__":
    asyncio.run(_serve(json.loads(sys.stdin.readline())))
