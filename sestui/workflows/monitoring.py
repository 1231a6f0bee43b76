"""Find out what is there before a configuration set is planned."""

from __future__ import annotations

from sestui.domain.configset import parse_set_name
from sestui.domain.identity import Identity
from sestui.domain.monitoring import Existing, destination_form, destination_of
from sestui.domain.steps import MonitoringForm
from sestui.gateways.ports import Cloud
from sestui.workflows.destinations import existing_for as existing_around
from sestui.workflows.destinations import place_of

__all__ = ["existing_for", "place_of"]


async def existing_for(cloud: Cloud, form: MonitoringForm, identity: Identity) -> Existing:
    """What exists of what `form` asks for. Raises InvalidName, GatewayError."""
    destination_of(form, place_of(cloud))
    configuration_set = await cloud.ses.configuration_set(parse_set_name(form.set_name))
    return Existing(
        configuration_set,
        await existing_around(cloud, destination_form(form)),
        identity.configuration_set,
    )
