"""Which variables a template has, without any data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from sestui.domain.i18n import _
from sestui.domain.mail.handlebars import (
    TRACKER,
    UNSUBSCRIBE,
    Fault,
    Kind,
    Node,
    parse_name,
    read,
)
from sestui.domain.mail.template import PARTS, Template
from sestui.domain.text import quoted

Path = tuple[str | int | None, ...]
"""Steps from the data's root: a key, the number of an item, None for each item."""
Partials = Mapping[str, Node]

_MOST_WORK = 200_000
"""Partials that put in others twice each grow without end; nobody's template is larger."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a template; `name` as people write it: `user.name`, `items[].price`."""

    name: str
    parts: tuple[str, ...]
    """Where it is used: subject, text, html."""
    optional: bool
    """Mail is made without it, too; of a field of a list's items, as long as there are none."""
    listed: bool
    """{{#each}} goes through it."""
    path: Path


@dataclass(frozen=True, slots=True)
class Use:
    """One place at which a variable is used."""

    path: Path
    part: str
    optional: bool
    kind: Kind
    outer: tuple[Path, ...] = ()
    """Where SES looks when it is not at `path`: in the blocks around."""


def variables(template: Template) -> tuple[Variable, ...]:
    """All of them, in the order of their first use; what cannot be read is left out."""
    found: dict[Path, list[Use]] = {}
    for use in uses(template):
        found.setdefault(use.path, []).append(use)
    return tuple(
        Variable(
            path_text(path),
            tuple(dict.fromkeys(use.part for use in of_it)),
            all(use.optional for use in of_it),
            any(use.kind is Kind.EACH for use in of_it),
            path,
        )
        for path, of_it in found.items()
    )


def uses(template: Template) -> tuple[Use, ...]:
    return tuple(use for part in PARTS for use in look_through(getattr(template, part), part)[0])


def look_through(source: str, part: str = "text") -> tuple[list[Use], list[Fault]]:
    """The uses of variables, and what is wrong: in the form, or with the partials."""
    nodes, faults = read(source)
    walker = _Walker(part)
    with suppress(RecursionError, _Enough):  # what is seen until then is all that can be told
        walker.walk(nodes, _Around(scopes=((),)))
    seen = dict.fromkeys([*faults, *walker.faults])
    return walker.uses, sorted(seen, key=lambda fault: fault.offset)


def path_text(path: Path) -> str:
    """`items[1].price`; the data itself is `this`."""
    text = ""
    for step in path:
        match step:
            case None:
                text += "[]"
            case int():
                text += f"[{step}]"
            case _ if not step or any(char in step for char in " .[]\t\n"):
                text += f"[{quoted(step)}]"
            case _:
                text += f".{step}" if text else step
    return text or "this"


class _Enough(Exception):
    """Too much to go on."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds at a place of a template."""

    scopes: tuple[Path, ...]
    """From the data's root to the innermost block."""
    partials: tuple[tuple[str, Node], ...] = ()
    optional: bool = False
    in_each: bool = False
    through: tuple[int, ...] = ()
    """The partials that are being put in, by identity."""


class _Walker:
    def __init__(self, part: str) -> None:
        self.part = part
        self.uses: list[Use] = []
        self.faults: list[Fault] = []
        self._work = 0

    def walk(
        self,
        nodes: list[Node],
        around: _Around,
    ) -> None:
        partials = dict(around.partials)
        for node in nodes:
            self._spend(1)
            match node.kind:
                case Kind.INLINE:
                    partials[node.name] = node
                case Kind.PARTIAL:
                    self._put_in(node, partials, around)
                case Kind.VARIABLE:
                    if node.name not in (TRACKER, UNSUBSCRIBE):
                        self._use(node, around, around.optional)
                case _:
                    self._spend(len(partials))
                    self._block(node, replace(around, partials=tuple(partials.items())))

    def _block(self, node: Node, around: _Around) -> None:
        path = self._use(node, around, optional=True)
        perhaps = replace(around, optional=True)
        match node.kind:
            case Kind.EACH:
                inner = replace(around, scopes=(*around.scopes, (*path, None)), in_each=True)
                self.walk(node.body, inner)
            case Kind.WITH:
                self.walk(node.body, replace(around, scopes=(*around.scopes, path)))
            case _:
                self.walk(node.body, perhaps)
        self.walk(node.other, perhaps)

    def _put_in(self, node: Node, partials: Partials, around: _Around) -> None:
        inline = partials.get(node.name)
        if inline is None:
            text = _("The partial “{name}” is not defined above this place.")
            self.faults.append(Fault(node.offset, text.format(name=quoted(node.name))))
        elif id(inline) not in around.through:  # a partial may put itself in, under {{#if}}
            self._spend(len(partials))
            through = (*around.through, id(inline))
            self.walk(
                inline.body, replace(around, partials=tuple(partials.items()), through=through)
            )

    def _use(self, node: Node, around: _Around, optional: bool) -> Path:
        if node.name.startswith("@"):
            if node.kind is Kind.VARIABLE and not around.in_each:
                text = _("{name} is known inside {{{{#each}}}} only.")
                self.faults.append(Fault(node.offset, text.format(name=quoted(node.name))))
            return ()
        path, *outer = places(node.name, around.scopes)
        self._spend(sum(len(place) for place in (path, *outer)))
        self.uses.append(Use(path, self.part, optional, node.kind, tuple(outer)))
        return path

    def _spend(self, work: int) -> None:
        self._work += work
        if self._work > _MOST_WORK:
            raise _Enough


def places(name: str, scopes: tuple[Path, ...]) -> Iterator[Path]:
    """Where the variable may be, the innermost block first."""
    parsed = parse_name(name)
    visible = scopes[: max(1, len(scopes) - parsed.up)]
    for scope in visible[-1:] if parsed.this else reversed(visible):
        yield (*scope, *parsed.steps)
