"""The practice account's SES on a desk: made to do what a plan says, and looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.plans import create_plan, delete_plan
from sestui.gateways.ses import BotoSes
from tests.account_process import boto_client
from tests.domain.configset.samples import ARN, DOMAINS, REGION
from tests.gateways.conftest import Post, aws_at, ses_service


class Desk:
    """The practice account's SES, by boto3 and by our own reading."""

    def __init__(self, url: str) -> None:
        self.boto = boto_client("sesv2", url, REGION)
        self._ours = BotoSes(aws_at(url))

    def make(self, plan) -> None:
        for call in plan:
            assert call.service == "sesv2"
            try:
                getattr(self.boto, xform_name(call.operation))(**call.parameters)
            except ClientError as error:
                if error.response["Error"]["Code"] not in call.tolerate:
                    raise

    def read(self, name: str = "set") -> ConfigurationSet | None:
        return asyncio.run(self._ours.configuration_set(name))

    def options(self, name: str = "set") -> dict[str, Any]:
        """As boto3 itself reads it."""
        found = self.boto.get_configuration_set(ConfigurationSetName=name)
        del found["ResponseMetadata"]
        return found

    def events(self, name: str = "set") -> list[dict[str, Any]]:
        found = self.boto.get_configuration_set_event_destinations(ConfigurationSetName=name)
        return found["EventDestinations"]

    def start(self, configuration_set: ConfigurationSet) -> None:
        """Make it from nothing."""
        self.make(delete_plan(configuration_set.name))
        self.make(create_plan(configuration_set, ARN))


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    with ses_service(tmp_path_factory.mktemp("ses"), Post()) as service:
        service.seed_identities(REGION, list(DOMAINS))
        desk = Desk(service.url)
        yield desk
        desk.boto.close()
