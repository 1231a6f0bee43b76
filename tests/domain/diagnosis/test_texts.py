"""The TXT records: what is wrong with each, what to do, and what could not be found out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from sestui.domain.diagnosis import Verdict
from sestui.domain.diagnosis.scene import FINE, Judged, Scene, key
from sestui.domain.diagnosis.texts import judge_dmarc, judge_key, judge_spf
from sestui.domain.dns import Answer, Outcome, Zone
from sestui.domain.records import OWN_KEY_VALUE, Purpose, RequiredRecord
from sestui.domain.spf import authorises
from tests.domain.dmarc.zone import txt
from tests.domain.spf.zone import BROKEN, with_ses

V = Verdict
MAIL = "mail.example.com"
SPF = RequiredRecord(Purpose.MAIL_FROM, "TXT", MAIL, "v=spf1 include:amazonses.com ~all")
GOOD = "v=spf1 include:amazonses.com ~all"
CHOOSE = "Choose another MAIL FROM label"


def alias(name: str, target: str) -> Answer:
    return Answer(name, "CNAME", Outcome.FOUND, (target,))


def scene(*book: Answer, domain: str = "example.com", **more: Any) -> Scene:
    return Scene(domain, Zone("example.com"), book={key(a.name, a.type): a for a in book}, **more)


def spf(*texts: str, book: tuple[Answer, ...] = (), zone: dict[str, Any] | None = None) -> Judged:
    """The verdict on these texts; with a `zone`, after looking whether SES may send."""
    seen = {}
    if zone is not None:
        names = with_ses({MAIL: [("TXT", text) for text in texts], **zone})
        seen = {MAIL: asyncio.run(authorises(names, MAIL))}
    return judge_spf(SPF, txt(MAIL, texts), scene(*book, spf=seen))


# SPF


@pytest.mark.parametrize(
    ("answer", "book", "verdict", "cause", "todo"),
    [
        (txt(MAIL), (), V.MISSING, "There is no such name yet.", ""),
        (txt(MAIL, Outcome.NO_SUCH_TYPE), (), V.MISSING, "it has no TXT record", ""),
        (txt(MAIL, "hello"), (), V.MISSING, "none that starts with v=spf1.", ""),
        (txt(MAIL, chain=("www.example.com",)), (), V.CONFLICTS_WITH_CNAME,
         "mail.example.com is a CNAME to www.example.com; no TXT can be beside it.", CHOOSE),
        (txt(MAIL), (alias(MAIL, "x.example.net"),), V.CONFLICTS_WITH_CNAME,
         "mail.example.com is a CNAME to x.example.net", CHOOSE),
    ],
)  # fmt: skip
def test_no_spf_record(answer, book, verdict, cause, todo):
    judged = judge_spf(SPF, answer, scene(*book))
    assert judged.verdict is verdict
    assert cause in judged.cause
    assert judged.todo.startswith(todo)
    assert bool(judged.todo) == bool(todo)
    assert judged.value is None


def test_an_spf_record_behind_an_alias_works():
    answer = txt(MAIL, GOOD, chain=("www.example.com",))
    assert judge_spf(SPF, answer, scene(alias(MAIL, "www.example.com"))) == FINE


def test_without_the_bytes_the_values_are_read():
    split = Answer(
        MAIL, "TXT", Outcome.FOUND, ("…",), texts=((b"v=spf1 include:amaz", b"onses.com"),)
    )
    assert judge_spf(SPF, split, scene()) == FINE


def test_several_spf_records_become_one():
    judged = spf(GOOD, "v=spf1 mx -all", "hello")
    assert judged.verdict is V.DUPLICATE_RECORD
    assert judged.cause.startswith("There are 2 SPF records, which counts as an error.")
    assert judged.value == "v=spf1 include:amazonses.com mx ~all"
    assert judged.todo == "2 records become one; do not keep any of the old ones."


def test_what_only_a_person_can_put_right_is_not_proposed():
    """A record without the unknown term would refuse mail that it may have let in."""
    for texts in ((GOOD, "v=spf1 moo -all"), ("v=spf1 moo -all",)):
        judged = spf(*texts)
        assert judged.value == ""
        assert "Left out, because it is unknown what was meant: moo." in judged.todo


@pytest.mark.parametrize(
    ("text", "verdict", "cause"),
    [
        (f'"{GOOD}"', V.VALUE_QUOTED, "quotation marks"),
        (GOOD.replace("1 ", "1\\ "), V.VALUE_QUOTED, "space after v=spf1"),
        (f" {GOOD}", V.VALUE_WHITESPACE, "space"),
        (f"v=spf1\t{GOOD[7:]}", V.VALUE_WHITESPACE, "v=spf1"),
        (f"\ufeff{GOOD}", V.VALUE_WHITESPACE, "invisible"),
        # Quotes tell more than blanks, and either more than the version.
        (GOOD.replace("v=spf1 ", "v=spf1\t").replace(" ~", '" ~'), V.VALUE_QUOTED, "v=spf1"),
        (GOOD.replace("v=spf1", "v=spf").replace(" ~", "\t~"), V.VALUE_WHITESPACE, "v=spf1"),
        (GOOD.removeprefix("v=spf1 "), V.DIFFERENT, "v=spf1"),
        (GOOD.replace("v=spf1", "v=spf"), V.DIFFERENT, "v=spf1"),
    ],
)
def test_a_text_that_was_meant_as_spf(text, verdict, cause):
    judged = spf(text)
    assert judged.verdict is verdict
    assert cause in judged.cause
    assert judged.value.replace('"', "").split() == GOOD.split()
    assert judged.todo.startswith("Put the record right that is there; do not add a second one.")


def test_a_record_that_lets_ses_send_is_well_with_what_it_does_wrong():
    """What the tree of includes has to say is a note, and no fault of the record."""
    well = spf(GOOD, zone={})
    assert well == FINE
    names = {"old.example": [("TXT", "hello")]}
    judged = spf("v=spf1 include:amazonses.com include:old.example ~all", zone=names)
    assert judged.verdict is V.OK
    assert len(judged.notes) == 1
    assert "old.example" in judged.notes[0]


def test_a_wrapper_lets_ses_send_and_is_named():
    wrapper = {"spf.example.net": [("TXT", "v=spf1 include:amazonses.com ~all")]}
    judged = spf("v=spf1 include:spf.example.net ~all", zone=wrapper)
    assert judged.verdict is V.OK
    assert judged.notes == ("amazonses.com may send, through spf.example.net (2 of 10 lookups).",)


def test_where_it_could_not_be_found_out_what_is_written_counts():
    trouble = {"amazonses.com": [(BROKEN, "")]}
    judged = spf(GOOD, zone=trouble)
    assert judged.verdict is V.OK
    assert len(judged.notes) == 1
    assert judged.notes[0].startswith("Could not find out whether amazonses.com may send.")
    assert spf(GOOD) == FINE  # nobody has looked yet
    without = spf("v=spf1 mx ~all", zone=trouble)
    assert without.verdict is V.DIFFERENT
    assert without.value == "v=spf1 mx include:amazonses.com ~all"


DIFFERENT = [
    # The record itself has an error; what the tree says comes after.
    ("v=spf1 include: amazonses.com ~all", {}, "space", GOOD),
    # It is written well, and what it includes is not there.
    ("v=spf1 include:gone.example ~all", {}, "gone.example",
     "v=spf1 include:gone.example include:amazonses.com ~all"),
    # Some servers of SES only.
    ("v=spf1 ip4:54.240.0.0/18 ~all", {}, "Only some servers of amazonses.com may send",
     "v=spf1 ip4:54.240.0.0/18 include:amazonses.com ~all"),
    # Nothing is wrong with it, but that SES is not in it.
    ("v=spf1 mx ~all", {}, "The SPF record has no include:amazonses.com before its “all”.",
     "v=spf1 mx include:amazonses.com ~all"),
    ("v=spf1 mx ~all", None, "The SPF record has no include:amazonses.com before its “all”.",
     "v=spf1 mx include:amazonses.com ~all"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "zone", "cause", "value"), DIFFERENT)
def test_a_record_that_does_not_let_ses_send(text, zone, cause, value):
    judged = spf(text, zone=zone)
    assert judged.verdict is V.DIFFERENT
    assert cause in judged.cause
    assert judged.value == value
    assert judged.todo.startswith(
        "Put the record right" if "include: " in text else "Change the record that is there"
    )


def test_where_the_record_is_right_and_what_it_includes_is_not_there_is_nothing_to_type():
    """Eleven lookups before SES is reached: the record has it, and nothing can be proposed."""
    others = {f"i{n}.example": [("TXT", "v=spf1 -all")] for n in range(11)}
    terms = " ".join(f"include:{name}" for name in others)
    judged = spf(f"v=spf1 {terms} include:amazonses.com ~all", zone=others)
    assert judged.verdict is V.DIFFERENT
    assert "10" in judged.cause
    assert (judged.value, judged.todo) == ("", "")


# DMARC

DMARC = RequiredRecord(Purpose.DMARC, "TXT", "_dmarc.example.com", "v=DMARC1; p=none;")
BELOW = RequiredRecord(Purpose.DMARC, "TXT", "_dmarc.news.example.com", "v=DMARC1; p=none;")


def dmarc(answer: Answer, *book: Answer) -> Judged:
    """The verdict on this answer, with `com` and what is in `book` looked at."""
    record = DMARC if answer.name == DMARC.name else BELOW
    domain = record.name.removeprefix("_dmarc.")
    return judge_dmarc(record, answer, scene(txt("_dmarc.com"), answer, *book, domain=domain))


@pytest.mark.parametrize(
    "text", ["v=DMARC1; p=none", "v=DMARC1; p=reject; sp=none", "v=DMARC1;rua=mailto:a@example.com"]
)
def test_a_policy_is_a_policy(text):
    assert dmarc(txt(DMARC.name, text)) == FINE
    assert dmarc(txt(DMARC.name, (text, "hello"))) == FINE
    assert dmarc(txt(DMARC.name, text, chain=("dmarc.example.net",))) == FINE


@pytest.mark.parametrize(
    ("texts", "verdict", "cause", "value", "todo"),
    [
        (("v=DMARC1; p=none", "v=DMARC1; p=none; rua=mailto:a@example.com"), V.DUPLICATE_RECORD,
         "There are 2 DMARC records, so receivers ignore all. Keep one.",
         "v=DMARC1; p=none; rua=mailto:a@example.com",
         "Keep this record at _dmarc.example.com and delete the others"),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), V.DUPLICATE_RECORD, "There are 2", "",
         "Decide which record at _dmarc.example.com stays"),
        (("v=DMARC1",), V.DIFFERENT, "The DMARC record has no valid policy",
         "v=DMARC1; p=none", "Change the value of the record at _dmarc.example.com"),
        (("v=DMARC1; p=rejct",), V.DIFFERENT, "The DMARC record has no valid policy",
         "v=DMARC1; p=reject", "Change the value of the record at _dmarc.example.com"),
        (('"v=DMARC1; p=none"',), V.VALUE_QUOTED, "quotes", "v=DMARC1; p=none",
         "Receivers ignore the record at _dmarc.example.com as it is."),
        ((" v=DMARC1; p=none",), V.VALUE_WHITESPACE, "", "v=DMARC1; p=none", "Receivers ignore"),
        (("v=DMARC1\xa0; p=none",), V.VALUE_WHITESPACE, "", "v=DMARC1; p=none",
         "Receivers ignore"),
        (("v=DMARC1\\; p=none",), V.VALUE_QUOTED, "", "v=DMARC1; p=none", "Receivers ignore"),
        (("v=dmarc1; p=none",), V.DIFFERENT, "DMARC1", "v=DMARC1; p=none", "Receivers ignore"),
    ],
)  # fmt: skip
def test_a_record_that_receivers_do_not_follow(texts, verdict, cause, value, todo):
    judged = dmarc(txt(DMARC.name, texts))
    assert judged.verdict is verdict
    assert cause in judged.cause
    assert judged.cause
    assert judged.value == value
    assert judged.todo.startswith(todo)


@pytest.mark.parametrize(
    ("answer", "book", "verdict", "cause"),
    [
        (txt(DMARC.name), (), V.MISSING, "There is no such name yet."),
        (txt(DMARC.name, Outcome.NO_SUCH_TYPE), (), V.MISSING, "it has no TXT record."),
        (txt(DMARC.name, "hello"), (), V.MISSING, "none that starts with v=DMARC1."),
        (txt(DMARC.name, chain=("x.example.net",)), (), V.CONFLICTS_WITH_CNAME,
         "_dmarc.example.com is a CNAME to x.example.net"),
        (txt(DMARC.name), (alias(DMARC.name, "y.example.net"),), V.CONFLICTS_WITH_CNAME,
         "_dmarc.example.com is a CNAME to y.example.net"),
    ],
)  # fmt: skip
def test_no_dmarc_record(answer, book, verdict, cause):
    judged = dmarc(answer, *book)
    assert judged.verdict is verdict
    assert cause in judged.cause
    assert judged.value is None


def test_a_policy_further_up_covers_the_domain():
    judged = dmarc(txt(BELOW.name), txt(DMARC.name, "v=DMARC1; p=reject"))
    assert judged.verdict is V.COVERED
    assert judged.notes == (
        "The record of example.com applies here too (p=reject). Add none of your own.",
    )
    assert judged.cause == ""


@pytest.mark.parametrize("others", [None, "hello"])
@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.BROKEN])
def test_what_could_not_be_found_out_is_never_missing(outcome, others):
    """A record of one's own, p=none, would take the place of a stricter one further up."""
    answer = txt(BELOW.name, others) if others else txt(BELOW.name)
    judged = dmarc(answer, txt(DMARC.name, outcome))
    assert judged.verdict is V.BROKEN
    assert judged.cause == (
        "Whether a record above _dmarc.news.example.com applies could not be found out. "
        "Ask again first."
    )
    assert judged.value is None


def test_a_registry_that_does_not_answer_is_no_reason_to_know_nothing():
    silent = txt("_dmarc.com", Outcome.TIMED_OUT)
    known = dmarc(txt(BELOW.name), txt(DMARC.name, "v=DMARC1; p=reject"), silent)
    assert known.verdict is V.COVERED
    assert dmarc(txt(DMARC.name), silent).verdict is V.MISSING


# The key of BYODKIM

SELECTOR = "sel._domainkey.example.com"
OWN = RequiredRecord(Purpose.DKIM, "TXT", SELECTOR, OWN_KEY_VALUE)
RSA = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC75sG1OA7iEDzxP7oi8404fmjxPguJUzhkU5R6Kncj3QZn+lh/"
    "JEA3mLvkpKbEuHWvQV6SCbkUo/zrx88AWQdU16+vl6SI6G2ct/jjbiYNDntM4uHBDMR09oRj/CxceNpH7wMPHwToPg"
    "DHEtxsyK0pongMtig6/zGWT1KqtXL0qwIDAQAB"
)
KNOWN = RequiredRecord(Purpose.DKIM, "TXT", SELECTOR, f"p={RSA}")
OTHER = RSA.replace("C75sG1", "C75sG2")


@pytest.mark.parametrize("record", [OWN, KNOWN])
def test_a_key_that_receivers_can_use(record):
    assert judge_key(record, txt(SELECTOR, f"v=DKIM1; k=rsa; p={RSA}")) == FINE
    tested = judge_key(record, txt(SELECTOR, f"t=y; p={RSA}"))
    assert tested.verdict is V.OK
    assert len(tested.notes) == 1
    assert tested.notes[0].startswith("t=y: a test.")


def test_another_key_is_noticed_where_the_right_one_is_known():
    answer = txt(SELECTOR, f"p={OTHER}")
    assert judge_key(OWN, answer) == FINE
    judged = judge_key(KNOWN, answer)
    assert judged == Judged(V.DIFFERENT, "It is another key than the one that was expected.")
    # A file of expected records may hold what is no key; nothing is compared with that.
    assert judge_key(replace(KNOWN, value="v=DKIM1; p="), answer) == FINE


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [(Outcome.NO_SUCH_NAME, "no such name"), (Outcome.NO_SUCH_TYPE, "it has no TXT record")],
)
def test_no_key(outcome, cause):
    judged = judge_key(OWN, txt(SELECTOR, outcome))
    assert judged.verdict is V.MISSING
    assert cause in judged.cause


@pytest.mark.parametrize(
    ("record", "value"),
    [(OWN, ""), (KNOWN, None)],  # only its owner has the key; else the record's own value
)
def test_several_keys(record, value):
    judged = judge_key(record, txt(SELECTOR, (f"p={RSA}", "p=")))
    assert judged == Judged(
        V.DUPLICATE_RECORD,
        "There are 2 TXT records; receivers may take the wrong one. Keep one.",
        value=value,
    )


@pytest.mark.parametrize(
    ("text", "verdict", "cause", "repaired"),
    [
        ("p=", V.DIFFERENT, "revoked", ""),
        (OWN_KEY_VALUE, V.DIFFERENT, "placeholder", ""),
        ("v=DKIM1; k=rsa", V.DIFFERENT, "There is no p", ""),
        (f'"v=DKIM1; p={RSA}', V.VALUE_QUOTED, "", f"v=DKIM1; p={RSA}"),
        (f"v=DKIM1; p=“{RSA}”", V.VALUE_QUOTED, "", None),
        # What only weakens it comes before what makes it useless, and is not the cause.
        ("t=y; p=AAAA", V.DIFFERENT, "no public key that can be read", ""),
        (f"v=DKIM2; p={RSA}", V.DIFFERENT, "v=DKIM1", f"v=DKIM1; p={RSA}"),
    ],
)
def test_a_key_that_receivers_cannot_use(text, verdict, cause, repaired):
    judged = judge_key(OWN, txt(SELECTOR, text))
    assert judged.verdict is verdict
    assert cause in judged.cause
    assert judged.cause
    if repaired is not None:
        assert judged.value == repaired
    assert judge_key(KNOWN, txt(SELECTOR, text)).value is None
