"""Where a missing record may have ended up: the names people really make of it.

Sources: AWS "Troubleshooting DKIM", "Troubleshooting verification" (whose samples drop a dot
themselves), and reports in issue trackers. Asked only for what is missing, of the authoritative
servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sestui.domain.diagnosis.scene import Question, Scene, key, plain
from sestui.domain.diagnosis.verdicts import Verdict
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.names import MAX_NAME
from sestui.domain.records import Purpose, RequiredRecord


@dataclass(frozen=True, slots=True)
class Probe:
    """A name to look at, and what it means if the record is there."""

    verdict: Verdict
    name: str
    type: str

    @property
    def question(self) -> Question:
        return self.name, self.type


def probes(record: RequiredRecord, domain: str, apex: str) -> tuple[Probe, ...]:
    """The names to look at for one record of the identity `domain` in the zone `apex`."""
    name, domain, apex = plain(record.name), plain(domain), plain(apex or domain)
    found = [
        Probe(verdict, variant, record.type)
        for verdict, variant in _variants(record, name, domain, apex)
        if variant != name and len(variant) <= MAX_NAME and variant.endswith((domain, apex))
    ]
    return tuple({probe.question: probe for probe in reversed(found)}.values())[::-1]


def _variants(
    record: RequiredRecord, name: str, domain: str, apex: str
) -> Iterator[tuple[Verdict, str]]:
    doubled = Verdict.NAME_DOUBLED
    for suffix in (apex, domain, f"{domain}.{apex}"):
        yield doubled, f"{name}.{suffix}"
    if not name.endswith("." + domain):
        return
    left = name[: -len(domain) - 1]
    if record.purpose is not Purpose.DMARC:  # further up it is a policy of its own
        for above in _between(domain, apex):
            yield Verdict.NAME_MISSING_SUBDOMAIN, f"{left}.{above}"
    match record.purpose:
        case Purpose.DKIM:
            token = left.partition(".")[0]
            for base in dict.fromkeys((domain, apex)):
                yield Verdict.NAME_MISSING_DOT, f"{token}_domainkey.{base}"
            odd = Verdict.NAME_MISSPELT
            for variant in ("domainkey", "_domainkeys", "domainkeys", "_dkim"):
                yield odd, f"{token}.{variant}.{domain}"
            yield odd, f"_{token}._domainkey.{domain}"
            yield odd, f"{token}.{domain}"
            yield odd, f"_domainkey.{domain}"
        case Purpose.MAIL_FROM if record.type == "MX":
            # At the domain itself it does harm: it takes the place of the mailboxes' MX.
            yield Verdict.NAME_MISSING_SUBDOMAIN, domain
        case Purpose.DMARC:
            for variant in ("dmarc", "_dmarc_", "_dmark", "__dmarc"):
                yield Verdict.NAME_MISSPELT, f"{variant}.{domain}"
            yield Verdict.NAME_MISSPELT, domain


def _between(domain: str, apex: str) -> Iterator[str]:
    """The names from above `domain` up to the apex."""
    while domain != apex and domain.endswith("." + apex):
        domain = domain.partition(".")[2]
        yield domain


def hits(record: RequiredRecord, scene: Scene) -> Iterator[tuple[Probe, Answer]]:
    """The probes that have an answer, the likeliest mistake first."""
    for probe in probes(record, scene.domain, scene.apex):
        answer = scene.book.get(key(*probe.question))
        if answer is not None and answer.outcome is Outcome.FOUND:
            yield probe, answer


def cause(probe: Probe, scene: Scene) -> str:
    """What happened, in one sentence."""
    match probe.verdict:
        case Verdict.NAME_DOUBLED:
            text = _(
                "The record is there, one domain too far: {found}. The panel adds {zone} to names "
                "by itself."
            )
        case Verdict.NAME_MISSING_SUBDOMAIN:
            text = _("The record is at {found}: the subdomain was left out of its name.")
        case Verdict.NAME_MISSING_DOT:
            text = _("The record is at {found}: the dot before “_domainkey” was left out.")
        case _other:
            text = _("The record is at {found}, where nobody looks for it.")
    return text.format(found=probe.name, zone=scene.apex)
