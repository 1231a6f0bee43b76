"""Look up what will become of a mail before it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sestui.domain.i18n import _
from sestui.domain.mail.message import Message
from sestui.domain.names import is_below
from sestui.domain.preflight import Facts, Gap
from sestui.domain.preflight.facts import counted
from sestui.gateways.ports import Cloud, GatewayError

MOST_LOOKUPS = 10
"""Recipients that are looked up on the suppression list: SES allows one question a second."""

Now = Callable[[], datetime]
Found = TypeVar("Found")


async def look(
    cloud: Cloud, message: Message, known: Facts, *, now: Now | None = None
) -> AsyncIterator[Facts]:
    """What is known, and then more and more of it; nothing here raises.

    What `known` holds already is not asked for again, so the last facts are a good beginning for
    the next message; `Facts.without` forgets what an action has changed. A lookup that fails is a
    gap, and the others go on.

    Args:
        now: to check the DNS of the sender's domain too, unless `known` has a report of it.
    """
    looking = _Look(cloud, message, replace(known, region=cloud.connection.region, gaps=()))
    told = None
    async for _step in looking.steps(now):
        if looking.facts is not told:
            told = looking.facts
            yield told


@dataclass(slots=True)
class _Look:
    cloud: Cloud
    message: Message
    facts: Facts

    async def steps(self, now: Now | None) -> AsyncIterator[None]:
        """Yields where there may be something new in `facts`."""
        yield
        await self.account()
        await self.identities()
        await self.read_set(self.message.configuration_set)
        yield
        wanted = [a for a in counted(self.message) if a not in self.facts.suppressed]
        for address in wanted[:MOST_LOOKUPS]:
            answered = await self.suppressed(address)
            yield
            if not answered:
                break  # neither would the next one be, and a time-out takes long
        if more := len(wanted[MOST_LOOKUPS:]):
            self.gap(
                _("Whether {n} more recipients are on the suppression list").format(n=more),
                _("Only the first {n} were looked up.").format(n=MOST_LOOKUPS),
            )
        await self.acting()
        if not self.message.configuration_set:
            await self.read_set(self.facts.set_name(self.message))
        if now is not None:
            await self.check(now)
        yield

    async def account(self) -> None:
        if self.facts.account is None:
            account = await self.ask(_("Sandbox and quota"), self.cloud.ses.account())
            self.facts = replace(self.facts, account=account)

    async def identities(self) -> None:
        if self.facts.identities is None:
            rows = await self.ask(_("Which identities there are"), self.cloud.ses.identities())
            self.facts = replace(self.facts, identities=rows)

    async def read_set(self, name: str) -> None:
        if not name or name in self.facts.sets:
            return
        about = _("Whether the configuration set {name} lets mail through").format(name=name)
        gaps = self.facts.gaps
        found = await self.ask(about, self.cloud.ses.configuration_set(name))
        if self.facts.gaps == gaps:
            self.facts = replace(self.facts, sets={**self.facts.sets, name: found})

    async def acting(self) -> None:
        """The identity whose settings count, and the one behind it."""
        for row in self.facts.acting(self.message.sender)[:2]:
            if row.name in self.facts.details:
                continue
            about = _("How the identity {name} is set up").format(name=row.name)
            gaps = self.facts.gaps
            found = await self.ask(about, self.cloud.ses.identity(row.name))
            if self.facts.gaps == gaps:
                details = {**self.facts.details, row.name: found}
                self.facts = replace(self.facts, details=details)

    async def suppressed(self, address: str) -> bool:
        """True when it was answered."""
        about = _("Whether {address} is on the suppression list").format(address=address)
        gaps = self.facts.gaps
        found = await self.ask(about, self.cloud.ses.suppressed(address))
        if self.facts.gaps != gaps:
            return False
        self.facts = replace(self.facts, suppressed={**self.facts.suppressed, address: found})
        return True

    async def check(self, now: Now) -> None:
        """The DNS of the domain that the sender belongs to."""
        from sestui.workflows.check import Target, check_domain  # with all of the diagnosis

        host = self.message.sender.rpartition("@")[2].lower()
        if self.facts.report is not None and is_below(host, self.facts.report.domain):
            return
        rows = self.facts.acting(self.message.sender)
        domain = next((row.name for row in rows if "@" not in row.name), "")
        identity = self.facts.details.get(domain)
        if identity is not None:
            target = Target.of(identity, self.facts.region)
            report = await check_domain(self.cloud.dns, target, now=now)
            self.facts = replace(self.facts, report=report)

    async def ask(self, about: str, question: Awaitable[Found]) -> Found | None:
        """The answer; None, and a gap, when there is none."""
        try:
            return await question
        except GatewayError as error:
            self.gap(about, error.problem.what)
            return None

    def gap(self, about: str, why: str) -> None:
        self.facts = replace(self.facts, gaps=(*self.facts.gaps, Gap(about, why)))
