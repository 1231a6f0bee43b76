"""Which destinations of a configuration set an event goes to, and what if one refuses it."""

from __future__ import annotations

import collections
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sestui.practice.events import kinds
from sestui.practice.events.build import Event
from sestui.practice.events.channels import (
    CHANNELS,
    Clients,
    Parcel,
    Undeliverable,
    publish_to_topic,
)
from sestui.practice.events.reputation import NAMESPACE, Reputation, history, metric_data
from sestui.practice.ports import Accepted, Destinations

VALIDATION = "Successfully validated SNS topic for Amazon SES event publishing."
_BY_TYPE = {kind.event_type: kind for kind in vars(kinds).values() if isinstance(kind, kinds.Kind)}


class Events:
    """Publishes events. A destination that does not work loses the event, as in the real service.

    `problems` keeps the last reasons, for people who wonder where their events are.
    """

    def __init__(
        self,
        clients: Clients,
        destinations: Destinations,
        reputation_metrics: Callable[[str, str], bool] = lambda _region, _set: True,
        *,
        keep: Callable[[Event], None] = lambda _event: None,
    ) -> None:
        """`reputation_metrics(region, set)` tells whether a set has them switched on; `keep` is
        given every event, also where no destination asks for it."""
        self.problems: collections.deque[str] = collections.deque(maxlen=20)
        self._clients = clients
        self._destinations = destinations
        self._reputation_metrics = reputation_metrics
        self._keep = keep
        self._reputation = Reputation()

    def publish(self, mail: Accepted, event: Event) -> None:
        """Send `event` to every enabled destination that asks for its kind.

        Destinations that refuse it are noted in `problems`, never raised.
        """
        self._keep(event)
        if not mail.configuration_set:
            return
        parcel = Parcel(self._clients, mail, _BY_TYPE[event["eventType"]], event)
        for destination in self._destinations.event_destinations(
            mail.region, mail.configuration_set
        ):
            wanted = destination.get("MatchingEventTypes", [])
            if destination.get("Enabled") and parcel.kind.matching in wanted:
                self._deliver(parcel, destination)

    def destination_created(
        self, region: str, configuration_set: str, destination: Mapping[str, Any]
    ) -> None:
        """What SES does when a destination is created: tell the topic, in plain text.

        Raises:
            Undeliverable: it could not, so that the destination is refused.
        """
        topic = destination.get("SnsDestination", {}).get("TopicArn")
        if not topic:
            return
        try:
            publish_to_topic(self._clients, region, configuration_set, topic, VALIDATION)
        except (Undeliverable, ClientError, BotoCoreError) as error:
            raise Undeliverable(f"Could not publish to SNS topic <{topic}>.") from error

    def reputation(self, mail: Accepted) -> None:
        """Put the account's reputation metrics, and the set's where they are on."""
        region, name = mail.region, mail.configuration_set
        data = metric_data("", self._reputation.rates(region))
        if name and self._reputation_metrics(region, name):
            data += metric_data(name, self._reputation.rates(region, name))
        try:
            cloudwatch = self._clients.client("cloudwatch", region)
            cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)
        except (ClientError, BotoCoreError) as error:
            self.problems.append(f"reputation metrics: {error}")

    def seed_reputation(
        self,
        bounces: Sequence[float],
        complaints: Sequence[float],
        *,
        region: str,
        configuration_set: str = "",
        days: float = 14,
    ) -> None:
        """Give the account, or a set, a history of rates; the last ones stay what they are.

        Args:
            bounces, complaints: rates from 0 to 1, the oldest first, as many of both, which are
                spread over the `days` before now: CloudWatch's clock is not hurried.

        Raises:
            ValueError: they are no rates.
            botocore.exceptions.ClientError, BotoCoreError: CloudWatch did not take them.
        """
        cloudwatch = self._clients.client("cloudwatch", region)
        until = datetime.now(UTC)
        for piece in history(configuration_set, bounces, complaints, until, days):
            cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=piece)
        self._reputation.now_is(region, configuration_set, (bounces[-1], complaints[-1]))

    def _deliver(self, parcel: Parcel, destination: Mapping[str, Any]) -> None:
        for member, channel in CHANNELS.items():
            if member not in destination:
                continue
            try:
                channel(parcel, destination[member])
            except (Undeliverable, ClientError, BotoCoreError) as error:
                self.problems.append(f"{destination.get('Name', '')}: {error}")
