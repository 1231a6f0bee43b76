"""Find out what is there before a configuration set is planned."""

from __future__ import annotations

from sestui.domain.configset import DestinationKind, parse_set_name
from sestui.domain.identity import Identity
from sestui.domain.monitoring import Existing, Place, destination_of
from sestui.domain.steps import MonitoringForm
from sestui.gateways.ports import Cloud


async def existing_for(cloud: Cloud, form: MonitoringForm, identity: Identity) -> Existing:
    """What exists of what `form` asks for. Raises InvalidName, GatewayError."""
    place = place_of(cloud)
    destination = destination_of(form, place)
    configuration_set = await cloud.ses.configuration_set(parse_set_name(form.set_name))
    topic = None
    role_exists = False
    if form.kind is DestinationKind.SNS:
        topic = await cloud.neighbours.topic(destination.target)
    if form.kind is DestinationKind.FIREHOSE:
        role_exists = bool(await cloud.neighbours.role(destination.role.rsplit("/", 1)[-1]))
    return Existing(
        configuration_set=configuration_set,
        topic_policy=None if topic is None else topic.policy,
        subscribed=frozenset(
            endpoint for _protocol, endpoint, _ok in (topic.subscriptions if topic else ())
        ),
        role_exists=role_exists,
        identity_default=identity.configuration_set,
    )


def place_of(cloud: Cloud) -> Place:
    return Place(cloud.connection.region, cloud.connection.caller.account)
