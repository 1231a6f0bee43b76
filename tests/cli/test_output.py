"""Colour where a person looks, and nowhere else."""

from __future__ import annotations

import pytest

from sestui.cli.output import Paint, Stream
from tests.cli.conftest import in_terminal


@pytest.fixture
def arguments(expected, published):
    return ["check", "example.com", "--expect", str(expected), "--nameserver", published.place]


def test_colour_on_a_terminal(arguments):
    assert "\x1b[32m✓ matches" in in_terminal(arguments)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_for_who_wants_none(arguments, environment):
    said = in_terminal(arguments, **environment)
    assert "✓ matches" in said
    assert "\x1b[" not in said


def test_a_closed_stream_is_no_drama():
    stream = Stream(None)
    stream.line("text")
    stream.document({})
    assert stream.paint("text", Paint.BAD) == "text"
    assert not stream.terminal
