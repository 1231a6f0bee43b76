"""Check a domain: what the world's name servers say of it, what is wrong, and why.

All that is independent is asked at once. When all is well and the servers are known it takes as
many round trips as SPF includes are deep, at least two; what is missing or wrong is then looked
into with all its questions at once, in two more rounds at most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sestui.domain import dmarc, domain_connect, spf
from sestui.domain.alignment import Mail, Simulation, simulate
from sestui.domain.diagnosis import Question, RecordCheck, Scene, diagnose, keep_since, key, wanted
from sestui.domain.diagnosis.findings import Finding
from sestui.domain.diagnosis.of_mail import (
    USUAL_LABELS,
    alignment_findings,
    dmarc_findings,
    leftovers,
    mail_from_findings,
    notes_of,
    root_spf_findings,
)
from sestui.domain.diagnosis.of_ses import ses_findings
from sestui.domain.diagnosis.of_zone import zone_findings
from sestui.domain.diagnosis.report import Report
from sestui.domain.dns import Answer, Outcome, Zone
from sestui.domain.identity import Identity
from sestui.domain.names import is_below
from sestui.domain.providers import recognise
from sestui.domain.records import Purpose, RequiredRecord, required_records
from sestui.domain.severity import Severity
from sestui.gateways.ports import Dns
from sestui.workflows.questions import Questions

Now = Callable[[], datetime]
ROUNDS = 2
"""Of looking into what is wrong: the first tells what it is, the second whether that is sure."""


@dataclass(frozen=True, slots=True)
class Target:
    """What to check."""

    domain: str
    records: tuple[RequiredRecord, ...]
    identity: Identity | None = None
    """None when AWS is not asked."""
    hosts: tuple[str, ...] = ()
    """Name servers where someone may be typing, such as those of a hosted zone of the account."""

    @classmethod
    def of(cls, identity: Identity, region: str, hosts: Sequence[str] = ()) -> Target:
        return cls(identity.name, required_records(identity, region), identity, tuple(hosts))

    @property
    def mail_from(self) -> str:
        """The custom MAIL FROM domain; empty for Amazon's."""
        names = (r.name for r in self.records if r.purpose is Purpose.MAIL_FROM)
        return next(names, "")

    @property
    def mail(self) -> Mail:
        """What a mail of this identity carries."""
        signs = self.identity is None or self.identity.dkim.signing_enabled
        return Mail(self.domain, self.domain if signs else "", self.mail_from)


async def check_domain(
    dns: Dns, target: Target, before: Iterable[RecordCheck] = (), *, now: Now
) -> Report:
    """A verdict on each record, and findings about the rest; nothing here raises for DNS.

    Args:
        before: the checks of an earlier look, for the time since when a verdict stands.
    """
    if not target.records:
        return Report(target.domain, now())
    return await _Run(dns, target, now).report(tuple(before))


@dataclass(slots=True)
class _Run:
    dns: Dns
    target: Target
    now: Now
    questions: Questions = field(init=False)
    each: dict[RequiredRecord, tuple[Answer, ...]] = field(default_factory=dict)
    zone: Zone = field(default_factory=Zone)
    authorised: spf.Authorisation | None = None
    root: spf.Branch | None = None
    consent: tuple[dmarc.Finding, ...] = ()
    elsewhere: dict[Question, tuple[Answer, ...]] = field(default_factory=dict)
    resolvers: dict[Question, tuple[Answer, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.questions = Questions(self.dns, self.target.domain)

    async def report(self, before: tuple[RecordCheck, ...]) -> Report:
        async with asyncio.TaskGroup() as tasks:
            zone = tasks.create_task(self.dns.zone(self.target.domain))
            await asyncio.gather(self.ask_each(), self.questions.ask(self.beside()))
            mail = tasks.create_task(self.follow_spf())
            consent = tasks.create_task(self.ask_consent())
            self.zone = await zone
            await self.look_closer()
        self.authorised, self.root = mail.result()
        self.consent = consent.result()
        known = {check.record: check for check in before}
        at = self.now()
        scene = self.scene
        checks = tuple(
            keep_since(check, known.get(check.record), at) for check in self.checks(scene)
        )
        tree = dmarc.read_tree(self.above_settled())
        existence = scene.answer(self.target.domain, "TXT")
        simulation = simulate(self.target.mail, tree, existence=existence)
        return Report(
            self.target.domain,
            at,
            checks,
            tuple(self.findings(scene, checks, tree, simulation)),
            self.zone,
            scene.provider,
            simulation,
            self.authorised,
            self.root,
            self.settings_url(),
        )

    def settings_url(self) -> str:
        """Domain Connect, for a provider the name servers do not tell."""
        zone = dmarc.estimated_org(self.target.domain)
        answer = self.questions.book.get(key(*domain_connect.question(zone)))
        return domain_connect.settings_url(answer.values, zone) if answer else ""

    # Asking

    async def ask_each(self) -> None:
        """Every server about every record."""
        records = self.target.records
        answers = await self.dns.ask_each([(record.name, record.type) for record in records])
        self.each = dict(zip(records, answers, strict=True))
        for record, given in self.each.items():
            # The best answer there is stands for the record in the book.
            best = sorted(given, key=lambda a: (not a.certain, not a.authoritative, a.no))
            if best:
                self.questions.book[key(record.name, record.type)] = best[0]

    def beside(self) -> list[Question]:
        """What else to know from the first round on."""
        domain, mail_from = self.target.domain, self.target.mail_from
        wishes = [(domain, "TXT"), (domain, "MX"), (f"_amazonses.{domain}", "TXT")]
        wishes += [(r.name, "TXT") for r in self.target.records if r.type == "CNAME"]
        wishes += dmarc.questions(domain, mail_from)
        wishes.append(domain_connect.question(dmarc.estimated_org(domain)))
        if mail_from:
            wishes += [(mail_from, "CNAME"), (spf.SES, "TXT")]
        elif self.target.identity is not None:
            wishes += [(f"{label}.{domain}", "MX") for label in USUAL_LABELS]
        asked = {key(record.name, record.type) for record in self.target.records}
        return [wish for wish in wishes if key(*wish) not in asked]

    async def follow_spf(self) -> tuple[spf.Authorisation | None, spf.Branch | None]:
        """The SPF trees of the MAIL FROM domain and of the domain itself, level by level."""
        cache = spf.Cache(self.questions)
        try:
            return await asyncio.gather(self.of_mail_from(cache), self.of_root(cache))
        finally:
            await cache.close()

    async def of_mail_from(self, cache: spf.Cache) -> spf.Authorisation | None:
        name = self.target.mail_from
        answer = self.questions.book.get(key(name, "TXT"))
        if answer is None or len(spf.read(answer.texts).records) != 1:
            return None
        return await spf.authorises(cache, name)

    async def of_root(self, cache: spf.Cache) -> spf.Branch | None:
        answer = self.questions.book.get(key(self.target.domain, "TXT"))
        if answer is None or len(spf.read(answer.texts).records) != 1:
            return None
        return await spf.explore(cache, self.target.domain)

    async def ask_consent(self) -> tuple[dmarc.Finding, ...]:
        """Whether the places that DMARC reports are to go to take them."""
        found = dmarc.discover(self.target.domain, dmarc.read_tree(self.questions.book.values()))
        if found.record is None:
            return ()
        places = dmarc.destinations(found.record, found.at)
        return dmarc.report_findings(
            places, await self.questions.ask(dmarc.report_questions(places))
        )

    async def look_closer(self) -> None:
        """What is missing or wrong: where it may be instead; what is well: who does not see it."""
        checks = self.checks(self.scene)
        await asyncio.gather(self.probe(checks), self.ask_elsewhere(checks), self.compare(checks))

    async def probe(self, checks: tuple[RecordCheck, ...]) -> None:
        for _round in range(ROUNDS):
            scene = self.scene
            questions = [question for check in checks for question in wanted(check, scene)]
            if not questions:
                return
            await self.questions.ask(questions)
            checks = self.checks(self.scene)

    async def ask_elsewhere(self, checks: tuple[RecordCheck, ...]) -> None:
        """Name servers that the registry does not name, and that may have what is missing."""
        official = set(self.zone.parent_nameservers)
        stated = {*self.zone.nameservers, *self.target.hosts}
        hosts = sorted(stated - (official or set(self.zone.nameservers)))
        bad = [check.record for check in checks if _wrong(check)]
        if not hosts or not bad:
            return
        questions = [key(record.name, record.type) for record in bad]
        answers = await self.dns.ask_each(questions, hosts)
        self.elsewhere = dict(zip(questions, answers, strict=True))

    async def compare(self, checks: tuple[RecordCheck, ...]) -> None:
        """Caches, about names that the responsible servers have said yes to."""
        good = [c.record for c in checks if c.severity is Severity.OK and c.answer.authoritative]
        questions = [key(record.name, record.type) for record in good]
        answers = await self.dns.compare(questions) if questions else ()
        self.resolvers = dict(zip(questions, answers, strict=True))

    # Judging

    @property
    def scene(self) -> Scene:
        zone = self.zone
        return Scene(
            self.target.domain,
            zone,
            self.target.records,
            self.questions.book,
            {self.target.mail_from: self.authorised} if self.authorised else {},
            self.elsewhere,
            self.resolvers,
            recognise(zone.parent_nameservers or zone.nameservers, zone.primary, zone.admin),
        )

    def above_settled(self) -> list[Answer]:
        """All answers, with no record assumed where a registry does not answer for its own.

        A `_dmarc` record above the organization is next to unheard of. Name servers that were
        given refuse such names, and a silent registry must not make all of DMARC unknown.
        """
        ours = dmarc.estimated_org(self.target.domain)
        return [
            replace(answer, outcome=Outcome.NO_SUCH_NAME, values=())
            if not answer.certain and not is_below(answer.name, ours)
            else answer
            for answer in self.questions.book.values()
        ]

    def checks(self, scene: Scene) -> tuple[RecordCheck, ...]:
        return tuple(
            diagnose(record, *self.each[record], scene=scene) for record in self.target.records
        )

    def findings(
        self,
        scene: Scene,
        checks: tuple[RecordCheck, ...],
        tree: dmarc.Tree,
        simulation: Simulation,
    ) -> list[Finding]:
        identity = self.target.identity
        found = list(ses_findings(identity, checks, self.zone)) if identity is not None else []
        found += zone_findings(self.zone, checks)
        found += mail_from_findings(scene, identity)
        found += alignment_findings(simulation)
        found += dmarc_findings(tree, self.target.domain, self.consent)
        found += root_spf_findings(scene, self.target.mail_from, self.root)
        found += leftovers(scene)
        found += notes_of(checks)
        return found


def _wrong(check: RecordCheck) -> bool:
    return check.severity in (Severity.ERROR, Severity.WARNING)
