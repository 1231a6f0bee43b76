"""Colour where a person looks, and nowhere else."""

from __future__ import annotations

import pytest

from sestui.cli.output import Paint, Stream
from tests.cli.running import TERMINAL


@pytest.fixture
def arguments(expected, published):
    return ["check", "example.com", "--expect", str(expected), "--nameserver", published.place]


def test_colour_on_a_terminal(sestui_process, arguments):
    ran = sestui_process(*arguments, terminal=True).end()
    assert ran.code == 0
    assert "\x1b[32m✓ matches" in ran.out


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_for_who_wants_none(sestui, arguments, environment):
    assert "\x1b[32m✓ matches" in sestui(*arguments, terminal=TERMINAL).out
    said = sestui(*arguments, terminal=TERMINAL, **environment).out
    assert "✓ matches" in said
    assert "\x1b[" not in said


def test_a_closed_stream_is_no_drama():
    stream = Stream(None)
    stream.line("text")
    stream.document({})
    assert stream.paint("text", Paint.BAD) == "text"
    assert not stream.terminal
