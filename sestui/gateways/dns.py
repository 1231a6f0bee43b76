"""Asking DNS, so that yes, no, broken and silent stay apart.

Seams for whoever goes deeper: `authorities` says whom to ask, `dnswire` asks one server, `dnsread`
reads one answer; here is only the way from a question to its `Answer`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.gateways.authorities import Authorities, Directory, Given, system_resolvers
from sestui.gateways.dnsread import plain_name, question_name, question_type, read, referral, values
from sestui.gateways.dnswire import Unanswered, Wire, load_dnspython
from sestui.gateways.nameserver import Server

if TYPE_CHECKING:
    import dns.message
    import dns.name

MAX_ALIASES = 8
MAX_REFERRALS = 4


def _now() -> datetime:
    return datetime.now(UTC)


class DnsPython:
    """`Dns`, over dnspython, which is loaded at the first question.

    Args:
        servers: host and port of name servers that everything goes to; none: the authoritative
            servers of each name.
        wire: how to ask, and how long to wait.
        directory: whom to ask, instead of what `servers` says.
        now: the time, with its zone.
    """

    def __init__(
        self,
        servers: Sequence[tuple[str, int]] = (),
        *,
        wire: Wire | None = None,
        directory: Directory | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._wire = wire or Wire()
        self._now = now
        self._directory: Directory = directory or (
            Given(servers) if servers else Authorities(self._wire, system_resolvers)
        )

    async def ask(self, questions: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
        await load_dnspython()
        return tuple(await asyncio.gather(*(self._answer(name, kind) for name, kind in questions)))

    async def _answer(self, text: str, kind: str) -> Answer:
        try:
            name, kind = question_name(text), question_type(kind)
            return await self._resolve(text, name, kind)
        except ValueError as error:
            detail = _("this cannot be asked for: {reason}").format(reason=error)
            return Answer(text, kind, Outcome.BROKEN, detail=detail, at=self._now())
        except Unanswered as trouble:
            return Answer(
                text,
                kind,
                trouble.outcome,
                server=trouble.server,
                detail=trouble.detail,
                at=self._now(),
            )
        except Exception as error:  # hostile bytes must not end a poll
            detail = _("the answer cannot be read ({name})").format(name=type(error).__name__)
            return Answer(text, kind, Outcome.BROKEN, detail=detail, at=self._now())

    async def _resolve(self, text: str, name: dns.name.Name, kind: str) -> Answer:
        import dns.rcode

        chain: list[dns.name.Name] = []
        while True:
            current = chain[-1] if chain else name
            server, response = await self._ask(current, kind)
            found = read(response, current, kind)
            for alias in found.chain:
                if alias == name or alias in chain:
                    raise Unanswered(Outcome.BROKEN, _("CNAME loop"), str(server))
                chain.append(alias)
                if len(chain) > MAX_ALIASES:
                    detail = _("more than {n} CNAMEs in a row").format(n=MAX_ALIASES)
                    raise Unanswered(Outcome.BROKEN, detail, str(server))
            if found.rrset is None and found.chain and not _final(response):
                continue  # the alias leads out of what this server knows
            if found.rrset is not None:
                outcome = Outcome.FOUND
            elif response.rcode() == dns.rcode.NXDOMAIN:
                outcome = Outcome.NO_SUCH_NAME
            else:
                outcome = Outcome.NO_SUCH_TYPE
            return Answer(
                text,
                kind,
                outcome,
                values(found.rrset) if found.rrset is not None else (),
                server=str(server),
                detail=_("an alias of {name}").format(name=plain_name(chain[-1])) if chain else "",
                at=self._now(),
            )

    async def _ask(self, name: dns.name.Name, kind: str) -> tuple[Server, dns.message.Message]:
        """An answer that binds: from a given server, or from an authoritative one."""
        servers = await self._directory.servers(name)
        for _hop in range(MAX_REFERRALS):
            server, response = await self._wire.ask_any(
                servers, name, kind, recurse=self._directory.recurse
            )
            if _binding(response, self._directory.recurse):
                return server, response
            delegation = referral(response, name)
            servers = await self._directory.delegated(response, delegation) if delegation else ()
            if not servers:
                break
        raise Unanswered(Outcome.BROKEN, _("lame: not responsible for this name"), str(server))


def _binding(response: dns.message.Message, recursed: bool) -> bool:
    """True for an authoritative answer, or a resolver's where one was asked."""
    import dns.flags

    if response.flags & dns.flags.AA:
        return True
    return recursed and bool(response.flags & dns.flags.RA or response.answer)


def _final(response: dns.message.Message) -> bool:
    """True when a resolver has followed the aliases to their end."""
    import dns.flags

    return bool(response.flags & dns.flags.RA) and not response.flags & dns.flags.AA
