"""The one record that should be there, as a change to what is: never a second record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.spf.advice import SES, is_ses
from sestui.domain.spf.findings import Code
from sestui.domain.spf.record import parse, read_strict, repaired
from sestui.domain.spf.terms import Term
from sestui.domain.text import printable, quoted

_MILDEST_FIRST = "?~-"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Replace all records by `new`; nothing to do when `needed` is false."""

    new: str
    needed: bool
    text: str
    """Why, in a sentence or two."""
    left_out: tuple[str, ...] = ()
    """What is no term and so not in `new`; printable."""


def merged(records: Sequence[str]) -> Proposal:
    """The one SPF record that lets SES send, for a name whose TXT records are given.

    Args:
        records: those that are, or were meant as, SPF; at least one.
    """
    old = tuple(records)
    right = [_right(record) for record in old]
    left_out = tuple(printable(term) for record in right for term in _no_terms(record))
    new = _merged(right, ses=True)
    # Nothing is touched that works: order, spaces and case stay when there is nothing to add.
    if len(old) == 1 and _lets_in(old[0]) and read_strict(right[0]).valid:
        new = old[0] if _is_fine(old[0]) else right[0]
    reason = _reason(old, new)
    if left_out:
        said = _("Left out, because it is unknown what was meant: {terms}.")
        reason = f"{reason} {said.format(terms=', '.join(map(quoted, left_out)))}"
    return Proposal(new, (new,) != old, reason, left_out)


def joined(records: Sequence[str]) -> str:
    """One record that says what several say, with nothing added."""
    return _merged([_right(record) for record in records], ses=False)


def _is_fine(record: str) -> bool:
    return all(f.severity is not Severity.ERROR for f in parse(record, repairs=False).findings)


def _no_terms(record: str) -> list[str]:
    terms = {term.text for term in read_strict(record).terms}
    return [text for text in record.split(" ")[1:] if text and text not in terms]


def _reason(old: tuple[str, ...], new: str) -> str:
    if (new,) == old:
        return _("The record is fine as it is.")
    if len(old) > 1:
        said = _("{n} records become one; do not keep any of the old ones.").format(n=len(old))
    elif not _lets_in(_right(old[0])):
        said = _("Change the record that is there; do not add a second one.")
    else:
        said = _("Put the record right that is there; do not add a second one.")
    if any(_has_pass_all(record) for record in old):
        said += " " + _("“+all” lets everyone send as you, so it becomes “~all”.")
    return said


def _right(record: str) -> str:
    """Everything put right, but no `all` added: that would refuse mail that is let in today."""
    return repaired(record, leave=(Code.NO_ALL,))


def _has_pass_all(record: str) -> bool:
    found = parse(record, repairs=False).findings
    return any(finding.code is Code.PASS_ALL for finding in found)


def _lets_in(record: str) -> bool:
    """True when the record includes SES where it counts: with +, and before `all`."""
    for term in read_strict(record).mechanisms:
        if term.name == "all":
            return False
        if _is_include(term) and term.qualifier == "+":
            return True
    return False


def _is_include(term: Term) -> bool:
    return term.name == "include" and is_ses(term.argument)


def _merged(records: Sequence[str], *, ses: bool) -> str:
    """One record: the mechanisms of all in order, each once, and the mildest `all` at the end."""
    mechanisms: list[str] = []
    modifiers: dict[str, str] = {}
    ends: list[str] = []
    redirects: list[str] = []
    for record in records:
        terms = read_strict(record).terms
        end = next((term for term in terms if term.name == "all" and not term.modifier), None)
        if end is not None:
            ends.append(end.qualifier)
        for term in terms:
            if term.name == "redirect":
                redirects += [] if end else [term.argument]
            elif term.modifier:
                modifiers.setdefault(term.name, term.text)
            elif end is None or term.span < end.span:  # what follows was never looked at
                _add(mechanisms, _written(term))
    if ses:
        _add(mechanisms, f"include:{SES}")
    tail = [_mildest(ends)] if ends else []
    if len(redirects) == 1 and not ends:
        tail = [f"redirect={redirects[0]}"]
    elif redirects:
        # Alone in its record a redirect is an include that brings its own `all`.
        for target in redirects:
            _add(mechanisms, f"include:{target}")
        tail = tail or ["~all"]
    return " ".join(["v=spf1", *mechanisms, *modifiers.values(), *tail])


def _written(term: Term) -> str:
    if _is_include(term):
        return f"include:{SES}"  # also when it was `-include:` or had a final dot
    return term.text.removeprefix("+")


def _add(mechanisms: list[str], text: str) -> None:
    if text.lower() not in map(str.lower, mechanisms):
        mechanisms.append(text)


def _mildest(qualifiers: Sequence[str]) -> str:
    """Merging must not refuse mail that was let in; but never `+all`, which lets in everyone."""
    known = [q for q in _MILDEST_FIRST if q in qualifiers and "+" not in qualifiers]
    return f"{known[0]}all" if known else "~all"
