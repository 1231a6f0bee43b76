"""The one record that should be there, as a change to what is: never a second record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.spf.advice import SES, is_ses
from sestui.domain.spf.findings import Code
from sestui.domain.spf.record import parse, read_strict, repaired
from sestui.domain.spf.terms import Term
from sestui.domain.text import printable, quoted

_MILDEST_FIRST = "?~-"


class Step(StrEnum):
    KEEP = "keep"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Replace all of `old` by `new`; nothing to do when `needed` is false."""

    old: tuple[str, ...]
    new: str
    needed: bool
    text: str
    """Why, in a sentence or two."""
    left_out: tuple[str, ...] = ()
    """Terms of `old` that are none and are not in `new`; printable."""

    @property
    def steps(self) -> tuple[tuple[Step, str], ...]:
        """The change term by term, for a diff that can be read."""
        before = [term for record in self.old for term in record.split()]
        after = self.new.split()
        steps: list[tuple[Step, str]] = []
        for tag, a, b, c, d in SequenceMatcher(None, before, after, False).get_opcodes():
            if tag == "equal":
                steps += ((Step.KEEP, printable(term)) for term in before[a:b])
            else:
                steps += ((Step.REMOVE, printable(term)) for term in before[a:b])
                steps += ((Step.ADD, printable(term)) for term in after[c:d])
        return tuple(steps)


def merged(
    records: Sequence[str], *, include: str = SES, carried_by: str = "", authorised: bool = False
) -> Proposal:
    """The one SPF record for a name whose TXT records that are (or were meant as) SPF are given.

    Args:
        include: what it has to include; empty for nothing new.
        carried_by: the custom MAIL FROM domain, when there is one: receivers look up SPF there
            (RFC 7208 section 2.4), so this name needs nothing for SES.
        authorised: True when the record lets SES send already by another way, such as a wrapper.
    """
    old = tuple(records)
    wanted = "" if carried_by or authorised else include
    if not old:
        if carried_by:
            return Proposal((), "", False, _carried(carried_by))
        new = f"v=spf1 include:{wanted} ~all" if wanted else ""
        return Proposal((), new, bool(new), _("There is no SPF record yet; this is the first."))
    right = [_right(record) for record in old]
    left_out = tuple(printable(term) for record in right for term in _no_terms(record))
    new = _merged(right, wanted)
    # Nothing is touched that works: order, spaces and case stay when there is nothing to add.
    if len(old) == 1 and (not wanted or _lets_in(old[0], wanted)) and read_strict(right[0]).valid:
        new = old[0] if _is_fine(old[0], wanted) else right[0]
    reason = _reason(old, new, wanted=wanted, include=include, carried_by=carried_by)
    if left_out:
        said = _("Left out, because it is unknown what was meant: {terms}.")
        reason = f"{reason} {said.format(terms=', '.join(map(quoted, left_out)))}"
    return Proposal(old, new, (new,) != old, reason, left_out)


def _is_fine(record: str, wanted: str) -> bool:
    """True for a record without errors; where SES needs nothing, for one that is valid."""
    if not wanted:
        return read_strict(record).valid
    return all(f.severity is not Severity.ERROR for f in parse(record, repairs=False).findings)


def _no_terms(record: str) -> list[str]:
    terms = {term.text for term in read_strict(record).terms}
    return [text for text in record.split(" ")[1:] if text and text not in terms]


def _reason(old: tuple[str, ...], new: str, *, wanted: str, include: str, carried_by: str) -> str:
    said = []
    if carried_by and include:
        said.append(_carried(carried_by))
    if len(old) > 1:
        said.append(
            _("{n} records become one; do not keep any of the old ones.").format(n=len(old))
        )
    elif (new,) == old:
        if not carried_by:
            said.append(_("The record is fine as it is."))
    elif wanted and not _lets_in(_right(old[0]), wanted):
        said.append(_("Change the record that is there; do not add a second one."))
    else:
        said.append(_("Put the record right that is there; do not add a second one."))
    if (new,) != old and any(_has_pass_all(record) for record in old):
        said.append(_("“+all” lets everyone send as you, so it becomes “~all”."))
    return " ".join(said)


def _right(record: str) -> str:
    """Everything put right, but no `all` added: that would refuse mail that is let in today."""
    return repaired(record, leave=(Code.NO_ALL,))


def _has_pass_all(record: str) -> bool:
    found = parse(record, repairs=False).findings
    return any(finding.code is Code.PASS_ALL for finding in found)


def _carried(mail_from: str) -> str:
    return _(
        "Mail from SES carries {mail_from} as its envelope sender, so SPF is looked up there; this "
        "name needs nothing for it."
    ).format(mail_from=printable(mail_from))


def _lets_in(record: str, include: str) -> bool:
    """True when the record has the include where it counts: with +, and before `all`."""
    for term in read_strict(record).mechanisms:
        if term.name == "all":
            return False
        if _is_include(term, include) and term.qualifier == "+":
            return True
    return False


def _is_include(term: Term, include: str) -> bool:
    same = term.argument.lower().removesuffix(".") == include.lower()
    return term.name == "include" and (same or (include == SES and is_ses(term.argument)))


def _merged(records: Sequence[str], wanted: str) -> str:
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
            if term.modifier and term.name == "redirect":
                redirects += [] if end else [term.argument]
            elif term.modifier:
                modifiers.setdefault(term.name, term.text)
            elif end is None or term.span < end.span:  # what follows was never looked at
                _add(mechanisms, term, wanted)
    if wanted and f"include:{wanted}".lower() not in map(str.lower, mechanisms):
        mechanisms.append(f"include:{wanted}")
    tail = [_mildest(ends)] if ends else []
    if len(redirects) == 1 and not ends:
        tail = [f"redirect={redirects[0]}"]
    elif redirects:
        # Alone in its record a redirect is an include that brings its own `all`.
        targets = (f"include:{target}" for target in dict.fromkeys(redirects))
        mechanisms += (target for target in targets if target not in mechanisms)
        tail = tail or ["~all"]
    return " ".join(["v=spf1", *mechanisms, *modifiers.values(), *tail])


def _add(mechanisms: list[str], term: Term, wanted: str) -> None:
    if wanted and _is_include(term, wanted):
        text = f"include:{wanted}"  # also when it was `-include:` or had a final dot
    else:
        text = term.text.removeprefix("+")
    if text.lower() not in map(str.lower, mechanisms):
        mechanisms.append(text)


def _mildest(qualifiers: Sequence[str]) -> str:
    """Merging must not refuse mail that was let in; but never `+all`, which lets in everyone."""
    known = [q for q in _MILDEST_FIRST if q in qualifiers and "+" not in qualifiers]
    return f"{known[0]}all" if known else "~all"
