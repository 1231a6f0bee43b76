"""The subset of Handlebars that SES templates have.

`{{name}}`, `{{a.b}}`, `{{this}}`, `{{@index}}`, `{{../name}}`, `{{#if}} {{else}} {{/if}}`,
`{{else if}}`, `{{#unless}}`, `{{#each}}`, inline partials, comments. Nothing is escaped: SES does
not escape HTML.
Source: developer guide, "Using templates to send personalized email" and "Advanced email
personalization".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_TAG = re.compile(r"\{\{(?:\{([^{}]*)\}|([^{}]*))\}\}")
_STEPS = re.compile(r"\[([^\[\]]+)\]|([^.\[\]]+)")
MOST_DEPTH = 50
_BLOCKS = ("if", "unless", "each", "with")
_KEPT = "amazonSESUnsubscribeUrl"
_TRACKER = "ses:openTracker"
_MISSING = object()


class TemplateError(Exception):
    """The template itself is wrong: an unclosed block, an unknown one."""


class RenderingError(Exception):
    """The data does not fit the template; the text is the one SES puts into events."""


@dataclass(slots=True)
class _Node:
    """Text, a variable, a block or a partial, by `kind`."""

    kind: str
    value: str = ""
    body: list[_Node] = field(default_factory=list)
    other: list[_Node] = field(default_factory=list)
    chained: bool = False
    """Opened by {{else if}}, and so closed with the block around it."""


def check(template: str, simple: bool = False) -> None:
    """Check the form of a template.

    Args:
        simple: nothing but plain variables is allowed, as in inline TemplateContent.

    Raises:
        TemplateError: what is wrong with it.
    """
    nodes = _parse(template)
    if simple and any(node.kind not in ("text", "variable") for node in nodes):
        raise TemplateError("only simple substitutions are supported here")


def trackers(template: str) -> int:
    """How often the open tracker is placed."""
    return sum(
        (found[1] or found[2] or "").strip() == _TRACKER for found in _TAG.finditer(template)
    )


def render(template: str, data: Mapping[str, Any]) -> str:
    """The template with the data filled in.

    Raises:
        TemplateError: the template is wrong.
        RenderingError: a variable is missing from the data.
    """
    try:
        return _render(_parse(template), [data], {}, {})
    except RecursionError:
        raise RenderingError("The template includes itself.") from None


def _without_long_comments(template: str) -> str:
    """`{{!-- --}}` becomes an empty comment; in it there may be tags."""
    parts, end = [], 0
    while (start := template.find("{{!--", end)) >= 0:
        parts += [template[end:start], "{{!}}"]
        end = template.find("--}}", start) + 4
        if end < 4:
            raise TemplateError("a comment is not closed")
    return "".join([*parts, template[end:]])


def _parse(template: str) -> list[_Node]:
    template = _without_long_comments(template)
    root = _Node("root")
    stack = [root]
    lists = [root.body]
    end = 0
    for found in _TAG.finditer(template):
        if found.start() > end:
            lists[-1].append(_Node("text", template[end : found.start()]))
        end = found.end()
        tag = (found[1] or found[2] or "").strip().strip("~").strip()
        if tag.startswith("#"):
            node = _opened(tag[1:].strip())
            if len(stack) > MOST_DEPTH:
                raise TemplateError("blocks are nested too deeply")
            lists[-1].append(node)
            stack.append(node)
            lists.append(node.body)
        elif tag.startswith("/"):
            while stack[-1].chained:
                stack.pop()
                lists.pop()
            if len(stack) == 1 or tag[1:].strip() != stack[-1].kind:
                raise TemplateError(f"{{{{{tag}}}}} closes nothing")
            stack.pop()
            lists.pop()
        elif tag == "else" and len(stack) > 1:
            lists[-1] = stack[-1].other
        elif tag.split()[:1] == ["else"] and len(stack) > 1:
            node = _opened(tag[4:].strip())
            node.chained = True
            if len(stack) > MOST_DEPTH:
                raise TemplateError("blocks are nested too deeply")
            lists[-1] = stack[-1].other
            lists[-1].append(node)
            stack.append(node)
            lists.append(node.body)
        elif tag and not tag.startswith("!"):
            partial = tag.startswith(">")
            name = tag[1:].strip() if partial else tag
            lists[-1].append(_Node("partial" if partial else "variable", name))
    if len(stack) > 1:
        raise TemplateError(f"{{{{#{stack[-1].kind} {stack[-1].value}}}}} is not closed")
    if end < len(template):
        root.body.append(_Node("text", template[end:]))
    return root.body


def _opened(tag: str) -> _Node:
    if tag.startswith("*"):
        kind, *names = tag[1:].split(None, 1) or [""]
        if kind != "inline" or not names:
            raise TemplateError(f"unknown decorator {kind}")
        return _Node("inline", names[0].strip().strip("\"'"))
    kind, *argument = tag.split(None, 1) or [""]
    if kind not in _BLOCKS or not argument:
        raise TemplateError(f"unknown block {{{{#{tag}}}}}")
    return _Node(kind, argument[0].strip())


def _render(
    nodes: list[_Node],
    scopes: list[Any],
    special: dict[str, str],
    partials: dict[str, list[_Node]],
) -> str:
    parts: list[str] = []
    for node in nodes:
        match node.kind:
            case "text":
                parts.append(node.value)
            case "variable":
                parts.append(_variable(node.value, scopes, special))
            case "inline":
                partials = partials | {node.value: node.body}
            case "partial":
                if node.value not in partials:
                    raise RenderingError(f"Partial '{node.value}' is not defined.")
                parts.append(_render(partials[node.value], scopes, special, partials))
            case "each":
                parts.append(_each(node, scopes, special, partials))
            case "with":
                value = _lookup(node.value, scopes)
                if _true(value):
                    parts.append(_render(node.body, [*scopes, value], special, partials))
                else:
                    parts.append(_render(node.other, scopes, special, partials))
            case _:
                holds = _true(_special_or(node.value, scopes, special)) == (node.kind == "if")
                inner = node.body if holds else node.other
                parts.append(_render(inner, scopes, special, partials))
    return "".join(parts)


def _each(
    node: _Node, scopes: list[Any], special: dict[str, str], partials: dict[str, list[_Node]]
) -> str:
    value = _lookup(node.value, scopes)
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = [(str(position), item) for position, item in enumerate(value)]
    else:
        items = []
    if not items:
        return _render(node.other, scopes, special, partials)
    parts = []
    for position, (key, item) in enumerate(items):
        names = {"@index": str(position), "@key": key}
        names["@first"] = "true" if position == 0 else ""
        names["@last"] = "true" if position == len(items) - 1 else ""
        parts.append(_render(node.body, [*scopes, item], names, partials))
    return "".join(parts)


def _variable(name: str, scopes: list[Any], special: dict[str, str]) -> str:
    if name == _KEPT:
        return "{{" + name + "}}"
    if name == _TRACKER:
        return ""
    value = _special_or(name, scopes, special)
    if value is _MISSING or value is None:
        raise RenderingError(f"Attribute '{name}' is not present in the rendering data.")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _special_or(name: str, scopes: list[Any], special: dict[str, str]) -> Any:
    return special.get(name, _MISSING) if name.startswith("@") else _lookup(name, scopes)


def _lookup(path: str, scopes: list[Any]) -> Any:
    visible = list(scopes)
    while path.startswith("../"):
        path = path[3:]
        visible = visible[:-1] or visible
    if path == "..":
        path, visible = "this", visible[:-1] or visible
    if path in ("this", "."):
        return visible[-1]
    if path.startswith(("this.", "./")):
        path = path.split("." if path.startswith("this.") else "/", 1)[1]
        visible = visible[-1:]
    first, *rest = [literal or plain for literal, plain in _STEPS.findall(path)] or [""]
    for scope in reversed(visible):
        if isinstance(scope, Mapping) and first in scope:
            value: Any = scope[first]
            break
    else:
        return _MISSING
    for step in rest:
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and len(step) < 10:
            value = value[int(step)] if int(step) < len(value) else _MISSING
        else:
            return _MISSING
    return value


def _true(value: Any) -> bool:
    return value is not _MISSING and bool(value)
