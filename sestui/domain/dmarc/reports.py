"""Reports that go to another organization: it has to agree (RFC 9990 section 4).

RFC 7489 section 7.1 says the same, with the organizational domain by a public suffix list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.dmarc.findings import Code, Finding
from sestui.domain.dmarc.organization import OrgOf, estimated_org
from sestui.domain.dmarc.record import Record, parse
from sestui.domain.dmarc.uris import ReportUri
from sestui.domain.dmarc.walk import can_exist, plain
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.names import is_below
from sestui.domain.severity import Severity


class Consent(StrEnum):
    GIVEN = "given"
    REFUSED = "refused"
    """There is no such record: receivers must not send reports there."""
    MOVED_AWAY = "moved away"
    """The record names an address elsewhere, so reports go to neither."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Destination:
    """A place outside the organization that reports are to go to."""

    uri: ReportUri
    domain: str
    """Whose record names it: where the record was found, not the From domain."""

    @property
    def host(self) -> str:
        return self.uri.host

    @property
    def name(self) -> str:
        """Where the destination has to publish `v=DMARC1`."""
        return f"{self.domain}._report._dmarc.{self.host}"


def destinations(
    record: Record, domain: str, *, org_of: OrgOf = estimated_org
) -> tuple[Destination, ...]:
    """The places outside the organization of `domain`, each once.

    The organizational domains are those of `org_of`: a walk for each destination would ask for
    much to settle little, since both ways agree on what is outside in all but odd cases.
    """
    domain = plain(domain)
    found: dict[str, Destination] = {}
    for uri in (*record.rua, *record.ruf):
        # To be inside it is enough to be below: nobody else can publish there.
        inside = not uri.host or is_below(uri.host, domain) or org_of(uri.host) == org_of(domain)
        if not inside:
            found.setdefault(uri.host, Destination(uri, domain))
    return tuple(found.values())


def report_questions(places: Iterable[Destination]) -> tuple[tuple[str, str], ...]:
    return tuple((place.name, "TXT") for place in places if can_exist(place.name))


def consent(place: Destination, answer: Answer | None) -> Consent:
    """What `answer`, to TXT at `place.name`, says; None for a name that DNS cannot hold."""
    if answer is None:
        return Consent.REFUSED
    if not answer.certain:
        return Consent.UNKNOWN
    values = answer.values if answer.outcome is Outcome.FOUND else ()
    read = [parse(value) for value in values]
    given = [record for record in read if record.recognised]
    if not given:
        return Consent.REFUSED
    moved = [uri.host for record in given for uri in (*record.rua, *record.ruf) if uri.host]
    return Consent.MOVED_AWAY if any(host != place.host for host in moved) else Consent.GIVEN


def report_findings(
    places: Iterable[Destination], answers: Iterable[Answer]
) -> tuple[Finding, ...]:
    """Remarks about destinations that do not, or perhaps do not, take reports."""
    by_name = {plain(answer.name): answer for answer in answers}
    found = []
    for place in places:
        answer = by_name.get(place.name)
        if answer is None and can_exist(place.name):
            state = Consent.UNKNOWN
        else:
            state = consent(place, answer)
        if state is not Consent.GIVEN:
            found.append(_finding(place, state, answer))
    return tuple(found)


def _finding(place: Destination, state: Consent, answer: Answer | None) -> Finding:
    if state is Consent.UNKNOWN:
        code, severity = Code.REPORTS_UNKNOWN, Severity.UNKNOWN
        text = _("Could not find out whether {host} takes reports about {domain} ({detail}).")
    elif state is Consent.MOVED_AWAY:
        code, severity = Code.REPORTS_MOVED_AWAY, Severity.WARNING
        text = _("{host} sends the reports about {domain} on to elsewhere, so nobody gets them.")
    else:
        code, severity = Code.REPORTS_REFUSED, Severity.WARNING
        text = _(
            "{host} has not agreed to take reports about {domain}, so receivers send none. "
            "Its owner must publish TXT “v=DMARC1;” at {name}."
        )
    detail = answer.detail or str(answer.outcome) if answer else _("not asked")
    return Finding(
        code,
        severity,
        text.format(host=place.host, domain=place.domain, name=place.name, detail=detail),
        place.uri.at,
    )
