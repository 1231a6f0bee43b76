"""Will mail from this domain pass DMARC? Said before any is sent, for receivers of both RFCs.

RFC 9989 sections 4.4 and 4.10.2; RFC 7489 section 3.1. It is about alignment: that the signature
and the MAIL FROM's SPF record are right themselves is for others to check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from sestui.domain.dmarc.align import Aligned, Mechanism, Row, align, related, shared
from sestui.domain.dmarc.findings import Finding
from sestui.domain.dmarc.organization import OrgOf, estimated_org
from sestui.domain.dmarc.policy import Policy, Rfc
from sestui.domain.dmarc.walk import (
    Discovery,
    Found,
    Tree,
    at,
    discover,
    plain,
    questions,
    with_record,
)
from sestui.domain.dns import Answer
from sestui.domain.i18n import _
from sestui.domain.records import DMARC_VALUE
from sestui.domain.severity import Severity

DEFAULT_MAIL_FROM = "amazonses.com"
"""Where bounces go without a custom MAIL FROM domain; outside us-east-1 a name below it."""


class AlignmentCode(StrEnum):
    """Findings of the simulation. The values are stable: scripts compare them."""

    ASPF_STRICT = "alignment_aspf_strict"
    ADKIM_STRICT = "alignment_adkim_strict"
    DEFAULT_MAIL_FROM = "alignment_default_mail_from"
    FOREIGN_MAIL_FROM = "alignment_foreign_mail_from"
    FOREIGN_DKIM = "alignment_foreign_dkim"
    NO_DKIM = "alignment_no_dkim"
    OWN_ORGANIZATION = "alignment_own_organization"
    PSD_DIVIDES = "alignment_psd_divides"
    ONE_LEG = "alignment_one_leg"
    NOTHING_ALIGNED = "alignment_nothing_aligned"
    RFCS_DIFFER = "alignment_rfcs_differ"
    NO_POLICY = "alignment_no_policy"
    UNKNOWN = "alignment_unknown"


class Result(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    NO_POLICY = "no policy"
    """No record applies: receivers do not evaluate DMARC."""
    UNKNOWN = "unknown"

    @property
    def word(self) -> str:
        return {
            Result.PASS: _("passes"),
            Result.FAIL: _("fails"),
            Result.NO_POLICY: _("no policy"),
            Result.UNKNOWN: _("could not find out"),
        }[self]


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail that SES sends carries.

    `dkim` is the identity whose key signs (the `d=`), empty when none does. `mail_from` is the
    custom MAIL FROM domain, empty for Amazon's.
    """

    author: str
    dkim: str
    mail_from: str = ""

    @property
    def questions(self) -> tuple[tuple[str, str], ...]:
        """All that has to be asked before `simulate`, in one round."""
        return questions(self.author, self.dkim, self.mail_from)


@dataclass(frozen=True, slots=True)
class RfcVerdict:
    """What receivers that follow `rfc` will find."""

    rfc: Rfc
    result: Result
    discovery: Discovery
    rows: tuple[Row, ...]
    """Where no record applies: as they will be once the organization has one."""

    @property
    def policy(self) -> Policy | None:
        """What happens to mail that fails."""
        return self.discovery.policy


@dataclass(frozen=True, slots=True)
class Simulation:
    mail: Mail
    bis: RfcVerdict
    """RFC 9989."""
    old: RfcVerdict
    """RFC 7489."""
    advice: tuple[Finding, ...] = ()

    @property
    def verdicts(self) -> tuple[RfcVerdict, RfcVerdict]:
        return self.bis, self.old


def simulate(
    mail: Mail,
    tree: Tree,
    *,
    org_of: OrgOf = estimated_org,
    existence: Answer | None = None,
) -> Simulation:
    """Judge `mail` by the records in `tree`, which `read_tree` makes of the answers.

    Args:
        org_of: the organizational domain by a public suffix list, for RFC 7489.
        existence: an answer to any question for the From domain itself (see `discover`).
    """
    plain_mail = Mail(plain(mail.author), plain(mail.dkim), plain(mail.mail_from))
    bis, old = (
        _verdict(plain_mail, tree, rfc, org_of, existence) for rfc in (Rfc.RFC9989, Rfc.RFC7489)
    )
    simulation = Simulation(plain_mail, bis, old)
    return replace(simulation, advice=tuple(_advice(simulation, tree)))


def _verdict(
    mail: Mail, tree: Tree, rfc: Rfc, org_of: OrgOf, existence: Answer | None
) -> RfcVerdict:
    now = found = discover(mail.author, tree, rfc=rfc, org_of=org_of, existence=existence)
    if found.found is Found.NONE and found.record is None:
        # The rows then tell how it will be once there is a record, which is the useful answer:
        # without one, the walk makes each domain an organization of its own.
        tree = with_record(tree, org_of(mail.author), DMARC_VALUE)
        found = replace(discover(mail.author, tree, rfc=rfc, org_of=org_of), found=Found.NONE)
    used = {Mechanism.DKIM: mail.dkim, Mechanism.SPF: mail.mail_from or DEFAULT_MAIL_FROM}
    rows = tuple(
        align(mechanism, domain, found, tree, org_of=org_of) for mechanism, domain in used.items()
    )
    return RfcVerdict(rfc, _result(found, rows), now, rows)


def _result(found: Discovery, rows: tuple[Row, ...]) -> Result:
    if found.found is Found.NONE:
        return Result.NO_POLICY
    states = {row.aligned for row in rows}
    if found.found is Found.UNKNOWN and found.record is None:
        return Result.UNKNOWN
    if Aligned.YES in states:
        return Result.PASS
    return Result.UNKNOWN if Aligned.UNKNOWN in states else Result.FAIL


def _advice(simulation: Simulation, tree: Tree) -> Iterator[Finding]:
    mail, bis, old = simulation.mail, simulation.bis, simulation.old
    if bis.result is Result.UNKNOWN:
        text = _("Whether mail will pass could not be found out: a name server did not answer.")
        yield Finding(AlignmentCode.UNKNOWN, Severity.UNKNOWN, text)
    if bis.result is Result.NO_POLICY:
        text = _("No DMARC record applies to {domain}; Gmail and Yahoo want one from bulk senders.")
        text = text.format(domain=mail.author)
        yield Finding(AlignmentCode.NO_POLICY, Severity.WARNING, text)
    yield from _advice_dkim(mail, bis)
    yield from _advice_spf(mail, bis)
    for row, before in zip(bis.rows, old.rows, strict=True):
        # Where a suffix list sees two organizations, no record joins them.
        if row.aligned is Aligned.NO and not row.strict and before.aligned is Aligned.YES:
            yield _divided(mail, row, tree)
    yield from _advice_result(simulation)


def _advice_dkim(mail: Mail, bis: RfcVerdict) -> Iterator[Finding]:
    if not mail.dkim:
        text = _("No DKIM signature of yours: turn on signing, or mail depends on SPF alone.")
        yield Finding(AlignmentCode.NO_DKIM, Severity.ERROR, text)
    elif not related(mail.dkim, mail.author):
        text = _("The signature is for {dkim}, which has nothing to do with {author}.")
        text = text.format(dkim=mail.dkim, author=mail.author)
        yield Finding(AlignmentCode.FOREIGN_DKIM, Severity.ERROR, text)
    elif bis.rows[0].strict and mail.dkim != mail.author:
        text = _(
            "adkim=s: only a signature for {author} itself counts, not one for {dkim}. Verify "
            "{author} in SES as an identity of its own."
        ).format(author=mail.author, dkim=mail.dkim)
        yield Finding(AlignmentCode.ADKIM_STRICT, Severity.ERROR, text)


def _advice_spf(mail: Mail, bis: RfcVerdict) -> Iterator[Finding]:
    if not mail.mail_from:
        text = _(
            "Without a custom MAIL FROM domain SPF passes for amazonses.com, not for {author}: "
            "DKIM alone carries DMARC."
        ).format(author=mail.author)
        yield Finding(AlignmentCode.DEFAULT_MAIL_FROM, Severity.WARNING, text)
    elif not related(mail.mail_from, mail.author):
        text = _("The MAIL FROM domain {mail_from} has nothing to do with {author}.")
        text = text.format(mail_from=mail.mail_from, author=mail.author)
        yield Finding(AlignmentCode.FOREIGN_MAIL_FROM, Severity.WARNING, text)
    elif bis.rows[1].strict and mail.mail_from != mail.author:
        text = _(
            "aspf=s: SPF cannot align, since {mail_from} is not {author} itself. DKIM carries "
            "DMARC: keep all its records. With aspf=r, which is the default, SPF would align too."
        ).format(mail_from=mail.mail_from, author=mail.author)
        yield Finding(AlignmentCode.ASPF_STRICT, Severity.WARNING, text)


def _divided(mail: Mail, row: Row, tree: Tree) -> Finding:
    """One organization by the suffix list, two by the walk: a record above is missing, or psd."""
    above = shared(mail.author, row.domain)
    for domain in (mail.author, row.domain, above):
        record = at(tree, domain).record
        if record is not None and record.psd != "u":
            text = _(
                "The record of {domain} has psd={psd}, so that {author} and {other} count as two "
                "organizations, and {mechanism} does not align."
            ).format(
                domain=domain,
                psd=record.psd,
                author=mail.author,
                other=row.domain,
                mechanism=row.mechanism,
            )
            return Finding(AlignmentCode.PSD_DIVIDES, Severity.WARNING, text)
    text = _(
        "There is no DMARC record at _dmarc.{above}, so for newer receivers (RFC 9989) {author} "
        "and {other} are two organizations, and {mechanism} does not align. Publish one there too."
    ).format(above=above, author=mail.author, other=row.domain, mechanism=row.mechanism)
    return Finding(AlignmentCode.OWN_ORGANIZATION, Severity.WARNING, text)


def _advice_result(simulation: Simulation) -> Iterator[Finding]:
    bis, old = simulation.verdicts
    fails = [verdict for verdict in simulation.verdicts if verdict.result is Result.FAIL]
    if fails:
        worst = max(fails, key=lambda verdict: (verdict.policy or Policy.NONE).strength)
        policy = worst.policy or Policy.NONE
        text = _(
            "Mail will fail DMARC: nothing that vouches for it is aligned. Receivers are asked "
            "to {what} ({policy})."
        ).format(what=policy.word, policy=policy)
        severity = Severity.WARNING if policy is Policy.NONE else Severity.ERROR
        yield Finding(AlignmentCode.NOTHING_ALIGNED, severity, text)
    aligned = [row.mechanism for row in bis.rows if row.aligned is Aligned.YES]
    if bis.result is Result.PASS and len(aligned) == 1:
        text = _("Only {mechanism} is aligned: when it breaks, mail fails DMARC.")
        yield Finding(AlignmentCode.ONE_LEG, Severity.OK, text.format(mechanism=aligned[0]))
    known = Result.UNKNOWN not in (bis.result, old.result)
    if known and (bis.result, bis.policy) != (old.result, old.policy):
        text = _(
            "Receivers differ: by RFC 9989 it is “{bis}”, by RFC 7489 “{old}”. For years there "
            "will be both."
        ).format(bis=_said(bis), old=_said(old))
        yield Finding(AlignmentCode.RFCS_DIFFER, Severity.WARNING, text)


def _said(verdict: RfcVerdict) -> str:
    policy = f", {verdict.discovery.tag}={verdict.policy}" if verdict.policy else ""
    return f"{verdict.result.word}{policy}"
