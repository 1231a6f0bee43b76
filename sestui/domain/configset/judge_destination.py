"""What SES would refuse of one event destination.

Source: API v2 EventDestinationDefinition; Developer Guide, "Set up a CloudWatch event destination",
"… SNS …", "… Firehose …", "… EventBridge …".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sestui.domain.configset.matrix import supported
from sestui.domain.configset.model import (
    Destination,
    DestinationKind,
    Dimension,
    parse_set_name,
)
from sestui.domain.configset.policies import default_bus
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.regions import partition
from sestui.domain.text import quoted

MOST_DIMENSIONS = 10
SOURCES = ("MESSAGE_TAG", "EMAIL_HEADER", "LINK_TAG")
AUTO_TAGS = (
    "ses:configuration-set",
    "ses:from-domain",
    "ses:source-ip",
    "ses:caller-identity",
    "ses:outgoing-ip",
    "ses:source-tls-version",
    "ses:outgoing-tls-version",
)
"""The only names with a colon; SES gives these tags to every message."""
_NO_HEADERS = ("received", "to", "from", "dkim-signature", "cc", "message-id", "return-path")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_VALUE = re.compile(r"[A-Za-z0-9_@.-]{1,255}")

Problem = tuple[str, str]


def destination_problems(
    typed: Destination, region: str, account: str, before: Destination | None
) -> Iterator[Problem]:
    """Field (`name`, `events`, `target`, `role`, `dimensions`, `dimensions.0.name` …) and text.

    Args:
        region: where the set is; empty when that is not known. So for `account`.
        before: the destination of this name as it is at SES.
    """
    try:
        parse_set_name(typed.name)
    except InvalidName as error:
        yield "name", str(error)
    if typed.unknown:
        yield "target", _("This kind of destination is not known here; it can only be removed.")
        return
    if not typed.events and not typed.other_events:
        yield "events", _("Choose at least one event.")
    wrong = [each.word for each in typed.events if not supported(typed.kind, each)]
    if wrong:
        text = _("{kind} does not take: {events}.")
        yield "events", text.format(kind=typed.kind.word, events=", ".join(sorted(wrong)))
    match typed.kind:
        case DestinationKind.SNS:
            yield from _topic(typed.target.strip(), region)
        case DestinationKind.EVENTBRIDGE:
            yield from _bus(typed.target.strip(), region, account)
        case DestinationKind.FIREHOSE:
            yield from _stream(typed, region)
        case DestinationKind.CLOUDWATCH:
            yield from _dimensions(typed.dimensions)
        case DestinationKind.PINPOINT:
            if before is None or before.kind is not DestinationKind.PINPOINT:
                yield "target", _("Amazon Pinpoint has ended; choose another kind.")


def _arn(arn: str, service: str, region: str, what: str) -> Iterator[Problem]:
    """`region`: what the ARN must have there; empty when any will do."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or not arn.isprintable() or " " in arn:
        yield "target", _("Here goes the ARN of {what}.").format(what=what)
    elif parts[2] != service:
        text = _("This ARN is not that of {what}, but of something in {service}.")
        yield "target", text.format(what=what, service=quoted(parts[2]))
    elif region and (parts[1] != partition(region) or parts[3] != region):
        text = _("It is in {there}; SES in {here} publishes within its own Region only.")
        yield "target", text.format(there=quoted(parts[3]) or "?", here=region)


def _topic(arn: str, region: str) -> Iterator[Problem]:
    if arn.endswith(".fifo"):
        yield "target", _("SES cannot publish to a FIFO topic; use a standard one.")
        return
    yield from _arn(arn, "sns", region, _("an SNS topic"))


def _bus(arn: str, region: str, account: str) -> Iterator[Problem]:
    right = arn == default_bus(region, account) if region and account else True
    if not right or not arn.endswith(":event-bus/default"):
        yield "target", _("SES publishes to the default bus of this account and Region only.")


def _stream(typed: Destination, region: str) -> Iterator[Problem]:
    stream = typed.target.strip()
    yield from _arn(stream, "firehose", region, _("a Firehose stream"))
    if stream.count(":") >= 5 and not stream.split(":", 5)[5].startswith("deliverystream/"):
        yield "target", _("The ARN of a stream ends in deliverystream/ and its name.")
    role = typed.role.strip().split(":", 5)
    if len(role) != 6 or role[2] != "iam" or not role[5].startswith("role/"):
        yield "role", _("Here goes the ARN of the role that SES takes to write to the stream.")


def _dimensions(dimensions: tuple[Dimension, ...]) -> Iterator[Problem]:
    if not dimensions:
        yield "dimensions", _("CloudWatch needs at least one dimension.")
    if len(dimensions) > MOST_DIMENSIONS:
        yield "dimensions", _("At most {n} dimensions.").format(n=MOST_DIMENSIONS)
    seen: set[str] = set()
    for number, each in enumerate(dimensions):
        for field, text in dimension_problems(each):
            yield f"dimensions.{number}.{field}", text
        if each.name.strip() in seen:
            yield f"dimensions.{number}.name", _("This dimension is there twice.")
        seen.add(each.name.strip())


def dimension_problems(dimension: Dimension) -> Iterator[Problem]:
    """Field (`name`, `source`, `default`) and text, for one dimension as it is typed."""
    name, default = dimension.name.strip(), dimension.default.strip()
    if dimension.source not in SOURCES:
        yield "source", _("The value comes from a message tag, a header or a link tag.")
    if name.startswith("ses:") and name in AUTO_TAGS:
        if dimension.source != "MESSAGE_TAG":
            yield "source", _("{name} is a message tag.").format(name=name)
    elif ":" in name:
        yield (
            "name",
            _("Only SES's own tags have a colon: {names}.").format(names=", ".join(AUTO_TAGS)),
        )
    elif not _NAME.fullmatch(name):
        yield "name", _("Letters, digits, - and _ only, 255 at most.")
    elif dimension.source == "EMAIL_HEADER" and name.lower() in _NO_HEADERS:
        yield "name", _("The header {name} cannot be a dimension.").format(name=name)
    if not _VALUE.fullmatch(default):
        text = _("The value when there is none: letters, digits, - _ @ and dots, 255 at most.")
        yield "default", text
