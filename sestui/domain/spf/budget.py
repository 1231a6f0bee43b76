"""Findings from the tree of includes: limits, loops, and includes that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.spf.findings import Code, Effect, Finding
from sestui.domain.spf.hosts import MAX_HOSTS, MAX_TERMS, MAX_VOIDS
from sestui.domain.spf.terms import Span
from sestui.domain.spf.tree import Branch, Status
from sestui.domain.text import quoted


def costs(tree: Branch) -> tuple[tuple[str, int], ...]:
    """Each term of the record with what it costs, the dearest first."""
    pairs = [(branch.term.text, branch.cost) for branch in tree.branches if branch.term]
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def about_tree(tree: Branch) -> tuple[Finding, ...]:
    """What is wrong below the record, at the place of the term in it that leads there."""
    findings = [finding for path in tree.walk() if (finding := _about(path)) is not None]
    return (*findings, *_limits(tree))


def _about(path: tuple[Branch, ...]) -> Finding | None:
    if len(path) < 2 or path[1].term is None:
        return None
    last = path[-1]
    way = " → ".join(quoted(branch.domain) for branch in path[1:])
    severity, effect = Severity.ERROR, Effect.PERMERROR
    match last.status:
        case Status.NO_RECORD:
            code = Code.INCLUDE_WITHOUT_SPF
            said = _("{way}: there is no SPF record, which makes the whole record an error.")
        case Status.SEVERAL:
            code = Code.INCLUDE_WRONG
            said = _("{way}: there are several SPF records, which is an error.")
        case Status.INVALID:
            code = Code.INCLUDE_WRONG
            said = _("{way}: the SPF record there is no valid one.")
        case Status.LOOP:
            code = Code.INCLUDE_LOOP
            said = _("{way}: this leads back to where it came from.")
        case Status.TOO_MANY_HOSTS:
            code = Code.TOO_MANY_HOSTS
            said = _("{way}: more than {most} MX records, which is an error.")
        case Status.UNKNOWN:
            code, severity, effect = Code.INCLUDE_UNKNOWN, Severity.UNKNOWN, Effect.IGNORED
            said = _("{way}: could not find out ({detail}).")
        case _:
            return None
    text = said.format(way=way, most=MAX_HOSTS, detail=quoted(last.detail))
    return Finding(code, severity, effect, text, path[1].term.span)


def _limits(tree: Branch) -> Iterator[Finding]:
    span = Span(0, len(tree.record.text) if tree.record else 0)
    if tree.cost > MAX_TERMS:
        dearest = ", ".join(f"{quoted(text)} ({cost})" for text, cost in costs(tree)[:3])
        said = _(
            "In the worst case {n} terms need a DNS lookup, and {most} are allowed. The dearest: "
            "{terms}."
        ).format(n=tree.cost, most=MAX_TERMS, terms=dearest)
        yield Finding(Code.TOO_MANY_TERMS, Severity.ERROR, Effect.PERMERROR, said, span)
    if tree.voids > MAX_VOIDS:
        void = [path[-1] for path in tree.walk() if path[-1].own_voids]
        names = ", ".join(quoted(branch.domain) for branch in void[:3])
        said = _("{n} lookups find nothing, and {most} are allowed: {names}.").format(
            n=tree.voids, most=MAX_VOIDS, names=names
        )
        yield Finding(Code.TOO_MANY_VOIDS, Severity.ERROR, Effect.PERMERROR, said, span)
