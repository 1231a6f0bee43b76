"""Configuration sets to test with, and strategies that make any that SES would take."""

from dataclasses import replace

from hypothesis import strategies as st

from sestui.domain.configset import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    Dimension,
    EventType,
)

REGION, ACCOUNT = "eu-west-1", "123456789012"
ARN = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/set"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:events"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
STREAM = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/events"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ses"
ARCHIVE = f"arn:aws:ses:{REGION}:{ACCOUNT}:mailmanager-archive/a-{'x' * 24}"
POOL = "practice-pool"
DOMAINS = ("track.example.com", "links.example.com")
ALARMS = frozenset({EventType.BOUNCE, EventType.COMPLAINT})
SMIME = (
    "MessageSecurityOptions",
    '{"SigningScheme": {"SmimeScheme": {"SignatureFormat": "DETACHED"}}}',
)


def topic(name: str = "alarms", events: frozenset[EventType] = ALARMS, **changes) -> Destination:
    return replace(Destination(name, DestinationKind.SNS, events, TOPIC), **changes)


def bus(name: str = "bus", events: frozenset[EventType] = ALARMS, **changes) -> Destination:
    return replace(Destination(name, DestinationKind.EVENTBRIDGE, events, BUS), **changes)


def stream(name: str = "stream", events: frozenset[EventType] = ALARMS, **changes) -> Destination:
    return replace(Destination(name, DestinationKind.FIREHOSE, events, STREAM, ROLE), **changes)


def metrics(
    name: str = "metrics",
    *dimensions: Dimension,
    events: frozenset[EventType] = ALARMS,
    **changes,
) -> Destination:
    dimensions = dimensions or (Dimension("ses:configuration-set", "MESSAGE_TAG", "set"),)
    made = Destination(name, DestinationKind.CLOUDWATCH, events, dimensions=dimensions)
    return replace(made, **changes)


def pinpoint(name: str = "pinpoint", events: frozenset[EventType] = ALARMS) -> Destination:
    return Destination(name, DestinationKind.PINPOINT, events, "arn:aws:mobiletargeting:x:1:apps/a")


FULL = ConfigurationSet(
    "set",
    sending_enabled=False,
    reputation_metrics=True,
    tls_policy="REQUIRE",
    suppressed_reasons=("BOUNCE",),
    destinations=(topic(), bus(), stream(), metrics()),
    sending_pool=POOL,
    max_delivery_seconds=3600,
    suppression_scope="ACCOUNT",
    validation="HIGH",
    redirect_domain=DOMAINS[0],
    https_policy="REQUIRE_OPEN_ONLY",
    engagement_metrics="DISABLED",
    optimized_delivery="ENABLED",
    archive=ARCHIVE,
    tags=(("env", "test"), ("team", "mail")),
    kept=(SMIME,),
)
"""Every option group, and every kind of destination that can be made."""

names = st.sampled_from(["a", "b", "c"])
events = st.frozensets(st.sampled_from(EventType), min_size=1)
dimensions = st.lists(
    st.builds(
        Dimension,
        st.sampled_from(["campaign", "tenant", "ses:from-domain"]),
        st.just("MESSAGE_TAG"),
        st.sampled_from(["none", "x"]),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda each: each.name,
).map(tuple)
destinations = st.one_of(
    st.builds(topic, names, events, enabled=st.booleans()),
    st.builds(topic, names, events, target=st.just(TOPIC + "-2")),
    st.builds(bus, names, events, enabled=st.booleans()),
    st.builds(stream, names, events, enabled=st.booleans()),
    st.builds(
        lambda name, some, chosen: metrics(name, *some, events=chosen), names, dimensions, events
    ),
)
tracking = st.one_of(
    st.just(("", "OPTIONAL")),
    st.tuples(
        st.sampled_from(DOMAINS), st.sampled_from(["OPTIONAL", "REQUIRE", "REQUIRE_OPEN_ONLY"])
    ),
)
reasons = st.sampled_from([None, (), ("BOUNCE",), ("COMPLAINT",), ("BOUNCE", "COMPLAINT")])
tags = st.dictionaries(
    st.sampled_from(["env", "team", "x y"]), st.sampled_from(["", "1", "two"])
).map(lambda found: tuple(sorted(found.items())))
features = st.sampled_from(["", "ENABLED", "DISABLED"])
sets = st.builds(
    lambda where, **fields: ConfigurationSet(
        "set", redirect_domain=where[0], https_policy=where[1], **fields
    ),
    tracking,
    sending_enabled=st.booleans(),
    reputation_metrics=st.booleans(),
    tls_policy=st.sampled_from(["OPTIONAL", "REQUIRE"]),
    suppressed_reasons=reasons,
    destinations=st.lists(destinations, max_size=3, unique_by=lambda each: each.name).map(tuple),
    sending_pool=st.sampled_from(["", POOL]),
    max_delivery_seconds=st.sampled_from([None, 300, 3600, 50400]),
    suppression_scope=st.sampled_from(["", "ACCOUNT"]),
    validation=st.sampled_from(["", "DISABLED", "MEDIUM", "HIGH", "MANAGED"]),
    engagement_metrics=features,
    optimized_delivery=features,
    archive=st.sampled_from(["", ARCHIVE]),
    tags=tags,
    kept=st.sampled_from([(), (SMIME,)]),
)
"""Sets called `set` that the practice account takes."""


def normal(configuration_set: ConfigurationSet) -> ConfigurationSet:
    """With its destinations in the order of their names: SES keeps the order of their making."""
    ordered = sorted(configuration_set.destinations, key=lambda each: each.name)
    return replace(configuration_set, destinations=tuple(ordered))
