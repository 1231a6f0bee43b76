"""Text from outside, made safe to draw."""

from __future__ import annotations

import re
import unicodedata

# Controls, format characters (bidi, zero width), surrogates, private use, unassigned, separators.
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(text: str) -> str:
    r"""Replace what a terminal would act on instead of showing, e.g. ESC by ``\x1b``.

    Textual passes ESC and the C1 controls through to the terminal, so a TXT record could
    otherwise set the window title or write the clipboard.
    """
    if text.isprintable():
        return text
    return "".join(_shown(char) if unicodedata.category(char) in _UNSAFE else char for char in text)


def printable_lines(text: str) -> str:
    """Like `printable`, for text of several lines: they stay lines, a tab becomes four spaces."""
    return "\n".join(printable(line.replace("\t", "    ")) for line in lines_of(text))


def lines_of(text: str) -> list[str]:
    """The lines of `text`, for CR LF, LF and CR only.

    `str.splitlines` also breaks at form feeds, NEL and U+2028, which in a mail are part of a line.
    """
    lines = re.split(r"\r\n|[\r\n]", text)
    return lines if lines[-1] else lines[:-1]


def quoted(text: str, most: int = 40) -> str:
    """What was typed, for a message that repeats it: `printable`, and cut when it is long."""
    return printable(text if len(text) <= most else text[: most - 1] + "…")


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
