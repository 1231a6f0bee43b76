"""The questions of one check: each asked once, of those who are to be asked for it."""

from __future__ import annotations

from collections.abc import Iterable

from sestui.domain.diagnosis import Question, key
from sestui.domain.dmarc import estimated_org
from sestui.domain.dns import Answer
from sestui.domain.names import is_below
from sestui.domain.spf import Reply
from sestui.gateways.ports import Dns


class Questions:
    """Remembers the answers of one check.

    What belongs to the domain's organization is asked of the authoritative servers, since it may
    be missing yet; what belongs to others goes through the resolvers.
    """

    def __init__(self, dns: Dns, domain: str) -> None:
        self._dns = dns
        self._ours = estimated_org(domain)
        self.book: dict[Question, Answer] = {}

    async def ask(self, questions: Iterable[Question]) -> tuple[Answer, ...]:
        """The answers, new or remembered, in order."""
        import asyncio

        questions = tuple(questions)
        new = [q for q in dict.fromkeys(key(*q) for q in questions) if q not in self.book]
        ours = [q for q in new if is_below(q[0], self._ours)]
        others = [q for q in new if q not in ours]
        for asked, answers in zip(
            (ours, others),
            await asyncio.gather(self._dns.ask(ours), self._dns.look_up(others)),
            strict=True,
        ):
            self.book.update(zip(asked, answers, strict=True))
        return tuple(self.book[key(*question)] for question in questions)

    async def __call__(self, name: str, kind: str, /) -> Reply:
        """As SPF asks."""
        (answer,) = await self.ask([(name, kind)])
        values = () if kind == "TXT" else answer.values
        return Reply(answer.outcome, values, answer.texts, answer.detail)
