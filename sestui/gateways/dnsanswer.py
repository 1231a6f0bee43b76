"""From a reply to an `Answer`: aliases are followed, every trouble is an answer of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.gateways.dnsread import (
    Reading,
    negative_ttl,
    plain_name,
    question_name,
    question_type,
    read,
    texts,
    values,
)
from sestui.gateways.dnswire import Unanswered
from sestui.gateways.nameserver import Server

if TYPE_CHECKING:
    import dns.message
    import dns.name

MAX_ALIASES = 8

Reply = tuple[Server, "dns.message.Message"]
Onward = Callable[["dns.name.Name", str], Awaitable[Reply]]
"""Asks who follows an alias further."""
How = Callable[["dns.name.Name", str], Awaitable[Answer]]


async def answered(text: str, kind: str, how: How, now: Callable[[], datetime]) -> Answer:
    """What `how` finds out about the name and type meant by `text` and `kind`; never raises."""
    try:
        name, kind = question_name(text), question_type(kind)
    except ValueError as error:
        detail = _("this cannot be asked for: {reason}").format(reason=error)
        return Answer(text, kind, Outcome.BROKEN, detail=detail, at=now())
    try:
        return replace(await how(name, kind), name=text, at=now())
    except Unanswered as trouble:
        answer = Answer(
            text,
            kind,
            trouble.outcome,
            server=trouble.server,
            detail=trouble.detail,
            at=now(),
            rcode=trouble.rcode,
        )
        if trouble.unchecked is None:
            return answer
        return _with_values(replace(answer, bogus=True), read(trouble.unchecked, name, kind))
    except Exception as error:  # hostile bytes must not end a poll
        return Answer(text, kind, Outcome.BROKEN, detail=unreadable(error), at=now())


def unreadable(error: Exception) -> str:
    """For answers that no code of ours has foreseen."""
    return _("the answer cannot be read ({name})").format(name=type(error).__name__)


async def to_answer(name: dns.name.Name, kind: str, reply: Reply, onward: Onward) -> Answer:
    """Read a reply; an alias that leads out of what the server knows is followed by `onward`.

    Raises:
        Unanswered: the aliases have no end, or nobody answers further on.
    """
    import dns.flags
    import dns.rcode

    first_server, first = reply
    chain: list[dns.name.Name] = []
    while True:
        server, response = reply
        found = read(response, chain[-1] if chain else name, kind)
        for alias in found.chain:
            if alias == name or alias in chain:
                raise Unanswered(Outcome.BROKEN, _("CNAME loop"), str(server))
            chain.append(alias)
            if len(chain) > MAX_ALIASES:
                detail = _("more than {n} CNAMEs in a row").format(n=MAX_ALIASES)
                raise Unanswered(Outcome.BROKEN, detail, str(server))
        if found.rrset is not None or not found.chain or _final(response):
            break
        reply = await onward(chain[-1], kind)
    outcome = Outcome.FOUND
    if found.rrset is None:
        no_name = response.rcode() == dns.rcode.NXDOMAIN
        outcome = Outcome.NO_SUCH_NAME if no_name else Outcome.NO_SUCH_TYPE
    answer = Answer(
        "",
        kind,
        outcome,
        server=str(first_server),
        detail=_("an alias of {name}").format(name=plain_name(chain[-1])) if chain else "",
        chain=tuple(plain_name(alias) for alias in chain),
        negative_ttl=negative_ttl(response) if found.rrset is None else None,
        rcode=dns.rcode.to_text(response.rcode()),
        authoritative=bool(first.flags & dns.flags.AA),
    )
    return _with_values(answer, found)


def _with_values(answer: Answer, found: Reading) -> Answer:
    if found.rrset is None:
        return answer
    return replace(
        answer, values=values(found.rrset), texts=texts(found.rrset), ttl=int(found.rrset.ttl)
    )


def _final(response: dns.message.Message) -> bool:
    """True when a resolver has followed the aliases to their end."""
    import dns.flags

    return bool(response.flags & dns.flags.RA) and not response.flags & dns.flags.AA
