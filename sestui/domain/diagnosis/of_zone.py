"""Findings about the zone: who is responsible for it, and whether they agree.

RFC 1034 section 4.2.2 (the parent's NS set and the zone's own are to be the same), RFC 4697
section 2 (lame servers).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sestui.domain.diagnosis.findings import Finding
from sestui.domain.diagnosis.verdicts import RecordCheck, Verdict
from sestui.domain.dns import Outcome, Zone, ZoneServer
from sestui.domain.i18n import _
from sestui.domain.severity import Severity


def zone_findings(zone: Zone, checks: Iterable[RecordCheck]) -> tuple[Finding, ...]:
    """What is wrong with the zone itself; an empty tuple when its servers agree and answer."""
    checks = tuple(checks)
    found: list[Finding] = []
    if zone.trouble:
        text = _("The name servers of the domain could not be found: {why}.")
        found.append(
            Finding("zone_unknown", Severity.UNKNOWN, text.format(why=zone.trouble.rstrip(".")))
        )
    found += _second_hand(checks)
    found += _delegation(zone)
    found += _servers(zone)
    found += _serials(zone, checks)
    if zone.bogus:
        text = _(
            "DNSSEC of {apex} is broken ({why}): resolvers that check it refuse every answer. The "
            "DS record at the registrar matches no key of the zone."
        ).format(apex=zone.apex, why=zone.bogus)
        found.append(Finding("dnssec_broken", Severity.ERROR, text))
    return tuple(found)


def _second_hand(checks: tuple[RecordCheck, ...]) -> Iterator[Finding]:
    from_resolvers = {
        answer.server for check in checks for answer in check.evidence if answer.second_hand
    }
    if from_resolvers:
        text = _(
            "The domain's own name servers do not answer this machine (port 53 may be blocked "
            "here), so {servers} was asked instead. What it says may be old."
        ).format(servers=", ".join(sorted(from_resolvers)))
        yield Finding("asked_resolvers", Severity.WARNING, text)


def _delegation(zone: Zone) -> Iterator[Finding]:
    parent, own = set(zone.parent_nameservers), set(zone.nameservers)
    if not parent or not own or parent == own:
        return
    names = {"parent": ", ".join(sorted(parent)), "own": ", ".join(sorted(own)), "apex": zone.apex}
    if not parent & own:
        text = _(
            "The registry sends the world to {parent}; the zone itself names {own}. Records that "
            "are added at the latter are seen by nobody."
        )
        yield Finding("delegation_elsewhere", Severity.ERROR, text.format(**names))
        return
    text = _("The registry names {parent} for {apex}, the zone itself {own}. They should agree.")
    yield Finding("delegation_differs", Severity.WARNING, text.format(**names))


def _servers(zone: Zone) -> Iterator[Finding]:
    lame = [server for server in zone.servers if server.outcome is Outcome.BROKEN]
    silent = [server for server in zone.servers if server.outcome is Outcome.TIMED_OUT]
    if lame:
        text = _("{servers} is named as a name server of {apex}, and does not serve it ({detail}).")
        said = text.format(servers=_places(lame), apex=zone.apex, detail=lame[0].detail)
        all_of_them = len(lame) == len(zone.servers)
        yield Finding("server_lame", Severity.ERROR if all_of_them else Severity.WARNING, said)
    if silent and len(silent) < len(zone.servers):
        text = _("{servers} gives no answer; the other name servers do.")
        yield Finding("server_silent", Severity.WARNING, text.format(servers=_places(silent)))


def _serials(zone: Zone, checks: tuple[RecordCheck, ...]) -> Iterator[Finding]:
    """A hint only: some DNS hosts keep the serial at 1, others number each server by itself."""
    serials = {server.serial for server in zone.servers if server.serial is not None}
    if len(serials) < 2:
        return
    behind = any(check.verdict is Verdict.ON_SOME_SERVERS for check in checks)
    text = _("The name servers have different versions of the zone: {list}.").format(
        list=", ".join(f"{s.place} {s.serial}" for s in zone.servers if s.serial is not None)
    )
    yield Finding("serials_differ", Severity.WARNING if behind else Severity.OK, text)


def _places(servers: Iterable[ZoneServer]) -> str:
    return ", ".join(server.place for server in servers)
