"""Data for a template: an example of it, what is to be added to it, and what nobody asks for."""

from __future__ import annotations

import json
from typing import Any

from sestui.domain.mail.data import lacking, read_data
from sestui.domain.mail.handlebars import Kind
from sestui.domain.mail.template import Template
from sestui.domain.mail.variables import Path, path_text, uses

_EXAMPLES: dict[str, Any] = {
    "name": "Anaya",
    "firstname": "Anaya",
    "lastname": "Rao",
    "favoriteanimal": "tiger",
    "email": "anaya@example.com",
    "url": "https://example.com",
    "link": "https://example.com",
    "date": "2026-01-31",
    "price": "10.00",
    "total": "10.00",
    "amount": "10.00",
    "count": 1,
    "quantity": 1,
}
_MOST_STEPS = 40
_MOST_ROUNDS = 30
_MOST_ITEMS = 10
"""Nobody needs a longer list as an example, and `{{a.999999999}}` would want one."""


def example_data(template: Template) -> str:
    """Data in which each variable of `template` has a value, as JSON over several lines."""
    tree: dict[Any, Any] = {}
    only_asked_for: set[Path] = set()
    put_in: set[Path] = set()
    for use in uses(template):
        if len(use.path) > _MOST_STEPS:
            continue
        (put_in if use.kind is Kind.VARIABLE else only_asked_for).add(use.path)
        here = tree
        for step in use.path:
            here = here.setdefault(step, {})
        if use.kind is Kind.EACH:
            here.setdefault(None, {})
    tree.pop(None, None)
    data = {str(key): _example(tree[key], (key,), only_asked_for - put_in) for key in tree}
    return with_missing(template, json.dumps(data, indent=2, ensure_ascii=False))


def with_missing(template: Template, data: str) -> str:
    """`data` with an example of each variable that it lacks; what is there stays.

    Unchanged when it lacks nothing, or cannot be read.
    """
    found = read_data(data)
    if not isinstance(found, dict):
        return data
    changed = False
    try:
        for _round in range(_MOST_ROUNDS):
            # A new value may lead into a branch that needs others.
            added = sum(_set(found, path) for path in lacking(template, found))
            if not added:
                break
            changed = True
        return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False) if changed else data
    except (RecursionError, ValueError):
        return data  # nested too deeply, or a number like 1e999


def unused(template: Template, data: str) -> tuple[str, ...]:
    """What is in `data` and in no variable: `colour`, `items[].sku`. Perhaps misspelt."""
    found = read_data(data)
    if not isinstance(found, dict):
        return ()
    wanted: dict[Any, Any] = {}
    for use in uses(template):
        for path in (use.path, *use.outer):
            here = wanted
            for step in path[:_MOST_STEPS]:
                here = here.setdefault(step, {})
            if use.kind is Kind.VARIABLE or len(path) > _MOST_STEPS:
                here[_ALL] = True
            elif use.kind is Kind.EACH:
                here.setdefault(None, {})
    names: dict[str, None] = {}
    _collect(found, [wanted], (), names)
    return tuple(names)


_ALL = ("all",)
"""Marks what is put in as a whole; no step of a path."""


def _collect(value: Any, wanted: list[dict[Any, Any]], path: Path, names: dict[str, None]) -> None:
    """Put into `names` what is in `value` and in none of the trees `wanted`."""
    if any(_ALL in tree for tree in wanted) or not any(wanted):
        return
    children: list[tuple[Any, Any, Any]] = []
    if isinstance(value, dict):
        children = [(key, key, child) for key, child in value.items()]
    elif isinstance(value, list):
        children = [(str(number), None, child) for number, child in enumerate(value)]
    for key, shown, child in children:
        inner = [tree[step] for tree in wanted for step in (key, None) if step in tree]
        if inner:
            _collect(child, inner, (*path, shown), names)
        else:
            names[path_text((*path, shown))] = None


def _example(node: dict[Any, Any], path: Path, only_asked_for: set[Path]) -> Any:
    keys = [key for key in node if key is not None]
    if None in node and not keys:
        return [_example(node[None], (*path, None), only_asked_for)]
    if keys and all(_number(key) is not None for key in keys):
        items = [_leaf(path)] * (max(_number(key) or 0 for key in keys) + 1)
        for key in keys:
            items[_number(key) or 0] = _example(node[key], (*path, key), only_asked_for)
        return items
    if keys:
        return {str(key): _example(node[key], (*path, key), only_asked_for) for key in keys}
    return True if path in only_asked_for else _leaf(path)


def _leaf(path: Path) -> Any:
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    plain = name.lower().replace("_", "").replace("-", "")
    return _EXAMPLES.get(plain, name or "example")


def _number(step: Any) -> int | None:
    """The step as the number of an item, when it may be one."""
    if isinstance(step, str) and len(step) == 1 and step.isdecimal():
        return int(step)
    return step if isinstance(step, int) and step < _MOST_ITEMS else None


def _set(data: Any, path: Path) -> bool:
    """Put an example at `path` unless something is in the way. True when `data` has changed."""
    here = data
    for number, step in enumerate(path):
        last = number == len(path) - 1
        after = None if last else path[number + 1]
        new = _leaf(path) if last else [] if _number(after) is not None else {}
        if isinstance(here, dict) and isinstance(step, str):
            if here.get(step) is not None:
                here = here[step]
                continue
            here[step] = new
        elif isinstance(here, list) and (index := _item(step, len(here))) is not None:
            if index < len(here) and here[index] is not None:
                here = here[index]
                continue
            here += [_leaf(path)] * (index + 1 - len(here))
            here[index] = new
        else:
            return False
        if last:
            return True
        here = new
    return False


def _item(step: Any, there: int) -> int | None:
    """The item of a list with `there` items that `step` means, if it is there or may be added."""
    if isinstance(step, int):
        return step if step < there else None
    if isinstance(step, str) and step.isdecimal() and len(step) < 6:
        index = int(step)
        return index if index < there + _MOST_ITEMS else None
    return None
