"""A name server on loopback, and a way to ask it."""

from collections.abc import Callable, Iterator, Mapping

import dns.flags
import dns.message
import dns.query
import pytest

from sestui.practice.dns.server import DnsServer
from sestui.practice.dns.world import World
from sestui.practice.ports import SigningKey

Ask = Callable[..., dns.message.Message]


class Keys:
    """SigningKeys with nothing but public keys."""

    def __init__(self) -> None:
        self.public: dict[str, str] = {}

    def public_keys(self) -> Mapping[str, str]:
        return self.public

    def signing_key(self, region: str, identity: str) -> SigningKey | None:
        return None

    def amazonses_key(self, region: str) -> SigningKey:
        raise NotImplementedError


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def world(keys: Keys) -> World:
    return World(keys)


@pytest.fixture
def server(world: World) -> Iterator[DnsServer]:
    server = DnsServer(world)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def ask(server: DnsServer) -> Ask:
    def ask(name: str, rdtype: str = "TXT", *, tcp: bool = False, **more) -> dns.message.Message:
        query = dns.message.make_query(name, rdtype, **more)
        send = dns.query.tcp if tcp else dns.query.udp
        return send(query, "127.0.0.1", port=server.port, timeout=3)

    return ask
