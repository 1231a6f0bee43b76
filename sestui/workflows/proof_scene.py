"""Read everything that the events of a configuration set pass on their way."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sestui.domain.configset import ConfigurationSet, Destination, DestinationKind
from sestui.domain.destinations.facts import Role, Stream
from sestui.domain.errors import Problem
from sestui.domain.identity import Identity, IdentitySummary
from sestui.domain.preflight import Facts
from sestui.domain.prove.model import Question
from sestui.domain.prove.scene import Scene, TopicView
from sestui.domain.prove.sns import MANAGED_KEY, region_of
from sestui.gateways.ports import Cloud, GatewayError

MOST_IDENTITIES = 10
"""That are read to find one which uses the set: SES allows one question a second."""

Found = TypeVar("Found")


async def read_scene(cloud: Cloud, question: Question, *, sender: bool = True) -> Scene:
    """What there is; what may not be read is in it as a `Problem`.

    Args:
        sender: find out about the sender too.

    Raises:
        GatewayError: the configuration set itself cannot be read.
    """
    found = await cloud.ses.configuration_set(question.set_name)
    place = cloud.connection
    scene = Scene(place.region, place.caller.account, question.set_name, found)
    if sender:
        scene = await _with_sender(cloud, scene, question)
    if found is None:
        return scene
    topics: dict[str, TopicView | Problem | None] = {}
    streams: dict[str, Stream | Problem | None] = {}
    roles: dict[str, Role | Problem | None] = {}
    for each in _live(found, DestinationKind.SNS):
        if region_of(each.target) == place.region and not each.target.endswith(".fifo"):
            topics[each.target] = await _topic(cloud, each.target)
    for each in _live(found, DestinationKind.FIREHOSE):
        if region_of(each.target) == place.region:
            streams[each.target] = await _ask(cloud.neighbours.stream(each.target))
            roles[each.role] = await _ask(cloud.neighbours.role_with_policies(each.role))
    queue = await _ask(cloud.neighbours.queue(question.queue)) if question.queue else None
    return replace(scene, topics=topics, streams=streams, roles=roles, queue=queue)


def _live(found: ConfigurationSet, kind: DestinationKind) -> Sequence[Destination]:
    return [each for each in found.destinations if each.enabled and each.kind is kind]


async def _topic(cloud: Cloud, arn: str) -> TopicView | Problem | None:
    topic = await _ask(cloud.neighbours.topic(arn))
    if topic is None or isinstance(topic, Problem):
        return topic
    key = None
    if topic.kms_key and not topic.kms_key.endswith(MANAGED_KEY):
        key = await _ask(cloud.neighbours.key(topic.kms_key))
    subscriptions = await _ask(cloud.neighbours.subscriptions(arn))
    return TopicView(topic, key, subscriptions)


async def _ask(question: Awaitable[Found]) -> Found | Problem:
    try:
        return await question
    except GatewayError as error:
        return error.problem


# The sender


@dataclass(frozen=True, slots=True)
class _Sender:
    address: str
    identity: Identity | None
    default_set: str


async def _with_sender(cloud: Cloud, scene: Scene, question: Question) -> Scene:
    try:
        rows = await cloud.ses.identities()
        found = (
            await _given(cloud, rows, question.sender)
            if question.sender
            else await _chosen(cloud, rows, question.set_name)
        )
    except GatewayError as error:
        return replace(scene, sender=question.sender, identity_problem=error.problem)
    return replace(
        scene, sender=found.address, identity=found.identity, default_set=found.default_set
    )


async def _given(cloud: Cloud, rows: tuple[IdentitySummary, ...], sender: str) -> _Sender:
    """The identity that `sender` is sent with, and the set that applies without naming any.

    An address without a default set of its own takes its domain's.
    """
    facts = Facts(identities=rows, region=cloud.connection.region)
    names = [row.name for row in facts.acting(sender) or facts.covering(sender)]
    identities = [await cloud.ses.identity(name) for name in names[:2]]
    there = [each for each in identities if each is not None]
    default = next((each.configuration_set for each in there if each.configuration_set), "")
    return _Sender(sender, there[0] if there else None, default)


async def _chosen(cloud: Cloud, rows: tuple[IdentitySummary, ...], set_name: str) -> _Sender:
    """An identity whose default is the set; failing that, the first that may send."""
    able = sorted((row for row in rows if row.sending_enabled), key=lambda row: "@" in row.name)
    first: Identity | None = None
    for row in able[:MOST_IDENTITIES]:
        identity = await cloud.ses.identity(row.name)
        if identity is None or not identity.verified:
            continue
        first = first or identity
        if identity.configuration_set == set_name:
            first = identity
            break
    if first is None:
        return _Sender("", None, "")
    address = f"hello@{first.name}" if first.is_domain else first.name
    return _Sender(address, first, first.configuration_set)
