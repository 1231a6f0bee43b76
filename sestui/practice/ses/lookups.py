"""Records looked up as SES looks them up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype

OK = ""
HOST_NOT_FOUND = "HOST_NOT_FOUND"
TYPE_NOT_FOUND = "TYPE_NOT_FOUND"
INVALID_VALUE = "INVALID_VALUE"
DNS_SERVER_ERROR = "DNS_SERVER_ERROR"


@dataclass(frozen=True, slots=True)
class Answer:
    """Values of one type at one name; `error` is "" or a VerificationInfo.ErrorType."""

    error: str
    values: tuple[str, ...] = ()


class Resolver:
    """Asks one name server, over UDP and, for long answers, TCP."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        """`timeout` in real seconds per question."""
        self._host = host
        self._port = port
        self._timeout = timeout

    def ask(self, name: str, type_: str) -> Answer:
        """Values of CNAME, MX ("10 host") or TXT (strings joined); names without trailing dot."""
        wanted = dns.rdatatype.from_text(type_)
        response = self._query(name, wanted)
        if response is None:
            return Answer(DNS_SERVER_ERROR)
        if response.rcode() == dns.rcode.NXDOMAIN:
            return Answer(HOST_NOT_FOUND)
        if response.rcode() != dns.rcode.NOERROR:
            return Answer(DNS_SERVER_ERROR)
        values = tuple(
            _text(record) for rrset in response.answer if rrset.rdtype == wanted for record in rrset
        )
        return Answer(OK if values else TYPE_NOT_FOUND, values)

    def soa(self, domain: str) -> dict[str, Any] | None:
        """The SOA record of the zone `domain` is in, as VerificationInfo shows it."""
        response = self._query(domain, dns.rdatatype.SOA)
        for rrset in (*response.answer, *response.authority) if response else ():
            if rrset.rdtype == dns.rdatatype.SOA:
                record = rrset[0]
                return {
                    "PrimaryNameServer": _host(record.mname),
                    "AdminEmail": _host(record.rname),
                    "SerialNumber": record.serial,
                }
        return None

    def _query(self, name: str, type_: dns.rdatatype.RdataType) -> dns.message.Message | None:
        try:
            query = dns.message.make_query(dns.name.from_text(name), type_)
            response, _ = dns.query.udp_with_fallback(
                query, self._host, self._timeout, self._port, ignore_unexpected=True
            )
        except (dns.exception.DNSException, OSError):
            return None
        return response


def dkim_cnames(ask: Callable[[str, str], Answer], expected: Sequence[tuple[str, str]]) -> str:
    """Whether all CNAMEs (name, target) are published: "" or the first error."""
    for name, target in expected:
        answer = ask(name, "CNAME")
        if answer.error:
            return answer.error
        if [value.lower() for value in answer.values] != [target.lower()]:
            return INVALID_VALUE
    return OK


def dkim_txt(ask: Callable[[str, str], Answer], name: str, public: str) -> str:
    """Whether the BYODKIM key (base64) is published at `name`: "" or the error."""
    answer = ask(name, "TXT")
    if answer.error:
        return answer.error
    for value in answer.values:
        tags = dict(pair.strip().partition("=")[::2] for pair in value.split(";"))
        if "".join(tags.get("p", "").split()) == public:
            return OK
    return INVALID_VALUE


def mail_from_mx(ask: Callable[[str, str], Answer], domain: str, host: str) -> bool:
    """Whether the domain has exactly one MX, and that is SES's."""
    values = ask(domain, "MX").values
    return len(values) == 1 and values[0].split()[-1].lower() == host


def _text(record: Any) -> str:
    if record.rdtype == dns.rdatatype.TXT:
        return b"".join(record.strings).decode("utf-8", "replace")
    if record.rdtype == dns.rdatatype.MX:
        return f"{record.preference} {_host(record.exchange)}"
    return _host(record.target)


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True)
