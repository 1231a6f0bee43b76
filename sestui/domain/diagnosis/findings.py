"""What is not about one record: a stable code, how bad it is, a sentence, perhaps what to do."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.severity import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """`Severity.OK` is for what is good to know and needs nothing."""

    code: str
    """Stable: scripts compare it."""
    severity: Severity
    text: str
    action: str = ""
    """What the wizard can do about it: `restart` (SES gave up), `mail_from` (set it in SES)."""
