"""The part of Handlebars that SES templates have, read for what it says and where.

`{{name}}`, `{{a.b}}`, `{{this}}`, `{{../name}}`, `{{@index}}`, `{{#if}} {{else}} {{/if}}`,
`{{#unless}}`, `{{#each}}`, `{{#with}}`, inline partials, comments. Source: developer guide, "Using
templates to send personalized email" and "Advanced email personalization".

A template is looked at while it is typed, so the reader never gives up: it tells what is wrong and
reads on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from sestui.domain.i18n import _
from sestui.domain.text import quoted

MOST_DEPTH = 50
TRACKER = "ses:openTracker"
UNSUBSCRIBE = "amazonSESUnsubscribeUrl"
"""SES fills these two in by itself."""
SPECIAL = ("@index", "@key", "@first", "@last")

_TAG = re.compile(r"\{\{(?:\{([^{}]*)\}|([^{}]*))\}\}")
_STEP = r"""(?:\[[^\[\]]+\]|[^\s!"#%&'()*+,./;<=>@\[\\\]^`{|}~]+)"""
_NAME = re.compile(rf"(?:\.\./)*(?:\.\.|\.|(?:\./)?{_STEP}(?:\.{_STEP})*)")
_STEPS = re.compile(r"\[([^\[\]]+)\]|([^.\[\]]+)")
_PARTIAL = re.compile(r"[^\s{}\"']+")


class Kind(StrEnum):
    VARIABLE = "variable"
    IF = "if"
    UNLESS = "unless"
    EACH = "each"
    WITH = "with"
    INLINE = "inline"
    """Defines a partial."""
    PARTIAL = "partial"
    """Puts one in."""


BLOCKS = (Kind.IF, Kind.UNLESS, Kind.EACH, Kind.WITH)


@dataclass(frozen=True, slots=True)
class Node:
    """A tag, and for a block what is in it; plain text leaves no node."""

    kind: Kind
    name: str
    offset: int
    """Of the tag, in characters of the source."""
    body: list[Node] = field(default_factory=list)
    other: list[Node] = field(default_factory=list)
    """Between {{else}} and the end."""
    chained: bool = False
    """Opened by {{else if}}, and so ended by the end of the block around it."""


@dataclass(frozen=True, slots=True)
class Fault:
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """`../a.b`: how far up, whether only there (`this.a`), and the steps from there."""

    up: int
    this: bool
    steps: tuple[str, ...]


def parse_name(text: str) -> Name:
    """The parts of a variable's name; of any other text, something."""
    up = 0
    while text.startswith("../"):
        text, up = text[3:], up + 1
    if text == "..":
        text, up = "this", up + 1
    if text in ("this", "."):
        return Name(up, True, ())
    this = text.startswith(("this.", "./"))
    if this:
        text = text.removeprefix("this.").removeprefix("./")
    steps = tuple(literal or plain for literal, plain in _STEPS.findall(text))
    return Name(up, this, steps)


def place(source: str, offset: int) -> tuple[int, int]:
    """Line and column of `offset`, both counted from 1."""
    line = source.count("\n", 0, offset) + 1
    return line, offset - (source.rfind("\n", 0, offset) + 1) + 1


def read(source: str) -> tuple[list[Node], list[Fault]]:
    """All tags of `source`, as far as they can be understood, and what cannot."""
    reader = _Reader(source)
    reader.read()
    return reader.root, reader.faults


def trackers(source: str) -> list[int]:
    """Where the open tracker is placed: offsets."""
    return [
        found.start()
        for found in _TAG.finditer(source)
        if (found[1] or found[2] or "").strip() == TRACKER
    ]


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.root: list[Node] = []
        self.faults: list[Fault] = []
        self._open: list[Node] = []
        self._lists = [self.root]
        """Where the next node goes: of each open block, its body or its other part."""

    def read(self) -> None:
        source, start = self.source, self.source.find("{{")
        while start >= 0:
            if source.startswith("{{!--", start):
                end = source.find("--}}", start)
                if end < 0:
                    self._fault(start, _("This comment is not closed: --}} is missing."))
                    return
                end += 4
            elif found := _TAG.match(source, start):
                end = found.end()
                if not self._tag(start, found[1], found[2]):
                    return
            else:
                self._fault(start, _("{{ is not closed: }} is missing."))
                end = start + 2
                while source.startswith("{", end):
                    end += 1
            start = source.find("{{", end)
        for node in self._open:
            if not node.chained:
                self._unclosed(node)

    def _tag(self, start: int, triple: str | None, double: str | None) -> bool:
        """False when it makes no sense to read on."""
        tag = (triple if triple is not None else double or "").strip().strip("~").strip()
        if triple is not None or tag[:1] not in ("#", "/", ">", "!"):
            return self._variable(start, tag, triple is None)
        match tag[0]:
            case "#":
                return self._opening(start, tag[1:].strip())
            case "/":
                self._closing(start, tag[1:].strip())
            case ">":
                self._partial(start, tag[1:].strip())
        return True

    def _variable(self, start: int, tag: str, double: bool) -> bool:
        word, *rest = tag.split(None, 1) or [""]
        if double and word == "else":
            return self._else(start, rest[0] if rest else "")
        if not tag:
            self._fault(start, _("There is no name between {{ and }}."))
        elif tag not in (TRACKER, UNSUBSCRIBE):
            self._judge(start, tag)
        self._lists[-1].append(Node(Kind.VARIABLE, tag, start))
        return True

    def _judge(self, start: int, name: str) -> None:
        """A fault when `name` is no variable's."""
        if name.startswith("@"):
            if name not in SPECIAL:
                text = _("{name} is none of @index, @key, @first, @last.")
                self._fault(start, text.format(name=quoted(name)))
        elif not _NAME.fullmatch(name):
            text = _("“{name}” is no name of a variable; SES knows no helpers.")
            self._fault(start, text.format(name=quoted(name)))

    def _opening(self, start: int, tag: str) -> bool:
        if tag.startswith("*"):
            word, *rest = tag[1:].strip().split(None, 1) or [""]
            name = rest[0].strip().strip("\"'") if rest else ""
            if word != "inline" or not _PARTIAL.fullmatch(name):
                self._fault(start, _('A partial begins with {{#* inline "name"}}.'))
            return self._push(Node(Kind.INLINE, name, start))
        word, *rest = tag.split(None, 1) or [""]
        name = rest[0].strip() if rest else ""
        if word not in BLOCKS:
            text = _("SES does not know {{{{#{word}}}}}, only if, unless, each and with.")
            self._fault(start, text.format(word=quoted(word)))
            return self._push(Node(Kind.IF, name or "this", start))
        if name:
            self._judge(start, name)
        else:
            text = _("{{{{#{word}}}}} needs the name of a variable.")
            self._fault(start, text.format(word=word))
        return self._push(Node(Kind(word), name, start))

    def _push(self, node: Node) -> bool:
        self._lists[-1].append(node)
        if len(self._open) >= MOST_DEPTH:
            self._fault(node.offset, _("Blocks are nested too deeply here."))
            return False
        self._open.append(node)
        self._lists.append(node.body)
        return True

    def _else(self, start: int, rest: str) -> bool:
        node = self._open[-1] if self._open else None
        if node is None or node.kind is Kind.INLINE or self._lists[-1] is node.other:
            self._fault(start, _("{{else}} belongs between {{#if}} and {{/if}}, once."))
            return True
        self._lists[-1] = node.other
        if not rest:
            return True
        word, *names = rest.split(None, 1)
        name = names[0].strip() if names else ""
        if word not in BLOCKS or not name:
            self._fault(start, _("After else there may be only: if, and a variable."))
            return True
        self._judge(start, name)
        return self._push(Node(Kind(word), name, start, chained=True))

    def _closing(self, start: int, word: str) -> None:
        """Close the innermost block of that kind, and whatever was left open in it."""
        for index in range(len(self._open) - 1, -1, -1):
            node = self._open[index]
            if not node.chained and _word(self.source, node) == word:
                break
        else:
            text = _("{{{{/{word}}}}} closes nothing.")
            self._fault(start, text.format(word=quoted(word)))
            return
        for inner in self._open[index + 1 :]:
            if not inner.chained:
                self._unclosed(inner)
        del self._open[index:], self._lists[index + 1 :]

    def _partial(self, start: int, name: str) -> None:
        if not _PARTIAL.fullmatch(name):
            self._fault(start, _("A partial is put in by {{> name}}."))
        self._lists[-1].append(Node(Kind.PARTIAL, name, start))

    def _unclosed(self, node: Node) -> None:
        text = _("{{{{#{word}}}}} is not closed: {{{{/{word}}}}} is missing.")
        self._fault(node.offset, text.format(word=quoted(_word(self.source, node))))

    def _fault(self, offset: int, text: str) -> None:
        self.faults.append(Fault(offset, text))


def _word(source: str, node: Node) -> str:
    """What closes `node`; of a block that SES does not know, too."""
    if node.kind is Kind.INLINE:
        return "inline"
    found = _TAG.match(source, node.offset)
    tag = (found[2] or "" if found else "").strip().strip("~").strip()
    return tag[1:].split(None, 1)[0] if tag[1:].strip() else str(node.kind)
