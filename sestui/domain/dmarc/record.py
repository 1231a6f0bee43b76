"""One DMARC record: its tags, what is wrong with it, and what it asks for.

RFC 9989 sections 4.7 and 4.8, and RFC 7489 section 6.3 where the two differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sestui.domain.dmarc.checks import examine
from sestui.domain.dmarc.findings import Finding, codes
from sestui.domain.dmarc.policy import Policy, Rfc
from sestui.domain.dmarc.repair import rebuild
from sestui.domain.dmarc.tags import Tag, split_tags
from sestui.domain.dmarc.uris import ReportUri, report_uris
from sestui.domain.severity import Severity

MAX_TEXT = 4096
"""No record is nearly as long; what is behind it is not looked at."""


@dataclass(frozen=True, slots=True)
class Record:
    """A text at a `_dmarc` name, read."""

    text: str
    tags: tuple[Tag, ...]
    recognised: bool
    """Receivers take it for a DMARC record: it begins with `v=DMARC1`, in just this form."""
    intended: bool
    """Recognised, or meant to be: something with `DMARC1`, `p=reject` or the like in it."""
    findings: tuple[Finding, ...] = ()
    repaired: str = ""
    """The record as it should be; empty when it is fine, or when only its owner can decide."""

    def value(self, name: str) -> str:
        """The value of tag `name`; of several, the first. Empty when it is not there."""
        return next((tag.value for tag in self.tags if tag.name == name), "")

    def has(self, name: str) -> bool:
        return any(tag.name == name for tag in self.tags)

    @property
    def p(self) -> Policy | None:
        """What `p` asks for; None when it is missing or invalid."""
        return Policy.parse(self.value("p"))

    @property
    def sp(self) -> Policy | None:
        """For subdomains that exist; None: as `p`."""
        return Policy.parse(self.value("sp"))

    @property
    def np(self) -> Policy | None:
        """For subdomains that do not exist (RFC 9989 only); None: as `sp`, else as `p`."""
        return Policy.parse(self.value("np"))

    @property
    def psd(self) -> str:
        """y: a public suffix; n: an organizational domain for sure; u: the walk decides."""
        value = self.value("psd").lower()
        return value if value in ("y", "n") else "u"

    @property
    def testing(self) -> bool:
        """`t=y`: the policy one step weaker is applied (RFC 9989 only)."""
        return self.value("t").lower() == "y"

    @property
    def strict_dkim(self) -> bool:
        return self.value("adkim").lower() == "s"

    @property
    def strict_spf(self) -> bool:
        return self.value("aspf").lower() == "s"

    @property
    def percent(self) -> int:
        """`pct` (RFC 7489 only): the share of failing mail the policy is applied to."""
        value = self.value("pct")
        valid = value.isascii() and value.isdigit() and len(value) <= 3
        return min(100, int(value)) if valid else 100

    @property
    def rua(self) -> tuple[ReportUri, ...]:
        return self._uris("rua")

    @property
    def ruf(self) -> tuple[ReportUri, ...]:
        return self._uris("ruf")

    def _uris(self, name: str) -> tuple[ReportUri, ...]:
        return next((report_uris(tag) for tag in self.tags if tag.name == name), ())

    def applied(self, rfc: Rfc, tag: str = "p") -> Policy | None:
        """The policy receivers act on for `tag` (p, sp or np); None: no DMARC processing at all.

        RFC 9989 section 4.10.1, RFC 7489 section 6.6.3: one invalid policy and an address for
        reports make it `none`; without such an address the record is worth nothing.
        """
        bis = rfc is Rfc.RFC9989
        watched = ("sp", "np") if bis else ("sp",)
        bad = any(self.has(name) and Policy.parse(self.value(name)) is None for name in watched)
        if self.p is None or bad:
            return Policy.NONE if any(uri.valid for uri in self.rua) else None
        policy = {
            "p": self.p,
            "sp": self.sp or self.p,
            "np": (bis and self.np) or self.sp or self.p,
        }[tag]
        return policy.one_weaker if bis and self.testing else policy


def parse(text: str) -> Record:
    """Read one TXT value from a `_dmarc` name. Never raises."""
    text = text[:MAX_TEXT]
    seen = examine(text)
    better = rebuild(text) if seen.intended else ""
    if better and not _is_better(seen.findings, better):
        better = ""
    return Record(text, split_tags(text), seen.recognised, seen.intended, seen.findings, better)


def _is_better(before: Iterable[Finding], text: str) -> bool:
    """True when `text` is free of errors and has fewer remarks than there were."""
    after = examine(text)
    if not after.recognised or any(f.severity is Severity.ERROR for f in after.findings):
        return False
    return set(_remarks(after.findings)) < set(_remarks(before))


def _remarks(findings: Iterable[Finding]) -> tuple[str, ...]:
    return codes(f for f in findings if f.severity is not Severity.OK)
