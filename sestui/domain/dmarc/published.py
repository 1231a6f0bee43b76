"""All that is at one `_dmarc` name: the record, several, none, others, an alias, or no answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from sestui.domain.dmarc.findings import Code, Finding
from sestui.domain.dmarc.record import Record, parse
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.text import quoted


class State(StrEnum):
    RECORD = "record"
    """Just one DMARC record."""
    SEVERAL = "several"
    """More than one, which counts as none (RFC 9989 section 4.10, step 2)."""
    NONE = "none"
    UNKNOWN = "unknown"
    """No answer, or an error: there may well be one."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is at `_dmarc.{domain}`."""

    domain: str
    state: State
    records: tuple[Record, ...] = ()
    """Those that receivers see."""
    broken: tuple[Record, ...] = ()
    """Those that were meant to be records."""
    others: tuple[str, ...] = ()
    misplaced: Record | None = None
    """A record at the domain itself, where it has no effect."""
    findings: tuple[Finding, ...] = ()
    """About the name and about each record."""

    @property
    def record(self) -> Record | None:
        """The one that counts; None when there is none, or there are several."""
        return self.records[0] if self.state is State.RECORD else None


def question(domain: str) -> tuple[str, str]:
    """What to ask for the record of `domain`."""
    return f"_dmarc.{domain}", "TXT"


def read_name(domain: str, answer: Answer, *, root: Answer | None = None) -> Published:
    """Judge what is at `_dmarc.{domain}`.

    Args:
        answer: to TXT at that name, along its aliases.
        root: to TXT at `domain` itself, where a copy has no effect.
    """
    if not answer.certain:
        return Published(domain, State.UNKNOWN, findings=tuple(_unknown(answer)))
    read = [parse(value) for value in answer.values] if answer.outcome is Outcome.FOUND else []
    records = tuple(record for record in read if record.recognised)
    broken = tuple(record for record in read if record.intended and not record.recognised)
    others = tuple(record.text for record in read if not record.intended)
    state = {0: State.NONE, 1: State.RECORD}.get(len(records), State.SEVERAL)
    at_root = [record for record in map(parse, root.values if root else ()) if record.recognised]
    published = Published(
        domain, state, records, broken, others, misplaced=at_root[0] if at_root else None
    )
    found = [*_name_findings(published), *_alias_findings(published, answer)]
    # A text that receivers ignore does no harm beside a record they read.
    for record in records or broken:
        found += record.findings
    return replace(published, findings=tuple(found))


def _unknown(answer: Answer) -> Iterator[Finding]:
    text = _("Could not find out whether there is a DMARC record at {name}: {detail}.").format(
        name=answer.name, detail=answer.detail or answer.outcome
    )
    yield Finding(Code.UNKNOWN, Severity.UNKNOWN, text)
    if answer.chain:
        text = _("The name is an alias of {target}, whose name servers do not answer.").format(
            target=quoted(answer.chain[-1], 80)
        )
        yield Finding(Code.ALIAS_BROKEN, Severity.UNKNOWN, text)


def _name_findings(published: Published) -> Iterator[Finding]:
    name = f"_dmarc.{published.domain}"
    if published.state is State.SEVERAL:
        text = _(
            "There are {n} DMARC records at {name}, so receivers ignore all of them. Keep one."
        ).format(n=len(published.records), name=name)
        yield Finding(Code.SEVERAL_RECORDS, Severity.ERROR, text)
    if published.others or (published.records and published.broken):
        text = _(
            "There are other TXT records at {name}; they do no harm, but have no use there."
        ).format(name=name)
        yield Finding(Code.OTHER_TEXTS, Severity.OK, text)
    if published.state is State.NONE and not published.broken:
        text = _("There is no DMARC record at {name}.").format(name=name)
        yield Finding(Code.NO_RECORD, Severity.WARNING, text)
    if published.misplaced is not None:
        there = published.state is not State.NONE
        text = (
            _("A DMARC record is at {domain} itself too, where it has no effect.")
            if there
            else _(
                "The DMARC record is at {domain} itself, where nobody looks: it belongs at {name}."
            )
        ).format(domain=published.domain, name=name)
        yield Finding(Code.AT_ROOT, Severity.OK if there else Severity.ERROR, text)


def _alias_findings(published: Published, answer: Answer) -> Iterator[Finding]:
    if not answer.chain:
        return
    target = quoted(answer.chain[-1], 80)
    if published.state is State.NONE:
        text = _(
            "_dmarc.{domain} is an alias (CNAME) of {target}, where there is no DMARC record. "
            "No TXT record can be added beside an alias: remove it, or have the record added there."
        ).format(domain=published.domain, target=target)
        yield Finding(Code.ALIAS_BROKEN, Severity.ERROR, text)
        return
    text = _(
        "_dmarc.{domain} is an alias (CNAME): the record is kept at {target}. Change it there."
    ).format(domain=published.domain, target=target)
    yield Finding(Code.ALIAS, Severity.OK, text)
