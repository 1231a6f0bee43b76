"""Checking signatures with keys that were looked up before, whatever message and key are."""

from __future__ import annotations

import functools

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.received import Check
from sestui.gateways.dkim_check import Key, check_signatures
from sestui.practice.ses.keys import new_key, public_value

MESSAGE = (
    b"From: a@example.com\r\nTo: b@example.net\r\nSubject: One\r\n"
    b"Date: Mon, 2 Jun 2025 10:10:03 +0000\r\n\r\nHello.\r\n\r\nTwo.\r\n"
)


@functools.cache
def pem(bits: int = 1024) -> str:
    return new_key(bits)


@functools.cache
def signed(bits: int = 1024, **more) -> bytes:
    signature = dkim.sign(
        MESSAGE,
        b"sel",
        b"example.com",
        pem(bits).encode(),
        canonicalize=(b"relaxed", b"simple"),
        include_headers=[b"from", b"to", b"subject"],
        **more,
    )
    return signature + MESSAGE


@functools.cache
def key(bits: int = 1024) -> Key:
    return Key(f"v=DKIM1; k=rsa; p={public_value(pem(bits))}".encode())


def check(message: bytes, using: Key) -> Check:
    (result,) = check_signatures(message, [using])
    return result.check


def test_a_good_signature():
    assert check(signed(), key()) is Check.VALID
    assert check(signed().replace(b"\r\n", b"\n"), key()) is Check.VALID


def test_every_signature_is_checked_by_its_own_key():
    twice = signed() + b""
    both = dkim.sign(twice, b"s2", b"example.net", pem(2048).encode()) + twice
    results = check_signatures(both, [key(2048), key()])
    assert [each.check for each in results] == [Check.VALID, Check.VALID]
    swapped = check_signatures(both, [key(), key(2048)])
    assert [each.check for each in swapped] == [Check.BROKEN, Check.BROKEN]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (b"Hello.", b"Hello!", Check.BODY_ALTERED),
        (b"Two.\r\n", b"Two.\r\n\r\n", Check.VALID),  # blank lines at the end do not count
        (b"Hello.", b"Hello. ", Check.BODY_ALTERED),
        (b"Subject: One", b"Subject: Two", Check.BROKEN),
        (b"Subject: One", b"Subject:  One ", Check.VALID),  # relaxed
        (b"\r\nDate", b"\r\nX-More: 1\r\nDate", Check.VALID),  # not signed
        (b"\r\nDate", b"\r\nFrom: c@example.org\r\nDate", Check.BROKEN),
        (b"v=1;", b"v=2;", Check.UNREADABLE),
        (b"bh=", b"xx=", Check.UNREADABLE),
        (b"v=1;", b"v=1; t=1; x=2;", Check.EXPIRED),
    ],
)
def test_what_was_changed(before, after, expected):
    message = signed()
    assert before in message
    if expected is Check.EXPIRED:
        message = message.replace(b" t=", b" y=")
    assert check(message.replace(before, after, 1), key()) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", Check.KEY_MISSING),
        (b"v=DKIM1; p=", Check.KEY_UNUSABLE),
        (b"v=DKIM1; p= ;", Check.KEY_UNUSABLE),
        (b"v=DKIM1; p=AAAA", Check.KEY_UNUSABLE),
        (b"v=DKIM1; p=%%%", Check.KEY_UNUSABLE),
        (b"hello", Check.KEY_UNUSABLE),
        (b"v=spf1 -all", Check.KEY_UNUSABLE),
    ],
)
def test_what_is_no_key(value, expected):
    assert check(signed(), Key(value)) is expected


def test_no_answer_is_not_no_key():
    (result,) = check_signatures(signed(), [Key(known=False, detail="no answer in 3 s")])
    assert result.check is Check.KEY_UNKNOWN
    assert result.detail == "no answer in 3 s"


@given(st.binary(max_size=400), st.binary(max_size=120))
def test_any_bytes_give_a_result(content, value):
    for message in (content, signed()[:300] + content, b"DKIM-Signature: " + content):
        for result in check_signatures(message, [Key(value), Key(b"p=" + value), key()]):
            assert result.check is not Check.NOT_DONE
            assert result.detail.isprintable()
