"""Where a DKIM CNAME and the MX of a MAIL FROM domain point, and what stands in their place."""

from __future__ import annotations

from typing import Any

import pytest

from sestui.domain.diagnosis import Verdict
from sestui.domain.diagnosis.exchanges import judge_mx
from sestui.domain.diagnosis.scene import FINE, Judged, Scene, key
from sestui.domain.diagnosis.targets import judge_cname
from sestui.domain.dns import Answer, Outcome, Zone
from sestui.domain.records import Purpose, RequiredRecord

V = Verdict
NAME, TARGET = "aaa._domainkey.example.com", "aaa.dkim.amazonses.com"
CNAME = RequiredRecord(Purpose.DKIM, "CNAME", NAME, TARGET)
OTHER = RequiredRecord(
    Purpose.DKIM, "CNAME", "bbb._domainkey.example.com", "bbb.dkim.amazonses.com"
)
HOST = "feedback-smtp.us-east-1.amazonses.com"
MX = RequiredRecord(Purpose.MAIL_FROM, "MX", "mail.example.com", f"10 {HOST}")
KEY = "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB"
DELETE_TEXT = "Delete the TXT record, add the CNAME."


def found(name: str, kind: str, *values: str, **more: Any) -> Answer:
    return Answer(name, kind, Outcome.FOUND, values, **more)


def none(name: str, kind: str, outcome: Outcome = Outcome.NO_SUCH_TYPE, **more: Any) -> Answer:
    return Answer(name, kind, outcome, **more)


def scene(*book: Answer) -> Scene:
    return Scene(
        "example.com",
        Zone("example.com"),
        (CNAME, OTHER, MX),
        {key(answer.name, answer.type): answer for answer in book},
    )


def cname(*values: str, book: tuple[Answer, ...] = ()) -> Judged:
    return judge_cname(CNAME, found(NAME, "CNAME", *values), scene(*book))


def mx(*values: str, book: tuple[Answer, ...] = (), **more: Any) -> Judged:
    return judge_mx(MX, found(MX.name, "MX", *values, **more), scene(*book))


# The CNAME


@pytest.mark.parametrize(
    ("value", "verdict", "cause"),
    [
        (f"{TARGET}.example.com", V.VALUE_ZONE_APPENDED,
         f"The panel has put example.com after the value: {TARGET}.example.com."),
        (f"\\032{TARGET}", V.VALUE_WHITESPACE, "There is a blank in the value"),
        (f"\\226\\128\\139{TARGET}", V.VALUE_WHITESPACE, "There is a blank in the value"),
        (f'\\"{TARGET}\\"', V.VALUE_QUOTED, "The value has quotes"),
        (f'\\"\\032{TARGET}\\"', V.VALUE_QUOTED, "The value has quotes"),
        (f"HTTPS://{TARGET}", V.DIFFERENT, "The value begins with http://"),
        ("aaa.dkim.eu-south-1.amazonses.com", V.VALUE_WRONG_SUFFIX,
         "ends with dkim.eu-south-1.amazonses.com; here it must be dkim.amazonses.com."),
        ("aaa.dkim.amazonaws.com", V.VALUE_WRONG_SUFFIX, "ends with dkim.amazonaws.com"),
        ("aaa.amazonses.com", V.VALUE_WRONG_SUFFIX, "ends with amazonses.com"),
        ("aaa.dkim.example.net", V.DIFFERENT, "It points to aaa.dkim.example.net."),
        ("zzz.dkim.eu-south-1.amazonses.com", V.DIFFERENT, "It points to zzz.dkim."),
        ("BBB.dkim.amazonses.com", V.VALUE_WRONG_TOKEN, "another one of the records"),
        ("aab.dkim.amazonses.com", V.VALUE_WRONG_TOKEN,
         "a slip in the token: aab instead of aaa."),
        ("zzzzzz.dkim.amazonses.com", V.VALUE_WRONG_TOKEN, "for another token, zzzzzz: of another"),
        ("aaa._domainkey.example.com", V.DIFFERENT, "A name stands where the value belongs."),
        ("www.example.net", V.DIFFERENT, "It points to www.example.net."),
        ("x" * 63 + ".example.net.example.org.", V.DIFFERENT, "x" * 63 + ".example.net.exa…"),
    ],
)  # fmt: skip
def test_a_cname_that_points_elsewhere(value, verdict, cause):
    judged = cname(value)
    assert judged.verdict is verdict
    assert cause in judged.cause
    if verdict is V.VALUE_ZONE_APPENDED:
        # This panel wants the final dot.
        assert judged.value == f"{TARGET}."
        assert judged.todo == "End the value with a dot, so that nothing is put after it."
    else:
        assert (judged.value, judged.todo) == (None, "")


@pytest.mark.parametrize("value", [TARGET, f"{TARGET.upper()}."])
def test_a_cname_that_is_right(value):
    assert cname(value) == FINE


def test_a_cname_twice_is_an_error_even_where_one_is_right():
    judged = cname(TARGET, "www.example.net")
    assert (judged.verdict, judged.cause) == (
        V.EXTRA_VALUES, "A name can have one CNAME only; here there are 2."
    )  # fmt: skip


def test_an_alias_in_between_does_the_same():
    between = "keys.example.net"
    for target in (TARGET, TARGET.upper()):  # DNS names have no case
        assert cname(between, book=(found(NAME, "TXT", KEY, chain=(between, target)),)) == FINE
    assert cname(between, book=(none(NAME, "TXT", chain=(between, TARGET)),)) == FINE
    assert cname(between, book=(found(NAME, "TXT", KEY, chain=(between,)),)) != FINE
    assert cname(between, book=(found(NAME, "TXT", KEY),)).verdict is V.DIFFERENT
    assert cname(between).verdict is V.DIFFERENT


# What stands in the place of the CNAME


def instead(*book: Answer, outcome: Outcome = Outcome.NO_SUCH_TYPE) -> Judged:
    return judge_cname(CNAME, none(NAME, "CNAME", outcome), scene(*book))


A, AAAA = found(NAME, "A", "192.0.2.1"), found(NAME, "AAAA", "2001:db8::1")


@pytest.mark.parametrize(
    ("book", "addresses"),
    [
        ((A,), "192.0.2.1"),
        ((AAAA,), "2001:db8::1"),
        ((A, AAAA), "192.0.2.1, 2001:db8::1"),
        ((found(NAME, "A", "192.0.2.1", "192.0.2.2"), AAAA), "192.0.2.1, 192.0.2.2"),
        ((none(NAME, "A"), AAAA), "2001:db8::1"),
    ],
)
def test_addresses_in_place_of_a_cname_are_a_proxy(book, addresses):
    judged = instead(*book)
    assert judged.verdict is V.PROXIED
    assert judged.cause.startswith(f"The name has addresses ({addresses}) in place of the CNAME")
    assert judged.todo == "Switch the proxy off for this record (“DNS only”)."


@pytest.mark.parametrize(
    ("outcome", "book", "cause"),
    [
        (Outcome.NO_SUCH_NAME, (), "There is no such name yet."),
        (Outcome.NO_SUCH_TYPE, (), "The name is there, but it has no CNAME record."),
        (Outcome.NO_SUCH_TYPE, (none(NAME, "A"), none(NAME, "TXT")), "it has no CNAME record."),
        (Outcome.NO_SUCH_NAME, (A,), "There is no such name yet."),
        # What a TXT question finds behind an alias is not at this name.
        (Outcome.NO_SUCH_TYPE, (found(NAME, "TXT", KEY, chain=("x.example.net",)),), "no CNAME"),
    ],
)
def test_nothing_in_place_of_a_cname(outcome, book, cause):
    judged = instead(*book, outcome=outcome)
    assert judged.verdict is V.MISSING
    assert cause in judged.cause


BEHIND = found(TARGET, "TXT", KEY)


@pytest.mark.parametrize(
    ("values", "behind", "verdict", "said", "todo"),
    [
        ((TARGET,), (), V.WRONG_TYPE, "It is a TXT record; it must be a CNAME with the same value.",
         DELETE_TEXT),
        ((f' "{TARGET.upper()}." ',), (), V.WRONG_TYPE, "with the same value.", DELETE_TEXT),
        (("hello", TARGET), (), V.WRONG_TYPE, "with the same value.", DELETE_TEXT),
        (("hello", "again"), (), V.WRONG_TYPE, "It is a TXT record, “hello, again”; it must be",
         DELETE_TEXT),
        # The key itself: the same as behind the CNAME, another one, or nobody knows.
        ((KEY,), (BEHIND,), V.OK, "The DNS host gives the key itself in place of the CNAME", ""),
        (("v=DKIM1; k=rsa; p=",), (found(TARGET, "TXT", "v=DKIM1; k=rsa; p="),), V.OK,
         "That works.", ""),
        ((KEY,), (none(TARGET, "TXT", Outcome.TIMED_OUT),), V.OK, "That works.", ""),
        ((KEY,), (none(TARGET, "TXT", Outcome.NO_SUCH_NAME),), V.WRONG_TYPE,
         "it is not the one SES has now.", DELETE_TEXT),
        ((KEY,), (found(TARGET, "TXT", "p=another"),), V.WRONG_TYPE, "not the one", DELETE_TEXT),
        ((KEY, "more"), (BEHIND,), V.WRONG_TYPE, "not the one", DELETE_TEXT),
        ((KEY,), (), V.WRONG_TYPE, "not the one", DELETE_TEXT),
        (("sp=none",), (BEHIND,), V.WRONG_TYPE, "“sp=none”", DELETE_TEXT),
        (("x" * 60,), (), V.WRONG_TYPE, f"“{'x' * 60}”", DELETE_TEXT),
        (("x" * 61,), (), V.WRONG_TYPE, f"“{'x' * 59}…”", DELETE_TEXT),
    ],
)  # fmt: skip
def test_a_text_in_place_of_a_cname(values, behind, verdict, said, todo):
    judged = instead(found(NAME, "TXT", *values), A, *behind)
    assert judged.verdict is verdict
    assert said in "".join(judged.notes if verdict is V.OK else judged.cause)
    assert (judged.todo, judged.value) == (todo, None)


# The MX

LEAVE = "Leave that MX alone, and choose a MAIL FROM label that is not in use."
DELETE = "Delete the others, or choose a MAIL FROM label that is not in use."
IRELAND, FRANKFURT = (f"feedback-smtp.eu-{r}-1.amazonses.com" for r in ("west", "central"))


@pytest.mark.parametrize("value", [f"10 {HOST}", f"0 {HOST.upper()}."])
def test_an_mx_that_is_right(value):
    assert mx(value) == FINE
    # It is there, so whatever an alias says is of no interest.
    assert mx(value, chain=("www.example.com",)) == FINE


def test_an_mx_of_another_region_works():
    judged = mx(f"10 {IRELAND}")
    assert judged == Judged(
        V.OK, notes=("The MX is SES's, of another Region (eu-west-1). SES takes it too.",)
    )


@pytest.mark.parametrize(
    ("hosts", "todo", "value"),
    [
        ([HOST, "mx.example.net"], DELETE, None),
        (["mx.example.net", HOST], DELETE, None),
        ([HOST, HOST], DELETE, None),
        ([IRELAND, FRANKFURT], DELETE, None),
        # Somebody's mailboxes are there: their MX is not to be deleted.
        ([IRELAND, "mx.example.net"], LEAVE, ""),
        (["mx.example.net", IRELAND], LEAVE, ""),
        (["mx1.example.net", "mx2.example.net"], LEAVE, ""),
    ],
)
def test_of_several_mx_only_those_of_ses_are_to_be_deleted(hosts, todo, value):
    judged = mx(*(f"{number} {host}" for number, host in enumerate(hosts)))
    assert (judged.verdict, judged.todo, judged.value) == (V.EXTRA_VALUES, todo, value)
    if todo == DELETE:
        assert judged.cause == "SES wants exactly one MX here; there are 2."
    else:
        assert f"receives mail at {', '.join(hosts)}" in judged.cause


@pytest.mark.parametrize(
    ("value", "verdict", "cause"),
    [
        ("10 feedback-smtp.us-east-1.amazonaws.com", V.VALUE_WRONG_SUFFIX,
         "The value ends with amazonaws.com; it must be amazonses.com."),
        (f"10 {HOST}.example.com", V.VALUE_ZONE_APPENDED, "The panel has put example.com after"),
        (f'10 \\"{HOST}\\"', V.VALUE_QUOTED, "quotes"),
        (f"10 {HOST}\\032", V.VALUE_WHITESPACE, "There is a blank in the value"),
        (f"10 10\\032{HOST}", V.VALUE_WHITESPACE, "The priority is in the host: “10\\032"),
        (f"0 10.{HOST}", V.VALUE_WHITESPACE, "The priority is in the host"),
        ("10 feedback-smtp.us-east-1.amazonses.net", V.VALUE_WRONG_SUFFIX,
         "feedback-smtp.us-east-1.amazonses.net is no host of SES."),
        ("10 inbound-smtp.us-east-1.amazonaws.com", V.DIFFERENT,
         "inbound-smtp.us-east-1.amazonaws.com is for sending or receiving mail; bounces go to "
         + HOST),
        ("10 email-smtp.us-east-1.amazonaws.com", V.DIFFERENT, f"bounces go to {HOST}"),
    ],
)  # fmt: skip
def test_an_mx_that_was_meant_for_ses(value, verdict, cause):
    judged = mx(value)
    assert judged.verdict is verdict
    assert cause in judged.cause
    assert judged.todo != LEAVE
    assert judged.value != ""


@pytest.mark.parametrize(
    "host", ["mx.example.net", "feedback-smtp", f"x.{HOST}", "x" * 60, "x" * 61]
)
def test_an_mx_of_mailboxes_is_left_alone(host):
    judged = mx(f"10 {host}")
    assert (judged.verdict, judged.value, judged.todo) == (V.DIFFERENT, "", LEAVE)
    shown = host if len(host) <= 60 else host[:59] + "…"
    assert judged.cause == f"The MX points elsewhere, to {shown}: the name receives mail."


@pytest.mark.parametrize(
    ("answer", "book"),
    [
        (found(MX.name, "MX", "10 mx.example.net", chain=("www.example.com",)), ()),
        (none(MX.name, "MX", chain=("www.example.com",)), ()),
        (none(MX.name, "MX"), (found(MX.name, "CNAME", "www.example.com"),)),
    ],
)
def test_an_alias_in_the_way_of_the_mx(answer, book):
    judged = judge_mx(MX, answer, scene(*book))
    assert judged.verdict is V.CONFLICTS_WITH_CNAME
    assert judged.cause == (
        "mail.example.com is a CNAME to www.example.com; no MX can be beside it."
    )
    assert judged.todo.startswith("Choose another MAIL FROM label")


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [
        (Outcome.NO_SUCH_NAME, "There is no such name yet."),
        (Outcome.NO_SUCH_TYPE, "The name is there, but it has no MX record."),
    ],
)
def test_no_mx(outcome, cause):
    judged = judge_mx(MX, none(MX.name, "MX", outcome), scene())
    assert judged.verdict is V.MISSING
    assert judged.cause.startswith(cause)
