"""Whatever a name server sends: no crash, a verdict, and nothing that a terminal would act on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.TXT
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.diagnosis import RecordCheck, Scene, Severity, diagnose, key, wanted
from sestui.domain.dns import Answer, Outcome, Zone
from sestui.domain.records import RequiredRecord
from sestui.gateways.dnsread import texts, values
from tests.workflows.zones import Fixture, Verdict

RECORDS = Fixture("well", Verdict.OK).required
EVIL = [
    "\x1b]0;owned\x07",
    "\x9b31m",
    "\u202e",
    "[red]",
    "[/]",
    "\u200b",
    "\x00",
    "\xff",
    '"',
    "\\",
    " ",
]
UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

pieces = st.one_of(st.sampled_from(EVIL), st.text(max_size=12), st.binary(max_size=12).map(repr))


def mutated(value: str) -> st.SearchStrategy[str]:
    """`value` with something put in, taken out or repeated."""

    def make(at: int, length: int, piece: str, times: int) -> str:
        at %= len(value) + 1
        return (value[:at] + piece * times + value[at + length :])[:4000]

    return st.builds(
        make, st.integers(0, 400), st.integers(0, 30), pieces, st.sampled_from([0, 1, 1, 2, 300])
    )


def on_the_wire(record: RequiredRecord, found: Iterable[str]) -> dns.rrset.RRset | None:
    """The RRset as a hostile server could send it; None for what fits into no DNS message."""
    rrset = dns.rrset.RRset(
        dns.name.from_text("x."), dns.rdataclass.IN, dns.rdatatype.from_text(record.type)
    )
    for text in found:
        data = text.encode("utf-8", "surrogatepass")
        try:
            if record.type == "TXT":
                strings = [data[n : n + 255] for n in range(0, len(data), 255)] or [b""]
                rrset.add(dns.rdtypes.ANY.TXT.TXT(rrset.rdclass, rrset.rdtype, strings))
                continue
            labels = [label[:63] for label in data.split(b" ")[-1].split(b".") if label]
            host = dns.name.Name([*labels, b""])
            if record.type == "MX":
                rrset.add(dns.rdtypes.ANY.MX.MX(rrset.rdclass, rrset.rdtype, 10, host))
            else:
                rrset.add(dns.rdtypes.ANY.CNAME.CNAME(rrset.rdclass, rrset.rdtype, host))
        except dns.name.NameTooLong:
            return None
    return rrset


def shown(check: RecordCheck) -> list[str]:
    """All that a person is shown of a check."""
    fix = (
        [check.fix.text, check.fix.name_box, check.fix.value_box, *check.fix.notes]
        if check.fix
        else []
    )
    said = [part for a in check.evidence for part in (a.server, a.question, a.detail, *a.values)]
    return [check.cause, *check.notes, *check.found, *fix, *said]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
@given(data=st.data())
def test_mutated_answers(record: RequiredRecord, data: st.DataObject) -> None:
    found = data.draw(st.lists(mutated(record.value), min_size=1, max_size=3))
    rrset = on_the_wire(record, found)
    if rrset is None:
        return
    answer = Answer(
        record.name, record.type, Outcome.FOUND, values(rrset), "ns1.example.net",
        authoritative=True, texts=texts(rrset),
    )  # fmt: skip
    book = {key(record.name, record.type): answer}
    scene = Scene("example.com", Zone("example.com"), RECORDS, book)
    check = diagnose(record, answer, scene=scene)
    wanted(check, scene)
    assert check.severity is not Severity.UNKNOWN
    assert (check.cause == "") is (check.severity is Severity.OK)
    assert [text for text in shown(check) if UNSAFE & set(map(unicodedata.category, text))] == []


outcomes = st.builds(
    Answer,
    st.just("x.example.com"),
    st.just("TXT"),
    st.sampled_from(Outcome),
    st.lists(st.sampled_from([r.value for r in RECORDS]), max_size=2).map(tuple),
    st.sampled_from(["ns1.example.net", "ns2.example.net", ""]),
    at=st.just(datetime(2026, 11, 24, tzinfo=UTC)),
    chain=st.sampled_from([(), ("a.example.net",)]),
    negative_ttl=st.sampled_from([None, 0, 60, 2**31]),
    authoritative=st.booleans(),
    second_hand=st.booleans(),
    bogus=st.booleans(),
).map(lambda a: a if a.outcome is Outcome.FOUND else Answer(
    a.name, a.type, a.outcome, (), a.server, at=a.at, chain=a.chain, negative_ttl=a.negative_ttl,
    authoritative=a.authoritative, second_hand=a.second_hand, bogus=a.bogus))  # fmt: skip


@given(st.sampled_from(RECORDS), st.lists(outcomes, max_size=4))
def test_any_mixture_of_servers(record: RequiredRecord, answers: list[Answer]) -> None:
    answers = [a for a in answers if a.values or a.outcome is not Outcome.FOUND]
    check = diagnose(record, *answers)
    if not any(answer.certain for answer in answers):
        assert check.verdict in (Verdict.TIMED_OUT, Verdict.BROKEN, Verdict.SERVFAIL_DNSSEC)
    if check.verdict is Verdict.MISSING:
        assert any(answer.certain for answer in answers)
    assert set(answers) <= set(check.evidence)
