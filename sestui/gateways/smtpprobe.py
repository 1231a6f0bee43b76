"""Knocking at one port, without saying anything. Blocking."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from sestui.domain.i18n import _
from sestui.domain.smtp import Endpoint, Security
from sestui.domain.smtp_ports import PortProbe, Reach
from sestui.domain.text import printable
from sestui.gateways.failures import network_problem

if TYPE_CHECKING:
    from sestui.gateways.smtptrust import Trust

_MOST = 512
"""Octets of a greeting's line (RFC 5321, section 4.5.3.1.5)."""


def try_port(endpoint: Endpoint, trust: Trust, timeout: float) -> PortProbe:
    """Connect and wait `timeout` seconds for the greeting; with TLS as far as the port has it.

    Raises:
        GatewayError: certificates that cannot be read.
    """
    start = time.monotonic()
    try:
        reach, said = _greeting(endpoint, trust, timeout)
    except OSError as error:
        reach, said = _reach(error)
    return PortProbe(endpoint, reach, (time.monotonic() - start) * 1000, printable(said))


def _greeting(endpoint: Endpoint, trust: Trust, timeout: float) -> tuple[Reach, str]:
    with socket.create_connection((endpoint.host, endpoint.port), timeout) as plain:
        if endpoint.security in (Security.STARTTLS, Security.NONE):
            return _heard(plain, endpoint)
        with trust.context.wrap_socket(plain, server_hostname=endpoint.host) as wrapped:
            return _heard(wrapped, endpoint)


def _heard(connection: socket.socket, endpoint: Endpoint) -> tuple[Reach, str]:
    if endpoint.security in (Security.HTTPS, Security.NONE):
        return Reach.OPEN, ""
    line = b""
    while b"\n" not in line and len(line) < _MOST:
        more = connection.recv(_MOST)
        if not more:
            break
        line += more
    said = line.partition(b"\n")[0].decode("ascii", "replace").strip()
    if said.startswith("220"):
        connection.sendall(b"QUIT\r\n")
        return Reach.OPEN, said
    return Reach.OTHER, said or _("closed at once")


def _reach(error: OSError) -> tuple[Reach, str]:
    import ssl

    match error:
        case ssl.SSLCertVerificationError():
            return Reach.UNTRUSTED, error.verify_message
        case ssl.SSLError():
            return Reach.OTHER, _("no TLS there")
        case TimeoutError():
            return Reach.TIMED_OUT, ""
        case ConnectionRefusedError():
            return Reach.REFUSED, ""
        case socket.gaierror():
            return Reach.OTHER, _("the name was not found")
    return Reach.OTHER, network_problem(error).what
