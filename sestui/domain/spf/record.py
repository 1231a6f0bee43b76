"""An SPF record: its terms, whether receivers accept it, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from sestui.domain.severity import Severity
from sestui.domain.spf.advice import SES, about_all, about_term, misread, wrong_ses_name
from sestui.domain.spf.characters import by_code, cleaned, explained
from sestui.domain.spf.draft import Body, Change, Hint, Piece
from sestui.domain.spf.explain import Explanation, explain, plain
from sestui.domain.spf.findings import Code, Effect, Finding, edited
from sestui.domain.spf.terms import BadTerm, Span, Term, read_term
from sestui.domain.spf.version import Beginning, beginning, is_spf

_TOKEN = re.compile("[^ ]+")
MOST_FINDINGS = 50
MOST_EXPLAINED = 2048
"""A longer record than any real one is not searched for what was meant: that takes time."""
_MOST_REPAIRS = 20
_MOST_ROUNDS = 8
"""How often one piece is put right before it is left alone."""


@dataclass(frozen=True, slots=True)
class Record:
    """One TXT record read as SPF."""

    text: str
    seen: bool
    """True when receivers take it for an SPF record (RFC 7208 section 4.5)."""
    valid: bool
    """True when it is one by the grammar; else the result is permerror (section 4.6)."""
    terms: tuple[Term, ...]
    """The valid ones, in order, as they were published."""
    findings: tuple[Finding, ...] = ()

    def modifier(self, name: str) -> Term | None:
        return next((t for t in self.terms if t.modifier and t.name == name), None)

    @property
    def mechanisms(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.modifier)


def read_strict(text: str) -> Record:
    """`text` by the letter of RFC 7208, without a search for what is wrong: for evaluation."""
    seen = is_spf(text)
    start = beginning(text).start
    terms: list[Term] = []
    valid = seen
    for match in _TOKEN.finditer(text, start):
        try:
            terms.append(read_term(match[0], match.start()))
        except BadTerm:
            valid = False
    for name in ("redirect", "exp"):  # section 6: more than once is an error
        valid = valid and sum(t.modifier and t.name == name for t in terms) < 2
    return Record(text, seen, valid, tuple(terms))


def parse(text: str, *, repairs: bool = True) -> Record:
    """`text` with all findings, each with the record as it is when that one is put right."""
    record = read_strict(text)
    hints = _hints(text)
    findings = [
        Finding(hint.code, hint.severity, hint.effect, hint.text, hint.span, grey=hint.grey)
        for hint in hints
    ]
    if repairs:
        counts = _counts(hint.code for hint in hints)
        findings[:_MOST_REPAIRS] = [
            replace(finding, repaired=_repaired(text, hint, counts))
            for finding, hint in zip(findings[:_MOST_REPAIRS], hints, strict=False)
        ]
    return replace(record, findings=tuple(findings))


def repaired(text: str, *, leave: Container[Code] = ()) -> str:
    """`text` with everything put right that can be, except findings with a code in `leave`.

    The result may still have findings: those without a repair.
    """
    for _round in range(_MOST_REPAIRS):
        hints = _hints(text)
        counts = _counts(hint.code for hint in hints)
        open_to_repair = [hint for hint in hints if hint.code not in leave]
        tries = (_repaired(text, hint, counts) for hint in open_to_repair[:_MOST_REPAIRS])
        right = next(filter(None, tries), "")
        if not right:
            break
        text = right
    return text


def _repaired(text: str, hint: Hint, before: dict[Code, int]) -> str:
    """The text after the hint's edits, when they take the finding away and break nothing."""
    if not hint.edits:
        return ""
    right = edited(text, hint.edits)
    if read_strict(text).valid and not read_strict(right).valid:
        return ""
    after = _counts(each.code for each in _hints(right))
    return right if after.get(hint.code, 0) < before[hint.code] else ""


def _counts(codes: Iterable[Code]) -> dict[Code, int]:
    counts: dict[Code, int] = {}
    for code in codes:
        counts[code] = counts.get(code, 0) + 1
    return counts


def _hints(text: str) -> list[Hint]:
    start = beginning(text)
    hints = list(start.hints)
    if len(text) > MOST_EXPLAINED:
        return _hints_of_long(text, start)
    chars: list[str] = []
    places: list[int] = []
    invalid: list[Span] = []
    place = start.start
    for match in _TOKEN.finditer(text, start.start, start.end):
        chars += " " * (match.start() - place)
        places += range(place, match.start())
        place = match.end()
        if _is_term(match[0]):
            chars += match[0]
            places += range(match.start(), match.end())
            continue
        invalid.append(Span(match.start(), len(match[0])))
        clean = cleaned(match[0], match.start())
        for code, edits in by_code(clean):
            char = text[edits[0].span.offset]
            repair = tuple(edits) if code is not Code.NON_ASCII else ()
            hints.append(
                Hint(
                    code,
                    Severity.ERROR,
                    Effect.PERMERROR,
                    explained(code, char),
                    edits[0].span,
                    repair,
                )
            )
        chars += clean.text
        places += clean.places[:-1]
    body = Body("".join(chars), [*places, start.end])
    terms, complete = _walk(body, hints, invalid)
    whole = about_all(text, terms, complete)
    hints += (replace(hint, edits=()) for hint in whole) if invalid else whole
    return sorted(hints[:MOST_FINDINGS], key=lambda hint: hint.span)


def _hints_of_long(text: str, start: Beginning) -> list[Hint]:
    """What is wrong by the grammar, without edits."""
    hints = [replace(hint, edits=()) for hint in start.hints]
    terms: list[Term] = []
    for match in _TOKEN.finditer(text, start.start, start.end):
        span = Span(match.start(), len(match[0]))
        try:
            terms.append(read_term(match[0], match.start()))
        except BadTerm as fault:
            if len(hints) < MOST_FINDINGS:
                said = plain(fault, match[0])
                hints.append(Hint(said.code, Severity.ERROR, Effect.PERMERROR, said.text, span))
    whole = [replace(hint, edits=()) for hint in about_all(text, terms, False)]
    whole.sort(key=lambda hint: hint.severity is not Severity.ERROR)
    return sorted([*hints, *whole[:MOST_FINDINGS]][:MOST_FINDINGS], key=lambda hint: hint.span)


def _is_term(text: str) -> bool:
    try:
        read_term(text)
    except BadTerm:
        return False
    return True


def _walk(body: Body, hints: list[Hint], invalid: Sequence[Span]) -> tuple[list[Term], bool]:
    """Read the body piece by piece, put each right in turn, and note what was wrong.

    Returns the terms, with their places in the original, and whether every piece became one.
    """
    terms: list[Term] = []
    complete = True
    place = rounds = 0
    while (piece := body.piece_at(place)) is not None and len(hints) < MOST_FINDINGS:
        span = body.span(piece.start, piece.end)
        effect = _effect(span, invalid)
        try:
            term = read_term(piece.text)
        except BadTerm as fault:
            explanation = _explained(fault, piece)
            if explanation and any(c.end > len(piece.text) for c in explanation.changes):
                effect = _effect(body.span(piece.start, piece.following_end), invalid)
            if explanation is not None:
                hints.append(_hint(body, piece, explanation, Severity.ERROR, effect))
            if explanation is not None and explanation.changes and rounds < _MOST_ROUNDS:
                rounds += 1
                body.change(piece, explanation.changes)
                if min(change.start for change in explanation.changes) < 0:
                    place = piece.previous or 0
                    terms = [t for t in terms if t.span.offset < body.span(place, place).offset]
                continue
            complete = False
        else:
            if (explanation := misread(piece.text, term)) and rounds < _MOST_ROUNDS:
                rounds += 1
                hints.append(_hint(body, piece, explanation, Severity.ERROR, effect))
                body.change(piece, explanation.changes)
                continue
            for severity, advice in about_term(piece.text, term):
                hints.append(_hint(body, piece, advice, severity, Effect.IGNORED))
            terms.append(replace(term, span=span))
        place, rounds = piece.end, 0
    return terms, complete and body.piece_at(place) is None


def _effect(span: Span, invalid: Sequence[Span]) -> Effect:
    """What became invalid only by a repair here is no error to receivers."""
    broken = any(each.offset < span.end and span.offset < each.end for each in invalid)
    return Effect.PERMERROR if broken else Effect.IGNORED


def _explained(fault: BadTerm, piece: Piece) -> Explanation | None:
    """None when the characters were the matter, which has been said."""
    if not all(" " < char < "\x7f" for char in piece.text):
        return None
    explanation = explain(fault, piece)
    wrong = wrong_ses_name(fault.argument)
    if wrong and explanation.code is Code.DOMAIN_WRONG:
        at = piece.text.rfind(fault.argument)
        return Explanation(*wrong, (Change(at, at + len(fault.argument), SES),))
    return explanation


def _hint(
    body: Body, piece: Piece, explanation: Explanation, severity: Severity, effect: Effect
) -> Hint:
    edits = body.edits(piece, explanation.changes)
    span = body.span(piece.start, piece.end)
    return Hint(explanation.code, severity, effect, explanation.text, span, edits, explanation.grey)
