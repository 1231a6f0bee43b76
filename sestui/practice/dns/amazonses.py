"""What Amazon publishes below `amazonses.com`, as far as mail from SES needs it."""

from __future__ import annotations

import dns.name
import dns.rdataset
from dns.name import Name
from dns.rdatatype import TXT

from sestui.domain.regions import REGIONS
from sestui.practice.dns.typed import parse_value
from sestui.practice.dns.zone import Nodes, Zone, apex, build
from sestui.practice.ports import SigningKeys

ORIGIN = dns.name.from_text("amazonses.com.")
TTL = 900
SPF = (
    # The loopback network first: practice mail is sent from 127.0.0.1, and SPF shall really pass.
    "v=spf1 ip4:127.0.0.0/8 ip4:199.255.192.0/22 ip4:199.127.232.0/22 ip4:54.240.0.0/18"
    " ip4:69.169.224.0/20 ip4:23.249.208.0/20 ip4:23.251.224.0/19 ip4:76.223.176.0/20"
    " ip4:54.240.64.0/18 ip4:76.223.128.0/19 ip4:216.221.160.0/19 -all"
)


class AmazonSes:
    """The zone: fixed names, and whatever key SES has for the name that is asked for.

    Keys are asked for one by one: a key may be made only then, and there may be thousands.
    """

    def __init__(self, keys: SigningKeys) -> None:
        self._keys = keys
        self._fixed = _fixed_nodes()

    def zone_for(self, name: Name) -> Zone:
        """The zone, complete as far as `name` is concerned. May take 0.3 s to make a key."""
        value = self._keys.public_keys().get(name.to_text(omit_final_dot=True).lower())
        if value is None:
            return Zone(ORIGIN, self._fixed)
        # The spare selectors of Easy DKIM exist with an empty key.
        key = dns.rdataset.from_rdata(TTL, parse_value("TXT", value or '""'))
        return Zone(ORIGIN, {**self._fixed, name: {TXT: key}})


def _fixed_nodes() -> Nodes:
    records = apex(ORIGIN, "ns-1.amazonses.example.", "ns-2.amazonses.example.", serial=1)

    def add(owner: str, rdtype: str, value: str) -> None:
        name = dns.name.from_text(owner + ".")
        records.append((name, TTL, parse_value(rdtype, value)))

    add("amazonses.com", "TXT", SPF)
    add("amazonses.com", "MX", "10 feedback-smtp.us-east-1.amazonses.com")
    for region in REGIONS:
        # Without a custom MAIL FROM, mail leaves with an envelope sender at <region>.amazonses.com.
        add(f"{region}.amazonses.com", "MX", f"10 feedback-smtp.{region}.amazonses.com")
        add(f"{region}.amazonses.com", "TXT", "v=spf1 include:amazonses.com -all")
        add(f"feedback-smtp.{region}.amazonses.com", "A", "127.0.0.1")
    # Where keys are, there is a branch of the tree even while it has none.
    branches = ["dkim", "_domainkey", *(f"dkim.{region}" for region in REGIONS)]
    return {
        **{dns.name.from_text(f"{branch}.amazonses.com."): {} for branch in branches},
        **build(ORIGIN, records).nodes,
    }
