"""Name servers: who is asked, and how that is typed on a command line."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_domain
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError

DNS_PORT = 53


@dataclass(frozen=True, slots=True)
class Server:
    """A name server's address; `name` where it is known by one."""

    address: str
    port: int = DNS_PORT
    name: str = ""

    def __str__(self) -> str:
        """For the evidence of a verdict: `ns1.example.com (192.0.2.1)`, `127.0.0.1:5353`."""
        place = self.address
        if self.port != DNS_PORT:
            place = f"[{place}]:{self.port}" if ":" in place else f"{place}:{self.port}"
        return f"{self.name} ({place})" if self.name else place


def parse_nameserver(text: str) -> tuple[str, int]:
    """Host and port in `127.0.0.1:5353`, `[::1]:53`, `9.9.9.9`, `2620:fe::fe` or `ns1.example.com`.

    Raises:
        ValueError: no name server; the message says why, for the person who typed it.
    """
    typed = text.strip()
    if not typed:
        raise ValueError(_("A name server is missing, such as 9.9.9.9 or 127.0.0.1:5353."))
    host, port, has_port = typed, "", False
    if typed.startswith("["):
        host, closed, rest = typed[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise ValueError(
                _("“{text}” is no name server; write [address]:port.").format(text=typed)
            )
        port, has_port = rest[1:], bool(rest)
    elif typed.count(":") == 1:  # more of them are an IPv6 address without brackets
        host, _colon, port = typed.partition(":")
        has_port = True
    return _host(host), _port(port, typed) if has_port else DNS_PORT


def is_address(host: str) -> bool:
    """True for an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _host(host: str) -> str:
    if is_address(host):
        return str(ipaddress.ip_address(host))
    if host == "localhost":
        return host
    try:
        return parse_domain(host)
    except InvalidName:
        raise ValueError(
            _("“{host}” is neither an IP address nor a host name.").format(host=host)
        ) from None


def _port(port: str, typed: str) -> int:
    if port.isascii() and port.isdigit() and 1 <= int(port) <= 65535:
        return int(port)
    raise ValueError(_("“{text}” has no port between 1 and 65535.").format(text=typed))


def parse_nameservers(text: str) -> tuple[tuple[str, int], ...]:
    """Several of them, with commas or spaces between; the form of SESTUI_NAMESERVER.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(parse_nameserver(part) for part in text.replace(",", " ").split())


def named_servers(
    given: Sequence[str], environment: Mapping[str, str]
) -> tuple[tuple[str, int], ...]:
    """The servers on the command line, else those of SESTUI_NAMESERVER.

    Raises:
        GatewayError: one of them is no name server.
    """
    try:
        if given:
            return tuple(parse_nameserver(text) for text in given)
        return parse_nameservers(environment.get("SESTUI_NAMESERVER", ""))
    except ValueError as error:
        raise GatewayError(
            Problem(
                printable(str(error)),
                _("Correct --nameserver or SESTUI_NAMESERVER."),
                Trouble.LOCAL,
            )
        ) from None
