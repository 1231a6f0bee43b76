"""Answers of a service, made safe to draw."""

from __future__ import annotations

from typing import Any

from sestui.domain.text import printable


def cleaned(value: Any) -> Any:
    """`value` with `printable()` applied to every text in it, names of members included."""
    match value:
        case str():
            return printable(value)
        case dict():
            return {cleaned(key): cleaned(item) for key, item in value.items()}
        case list() | tuple():
            return [cleaned(item) for item in value]
    return value
