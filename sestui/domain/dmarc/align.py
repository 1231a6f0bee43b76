"""Alignment of one authenticated domain with the From domain (RFC 9989 section 4.10.2).

RFC 7489 section 3.1 has the same rule, with another way to the organizational domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.dmarc.organization import OrgOf
from sestui.domain.dmarc.policy import Rfc
from sestui.domain.dmarc.walk import Discovery, Tree, organization, plain
from sestui.domain.i18n import _


class Mechanism(StrEnum):
    DKIM = "DKIM"
    SPF = "SPF"


class Aligned(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def word(self) -> str:
        return {
            Aligned.YES: _("aligned"),
            Aligned.NO: _("not aligned"),
            Aligned.UNKNOWN: _("could not find out"),
        }[self]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    mechanism: Mechanism
    domain: str
    strict: bool
    aligned: Aligned
    why: str

    @property
    def mode(self) -> str:
        return _("strict") if self.strict else _("relaxed")


def align(mechanism: Mechanism, domain: str, found: Discovery, tree: Tree, *, org_of: OrgOf) -> Row:
    """Whether `domain`, which `mechanism` vouches for, is aligned with the From domain.

    Args:
        domain: `d=` of the signature, or the MAIL FROM domain; empty when there is none.
        found: the record that applies to the From domain, and by which RFC.
    """
    record = found.record
    spf = mechanism is Mechanism.SPF
    strict = record is not None and (record.strict_spf if spf else record.strict_dkim)
    if not domain:
        return Row(mechanism, "", strict, Aligned.NO, _("Nothing signs this mail."))
    if domain == found.domain:
        return Row(mechanism, domain, strict, Aligned.YES, _("It is the From domain itself."))
    if strict:
        why = _("Strict: it would have to be {author} itself.").format(author=found.domain)
        return Row(mechanism, domain, strict, Aligned.NO, why)
    if not related(domain, found.domain):
        why = _("It belongs to another organization.")
        return Row(mechanism, domain, strict, Aligned.NO, why)
    old = found.rfc is Rfc.RFC7489
    org = plain(org_of(domain)) if old else organization(domain, tree) or ""
    author_org = found.org
    if not author_org or not org:
        why = _("The organizational domain could not be found out.")
        return Row(mechanism, domain, strict, Aligned.UNKNOWN, why)
    if author_org == org:
        why = _("Both belong to the organizational domain {org}.").format(org=org)
        return Row(mechanism, domain, strict, Aligned.YES, why)
    why = _("Its organizational domain is {org}, that of the From domain is {author_org}.").format(
        org=org, author_org=author_org
    )
    return Row(mechanism, domain, strict, Aligned.NO, why)


def related(one: str, other: str) -> bool:
    """True when they share more than the top level, so that one organization may have both."""
    return "." in shared(one, other)


def shared(one: str, other: str) -> str:
    """The longest name that both are at or below; empty for none."""
    labels: list[str] = []
    for left, right in zip(one.split(".")[::-1], other.split(".")[::-1], strict=False):
        if left != right:
            break
        labels.insert(0, left)
    return ".".join(labels)
