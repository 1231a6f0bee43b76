"""Fixture zones: the identity example.com as it should be, and one zone for each way to fail."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sestui.domain.diagnosis import Verdict
from sestui.domain.identity import Dkim, Identity, IdentityKind, MailFrom, Status
from sestui.domain.records import RequiredRecord, required_records

REGION = "eu-west-1"
TOKENS = tuple(letter * 3 + "defghijklmnopqrstuvwxyz234567" for letter in "abc")
T1, T2, T3 = TOKENS
KEY = (
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC75sG1OA7iEDzxP7oi8404fmjxPguJUzhkU5R6Kncj3QZn+lh/"
    "JEA3mLvkpKbEuHWvQV6SCbkUo/zrx88AWQdU16+vl6SI6G2ct/jjbiYNDntM4uHBDMR09oRj/CxceNpH7wMPHwToPg"
    "DHEtxsyK0pongMtig6/zGWT1KqtXL0qwIDAQAB"
)
FEEDBACK = f"feedback-smtp.{REGION}.amazonses.com."


def identity(domain: str = "example.com", **changes: Any) -> Identity:
    verified = Identity(
        domain,
        IdentityKind.DOMAIN,
        Status.SUCCESS,
        verified=True,
        dkim=Dkim(Status.SUCCESS, True, tokens=TOKENS, hosted_zone="dkim.amazonses.com"),
        mail_from=MailFrom(f"mail.{domain}", Status.SUCCESS),
    )
    return replace(verified, **changes)


def head(
    apex: str, serial: int = 7, ns: tuple[str, ...] = ("ns1", "ns2"), minimum: int = 300
) -> str:
    """SOA and NS; name servers are in the zone `servers.test`."""
    lines = [
        "$TTL 300",
        f"{apex}. SOA {ns[0]}.servers.test. hostmaster.{apex}. {serial} 7200 900 1209600 {minimum}",
    ]
    return "\n".join([*lines, *(f"{apex}. NS {each}.servers.test." for each in ns)]) + "\n"


def records(domain: str = "example.com") -> dict[str, str]:
    """What SES needs, line by line."""
    lines = {
        f"dkim{n}": f"{token}._domainkey.{domain}. CNAME {token}.dkim.amazonses.com."
        for n, token in enumerate(TOKENS, 1)
    }
    return lines | {
        "mx": f"mail.{domain}. MX 10 {FEEDBACK}",
        "spf": f'mail.{domain}. TXT "v=spf1 include:amazonses.com ~all"',
        "dmarc": f'_dmarc.{domain}. TXT "v=DMARC1; p=none;"',
    }


AMAZONSES = (
    head("amazonses.com")
    + 'amazonses.com. TXT "v=spf1 ip4:199.255.192.0/22 ip4:54.240.0.0/18 -all"\n'
    # The first selector has a key, the others are spare: empty, as SES keeps them.
    + f'{T1}.dkim.amazonses.com. TXT "{KEY[:200]}" "{KEY[200:]}"\n'
    + "".join(f'{token}.dkim.amazonses.com. TXT "p="\n' for token in (T2, T3))
    + "".join(
        f"feedback-smtp.{region}.amazonses.com. A 192.0.2.25\n" for region in (REGION, "us-east-1")
    )
)
WEB = "example.com. A 192.0.2.80\nwww.example.com. A 192.0.2.80\n"


@dataclass(frozen=True)
class Fixture:
    """A zone and the verdict it is to get; `record` is the key of the one that it is about."""

    id: str
    verdict: Verdict
    record: str = ""
    plus: str = ""
    """Lines beside the records."""
    without: tuple[str, ...] = ()
    domain: str = "example.com"
    cause: str = ""
    """Words of the cause."""
    value: str | None = None
    """What the fix says to type; None: not looked at."""
    name_box: str | None = None
    faults: dict[str, str] = field(default_factory=dict)
    resolver: bool = False

    @property
    def zone(self) -> str:
        lines = [line for key, line in records(self.domain).items() if key not in self.without]
        return head("example.com") + WEB + "\n".join(lines) + "\n" + self.plus

    @property
    def zones(self) -> dict[str, str]:
        return {"example.com": self.zone, "amazonses.com": AMAZONSES}

    @property
    def identity(self) -> Identity:
        return identity(self.domain)

    @property
    def required(self) -> tuple[RequiredRecord, ...]:
        return required_records(self.identity, REGION)

    @property
    def plain(self) -> bool:
        """Whether any name server can serve it."""
        return not self.faults and not self.resolver


def dkim(n: int = 1, domain: str = "example.com") -> str:
    return f"CNAME {TOKENS[n - 1]}._domainkey.{domain}"


MX, SPF, DMARC = "MX mail.example.com", "TXT mail.example.com", "TXT _dmarc.example.com"
V = Verdict
D1 = f"{T1}._domainkey.example.com."
GOOD1 = f"{T1}.dkim.amazonses.com."


def first(id: str, verdict: Verdict, plus: str = "", **more: Any) -> Fixture:
    """A zone without the first DKIM record, or with another one in its place."""
    return Fixture(id, verdict, dkim(1), plus, without=("dkim1",), **more)
