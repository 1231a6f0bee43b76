"""check_host beyond the suite, the tree of includes, and whether SES may send."""

from __future__ import annotations

import asyncio

import pytest

from sestui.domain.dns import Answer, Outcome
from sestui.domain.spf import (
    Cache,
    Code,
    Permission,
    Reply,
    Result,
    Status,
    authorises,
    check_host,
    costs,
    decode,
    explore,
    from_answer,
    with_record,
)
from sestui.gateways.dnsread import text_value

from .zone import AMAZONSES, BROKEN, TIMEOUT, Zone, spf, with_ses

SES_IP = "54.240.8.1"


def chain(*records):
    """n0.example to nN.example, each with its record."""
    return {f"n{n}.example": [("TXT", record)] for n, record in enumerate(records)}


def includes(count, first=""):
    """A record of `count` includes, SES at the end or where `first` puts it."""
    others = [f"include:i{n}.example" for n in range(count - 1)]
    ses = "include:amazonses.com"
    terms = [ses, *others] if first else [*others, ses]
    names = {f"i{n}.example": "v=spf1 ip4:192.0.2.1 -all" for n in range(count - 1)}
    return with_ses({"example.com": " ".join(["v=spf1", *terms, "-all"]), **names})


# facts/dns.md 1.4: what receivers do with hostile records, for mail from SES.
RECEIVERS = [
    ("v=spf1 include:amazonses.com -all", Result.PASS),
    ("V=SPF1 INCLUDE:AMAZONSES.COM -ALL", Result.PASS),
    (["v=spf1 include:amaz", "onses.com -all"], Result.PASS),
    (["v=spf1 include:amazonses.com", "-all"], Result.PERMERROR),
    ("v=spf1 include:amazonses.com~all", Result.PERMERROR),
    ("v=spf1 include:amazonses.com \u2013all", Result.PERMERROR),
    ("v=spf1\xa0include:amazonses.com -all", Result.NONE),
    ("v=spf1\tinclude:amazonses.com -all", Result.NONE),
    ('"v=spf1 include:amazonses.com -all"', Result.NONE),
    ("include:amazonses.com -all", Result.NONE),
    (" v=spf1 include:amazonses.com -all", Result.NONE),
    ("v=spf1 include: amazonses.com -all", Result.PERMERROR),
    ("v=spf1 include=amazonses.com -all", Result.FAIL),
    ("v=spf1 include:amazonses.com, -all", Result.PERMERROR),
    ("v=spf1 -all include:amazonses.com", Result.FAIL),
    ("v=spf1 +all", Result.PASS),
    ("v=spf1 -include:amazonses.com ~all", Result.FAIL),
    ("v=spf1 ip4:2001:db8::1 include:amazonses.com -all", Result.PERMERROR),
    ("v=spf1 exists:%{z}.example.com include:amazonses.com -all", Result.PERMERROR),
    ("v=spf1 include:broken.example include:amazonses.com -all", Result.TEMPERROR),
    ("v=spf1 include:slow.example include:amazonses.com -all", Result.TEMPERROR),
    ("v=spf1 include:gone.example include:amazonses.com -all", Result.PERMERROR),
    ("v=spf1 a:g1.example a:g2.example include:amazonses.com -all", Result.PASS),
    ("v=spf1 a:g1.example a:g2.example a:g1.example include:amazonses.com -all", Result.PERMERROR),
    ("v=spf1 include:example.com include:amazonses.com -all", Result.PERMERROR),
]


@pytest.mark.parametrize(("record", "result"), RECEIVERS)
async def test_what_receivers_make_of_mail_from_ses(record, result):
    text = [part.encode() for part in record] if isinstance(record, list) else record.encode()
    trouble = {"broken.example": [(BROKEN, "")], "slow.example": [(TIMEOUT, "")]}
    zone = with_ses({"example.com": [("TXT", text)], **trouble})
    check = await check_host(zone, SES_IP, "u@example.com")
    assert check.result is result, check
    assert bool(check.reason) == (result in (Result.NONE, Result.TEMPERROR, Result.PERMERROR))


async def test_two_records_are_an_error():
    zone = with_ses({"example.com": [("TXT", "v=spf1 include:amazonses.com -all")] * 2})
    check = await check_host(zone, SES_IP, "u@example.com")
    assert check.result is Result.PERMERROR
    assert check.reason == "example.com has 2 SPF records."


@pytest.mark.parametrize(
    ("count", "first", "result", "terms"),
    [
        (10, "", Result.PASS, 10),
        (11, "", Result.PERMERROR, 11),
        (11, "first", Result.PASS, 1),
        (10, "first", Result.PASS, 1),
    ],
)
async def test_the_limit_of_ten_counts_what_is_evaluated(count, first, result, terms):
    zone = includes(count, first)
    check = await check_host(zone, SES_IP, "u@example.com")
    assert (check.result, check.terms) == (result, terms)
    seen = await authorises(zone, "example.com")
    assert (seen.evaluated, seen.worst) == (terms, count)
    assert seen.answer is (Permission.YES if result is Result.PASS else Permission.NO)
    too_many = Code.TOO_MANY_TERMS in {finding.code for finding in seen.findings}
    assert too_many == (count > 10)


async def test_questions_go_out_level_by_level():
    names = chain(
        "v=spf1 include:n1.example include:n2.example a:n3.example mx:n3.example -all",
        "v=spf1 include:n3.example -all",
        "v=spf1 include:n4.example -all",
        "v=spf1 ip4:192.0.2.9 -all",
        "v=spf1 exists:%{i}.n3.example -all",
    )
    names["n3.example"] += [("A", "192.0.2.8"), ("MX", "10 n1.example"), ("MX", "20 n2.example")]
    names["n1.example"] += [("A", "192.0.2.8")]
    zone, ahead = Zone(names, delay=True), Zone(names, delay=True)
    slow = await check_host(zone, "192.0.2.1", "u@n0.example", ahead=False)
    fast = await check_host(ahead, "192.0.2.1", "u@n0.example")
    assert fast == slow
    assert fast.result is Result.FAIL
    assert ahead.rounds == 4
    assert zone.rounds >= 8
    assert ahead.asked == zone.asked
    assert set(ahead.asked.values()) == {1}


async def test_a_match_ends_what_was_asked_ahead():
    hanging = asyncio.Event()

    async def lookup(name, type):
        if name == "slow.example":
            await hanging.wait()
        texts = {"example.com": b"v=spf1 ip4:192.0.2.1 include:slow.example -all"}
        return Reply(Outcome.FOUND, texts=((texts[name],),))

    check = await asyncio.wait_for(check_host(lookup, "192.0.2.1", "u@example.com"), 5)
    assert check.result is Result.PASS
    assert len(asyncio.all_tasks()) == 1


async def test_a_cache_asks_once_and_is_shared():
    zone = with_ses({"example.com": "v=spf1 include:amazonses.com a mx -all"})
    cache = Cache(zone)
    for ip in (SES_IP, "192.0.2.1", "198.51.100.1"):
        await check_host(cache, ip, "u@example.com")
    assert set(zone.asked.values()) == {1}
    assert cache.queries == zone.asked.total() == 4
    await cache.close()


async def test_the_explanation_is_handed_over_as_it_is():
    zone = spf(
        example_com="v=spf1 -all exp=why.example.com",
        why_example_com="%{i} is not %{o}, says %{r} at %{t}; 100%%",
    )
    check = await check_host(
        zone, "192.0.2.1", "u@example.com", "h.example", receiver="mx.example.net", now=1234
    )
    assert check.explanation == "192.0.2.1 is not example.com, says mx.example.net at 1234; 100%"
    assert check.matched == "-all"
    assert check.path == ("example.com",)


async def test_a_local_part_that_is_not_ascii_matches_no_macro():
    zone = spf(example_com="v=spf1 exists:%{l}.example.org ~all")
    check = await check_host(zone, "192.0.2.1", "h\u00e9@example.com")
    assert check.result is Result.SOFTFAIL
    assert zone.asked.total() == 1


async def test_an_address_that_is_none_is_the_callers_mistake():
    with pytest.raises(ValueError, match="nonsense"):
        await check_host(spf(), "nonsense", "u@example.com")


# --- whether SES may send -------------------------------------------------------------------------


async def test_ses_through_the_wrapper_of_godaddy():
    zone = with_ses(
        {
            "example.com": "v=spf1 include:dc-fd741b8612._spfm.example.com ~all",
            "dc-fd741b8612._spfm.example.com": "v=spf1 include:amazonses.com ~all",
        }
    )
    seen = await authorises(zone, "example.com")
    assert seen.answer is Permission.YES
    assert seen.path == ("dc-fd741b8612._spfm.example.com", "amazonses.com")
    assert seen.wrapper == "dc-fd741b8612._spfm.example.com"
    assert (seen.evaluated, seen.worst, seen.voids) == (2, 2, 0)
    assert seen.text == (
        "amazonses.com may send, through dc-fd741b8612._spfm.example.com (2 of 10 lookups)."
    )
    assert seen.findings == ()


AUTHORISED = [
    ("v=spf1 include:amazonses.com -all", Permission.YES, ""),
    ("v=spf1 redirect=amazonses.com", Permission.YES, ""),
    (AMAZONSES, Permission.YES, ""),
    ("v=spf1 ip4:54.240.0.0/18 ip4:199.255.192.0/22 -all", Permission.PARTLY, ""),
    ("v=spf1 a mx -all", Permission.NO, ""),
    ("v=spf1 include:amazonaws.com ~all", Permission.NO, "no SPF record"),
    ("v=spf1 include=amazonses.com -all", Permission.NO, ""),
    ("v=spf1 -all include:amazonses.com", Permission.NO, ""),
    ("v=spf1 include: amazonses.com -all", Permission.NO, "no valid one"),
    ("hello", Permission.NO, "no SPF record"),
    ("v=spf1 include:slow.example include:amazonses.com -all", Permission.UNKNOWN, "no answer"),
]


@pytest.mark.parametrize(("record", "answer", "reason"), AUTHORISED)
async def test_whether_ses_may_send(record, answer, reason):
    zone = with_ses({"example.com": record, "slow.example": [(TIMEOUT, "")]})
    seen = await authorises(zone, "example.com")
    assert seen.answer is answer
    assert reason in seen.reason
    assert seen.text.isprintable()
    assert seen.wrapper == ""


@pytest.mark.parametrize("trouble", [TIMEOUT, BROKEN])
async def test_when_the_servers_of_ses_cannot_be_found_out(trouble):
    zone = with_ses({"example.com": "v=spf1 include:amazonses.com -all"})
    zone.names["amazonses.com"] = [(trouble, "")]
    seen = await authorises(zone, "example.com")
    assert seen.answer is Permission.UNKNOWN
    assert {finding.code for finding in seen.findings} == {Code.INCLUDE_UNKNOWN}


async def test_a_proposal_can_be_tried_before_it_is_published():
    zone = with_ses({"example.com": "v=spf1 -all"})
    new = "v=spf1 include:amazonses.com -all"
    assert (await authorises(zone, "example.com")).answer is Permission.NO
    assert (await authorises(zone, "example.com", record=new)).answer is Permission.YES
    check = await check_host(with_record(zone, "Example.com.", new), SES_IP, "u@example.com")
    assert check.result is Result.PASS


# --- the tree -------------------------------------------------------------------------------------


async def test_the_tree_has_the_cost_of_each_term():
    names = chain(
        "v=spf1 a include:n1.example mx ip4:192.0.2.1 exists:%{i}.x.example include:n2.example -all"
        " include:n9.example redirect=n9.example",
        "v=spf1 include:n2.example a:gone.example ~all",
        "v=spf1 ptr ip4:192.0.2.2 -all",
    )
    names["n0.example"] += [("A", "192.0.2.7"), ("MX", "10 gone.example")]
    tree = await explore(Zone(names), "n0.example")
    assert tree.cost == 1 + 4 + 1 + 1 + 2
    assert tree.voids == 2
    assert costs(tree)[:2] == (("include:n1.example", 4), ("include:n2.example", 2))
    ways = [[branch.domain for branch in path] for path in tree.walk()]
    assert ["n0.example", "n1.example", "n2.example", "n2.example"] in ways
    statuses = {path[-1].status for path in tree.walk()}
    assert statuses == {Status.OK, Status.DEPENDS}


async def test_a_tree_without_a_record():
    tree = await explore(spf(example_com="hello"), "example.com")
    assert (tree.status, tree.cost, tree.branches) == (Status.NO_RECORD, 0, ())
    tree = await explore(spf(), "not a domain")
    assert tree.status is Status.NO_RECORD


# --- what comes from DNS --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strings", "text"),
    [
        ((), ""),
        ((b"v=spf1 ", b"-all"), "v=spf1 -all"),
        (("\u2013all".encode(),), "\u2013all"),
        ((b"\xe2\x80", b"\x93all"), "\u2013all"),
        ((b"\x96all",), "\x96all"),
        ((b"\xa0",), "\xa0"),
    ],
)
def test_decode(strings, text):
    assert decode(strings) == text


@pytest.mark.parametrize(
    "raw", [b"v=spf1\t-all", "v=spf1 \u2013all\u200b".encode(), b"v=spf1 \x96all", b"\xa0v=spf1"]
)
def test_a_printable_answer_is_made_raw_again(raw):
    answer = Answer("example.com", "TXT", Outcome.FOUND, (text_value(raw),), detail="x")
    reply = from_answer(answer)
    assert [decode(strings) for strings in reply.texts] == [decode([raw])]
    assert (reply.outcome, reply.values, reply.detail) == (Outcome.FOUND, (), "x")
    address = Answer("example.com", "A", Outcome.FOUND, ("192.0.2.1",))
    assert from_answer(address).values == ("192.0.2.1",)


def test_a_reply_is_void_only_when_the_server_said_so():
    assert Reply(Outcome.NO_SUCH_NAME).void
    assert Reply(Outcome.NO_SUCH_TYPE).void
    assert not Reply(Outcome.TIMED_OUT).void
    assert not Reply(Outcome.BROKEN).void
    assert not Reply(Outcome.FOUND, ("192.0.2.1",)).void
