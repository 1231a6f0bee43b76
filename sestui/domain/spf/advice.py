"""What is valid SPF and still hardly what was meant, above all around Amazon SES."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.spf.draft import Change, Hint
from sestui.domain.spf.explain import Explanation, equals_for_colon, extra_colon, separators
from sestui.domain.spf.findings import Code, Edit, Effect
from sestui.domain.spf.terms import MECHANISMS, Span, Term
from sestui.domain.text import quoted

SES = "amazonses.com"
MOST_CHARACTERS = 450
"""More of them do not fit a UDP answer of 512 bytes with the rest of it (RFC 7208 section 3.4)."""

_AMAZONAWS = re.compile(r"(?:[\w-]+\.)*amazonaws\.com(?:\.[\w.-]*)?", re.I)
_SUBDOMAIN = re.compile(r"[\w.-]+\.amazonses\.com\.?", re.I)
_MISSPELLED = re.compile(
    r"(?:https?://|[^@%]{0,64}@)amazonses\.com/?|amazon(?:-?ses?|sse|ess)(?:\.(?:com?|net|org|email|aws))?(?:\.[\w.-]+)?\.?"
    r"|amaz(?:no|on|zon)s?es\.com\.?",
    re.I,
)


def wrong_ses_name(argument: str) -> tuple[Code, str] | None:
    """What is wrong with a target that was meant for SES; None for `amazonses.com` and others'."""
    if is_ses(argument):
        return None
    if _AMAZONAWS.fullmatch(argument):
        return Code.AMAZONAWS, _("SES sends as amazonses.com; amazonaws.com is another name.")
    if _SUBDOMAIN.fullmatch(argument):
        return Code.SES_SUBDOMAIN, _("{name} has no SPF record; amazonses.com has it.").format(
            name=quoted(argument)
        )
    if _MISSPELLED.fullmatch(argument):
        return Code.SES_MISSPELLED, _("{name} is not the name of SES; amazonses.com is.").format(
            name=quoted(argument)
        )
    return None


def is_ses(argument: str) -> bool:
    return argument.lower().removesuffix(".") == SES


def misread(text: str, term: Term) -> Explanation | None:
    """Why a term is not the one it looks like, though it is valid."""
    if term.modifier and term.name in MECHANISMS and term.name != "all":
        return equals_for_colon(text, len(term.name))
    return separators(text) or extra_colon(text)


def about_term(text: str, term: Term) -> Iterator[tuple[Severity, Explanation]]:
    """What there is to say about a valid term alone."""
    at = text.rfind(term.argument) if term.argument else len(text)
    # A prefix length follows the argument; the last occurrence is the argument itself or in it.
    whole = Change(at, at + len(term.argument), SES)
    if term.modifier and term.name not in ("redirect", "exp", "v"):
        said = _("Receivers ignore {term}: it is nothing they know.").format(term=quoted(text))
        yield Severity.WARNING, Explanation(Code.UNKNOWN_MODIFIER, said)
    elif wrong := wrong_ses_name(term.argument):
        yield Severity.ERROR, Explanation(*wrong, (whole,))
    if is_ses(term.argument) and not term.modifier:
        if term.name == "include" and term.qualifier != "+":
            said = _("The sign before include turns mail from SES away.")
            yield Severity.ERROR, Explanation(Code.SES_DENIED, said, (Change(0, 1),))
        elif term.name in ("a", "mx", "ptr", "exists"):
            sign = 0 if text[0].isalnum() else 1
            said = _("The addresses SES sends from come with include:, not with {name}:.").format(
                name=term.name
            )
            changes = (Change(sign, len(text), f"include:{SES}"),)
            yield Severity.ERROR, Explanation(Code.SES_NOT_INCLUDED, said, changes)
    if term.name == "ptr":
        said = _("ptr is slow and not to be used any more; many receivers skip it.")
        yield Severity.WARNING, Explanation(Code.PTR, said)
    if term.name == "all" and term.qualifier == "+":
        said = _("This lets everyone in the world send as you.")
        sign = 1 if text.startswith("+") else 0
        yield Severity.ERROR, Explanation(Code.PASS_ALL, said, (Change(0, sign, "~"),))


def about_all(record: str, terms: Sequence[Term], complete: bool) -> Iterator[Hint]:
    """What shows only when the terms are seen together. `complete`: there are no others.

    The edits move whole terms, so they hold only for a record in which each term is valid.
    """
    yield from _twice(record, terms)
    ends = [term for term in terms if term.name == "all" and not term.modifier]
    redirects = [term for term in terms if term.name == "redirect"]
    if ends:
        yield from _after_all(record, terms, ends[0])
        if redirects:
            said = _("redirect= has no effect in a record with “all”.")
            edits = (_removed(record, redirects[0].span),)
            yield _hint(Code.REDIRECT_IGNORED, Severity.WARNING, said, redirects[0].span, edits)
    elif complete and not redirects:
        said = _("It ends without “all”: other servers are neither allowed nor refused.")
        end = len(record.rstrip(" "))
        edits = (Edit(Span(end, 0), " ~all"),)
        yield _hint(Code.NO_ALL, Severity.WARNING, said, Span(end, 0), edits)
    if len(record) > MOST_CHARACTERS:
        said = _("It has {n} characters; over {most}, answers get too long for some.").format(
            n=len(record), most=MOST_CHARACTERS
        )
        yield _hint(Code.LONG, Severity.WARNING, said, Span(0, len(record)))


def _after_all(record: str, terms: Sequence[Term], end: Term) -> Iterator[Hint]:
    """Mechanisms after `all` are never looked at (RFC 7208 section 5.1)."""
    after = [t for t in terms if not t.modifier and t.span.offset > end.span.offset]
    if not after:
        return
    said = _("What comes after {all} is never looked at.").format(all=quoted(end.text))
    lost = [term for term in after if term.name != "all"]
    edits = [_removed(record, term.span) for term in after if term.name == "all"]
    if lost:
        edits.append(_removed(record, end.span))
        edits.append(Edit(Span(lost[-1].span.end, 0), f" {end.text}"))
    severity = Severity.ERROR if lost else Severity.WARNING
    yield _hint(Code.AFTER_ALL, severity, said, after[0].span, tuple(edits))


def _twice(record: str, terms: Sequence[Term]) -> Iterator[Hint]:
    seen: dict[str, Term] = {}
    modifiers: dict[str, Term] = {}
    for term in terms:
        if term.modifier and term.name in ("redirect", "exp"):
            first = modifiers.setdefault(term.name, term)
            if first is not term:
                said = _("{name}= may be there only once.").format(name=term.name)
                same = first.text.lower() == term.text.lower()
                edits = (_removed(record, term.span),) if same else ()
                yield Hint(
                    Code.MODIFIER_TWICE, Severity.ERROR, Effect.PERMERROR, said, term.span, edits
                )
        elif term.modifier and term.name == "v":
            said = _("{term} in the middle has no effect.").format(term=quoted(term.text))
            edits = (_removed(record, term.span),)
            yield _hint(Code.VERSION_TWICE, Severity.WARNING, said, term.span, edits)
        elif term.name != "all" and not term.modifier:
            key = term.text.lower().removeprefix("+")
            if seen.setdefault(key, term) is not term:
                said = _("{term} is there twice.").format(term=quoted(term.text))
                edits = (_removed(record, term.span),)
                yield _hint(Code.TERM_TWICE, Severity.WARNING, said, term.span, edits)


def _removed(record: str, span: Span) -> Edit:
    """Take a term out, with the spaces before it."""
    start = len(record[: span.offset].rstrip(" "))
    return Edit(Span(start, span.end - start), "")


def _hint(
    code: Code, severity: Severity, said: str, span: Span, edits: tuple[Edit, ...] = ()
) -> Hint:
    return Hint(code, severity, Effect.IGNORED, said, span, edits)
