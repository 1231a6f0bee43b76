"""Where the SMTP interface of a connection is: at AWS, in the practice account, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sestui.domain.account import Connection
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.smtp import Endpoint, Security, smtp_endpoints
from sestui.domain.smtp_login import no_smtp_problem
from sestui.domain.text import printable, quoted
from sestui.gateways.nameserver import parse_nameserver
from sestui.gateways.ports import GatewayError
from sestui.gateways.smtptrust import is_loopback


@dataclass(frozen=True, slots=True)
class Given:
    """SMTP somewhere else than at AWS: HOST:PORT each; empty where there is none."""

    smtp: str = ""
    smtp_tls: str = ""
    ca: str = ""
    """Path of the certificate to believe; for a server of this machine only."""
    region: str = ""
    """The only one it has; empty when it does not matter."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Given:
        names = ("SESTUI_SMTP", "SESTUI_SMTP_TLS", "SESTUI_SMTP_CA")
        return cls(*(environment.get(name, "") for name in names))

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Raises GatewayError: one of them is none."""
        found = []
        for name, text, security in (
            ("SESTUI_SMTP", self.smtp, Security.STARTTLS),
            ("SESTUI_SMTP_TLS", self.smtp_tls, Security.TLS),
        ):
            if not text:
                continue
            try:
                if not text.strip("]").rpartition(":")[2].isdigit():
                    raise ValueError
                found.append(Endpoint(*parse_nameserver(text), security))
            except ValueError:
                what = _("{name} is no HOST:PORT: {text}.").format(name=name, text=quoted(text))
                advice = _("Correct it, such as 127.0.0.1:2587.")
                raise GatewayError(Problem(what, advice, Trouble.LOCAL)) from None
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Place:
    endpoints: tuple[Endpoint, ...]
    """In the order to be tried; none where there is no SMTP, and `problem` says why."""
    api: Endpoint | None = None
    """To compare the ports with."""
    authority: str = ""
    """Path of the one certificate to believe, of a server of this machine."""
    problem: Problem | None = None


def find_place(connection: Connection, given: Given, api: str) -> Place:
    """Where SMTP is for `connection`, whose SES is at the URL `api`."""
    parts = urlsplit(api)
    secure = parts.scheme == "https"
    compared = Endpoint(
        parts.hostname or "",
        parts.port or (443 if secure else 80),
        Security.HTTPS if secure else Security.NONE,
    )
    try:
        endpoints = given.endpoints()
    except GatewayError as error:
        return Place((), compared, problem=error.problem)
    if endpoints and given.region in ("", connection.region):
        # A certificate from a file counts for this machine's own servers only.
        local = all(is_loopback(endpoint.host) for endpoint in endpoints)
        return Place(endpoints, compared, given.ca if local else "")
    if connection.endpoint and not endpoints:
        return Place((), compared, problem=_somewhere_else(connection.endpoint))
    endpoints = () if endpoints else smtp_endpoints(connection.region, fips="-fips." in api)
    problem = None if endpoints else no_smtp_problem(connection.region)
    return Place(endpoints, compared, problem=problem)


def _somewhere_else(endpoint: str) -> Problem:
    """These keys are not AWS's, so AWS's SMTP is not the one to give them to."""
    return Problem(
        _("SES is at {endpoint} here, and where its SMTP is nobody said.").format(
            endpoint=printable(endpoint)
        ),
        _("Say it by SESTUI_SMTP, as HOST:PORT with STARTTLS, or send by the API."),
        Trouble.LOCAL,
        operation="SMTP",
    )
