"""What a receiver's filter made of a mail, as its headers say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sestui.domain.i18n import _
from sestui.domain.received.source import Source


@dataclass(frozen=True, slots=True)
class Filtered:
    """One filter's opinion."""

    spam: bool
    said: str
    """What the header says, short and printable."""


def filtered(source: Source) -> tuple[Filtered, ...]:
    """The opinions of all filters that wrote one; the topmost header of each kind only."""
    found = [
        _microsoft(source),
        _yes_no(source, "x-spam-status", r"yes\b"),
        _yes_no(source, "x-spam-flag", r"yes\b"),
        _yes_no(source, "x-spam", r"yes\b"),
        _yes_no(source, "x-ses-spam-verdict", r"fail\b"),
        _yes_no(source, "x-yahoofilteredbulk", r"\S"),
        _yes_no(source, "x-yandex-spam", r"4\b"),
    ]
    return tuple(each for each in found if each is not None)


def _microsoft(source: Source) -> Filtered | None:
    """X-Forefront-Antispam-Report (Microsoft Learn, "Anti-spam message headers"): SCL 5 and more is
    spam, SFV says why a message was filtered or not, CAT which policy took it."""
    report = source.first("x-forefront-antispam-report")
    level = source.first("x-ms-exchange-organization-scl")
    if not report and not level:
        return None
    fields = dict(part.strip().partition(":")[::2] for part in report.split(";"))
    level = fields.get("SCL") or level
    number = int(level) if re.fullmatch(r"-?\d{1,3}", level) else 0
    reason, category = fields.get("SFV", ""), fields.get("CAT", "")
    spam = number >= 5 or reason in ("SPM", "SKB", "SKS")
    parts = (("SCL", level), ("SFV", reason), ("CAT", category))
    said = ", ".join(f"{name} {text}" for name, text in parts if text and text != "NONE")
    return Filtered(spam, _("Microsoft: {said}").format(said=said[:80]))


def _yes_no(source: Source, name: str, spam: str) -> Filtered | None:
    value = source.first(name)
    if not value:
        return None
    return Filtered(
        re.match(spam, value, re.IGNORECASE) is not None, f"{name.title()}: {value[:80]}"
    )
