"""The wizard and its terminal: bytes that no key sends, signals, a window that is closed."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.wizard import Wizard

ALTERNATE_SCREEN, MOUSE, PASTE, CURSOR = 1049, 1000, 2004, 25
"""Private modes of a terminal."""
BYTES = {
    "a key of a Latin-1 terminal": b"\xe9",
    "half a character": b"\xc3",
    "a mouse report of an old terminal": b"\x1b[M \xc8\xa5",
    "a mouse report of an old terminal, far right": b"\x1b[M\xff\xff\xff",
    "a button that no mouse has": b"\x1b[<99999999999999999999;1;1M",
    "a key that is no character": b"\x1b[9999999999u",
}


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """The only folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_what_no_key_sends_ends_nothing():
    with Wizard() as wizard:
        wizard.see("Choose where the credentials come from")
        for typed in BYTES.values():
            wizard.type(typed)
            wizard.press("f2")  # the guide
            wizard.wait_gone("Choose where the credentials come from")
            wizard.press("escape")
            wizard.see("Choose where the credentials come from")
        wizard.press("ctrl+q")
        assert wizard.end() == 0


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT"])
def test_a_signal_gives_the_terminal_back(ending, temporary):
    number = getattr(signal, ending)
    with Wizard("practice") as wizard:
        before = wizard.settings
        wizard.wait_for("3 Verify")
        assert wizard.settings != before
        assert wizard.modes >= {ALTERNATE_SCREEN, MOUSE, PASTE}
        wizard.process.send_signal(number)
        assert wizard.end() == 128 + number
        assert wizard.settings == before
        wizard.wait_until(lambda: CURSOR in wizard.modes)
        assert not wizard.modes & {ALTERNATE_SCREEN, MOUSE, PASTE}
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("before", ["", "trap '' HUP;"], ids=["", "nohup"])
def test_a_closed_window_ends_it(before, temporary):
    """The terminal is gone, and what is drawn after that goes nowhere."""
    command = f"{before} exec {sys.executable} -m sestui practice"
    with Terminal(["sh", "-c", command]) as wizard:
        wizard.wait_for("3 Verify")
        wizard.close_window()
        assert wizard.end() == 128 + signal.SIGHUP
    assert list(temporary.iterdir()) == []


def test_messages_in_a_file_do_not_take_the_screen_with_them(tmp_path):
    command = f"{sys.executable} -m sestui practice 2>{tmp_path / 'messages'}"
    with Terminal(["sh", "-c", command]) as terminal:
        terminal.wait_for("3 Verify")
        terminal.press("ctrl+q")
        assert terminal.end() == 0
    assert (tmp_path / "messages").read_text() == ""


def test_a_crash_is_no_success(tmp_path):
    """Whatever ends the wizard without its saying so is an error."""
    broken = "import sestui.tui.app as app; app.WizardApp.screen_for = lambda *_: 1 / 0"
    start = "import sys; from sestui.__main__ import main; sys.exit(main([]))"
    with Terminal([sys.executable, "-c", f"{broken}\n{start}"]) as terminal:
        assert terminal.end() == 1
        assert "ZeroDivisionError" in terminal.words
