"""Questions of the receiving side to the practice DNS, over the socket like any receiver's."""

from __future__ import annotations

from collections.abc import Callable

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdatatype
from dns.rdtypes.ANY.TXT import TXT

SECONDS = 3.0


class DnsTrouble(Exception):
    """No usable answer: time-out, SERVFAIL, REFUSED. Not the same as "there is no record"."""


class Lookup:
    """Asks one name server; `nameserver` gives (host, port) at the time of the question."""

    def __init__(self, nameserver: Callable[[], tuple[str, int]]) -> None:
        self._nameserver = nameserver

    def records(self, name: str, rdtype: str) -> list[dns.rdata.Rdata]:
        """The records of a type, CNAMEs followed; empty when the name or the type is not there.

        Raises:
            DnsTrouble: could not find out.
            ValueError: `name` is no name.
        """
        host, port = self._nameserver()
        try:
            query = dns.message.make_query(
                dns.name.from_text(name.rstrip(".") + "."), rdtype, use_edns=0, payload=1232
            )
        except dns.exception.DNSException as error:
            raise ValueError(f"{name!r} is no name: {error}") from error
        try:
            response, _ = dns.query.udp_with_fallback(query, host, port=port, timeout=SECONDS)
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise DnsTrouble(f"{name} {rdtype}: {type(error).__name__}") from error
        if response.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise DnsTrouble(f"{name} {rdtype}: {dns.rcode.to_text(response.rcode())}")
        wanted = dns.rdatatype.from_text(rdtype)
        return [data for rrset in response.answer if rrset.rdtype == wanted for data in rrset]

    def txt(self, name: str) -> list[bytes]:
        """The TXT records of a name, each with its strings joined. Raises as `records` does."""
        found = self.records(name, "TXT")
        return [b"".join(data.strings) for data in found if isinstance(data, TXT)]
