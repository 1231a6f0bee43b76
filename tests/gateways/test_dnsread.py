from __future__ import annotations

import unicodedata

import dns.rdata
import dns.rrset
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.text import printable
from sestui.gateways.dnsread import question_name, text_value, values


@given(st.binary(max_size=300))
def test_any_bytes_of_a_txt_become_text_that_a_terminal_only_shows(data: bytes) -> None:
    kinds = {unicodedata.category(char) for char in text_value(data)}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=300))
def test_plain_text_stays_what_it_is(text: str) -> None:
    assert text_value(text.encode()) == text


@given(st.lists(st.binary(max_size=255), min_size=1, max_size=4))
def test_strings_are_joined_without_anything_between(strings: list[bytes]) -> None:
    rdata = TXT(1, 16, strings)
    rrset = dns.rrset.from_rdata("example.com.", 300, rdata)
    assert values(rrset) == (text_value(b"".join(strings)),)


@given(st.text(max_size=80))
def test_any_name_is_asked_for_or_refused(text: str) -> None:
    reason = ""
    try:
        name = question_name(text)
    except ValueError as error:
        reason = str(error)
    else:
        assert name.is_absolute()
        assert len(name.to_wire()) <= 255
    assert printable(reason) == reason
