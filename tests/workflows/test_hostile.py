"""Hostile answers over sockets: loops, sizes, odd bytes. A check ends after so many questions."""

from __future__ import annotations

import asyncio
import contextlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset
import pytest

from sestui.cli.output import Stream
from sestui.cli.show import show_check
from sestui.cli.verdict import Checked
from sestui.domain.diagnosis import Verdict
from sestui.domain.diagnosis.report import Report
from tests.gateways.servers import Behaviour, NameServer
from tests.workflows.looking import asking, look
from tests.workflows.zones import T1, Fixture, head, records

WELL = Fixture("well", Verdict.OK)
MOST = 400
"""Questions of one check, however much the answers ask for."""
HANGS = 120
"""Seconds after which a check is taken to hang."""


@contextlib.contextmanager
def serving() -> Iterator[NameServer]:
    server = NameServer()
    for line in (head("example.com") + "\n".join(records().values())).splitlines()[1:]:
        name, rest = line.split(" ", 1)
        server.add(f"{name} 300 IN {rest}")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def server() -> Iterator[NameServer]:
    with serving() as server:
        yield server


class Paper:
    """A stream that keeps what is written."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


async def checked(server: NameServer) -> Report:
    before = len(server.queries)
    async with asyncio.timeout(HANGS):
        report = await look(WELL, asking(server.place))
    assert len(server.queries) - before < MOST
    paper = Paper()
    show_check(Stream(paper), Checked("eu-west-1", report))  # type: ignore[arg-type]
    document = str(Checked("eu-west-1", report).as_json())
    for text in (paper.text, document):
        bad = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
        assert not bad
    return report


def txt(*strings: str) -> str:
    return " ".join(f'"{each}"' for each in strings)


EVIL = txt(r"\027]0;owned\007\194\155 \226\128\174 \226\128\139 \000\255 [red]v=spf1[/]")


@pytest.mark.parametrize(
    "line",
    [
        f"mail.example.com. 300 IN TXT {EVIL}",
        f"_dmarc.example.com. 300 IN TXT {EVIL}",
        f"example.com. 300 IN TXT {EVIL}",
        "mail.example.com. 300 IN MX 10 \\027[31m\\194\\155x.example.com.",
        f"{T1}._domainkey.example.com. 300 IN CNAME \\027\\]0\\;x\\007.example.com.",
        f"{T1}._domainkey.example.com. 300 IN CNAME {T1}._domainkey.example.com.",
        "mail.example.com. 300 IN TXT " + txt(*["v=spf1 " + "x" * 240] * 40),
        "mail.example.com. 300 IN TXT " + txt("v=spf1 include:mail.example.com ~all"),
        "mail.example.com. 300 IN TXT " + txt("v=spf1 redirect=mail.example.com"),
        "_dmarc.example.com. 300 IN TXT " + txt("v=DMARC1; p=none; " + "rua=mailto:a@b.c," * 12),
        "example.com. 300 IN SOA \\027x. \\007y. 4294967295 0 0 0 0",
        "example.com. 300 IN NS \\027[2J.example.com.",
    ],
    ids=range(12),
)
async def test_one_hostile_record(server: NameServer, line: str) -> None:
    name, _ttl, _class, kind, _value = line.split(None, 4)
    server.records.pop((name.rstrip(".").lower(), kind), None)
    server.add(line)
    report = await checked(server)
    assert len(report.checks) == 6


async def test_hundreds_of_includes(server: NameServer) -> None:
    del server.records["mail.example.com", "TXT"]
    names = [f"s{n}.example.com" for n in range(200)]
    wide = " ".join(f"include:{name}" for name in names[:10])
    server.add("mail.example.com. 300 IN TXT " + txt(f"v=spf1 {wide} ~all"))
    for n, name in enumerate(names):
        deeper = " ".join(f"include:{names[(n * 7 + k) % 200]}" for k in range(8))
        server.add(f"{name}. 300 IN TXT " + txt(f"v=spf1 {deeper} ~all"))
    report = await checked(server)
    assert report.checks[4].verdict is Verdict.DIFFERENT


async def test_an_endless_chain_of_aliases(server: NameServer) -> None:
    def onward(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        name = query.question[0].name
        target = f"x.{name}" if len(name.labels) < 100 else f"{name}"
        response.answer.append(dns.rrset.from_text(name, 300, "IN", "CNAME", target))
        return response

    for n in range(60):
        server.odd["x." * n + "mail.example.com", "MX"] = onward
    report = await checked(server)
    assert report.checks[3].verdict in (Verdict.BROKEN, Verdict.CONFLICTS_WITH_CNAME)


async def checked_each(answers: Sequence[Mapping[tuple[str, str], Behaviour]]) -> list[Report]:
    """A server for each, with such answers; all are asked at once, for most wait for a time-out."""
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serving()) for _each in answers]
        for server, odd in zip(servers, answers, strict=True):
            server.odd |= odd
        return await asyncio.gather(*map(checked, servers))


async def test_bytes_that_are_no_answer() -> None:
    def of(size: int) -> Behaviour:
        return lambda query: query.to_wire()[:2] + b"\xff" * size

    sizes = (0, 1, 11, 12, 40, 1400)
    reports = await checked_each([{("mail.example.com", "MX"): of(size)} for size in sizes])
    verdicts = {size: each.checks[3].verdict for size, each in zip(sizes, reports, strict=True)}
    assert set(verdicts.values()) <= {Verdict.BROKEN, Verdict.TIMED_OUT}, verdicts


async def test_random_rdata() -> None:
    """Answers whose names, types and lengths fit, and whose data is noise."""

    def of(kind: str, data: bytes) -> Behaviour:
        def behave(query: dns.message.Message) -> bytes:
            response = dns.message.make_response(query)
            response.flags |= dns.flags.AA
            wire = bytearray(response.to_wire())
            wire[6:8] = (1).to_bytes(2)
            rdtype = int(dns.rdatatype.from_text(kind))
            answer = b"\xc0\x0c" + rdtype.to_bytes(2) + b"\0\1\0\0\1\x2c"
            opt = wire[-11:]
            return bytes(wire[:-11]) + answer + len(data).to_bytes(2) + data + bytes(opt)

        return behave

    noise = [bytes((n * k + 31) % 256 for n in range(k % 60)) for k in range(1, 40, 4)]
    reports = await checked_each(
        [{("mail.example.com", kind): of(kind, data) for kind in ("TXT", "MX")} for data in noise]
    )
    assert [len(report.checks) for report in reports] == [6] * len(noise)
    assert {check.verdict for report in reports for check in report.checks[:3]} == {Verdict.OK}
