"""JSON that AWS hands on as a text in its answers: policies, patterns, what lies in a queue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MOST_LEVELS = 64
"""A policy has six or so. What goes much deeper would end whoever walks through it."""


def embedded(text: str) -> Any:
    """The value that `text` stands for.

    Raises:
        ValueError: it is not JSON, or nested too deep.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError(text[:40]) from None
    level = [value]
    for _number in range(MOST_LEVELS):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return value
    raise ValueError(text[:40])


def embedded_object(text: str) -> Mapping[str, Any] | None:
    """The object that `text` stands for; None when it stands for none."""
    try:
        value = embedded(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
