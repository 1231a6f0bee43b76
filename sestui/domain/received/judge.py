"""The verdict on a mail that arrived, put together; sestui.workflows.received asks DNS for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sestui.domain.dmarc.align import related
from sestui.domain.dmarc.walk import Tree, questions
from sestui.domain.i18n import _
from sestui.domain.received import findings, remarks
from sestui.domain.received.author import (
    Author,
    author_domain,
    domain_of,
    envelope_of,
    senders,
)
from sestui.domain.received.hops import hops_of, total_seconds
from sestui.domain.received.mechanisms import arc_of, dkim_of, dmarc_of, signed, spf_of
from sestui.domain.received.results import (
    Origin,
    Results,
    read_results,
    received_spf,
    receiver_name,
)
from sestui.domain.received.signature import NOT_DONE, Check, Checked, signatures_of
from sestui.domain.received.source import Source
from sestui.domain.received.verdict import Code, Finding, Verdict
from sestui.domain.severity import Severity
from sestui.domain.text import printable

ORDER = (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.OK)


def judge(source: Source, *, tree: Tree | None = None, checked: Sequence[Checked] = ()) -> Verdict:
    """What `source` tells of its way. Never raises.

    Args:
        tree: the DMARC records that `dmarc_questions` asks for; None: alignment is an estimate.
        checked: of each of `signatures_of(source)`, what a check of it gave.
    """
    results, distrusted = read_results(source)
    author = Author.of(author_domain(source, results), tree)
    signatures = signed(signatures_of(source), results, author, _believable(source, checked))
    spf = spf_of(results, received_spf(source), author)
    dkim = dkim_of(signatures, results, author)
    dmarc = dmarc_of(results, spf, dkim, author)
    hops = hops_of(source)
    verdict = Verdict(
        author=author.domain,
        sender=next(iter(senders(source)), ""),
        subject=_decoded(source.first("subject")),
        envelope_from=envelope_of(source, next(iter(results.of("spf")), received_spf(source))),
        judged_by=_judged_by(source, results),
        mechanisms=(spf, dkim, dmarc, *arc_of(source, results)),
        signatures=signatures,
        hops=hops,
        findings=(),
        total=total_seconds(source, hops),
        ses=remarks.trace_of(source),
        headers_only=not source.has_body,
        strict=author.strict,
    )
    told = next((result.get("header.from") for result in results.of("dmarc")), "")
    first = (
        *findings.about_from(verdict, senders(source), domain_of(told) if told else ""),
        *findings.about_origin(verdict, results.origin, distrusted),
        *findings.about_dkim(verdict),
        *findings.about_spf(verdict),
        *findings.about_dmarc(verdict),
        *findings.about_via(verdict),
        *_about_source(source, verdict),
    )
    verdict = replace(verdict, findings=first)
    found = (
        *first,
        *remarks.about_filters(verdict, source),
        *remarks.about_way(verdict),
        *remarks.about_one_click(verdict, source),
        *remarks.about_ses(verdict),
    )
    return replace(
        verdict, findings=tuple(sorted(found, key=lambda each: ORDER.index(each.severity)))
    )


def dmarc_questions(source: Source) -> tuple[tuple[str, str], ...]:
    """All that is to be asked for `judge` to know alignment for sure, in one round."""
    results, _distrusted = read_results(source)
    author = author_domain(source, results)
    if not author:
        return ()
    spf = next(iter(results.of("spf")), received_spf(source))
    envelope = domain_of(envelope_of(source, spf)) if envelope_of(source, spf) else ""
    domains = [each.domain for each in signatures_of(source)]
    # Only what may belong to the same organization can be aligned; a hostile mail has a hundred.
    close = (each for each in dict.fromkeys((envelope, *domains)) if related(each, author))
    asked = questions(author, *close)
    return tuple((name, kind) for name, kind in asked if name.isascii() and " " not in name)


def _believable(source: Source, checked: Sequence[Checked]) -> Sequence[Checked]:
    """Without the body there is nothing to check; that a key is missing is worth telling."""
    if source.has_body:
        return checked
    told = (Check.VALID, Check.KEY_MISSING, Check.KEY_UNUSABLE)  # the body may really be empty
    return [each if each.check in told else NOT_DONE for each in checked]


def _judged_by(source: Source, results: Results) -> str:
    if results.origin is Origin.NONE:
        return ""
    if results.receiver:
        return receiver_name(results.receiver)
    if any(result.method == "compauth" for result in results.results) or source.first(
        "x-ms-exchange-organization-scl"
    ):
        return "Microsoft"
    by = next((hop.by for hop in reversed(hops_of(source)) if hop.by), "")
    return receiver_name(by.lower())


def _about_source(source: Source, verdict: Verdict) -> Iterator[Finding]:
    signed_ = bool(source.all("dkim-signature"))
    unchecked = all(each.checked.check is Check.NOT_DONE for each in verdict.signatures)
    if verdict.headers_only and signed_ and unchecked:
        yield Finding(
            Code.HEADERS_ONLY,
            Severity.OK,
            _(
                "Only the headers are here, so the signatures could be read and not verified. "
                "With the body (the .eml file) they are verified for real."
            ),
        )
    if source.rewrapped:
        yield Finding(
            Code.REWRAPPED,
            Severity.OK,
            _("The lines were broken by the paste and put together again; this is a guess."),
        )


def _decoded(subject: str) -> str:
    """A subject with its encoded words spelled out (RFC 2047)."""
    if "=?" not in subject:
        return subject
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return printable(str(make_header(decode_header(subject))))
    except (HeaderParseError, LookupError, ValueError):
        return subject
