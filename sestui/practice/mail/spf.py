"""SPF as the practice mailbox needs it: a small evaluator, for mail that SES sent.

No macros (a term with `%` matches nothing), no `ptr`, no `exp`. The complete check_host() of
RFC 7208 belongs to `sestui.domain`; this one only decides what the mailbox writes into a header.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal

import dns.rdata

from sestui.practice.mail.lookup import DnsTrouble, Lookup

Result = Literal["pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"]
_QUALIFIERS: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
MAX_TERMS = 10
MAX_VOID = 2


class _PermError(Exception):
    pass


@dataclass(slots=True)
class _Check:
    lookup: Lookup
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address
    terms: int = 0
    void: int = 0

    def count(self) -> None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise _PermError("more than 10 terms that need DNS")

    def host(self, domain: str) -> Result:
        found = [t.decode("latin-1") for t in self.lookup.txt(domain)]
        records = [t for t in found if t.lower() == "v=spf1" or t.lower().startswith("v=spf1 ")]
        if not records:
            return "none"
        if len(records) > 1:
            raise _PermError("two SPF records")
        redirect = ""
        for term in records[0].split()[1:]:
            if term.lower().startswith("redirect="):
                redirect = term[len("redirect=") :]
            elif "=" in term and ":" not in term.partition("=")[0]:
                continue
            elif (result := self.mechanism(term, domain)) is not None:
                return result
        if not redirect:
            return "neutral"
        self.count()
        result = self.host(redirect)
        if result == "none":
            raise _PermError(f"redirect to {redirect}, which has no SPF record")
        return result

    def mechanism(self, term: str, domain: str) -> Result | None:
        """The result when the term matches, else None."""
        result: Result = "pass"
        if term[0] in _QUALIFIERS:
            result, term = _QUALIFIERS[term[0]], term[1:]
        name, _, argument = term.partition(":")
        name, slash, prefix = name.partition("/")
        if slash:
            argument = f"{argument}/{prefix}"
        return result if self.matches(name.lower(), argument, domain) else None

    def matches(self, name: str, argument: str, domain: str) -> bool:
        match name:
            case "all":
                return True
            case "ip4" | "ip6":
                return self.within(argument, name)
            case "include":
                self.count()
                result = self.host(argument)
                if result == "none":
                    raise _PermError(f"include of {argument}, which has no SPF record")
                return result == "pass"
            case "a" | "mx" | "exists" | "ptr":
                self.count()
                return "%" not in argument and name != "ptr" and self.hosts(name, argument, domain)
            case _:
                raise _PermError(f"unknown mechanism {name!r}")

    def within(self, text: str, name: str) -> bool:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError as error:
            raise _PermError(str(error)) from error
        if network.version != int(name[-1]):
            raise _PermError(f"{name} with another kind of address")
        return self.ip in network

    def hosts(self, name: str, argument: str, domain: str) -> bool:
        target, _, prefix = argument.partition("/")
        target = target or domain
        if name == "exists":
            return bool(self.addresses(target, "A"))
        rdtype = "A" if self.ip.version == 4 else "AAAA"
        names = [target]
        if name == "mx":
            names = [data.to_text().split()[-1] for data in self.counted(target, "MX")]
        for each in names[:10]:
            for address in self.addresses(each, rdtype):
                try:
                    network = ipaddress.ip_network(
                        f"{address}/{prefix.partition('/')[0]}" if prefix else address, strict=False
                    )
                except ValueError as error:
                    raise _PermError(str(error)) from error
                if self.ip in network:
                    return True
        return False

    def addresses(self, name: str, rdtype: str) -> list[str]:
        return [data.to_text() for data in self.counted(name, rdtype)]

    def counted(self, name: str, rdtype: str) -> list[dns.rdata.Rdata]:
        found = self.lookup.records(name, rdtype)
        if not found:
            self.void += 1
            if self.void > MAX_VOID:
                raise _PermError("more than 2 lookups without an answer")
        return found


def check(lookup: Lookup, ip: str, domain: str) -> tuple[Result, str]:
    """SPF of MAIL FROM `domain` for mail from `ip`: the result, and why where it is an error."""
    if not domain:
        return "none", "no MAIL FROM domain"
    try:
        return _Check(lookup, ipaddress.ip_address(ip)).host(domain), ""
    except DnsTrouble as error:
        return "temperror", str(error)
    except (_PermError, ValueError, RecursionError) as error:
        return "permerror", str(error)
