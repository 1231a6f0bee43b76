"""Answers that are right by their types, and odd in all else: every reader takes them, or says what
it cannot take. Made at random from the models of AWS.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sestui.domain.account import Caller, Keys, Secret
from sestui.domain.configset.options import Group, members
from sestui.domain.suppression import Wanted
from sestui.gateways.answer_needs import NEEDS
from sestui.gateways.aws import Aws, Endpoints
from sestui.gateways.limiter import Limiter
from sestui.gateways.metrics import BotoMetrics
from sestui.gateways.neighbours import BotoNeighbours
from sestui.gateways.ports import GatewayError
from sestui.gateways.proofs import BotoProofs
from sestui.gateways.queue import BotoQueues
from sestui.gateways.ses import BotoSes
from sestui.gateways.session import new_session
from tests.gateways.damage import (
    ATTRIBUTES,
    DamagingServer,
    Request,
    Sent,
    encoded,
    service_model,
    whole,
)

TEXTS = (
    "x", "SUCCESS", "EMAIL_ADDRESS", "arn:aws:sns:eu-west-1:1:x", "SEND", "[@click=app.quit]x[/]",
    "\x7f\u202e\u200b", "a" * 300, "0", "{}", '{"Statement": [{"Effect": 5}]}', "[" * 2000,
    '{"source": 5}', '{"maxReceiveCount": {}}', '{"Statement": "x"}', "true",
)  # fmt: skip
SERVICES = {operation: service for service, operation in NEEDS}
WHEN = datetime(2026, 11, 1, tzinfo=UTC)


def odd(rng: random.Random, shape: Any, needs: list[list[str]]) -> Any:
    """A value of the shape; what is needed is there, anything else perhaps."""
    match shape.type_name:
        case "structure":
            found = {}
            for name, member in shape.members.items():
                inner = [rest for head, *rest in needs if rest and head.rstrip("?[]") == name]
                needed = any(head.rstrip("[]") == name for head, *_rest in needs)
                if needed or rng.random() < 0.6:
                    found[member.serialization.get("name", name)] = odd(rng, member, inner)
            return found
        case "list":
            return [odd(rng, shape.member, needs) for _ in range(rng.choice((0, 1, 1, 2)))]
        case "map":
            return {rng.choice(TEXTS): odd(rng, shape.value, []) for _ in range(rng.randrange(3))}
        case "boolean":
            return rng.random() < 0.5
        case "integer" | "long":
            return rng.choice((0, 1, -1, 7, 10**15))
        case "float" | "double":
            return rng.choice((0.0, -1.0, 1e-9, 1e300, 50000.0))
        case "timestamp":
            return rng.choice((0, 1790000000, 2e11, 1.5))
        case "blob":
            return "eA=="
    return rng.choice(TEXTS)


class Odd:
    """Answers each request at random; pages do not go on for ever."""

    def __init__(self) -> None:
        self.rng = random.Random(0)
        self.server = DamagingServer(self._reply)

    def _reply(self, request: Request) -> Sent:
        operation = request.operation
        service = SERVICES[operation]
        shape = service_model(service).operation_model(operation).output_shape
        needs = [need.split(".") for need in NEEDS[service, operation]]
        value = odd(self.rng, shape, [need for need in needs if need[0] != "Attributes"])
        for token in ("NextToken", "Marker", "NextMarker"):
            value.pop(token, None)
        value.pop("HasMoreDeliveryStreams", None)
        if operation == "ListDeliveryStreams":
            value["HasMoreDeliveryStreams"] = False
        if operation in ATTRIBUTES:
            names = ("Policy", "FilterPolicy", "RedrivePolicy", "KmsMasterKeyId")
            more = {name: self.rng.choice(TEXTS) for name in names if self.rng.random() < 0.4}
            value["Attributes"] = ATTRIBUTES[operation] | more
        answer = encoded(service, operation, value)
        if "xml" in answer.type:  # XML has no way to say these
            clean = answer.body.decode().translate({0x7F: "?"})
            return whole(type(answer)(200, clean.encode(), answer.type))
        return whole(answer)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt, and time enough for a busy machine: nothing here waits for a time-out."""
    monkeypatch.setattr("sestui.gateways.aws.ATTEMPTS", 1)


@pytest.fixture(scope="module")
def source() -> Iterator[Odd]:
    source = Odd()
    yield source
    source.server.stop()


@pytest.fixture(scope="module")
def aws(source: Odd) -> Aws:
    session = new_session(keys=Keys("AKIA", Secret("s")), alone=True)
    aws = Aws(session, "eu-west-1", Endpoints(source.server.url, source.server.url))
    aws.known_as(Caller("1", ""), Limiter(rate=1e6, burst=1000))
    return aws


async def whole_set(aws: Aws) -> None:
    found = await BotoSes(aws).configuration_set("x")
    assert found is not None
    for group in Group:
        members(found, group)


READERS: dict[str, Callable[[Aws], Awaitable[object]]] = {
    "account": lambda aws: BotoSes(aws).account(),
    "identities": lambda aws: BotoSes(aws).identities(),
    "identity": lambda aws: BotoSes(aws).identity("example.com"),
    "sets": lambda aws: BotoSes(aws).configuration_sets(),
    "set": whole_set,
    "templates": lambda aws: BotoSes(aws).templates(),
    "template": lambda aws: BotoSes(aws).template("x"),
    "suppressed": lambda aws: BotoSes(aws).suppressed("a@b.example"),
    "suppression": lambda aws: BotoSes(aws).suppression_page(Wanted()),
    "insights": lambda aws: BotoSes(aws).insights("x"),
    "topics": lambda aws: BotoNeighbours(aws, "1").topics(),
    "topic": lambda aws: BotoNeighbours(aws, "1").topic("x"),
    "subscriptions": lambda aws: BotoNeighbours(aws, "1").subscriptions("x"),
    "keys": lambda aws: BotoNeighbours(aws, "1").keys(),
    "key": lambda aws: BotoNeighbours(aws, "1").key("x"),
    "queues": lambda aws: BotoNeighbours(aws, "1").queues(),
    "queue": lambda aws: BotoNeighbours(aws, "1").queue("arn:aws:sqs:eu-west-1:1:x"),
    "streams": lambda aws: BotoNeighbours(aws, "1").streams(),
    "stream": lambda aws: BotoNeighbours(aws, "1").stream("x"),
    "roles": lambda aws: BotoNeighbours(aws, "1").roles(),
    "role": lambda aws: BotoNeighbours(aws, "1").role_with_policies("x"),
    "rules": lambda aws: BotoNeighbours(aws, "1").rules(),
    "rule": lambda aws: BotoNeighbours(aws, "1").rule("x"),
    "messages": lambda aws: BotoQueues(aws, "1", wait=0).peek("http://q/1/x"),
    "proof queues": lambda aws: BotoProofs(aws).queues(),
    "proof rules": lambda aws: BotoProofs(aws).rules(),
    "proof subscriptions": lambda aws: BotoProofs(aws).subscriptions(),
    "counted": lambda aws: BotoProofs(aws).counted("Send", {}, WHEN, WHEN),
    "rates": lambda aws: BotoMetrics(aws).rates(WHEN, WHEN),
}


async def read(aws: Aws, source: Odd, name: str, seeds: range) -> None:
    """Anything raised but a GatewayError fails the test, with the seed."""
    taken = 0
    for seed in seeds:
        source.rng = random.Random(seed)
        try:
            await READERS[name](aws)
        except GatewayError:
            continue
        except Exception as error:
            pytest.fail(f"{name}, seed {seed}: {error!r}")
        taken += 1
    assert taken or len(seeds) < 10


@pytest.mark.parametrize("name", READERS)
async def test_odd_answers(aws: Aws, source: Odd, name: str) -> None:
    await read(aws, source, name, range(4))


@pytest.mark.thorough
@pytest.mark.parametrize("name", READERS)
async def test_many_odd_answers(aws: Aws, source: Odd, name: str) -> None:
    await read(aws, source, name, range(200))
