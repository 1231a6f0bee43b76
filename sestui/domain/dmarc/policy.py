"""The policies a domain can ask for, from none to reject (RFC 9989 section 4.7, tag `p`)."""

from __future__ import annotations

from enum import StrEnum

from sestui.domain.i18n import _


class Rfc(StrEnum):
    """The two texts receivers follow; for years there will be both."""

    RFC9989 = "RFC 9989"
    """2026: the tree walk; no public suffix list."""
    RFC7489 = "RFC 7489"
    """2015: the organizational domain comes from a public suffix list."""


class Policy(StrEnum):
    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"

    @property
    def strength(self) -> int:
        return tuple(Policy).index(self)

    @property
    def one_weaker(self) -> Policy:
        """What is applied in test mode (tag `t=y`)."""
        return tuple(Policy)[max(0, self.strength - 1)]

    @property
    def word(self) -> str:
        return {
            Policy.NONE: _("deliver as usual"),
            Policy.QUARANTINE: _("put it into spam"),
            Policy.REJECT: _("refuse it"),
        }[self]

    @classmethod
    def parse(cls, text: str) -> Policy | None:
        """The policy in `text`; its letters have no case (RFC 5234 section 2.3)."""
        return next((policy for policy in cls if policy == text.lower()), None)
