from __future__ import annotations

import threading

import pytest

from sestui.gateways.clipboard import SystemClipboard, safe_to_copy


async def test_the_text_reaches_the_program() -> None:
    taken: list[str] = []
    assert await SystemClipboard({}, taken.append).copy("v=spf1\tx\ny")
    assert taken == ["v=spf1\tx\ny"]


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY"])
async def test_over_ssh_the_remote_clipboard_is_left_alone(name: str) -> None:
    taken: list[str] = []
    assert not await SystemClipboard({name: "x"}, taken.append).copy("a")
    assert taken == []


@pytest.mark.parametrize("text", ["\x1b]0;T\x07", "a\x9b31m", "a\0", "a\rrm -rf"])
async def test_no_control_character_is_ever_copied(text: str) -> None:
    taken: list[str] = []
    assert not safe_to_copy(text)
    assert not await SystemClipboard({}, taken.append).copy(text)
    assert taken == []


async def test_a_program_that_fails_or_hangs_is_a_no() -> None:
    def fail(_text: str) -> None:
        raise RuntimeError("no display")

    over = threading.Event()

    def hang(_text: str) -> None:
        over.wait()

    assert not await SystemClipboard({}, fail).copy("a")
    assert not await SystemClipboard({}, hang, limit=0.05).copy("a")
    over.set()


async def test_a_machine_without_a_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "")
    assert not await SystemClipboard({}).copy("a")
