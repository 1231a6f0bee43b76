"""An Internet with a resolver, a registry and two name servers of example.com."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sestui.gateways.authorities import Authorities
from sestui.gateways.dns import DnsPython
from sestui.gateways.dnswire import Wire
from sestui.gateways.nameserver import Server
from tests.dnsserver import Internet
from tests.workflows.looking import NOW, QUICK
from tests.workflows.zones import AMAZONSES, Fixture, head

RESOLVER, REGISTRY, NS1, NS2, NS3 = (f"127.0.0.{n}" for n in range(1, 6))
ADDRESSES = {"ns1": NS1, "ns2": NS2, "ns3": NS3}
SERVERS = head("servers.test") + "".join(
    f"{name}.servers.test. A {address}\n" for name, address in ADDRESSES.items()
)


@dataclass
class World:
    """Change what differs, then `world.start()`."""

    first: str
    """The zone as ns1 has it."""
    second: str
    """As ns2 has it."""
    third: str = ""
    """As ns3 has it, which the registry does not name."""
    delegation: tuple[str, ...] = ("ns1", "ns2")
    cached: str = ""
    """The zone as the resolver sees it; like ns1 if empty."""
    faults: dict[str, dict[str, str]] = field(default_factory=dict)
    """By address."""

    @classmethod
    def of(cls, fixture: Fixture) -> World:
        return cls(fixture.zone, fixture.zone)

    def start(self) -> Internet:
        com = head("com", ns=("ns1",)).replace("ns1.servers", "a.registry")
        com += "".join(f"example.com. NS {ns}.servers.test.\n" for ns in self.delegation)
        registry = head("registry.test") + f"a.registry.test. A {REGISTRY}\n"
        known = {
            "com": com,
            "registry.test": registry,
            "servers.test": SERVERS,
            "amazonses.com": AMAZONSES,
            "example.com": self.cached or self.first,
        }
        world = {
            RESOLVER: {"zones": known, "resolver": True},
            REGISTRY: {"zones": {"com": com}},
            NS1: {"zones": {"example.com": self.first} if self.first else {}},
            NS2: {"zones": {"example.com": self.second} if self.second else {}},
            NS3: {"zones": {"example.com": self.third} if self.third else {}},
        }
        for address, faults in self.faults.items():
            world[address]["faults"] = faults
        return Internet(world)


def at_home(internet: Internet, public: Sequence[Server] = ()) -> DnsPython:
    """As on a machine whose resolver is that of the Internet."""

    async def resolvers() -> Sequence[Server]:
        return [Server(RESOLVER, internet.port)]

    wire = Wire(timeout=QUICK)
    directory = Authorities(wire, resolvers, port=internet.port)
    return DnsPython(wire=wire, directory=directory, public=public, now=lambda: NOW)
