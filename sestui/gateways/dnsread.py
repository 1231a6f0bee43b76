"""Reading what a name server answered: chains of aliases, values, referrals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sestui.domain.i18n import _
from sestui.domain.text import printable

if TYPE_CHECKING:
    import dns.message
    import dns.name
    import dns.rrset


def question_name(text: str) -> dns.name.Name:
    """`text` as an absolute name. U-labels are encoded by IDNA 2008, one by one, so that
    underscore labels before them stay as they are.

    Raises:
        ValueError: it cannot be asked for: empty or over-long labels, or no IDNA.
    """
    import dns.exception
    import dns.name
    import idna

    labels = text.removesuffix(".").split(".")
    try:
        encoded = [
            label.encode() if label.isascii() else idna.encode(label, uts46=True)
            for label in labels
        ]
        return dns.name.Name([*encoded, b""])
    except (idna.IDNAError, dns.exception.DNSException) as error:
        raise ValueError(printable(str(error))) from None


def question_type(text: str) -> str:
    """The record type as DNS writes it.

    Raises:
        ValueError: there is no such type.
    """
    import dns.exception
    import dns.rdatatype

    try:
        return dns.rdatatype.to_text(dns.rdatatype.from_text(text))
    except (dns.exception.DNSException, ValueError):
        raise ValueError(_("{type} is no record type").format(type=printable(text))) from None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer says about one question."""

    chain: tuple[dns.name.Name, ...]
    """The aliases followed, in order; the last one is what the answer is about."""
    rrset: dns.rrset.RRset | None


def read(response: dns.message.Message, name: dns.name.Name, kind: str) -> Reading:
    """Find the RRset asked for, along the aliases in the answer section.

    A question for CNAME is about the alias itself and follows none. An alias that comes round
    again is in the chain a second time, and is the last.
    """
    chain: list[dns.name.Name] = []
    current = name
    while True:
        found = _rrset(response.answer, current, kind)
        if found is not None or kind == "CNAME":
            return Reading(tuple(chain), found)
        alias = _rrset(response.answer, current, "CNAME")
        if alias is None:
            return Reading(tuple(chain), None)
        current = alias[0].target
        looped = current == name or current in chain
        chain.append(current)
        if looped:
            return Reading(tuple(chain), None)


def _rrset(section: list[Any], name: dns.name.Name, kind: str) -> dns.rrset.RRset | None:
    import dns.rdatatype

    wanted = dns.rdatatype.from_text(kind)
    return next((r for r in section if r.rdtype == wanted and r.name == name and len(r)), None)


def plain_name(name: dns.name.Name) -> str:
    """In lower case without the final dot; odd bytes as \\DDD."""
    return printable(name.to_text(omit_final_dot=True).lower())


def values(rrset: dns.rrset.RRset) -> tuple[str, ...]:
    """The values as a person knows them, in an order that does not change from poll to poll."""
    import dns.rdatatype

    match dns.rdatatype.to_text(rrset.rdtype):
        case "CNAME" | "NS" | "PTR":
            found = sorted(plain_name(rdata.target) for rdata in rrset)
        case "MX":
            pairs = sorted((rdata.preference, plain_name(rdata.exchange)) for rdata in rrset)
            found = [f"{preference} {host}" for preference, host in pairs]
        case "TXT":
            found = [text_value(b"".join(strings)) for strings in texts(rrset)]
        case _:
            found = sorted(printable(rdata.to_text()) for rdata in rrset)
    return tuple(found)


def texts(rrset: dns.rrset.RRset) -> tuple[tuple[bytes, ...], ...]:
    """The strings of each TXT record, in the order of `values`; none for another type."""
    import dns.rdatatype

    if rrset.rdtype != dns.rdatatype.TXT:
        return ()
    return tuple(sorted((rdata.strings for rdata in rrset), key=_in_order))


def _in_order(strings: tuple[bytes, ...]) -> tuple[str, tuple[bytes, ...]]:
    return text_value(b"".join(strings)), strings


def text_value(data: bytes) -> str:
    r"""A TXT value, safe to draw: UTF-8 if it is that, else with ``\xNN`` for each odd byte."""
    try:
        return printable(data.decode())
    except UnicodeDecodeError:
        return printable(data.decode("ascii", "backslashreplace"))


def binding(response: dns.message.Message, recursed: bool) -> bool:
    """True for an authoritative answer, or a resolver's where one was asked."""
    import dns.flags

    if response.flags & dns.flags.AA:
        return True
    return recursed and bool(response.flags & dns.flags.RA or response.answer)


def referral(response: dns.message.Message, name: dns.name.Name) -> dns.rrset.RRset | None:
    """The NS RRset of a delegation that `name` lies in or at; None when this is no referral."""
    import dns.flags
    import dns.rcode
    import dns.rdatatype

    if response.flags & dns.flags.AA or response.answer or response.rcode() != dns.rcode.NOERROR:
        return None
    return next(
        (
            rrset
            for rrset in response.authority
            if rrset.rdtype == dns.rdatatype.NS and name.is_subdomain(rrset.name)
        ),
        None,
    )


def negative_ttl(response: dns.message.Message) -> int | None:
    """Seconds that a no may be remembered (RFC 2308 section 5); None where it is not told."""
    import dns.rdatatype

    for rrset in response.authority:
        if rrset.rdtype == dns.rdatatype.SOA and len(rrset):
            return min(int(rrset.ttl), int(rrset[0].minimum))
    return None


def names_of(rrset: dns.rrset.RRset) -> tuple[str, ...]:
    """The hosts of an NS RRset."""
    return tuple(sorted(plain_name(rdata.target) for rdata in rrset))


def glue(response: dns.message.Message, host: dns.name.Name) -> list[str]:
    """Addresses of `host` in the additional section."""
    import dns.rdatatype

    kinds = (dns.rdatatype.A, dns.rdatatype.AAAA)
    return [
        rdata.address
        for rrset in response.additional
        if rrset.name == host and rrset.rdtype in kinds
        for rdata in rrset
    ]


def zone_of(response: dns.message.Message, name: dns.name.Name) -> dns.name.Name | None:
    """The apex that an answer to SOA tells: of the answer itself, or of the negative one.

    None for an alias, whose negative answer is about the zone of its target.
    """
    import dns.rdatatype

    if _rrset(response.answer, name, "SOA") is not None:
        return name
    if _rrset(response.answer, name, "CNAME") is not None:
        return None
    return next(
        (
            rrset.name
            for rrset in response.authority
            if rrset.rdtype == dns.rdatatype.SOA and name.is_subdomain(rrset.name)
        ),
        None,
    )
