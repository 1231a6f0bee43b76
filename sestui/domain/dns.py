"""What name servers can answer, as five outcomes that are never mixed up, and what a zone is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    FOUND = "found"
    NO_SUCH_NAME = "no such name"
    NO_SUCH_TYPE = "no such type"
    BROKEN = "broken"
    """SERVFAIL, REFUSED, a lame server: the answer exists, this server does not give it."""
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, with where it came from: the evidence of a verdict."""

    name: str
    type: str
    outcome: Outcome
    values: tuple[str, ...] = ()
    """CNAME targets and MX (`10 host`) without a final dot; TXT with its strings joined."""
    server: str = ""
    detail: str = ""
    """What a person needs to know beside the outcome, such as `SERVFAIL` or `no answer in 3 s`."""
    at: datetime | None = None
    chain: tuple[str, ...] = ()
    """The aliases (CNAME) that were followed, in order; the last one is what `values` belong to."""
    ttl: int | None = None
    """Seconds the values may be remembered."""
    negative_ttl: int | None = None
    """Of a no: seconds it may be remembered (RFC 2308 section 5); in a resolver's, what is left."""
    rcode: str = ""
    authoritative: bool = False
    """True when the server is responsible for the zone (AA); else it passes on what it heard."""
    second_hand: bool = False
    """True when the responsible servers were silent, and a resolver was asked in their place."""
    bogus: bool = False
    """A SERVFAIL that turns into an answer when DNSSEC is not checked (CD=1)."""
    texts: tuple[tuple[bytes, ...], ...] = ()
    """TXT only: the strings of each value as they are on the wire. Hostile; never shown raw."""

    @property
    def question(self) -> str:
        return f"{self.name} {self.type}"

    @property
    def certain(self) -> bool:
        """True when the server said yes or no; a time-out or an error is neither."""
        return self.outcome not in (Outcome.BROKEN, Outcome.TIMED_OUT)

    @property
    def no(self) -> bool:
        return self.outcome in (Outcome.NO_SUCH_NAME, Outcome.NO_SUCH_TYPE)


@dataclass(frozen=True, slots=True)
class ZoneServer:
    """One name server of a zone, and what it says of the zone's SOA."""

    place: str
    """As in `Answer.server`."""
    name: str = ""
    """Its host name, where it is known by one."""
    outcome: Outcome = Outcome.FOUND
    serial: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone a domain lies in, as the world sees it."""

    apex: str = ""
    """Empty when it could not be found; `trouble` says why."""
    nameservers: tuple[str, ...] = ()
    """The NS set of the zone itself."""
    parent_nameservers: tuple[str, ...] = ()
    """The NS set in the delegation, which is what the world follows; empty when not asked."""
    servers: tuple[ZoneServer, ...] = ()
    primary: str = ""
    """MNAME of the SOA."""
    admin: str = ""
    """RNAME of the SOA, as the name it is on the wire (`hostmaster.example.com`)."""
    serial: int | None = None
    negative_ttl: int | None = None
    """Seconds that resolvers remember a no (RFC 2308 section 5)."""
    bogus: str = ""
    """What a validating resolver says of the zone's DNSSEC when that is broken; else empty."""
    trouble: str = ""

    def contains(self, name: str) -> bool:
        """Whether `name` is at or below the apex."""
        low, apex = name.lower().rstrip("."), self.apex.lower()
        return bool(apex) and (low == apex or low.endswith("." + apex))
