"""Several answers, one verdict: who is believed, and what the caches still remember."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.diagnosis import Verdict
from sestui.domain.diagnosis.scene import Judged
from sestui.domain.diagnosis.servers import Weighed, caches, weigh
from sestui.domain.dns import Answer, Outcome

JUDGED = {
    "right": Judged(Verdict.OK, notes=("a note",)),
    "above": Judged(Verdict.COVERED),
    "wrong": Judged(Verdict.DIFFERENT, "It is wrong."),
}


def judge(answer: Answer) -> Judged:
    return JUDGED[answer.values[0]] if answer.values else Judged(Verdict.MISSING, "Nothing there.")


def answer(server: str, what: str = "", **more: Any) -> Answer:
    """What a responsible server says: a value of `JUDGED`, nothing, or trouble."""
    outcome = {"": Outcome.NO_SUCH_NAME, "silent": Outcome.TIMED_OUT, "broken": Outcome.BROKEN}
    found = outcome.get(what, Outcome.FOUND)
    values = (what,) if found is Outcome.FOUND else ()
    return Answer("x", "TXT", found, values, server, **{"authoritative": True, **more})


def cache(server: str, what: str = "", **more: Any) -> Answer:
    return answer(server, what, authoritative=False, **more)


# Nobody says yes or no


@pytest.mark.parametrize(
    ("answers", "verdict", "told", "cause"),
    [
        (
            [answer("ns1", "silent")],
            Verdict.TIMED_OUT, "ns1",
            "No answer from ns1. The record may well be there.",
        ),
        (
            [answer("ns1", "silent"), answer("ns2", "silent"), answer("ns1", "silent")],
            Verdict.TIMED_OUT, "ns1",
            "No answer from ns1, ns2. The record may well be there.",
        ),
        (
            [answer("", "silent"), answer("ns2", "silent")],
            Verdict.TIMED_OUT, "",
            "No answer from ns2. The record may well be there.",
        ),
        (
            [answer("", "silent")],
            Verdict.TIMED_OUT, "",
            "No answer from the name server. The record may well be there.",
        ),
        (
            [answer("ns1", "silent"), answer("ns2", "broken", detail="REFUSED"),
             answer("ns3", "broken", detail="SERVFAIL")],
            Verdict.BROKEN, "ns2",
            "ns2 answered with an error (REFUSED), not with yes or no.",
        ),
        (
            [answer("", "broken")],
            Verdict.BROKEN, "",
            "The name server answered with an error (broken), not with yes or no.",
        ),
        (
            [answer("ns1", "silent"), answer("ns2", "broken"),
             answer("ns3", "broken", detail="no DNSKEY", bogus=True)],
            Verdict.SERVFAIL_DNSSEC, "ns3",
            "ns3 refuses the answer (no DNSKEY), and gives it when DNSSEC is not checked",
        ),
        (
            [answer("", "broken", detail="expired", bogus=True)],
            Verdict.SERVFAIL_DNSSEC, "",
            "The name server refuses the answer (expired)",
        ),
    ],
)  # fmt: skip
def test_where_nobody_says_yes_or_no_nothing_is_called_missing(answers, verdict, told, cause):
    weighed = weigh(answers, judge)
    assert weighed.judged.verdict is verdict
    assert weighed.judged.cause.startswith(cause)
    assert weighed.answer.server == told
    assert weighed.seconds is None


# Those who are responsible


@pytest.mark.parametrize(
    ("answers", "verdict", "told"),
    [
        ([answer("ns1", "right"), answer("ns2", "right")], Verdict.OK, "ns1"),
        ([answer("ns1", "above"), answer("ns2", "above")], Verdict.COVERED, "ns1"),
        ([answer("ns1", "above"), answer("ns2", "right")], Verdict.COVERED, "ns1"),
        # Who is silent has no say.
        ([answer("ns1", "silent"), answer("ns2", "right")], Verdict.OK, "ns2"),
        ([answer("ns1", "broken"), answer("ns2", "")], Verdict.MISSING, "ns2"),
        ([answer("ns1", "broken", bogus=True), answer("ns2", "right")], Verdict.OK, "ns2"),
        # What is there tells more than that something is missing.
        ([answer("ns1", ""), answer("ns2", "wrong")], Verdict.DIFFERENT, "ns2"),
        ([answer("ns1", "wrong"), answer("ns2", "")], Verdict.DIFFERENT, "ns1"),
        ([answer("ns1", ""), answer("ns2", "")], Verdict.MISSING, "ns1"),
        # Caches are believed only where nobody else was heard.
        ([cache("cache", ""), answer("ns1", "wrong")], Verdict.DIFFERENT, "ns1"),
        ([cache("cache", "right"), answer("ns1", "")], Verdict.MISSING, "ns1"),
        ([cache("one", "right"), cache("other", "right")], Verdict.OK, "one"),
        ([cache("one", "right"), answer("ns1", "silent")], Verdict.OK, "one"),
        # What was asked in place of a silent server says nothing of caches.
        ([answer("ns1", "right"), cache("cache", "", second_hand=True)], Verdict.OK, "ns1"),
        ([answer("ns1", "right"), cache("cache", "right")], Verdict.OK, "ns1"),
        ([answer("ns1", "right"), cache("cache", "")], Verdict.CACHED_NEGATIVE, "cache"),
    ],
)
def test_who_is_believed(answers, verdict, told):
    weighed = weigh(answers, judge)
    assert weighed.judged.verdict is verdict
    assert weighed.answer.server == told


@pytest.mark.parametrize("turned", [False, True])
def test_servers_that_do_not_agree_are_named(turned):
    answers = [
        answer("ns1", "right"), answer("ns2", ""), answer("ns3", "wrong"), answer("ns4", "above"),
    ]  # fmt: skip
    weighed = weigh(answers[::-1] if turned else answers, judge)
    assert weighed.judged.verdict is Verdict.ON_SOME_SERVERS
    assert weighed.answer.server == ("ns3" if turned else "ns2")
    assert weighed.judged.cause == (
        "ns4, ns1 has it as it should be, ns3, ns2 does not. It is wrong."
        if turned
        else "ns1, ns4 has it as it should be, ns2, ns3 does not. Nothing there."
    )


def test_caches_that_do_not_agree_where_nobody_else_answers():
    weighed = weigh([cache("one", "right"), cache("other", "")], judge)
    assert weighed.judged.verdict is Verdict.ON_SOME_SERVERS
    assert weighed.answer.server == "other"


# What caches remember

WELL = Weighed(JUDGED["right"], answer("ns1", "right"))


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [cache("cache", "right")],
        [cache("cache", "wrong")],  # an old value is not an old no
        [cache("cache", "silent"), cache("other", "broken")],
        # An alias that leads to a no is the record itself.
        [cache("cache", "", chain=("t.dkim.amazonses.com",), negative_ttl=60)],
    ],
)
def test_where_no_cache_says_no_all_stays_well(answers):
    assert caches(WELL, answers) is WELL


def test_a_no_of_the_servers_themselves_is_no_old_one():
    """A record that need not be there, because one further up covers the name."""
    covered = Judged(Verdict.COVERED, notes=("The record of example.com applies here too.",))
    servers = [answer("ns1", ""), answer("ns2", "")]
    old = [cache("cache", "", negative_ttl=300)]
    assert weigh(servers, lambda _answer: covered) == Weighed(covered, servers[0])
    assert weigh([*servers, *old], lambda _answer: covered) == Weighed(covered, servers[0])
    assert caches(Weighed(covered, servers[0]), old).judged.verdict is Verdict.COVERED
    bogus = cache("validating", "broken", bogus=True)
    assert caches(Weighed(covered, servers[0]), [bogus]).judged.verdict is Verdict.SERVFAIL_DNSSEC


def test_a_server_that_has_none_of_its_own_is_no_cache():
    """One server has the record, the other is covered by the one above: neither is late."""
    verdicts = {"ns1": JUDGED["right"], "ns2": JUDGED["above"]}
    servers = [answer("ns1", "right"), answer("ns2", "")]
    weighed = weigh(servers, lambda each: verdicts[each.server])
    assert weighed == Weighed(JUDGED["right"], servers[0])


@pytest.mark.parametrize(
    ("seconds", "left"),
    [
        (0, "1 minute"),
        (1, "1 minute"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (120, "2 minutes"),
        (2470, "42 minutes"),
    ],
)
def test_how_long_an_old_no_is_remembered_at_most(seconds, left):
    weighed = caches(WELL, [cache("cache", "", negative_ttl=seconds)])
    assert weighed.judged.verdict is Verdict.CACHED_NEGATIVE
    assert f"cache still remembers the old “no”, for another {left} at most" in weighed.judged.cause
    assert weighed.seconds == seconds
    assert weighed.judged.notes == ("a note",)


def test_of_two_caches_the_one_that_remembers_longest_counts():
    first, second = cache("one", "", negative_ttl=60), cache("other", "", negative_ttl=600)
    for late in ([first, second], [second, first]):
        weighed = caches(WELL, [cache("third", "right"), *late])
        assert weighed.seconds == 600
        assert "10 minutes at most" in weighed.judged.cause
        assert ", ".join(each.server for each in late) in weighed.judged.cause
        assert weighed.answer == late[0]


def test_a_cache_that_does_not_say_for_how_long():
    weighed = caches(WELL, [cache("one", ""), cache("other", "", negative_ttl=90)])
    assert weighed.seconds == 90
    assert caches(WELL, [cache("one", "")]).seconds == 0


def test_a_cache_that_cannot_check_the_signatures_says_more_than_an_old_no():
    bogus = cache("validating", "broken", detail="no DNSKEY", bogus=True)
    weighed = caches(WELL, [cache("cache", "", negative_ttl=60), bogus])
    assert weighed.judged.verdict is Verdict.SERVFAIL_DNSSEC
    assert "validating refuses the answer (no DNSKEY)" in weighed.judged.cause
    assert weighed.answer == bogus


some = st.lists(
    st.builds(
        answer,
        st.sampled_from(["ns1", "ns2"]),
        st.sampled_from(["right", "wrong", "", "silent", "broken"]),
        authoritative=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@given(some)
def test_a_verdict_is_one_that_somebody_could_give(answers):
    """Well when all who count say so; missing only after a plain no; unknown after none."""
    verdict = weigh(answers, judge).judged.verdict
    certain = [each for each in answers if each.certain]
    count = [each for each in certain if each.authoritative] or certain
    said = {judge(each).verdict for each in count}
    if not said:
        assert verdict in (Verdict.TIMED_OUT, Verdict.BROKEN)
    elif said == {Verdict.OK}:
        assert verdict in (Verdict.OK, Verdict.CACHED_NEGATIVE)
    elif Verdict.OK in said:
        assert verdict is Verdict.ON_SOME_SERVERS
    else:
        assert verdict is (Verdict.DIFFERENT if Verdict.DIFFERENT in said else Verdict.MISSING)
