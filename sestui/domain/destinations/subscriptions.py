"""Who gets what a topic is given: subscriptions as typed, judged and planned.

Sources: SNS API (Subscribe, SetSubscriptionAttributes, Unsubscribe); SNS Developer Guide, "Raw
message delivery", "Subscription filter policies", "Subscribing a queue to a topic"; AWS news of
2023-05-10 (unconfirmed subscriptions go after 48 hours).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sestui.domain.destinations.edits import PolicyEdit, with_statement
from sestui.domain.destinations.expected import queue_policy, subscription_filter
from sestui.domain.destinations.facts import BY_BODY, Existing, Queue, Subscription
from sestui.domain.destinations.place import Place, last
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_address
from sestui.domain.plan import Call, Expected
from sestui.domain.resource_policy import Answer, answer
from sestui.domain.text import quoted

SNS = "sns.amazonaws.com"
RAW_TAKEN_BY = ("sqs", "http", "https", "firehose")
Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscription as typed."""

    endpoint: str = ""
    raw: bool = False
    filter_policy: str = ""
    """JSON, or nothing."""


def subscription_protocol(endpoint: str) -> str:
    """The SNS protocol that an endpoint asks for. Raises InvalidName: nothing SNS delivers to."""
    if endpoint.startswith("arn:"):
        service = endpoint.split(":")[2:3]
        if service in (["sqs"], ["lambda"]):
            return service[0]
        raise InvalidName(_("A subscriber's ARN is that of a queue or of a function."))
    scheme, separator, _rest = endpoint.partition("://")
    if separator and scheme in ("http", "https"):
        return scheme
    parse_address(endpoint)
    return "email"


def judge_endpoint(typed: str, place: Place) -> str:
    """The protocol. Raises InvalidName: SNS would not deliver there from a standard topic."""
    endpoint = typed.strip()
    if not endpoint:
        raise InvalidName(_("An address, an https address, or the ARN of a queue or function."))
    protocol = subscription_protocol(endpoint)
    if endpoint.startswith("arn:"):
        parts = endpoint.split(":")
        if len(parts) < 6 or not parts[5] or not endpoint.isprintable() or " " in endpoint:
            raise InvalidName(_("This ARN is not complete."))
        if parts[5].endswith(".fifo"):
            raise InvalidName(_("A standard topic does not deliver to a FIFO queue."))
        if protocol == "lambda" and parts[3] != place.region:
            raise InvalidName(_("The function must be in {region}.").format(region=place.region))
    return protocol


def subscriber_problems(typed: Subscriber, place: Place) -> Iterator[Problem]:
    """Field (`endpoint`, `raw`, `filter_policy`) and text."""
    protocol = ""
    try:
        protocol = judge_endpoint(typed.endpoint, place)
    except InvalidName as error:
        yield "endpoint", str(error)
    if typed.raw and protocol and protocol not in RAW_TAKEN_BY:
        yield "raw", _("Raw delivery is for queues and HTTP only.")
    try:
        parse_filter(typed.filter_policy)
    except InvalidName as error:
        yield "filter_policy", str(error)


def parse_filter(typed: str) -> dict[str, Any]:
    """A filter policy; empty for none. Raises InvalidName."""
    if not typed.strip():
        return {}
    try:
        found = json.loads(typed)
    except (ValueError, RecursionError) as error:
        raise InvalidName(
            _("This is not JSON: {error}.").format(error=quoted(str(error)))
        ) from None
    if not isinstance(found, dict):
        example = '{"eventType": ["Bounce", "Complaint"]}'
        raise InvalidName(_("A filter is an object, such as {example}").format(example=example))
    for name, values in found.items():
        if not isinstance(values, (list, dict)):
            text = _("What {name} may be goes into a list: [ … ].")
            raise InvalidName(text.format(name=quoted(name)))
    return found


def subscription_advice(subscription: Subscription) -> str:
    """What keeps it from getting events, or its reader from understanding them."""
    if not subscription.confirmed:
        match subscription.protocol:
            case "email" | "email-json":
                return _(
                    "Not confirmed: follow the link in the mail from AWS. Without that it goes "
                    "after 48 hours."
                )
            case "http" | "https":
                return _("Not confirmed: the server must call the SubscribeURL it was given.")
            case _other:
                return _("Not confirmed: its owner must confirm it, within 48 hours.")
    if subscription.filter_policy and subscription.filter_scope != BY_BODY:
        return _(
            "Its filter looks at message attributes, of which SES sets none: nothing gets through. "
            "Set it again, for the body."
        )
    return ""


def state_word(subscription: Subscription) -> str:
    return _("confirmed") if subscription.confirmed else _("not confirmed")


def protocol_word(protocol: str) -> str:
    return {
        "email": _("e-mail"),
        "sqs": _("queue"),
        "lambda": _("function"),
        "http": "HTTP",
        "https": "HTTPS",
    }.get(protocol, protocol)


# Plans


def queue_statement(queue: str, topic: str) -> dict[str, Any]:
    """Lets `topic` put messages into `queue`."""
    return {
        "Sid": "sestui-" + "".join(c for c in last(topic) if c.isalnum()),
        "Effect": "Allow",
        "Principal": {"Service": SNS},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }


def queue_edits(queue: Queue, topic: str, place: Place) -> Iterator[PolicyEdit]:
    """The queue's policy with the topic let in, where it is not."""
    context = {"aws:sourcearn": topic, "aws:sourceaccount": place.account}
    found = answer(
        queue.policy, service=SNS, action="sqs:SendMessage", resource=queue.arn, context=context
    )
    if found is Answer.YES:
        return
    yield queue_edit(
        queue,
        queue_statement(queue.arn, topic),
        _("Let the topic {topic} put messages into the queue {queue}").format(
            topic=last(topic), queue=last(queue.arn)
        ),
    )


def queue_edit(queue: Queue, statement: dict[str, Any], title: str) -> PolicyEdit:
    after = with_statement(queue.policy, statement)
    parameters = {"QueueUrl": queue.url, "Attributes": {"Policy": json.dumps(after)}}
    call = Call("sqs", "SetQueueAttributes", title, parameters, expected=queue_policy(queue))
    return PolicyEdit(title, queue.policy or None, after, call)


def subscribe(topic: str, typed: Subscriber) -> Iterator[Call]:
    """Subscribe; a function is told first that the topic may call it. Raises InvalidName."""
    endpoint = typed.endpoint.strip()
    protocol = subscription_protocol(endpoint)
    if protocol == "lambda":
        yield invoke_permission(endpoint, SNS, topic)
    attributes = {}
    if typed.raw and protocol in RAW_TAKEN_BY:
        attributes["RawMessageDelivery"] = "true"
    if chosen := parse_filter(typed.filter_policy):
        # SES sets no message attributes; the default scope would keep every event out.
        attributes["FilterPolicyScope"] = BY_BODY
        attributes["FilterPolicy"] = json.dumps(chosen)
    parameters: dict[str, Any] = {"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint}
    if attributes:
        parameters["Attributes"] = attributes
    words = _("Subscribe {endpoint} to the topic").format(endpoint=endpoint)
    yield Call("sns", "Subscribe", words, parameters)


def invoke_permission(function: str, service: str, source: str) -> Call:
    """Lets `source` call a Lambda function; to add it twice changes nothing."""
    # A hundred characters at most, and another one for each source.
    name = "".join(c if c.isalnum() else "-" for c in last(source))[:60]
    sid = f"sestui-{name}-{hashlib.sha256(source.encode()).hexdigest()[:12]}"
    words = _("Let {source} call the function {function}").format(
        source=last(source), function=last(function)
    )
    parameters = {
        "FunctionName": function,
        "StatementId": sid,
        "Action": "lambda:InvokeFunction",
        "Principal": service,
        "SourceArn": source,
    }
    return Call("lambda", "AddPermission", words, parameters, ("ResourceConflictException",))


def changes_of(subscription: Subscription, typed: Subscriber) -> Iterator[Call]:
    """SetSubscriptionAttributes for what differs. Raises InvalidName."""

    def put(name: str, value: str, words: str, expected: Expected | None = None) -> Call:
        parameters = {
            "SubscriptionArn": subscription.arn,
            "AttributeName": name,
            "AttributeValue": value,
        }
        text = words.format(endpoint=subscription.endpoint)
        return Call("sns", "SetSubscriptionAttributes", text, parameters, expected=expected)

    if typed.raw != subscription.raw:
        words = (
            _("Deliver the events alone to {endpoint}, without SNS's envelope")
            if typed.raw
            else _("Deliver the events to {endpoint} in SNS's envelope")
        )
        yield put("RawMessageDelivery", str(typed.raw).lower(), words)
    chosen = parse_filter(typed.filter_policy)
    current = _parsed(subscription.filter_policy)
    was = subscription_filter(subscription)
    if chosen and subscription.filter_scope != BY_BODY:
        # A filter for attributes need not be one for the body; it goes first.
        if current:
            yield put("FilterPolicy", "{}", _("Take the filter of {endpoint} away"), was)
        yield put("FilterPolicyScope", BY_BODY, _("Filter by the body what {endpoint} gets"))
        yield put("FilterPolicy", json.dumps(chosen), _("Set what {endpoint} gets"))
    elif chosen != current:
        words = _("Set what {endpoint} gets") if chosen else _("Take the filter of {endpoint} away")
        yield put("FilterPolicy", json.dumps(chosen), words, was)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return text


def unsubscribe(subscription: Subscription) -> Call:
    words = _("Remove the subscription of {endpoint}").format(endpoint=subscription.endpoint)
    return Call("sns", "Unsubscribe", words, {"SubscriptionArn": subscription.arn})


def queues_named(subscribers: tuple[Subscriber, ...], place: Place) -> tuple[str, ...]:
    """ARNs of the queues of this account and Region among them."""
    found = (each.endpoint.strip() for each in subscribers)
    return tuple(
        dict.fromkeys(a for a in found if a.startswith("arn:") and ":sqs:" in a and place.here(a))
    )


def queue_advice(endpoint: str, place: Place, existing: Existing) -> str:
    """What stands in the way of a queue's subscription; empty when nothing is known to."""
    arn = endpoint.strip()
    if ":sqs:" not in arn:
        return ""
    queue = existing.queues.get(arn)
    if not place.here(arn):
        return _("A queue elsewhere: its owner must let the topic in, and may have to confirm.")
    if queue is None:
        if "queues" in existing.unread:
            return _("Whether the queue lets the topic in could not be read.")
        return _("There is no such queue here.")
    if queue.kms_key.endswith("alias/aws/sqs"):
        return _("The queue is encrypted with alias/aws/sqs, with which SNS cannot write to it.")
    return ""
