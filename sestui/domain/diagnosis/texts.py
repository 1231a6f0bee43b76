"""The TXT records: SPF at the MAIL FROM domain, DMARC, and the key of BYODKIM.

How each is written, and what receivers make of it, is known to `spf`, `dmarc` and `dkim_key`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from sestui.domain import dkim_key, dmarc, spf
from sestui.domain.diagnosis.exchanges import conflict
from sestui.domain.diagnosis.scene import FINE, Judged, Scene, plain
from sestui.domain.diagnosis.targets import absent
from sestui.domain.diagnosis.verdicts import Verdict
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.records import RequiredRecord
from sestui.domain.severity import Severity
from sestui.domain.text import printable

Found = TypeVar("Found", spf.Finding, dmarc.Finding)

_QUOTES = {"quoted", "stray_quote", "dmarc_quotes", "dmarc_backslashes", "backslash"}
_BLANKS = {
    "leading_space",
    "wrong_space",
    "invisible",
    "version_space",
    "dmarc_leading_space",
    "dmarc_odd_character",
}


def judge_spf(record: RequiredRecord, answer: Answer, scene: Scene) -> Judged:
    """The SPF record of the MAIL FROM domain has to let SES send, by whatever way."""
    if answer.outcome is not Outcome.FOUND:
        alias = answer.chain or scene.found(record.name, "CNAME")
        return conflict(record, alias[0]) if alias else absent(record, answer)
    reading = spf.read(answer.texts or [(value.encode(),) for value in answer.values])
    texts = [each.text for each in reading.records]
    if len(texts) > 1:
        cause = _("There are {n} SPF records, which counts as an error. Merge them into one.")
        better = spf.merged(texts)
        return Judged(
            Verdict.DUPLICATE_RECORD,
            cause.format(n=len(texts)),
            value=_whole(better),
            todo=better.text,
        )
    if texts:
        return _one_spf(record, reading.records[0], scene)
    if reading.meant:
        meant = reading.meant[0]
        proposal = spf.merged([meant.text])
        return Judged(
            _as_written(finding.code for finding in meant.findings),
            _errors(meant.findings)[0].text,
            value=_whole(proposal),
            todo=proposal.text,
        )
    return _others("v=spf1")


def _one_spf(record: RequiredRecord, there: spf.Record, scene: Scene) -> Judged:
    known = scene.spf.get(plain(record.name))
    if known is not None and known.answer is spf.Permission.YES:
        notes = [known.text] if known.wrapper else []
        notes += [finding.text for finding in known.findings]
        return Judged(Verdict.OK, notes=tuple(notes))
    proposal = spf.merged([there.text])
    unsure = known is None or known.answer is spf.Permission.UNKNOWN
    if unsure and not proposal.needed:
        # What is written lets SES in; only the way there could not be followed.
        return FINE if known is None else Judged(Verdict.OK, notes=(known.text,))
    problems = [*_errors(there.findings), *(_errors(known.findings) if known else ())]
    if problems:
        cause = problems[0].text
    elif known is not None and known.answer is spf.Permission.PARTLY:
        cause = known.text
    else:
        cause = _("The SPF record has no include:amazonses.com before its “all”.")
    value = _whole(proposal) if proposal.needed else ""
    return Judged(
        Verdict.DIFFERENT, cause, value=value, todo=proposal.text if proposal.needed else ""
    )


def _whole(proposal: spf.Proposal) -> str:
    """The record to publish, unless that would leave out what only a person can put right."""
    return "" if proposal.left_out else proposal.new


def judge_dmarc(record: RequiredRecord, answer: Answer, scene: Scene) -> Judged:
    """A policy of its own, or one further up that covers the domain."""
    domain = plain(record.name).removeprefix("_dmarc.")
    alias = scene.answer(record.name, "CNAME")
    there = dmarc.read_name(domain, answer)
    tree = {**dmarc.read_tree(scene.book.values()), domain: there}
    applying = dmarc.discover(domain, tree)
    if applying.found is dmarc.Found.UNKNOWN:
        # A registry that does not answer for its own `_dmarc` name is no reason to know nothing.
        applying = dmarc.discover(domain, tree, rfc=dmarc.Rfc.RFC7489)
    proposal = dmarc.propose(there, applying)
    value = proposal.value
    if there.state is dmarc.State.SEVERAL:
        cause = _("There are {n} DMARC records, so receivers ignore all. Keep one.")
        said = cause.format(n=len(there.records))
        return Judged(Verdict.DUPLICATE_RECORD, said, value=value, todo=proposal.text)
    if there.record is not None:
        return _one_dmarc(there.record, proposal)
    if there.broken:
        findings = [finding for each in there.broken for finding in each.findings]
        return Judged(
            _as_written(finding.code for finding in findings),
            _errors(findings)[0].text,
            value=value,
            todo=proposal.text,
        )
    target = answer.chain or (alias.values if alias is not None else ())
    if target:
        return conflict(record, target[0])
    if proposal.action is dmarc.Action.KEEP:
        return Judged(Verdict.COVERED, notes=(proposal.text,))
    if proposal.action is dmarc.Action.WAIT:
        return Judged(Verdict.BROKEN, proposal.text)
    if there.others:
        return _others("v=DMARC1")
    return absent(record, answer)


def _one_dmarc(record: dmarc.Record, proposal: dmarc.Proposal) -> Judged:
    applied = record.applied(dmarc.Rfc.RFC9989)
    if applied is None:
        cause = _("The DMARC record has no valid policy (p=none, quarantine or reject).")
        return Judged(Verdict.DIFFERENT, cause, value=proposal.value, todo=proposal.text)
    return FINE


def judge_key(record: RequiredRecord, answer: Answer) -> Judged:
    """BYODKIM: a public key, and the right one where we know it."""
    if answer.outcome is not Outcome.FOUND:
        return absent(record, answer)
    selector = dkim_key.read_selector(answer)
    usable = [each for each in selector.keys if each.usable]
    if len(selector.keys) > 1:
        cause = _("There are {n} TXT records; receivers may take the wrong one. Keep one.")
        said = cause.format(n=len(selector.keys))
        return Judged(Verdict.DUPLICATE_RECORD, said, value="" if record.placeholder else None)
    if not usable:
        found = selector.keys[0]
        cause = _errors(found.findings)[0].text
        value = None if not record.placeholder else found.repaired
        quoted = any(mark in found.text for mark in '"“”')  # no key has one inside
        return Judged(Verdict.VALUE_QUOTED if quoted else Verdict.DIFFERENT, cause, value=value)
    wanted = None if record.placeholder else dkim_key.parse_key(record.value)
    if wanted is not None and wanted.data and wanted.data != usable[0].data:
        return Judged(Verdict.DIFFERENT, _("It is another key than the one that was expected."))
    warnings = [f.text for f in usable[0].findings if f.severity is Severity.WARNING]
    return Judged(Verdict.OK, notes=tuple(warnings))


def _errors(findings: Iterable[Found]) -> list[Found]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _as_written(codes: Iterable[StrEnum]) -> Verdict:
    found = set(map(str, codes))
    if found & _QUOTES:
        return Verdict.VALUE_QUOTED
    return Verdict.VALUE_WHITESPACE if found & _BLANKS else Verdict.DIFFERENT


def _others(start: str) -> Judged:
    cause = _("There are TXT records at this name, but none that starts with {start}.")
    return Judged(Verdict.MISSING, cause.format(start=printable(start)))
