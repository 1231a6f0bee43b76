"""Nothing that a terminal would act on gets through; what can be read stays as it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.text import lines_of, printable, printable_lines, quoted

# Lone surrogates too: bytes that are no UTF-8 come in as those.
anything = st.text(st.characters())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("v=spf1 include:amazonses.com ~all", "v=spf1 include:amazonses.com ~all"),
        ("Bắt đầu với Amazon SES", "Bắt đầu với Amazon SES"),
        ("例え.jp ☕ 👍", "例え.jp ☕ 👍"),
        ("", ""),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("\x9b31mred", "\\x9b31mred"),
        ("\r\n\t\x00\x7f", "\\x0d\\x0a\\x09\\x00\\x7f"),
        ("\u202egro.elpmaxe", "\\u202egro.elpmaxe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("\xa0", "\xa0"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
    ],
)
def test_controls_are_spelled_out_and_all_else_stays(text, shown):
    assert printable(text) == shown


@given(anything)
def test_whatever_comes_in_no_control_comes_out(text):
    unsafe = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not {unicodedata.category(char) for char in printable(text)} & unsafe


@given(anything)
def test_making_it_safe_twice_changes_nothing_more(text):
    assert printable(printable(text)) == printable(text)


def test_lines_stay_lines_and_a_tab_is_four_spaces():
    assert printable_lines("a\tb\r\nc\x1bd\n") == "a    b\nc\\x1bd"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("a\n\n", ["a", ""]),
        ("form\x0cfeed nel\x85 ls\u2028", ["form\x0cfeed nel\x85 ls\u2028"]),
    ],
)
def test_only_cr_and_lf_end_a_line(text, lines):
    assert lines_of(text) == lines


@given(st.text("ab \n"))
def test_where_there_is_nothing_but_line_feeds_it_is_what_python_does(text):
    assert lines_of(text) == text.splitlines()


def test_what_was_typed_is_quoted_short_and_safe():
    assert quoted("short") == "short"
    assert quoted("x" * 50) == "x" * 39 + "…"
    assert quoted("\x1b" * 50, 3) == "\\x1b\\x1b…"
