"""One question to one name server, over UDP and, for long answers, TCP."""

from __future__ import annotations

import asyncio
import importlib
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sestui.domain.dns import Outcome
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.nameserver import Server
from sestui.gateways.threads import in_thread

if TYPE_CHECKING:
    import dns.message
    import dns.name

TIMEOUT = 3.0
"""Seconds for one query."""
SILENT_FOR = 300.0
"""Seconds that a silent server is put last, or left out where it is not needed."""
IN_FLIGHT = 40
"""Queries at a time; home routers drop more than that."""
_PAYLOAD = 1232
"""Bytes of a UDP answer that no network cuts up (DNS flag day 2020)."""


class Unanswered(Exception):
    """No yes and no no: BROKEN or TIMED_OUT, from whom, and what a person needs to know.

    `unchecked` is what a resolver said when it was told not to check DNSSEC, where that helped.
    """

    def __init__(
        self,
        outcome: Outcome,
        detail: str,
        server: str = "",
        *,
        rcode: str = "",
        unchecked: dns.message.Message | None = None,
    ) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.server = server
        self.rcode = rcode
        self.unchecked = unchecked


async def load_dnspython() -> None:
    """Import it in a thread: 130 ms that the event loop need not stand still for."""
    if "dns.resolver" not in sys.modules:
        await in_thread(_load)


def _load() -> None:
    try:
        # DNS over HTTPS is imported eagerly where its packages are there: another 120 ms.
        features = importlib.import_module("dns._features")
        features.force("doh", False)
    except (ImportError, AttributeError):  # a private module may go away; it only saves time
        pass
    for module in ("dns.asyncquery", "dns.flags", "dns.message", "dns.name", "dns.resolver"):
        importlib.import_module(module)


class Wire:
    """Asks, and tells silence and errors from answers.

    Args:
        timeout: seconds for one query, and as many again where it has to go on over TCP.
        in_flight: how many queries may be under way.
    """

    def __init__(self, timeout: float = TIMEOUT, in_flight: int = IN_FLIGHT) -> None:
        self.timeout = timeout
        self._in_flight = in_flight
        self._silent: dict[Server, float] = {}
        self._slots: tuple[asyncio.AbstractEventLoop, asyncio.Semaphore] | None = None

    def is_silent(self, server: Server) -> bool:
        """Whether it gave no answer when it was last asked, some minutes ago at most."""
        return time.monotonic() - self._silent.get(server, -SILENT_FOR) < SILENT_FOR

    async def ask_any(
        self, servers: Sequence[Server], name: dns.name.Name, kind: str, *, recurse: bool
    ) -> tuple[Server, dns.message.Message]:
        """The first answer of two tries, the second at another server where there is one.

        Raises:
            Unanswered: neither try gave one. An error outranks silence: it says more.
        """
        first: Unanswered | None = None
        # Whoever was silent to the last question is asked after the others.
        candidates = sorted(servers, key=self.is_silent)
        # A single server is asked again only in case the query got lost.
        given_up = len(candidates) == 1 and self.is_silent(candidates[0])
        for server in _two(candidates):
            lost = first is None or first.outcome is Outcome.TIMED_OUT
            if first is not None and len(servers) == 1 and (given_up or not lost):
                break
            try:
                return server, await self.ask(server, name, kind, recurse=recurse)
            except Unanswered as trouble:
                if first is None or first.outcome is Outcome.TIMED_OUT:
                    first = trouble
        raise first or Unanswered(Outcome.BROKEN, _("there is no name server to ask"))

    async def ask(
        self, server: Server, name: dns.name.Name, kind: str, *, recurse: bool
    ) -> dns.message.Message:
        """A NOERROR or NXDOMAIN answer.

        Raises:
            Unanswered: silence, a broken answer, or an error code (with the server's own
                explanation, RFC 8914, where it gives one).
        """
        import dns.rcode

        try:
            response = await self._exchange(server, name, kind, recurse=recurse)
        except Unanswered as trouble:
            if trouble.outcome is Outcome.TIMED_OUT:
                self._silent[server] = time.monotonic()
            raise
        self._silent.pop(server, None)
        code = response.rcode()
        if code in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return response
        unchecked = None
        if code == dns.rcode.SERVFAIL and recurse:
            unchecked = await self._unchecked(server, name, kind)
        reasons = [dns.rcode.to_text(code)]
        reasons += [printable(each.to_text()) for each in response.extended_errors()]
        raise Unanswered(
            Outcome.BROKEN, ", ".join(reasons), str(server), rcode=reasons[0], unchecked=unchecked
        )

    async def _unchecked(
        self, server: Server, name: dns.name.Name, kind: str
    ) -> dns.message.Message | None:
        """What a resolver says with CD=1: an answer then means that DNSSEC is what is broken."""
        import dns.rcode

        try:
            response = await self._exchange(server, name, kind, recurse=True, check=False)
        except Unanswered:
            return None
        fine = response.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
        return response if fine else None

    async def _exchange(
        self,
        server: Server,
        name: dns.name.Name,
        kind: str,
        *,
        recurse: bool,
        check: bool = True,
    ) -> dns.message.Message:
        import dns.asyncbackend
        import dns.asyncquery
        import dns.exception
        import dns.flags
        import dns.message

        query = dns.message.make_query(name, kind, use_edns=0, payload=_PAYLOAD)
        if not recurse:
            query.flags &= ~dns.flags.RD
        if not check:
            query.flags |= dns.flags.CD
        try:
            async with self._slot():
                response, _tcp = await dns.asyncquery.udp_with_fallback(
                    query,
                    server.address,
                    timeout=self.timeout,
                    port=server.port,
                    ignore_unexpected=True,
                    ignore_errors=True,
                    backend=dns.asyncbackend.get_backend("asyncio"),
                )
        except (dns.exception.Timeout, TimeoutError):
            detail = _("no answer in {n} s").format(n=f"{self.timeout:g}")
            raise Unanswered(Outcome.TIMED_OUT, detail, str(server)) from None
        except EOFError:
            detail = _("the connection broke off")
            raise Unanswered(Outcome.BROKEN, detail, str(server)) from None
        except OSError as error:
            detail = printable(error.strerror or type(error).__name__)
            raise Unanswered(Outcome.TIMED_OUT, detail, str(server)) from None
        except dns.exception.DNSException:
            detail = _("a malformed answer")
            raise Unanswered(Outcome.BROKEN, detail, str(server)) from None
        return response

    def _slot(self) -> asyncio.Semaphore:
        # A semaphore belongs to one event loop, and a command may run several in turn.
        loop = asyncio.get_running_loop()
        if self._slots is None or self._slots[0] is not loop:
            self._slots = loop, asyncio.Semaphore(self._in_flight)
        return self._slots[1]


def _two(servers: Sequence[Server]) -> Sequence[Server]:
    return (servers[0], servers[0]) if len(servers) == 1 else servers[:2]
