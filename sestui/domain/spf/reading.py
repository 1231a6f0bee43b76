"""All TXT records of one name, sorted by what receivers make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.spf.findings import Code, Effect, Finding
from sestui.domain.spf.lookup import Strings, breaks, decode
from sestui.domain.spf.proposal import joined
from sestui.domain.spf.record import Record, parse
from sestui.domain.spf.terms import Span
from sestui.domain.spf.version import is_spf, resembles_spf


@dataclass(frozen=True, slots=True)
class Reading:
    """What the TXT records of a name say about SPF."""

    records: tuple[Record, ...]
    """What receivers take for SPF. More than one is a permerror (RFC 7208 section 4.5)."""
    meant: tuple[Record, ...]
    """What was meant as SPF and is not seen."""
    others: tuple[str, ...]
    """The rest, decoded and not printable: none of SPF's business."""
    findings: tuple[Finding, ...] = ()
    """About the records together; the place is in the second record."""


def read(texts: Sequence[Strings]) -> Reading:
    """Find the SPF records among the TXT records of a name, and what was meant as one."""
    records: list[Record] = []
    meant: list[Record] = []
    others: list[str] = []
    for strings in texts:
        text = decode(strings)
        if is_spf(text):
            records.append(_with_breaks(parse(text), breaks(strings)))
        elif resembles_spf(text):
            meant.append(_with_breaks(parse(text), breaks(strings)))
        else:
            others.append(text)
    findings: tuple[Finding, ...] = ()
    if len(records) > 1:
        said = _("There are {n} SPF records; receivers take that as an error. Merge them.").format(
            n=len(records)
        )
        whole = Span(0, len(records[1].text))
        one = joined([record.text for record in records])
        findings = (
            Finding(Code.SEVERAL_RECORDS, Severity.ERROR, Effect.PERMERROR, said, whole, one),
        )
    return Reading(tuple(records), tuple(meant), tuple(others), findings)


def _with_breaks(record: Record, places: Sequence[int]) -> Record:
    """Say so where a record was split into strings and lost its space that way (section 3.3)."""

    def told(finding: Finding) -> Finding:
        split = any(finding.span.offset < place < finding.span.end for place in places)
        if finding.code is not Code.GLUED or not split:
            return finding
        said = _("The record is split into strings here; they are joined without a space.")
        return replace(finding, text=f"{finding.text} {said}")

    return replace(record, findings=tuple(map(told, record.findings))) if places else record
