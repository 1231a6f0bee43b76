from __future__ import annotations

import re

import pytest

from sestui.gateways.nameserver import Server, parse_nameserver, parse_nameservers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("[::1]:53", ("::1", 53)),
        ("[2620:fe::fe]", ("2620:fe::fe", 53)),
        ("2620:FE::fe", ("2620:fe::fe", 53)),
        (" 9.9.9.9 ", ("9.9.9.9", 53)),
        ("localhost:5353", ("localhost", 5353)),
        ("ns1.Example.com", ("ns1.example.com", 53)),
    ],
)
def test_every_way_to_write_one(text: str, expected: tuple[str, int]) -> None:
    assert parse_nameserver(text) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "missing"),
        ("9.9.9.9:", "port"),
        ("9.9.9.9:0", "port"),
        ("9.9.9.9:70000", "port"),
        ("9.9.9.9:٣", "port"),
        ("[::1", "[address]"),
        ("[::1]53", "[address]"),
        ("999.9.9.9", "999.9.9.9"),
        ("1:2:3", "1:2:3"),
        ("a b", "a b"),
    ],
)
def test_what_is_none_and_why(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word)):
        parse_nameserver(text)


def test_a_list_of_them() -> None:
    assert parse_nameservers("") == ()
    assert parse_nameservers("9.9.9.9, [::1]:5 ,") == (("9.9.9.9", 53), ("::1", 5))


def test_how_it_is_shown() -> None:
    assert str(Server("9.9.9.9")) == "9.9.9.9"
    assert str(Server("::1", 5353)) == "[::1]:5353"
    assert str(Server("192.0.2.1", name="ns1.example.com")) == "ns1.example.com (192.0.2.1)"
