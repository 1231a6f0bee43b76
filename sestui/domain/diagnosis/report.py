"""All that one check of a domain has found out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sestui.domain.alignment import Simulation
from sestui.domain.diagnosis.findings import Finding
from sestui.domain.diagnosis.verdicts import RecordCheck
from sestui.domain.dns import Zone
from sestui.domain.providers import Provider
from sestui.domain.severity import Severity
from sestui.domain.spf import Authorisation, Branch


@dataclass(frozen=True, slots=True)
class Report:
    domain: str
    at: datetime
    checks: tuple[RecordCheck, ...] = ()
    findings: tuple[Finding, ...] = ()
    zone: Zone = field(default_factory=Zone)
    provider: Provider | None = None
    alignment: Simulation | None = None
    """Whether mail will pass DMARC, under both RFCs."""
    spf: Authorisation | None = None
    """Of the MAIL FROM domain: whether SES may send, and by which way."""
    root_spf: Branch | None = None
    """The tree of includes of the domain's own record; None when it has none."""
    settings_url: str = ""
    """Where the DNS host tells of itself (`domain_connect`), to be fetched only if the person
    agrees; empty when it does not."""

    @property
    def well(self) -> bool:
        return all(check.severity is Severity.OK for check in self.checks)
