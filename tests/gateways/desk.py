"""The practice account's SES on a desk: made to do what a plan says, and looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from sestui.domain.account import Keys, Secret
from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.plans import create_plan, delete_plan
from sestui.gateways.aws import Aws, Endpoints
from sestui.gateways.limiter import Limiter
from sestui.gateways.ses import BotoSes
from sestui.gateways.session import new_session
from sestui.practice.clock import Clock
from sestui.practice.ports import ACCESS_KEY, SECRET_KEY
from sestui.practice.ses.service import SesService
from sestui.practice.ses.world import Options
from sestui.practice.store import Store
from tests.domain.configset.samples import ARN, DOMAINS, REGION
from tests.gateways.conftest import CALLER, Post


class Desk:
    """The practice account's SES, by boto3 and by our own reading."""

    def __init__(self, url: str) -> None:
        self.boto = boto3.client(
            "sesv2",
            region_name=REGION,
            endpoint_url=url,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(retries={"total_max_attempts": 1}),
        )
        session = new_session(keys=Keys(ACCESS_KEY, Secret(SECRET_KEY)), alone=True)
        aws = Aws(session, REGION, Endpoints(url, url))
        aws.known_as(CALLER, Limiter(rate=1e6, burst=1000))
        self._ours = BotoSes(aws)

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
    service = SesService(
        Clock(),
        Store(tmp_path_factory.mktemp("ses")),
        nameserver=("127.0.0.1", 9),
        postmaster=Post(),
        link_for=str,
        options=Options(control_rate=None, send_rate=None, check_every=1e6, recheck_every=1e6),
    )
    service.seed_identities(REGION, list(DOMAINS))
    desk = Desk(f"http://127.0.0.1:{service.start()}")
    yield desk
    desk.boto.close()
    service.stop()
