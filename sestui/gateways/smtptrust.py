"""TLS towards SMTP servers: whose certificates are believed."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import quoted
from sestui.gateways.ports import GatewayError

if TYPE_CHECKING:
    import ssl


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for each thing.

    Attributes:
        connect: for the connection, and for the greeting.
        read: for each answer.
        final: for the answer to the message: giving up here is what leaves one in doubt.
        probe: for a port that is only tried.
        certificate: until that of an account that has just been started must be there.
    """

    connect: float = 6.0
    read: float = 20.0
    final: float = 60.0
    probe: float = 5.0
    certificate: float = 5.0


class Trust:
    """For the connections of one call; names and certificates are always checked.

    Args:
        authority: path of the one certificate to believe, for a server of this machine.
        bundle: path of certificates to believe besides the system's (AWS_CA_BUNDLE); empty: those
            that the AWS SDK brings along, since not every system has some.
        timeout: seconds to wait for `authority` to be there.
    """

    def __init__(self, authority: str, bundle: str, timeout: float) -> None:
        self._authority = authority
        self._bundle = bundle
        self._timeout = timeout

    @cached_property
    def context(self) -> ssl.SSLContext:
        """Blocking, since it reads files.

        Raises:
            GatewayError: LOCAL, a file cannot be read.
        """
        import ssl

        try:
            if self._authority:
                _wait_for(Path(self._authority), self._timeout)
                return ssl.create_default_context(cafile=self._authority)
            context = ssl.create_default_context()
            context.load_verify_locations(self._bundle or _of_the_sdk())
        except OSError as error:  # SSLError is one
            path = self._authority or self._bundle
            raise GatewayError(
                Problem(
                    _("The certificates in {path} cannot be read: {reason}.").format(
                        path=quoted(path, 200), reason=error.strerror or type(error).__name__
                    ),
                    _("Correct AWS_CA_BUNDLE or SESTUI_SMTP_CA."),
                    Trouble.LOCAL,
                )
            ) from None
        return context


def is_loopback(host: str) -> bool:
    """True for this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _of_the_sdk() -> str:
    from botocore.httpsession import get_cert_path

    return str(get_cert_path(True))


def _wait_for(path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.05)
