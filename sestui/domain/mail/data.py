"""What a template finds in its data, as SES looks for it.

SES takes a message whose data lacks a variable, and then drops it with a Rendering Failure; so it
is found out before. Nothing of a branch that is not taken has to be there (developer guide,
"Advanced email personalization").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sestui.domain.mail.handlebars import (
    TRACKER,
    UNSUBSCRIBE,
    Kind,
    Node,
    parse_name,
    read,
)
from sestui.domain.mail.template import PARTS, Template, data_problem
from sestui.domain.mail.variables import Partials, Path, path_text, variables

_ABSENT: Any = object()
_MOST_WORK = 200_000
"""Lists inside lists grow without end; what is told is then about the first items only."""
_LACKS = re.compile(r"Attribute '([^']+)' is not present in the rendering data")


def missing(template: Template, data: str) -> tuple[str, ...]:
    """The variables that `data` lacks, such as `items[1].price`; null is no value.

    Empty when `data` cannot be read; `data_problem` tells why.
    """
    return tuple(path_text(path) for path in lacking(template, read_data(data)))


def lacking(template: Template, data: Any) -> tuple[Path, ...]:
    """The same for data that is read, as paths."""
    return tuple(_filled(template, data).lacking)


def unescaped(template: Template, data: str) -> tuple[str, ...]:
    """The variables whose value brings < or & into the HTML, where SES does not escape them."""
    return tuple(path_text(path) for path in _filled(template, read_data(data)).marked)


def given(template: Template, data: str) -> tuple[str, ...]:
    """The names of `variables(template)` that `data` has; of a list's items, in one at least."""
    found = read_data(data)
    return tuple(entry.name for entry in variables(template) if _has(found, entry.path))


def _has(value: Any, path: Path) -> bool:
    for number, step in enumerate(path):
        if step is None:
            items = value.values() if isinstance(value, dict) else value
            inner = path[number + 1 :]
            return isinstance(value, dict | list) and any(_has(item, inner) for item in items)
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and str(step).isdecimal() and _index(str(step)) < len(value):
            value = value[_index(str(step))]
        else:
            return False
    return value is not None


def rendering_problem(text: str) -> str:
    """The variable that AWS says is missing; empty when `text` is about something else."""
    found = _LACKS.search(text)
    return found[1] if found else ""


def read_data(data: str) -> Any:
    """The data, or None when it is none. None typed means an empty object, as for SES."""
    typed = data.strip() or "{}"
    return None if data_problem(typed) else json.loads(typed)


def _filled(template: Template, data: Any) -> _Filler:
    filler = _Filler()
    if isinstance(data, dict):
        with suppress(RecursionError, _Enough):  # what is found until then is all that can be told
            for part in PARTS:
                filler.html = part == "html"
                filler.fill(read(getattr(template, part))[0], _Around((_Scope(data, ()),)))
    return filler


class _Enough(Exception):
    """Too much to go on."""


@dataclass(frozen=True, slots=True)
class _Scope:
    value: Any
    path: Path


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds at a place of a template."""

    scopes: tuple[_Scope, ...]
    """From the data's root to the innermost block."""
    partials: Partials = field(default_factory=dict)
    special: Mapping[str, str] = field(default_factory=dict)


class _Filler:
    """Goes through a template as SES does when it fills it in."""

    def __init__(self) -> None:
        self.html = False
        self.lacking: dict[Path, None] = {}
        self.marked: dict[Path, None] = {}
        self._looked_at: set[Path] = set()
        self._work = 0

    def fill(self, nodes: list[Node], around: _Around) -> None:
        for node in nodes:
            self._work += 1 + len(around.scopes)
            if self._work > _MOST_WORK:
                raise _Enough
            match node.kind:
                case Kind.VARIABLE:
                    self._variable(node.name, around)
                case Kind.INLINE:
                    self._work += len(around.partials)
                    partials = {**around.partials, node.name: node}
                    around = _Around(around.scopes, partials, around.special)
                case Kind.PARTIAL:
                    if node.name in around.partials:
                        self.fill(around.partials[node.name].body, around)
                case Kind.EACH:
                    self._each(node, around)
                case Kind.WITH:
                    found = find(node.name, around.scopes)
                    if _holds(found.value):
                        scopes = (*around.scopes, found)
                        self.fill(node.body, _Around(scopes, around.partials, around.special))
                    else:
                        self.fill(node.other, around)
                case _:
                    value = self._value(node.name, around).value
                    taken = _holds(value) == (node.kind is Kind.IF)
                    self.fill(node.body if taken else node.other, around)

    def _variable(self, name: str, around: _Around) -> None:
        if name in (TRACKER, UNSUBSCRIBE):
            return
        found = self._value(name, around)
        if found.value is _ABSENT or found.value is None:
            self.lacking[found.path] = None
        elif self.html and found.path not in self._looked_at:
            self._looked_at.add(found.path)
            if _marked_up(found.value):
                self.marked[found.path] = None

    def _each(self, node: Node, around: _Around) -> None:
        found = find(node.name, around.scopes)
        items: list[tuple[str | int, Any]] = []
        if isinstance(found.value, dict):
            items = list(found.value.items())
        elif isinstance(found.value, list):
            items = list(enumerate(found.value))
        for position, (key, item) in enumerate(items):
            scopes = (*around.scopes, _Scope(item, (*found.path, key)))
            special = {"@index": str(position), "@key": str(key)}
            special["@first"] = "true" if position == 0 else ""
            special["@last"] = "true" if position == len(items) - 1 else ""
            self.fill(node.body, _Around(scopes, around.partials, special))
        if not items:
            self.fill(node.other, around)

    def _value(self, name: str, around: _Around) -> _Scope:
        if name.startswith("@"):
            return _Scope(around.special.get(name, _ABSENT), (name,))
        return find(name, around.scopes)


def find(name: str, scopes: tuple[_Scope, ...]) -> _Scope:
    """A variable's value, and where it is or would have to be.

    A name that is in no block around it belongs to the innermost one that can hold it.
    """
    parsed = parse_name(name)
    visible = scopes[: max(1, len(scopes) - parsed.up)]
    if parsed.this and not parsed.steps:
        return visible[-1]
    first, *rest = parsed.steps or ("",)
    holders = [
        scope
        for scope in (visible[-1:] if parsed.this else reversed(visible))
        if isinstance(scope.value, dict)
    ]
    holder = next((scope for scope in holders if first in scope.value), None)
    if holder is None:
        home = holders[0] if holders else visible[-1]
        return _Scope(_ABSENT, (*home.path, *parsed.steps))
    value, path = holder.value[first], [*holder.path, first]
    for number, step in enumerate(rest):
        if isinstance(value, dict) and step in value:
            value = value[step]
            path.append(step)
        elif isinstance(value, list) and step.isdecimal() and _index(step) < len(value):
            value = value[_index(step)]
            path.append(_index(step))
        else:
            return _Scope(_ABSENT, (*path, *rest[number:]))
    return _Scope(value, tuple(path))


def _index(step: str) -> int:
    return int(step) if len(step) < 10 else 10**9


def _holds(value: Any) -> bool:
    return value is not _ABSENT and bool(value)


def _marked_up(value: Any) -> bool:
    text = value if isinstance(value, str) else json.dumps(value)
    return "<" in text or "&" in text
