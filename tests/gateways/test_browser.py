"""A page of one's own is shown by a browser with a window of its own, or its file is named."""

from __future__ import annotations

import importlib
import webbrowser
from pathlib import Path

import pytest

from sestui.gateways.browser import show_page


@pytest.fixture(autouse=True)
def forget_the_browsers():
    """Python looks once a run which there are."""
    importlib.reload(webbrowser)
    yield
    importlib.reload(webbrowser)


def browser(folder: Path, name: str) -> Path:
    """A program that leaves a copy of the page."""
    program = folder / name
    program.write_text(f'#!/bin/sh\ncp "${{1#file://}}" {folder / "seen"}\n')
    program.chmod(0o755)
    return program


async def test_the_page_is_read_as_utf_8_and_is_for_this_user_only(tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER", str(browser(tmp_path, "desktop")))
    path, opened = await show_page("<h1>Chào</h1>", tmp_path / "new")
    assert opened
    seen = (tmp_path / "seen").read_bytes()
    assert seen.startswith(b"\xef\xbb\xbf")
    assert "&lt;h1&gt;Chào&lt;/h1&gt;" in seen.decode()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["w3m", "lynx"])
async def test_a_browser_that_would_draw_over_the_wizard_is_not_started(
    tmp_path, monkeypatch, name
):
    monkeypatch.setenv("BROWSER", str(browser(tmp_path, name)))
    path, opened = await show_page("<h1>Hi</h1>", tmp_path)
    assert not opened
    assert path.exists()
    assert not (tmp_path / "seen").exists()


async def test_half_a_character_is_no_reason_to_crash(tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER", str(browser(tmp_path, "desktop")))
    assert (await show_page("a\udcffb", tmp_path))[1]
