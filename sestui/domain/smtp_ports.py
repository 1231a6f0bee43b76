"""What trying the SMTP ports of a network found, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from sestui.domain.i18n import _, ngettext
from sestui.domain.severity import Severity
from sestui.domain.smtp import Endpoint, Security


class Reach(StrEnum):
    """How far a connection came."""

    OPEN = auto()
    """SES's greeting was read, or TLS was agreed on."""
    REFUSED = auto()
    TIMED_OUT = auto()
    UNTRUSTED = auto()
    """TLS, with a certificate that is not SES's."""
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class PortProbe:
    """One port tried."""

    endpoint: Endpoint
    reach: Reach
    milliseconds: float = 0.0
    said: str = ""
    """The greeting, or why not; text of others, printable."""

    @property
    def open(self) -> bool:
        return self.reach is Reach.OPEN

    @property
    def smtp(self) -> bool:
        """A port mail can be sent through, not one to compare with."""
        return self.endpoint.security in (Security.STARTTLS, Security.TLS)

    @property
    def severity(self) -> Severity:
        return {
            Reach.OPEN: Severity.OK,
            Reach.REFUSED: Severity.ERROR,
            Reach.TIMED_OUT: Severity.ERROR,
            Reach.UNTRUSTED: Severity.ERROR,
            Reach.OTHER: Severity.UNKNOWN,
        }[self.reach]

    @property
    def words(self) -> str:
        match self.reach:
            case Reach.OPEN:
                return _("answers")
            case Reach.REFUSED:
                return _("refused")
            case Reach.TIMED_OUT:
                return _("no answer: blocked, most likely")
            case Reach.UNTRUSTED:
                return _("a certificate that is not SES's")
            case Reach.OTHER:
                return self.said or _("something else answered")


def conclude(probes: Sequence[PortProbe]) -> str:
    """What all of them together say, and what to do about it."""
    tried = [probe for probe in probes if probe.smtp]
    open_ports = [probe for probe in tried if probe.open]
    # Most networks block 25; that it is alone in it is no news.
    blocked = [probe for probe in tried if not probe.open and probe.endpoint.port != 25]
    if not tried:
        return ""
    if any(probe.reach is Reach.UNTRUSTED for probe in probes):
        return _(
            "Something between here and SES answers in its place: a proxy or a virus scanner that "
            "reads along. No password is given to it."
        )
    if open_ports and blocked:
        text = ngettext(
            "{blocked} is blocked on this network, {open} works.",
            "{blocked} are blocked on this network, {open} works.",
            len(blocked),
        )
        return text.format(blocked=_ports(blocked), open=open_ports[0].endpoint.port)
    if open_ports:
        return _("SMTP is open on this network.")
    if any(probe.open for probe in probes):
        return _(
            "This network lets no SMTP out, on no port; HTTPS gets through. Send by the API, or "
            "ask whoever runs the network for port 587 or 2587."
        )
    return _("Nothing answers, not even HTTPS: this machine has no way to SES at the moment.")


def _ports(probes: Iterable[PortProbe]) -> str:
    return ", ".join(str(probe.endpoint.port) for probe in probes)
