"""One term of an SPF record by the grammar of RFC 7208 section 12: valid, or why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple

from sestui.domain.spf.macros import BadMacro, Macros, ends_in_macro, parse_macros

MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
COSTLY = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
"""What needs DNS and counts towards the limit of ten (RFC 7208 section 4.6.4)."""

_NAME = "[A-Za-z][A-Za-z0-9_.-]*"
_MODIFIER = re.compile(rf"(?P<name>{_NAME})=(?P<argument>.*)", re.DOTALL)
_DIRECTIVE = re.compile(
    rf"(?P<qualifier>[+?~-]?)(?P<name>{_NAME})(?:(?P<mark>[:/])(?P<argument>.*))?", re.DOTALL
)
_DUAL_PREFIX = re.compile(r"(?:/(?P<four>[0-9]+))?(?://(?P<six>[0-9]+))?\Z")
_QNUM = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP4 = re.compile(rf"{_QNUM}(?:\.{_QNUM}){{3}}")
_LABEL = re.compile("[A-Za-z0-9-]+")


class Span(NamedTuple):
    """A place in a record's text, in characters."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        return self.offset + self.length


class Fault(StrEnum):
    """Why a term is none; the finding may know better what was meant."""

    NAME = "unknown mechanism"
    ARGUMENT = "argument missing"
    NO_ARGUMENT = "takes no argument"
    ADDRESS = "no address"
    PREFIX = "no prefix length"
    DOMAIN = "no domain"
    MACRO = "no macro"


class BadTerm(ValueError):
    def __init__(self, fault: Fault, name: str = "", argument: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.name = name
        self.argument = argument


@dataclass(frozen=True, slots=True)
class Term:
    """A directive (a mechanism with its qualifier) or a modifier."""

    text: str
    span: Span
    name: str
    """In lower case."""
    qualifier: str = "+"
    modifier: bool = False
    target: Macros | None = None
    """The domain-spec; None when the domain of the record itself is meant."""
    argument: str = ""
    """The domain-spec or address as written, without the prefix length."""
    network: IPv4Network | IPv6Network | None = None
    prefix4: int = 32
    prefix6: int = 128

    @property
    def costs(self) -> bool:
        """True when it counts towards the limit of ten."""
        return self.name in COSTLY


def read_term(text: str, offset: int = 0) -> Term:
    """`text` as a term by the letter of RFC 7208 section 12.

    Raises:
        BadTerm: it is none; receivers answer permerror (section 4.6).
    """
    span = Span(offset, len(text))
    if match := _MODIFIER.fullmatch(text):
        return _modifier(text, span, match["name"].lower(), match["argument"])
    match = _DIRECTIVE.fullmatch(text)
    name = match["name"].lower() if match else ""
    if match is None or name not in MECHANISMS:
        raise BadTerm(Fault.NAME, name, (match and match["argument"]) or "")
    qualifier, argument, mark = match["qualifier"] or "+", match["argument"] or "", match["mark"]
    if name == "all":
        if mark:
            raise BadTerm(Fault.NO_ARGUMENT, name, argument)
        return Term(text, span, name, qualifier)
    if name in ("ip4", "ip6"):
        if mark != ":" or not argument:
            raise BadTerm(Fault.ARGUMENT, name)
        address, _slash, length = argument.partition("/")
        network = _network(name, address, length if _slash else None)
        return Term(text, span, name, qualifier, argument=address, network=network)
    prefix4, prefix6 = 32, 128
    if name in ("a", "mx"):
        if mark == "/":
            argument = "/" + argument
        argument, prefix4, prefix6 = _dual_prefix(name, argument)
    elif mark == "/":
        raise BadTerm(Fault.PREFIX, name, argument)
    if mark != ":" and name in ("include", "exists"):
        raise BadTerm(Fault.ARGUMENT, name)
    if mark == "/" and argument:
        raise BadTerm(Fault.PREFIX, name, argument)
    target = _domain_spec(name, argument) if mark == ":" else None
    return Term(
        text, span, name, qualifier, False, target, argument, prefix4=prefix4, prefix6=prefix6
    )


def _modifier(text: str, span: Span, name: str, argument: str) -> Term:
    # A literal reading makes `redirect=` with a bad domain an unknown modifier, which would be
    # ignored; RFC 7208 section 6 does not mean that, and the test suite says so.
    if name in ("redirect", "exp"):
        target = _domain_spec(name, argument)
        return Term(text, span, name, "", True, target, argument)
    try:
        parse_macros(argument)
    except BadMacro:
        raise BadTerm(Fault.MACRO, name, argument) from None
    return Term(text, span, name, "", True, None, argument)


def _network(name: str, address: str, length: str | None) -> IPv4Network | IPv6Network:
    version = int(name[-1])
    if not is_address(address, version):
        raise BadTerm(Fault.ADDRESS, name, address)
    bits = 32 if version == 4 else 128
    prefix = bits if length is None else _prefix(name, length, bits)
    if version == 4:
        return IPv4Network(f"{address}/{prefix}", strict=False)
    return IPv6Network(f"{address}/{prefix}", strict=False)


def is_address(text: str, version: int) -> bool:
    """ip4-network or ip6-network; no part may be left out (section 5.6)."""
    if version == 4:
        return bool(_IP4.fullmatch(text))
    try:
        IPv6Address(text)
    except ValueError:
        return False
    # Python knows zones (fe80::1%eth0) and, in the IPv4 part, nothing more than SPF does.
    return "%" not in text


def _prefix(name: str, text: str, most: int) -> int:
    """A length without leading zeros, up to `most` (section 5.6)."""
    if not re.fullmatch("0|[1-9][0-9]{0,2}", text) or int(text) > most:
        raise BadTerm(Fault.PREFIX, name, text)
    return int(text)


def _dual_prefix(name: str, argument: str) -> tuple[str, int, int]:
    match = _DUAL_PREFIX.search(argument)
    if match is None:
        return argument, 32, 128
    four = 32 if match["four"] is None else _prefix(name, match["four"], 32)
    six = 128 if match["six"] is None else _prefix(name, match["six"], 128)
    return argument[: match.start()], four, six


def _domain_spec(name: str, text: str) -> Macros:
    """domain-spec: a macro-string that ends in a macro or in a top label (section 7.1)."""
    if not text:
        raise BadTerm(Fault.ARGUMENT, name)
    try:
        macros = parse_macros(text)
    except BadMacro:
        raise BadTerm(Fault.MACRO if "%" in text else Fault.DOMAIN, name, text) from None
    if ends_in_macro(macros):
        return macros
    _rest, dot, top = text.removesuffix(".").rpartition(".")
    if not dot or not is_top_label(top):
        raise BadTerm(Fault.DOMAIN, name, text)
    return macros


def is_top_label(text: str) -> bool:
    """toplabel, said so that a long text takes linear time: it is not only digits."""
    return (
        bool(_LABEL.fullmatch(text))
        and not text.isdigit()
        and not text.startswith("-")
        and not text.endswith("-")
    )
