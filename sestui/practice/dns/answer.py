"""From a query to its answer: RFC 1034 section 4.3.2 over all the zones of this server."""

from __future__ import annotations

from typing import Protocol

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
from dns.name import Name
from dns.rdataclass import IN
from dns.rdatatype import CNAME, RdataType

from sestui.practice.dns.zone import Zone

MAX_UDP = 1232
"""Octets; what fits through any path unfragmented (DNS flag day 2020)."""
MAX_CHAIN = 16


class Zones(Protocol):
    """All the zones there are."""

    def zone_for(self, name: Name) -> Zone | None:
        """The closest zone at or above `name`."""
        ...


def respond(zones: Zones, query: dns.message.Message) -> dns.message.Message:
    """The authoritative response to a query this server understands, or the error it earns."""
    response = dns.message.make_response(query, our_payload=MAX_UDP)
    if query.opcode() != dns.opcode.QUERY:
        response.set_rcode(dns.rcode.NOTIMP)
        return response
    if query.edns > 0:
        response.use_edns(0, payload=MAX_UDP)
        response.set_rcode(dns.rcode.BADVERS)
        return response
    if len(query.question) != 1:
        response.set_rcode(dns.rcode.FORMERR)
        return response
    question = query.question[0]
    if question.rdclass != IN:
        response.set_rcode(dns.rcode.REFUSED)
        return response
    _resolve(zones, response, question.name, question.rdtype)
    return response


def _resolve(zones: Zones, response: dns.message.Message, name: Name, rdtype: RdataType) -> None:
    """Fill `response`, following CNAMEs as long as they stay in zones of this server."""
    seen: set[Name] = set()
    while True:
        zone = zones.zone_for(name)
        if zone is None:
            if not seen:
                response.set_rcode(dns.rcode.REFUSED)
            return
        found = zone.find(name, rdtype)
        if not seen and found.referral is None:
            response.flags |= dns.flags.AA
        seen.add(name)
        if found.referral is not None:
            response.authority.append(found.referral)
            return
        response.answer.extend(found.answer)
        if not found.answer:
            if not found.exists:
                response.set_rcode(dns.rcode.NXDOMAIN)
            soa = zone.soa()
            if soa is not None:
                response.authority.append(soa)
            return
        first = found.answer[0]
        if first.rdtype != CNAME or rdtype in (CNAME, RdataType.ANY):
            return
        name = first[0].target
        if name in seen or len(seen) > MAX_CHAIN:
            return


def to_wire(query: dns.message.Message, response: dns.message.Message, *, udp: bool) -> bytes:
    """The response as octets; over UDP with TC set and emptied when it does not fit."""
    if not udp:
        return response.to_wire(max_size=65535)
    limit = query.payload if query.edns >= 0 else 512
    limit = max(512, min(limit, MAX_UDP))
    try:
        return response.to_wire(max_size=limit)
    except dns.exception.TooBig:
        short = dns.message.make_response(query, our_payload=MAX_UDP)
        short.flags |= dns.flags.TC | (response.flags & dns.flags.AA)
        return short.to_wire(max_size=limit)
