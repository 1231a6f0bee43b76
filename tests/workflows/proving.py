"""A practice account whose configuration sets can be broken, and proofs on it."""

from __future__ import annotations

import asyncio
import itertools
import json
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sestui.domain.configset import ConfigurationSet, default_bus, set_arn, topic_statement
from sestui.domain.prove import HopKind, Proof, Question
from sestui.gateways.ports import Cloud
from sestui.practice.ports import ACCOUNT_ID, DEFAULT_REGION
from sestui.workflows.prospect import look
from sestui.workflows.prove import prove
from tests.account_process import RemoteAccount

DOMAIN = "shop.test"
EVENTS = ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT"]
_numbers = itertools.count(1)


class Clock:
    """Pauses are short, and count in full: a minute of patience takes a moment."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    async def sleep(self, seconds: float) -> None:
        short = min(seconds, 0.05)
        self.ahead += seconds - short
        await asyncio.sleep(short)


class Scenery:
    """One set with one destination, made by boto3, and what there is around it."""

    def __init__(self, account: RemoteAccount, ses: Any) -> None:
        number = next(_numbers)
        self.account = account
        self.ses = ses
        self.name = f"set-{number}"
        self.topic_name = f"topic-{number}"
        self.nonce = f"n{number:05}"
        self.topic = ""
        self.sns = account.neighbours.client("sns")
        self.sqs = account.neighbours.client("sqs")
        ses.create_configuration_set(
            ConfigurationSetName=self.name, SendingOptions={"SendingEnabled": True}
        )

    @property
    def set_arn(self) -> str:
        return set_arn(DEFAULT_REGION, ACCOUNT_ID, self.name)

    def make_default(self) -> Scenery:
        self.ses.put_email_identity_configuration_set_attributes(
            EmailIdentity=DOMAIN, ConfigurationSetName=self.name
        )
        return self

    def to_topic(self, events: list[str] = EVENTS, **attributes: str) -> Scenery:
        """A topic that lets SES in, with nobody subscribed."""
        made = self.sns.create_topic(Name=self.topic_name, Attributes=attributes)
        self.topic = made["TopicArn"]
        self.set_policy(topic_statement(self.topic, ACCOUNT_ID, self.set_arn))
        self.destination({"SnsDestination": {"TopicArn": self.topic}}, events)
        return self

    def to_bus(self, events: list[str] = EVENTS) -> Scenery:
        bus = default_bus(DEFAULT_REGION, ACCOUNT_ID)
        self.destination({"EventBridgeDestination": {"EventBusArn": bus}}, events)
        return self

    def destination(
        self, target: dict[str, Any], events: list[str] = EVENTS, name: str = "events"
    ) -> None:
        self.ses.create_configuration_set_event_destination(
            ConfigurationSetName=self.name,
            EventDestinationName=name,
            EventDestination={"Enabled": True, "MatchingEventTypes": events, **target},
        )

    def switch_off(self) -> None:
        """Pause the destination, at SES."""
        found = self.ses.get_configuration_set_event_destinations(ConfigurationSetName=self.name)
        (there,) = found["EventDestinations"]
        self.ses.update_configuration_set_event_destination(
            ConfigurationSetName=self.name,
            EventDestinationName=there.pop("Name"),
            EventDestination={**there, "Enabled": False},
        )

    def set_policy(self, *statements: dict[str, Any]) -> None:
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        self.sns.set_topic_attributes(
            TopicArn=self.topic, AttributeName="Policy", AttributeValue=json.dumps(policy)
        )

    def subscribe_queue(self, **attributes: str) -> str:
        """A queue of the person's, subscribed to the topic; its ARN."""
        name = f"mine-{self.name}"
        arn = f"arn:aws:sqs:{DEFAULT_REGION}:{ACCOUNT_ID}:{name}"
        self.sqs.create_queue(
            QueueName=name, Attributes={"Policy": json.dumps(lets_sns(arn, self.topic))}
        )
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
        return arn

    def question(self, **more: Any) -> Question:
        sender = f"hello@{DOMAIN}"
        given = {"set_name": self.name, "nonce": self.nonce, "sender": sender, "named": True}
        return Question(**{**given, **more})

    def temporary(self) -> list[str]:
        """What is there of proofs: queues, subscriptions, rules."""
        queues = self.sqs.list_queues(QueueNamePrefix="sestui-prove-").get("QueueUrls", [])
        rows = self.sns.list_subscriptions()["Subscriptions"]
        rules = self.account.neighbours.client("events").list_rules(NamePrefix="sestui-prove-")
        return [
            *queues,
            *(row["Endpoint"] for row in rows if "sestui-prove-" in row["Endpoint"]),
            *(rule["Name"] for rule in rules["Rules"]),
        ]


def leading_to(cloud: Cloud, target: str) -> Cloud:
    """The same account, had SES accepted a destination that it refuses today."""

    class Elsewhere:
        def __getattr__(self, name: str) -> Any:
            return getattr(cloud.ses, name)

        async def configuration_set(self, name: str) -> ConfigurationSet | None:
            found = await cloud.ses.configuration_set(name)
            if found is None:
                return None
            moved = tuple(replace(each, target=target) for each in found.destinations)
            return replace(found, destinations=moved)

    return replace(cloud, ses=Elsewhere())


def lets_sns(queue: str, topic: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            }
        ],
    }


async def proven(cloud: Cloud, question: Question, patience: float = 60.0) -> Proof:
    """The end of a whole proof."""
    clock = Clock()
    prospect = await look(cloud, question)
    async with aclosing(prove(cloud, prospect, clock.sleep, clock.now, patience=patience)) as steps:
        said = [proof async for proof in steps]
    assert said[-1].done
    return said[-1]


def states(proof: Proof, kind: HopKind) -> list[tuple[str, str]]:
    """State and code of the hops of a kind."""
    return [(hop.state.value, hop.code) for hop in proof.hops if hop.kind is kind]
