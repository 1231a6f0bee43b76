"""The guide's files are what the wizard's Markdown widget shows well, at 80 columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sestui
from sestui.domain.steps import Step

FOLDER = Path(sestui.__file__).parent / "guide" / "en"


@pytest.mark.parametrize("step", Step)
def test_each_step_has_a_page(step):
    text = (FOLDER / f"{step.value}.md").read_text("utf-8")
    lines = text.splitlines()
    assert lines[0] == f"# Step {step.number}: {step.word}"
    assert 40 <= len(lines) <= 120
    assert max(map(len, lines)) <= 88
    assert not re.search(r"</?[a-z]+[ >]|!\[|\t", text)
    assert "## Keys" in text
    assert "## What often goes wrong" in text


@pytest.mark.parametrize("step", Step)
def test_its_tables_have_rows_of_the_same_length(step):
    text = (FOLDER / f"{step.value}.md").read_text("utf-8")
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert tables  # of the keys at least
    for table in tables:
        assert len({row.count("|") for row in table.splitlines()}) == 1


def test_there_is_no_page_that_nobody_opens():
    assert {path.stem for path in FOLDER.glob("*.md")} == {step.value for step in Step}
