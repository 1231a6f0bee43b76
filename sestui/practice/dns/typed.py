"""What a person types into a DNS provider's panel, made into records as a panel would."""

from __future__ import annotations

import re

import dns.exception
import dns.name
import dns.rdata
import dns.rdatatype
import dns.tokenizer
from dns.name import Name

TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")
STRING_OCTETS = 255
_HOST_LAST = {"CNAME": 1, "MX": 2, "NS": 1, "SRV": 4}
"""How many fields the value has; the last one is a host name."""


class PanelError(ValueError):
    """A record that a provider's panel would refuse; the text says why."""


def parse_name(text: str) -> Name:
    """An absolute name from what was typed: with or without the last dot, Unicode or A-labels.

    Raises:
        PanelError: it is no name.
    """
    text = text.strip().rstrip(".")
    if not text or re.search(r"\s", text):
        raise PanelError(f"{text!r} is not a host name")
    try:
        name = dns.name.from_text(text + ".", idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise PanelError(f"{text!r} is not a host name: {error}") from error
    if len(name.labels) < 3:
        raise PanelError(f"{text!r} needs a domain and a top-level domain")
    return name


def parse_value(rdtype: str, text: str) -> dns.rdata.Rdata:
    """The record data for a typed value.

    A TXT value is taken as it is and split into strings of 255 octets, unless it is typed in double
    quotes as in a zone file. Host names are absolute with or without the last dot.

    Raises:
        PanelError: a panel would not take it.
    """
    if rdtype not in TYPES:
        raise PanelError(f"the record type is one of {', '.join(TYPES)}")
    text = text.strip()
    if not text:
        raise PanelError("the value is empty")
    if rdtype == "TXT":
        text = _txt(text)
    elif rdtype in _HOST_LAST:
        fields = text.split()
        if len(fields) != _HOST_LAST[rdtype]:
            shape = {"MX": "10 mail.example.com", "SRV": "0 5 5060 sip.example.com"}
            raise PanelError(f"{rdtype} looks like {shape.get(rdtype, 'host.example.com')!r}")
        fields[-1] = _host(fields[-1])
        text = " ".join(fields)
    try:
        return dns.rdata.from_text("IN", rdtype, text, relativize=False)
    except (dns.exception.DNSException, ValueError) as error:
        raise PanelError(f"not a value of type {rdtype}: {error}") from error


def _host(text: str) -> str:
    if text == ".":
        return text
    try:
        name = dns.name.from_text(text.rstrip(".") + ".", idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise PanelError(f"{text!r} is not a host name: {error}") from error
    return name.to_text()


def _txt(text: str) -> str:
    """Zone file form of a TXT value."""
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        try:
            dns.rdata.from_text("IN", "TXT", text)
        except dns.exception.DNSException:
            pass  # not zone file form after all: quotes inside, say
        else:
            return text
    octets = text.encode()
    chunks = (octets[i : i + STRING_OCTETS] for i in range(0, len(octets), STRING_OCTETS))
    return " ".join(f'"{_escaped(chunk)}"' for chunk in chunks)


def _escaped(chunk: bytes) -> str:
    return "".join(
        f"\\{chr(octet)}"
        if octet in b'"\\'
        else chr(octet)
        if 0x20 <= octet < 0x7F
        else f"\\{octet:03d}"
        for octet in chunk
    )
