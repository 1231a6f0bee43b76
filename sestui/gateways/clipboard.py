"""The clipboard of this machine, by a program that has access to it."""

from __future__ import annotations

import asyncio
import os
import unicodedata
from collections.abc import Callable, Mapping

from sestui.gateways.threads import in_thread

LIMIT = 2.0
"""Seconds; xclip and its like can hang without a display that answers."""


def safe_to_copy(text: str) -> bool:
    """True when a paste of `text` into a terminal can do nothing but type it."""
    return not any(
        unicodedata.category(char) in {"Cc", "Cs"} for char in text if char not in "\n\t"
    )


def over_ssh(environment: Mapping[str, str]) -> bool:
    """The clipboard of this machine is then not that of the person."""
    return bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))


def _pyperclip(text: str) -> None:
    import pyperclip

    pyperclip.copy(text)


class SystemClipboard:
    """`Clipboard`, by pyperclip. OSC 52 is the front end's.

    Args:
        environment: of the process.
        copy: takes the text, blocking; raises when it cannot.
        limit: seconds.
    """

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        copy: Callable[[str], None] = _pyperclip,
        limit: float = LIMIT,
    ) -> None:
        self._environment = environment
        self._copy = copy
        self._limit = limit

    async def copy(self, text: str) -> bool:
        if over_ssh(self._environment) or not safe_to_copy(text):
            return False
        try:
            async with asyncio.timeout(self._limit):
                await in_thread(self._copy, text)
        except Exception:  # no clipboard, no display, no answer: the other way is still there
            return False
        return True
