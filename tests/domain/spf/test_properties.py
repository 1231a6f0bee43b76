"""What holds for any record and any zone, hostile ones above all."""

from __future__ import annotations

import asyncio
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.spf import (
    Code,
    Effect,
    Result,
    about_tree,
    authorises,
    check_host,
    decode,
    explore,
    merged,
    parse,
    read,
    repaired,
)
from sestui.domain.spf.tree import MOST_QUERIES

from .strategies import IPS, anything, damaged, records, zones
from .zone import Zone

WHEN = {Effect.NOT_SPF: "unseen", Effect.PERMERROR: "invalid", Effect.IGNORED: "valid"}


@given(records())
def test_a_valid_record_reads_back_as_it_was(text):
    record = parse(text)
    assert record.valid
    assert " ".join(["v=spf1", *(term.text for term in record.terms)]) == text
    for term in record.terms:
        assert text[term.span.offset : term.span.end] == term.text
    assert not [finding for finding in record.findings if finding.effect is Effect.PERMERROR]


@given(anything)
def test_findings_and_the_grammar_agree(text):
    """Whoever reads only the findings knows what receivers do, and the other way about."""
    record = parse(text)
    effects = {finding.effect for finding in record.findings}
    assert record.seen == (Effect.NOT_SPF not in effects)
    if record.seen:
        assert record.valid == (Effect.PERMERROR not in effects)
    for finding in record.findings:
        assert finding.text.isprintable()
        assert 0 <= finding.span.offset <= finding.span.end <= len(text)
    assert list(record.findings) == sorted(record.findings, key=lambda finding: finding.span)


@given(anything)
def test_a_repair_takes_its_finding_away(text):
    before = [finding.code for finding in parse(text).findings]
    for finding in parse(text).findings:
        if finding.repaired:
            after = [each.code for each in parse(finding.repaired).findings]
            assert after.count(finding.code) < before.count(finding.code)


@given(damaged())
def test_what_is_repaired_has_nothing_left_that_could_be(text):
    right = repaired(text)
    assert not [finding for finding in parse(right).findings if finding.repaired]
    assert repaired(right) == right


@given(st.lists(st.lists(st.binary(max_size=60), max_size=3).map(tuple), max_size=4))
def test_any_bytes_can_be_read(texts):
    reading = read(texts)
    found = [*(record.text for record in (*reading.records, *reading.meant)), *reading.others]
    assert sorted(found) == sorted(map(decode, texts))


@given(st.lists(anything, min_size=1, max_size=3))
def test_a_proposal_is_one_record(texts):
    proposal = merged(texts)
    assert proposal.text.isprintable()
    assert proposal.new.lower().startswith("v=spf1")
    assert proposal.needed == (texts != [proposal.new])
    assert all(text.isprintable() for text in proposal.left_out)


@given(st.lists(records(), min_size=1, max_size=3))
def test_a_merged_record_is_valid_and_includes_ses_once(texts):
    new = merged(texts).new
    record = parse(new)
    assert record.valid, new
    assert [term.text.lower() for term in record.terms].count("include:amazonses.com") == 1
    codes = {finding.code for finding in record.findings}
    assert not codes & {Code.AFTER_ALL, Code.PASS_ALL, Code.SES_DENIED, Code.REDIRECT_IGNORED}
    assert not merged([new]).needed


senders = st.sampled_from(
    ["u@a.example", "", "@b.example", "c.example", "very-long+x.y=z@a.example"]
)


@given(zones(), st.sampled_from(IPS), senders)
def test_looking_ahead_changes_nothing(names, ip, sender):
    async def run():
        plain = await check_host(Zone(names), ip, sender, "d.example", ahead=False)
        assert await check_host(Zone(names), ip, sender, "d.example") == plain
        return plain

    check = asyncio.run(run())
    assert check.reason.isprintable()
    assert bool(check.reason) == (check.result in (Result.NONE, Result.TEMPERROR, Result.PERMERROR))
    assert check.terms <= 11
    assert check.voids <= 3


@given(zones(record=anything | st.binary(max_size=50)), st.sampled_from(IPS), st.text(max_size=30))
def test_a_hostile_zone_neither_crashes_nor_costs_much(names, ip, helo):
    async def run():
        zone = Zone(names)
        await check_host(zone, ip, "u@a.example", helo, ahead=False)
        assert zone.asked.total() <= 10 * 11 + 12
        zone = Zone(names)
        tree = await explore(zone, "a.example")
        assert zone.asked.total() <= MOST_QUERIES
        for finding in about_tree(tree):
            assert finding.text.isprintable()
        assert (await authorises(Zone(names), "a.example", "b.example")).text.isprintable()

    asyncio.run(run())


HOSTILE = {
    "letters": "v=spf1 a:x." + "a" * 64_000 + "_",
    "digits": "v=spf1 ip4:" + "1" * 64_000,
    "macro digits": "v=spf1 exists:%{i" + "9" * 60_000 + "}.example -all",
    "slashes": "v=spf1 a" + "/1" * 32_000,
    "terms": "v=spf1 " + "a:b.example " * 5_000 + "-all",
    "broken terms": "v=spf1 " + "moo " * 15_000,
    "commas": "v=spf1 " + "a," * 32_000,
    "glued": "v=spf1 " + "-all" * 16_000,
    "glued includes": "v=spf1 a.example" + "include:a.example" * 4_000,
    "dashes": "v=spf1 " + "\u2013" * 60_000,
    "spaces": "v=spf1" + " " * 64_000 + "-all",
    "tabs": "\t" * 64_000 + "v=spf1 -all",
    "quotes": '"' * 64_000,
    "dots": "v=spf1 include:" + "." * 60_000 + "com -all",
    "backslashes": "v=spf1 " + "\\" * 60_000,
    "amazon": "v=spf1 include:" + "amazon-" * 9_000,
    "not spf": "include:" * 8_000,
    "v and spaces": "v" + " " * 60_000 + "=",
    "short glued": "v=spf1 " + "-all" * 500,
    "short broken": "v=spf1 " + "moo, " * 400,
    "short dashes": "v=spf1 " + "\u2013a " * 600,
    "short includes": "v=spf1 " + "include: x.example, " * 100,
    "percent": "v=spf1 exists:" + "%%" * 30_000 + ".com",
    "underscores": "v=spf1 a" + "_" * 64_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_record_takes_long(name):
    text = HOSTILE[name]
    start = time.process_time()
    record = parse(text)
    repaired(text)
    merged([text, text])
    read([(text.encode(),), (text.encode(),)])
    # Ten times what the slowest takes; what this finds is a hang, not a slow machine.
    assert time.process_time() - start < 10
    assert len(record.findings) <= 50


def test_a_record_that_includes_hundreds_is_cut_short():
    names = {
        f"n{n}.example": [("TXT", "v=spf1 " + " ".join(f"include:n{m}.example" for m in range(40)))]
        for n in range(40)
    }

    async def run():
        zone = Zone(names)
        tree = await explore(zone, "n0.example")
        assert zone.asked.total() <= MOST_QUERIES
        assert tree.cost > 10
        check = await check_host(zone, "192.0.2.1", "u@n0.example")
        assert check.result is Result.PERMERROR
        assert (await authorises(zone, "n0.example", "n1.example")).answer is not None

    asyncio.run(run())


def test_codes_are_stable_words():
    assert all(re.fullmatch("[a-z0-9_]+", code) for code in Code)
    assert all(code.name.lower() == code.value for code in Code)
